/*
 * What becomes of a conflict: the user's own choice for it, or else the
 * policy's. The same for one path and for a unit.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "model/cloud/quirks.h"
#include "model/plan/plan_work.h"

/* ---- choices ---- */

static int
compare_choices(const void *a, const void *b)
{
	const struct plan_choice *x = a, *y = b;
	return path_cmp(x->path, strlen(x->path), y->path, strlen(y->path));
}

void
plan_sort_choices(struct work *w)
{
	const struct plan_rules *r = w->rules;
	w->choices = mem_zero(r->nchoices, sizeof(*w->choices));
	if (r->nchoices == 0)
		return;
	memcpy(w->choices, r->choices, r->nchoices * sizeof(*w->choices));
	qsort(w->choices, r->nchoices, sizeof(*w->choices), compare_choices);
}

const struct plan_choice *
plan_choice_for(const struct work *w, const char *path, size_t n)
{
	size_t lo = 0, hi = w->rules->nchoices;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct plan_choice *c = &w->choices[mid];
		int order = path_cmp(c->path, strlen(c->path), path, n);
		if (order == 0)
			return c;
		if (order < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

/* ---- policies ---- */

static enum verdict
take(enum side *out, enum side s)
{
	*out = s;
	return VERDICT_TAKE;
}

/* An edit wins against a deletion; equal times decide nothing. */
static enum verdict
settle_newer(const struct work *w, const struct contest *c, enum side *out)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		if (!c->has[side_other(s)])
			return take(out, s);
	struct stamp l = c->newest[SIDE_LOCAL], r = c->newest[SIDE_CLOUD];
	if (stamp_near(l, r, w->rules->tolerance))
		return VERDICT_CONFLICT;
	return take(out, stamp_cmp(l, r) > 0 ? SIDE_LOCAL : SIDE_CLOUD);
}

/* Is it, or does it lie in, a conflict copy of ours? */
static bool
is_own_copy(const struct contest *c)
{
	for (size_t n = c->path_len; n > 0; n = path_parent(c->path, n))
		if (quirks_own_copy(c->path, n, NULL))
			return true;
	return false;
}

/* A conflict on a conflict copy makes no copy of the copy. */
static enum verdict
settle_both(const struct work *w, const struct contest *c, enum side *out)
{
	enum side newer = SIDE_LOCAL;
	if (settle_newer(w, c, &newer) == VERDICT_CONFLICT)
		newer = SIDE_LOCAL;
	*out = newer;
	if (!c->has[SIDE_LOCAL] || !c->has[SIDE_CLOUD] || is_own_copy(c))
		return VERDICT_TAKE;
	if (c->pinned)
		*out = c->winner;
	return VERDICT_BOTH;
}

static enum verdict
settle_choice(const struct work *w, const struct contest *c, enum side *out)
{
	switch (c->choice->take) {
	case PLAN_TAKE_LOCAL:
		return take(out, SIDE_LOCAL);
	case PLAN_TAKE_CLOUD:
		return take(out, SIDE_CLOUD);
	case PLAN_TAKE_NEWER:
		return settle_newer(w, c, out);
	case PLAN_TAKE_BOTH:
		return settle_both(w, c, out);
	case PLAN_TAKE_MERGE:
		break; /* what could be merged was, before it came here */
	}
	return VERDICT_CONFLICT;
}

enum verdict
plan_settle(const struct work *w, const struct contest *c, enum side *out)
{
	if (c->choice != NULL)
		return settle_choice(w, c, out);
	if (is_own_copy(c) && settle_newer(w, c, out) == VERDICT_TAKE)
		return VERDICT_TAKE;
	switch (w->rules->policy) {
	case PLAN_PREFER_LOCAL:
		return take(out, SIDE_LOCAL);
	case PLAN_PREFER_CLOUD:
		return take(out, SIDE_CLOUD);
	case PLAN_PREFER_NEWER:
		return settle_newer(w, c, out);
	case PLAN_KEEP_BOTH:
		return settle_both(w, c, out);
	case PLAN_MANUAL_ABORT:
	case PLAN_MANUAL_SKIP:
		break;
	}
	return VERDICT_CONFLICT;
}
