#include "engine/run/run_parts.h"

#include <string.h>

#include "base/mem.h"
#include "engine/scan/common.h"
#include "engine/scan/content.h"
#include "model/plan/absent.h"
#include "model/plan/plan_words.h"
#include "model/plan/session.h"
#include "platform/plat_time.h"

int
run_make_rules(struct run *r, struct err *e)
{
	int rc =
	    rules_make(&r->rules, r->config, r->sites, &r->options.wish, e);
	for (size_t i = 0; i < r->rules.warnings.n; i++)
		run_note(r, "%s: %s", r->config->filters.ignore_file,
		    r->rules.warnings.v[i]);
	return rc;
}

static void
keep_last_session(struct run *r)
{
	const char *root = r->config->sync.session_root;
	if (r->config->sync.session_mode != CONFIG_SESSION_LAST_DATE)
		return;
	if (!session_keep_latest(NULL, &r->trees[SIDE_LOCAL],
		&r->trees[SIDE_CLOUD], root, strlen(root)))
		run_note(r, "no dated folders below %s: everything is mirrored",
		    root);
}

int
run_scan(struct run *r, struct err *e)
{
	struct scan_rules rules = {
	    .filter = r->rules.filter,
	    .quirks = r->rules.quirks,
	    .copy_symlinks = r->config->sync.symlinks == CONFIG_SYMLINKS_COPY,
	    .threads = r->options.threads,
	};
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		r->seen[s] = plat_now();
	if (scan(r->trees, &r->news, r->sites, &rules, e) != 0)
		return -1;
	keep_last_session(r);
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		tree_finish(&r->trees[s]);
	return 0;
}

/* What the trees say against the ledger, by time and size, and where these
   cannot tell, by content. */
int
run_classify(struct run *r, struct err *e)
{
	const struct rules *rules = &r->rules;
	classify(&r->items, r->trees, &r->ledger.agreed, &rules->classify);
	plan_ask(&r->items, &rules->plan);
	run_ask_claimed(r);
	if (r->config->cloud.placeholders == CONFIG_PLACEHOLDERS_REFUSE)
		absent_refuse(&r->items);
	if (content_learn(
		&r->items, r->trees, r->sites, r->options.threads, e) != 0)
		return -1;
	classify_settle(&r->items, &rules->classify);
	common_learn(&r->rules, &r->items, &r->sites[SIDE_CLOUD]);
	return 0;
}

int
run_make_plan(struct run *r, struct err *e)
{
	UNUSED(e);
	plan_make(
	    &r->plan, &r->items, r->trees, &r->ledger.agreed, &r->rules.plan);
	run_warn_of_names(r);
	r->results = mem_zero(r->plan.nactions, sizeof(*r->results));
	if (r->plan.blocked)
		for (size_t i = 0; i < r->plan.nactions; i++)
			r->results[i].status = APPLY_SKIPPED;
	r->planned = true;
	return 0;
}

int
run_guard_deletes(struct run *r, struct err *e)
{
	enum side gone;
	if (r->options.allow_deletes)
		return 0;
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		if (r->trees[s].files == 0 &&
		    r->plan.deletes[side_other(s)] > 0)
			return err_set(e, ERR_REFUSED,
			    "the %s folder is empty although %zu files were in "
			    "it at the last sync",
			    side_name(s), r->plan.deletes[side_other(s)]);
	if (!plan_too_many_deletes(
		&r->plan, r->trees, r->config->sync.max_delete_percent, &gone))
		return 0;
	return err_set(e, ERR_REFUSED,
	    "%zu of %zu files would be deleted on the %s side",
	    r->plan.deletes[gone], r->trees[gone].files, side_name(gone));
}
