/*
 * Names a side cannot tell apart, because it ignores case or composition.
 *
 * A removal and a creation that share a key there are a change of case, and go
 * one after the other; a directory that only changed its case is renamed with
 * all that is in it. Two that want to stay are a collision, which no policy can
 * settle.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "model/plan/names.h"
#include "model/plan/plan_work.h"

#define NO_ITEM UINT32_MAX

/* A name on the folding side that is there, comes, or goes. */
struct claim {
	const char *key; /* of the whole path */
	size_t key_len;
	uint32_t item; /* NO_ITEM: something quiet */
	bool comes, goes;
};

struct claims {
	struct claim *v;
	size_t n, cap;
	struct arena keys;
	struct str scratch;
};

/* ---- gathering ---- */

static void
claim(struct claims *c, const char *path, size_t n, struct claim what)
{
	str_clear(&c->scratch);
	names_key(&c->scratch, path, n);
	what.key = arena_copy(&c->keys, c->scratch.p, c->scratch.len);
	what.key_len = c->scratch.len;
	c->v = mem_grow(c->v, &c->cap, c->n + 1, sizeof(*c->v));
	c->v[c->n++] = what;
}

/* What lies in a directory that is about to be given a name, and stays. */
static void
claim_siblings(
    struct work *w, struct claims *c, const char *dir, size_t n, enum side o)
{
	const struct entry *e = tree_find(&w->trees[o], dir, n);
	struct str path = STR_INIT;
	if (!is_dir_entry(e))
		return;
	for (size_t i = 0; i < e->u.dir->n; i++) {
		const struct entry *child = &e->u.dir->v[i];
		str_clear(&path);
		str_addn(&path, dir, n);
		path_join(&path, child->name, child->name_len);
		const struct item *it = items_find(w->items, path.p, path.len);
		if (it == NULL || !plan_goes(w, work_index(w, it), o))
			claim(c, path.p, path.len,
			    (struct claim){.item = NO_ITEM});
	}
	str_free(&path);
}

/* A directory something comes into. */
struct place {
	const char *path;
	size_t n;
};

static int
compare_places(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	return path_cmp(x->path, x->n, y->path, y->n);
}

/* Each directory's siblings are claimed once, however its newcomers lie. */
static void
claim_places(
    struct work *w, struct claims *c, struct place *v, size_t n, enum side o)
{
	if (n > 1)
		qsort(v, n, sizeof(*v), compare_places);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || compare_places(&v[i - 1], &v[i]) != 0)
			claim_siblings(w, c, v[i].path, v[i].n, o);
}

static void
gather_claims(struct work *w, struct claims *c, enum side o)
{
	struct place *places = mem_alloc((w->items->n + 1) * sizeof(*places));
	size_t nplaces = 0;
	for (size_t i = 0; i < w->items->n; i++) {
		const struct item *it = &w->items->v[i];
		struct claim what = {.item = (uint32_t)i,
		    .comes = plan_comes(w, i, o),
		    .goes = plan_goes(w, i, o)};
		if (!what.comes && !what.goes)
			continue;
		claim(c, it->path, it->path_len, what);
		if (what.comes)
			places[nplaces++] = (struct place){
			    it->path, path_parent(it->path, it->path_len)};
	}
	claim_places(w, c, places, nplaces, o);
	free(places);
}

static int
compare_claims(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;
	int order = path_cmp(x->key, x->key_len, y->key, y->key_len);
	if (order != 0)
		return order;
	return x->item < y->item ? -1 : x->item > y->item;
}

/* ---- making room ---- */

/* Does the name of a file moved away from *old* only change its case? */
static bool
is_twin(const struct work *w, size_t old)
{
	const struct item *a = &w->items->v[old];
	const struct item *b = &w->items->v[w->d[old].partner];
	struct str x = STR_INIT, y = STR_INIT;
	names_key(&x, a->path, a->path_len);
	names_key(&y, b->path, b->path_len);
	bool same = x.len == y.len && memcmp(x.p, y.p, x.len) == 0;
	str_free(&x);
	str_free(&y);
	return same;
}

/* No move after all: the new name is copied, the old one removed. */
static void
part(struct work *w, size_t old)
{
	w->d[w->d[old].partner].verdict = VERDICT_TAKE;
	w->d[old].verdict = VERDICT_TAKE;
}

/* Of which units does side *o* lose members, and nothing else is done? */
static void
find_leaving_units(struct work *w, enum side o)
{
	for (uint32_t unit = 1; unit < w->nunits; unit++) {
		struct unit *u = &w->units[unit];
		u->leaves = u->d.copy == 0;
		for (size_t m = 0; m < u->nmembers; m++)
			u->leaves &=
			    w->d[u->members[m]].verdict != VERDICT_TAKE ||
			    plan_goes(w, u->members[m], o);
	}
}

/* May everything at and below the item's path on *o* go before its time? */
static bool
may_go_first(const struct work *w, size_t top, enum side o)
{
	const struct item *dir = &w->items->v[top];
	for (size_t i = top; i < w->items->n; i++) {
		const struct item *it = &w->items->v[i];
		const struct decision *d = &w->d[i];
		const struct entry *e = it->entry[o];
		if (!path_within(
			it->path, it->path_len, dir->path, dir->path_len))
			break;
		if (e == NULL || e->type == ENTRY_UNKNOWN)
			continue;
		/* Under delete_policy = never what lies in it must stay. */
		bool dies = i != top && e->type != ENTRY_DIR &&
		    d->verdict != VERDICT_MOVED;
		if (!plan_goes(w, i, o) || (dies && w->rules->never_delete) ||
		    (d->unit != 0 && !w->units[d->unit].leaves))
			return false;
	}
	return true;
}

static bool
in_one_unit(const struct work *w, size_t a, size_t b)
{
	return w->d[a].unit != 0 && w->d[a].unit == w->d[b].unit;
}

/* A unit sees to its own order, but what survives in it makes no room. */
static bool
may_yield(const struct work *w, size_t old, size_t newcomer, enum side o)
{
	if (in_one_unit(w, old, newcomer))
		return !w->rules->never_delete ||
		    !w->units[w->d[old].unit].wiped;
	return may_go_first(w, old, o);
}

/* It goes first, and so does all that is in it; what a renamed directory
   carries along (*carried*) may stay. */
static void
send_ahead(struct work *w, size_t top, bool carried)
{
	const struct item *dir = &w->items->v[top];
	for (size_t i = carried ? top + 1 : top; i < w->items->n; i++) {
		const struct item *it = &w->items->v[i];
		struct decision *d = &w->d[i];
		if (!path_within(
			it->path, it->path_len, dir->path, dir->path_len))
			return;
		if (d->verdict == VERDICT_MOVED && !(carried && is_twin(w, i)))
			part(w, i);
		if (d->verdict != VERDICT_TAKE || !plan_is_removal(w, i))
			continue;
		d->in_the_way = true;
		if (d->unit != 0)
			w->units[d->unit].in_the_way = true;
	}
}

static void
rename_directory(struct work *w, size_t old, size_t newcomer)
{
	send_ahead(w, old, true);
	w->d[old].verdict = VERDICT_MOVED;
	w->d[old].partner = (uint32_t)newcomer;
	w->d[newcomer].verdict = VERDICT_MOVE;
	w->d[newcomer].partner = (uint32_t)old;
	w->d[newcomer].for_content = false;
}

/* The name of item *old* goes for that of *newcomer*. */
static void
yield_name(struct work *w, size_t old, size_t newcomer, enum side o)
{
	const struct decision *d = &w->d[newcomer];
	bool dirs = is_dir_entry(w->items->v[old].entry[o]) &&
	    is_dir_entry(w->items->v[newcomer].entry[side_other(o)]);
	if (d->verdict == VERDICT_MOVE && d->partner == old)
		return;
	if (dirs && d->unit == 0 && w->d[old].unit == 0)
		rename_directory(w, old, newcomer);
	else
		send_ahead(w, old, false);
}

/* One name comes; may, and do, the others of its key go? */
static bool
make_room(struct work *w, const struct claim *v, size_t n, size_t newcomer,
    enum side o)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].goes && !may_yield(w, v[i].item, newcomer, o))
			return false;
	for (size_t i = 0; i < n; i++)
		if (v[i].goes && !in_one_unit(w, v[i].item, newcomer))
			yield_name(w, v[i].item, newcomer, o);
	return true;
}

/* ---- judging ---- */

static void
collide(struct work *w, const struct claim *v, size_t n, enum side o)
{
	static const struct decision conflict = {.verdict = VERDICT_CONFLICT,
	    .contested = true,
	    .kind = PLAN_CASE_COLLISION};
	for (size_t i = 0; i < n; i++)
		if (v[i].comes && plan_comes(w, v[i].item, o))
			plan_drop(w, v[i].item, &conflict);
}

/* All claims of one key. */
static void
judge_run(struct work *w, const struct claim *v, size_t n, enum side o)
{
	size_t stay = 0, coming = 0, newcomer = 0;
	for (size_t i = 0; i < n; i++) {
		/* By now it may have been dropped with its directory. */
		bool comes = v[i].comes && plan_comes(w, v[i].item, o);
		bool goes = v[i].goes && plan_goes(w, v[i].item, o);
		stay += comes || (!v[i].comes && !goes);
		coming += comes;
		if (comes)
			newcomer = v[i].item;
	}
	if (coming == 0)
		return;
	if (stay > 1 || !make_room(w, v, n, newcomer, o))
		collide(w, v, n, o);
}

void
plan_check_folding(struct work *w, enum side o)
{
	struct claims c = {.keys = ARENA_INIT, .scratch = STR_INIT};
	find_leaving_units(w, o);
	gather_claims(w, &c, o);
	if (c.n > 1)
		qsort(c.v, c.n, sizeof(*c.v), compare_claims);
	for (size_t i = 0, end; i < c.n; i = end) {
		for (end = i + 1; end < c.n &&
		     c.v[end].key_len == c.v[i].key_len &&
		     memcmp(c.v[end].key, c.v[i].key, c.v[i].key_len) == 0;)
			end++;
		if (end - i > 1)
			judge_run(w, &c.v[i], end - i, o);
	}
	free(c.v);
	arena_free(&c.keys);
	str_free(&c.scratch);
}
