#include "model/cloud/heads.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/path.h"
#include "model/entry.h"
#include "model/plan/unit.h"

size_t
heads_find(bool *out, const struct publication *p, size_t n)
{
	size_t found = 0;
	for (size_t i = 0; i < n; i++) {
		out[i] = true;
		for (size_t k = 0; k < n; k++)
			if (k != i &&
			    seen_get(p[k].seen, p[i].machine) >=
				p[i].generation)
				out[i] = false;
		found += out[i];
	}
	for (size_t i = 0; i < n && found == 0; i++)
		out[i] = true;
	return found > 0 ? found : n;
}

/* A database that has no companion is one by its name alone: that names the
   same unit as long as nobody claims companions. */
size_t
heads_unit(
    const char *path, size_t n, const struct glob *groups, size_t ngroups)
{
	size_t group = unit_group(path, n, false, groups, ngroups);
	if (group > 0)
		return group;
	size_t database = unit_database(path, n);
	return database > 0 ? database : n;
}

/* ---- one path, all heads ---- */

struct front {
	const char *path;
	size_t n;
	uint64_t has; /* which heads claim it */
};

/* The first path any head stands at. */
static bool
find_front(struct front *out, const struct heads *h)
{
	*out = (struct front){.path = NULL};
	for (size_t i = 0; i < h->n; i++) {
		const struct claims *c = h->claims[i];
		if (c->ended)
			continue;
		int order = out->path == NULL
		    ? -1
		    : path_cmp(c->now.path, c->now.path_len, out->path, out->n);
		if (order < 0)
			*out = (struct front){
			    .path = c->now.path, .n = c->now.path_len};
		if (order <= 0)
			out->has |= (uint64_t)1 << i;
	}
	return out->path != NULL;
}

static bool
has(const struct front *f, size_t i)
{
	return (f->has >> i & 1) != 0;
}

static void
pass_front(const struct heads *h, const struct front *f)
{
	uint64_t left = f->has;
	for (size_t i = 0; i < h->n; i++)
		if ((left >> i & 1) != 0)
			claims_next(h->claims[i]);
}

static const struct claim *
claim_of(const struct heads *h, const struct front *f, size_t i)
{
	static const struct claim nothing = {.path = ""};
	return has(f, i) ? &h->claims[i]->now : &nothing;
}

static bool
all_alike(const struct heads *h, const struct front *f)
{
	const struct claim *first = claim_of(h, f, 0);
	for (size_t i = 1; i < h->n; i++) {
		const struct claim *c = claim_of(h, f, i);
		if (c->n != first->n)
			return false;
		for (unsigned k = 0; k < c->n; k++)
			if (!claim_has(first, &c->v[k]))
				return false;
	}
	return true;
}

/* ---- one unit, all heads ---- */

/* What the heads' words on a unit are to each other: for each head three sets
   of others, one bit for each. */
enum relation {
	NEWS,    /* has not seen something it has in there */
	DROPPED, /* had something it knew of and does without */
	DIFFERS,
	RELATIONS
};

struct unit_word {
	const char *name;
	size_t n;
	uint64_t *sets; /* RELATIONS for each head */
	uint64_t may;   /* which heads may speak for it */
};

struct heads_units {
	struct unit_word *v; /* once judged: sorted by name, each once */
	size_t n, cap;
	struct arena arena;
};

static struct unit_word *
add_unit(struct heads_units *u, const char *name, size_t n, size_t heads)
{
	u->v = mem_grow(u->v, &u->cap, u->n + 1, sizeof(*u->v));
	struct unit_word *unit = &u->v[u->n++];
	*unit = (struct unit_word){.name = arena_copy(&u->arena, name, n),
	    .n = n,
	    .sets =
		arena_zero(&u->arena, heads * RELATIONS, sizeof(*unit->sets))};
	return unit;
}

static void
relate(struct unit_word *u, enum relation how, size_t i, size_t k)
{
	u->sets[i * RELATIONS + how] |= (uint64_t)1 << k;
}

/* What head *i* claims and head *k* does not. */
static void
compare_pair(struct unit_word *u, const struct heads *h, const struct front *f,
    size_t i, size_t k)
{
	const struct claim *mine = claim_of(h, f, i);
	const struct claim *other = claim_of(h, f, k);
	for (unsigned j = 0; j < mine->n; j++) {
		const struct version *v = &mine->v[j];
		if (claim_has(other, v))
			continue;
		relate(u, DIFFERS, i, k);
		relate(u, DIFFERS, k, i);
		if (seen_get(h->speaker[k].seen, v->machine) >= v->generation)
			relate(u, DROPPED, k, i);
		else
			relate(u, NEWS, i, k);
	}
}

static void
compare_all(struct unit_word *u, const struct heads *h, const struct front *f)
{
	for (size_t i = 0; i < h->n; i++)
		for (size_t k = 0; k < h->n; k++)
			if (i != k)
				compare_pair(u, h, f, i, k);
}

/*
 * Head *k* overrules *i* where they differ, *i* has nothing that *k* had not
 * seen, and nothing of *k*'s did *i* know and drop.
 */
static void
decide(struct unit_word *u, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const uint64_t *sets = &u->sets[i * RELATIONS];
		if ((sets[DIFFERS] & ~sets[NEWS] & ~sets[DROPPED]) == 0)
			u->may |= (uint64_t)1 << i;
	}
	if (u->may == 0)
		u->may = UINT64_MAX;
}

static int
compare_units(const void *a, const void *b)
{
	const struct unit_word *x = a, *y = b;
	return path_cmp(x->name, x->n, y->name, y->n);
}

/* Members come one by one: what is said of each holds for the whole. */
static void
gather(struct heads_units *u, size_t heads)
{
	size_t n = 0;
	if (u->n > 1)
		qsort(u->v, u->n, sizeof(*u->v), compare_units);
	for (size_t i = 0; i < u->n; i++) {
		struct unit_word *last = n > 0 ? &u->v[n - 1] : NULL;
		if (last == NULL || compare_units(last, &u->v[i]) != 0) {
			u->v[n++] = u->v[i];
			continue;
		}
		for (size_t k = 0; k < heads * RELATIONS; k++)
			last->sets[k] |= u->v[i].sets[k];
	}
	u->n = n;
}

struct heads_units *
heads_judge(const struct heads *h)
{
	struct heads_units *u = mem_zero(1, sizeof(*u));
	struct front f;
	for (; find_front(&f, h); pass_front(h, &f)) {
		size_t n = heads_unit(f.path, f.n, h->groups, h->ngroups);
		if (!all_alike(h, &f))
			compare_all(add_unit(u, f.path, n, h->n), h, &f);
	}
	gather(u, h->n);
	for (size_t i = 0; i < u->n; i++)
		decide(&u->v[i], h->n);
	return u;
}

void
heads_units_free(struct heads_units *u)
{
	if (u == NULL)
		return;
	free(u->v);
	arena_free(&u->arena);
	free(u);
}

/* ---- merging ---- */

static uint64_t
who_may(
    const struct heads_units *u, const struct heads *h, const struct front *f)
{
	struct unit_word key = {.name = f->path,
	    .n = heads_unit(f->path, f->n, h->groups, h->ngroups)};
	const struct unit_word *found =
	    bsearch(&key, u->v, u->n, sizeof(*u->v), compare_units);
	return found != NULL ? found->may : UINT64_MAX;
}

/* Does one of those who may speak know this version, and do without it? */
static bool
is_replaced(const struct heads *h, const struct front *f, uint64_t may,
    const struct version *v)
{
	for (size_t k = 0; k < h->n; k++)
		if ((may >> k & 1) != 0 && !claim_has(claim_of(h, f, k), v) &&
		    seen_get(h->speaker[k].seen, v->machine) >= v->generation)
			return true;
	return false;
}

/* Everything those say who may; "not there" too, where there are several and
   one of them says nothing. */
static void
merge_front(struct claim *out, const struct heads *h, const struct front *f,
    uint64_t may)
{
	struct version silent = {.type = ENTRY_NONE};
	bool alone = heads_unit(f->path, f->n, h->groups, h->ngroups) == f->n;
	*out = (struct claim){.path = f->path, .path_len = f->n};
	for (size_t i = 0; i < h->n; i++) {
		const struct claim *c = claim_of(h, f, i);
		if ((may >> i & 1) == 0)
			continue;
		for (unsigned k = 0; k < c->n; k++)
			if (!alone || !is_replaced(h, f, may, &c->v[k]))
				claim_add(out, &c->v[k]);
		if (c->n == 0 && !alone) {
			silent.machine = h->speaker[i].machine;
			silent.generation = h->speaker[i].generation;
		}
	}
	if (silent.generation > 0 && out->n > 0)
		claim_add(out, &silent);
}

void
heads_merge(const struct heads *h, const struct heads_units *u,
    const struct claims_sink *sink)
{
	struct front f;
	struct claim merged;
	for (; find_front(&f, h); pass_front(h, &f)) {
		uint64_t may =
		    all_alike(h, &f) ? UINT64_MAX : who_may(u, h, &f);
		merge_front(&merged, h, &f, may);
		if (merged.n > 0)
			sink->claim(sink->arg, &merged);
	}
}

/* ---- what was not published ---- */

static void
amend(struct claim *out, const struct claim *base, const struct claim *change,
    const struct seen *seen)
{
	for (unsigned i = 0; i < base->n; i++) {
		const struct version *v = &base->v[i];
		if (claim_has(change, v) ||
		    seen_get(seen, v->machine) < v->generation)
			claim_add(out, v);
	}
	for (unsigned i = 0; i < change->n; i++)
		claim_add(out, &change->v[i]);
}

void
heads_amend(struct claims *base, struct claims *changes,
    const struct seen *seen, const struct claims_sink *sink)
{
	while (!base->ended || !changes->ended) {
		int order = base->ended ? 1
		    : changes->ended
		    ? -1
		    : path_cmp(base->now.path, base->now.path_len,
			  changes->now.path, changes->now.path_len);
		const struct claim *c = order <= 0 ? &base->now : &changes->now;
		struct claim out = {.path = c->path, .path_len = c->path_len};
		if (order < 0)
			out = base->now;
		else
			amend(&out,
			    order == 0 ? &base->now
				       : &(const struct claim){.path = ""},
			    &changes->now, seen);
		if (out.n > 0)
			sink->claim(sink->arg, &out);
		if (order <= 0)
			claims_next(base);
		if (order >= 0)
			claims_next(changes);
	}
}
