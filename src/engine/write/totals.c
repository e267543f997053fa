#include "engine/write/totals.h"

#include "base/compiler.h"

static bool
is_written(const struct plan_action *a, enum side s)
{
	return a->to == PLAN_TO_BOTH ||
	    a->to == (s == SIDE_LOCAL ? PLAN_TO_LOCAL : PLAN_TO_CLOUD);
}

static void
count_side(struct totals *out, const struct plan_action *a, enum side s)
{
	switch (a->op) {
	case PLAN_COPY:
	case PLAN_BOTH:
		out->bytes[s] += a->size;
		FALLTHROUGH;
	case PLAN_MKDIR:
	case PLAN_MOVE:
		out->to_side[s]++;
		out->dirs[s] += a->type == ENTRY_DIR;
		break;
	case PLAN_MERGE:
		out->bytes[s] += a->size;
		break;
	case PLAN_DELETE:
	case PLAN_RMDIR:
		out->deleted[s]++;
		break;
	}
}

static void
count_action(struct totals *out, const struct plan_action *a)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		if (is_written(a, s))
			count_side(out, a, s);
	out->merged += a->op == PLAN_MERGE;
}

void
totals_of(struct totals *out, const struct plan *p,
    const struct apply_result *results, bool applied)
{
	static const struct apply_result planned = {.status = APPLY_PLANNED};
	*out =
	    (struct totals){.conflicts = p->nconflicts, .skipped = p->nskipped};
	for (size_t i = 0; i < p->nactions; i++) {
		const struct apply_result *r =
		    results != NULL ? &results[i] : &planned;
		if (r->status == APPLY_FAILED)
			out->failed++;
		else if (r->status == APPLY_SKIPPED && r->changed)
			out->skipped++;
		else if (!applied || r->status == APPLY_DONE)
			count_action(out, &p->actions[i]);
		else
			out->left++;
	}
}

static enum plan_weight
weight_of(const struct apply_result *r)
{
	return r->status == APPLY_FAILED ? PLAN_PARTIAL
	    : r->changed                 ? plan_skip_weight(PLAN_SKIP_CHANGED)
					 : PLAN_FINE;
}

static enum plan_weight
heavier(enum plan_weight a, enum plan_weight b)
{
	return a > b ? a : b;
}

enum plan_weight
totals_weight(const struct plan *p, const struct apply_result *results)
{
	enum plan_weight w = p->unresolved > 0 ? PLAN_OPEN : PLAN_FINE;
	for (size_t i = 0; i < p->nskipped; i++)
		w = heavier(w, plan_skip_weight(p->skipped[i].reason));
	for (size_t i = 0; results != NULL && i < p->nactions; i++)
		w = heavier(w, weight_of(&results[i]));
	return w;
}
