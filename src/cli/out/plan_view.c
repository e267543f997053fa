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

/* ---- exit code ---- */

static enum exitcode
code_of_skip(enum plan_skip why)
{
	switch (why) {
	case PLAN_SKIP_UNREADABLE:
	case PLAN_SKIP_CHANGED:
	case PLAN_SKIP_SINCE:
		return EXITCODE_FAILED;
	case PLAN_SKIP_INVALID_NAME:
	case PLAN_SKIP_EQUAL_MTIME:
	case PLAN_SKIP_HELD_COPY:
		return EXITCODE_CONFLICT;
	case PLAN_SKIP_PLACEHOLDER:
		return EXITCODE_REFUSED;
	case PLAN_SKIP_SYMLINK:
	case PLAN_SKIP_SPECIAL:
	case PLAN_SKIP_DIRECTION:
	case PLAN_SKIP_POLICY:
		break;
	}
	return EXITCODE_OK;
}

enum exitcode
plan_view_exitcode(const struct plan_view *v)
{
	const struct plan *p = v->plan;
	enum exitcode code =
	    p->unresolved > 0 ? EXITCODE_CONFLICT : EXITCODE_OK;
	for (size_t i = 0; i < p->nskipped; i++)
		code = exitcode_worse(code, code_of_skip(p->skipped[i].reason));
	for (size_t i = 0; i < p->nactions; i++) {
		if (plan_view_status(v, i) == APPLY_FAILED)
			code = exitcode_worse(code, EXITCODE_FAILED);
		if (plan_view_changed(v, i))
			code = exitcode_worse(
			    code, code_of_skip(PLAN_SKIP_CHANGED));
	}
	return code;
}
