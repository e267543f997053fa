/*
 * commit.h - make a run's story the profile's memory.
 *
 * The order is what a crash between any two lines is safe with: the snapshot is
 * complete before the ledger says that the run happened; the ledger from before
 * a run is kept (for its undo) before there is a new one, and those from before
 * earlier runs go only then; the ledger is saved before the journal, which
 * could tell the same again, goes.
 */
#ifndef ENGINE_WRITE_COMMIT_H
#define ENGINE_WRITE_COMMIT_H

#include <stdbool.h>

#include "base/err.h"
#include "model/story.h"
#include "store/ledger.h"
#include "store/snapshot/snapshot.h"

struct commit {
	struct plat_dir *state;
	struct ledger *ledger;          /* the last one; released on the way */
	const struct ledger_head *head; /* of the next one */
	const struct story *story;      /* with what only the ledger notes */
	struct snapshot *snapshot;      /* taken over; NULL: none */
	bool journal;                   /* there is one to remove */
	bool durable;
};

/* commit: *snapshot_made* tells whether there is a snapshot now. On failure
   the journal stays, and the next run commits. */
int commit(const struct commit *c, bool *snapshot_made, struct err *e);

#endif
