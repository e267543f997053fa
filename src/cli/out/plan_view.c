#include "cli/out/plan_view.h"

enum apply_status
plan_view_status(const struct plan_view *v, size_t action)
{
	return v->results != NULL ? v->results[action].status : APPLY_PLANNED;
}

const char *
plan_view_error(const struct plan_view *v, size_t action)
{
	if (v->results == NULL || v->results[action].status != APPLY_FAILED)
		return NULL;
	return v->results[action].error;
}

bool
plan_view_changed(const struct plan_view *v, size_t action)
{
	return v->results != NULL &&
	    v->results[action].status == APPLY_SKIPPED &&
	    v->results[action].changed;
}

enum side
plan_view_read_side(const struct plan_action *a)
{
	enum side to = a->to == PLAN_TO_LOCAL ? SIDE_LOCAL : SIDE_CLOUD;
	bool reads =
	    a->op == PLAN_COPY || a->op == PLAN_MERGE || a->op == PLAN_BOTH;
	return reads ? side_other(to) : to;
}

void
plan_view_totals(struct totals *out, const struct plan_view *v)
{
	totals_of(out, v->plan, v->results, v->applied);
}

enum exitcode
plan_view_exitcode(const struct plan_view *v)
{
	static const enum exitcode codes[] = {[PLAN_FINE] = EXITCODE_OK,
	    [PLAN_OPEN] = EXITCODE_CONFLICT,
	    [PLAN_PARTIAL] = EXITCODE_FAILED,
	    [PLAN_REFUSED] = EXITCODE_REFUSED};
	return codes[totals_weight(v->plan, v->results)];
}
