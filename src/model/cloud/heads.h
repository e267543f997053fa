/*
 * heads.h - whose word about the cloud folder counts (docs/handoff.md, H2-H5).
 *
 * A head is a publication nobody else has seen. One head alone says what the
 * folder must hold. Several are made one by what each had seen: what one knew
 * and replaced is gone, what only one knew of stays, and what two wrote without
 * knowing of each other stays open, so that either is right until somebody
 * decides. A group or database is taken from one of them whole.
 */
#ifndef MODEL_CLOUD_HEADS_H
#define MODEL_CLOUD_HEADS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/glob.h"
#include "model/cloud/claims.h"

/* More than this many machines at work without having heard of each other are
   no folder one could judge. */
enum { HEADS_MAX = 64 };

struct publication {
	uint32_t machine;
	uint64_t generation;
	const struct seen *seen; /* itself included */
};

/*
 * heads_find: mark in *out* which of the *n* are heads; returns how many. Where
 * each is seen by another (which only a folder put together from different
 * times can be) all are.
 */
size_t heads_find(bool *out, const struct publication *p, size_t n);

struct heads {
	struct claims *const *claims;      /* at their beginning */
	const struct publication *speaker; /* of each */
	size_t n;                          /* at most HEADS_MAX */
	const struct glob *groups;         /* sync.atomic_groups */
	size_t ngroups;
};

struct heads_units; /* what becomes of the units they disagree about */

/*
 * heads_judge, heads_merge: two passes over the same claims, from their
 * beginning each time. The first finds out which heads may speak for each unit
 * they disagree about; the second gives every claim of the merged state to the
 * sink, in tree order.
 */
struct heads_units *heads_judge(const struct heads *h);
void heads_merge(const struct heads *h, const struct heads_units *u,
    const struct claims_sink *sink);
void heads_units_free(struct heads_units *u);

/* heads_unit: the path that names the unit *path* belongs to: a database, a
   group, or the path itself. Returns its length. */
size_t heads_unit(
    const char *path, size_t n, const struct glob *groups, size_t ngroups);

/*
 * heads_amend: lay *changes* over *base*: what a machine did to the folder,
 * having seen *seen*, and did not come to publish. Its word replaces what it
 * had seen and stands beside what it had not.
 */
void heads_amend(struct claims *base, struct claims *changes,
    const struct seen *seen, const struct claims_sink *sink);

#endif
