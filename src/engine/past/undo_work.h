/*
 * undo_work.h - what the parts of undo share; nobody else includes it.
 *
 *   undo.c       the order of things, and the steps
 *   undo_look.c  has it changed since?
 */
#ifndef ENGINE_PAST_UNDO_WORK_H
#define ENGINE_PAST_UNDO_WORK_H

#include "engine/past/undo.h"

/* One thing the run did, on its way back. */
struct undoing {
	const struct snap_entry *en;
	const struct entry *now; /* what lies at its path now; NULL: nothing */
	const char *key;         /* all of one key go back together … */
	size_t key_len;          /* … or not at all */
	bool changed;            /* since the run */
	bool refused;
};

/* undo_look: fill *now* and *changed*. What the run did later at the same path
   is in *later* (or NULL): then only that one's outcome can be seen. */
int undo_look(struct undoing *d, const struct undoing *later,
    const struct undo *u, struct err *e);

/* undo_look_beside: has a companion of the database *d* changed, of which the
   run knows nothing? */
int undo_look_beside(struct undoing *d, const struct undo *u, struct err *e);

#endif
