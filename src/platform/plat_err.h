/*
 * plat_err.h - what the system said, as an error value.
 *
 * The one place per system where its codes become ours.
 */
#ifndef PLATFORM_PLAT_ERR_H
#define PLATFORM_PLAT_ERR_H

#include "base/err.h"

/*
 * plat_fail: set *e* from the system code *os* (errno or GetLastError()): the
 * formatted text, then the system's words for the code. Returns -1.
 */
int plat_fail(struct err *e, long os, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* plat_err_code: the kind of failure the system code *os* stands for. */
enum err_code plat_err_code(long os);

#endif
