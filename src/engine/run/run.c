#include "engine/run/run.h"

#include <stdlib.h>
#include <string.h>

#include "engine/run/run_parts.h"
#include "platform/plat_time.h"

void
run_begin(struct run *out, const struct config *c, const struct run_options *o)
{
	*out = (struct run){.config = c,
	    .options = *o,
	    .began = plat_now(),
	    .snapshot = STR_INIT,
	    .finished = STR_INIT,
	    .finished_snapshot = STR_INIT,
	    .notes = STRLIST_INIT};
	run_id_make(out->id, out->began);
	vigil_init(&out->vigil, c);
	out->log = o->apply ? log_open(c, out->id) : NULL;
	log_reason(out->log, CONFIG_LOG_INFO, "begin", "%s", o->reason);
}

typedef int stage_fn(struct run *r, struct err *e);

/* Before anything is looked at. */
static stage_fn *const opening[] = {
    run_resolve_roots,
    run_await_stop,
    run_take_lock,
    run_open_state,
    run_guard_names,
    run_hook_before,
    run_load_ledger,
    run_open_sites,
    run_check_marker,
    run_recover,
    run_make_rules,
    NULL,
};

/* What there is to do. */
static stage_fn *const sync_stages[] = {
    run_hear_machines,
    run_scan,
    run_classify,
    run_make_plan,
    run_guard_deletes,
    run_check_complete,
    NULL,
};
static stage_fn *const restore_stages[] = {
    run_hear_if_cloud,
    run_find_snapshot,
    run_plan_restore,
    run_check_back,
    NULL,
};
static stage_fn *const undo_stages[] = {
    run_hear_machines,
    run_find_last,
    run_plan_undo,
    run_check_back,
    NULL,
};

/* Neither side has a part in it. */
static stage_fn *const extract_stages[] = {
    run_look_at_state,
    run_find_snapshot,
    run_plan_extract,
    NULL,
};

static const struct {
	stage_fn *const *first, *const *then;
	stage_fn *apply;
} errands[] = {
    [RUN_SYNC] = {opening, sync_stages, run_apply},
    [RUN_RESTORE] = {opening, restore_stages, run_apply},
    [RUN_UNDO] = {opening, undo_stages, run_apply},
    [RUN_EXTRACT] = {NULL, extract_stages, run_extract},
};

static int
go_through(struct run *r, stage_fn *const *stages, struct err *e)
{
	int rc = 0;
	for (; rc == 0 && stages != NULL && *stages != NULL; stages++)
		rc = (*stages)(r, e);
	return rc;
}

int
run_profile(struct run *out, const struct config *c,
    const struct run_options *options, struct err *e)
{
	enum run_errand errand = options->errand;
	run_begin(out, c, options);
	int rc = go_through(out, errands[errand].first, e);
	if (rc == 0)
		rc = go_through(out, errands[errand].then, e);
	if (rc == 0 && options->apply)
		rc = errands[errand].apply(out, e);
	if (out->state != NULL && options->apply)
		run_history_end(out, rc, e);
	return run_hooks_after(out, rc, e);
}

void
run_free(struct run *r)
{
	apply_results_free(r->results, r->plan.nactions);
	plan_free(&r->plan);
	items_free(&r->items);
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		tree_free(&r->trees[s]);
		site_close(&r->sites[s]);
		free(r->roots[s]);
	}
	strlist_free(&r->news.some);
	folder_free(&r->folder);
	complete_free(&r->faults);
	publish_changes_free(&r->changes);
	rules_free(&r->rules);
	ledger_free(&r->ledger);
	ledger_head_free(&r->head);
	vigil_free(&r->vigil);
	snapread_close(r->kept);
	plat_dir_close(r->backups);
	plat_dir_close(r->state);
	lock_release(r->lock);
	log_close(r->log);
	str_free(&r->snapshot);
	str_free(&r->finished);
	str_free(&r->finished_snapshot);
	strlist_free(&r->notes);
	memset(r, 0, sizeof(*r));
}
