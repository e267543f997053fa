/*
 * wrap.h - run a program and know when it is gone.
 *
 * Gone means: it, everything it has started, and every process that the profile
 * calls the application (guard.h). What is around it, pull and push, is the
 * caller's.
 */
#ifndef ENGINE_GUARD_WRAP_H
#define ENGINE_GUARD_WRAP_H

#include <stdbool.h>

#include "engine/guard/guard.h"

struct wrap {
	const struct config *config;
	const char *const *argv; /* NULL-terminated */
	bool to_error;           /* its stdout goes to our stderr */
	/* Told whom we wait for once the program itself has ended. */
	void (*waiting)(void *arg, const struct guard_matches *who);
	void *arg;
};

/*
 * wrap_run: start it on our own streams and terminal, wait until it has ended
 * with all it started, and pass on what asks us to stop while it runs itself.
 * *code* is its exit code. When it could not be started: ERR_NOTFOUND or
 * whatever the system says. ERR_CANCELLED when asked to stop later than that:
 * what is left of it goes on.
 */
int wrap_run(int *code, const struct wrap *w, struct err *e);

/* wrap_await: wait until nobody of the application is there; ERR_CANCELLED when
   asked to stop. */
int wrap_await(const struct wrap *w, struct err *e);

#endif
