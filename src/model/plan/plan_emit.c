/*
 * From verdicts to a plan: what is done, in this order, what is shown, and
 * what is remembered without anything being done.
 *
 * What stands in the way goes first, then directories come, then content, then
 * the rest goes, deepest first. The members of a unit follow each other without
 * a gap, so that the engine can do them together.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "model/cloud/quirks.h"
#include "model/plan/plan_work.h"

/* ---- in order --------------------------------------------------------------
 */

/* Its copy, then removals from the deepest up, then the rest from the top
   down. */
static void
emit_unit(struct work *w, const struct unit *u)
{
	if (u->d.copy != 0)
		plan_write_both(w, u->members[0]);
	for (size_t m = u->nmembers; m-- > 0;)
		if (plan_is_removal(w, u->members[m]))
			plan_write_taken(w, u->members[m]);
	for (size_t m = 0; m < u->nmembers; m++) {
		size_t i = u->members[m];
		if (w->d[i].verdict == VERDICT_TAKE && !plan_is_removal(w, i))
			plan_write_taken(w, i);
	}
}

/* The unit that item *i* is the first member of; NULL. */
static const struct unit *
unit_beginning(const struct work *w, size_t i)
{
	if (w->d[i].unit == 0)
		return NULL;
	const struct unit *u = &w->units[w->d[i].unit];
	return u->members[0] == i ? u : NULL;
}

/* The same for the last. */
static const struct unit *
unit_ending(const struct work *w, size_t i)
{
	if (w->d[i].unit == 0)
		return NULL;
	const struct unit *u = &w->units[w->d[i].unit];
	return u->members[u->nmembers - 1] == i ? u : NULL;
}

static bool
is_alone(const struct work *w, size_t i, enum verdict v)
{
	return w->d[i].unit == 0 && w->d[i].verdict == v;
}

static bool
brings_dir(const struct work *w, size_t i)
{
	return is_dir_entry(w->items->v[i].entry[w->d[i].take]);
}

static void
emit_room(struct work *w)
{
	for (size_t i = w->items->n; i-- > 0;) {
		const struct unit *u = unit_ending(w, i);
		if (u != NULL && u->in_the_way)
			emit_unit(w, u);
		if (is_alone(w, i, VERDICT_TAKE) && plan_is_removal(w, i) &&
		    w->d[i].in_the_way)
			plan_write_taken(w, i);
	}
	for (size_t i = 0; i < w->items->n; i++)
		if (is_alone(w, i, VERDICT_MOVE) && brings_dir(w, i))
			plan_write_move(w, i);
}

static void
emit_directories(struct work *w)
{
	for (size_t i = 0; i < w->items->n; i++)
		if (is_alone(w, i, VERDICT_TAKE) && brings_dir(w, i))
			plan_write_taken(w, i);
}

static void
emit_content_of(struct work *w, size_t i)
{
	switch ((enum verdict)w->d[i].verdict) {
	case VERDICT_TAKE:
		if (!plan_is_removal(w, i) && !brings_dir(w, i))
			plan_write_taken(w, i);
		break;
	case VERDICT_MOVE:
		if (!brings_dir(w, i))
			plan_write_move(w, i);
		break;
	case VERDICT_MERGE:
		if (w->d[i].held == HELD_COPY)
			plan_write_absorbed(w, i);
		else
			plan_write_merge(w, i);
		break;
	case VERDICT_INSTEAD:
		plan_write_absorbed(w, i);
		break;
	case VERDICT_BOTH:
		plan_write_both(w, i);
		break;
	default:
		break;
	}
}

static void
emit_content(struct work *w)
{
	for (size_t i = 0; i < w->items->n; i++) {
		const struct unit *u = unit_beginning(w, i);
		if (u != NULL && !u->in_the_way)
			emit_unit(w, u);
		else if (w->d[i].unit == 0)
			emit_content_of(w, i);
	}
}

static void
emit_removals(struct work *w)
{
	for (size_t i = w->items->n; i-- > 0;)
		if (is_alone(w, i, VERDICT_TAKE) && plan_is_removal(w, i) &&
		    !w->d[i].in_the_way)
			plan_write_taken(w, i);
}

/* ---- what is told ----------------------------------------------------------
 */

static void
tell_skipped(struct work *w, size_t i, enum plan_skip reason, enum side side)
{
	const struct item *it = &w->items->v[i];
	struct plan *p = w->plan;
	p->skipped = mem_grow(
	    p->skipped, &p->cap_skipped, p->nskipped + 1, sizeof(*p->skipped));
	p->skipped[p->nskipped++] = (struct plan_skipped){.reason = reason,
	    .side = side,
	    .path = it->path,
	    .path_len = it->path_len};
}

static enum plan_resolution
resolution_of(const struct decision *d)
{
	switch ((enum verdict)d->verdict) {
	case VERDICT_TAKE:
		if (d->held == HELD_COPY && d->take == SIDE_CLOUD)
			return PLAN_KEPT_BOTH;
		return d->take == SIDE_LOCAL ? PLAN_USED_LOCAL
					     : PLAN_USED_CLOUD;
	case VERDICT_SETTLE: /* the deletion won, but the survivor stays */
		return d->take == SIDE_LOCAL ? PLAN_USED_CLOUD
					     : PLAN_USED_LOCAL;
	case VERDICT_INSTEAD:
		return PLAN_USED_CLOUD;
	case VERDICT_BOTH:
		return PLAN_KEPT_BOTH;
	case VERDICT_MERGE:
		return PLAN_MERGED;
	default:
		return PLAN_UNRESOLVED;
	}
}

/* What another tool's copy is a copy of; the path itself where the name does
   not tell (below a directory that is one). */
static const char *
original_of(struct work *w, const char *path, size_t n)
{
	struct quirks_copy copy;
	struct str original = STR_INIT;
	size_t name = path_name(path, n);
	str_addn(&original, path, name);
	(void)quirks_copy(
	    w->rules->quirks, path + name, n - name, NULL, &copy, &original);
	const char *kept =
	    arena_copy(&w->plan->arena, original.p, original.len);
	str_free(&original);
	return kept;
}

static void
add_conflict(struct work *w, const struct decision *d, struct plan_conflict c)
{
	struct plan *p = w->plan;
	bool held = d->kind == PLAN_PROVIDER_COPY;
	c.kind = (enum plan_kind)d->kind;
	c.resolution = resolution_of(d);
	if (held)
		c.original = original_of(w, c.path, c.path_len);
	if (d->verdict == VERDICT_SKIP && !held)
		return; /* it would be settled, but for what it is skipped for
			 */
	p->conflicts = mem_grow(p->conflicts, &p->cap_conflicts,
	    p->nconflicts + 1, sizeof(*p->conflicts));
	p->conflicts[p->nconflicts++] = c;
	if (c.resolution != PLAN_UNRESOLVED)
		return;
	p->unresolved++;
	p->held += held;
}

static void
tell_conflict(struct work *w, size_t i)
{
	const struct item *it = &w->items->v[i];
	const struct unit *u = unit_beginning(w, i);
	if (u != NULL && u->d.contested) {
		struct plan_conflict c = {.path = u->root,
		    .path_len = u->root_len,
		    .group = u->kind != UNIT_CLASH};
		for (enum side s = SIDE_LOCAL; s < SIDES; s++)
			c.entry[s] =
			    tree_find(&w->trees[s], u->root, u->root_len);
		add_conflict(w, &u->d, c);
	}
	if (w->d[i].contested)
		add_conflict(w, &w->d[i],
		    (struct plan_conflict){.path = it->path,
			.path_len = it->path_len,
			.entry = {
			    it->entry[SIDE_LOCAL], it->entry[SIDE_CLOUD]}});
}

/* ---- what needs no step ----------------------------------------------------
 */

static void
emit_quiet(struct work *w)
{
	for (size_t i = 0; i < w->items->n; i++) {
		const struct decision *d = &w->d[i];
		switch ((enum verdict)d->verdict) {
		case VERDICT_AGREE:
			plan_item_outcome(w, i, OUTCOME_AGREE, PLAN_NO_ACTION);
			break;
		case VERDICT_FORGET:
			plan_item_outcome(w, i, OUTCOME_FORGET, PLAN_NO_ACTION);
			break;
		case VERDICT_SETTLE:
			plan_item_outcome(w, i, OUTCOME_SETTLE, PLAN_NO_ACTION);
			break;
		case VERDICT_SKIP:
			tell_skipped(w, i, (enum plan_skip)d->skip,
			    (enum side)d->skip_side);
			break;
		default:
			break;
		}
		tell_conflict(w, i);
	}
}

static int
compare_outcomes(const void *a, const void *b)
{
	const struct plan_outcome *x = a, *y = b;
	return path_cmp(x->path, x->path_len, y->path, y->path_len);
}

void
plan_emit(struct work *w)
{
	struct plan *p = w->plan;
	emit_room(w);
	emit_directories(w);
	emit_content(w);
	emit_removals(w);
	emit_quiet(w);
	if (p->noutcomes > 1)
		qsort(p->outcomes, p->noutcomes, sizeof(*p->outcomes),
		    compare_outcomes);
}
