/*
 * restore.h - what of a snapshot is to be brought back, and how.
 *
 * First it is picked, then all of it is read and compared with the manifest,
 * then it becomes a plan: nothing is written before all of that has been. What
 * the snapshot does not know of is left alone, but for what stands where
 * something of it belongs, and the companions of a database that would not fit
 * the one that comes back.
 */
#ifndef ENGINE_PAST_RESTORE_H
#define ENGINE_PAST_RESTORE_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/past/back.h"
#include "engine/scan/rules.h"
#include "store/snapshot/snapread.h"

/* What somebody wants back. */
struct restore_wish {
	const char *from; /* an id, or how one begins; NULL: the newest */
	enum side side;
	const char *const *paths; /* paths and globs; none: everything */
	size_t npaths;
	const char *to; /* native directory; NULL: into the side itself */
};

struct restore_picks {
	const struct snap_entry **all; /* what could be, by path */
	bool *picked;
	size_t n;
};

/*
 * restore_pick: ERR_USAGE when something names nothing that is kept of that
 * side. Point into the snapshot.
 */
int restore_pick(struct restore_picks *out, const struct snapread *snapshot,
    const struct restore_wish *wish, struct err *e);
void restore_picks_free(struct restore_picks *p);

/* restore_check: all that is picked can be read, and is what the manifest
   says. */
int restore_check(
    const struct restore_picks *p, struct snapread *snapshot, struct err *e);

/* restore_check_twins: for a folder that ignores case or composition:
   ERR_REFUSED when two that are picked would be one name there. */
int restore_check_twins(const struct restore_picks *p, struct err *e);

/* restore_plan: fill *b*'s plan. */
int restore_plan(struct back *b, const struct restore_picks *p, enum side side,
    const struct rules *rules, struct err *e);

#endif
