/*
 * exitcode.h - what the shell is told.
 *
 * When several apply, the first of this order wins: 130, 4, 3, 5, 1, 2, 0.
 */
#ifndef CLI_EXITCODE_H
#define CLI_EXITCODE_H

#include "base/err.h"

enum exitcode {
	EXITCODE_OK = 0,
	EXITCODE_FAILED = 1,   /* some paths failed; the rest is done */
	EXITCODE_CONFLICT = 2, /* a conflict is left */
	EXITCODE_RUNNING = 3,  /* the application is running */
	EXITCODE_INVALID = 4,  /* config or command line */
	EXITCODE_REFUSED = 5,  /* a guard refused; nothing was changed */
	EXITCODE_INTERRUPTED = 130
};

/* exitcode_of: the code for a failure of this kind. */
enum exitcode exitcode_of(enum err_code code);

/* exitcode_worse: of two codes, the one that wins. */
enum exitcode exitcode_worse(enum exitcode a, enum exitcode b);

/*
 * exitcode_result: the word for it in JSON ("ok", "conflict", …). A command
 * that knows better says so itself: "partial" where only some paths failed,
 * "paused" where there was nothing to do.
 */
const char *exitcode_result(enum exitcode code);

#endif
