/*
 * launch.h - turning a copy of ourselves into another program.
 */
#ifndef PLATFORM_POSIX_LAUNCH_H
#define PLATFORM_POSIX_LAUNCH_H

#include "platform/plat_proc.h"

/* What is needed between fork and exec, all of it made before the fork: in a
   process with threads nothing may be allocated there. */
struct launch {
	char **paths;       /* where the program may be, NULL-terminated */
	char **env;         /* the whole environment */
	const char **shell; /* argv for a script without an interpreter: the
			       shell, a place for the path, the arguments */
	const char *const *argv;
	const char *dir; /* to work in; NULL: here */
	int output;      /* its stdout and stderr; -1: ours */
	bool to_error;   /* ours, but stdout where stderr goes */
};

/* Which step of the launch failed, as the child tells its parent. */
struct launch_failure {
	enum { LAUNCH_DIR, LAUNCH_STREAMS, LAUNCH_EXEC } step;
	int os;
};

/* launch_init: prepare *l* for *how*; launch_free releases it. */
void launch_init(struct launch *l, const struct plat_spawn *how, int output);
void launch_free(struct launch *l);

/* launch_exec: in the child: become the program. Returns only on failure;
   async-signal-safe. */
struct launch_failure launch_exec(const struct launch *l);

#endif
