/*
 * undo.h - the last run, the other way round.
 *
 * Each thing the run did, as its snapshot's manifest tells, is taken back in
 * reverse order, where the path still is as the run left it: on the side it
 * wrote to and, where it made both sides agree, on the other one. What has
 * changed since is left alone and told, with all that stands or falls with it:
 * the other half of the same path, a database's companions, a group.
 */
#ifndef ENGINE_PAST_UNDO_H
#define ENGINE_PAST_UNDO_H

#include "engine/past/back.h"
#include "engine/scan/rules.h"
#include "model/agreed.h"
#include "store/snapshot/snapread.h"

struct undo {
	struct back *b;
	const struct snapmanifest *manifest; /* of the run's snapshot */
	const struct agreed *agreed;         /* now */
	const struct rules *rules;
};

/* undo_check: all that is to come back can be read. */
int undo_check(struct snapread *snapshot, struct err *e);

/* undo_plan: fill the plan. */
int undo_plan(const struct undo *u, struct err *e);

#endif
