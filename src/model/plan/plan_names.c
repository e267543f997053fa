/*
 * Names the other side cannot hold.
 *
 * Only what a side is about to be given is judged: what lies there already is
 * its own proof.
 */
#include "base/path.h"
#include "model/plan/names.h"
#include "model/plan/plan_work.h"

static bool
writes_to(const struct decision *d, enum side o)
{
	return (d->verdict == VERDICT_TAKE || d->verdict == VERDICT_MOVE ||
		   d->verdict == VERDICT_MOVED) &&
	    d->take == side_other(o);
}

bool
plan_comes(const struct work *w, size_t i, enum side o)
{
	const struct item *it = &w->items->v[i];
	return writes_to(&w->d[i], o) && it->entry[o] == NULL &&
	    it->entry[side_other(o)] != NULL;
}

bool
plan_goes(const struct work *w, size_t i, enum side o)
{
	const struct item *it = &w->items->v[i];
	return writes_to(&w->d[i], o) && it->entry[o] != NULL &&
	    it->entry[side_other(o)] == NULL;
}

static void
drop_one(struct work *w, size_t i, const struct decision *instead)
{
	struct decision *d = &w->d[i];
	if (d->verdict == VERDICT_MOVE) /* its old name goes all the same */
		w->d[d->partner].verdict = VERDICT_TAKE;
	if (d->unit != 0)
		plan_drop_unit(w, d->unit);
	uint32_t unit = d->unit;
	enum side s = (enum side)d->take;
	*d = *instead;
	d->unit = unit;
	d->take = d->skip_side = (uint8_t)s;
}

void
plan_drop(struct work *w, size_t i, const struct decision *instead)
{
	const struct item *dir = &w->items->v[i];
	enum side o = side_other((enum side)w->d[i].take);
	struct decision below = *instead;
	drop_one(w, i, instead);
	/* What would come into a directory that does not come cannot come
	   either; a conflict is told once, a skipped path each. */
	below.contested = false;
	if (below.verdict != VERDICT_SKIP)
		below.verdict = VERDICT_NONE;
	for (i++; i < w->items->n; i++) {
		const struct item *it = &w->items->v[i];
		if (!path_within(
			it->path, it->path_len, dir->path, dir->path_len))
			return;
		if (plan_comes(w, i, o))
			drop_one(w, i, &below);
	}
}

static void
check_forbidden(struct work *w, enum side o)
{
	static const struct decision skip = {
	    .verdict = VERDICT_SKIP, .skip = PLAN_SKIP_INVALID_NAME};
	for (size_t i = 0; i < w->items->n; i++) {
		const struct item *it = &w->items->v[i];
		if (plan_comes(w, i, o) &&
		    names_forbidden(it->path, it->path_len, w->rules->who[o]) !=
			NULL)
			plan_drop(w, i, &skip);
	}
}

void
plan_check_names(struct work *w)
{
	for (enum side o = SIDE_LOCAL; o < SIDES; o++) {
		if (w->rules->who[o] != 0)
			check_forbidden(w, o);
		if (w->rules->who[o] & NAMES_FOLD)
			plan_check_folding(w, o);
	}
}
