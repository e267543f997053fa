/*
 * A directory goes only when all that is in it goes, and comes when something
 * comes into it.
 *
 * Worked from the deepest item up, so that a directory's children have been
 * settled when it is looked at. Done twice: before names are judged, as a
 * directory that must come has a name too, and after, as what was refused needs
 * no directory.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "base/path.h"
#include "model/plan/plan_work.h"

struct dirs {
	struct work *w;
	bool *needed[SIDES]; /* for each item: something comes into it there */
};

/* ---- what comes ---- */

static bool
comes_to(const struct work *w, size_t i, enum side o)
{
	const struct decision *d = &w->d[i];
	const struct item *it = &w->items->v[i];
	return (d->verdict == VERDICT_TAKE || d->verdict == VERDICT_MOVE) &&
	    d->take == side_other(o) && it->entry[d->take] != NULL;
}

/* Something comes to *path* on side *o*: its parent must be there. */
static void
need_parent(struct dirs *s, const struct item *it, enum side o)
{
	size_t parent = path_parent(it->path, it->path_len);
	if (parent == 0)
		return;
	const struct item *dir = items_find(s->w->items, it->path, parent);
	if (dir != NULL)
		s->needed[o][work_index(s->w, dir)] = true;
}

/* The directory is on side *from* only, and must be on both. */
static void
bring(struct decision *d, enum side from)
{
	if (d->verdict == VERDICT_MOVE)
		return;
	if (!d->for_content) {
		d->bare = d->verdict;
		d->bare_take = d->take;
		d->for_content = true;
	}
	d->verdict = VERDICT_TAKE;
	d->take = (uint8_t)from;
}

static bool
is_needed(const struct dirs *s, size_t i, enum side *from)
{
	const struct item *it = &s->w->items->v[i];
	for (enum side o = SIDE_LOCAL; o < SIDES; o++) {
		*from = side_other(o);
		if (s->needed[o][i] && it->entry[o] == NULL &&
		    is_dir_entry(it->entry[*from]))
			return true;
	}
	return false;
}

/* ---- what goes ---- */

enum remains { REMAINS_NOTHING, REMAINS_UNKNOWN, REMAINS_KNOWN };

static bool
leaves(const struct work *w, size_t i, enum side o)
{
	const struct decision *d = &w->d[i];
	return (d->verdict == VERDICT_TAKE || d->verdict == VERDICT_MOVED) &&
	    d->take == side_other(o) && w->items->v[i].entry[d->take] == NULL;
}

/* Does it stay on one side only, for good? */
static bool
is_settled(const struct work *w, size_t i)
{
	const struct item *it = &w->items->v[i];
	const struct decision *d = &w->d[i];
	return d->verdict == VERDICT_SETTLE || d->held != HELD_NOT ||
	    (d->verdict == VERDICT_NONE && it->base != NULL &&
		agreed_settled(it->base));
}

/* What would be left in the directory of item *i* on side *o*. */
static enum remains
what_remains(const struct work *w, size_t i, enum side o)
{
	const struct item *it = &w->items->v[i];
	const struct tree_dir *dir = it->entry[o]->u.dir;
	enum remains left = REMAINS_NOTHING;
	struct str path = STR_INIT;
	for (size_t k = 0; k < dir->n && left != REMAINS_KNOWN; k++) {
		const struct entry *child = &dir->v[k];
		str_clear(&path);
		str_addn(&path, it->path, it->path_len);
		path_join(&path, child->name, child->name_len);
		const struct item *c = items_find(w->items, path.p, path.len);
		if (c != NULL && leaves(w, work_index(w, c), o))
			continue;
		bool known = child->type != ENTRY_UNKNOWN &&
		    (c == NULL || !is_settled(w, work_index(w, c)));
		left = known ? REMAINS_KNOWN : REMAINS_UNKNOWN;
	}
	str_free(&path);
	return left;
}

/* A removal of a directory that cannot be emptied is no removal. */
static void
settle_removal(struct work *w, size_t i)
{
	struct decision *d = &w->d[i];
	enum side o = side_other((enum side)d->take);
	switch (what_remains(w, i, o)) {
	case REMAINS_NOTHING:
		return;
	case REMAINS_UNKNOWN:
		d->verdict = VERDICT_SETTLE;
		d->take = (uint8_t)o;
		return;
	case REMAINS_KNOWN:
		d->verdict = VERDICT_NONE;
		return;
	}
}

/* ---- both ---- */

static void
settle_dir(struct dirs *s, size_t i)
{
	struct work *w = s->w;
	const struct item *it = &w->items->v[i];
	struct decision *d = &w->d[i];
	enum side from;
	if (is_needed(s, i, &from)) {
		bring(d, from);
		return;
	}
	if (d->for_content) {
		d->verdict = d->bare;
		d->take = d->bare_take;
		d->for_content = false;
	}
	if (d->verdict != VERDICT_TAKE)
		return;
	const struct entry *source = it->entry[d->take];
	const struct entry *other = it->entry[side_other((enum side)d->take)];
	if (source == NULL && is_dir_entry(other))
		settle_removal(w, i);
	else if (is_dir_entry(source) && other == NULL && it->base == NULL &&
	    !w->rules->empty_dirs)
		d->verdict = VERDICT_NONE;
}

void
plan_settle_dirs(struct work *w)
{
	struct dirs s = {.w = w};
	for (enum side o = SIDE_LOCAL; o < SIDES; o++)
		s.needed[o] = mem_zero(w->items->n, sizeof(bool));
	for (size_t i = w->items->n; i-- > 0;) {
		settle_dir(&s, i);
		for (enum side o = SIDE_LOCAL; o < SIDES; o++)
			if (comes_to(w, i, o))
				need_parent(&s, &w->items->v[i], o);
	}
	for (enum side o = SIDE_LOCAL; o < SIDES; o++)
		free(s.needed[o]);
}
