/*
 * watch.h - stay up, and sync a profile whenever there is reason to.
 *
 *   paused? → has anything changed? → is the cloud folder there? → has the
 *   application ended? → have the changes settled? → sync
 *
 * Between two syncs it sleeps: it wakes when the system tells of a change, and
 * every watch.poll_seconds for what no system tells. After a sync that did
 * something it looks once more, as its own writes look like anybody's; that
 * look finds nothing, writes nothing, and so is the last.
 */
#ifndef ENGINE_WATCH_WATCH_H
#define ENGINE_WATCH_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "config/config.h"
#include "engine/watch/watch_note.h"

/* How a sync ended. */
enum watch_sync {
	WATCH_SYNC_QUIET,   /* well, and there was nothing to do */
	WATCH_SYNC_DID,     /* well, and something was done */
	WATCH_SYNC_RUNNING, /* the application runs */
	WATCH_SYNC_REFUSED, /* not well; try again later */
	WATCH_SYNC_STOPPED  /* we were asked to stop, or there is no going on */
};

struct watch {
	const struct config *config;
	bool once_idle; /* end after the first quiet sync */

	/* Sync now; append why it did not end well. */
	enum watch_sync (*sync)(struct str *why, void *arg);
	/* The watch is in another state now; false: nobody listens any more. */
	bool (*tell)(const struct watch_note *n, void *arg);
	void *arg;
};

/* watch_run: returns when we are asked to stop, or as *once_idle* says; -1 only
   when it could not begin. */
int watch_run(const struct watch *w, struct err *e);

/*
 * watch_delay: seconds until the next try after *refusals* in a row: every
 * *poll* seconds at first, then twice as long each time, up to a quarter of an
 * hour (or *poll*, where that is longer).
 */
int64_t watch_delay(uint64_t refusals, int64_t poll);

#endif
