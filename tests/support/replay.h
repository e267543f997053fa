/*
 * replay.h - what the engine would do with a plan, on a world.
 *
 * Each step is held to what a file system would hold it to: a parent must be
 * there, a removed directory must be empty, nothing is replaced but the victim
 * the plan saw. On a side that folds names, two that it cannot tell apart are
 * one. Whatever is displaced or removed goes into the snapshot.
 */
#ifndef SUPPORT_REPLAY_H
#define SUPPORT_REPLAY_H

#include <stdbool.h>

#include "support/world.h"

/* What was kept, by content. */
struct kept {
	bool file[128], link[128];
};

/* kept_add: note a node's content. */
void kept_add(struct kept *k, const struct node *n);

/*
 * replay: do the plan's steps on *w*, from which it was made, and write its
 * outcomes into the ledger. Returns what went wrong, or NULL.
 */
const char *replay(struct world *w, const struct plan *p, struct kept *kept);

/* same_name: are the two one name on this side? */
bool same_name(
    const struct world *w, enum side s, const char *a, const char *b);

#endif
