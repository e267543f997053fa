/*
 * await.h - a run that is patient with a cloud client that has not finished.
 * (Waiting for the application is part of a run: guard.h.)
 *
 * While it waits it only looks, a second apart, and holds no lock.
 */
#ifndef ENGINE_HANDOFF_AWAIT_H
#define ENGINE_HANDOFF_AWAIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "engine/run/run.h"

struct await {
	int64_t seconds; /* to wait, from now on */
	/* Told before each pause why it waits and for how many seconds more;
	   may be NULL. */
	void (*tell)(void *arg, const struct err *why, int64_t left);
	void *tell_arg;
	/* Is it what is waited for? NULL: whatever is complete. *give_up* (may
	   be NULL) says that it never will be. */
	bool (*ready)(void *arg, const struct run *run, struct err *why);
	const bool *give_up;
	void *ready_arg;
};

/* await_run: as run_profile. Ends early when asked to stop. */
int await_run(struct run *out, const struct config *c,
    const struct run_options *options, const struct await *a, struct err *e);

/*
 * await_marker: wait until the folder *cloud* (a native path) holds a marker,
 * and never make one; the folder itself need not be there yet. Returns 1 when
 * *seconds* went by without.
 */
int await_marker(const char *cloud, int64_t seconds, struct err *e);

#endif
