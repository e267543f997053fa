/*
 * plat_watch.h - "something below this directory has changed".
 *
 * What has changed is not told: whoever asks looks for itself. An event may
 * come for nothing, and many become one; none is lost where plat_watch_tree
 * promises it. While nothing happens, nothing runs.
 */
#ifndef PLATFORM_PLAT_WATCH_H
#define PLATFORM_PLAT_WATCH_H

#include "base/err.h"
#include "platform/plat_fs.h"

struct plat_watch;

/* plat_watch_new: a watch over nothing yet. */
struct plat_watch *plat_watch_new(void);

/* plat_watch_destroy: NULL is fine. */
void plat_watch_destroy(struct plat_watch *w);

/*
 * plat_watch_tree: from now on tell of changes below *d*, links not followed;
 * the caller may close *d*, which is not kept from being renamed or removed.
 * Returns 1 when the system will not tell of all of them (a network drive, too
 * many directories, a system that tells of names but not of contents): then
 * look from time to time as well.
 */
int plat_watch_tree(struct plat_watch *w, struct plat_dir *d, struct err *e);

enum {
	PLAT_WATCH_NOTHING,
	PLAT_WATCH_CHANGED,
	/* Changed, and so that more may happen unseen (new directories, more
	   events than could be kept, a root gone): make a new watch. */
	PLAT_WATCH_RESHAPED
};

/*
 * plat_watch_wait: sleep until there is something to tell, for *timeout_ms* at
 * most (-1: for ever), or until we are asked to stop (plat_sig.h); then take
 * everything there is to be told. With NULL for *w*: just sleep. Unlike
 * plat_sleep it does not wake up in between; call it from the main thread.
 */
int plat_watch_wait(struct plat_watch *w, long timeout_ms);

#endif
