/*
 * site.h - one side of a profile while it is worked on: its root, what its
 * file system can do, and where new content for it is prepared.
 *
 * Content is staged in the state directory when that lies on the same file
 * system, so that the cloud client never sees it; otherwise at the top of the
 * tree, under a name cloud clients leave alone (docs/quirks.md). Wherever it
 * is, one look into one directory finds all that a dead run left.
 */
#ifndef ENGINE_WRITE_SITE_H
#define ENGINE_WRITE_SITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "model/entry.h"
#include "platform/plat_fs.h"

struct site {
	enum side side;
	struct plat_dir *root;
	struct plat_dir *work; /* where content is staged */
	struct plat_volume volume;
	uint64_t dev;
};

/* site_open: *native* is the root. */
int site_open(
    struct site *out, enum side side, const char *native, struct err *e);

/* site_find_work: choose where to stage: "work" in *state_dir* (created when
   missing) if renames can reach the tree from there. */
int site_find_work(struct site *s, const char *state_dir, struct err *e);

void site_close(struct site *s);

/* site_stage_name: append the staging name of an intent: "~coldsync-", the
   run's stage word, eight digits of *seq*, ".tmp". */
void site_stage_name(struct str *out, const char *stage, uint32_t seq);

#endif
