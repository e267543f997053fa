/*
 * dialog.h - a program that puts a question in a window for us.
 */
#ifndef PLATFORM_POSIX_DIALOG_H
#define PLATFORM_POSIX_DIALOG_H

#include "base/str.h"
#include "platform/plat_ask.h"

/* dialog_run: run it until it answers; *code* is its exit code, *said* what it
   wrote. ERR_NOTFOUND when there is no such program, ERR_CANCELLED when nobody
   answered in time. */
int dialog_run(int *code, struct str *said, const char *const *argv,
    unsigned timeout_seconds, struct err *e);

#endif
