/*
 * guard_wait.h - wait until nobody is there any more.
 *
 * The system wakes us when a process ends; files that are closed without that
 * are looked for now and then. What waits here holds no lock.
 */
#ifndef ENGINE_GUARD_GUARD_WAIT_H
#define ENGINE_GUARD_GUARD_WAIT_H

#include "engine/guard/guard.h"

struct guard_wait {
	const struct config *config;
	const char *root; /* native; whose holders count as well; or NULL */
	int64_t seconds;  /* at most; -1: for ever */
	/* Told who it is that we wait for, whenever that changes; or NULL. */
	void (*waiting)(void *arg, const struct guard_matches *who);
	void *arg;
};

/* guard_wait: 0 when nobody is there, 1 when the time is over and *left*, which
   the caller frees, still is. */
int guard_wait(
    struct guard_matches *left, const struct guard_wait *w, struct err *e);

/* guard_await: sleep until one of *who* has ended or *ms* are over. */
void guard_await(const struct guard_matches *who, unsigned ms);

#endif
