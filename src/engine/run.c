#include "engine/run.h"

#include <stdlib.h>
#include <string.h>

#include "engine/run_parts.h"
#include "platform/plat_time.h"

int
run_profile(struct run *out, const struct config *c,
    const struct run_options *options, struct err *e)
{
	typedef int stage_fn(struct run * r, struct err * e);
	static stage_fn *const look[] = {
	    run_resolve_roots,
	    run_take_lock,
	    run_guard_names,
	    run_open_state,
	    run_load_ledger,
	    run_open_sites,
	    run_check_marker,
	    run_recover,
	    run_make_rules,
	    run_scan,
	    run_classify,
	    run_make_plan,
	    run_guard_deletes,
	};
	*out = (struct run){.config = c,
	    .options = *options,
	    .snapshot = STR_INIT,
	    .notes = STRLIST_INIT};
	run_id_make(out->id, plat_now());
	out->log = options->apply ? log_open(c, out->id) : NULL;
	for (size_t i = 0; i < COUNT_OF(look); i++)
		if (look[i](out, e) != 0)
			return -1;
	return options->apply ? run_apply(out, e) : 0;
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
	rules_free(&r->rules);
	ledger_free(&r->ledger);
	ledger_head_free(&r->head);
	plat_dir_close(r->state);
	lock_release(r->lock);
	log_close(r->log);
	str_free(&r->snapshot);
	strlist_free(&r->notes);
	memset(r, 0, sizeof(*r));
}
