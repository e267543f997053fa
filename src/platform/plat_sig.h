/*
 * plat_sig.h - "were we asked to stop?"
 *
 * Ctrl-C, SIGTERM, SIGHUP, a console that closes: each only sets a flag. Work
 * that takes long looks at it between two files and ends in a consistent
 * state; nothing runs inside the handler.
 */
#ifndef PLATFORM_PLAT_SIG_H
#define PLATFORM_PLAT_SIG_H

#include <stdbool.h>

#include "base/err.h"

/* plat_sig_install: from now on stopping is a request; a broken pipe is an
   error of the write, not a death. */
void plat_sig_install(void);

/* plat_sig_asked: has anybody asked? */
bool plat_sig_asked(void);

/* plat_sig_check: 0, or -1 and ERR_CANCELLED "interrupted" when asked. */
int plat_sig_check(struct err *e);

/* plat_sig_await_input: wait until standard input has something or has ended.
   0, or -1 and ERR_CANCELLED as soon as anybody asks, be it in the instant
   before the wait begins. For the one thread there is when we ask. */
int plat_sig_await_input(struct err *e);

#endif
