#include "model/plan/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/plan/plan_work.h"

/* resolve: whatever the user did not settle by hand is left alone. */
static void
keep_only_choices(struct work *w)
{
	for (size_t i = 0; i < w->items->n; i++) {
		struct decision *d = &w->d[i];
		struct unit *u = d->unit != 0 ? &w->units[d->unit] : NULL;
		if (u != NULL && !u->d.chosen)
			u->d = (struct decision){.verdict = VERDICT_NONE};
		if (u != NULL ? !u->d.chosen : !d->chosen)
			*d = (struct decision){.unit = d->unit};
	}
}

/* delete_policy = never: what went on one side stays on the other, and that is
   settled. What goes from a unit still goes, as half a unit is broken, unless
   all of it does. */
static void
keep_survivors(struct work *w)
{
	for (size_t i = 0; i < w->items->n; i++) {
		struct decision *d = &w->d[i];
		if (!plan_is_removal(w, i) || d->in_the_way || d->chosen ||
		    (d->unit != 0 && !w->units[d->unit].wiped))
			continue;
		d->verdict = VERDICT_SETTLE;
		d->take = (uint8_t)side_other((enum side)d->take);
	}
}

static void
decide(struct work *w)
{
	plan_hold_copies(w);
	plan_assign_units(w);
	for (size_t i = 0; i < w->items->n; i++)
		if (w->d[i].unit == 0)
			plan_decide_item(w, i);
	plan_decide_units(w);
	if (w->rules->only_choices)
		keep_only_choices(w);
	plan_find_moves(w);
	plan_settle_dirs(w);
	plan_check_names(w);
	if (w->rules->never_delete)
		keep_survivors(w);
	plan_settle_dirs(w);
}

void
plan_make(struct plan *out, const struct items *items,
    const struct tree trees[SIDES], const struct agreed *agreed,
    const struct plan_rules *rules)
{
	memset(out, 0, sizeof(*out));
	struct work w = {
	    .items = items,
	    .trees = trees,
	    .agreed = agreed,
	    .rules = rules,
	    .plan = out,
	    .d = mem_zero(items->n, sizeof(*w.d)),
	};
	plan_sort_choices(&w);
	decide(&w);
	plan_emit(&w);
	out->blocked = rules->policy == PLAN_MANUAL_ABORT &&
	    !rules->only_choices && out->unresolved > out->held;
	free(w.d);
	free(w.units);
	free(w.choices);
	plan_free_copies(&w);
}

void
plan_free(struct plan *p)
{
	free(p->actions);
	free(p->steps);
	free(p->conflicts);
	free(p->skipped);
	free(p->outcomes);
	arena_free(&p->arena);
	memset(p, 0, sizeof(*p));
}

bool
plan_too_many_deletes(const struct plan *p, const struct tree trees[SIDES],
    int64_t percent, enum side *which)
{
	enum { FEW = 10 };
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		if (p->deletes[s] < FEW)
			continue;
		if (p->deletes[s] * 100 > trees[s].files * (uint64_t)percent) {
			*which = s;
			return true;
		}
	}
	return false;
}
