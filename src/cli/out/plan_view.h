/*
 * plan_view.h - a plan, and what became of it, as those who show it want it.
 *
 * A value beside the engine's struct run, so that rendering needs no run: what
 * is shown is a pure function of this, tested with plans made by hand.
 */
#ifndef CLI_OUT_PLAN_VIEW_H
#define CLI_OUT_PLAN_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strlist.h"
#include "cli/exitcode.h"
#include "engine/write/apply.h"
#include "engine/write/totals.h"
#include "model/plan/classify.h"
#include "model/plan/plan.h"
#include "model/tree.h"

struct plan_view {
	const struct plan *plan;
	const struct apply_result *results; /* for each action; NULL: a look */
	const char *run_id;                 /* NULL: a look */
	const char *snapshot;               /* NULL: none */
	const struct strlist *notes;
	bool applied;   /* the plan was carried out, as far as it could be */
	bool elsewhere; /* "local" is a directory of the user's choice */
	size_t in_sync; /* plan_view_in_sync, where somebody wants to know */
	size_t adopted; /* alike on both sides, and now to be remembered */
};

/* plan_view_totals: what it comes to. */
void plan_view_totals(struct totals *out, const struct plan_view *v);

/* plan_view_status: what became of an action. */
enum apply_status plan_view_status(const struct plan_view *v, size_t action);

/* plan_view_error: why it failed; NULL when it did not. */
const char *plan_view_error(const struct plan_view *v, size_t action);

/*
 * plan_view_changed: was the action given up because somebody wrote there
 * meanwhile? It then counts, and is shown, as skipped (changed_during_sync).
 */
bool plan_view_changed(const struct plan_view *v, size_t action);

/* plan_view_read_side: where an action takes from; for one that only removes
   or renames, where it does that. */
enum side plan_view_read_side(const struct plan_action *a);

/* plan_view_exitcode: what the shell is told of a plan that was looked at, or
   of a run that reached its end. */
enum exitcode plan_view_exitcode(const struct plan_view *v);

/* plan_view_in_sync: entries on both sides on which there was nothing to do
   when the run looked. */
size_t plan_view_in_sync(const struct plan *plan, const struct items *items,
    const struct tree trees[SIDES]);

/* plan_view_adopted: what the ledger does not know yet and needs no step. */
size_t plan_view_adopted(const struct plan *plan);

#endif
