#include "engine/run.h"

#include <stdlib.h>
#include <string.h>

#include "engine/run_parts.h"
#include "platform/plat_time.h"

void
run_begin(struct run *out, const struct config *c, const struct run_options *o)
{
	*out = (struct run){.config = c,
	    .options = *o,
	    .began = plat_now(),
	    .snapshot = STR_INIT,
	    .notes = STRLIST_INIT};
	run_id_make(out->id, out->began);
	vigil_init(&out->vigil, c);
	out->log = o->apply ? log_open(c, out->id) : NULL;
}

int
run_profile(struct run *out, const struct config *c,
    const struct run_options *options, struct err *e)
{
	typedef int stage_fn(struct run * r, struct err * e);
	static stage_fn *const look[] = {
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
	    run_hear_machines,
	    run_scan,
	    run_classify,
	    run_make_plan,
	    run_guard_deletes,
	    run_check_complete,
	};
	int rc = 0;
	run_begin(out, c, options);
	for (size_t i = 0; i < COUNT_OF(look) && rc == 0; i++)
		rc = look[i](out, e);
	if (rc == 0 && options->apply)
		rc = run_apply(out, e);
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
	plat_dir_close(r->state);
	lock_release(r->lock);
	log_close(r->log);
	str_free(&r->snapshot);
	strlist_free(&r->notes);
	memset(r, 0, sizeof(*r));
}
