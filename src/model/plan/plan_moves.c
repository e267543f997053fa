/*
 * A path gone and another one new, with the same content on the same side, is
 * one file that was renamed: the other side renames too and copies nothing.
 * Only where nothing else is to be said about either path.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "model/plan/names.h"
#include "model/plan/plan_work.h"

/* One end of a possible move. */
struct end {
	struct hash hash;
	uint64_t size;
	/* What paths share that the side renamed on cannot tell apart; 0 where
	   it can. */
	uint64_t key;
	const char *name; /* last part: same names are matched first */
	uint32_t name_len;
	uint32_t item;
	uint8_t side;
	bool gone; /* the old path; else the new one */
	bool exec;
};

/* The order brings the ends that could be one file together. */
static int
compare_content(const struct end *a, const struct end *b)
{
	if (a->side != b->side)
		return a->side < b->side ? -1 : 1;
	if (a->size != b->size)
		return a->size < b->size ? -1 : 1;
	if (a->hash.hi != b->hash.hi)
		return a->hash.hi < b->hash.hi ? -1 : 1;
	if (a->hash.lo != b->hash.lo)
		return a->hash.lo < b->hash.lo ? -1 : 1;
	return (a->exec > b->exec) - (a->exec < b->exec);
}

static int
compare_items(const struct end *a, const struct end *b)
{
	return a->item < b->item ? -1 : a->item > b->item;
}

static int
compare_ends(const void *a, const void *b)
{
	int order = compare_content(a, b);
	return order != 0 ? order : compare_items(a, b);
}

static int
compare_keys(const void *a, const void *b)
{
	const struct end *x = a, *y = b;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return compare_items(x, y);
}

static int
compare_names(const void *a, const void *b)
{
	const struct end *x = a, *y = b;
	size_t n = x->name_len < y->name_len ? x->name_len : y->name_len;
	int order = memcmp(x->name, y->name, n);
	if (order != 0)
		return order;
	if (x->name_len != y->name_len)
		return x->name_len < y->name_len ? -1 : 1;
	return compare_items(x, y);
}

/* Row 3 or 7, of a file that stands alone. */
static bool
is_old_end(const struct item *it, const struct decision *d, enum side s)
{
	return it->state[s] == STATE_GONE && it->base != NULL &&
	    it->base->type == ENTRY_FILE && it->base->size > 0 &&
	    it->entry[side_other(s)] != NULL &&
	    it->entry[side_other(s)]->type == ENTRY_FILE && !d->resolved;
}

/* Row 10 or 11, of a file whose content is known. */
static bool
is_new_end(const struct item *it, const struct decision *d, enum side s)
{
	const struct entry *e = it->entry[s];
	return it->state[s] == STATE_NEW && e->type == ENTRY_FILE &&
	    e->size > 0 && e->u.hash != NULL &&
	    it->entry[side_other(s)] == NULL && !d->resolved;
}

static uint64_t
key_of(const struct work *w, const struct item *it, enum side s)
{
	if (!(w->rules->who[side_other(s)] & NAMES_FOLD))
		return 0;
	struct str key = STR_INIT;
	names_key(&key, it->path, it->path_len);
	uint64_t hash = hash_of(key.p, key.len).lo;
	str_free(&key);
	return hash;
}

static size_t
gather(const struct work *w, struct end *ends)
{
	size_t n = 0;
	for (size_t i = 0; i < w->items->n; i++) {
		const struct item *it = &w->items->v[i];
		const struct decision *d = &w->d[i];
		enum side s = (enum side)d->take;
		if (d->verdict != VERDICT_TAKE || d->unit != 0)
			continue;
		bool gone = is_old_end(it, d, s);
		if (!gone && !is_new_end(it, d, s))
			continue;
		const struct entry *e = it->entry[s];
		size_t name = path_name(it->path, it->path_len);
		ends[n++] = (struct end){
		    .hash = gone ? agreed_hash(it->base) : *e->u.hash,
		    .size = gone ? it->base->size : e->size,
		    .exec = gone ? agreed_exec(it->base, s)
				 : (e->flags & ENTRY_EXEC) != 0,
		    .key = key_of(w, it, s),
		    .name = it->path + name,
		    .name_len = it->path_len - (uint32_t)name,
		    .item = (uint32_t)i,
		    .side = (uint8_t)s,
		    .gone = gone,
		};
	}
	return n;
}

/* ---- pairing ---- */

static void
join(struct work *w, const struct end *a, const struct end *b)
{
	uint32_t old = a->gone ? a->item : b->item;
	uint32_t new = a->gone ? b->item : a->item;
	w->d[old].verdict = VERDICT_MOVED;
	w->d[old].partner = new;
	w->d[new].verdict = VERDICT_MOVE;
	w->d[new].partner = old;
}

static bool
same_key(const struct end *a, const struct end *b)
{
	return a->key != 0 && a->key == b->key;
}

static bool
same_name(const struct end *a, const struct end *b)
{
	return a->name_len == b->name_len &&
	    memcmp(a->name, b->name, a->name_len) == 0;
}

/* Join neighbours that are the two ends of a move; returns how many ends are
   left, at the beginning. */
static size_t
join_neighbours(struct work *w, struct end *ends, size_t n,
    bool (*same)(const struct end *a, const struct end *b))
{
	size_t left = 0;
	for (size_t i = 0; i < n; i++) {
		if (i + 1 < n && ends[i].gone != ends[i + 1].gone &&
		    same(&ends[i], &ends[i + 1])) {
			join(w, &ends[i], &ends[i + 1]);
			i++;
		} else {
			ends[left++] = ends[i];
		}
	}
	return left;
}

static void
join_rest(struct work *w, const struct end *ends, size_t n)
{
	size_t from = 0, to = 0;
	for (;;) {
		while (from < n && !ends[from].gone)
			from++;
		while (to < n && ends[to].gone)
			to++;
		if (from == n || to == n)
			return;
		join(w, &ends[from++], &ends[to++]);
	}
}

/*
 * Within a run of equal content: first what only changed its case, for nothing
 * else may take its place; then what kept its name (the file went to another
 * directory); then what is left, in order.
 */
static void
pair_run(struct work *w, struct end *ends, size_t n)
{
	if (n < 2)
		return;
	qsort(ends, n, sizeof(*ends), compare_keys);
	n = join_neighbours(w, ends, n, same_key);
	if (w->rules->never_delete)
		return; /* the old name is to stay */
	qsort(ends, n, sizeof(*ends), compare_names);
	n = join_neighbours(w, ends, n, same_name);
	qsort(ends, n, sizeof(*ends), compare_ends);
	join_rest(w, ends, n);
}

void
plan_find_moves(struct work *w)
{
	if (w->items->n == 0)
		return;
	struct end *ends = mem_alloc(w->items->n * sizeof(*ends));
	size_t n = gather(w, ends);
	if (n > 1)
		qsort(ends, n, sizeof(*ends), compare_ends);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1;
		     end < n && compare_content(&ends[i], &ends[end]) == 0;)
			end++;
		pair_run(w, &ends[i], end - i);
	}
	free(ends);
}
