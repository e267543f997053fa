/*
 * Another tool's conflict copies.
 *
 * When two machines wrote one file, some cloud clients put the second version
 * beside the first, under a name of their making. Mirrored, it would look like
 * work of the user's own; deleted, a version would be lost. So it stays where
 * it is, is shown, and stops nothing. A name alone is no proof: only what is
 * new, in the cloud alone, unknown to every machine, and beside the file it was
 * copied from is held, and only where the pattern is one people do not use
 * themselves.
 */
#include "base/path.h"
#include "model/cloud/quirks.h"
#include "model/plan/plan_work.h"

bool
plan_original(struct str *out, const struct work *w, const char *path, size_t n)
{
	struct quirks_copy copy;
	size_t name = path_name(path, n);
	str_addn(out, path, name);
	return quirks_copy(
		   w->rules->quirks, path + name, n - name, NULL, &copy, out) &&
	    !copy.weak;
}

/* Does it go from the other side as well, having gone from one? */
static bool
is_leaving(const struct work *w, const struct item *it)
{
	if (w->rules->only_choices)
		return false;
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		if (it->state[s] == STATE_GONE &&
		    it->state[side_other(s)] == STATE_SAME &&
		    w->rules->may_write[side_other(s)] &&
		    !w->rules->never_delete)
			return true;
	return false;
}

/* Is what it would be a copy of on any side, and stays? Where that has gone,
   the copy is all that is left of it, and mirrored. */
static bool
has_original(const struct work *w, const char *path, size_t n)
{
	const struct item *it = items_find(w->items, path, n);
	if (it != NULL && is_leaving(w, it))
		return false;
	return tree_find(&w->trees[SIDE_LOCAL], path, n) != NULL ||
	    tree_find(&w->trees[SIDE_CLOUD], path, n) != NULL;
}

static bool
is_foreign_copy(const struct work *w, const struct item *it)
{
	if (it->published || it->state[SIDE_CLOUD] != STATE_NEW ||
	    it->base != NULL || it->state[SIDE_LOCAL] != STATE_ABSENT)
		return false;
	struct str original = STR_INIT;
	bool held = plan_original(&original, w, it->path, it->path_len) &&
	    has_original(w, original.p, original.len);
	str_free(&original);
	return held;
}

/* A choice by hand ends it. */
static void
hold(struct work *w, size_t i)
{
	const struct item *it = &w->items->v[i];
	struct decision *d = &w->d[i];
	const struct plan_choice *choice =
	    plan_choice_for(w, it->path, it->path_len);
	d->held = HELD_COPY;
	d->contested = true;
	d->kind = PLAN_PROVIDER_COPY;
	d->verdict = VERDICT_SKIP;
	d->skip = PLAN_SKIP_HELD_COPY;
	d->skip_side = SIDE_CLOUD;
	if (choice != NULL)
		plan_settle_copy(w, i, choice);
}

/* What lies in a held directory shares its lot, unlisted. */
static void
hold_below(struct work *w, size_t i, const struct decision *top)
{
	const struct entry *e = w->items->v[i].entry[SIDE_CLOUD];
	bool removed = top->verdict == VERDICT_TAKE;
	if (removed && (e == NULL || e->type == ENTRY_UNKNOWN))
		return;
	w->d[i] = *top;
	w->d[i].held = HELD_BELOW;
	w->d[i].contested = false;
	if (!removed)
		w->d[i].verdict = VERDICT_NONE;
}

/* Returns the next item that may be a copy. */
static size_t
hold_tree(struct work *w, size_t top)
{
	const struct item *dir = &w->items->v[top];
	const struct decision *d = &w->d[top];
	size_t i = top + 1;
	hold(w, top);
	if (d->verdict == VERDICT_TAKE && d->take == SIDE_CLOUD)
		return i;
	for (; i < w->items->n; i++) {
		const struct item *it = &w->items->v[i];
		if (!path_within(
			it->path, it->path_len, dir->path, dir->path_len))
			break;
		hold_below(w, i, d);
	}
	return i;
}

void
plan_hold_copies(struct work *w)
{
	if (!w->rules->hold_copies)
		return;
	for (size_t i = 0; i < w->items->n;) {
		if (!is_foreign_copy(w, &w->items->v[i])) {
			i++;
			continue;
		}
		i = hold_tree(w, i);
	}
}
