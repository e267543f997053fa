/*
 * publish.h - what this machine has to say of the cloud folder after a run
 * (docs/handoff.md, H10-H12).
 *
 * A publication is what the heads said, with what this run did to the folder,
 * or found in it and took over, laid over it. So what we do not mirror is
 * carried forward by itself, and what another machine has put there and nobody
 * has brought over yet is not claimed.
 */
#ifndef MODEL_CLOUD_PUBLISH_H
#define MODEL_CLOUD_PUBLISH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "model/cloud/claims.h"
#include "model/cloud/complete.h"
#include "model/story.h"
#include "model/tree.h"

/* What the folder holds at a path since this run. */
struct publish_change {
	const char *path;
	size_t path_len;
	uint32_t seq;     /* of several about one path the last counts */
	bool written;     /* by us; else it was found so and taken over */
	struct version v; /* ENTRY_NONE: nothing */
};

struct publish_changes {
	struct publish_change *v; /* once sorted: in tree order, each once */
	size_t n, cap;
	struct arena arena; /* their paths */
};

/* publish_add: one change, behind those that were added before. */
void publish_add(struct publish_changes *c, const char *path, size_t n,
    const struct version *v);

/*
 * publish_story: add what the deeds of a run say of the cloud folder. *cloud*
 * is the folder as it was scanned, or NULL where it was not: what is merely
 * forgotten then stays as it was.
 */
void publish_story(struct publish_changes *out, const struct story *story,
    const struct tree *cloud);

/* publish_faults: add what was found instead of what was claimed, below one of
   the *paths* (NULL: everywhere). Returns how many were left out. */
size_t publish_faults(struct publish_changes *out,
    const struct complete *faults, const struct strlist *paths);

/* publish_sort: to be called once, when all are added. */
void publish_sort(struct publish_changes *c);

void publish_changes_free(struct publish_changes *c);

/*
 * publish_merge: *base* with *changes* (sorted) laid over it, to the sink. New
 * versions have *by*'s machine and generation. What was deleted is claimed as
 * not there for as long as a machine has not seen that, and for a while beyond:
 * one may join whose folder the deletion has not reached. Returns whether
 * anything came out different from *base*. The sink may be NULL: then that is
 * all that is found out.
 */
struct publish_by {
	uint32_t machine;
	uint64_t generation;
	const struct seen *seen; /* what it accounts for itself ... */
	/* ... and what every other machine does; NULL: there is no other. */
	const struct seen *all;
};

/* A deletion is claimed in so many publications of who deleted it at least. */
enum { PUBLISH_DELETIONS = 32 };

bool publish_merge(struct claims *base, const struct publish_changes *changes,
    const struct publish_by *by, const struct claims_sink *sink);

/* publish_list: only the changes, as claims, to the sink; deletions as
   versions of type ENTRY_NONE. */
void publish_list(const struct publish_changes *changes,
    const struct version *origin, const struct claims_sink *sink);

#endif
