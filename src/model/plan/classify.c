#include "model/plan/classify.h"

#include <string.h>

#include "base/mem.h"
#include "base/path.h"

/* Where in its tree, or in the ledger, the pass stands. */
struct join {
	const struct classify_rules *rules;
	const struct agreed *agreed;
	size_t record; /* the next one */
	struct tree_cursor cursor[SIDES];
	/* The outermost place at which a side is unknown, as far as the pass
	   is still below it: what is missing there is not absent. */
	struct shadow {
		struct str path;
		bool cast;
		uint8_t why; /* enum entry_unknown */
	} shadow[SIDES];
	struct items *out;
};

/* ---- one side ---- */

static struct stamp
agreed_mtime(const struct agreed_record *r, enum side s)
{
	return (struct stamp){
	    .sec = r->side[s].mtime_sec, .nsec = r->side[s].mtime_nsec};
}

static bool
same_ids(const struct entry *e, const struct agreed_side *seen)
{
	return e->ino == seen->ino && e->ctime_sec == seen->ctime_sec &&
	    e->ctime_nsec == seen->ctime_nsec;
}

static enum state
file_state(const struct classify_rules *rules, enum side s,
    const struct entry *e, const struct agreed_record *base)
{
	bool exec = (e->flags & ENTRY_EXEC) != 0;
	if (e->size != base->size)
		return STATE_CHANGED;
	if (rules->exec[s] && exec != agreed_exec(base, s))
		return STATE_CHANGED;
	bool same_time = stamp_cmp(entry_mtime(e), agreed_mtime(base, s)) == 0;
	if (e->flags & ENTRY_PLACEHOLDER)
		return same_time ? STATE_SAME : STATE_SUSPECT;
	if (rules->compare == CLASSIFY_HASH)
		return STATE_SUSPECT;
	if (rules->compare == CLASSIFY_MTIME) {
		return stamp_near(entry_mtime(e), agreed_mtime(base, s),
			   rules->tolerance)
		    ? STATE_SAME
		    : STATE_CHANGED;
	}
	if (agreed_racy(base, s) || !same_time)
		return STATE_SUSPECT;
	return !rules->ids[s] || same_ids(e, &base->side[s]) ? STATE_SAME
							     : STATE_SUSPECT;
}

static enum state
side_state(const struct classify_rules *rules, enum side s,
    const struct entry *e, const struct agreed_record *base)
{
	if (e != NULL && e->type == ENTRY_UNKNOWN)
		return STATE_UNKNOWN;
	if (base == NULL)
		return e == NULL ? STATE_ABSENT : STATE_NEW;
	if (!agreed_present(base, s))
		return e == NULL ? STATE_SAME : STATE_NEW;
	if (e == NULL)
		return STATE_GONE;
	if (e->type != base->type)
		return STATE_CHANGED;
	if (e->type == ENTRY_DIR)
		return STATE_SAME;
	if (e->type == ENTRY_LINK) {
		return e->u.hash != NULL &&
			hash_equal(*e->u.hash, agreed_hash(base))
		    ? STATE_SAME
		    : STATE_CHANGED;
	}
	return file_state(rules, s, e, base);
}

/* ---- one path ---- */

/*
 * Does nothing about this path concern the plan? What the filter leaves out
 * does not, unless there is a record to forget. Any other unknown does, even
 * where it only lies in a directory that could not be read: a unit it belongs
 * to must wait for it.
 */
static bool
is_quiet(const struct item *it)
{
	bool unknown = false;
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		if (it->state[s] != STATE_UNKNOWN)
			continue;
		if (it->base != NULL || unknown_is_listed(it->unknown[s]))
			return false;
		unknown = true;
	}
	if (unknown)
		return true;
	if (it->base != NULL && agreed_settled(it->base))
		return false; /* what comes into it may need its other half */
	return it->state[SIDE_LOCAL] == STATE_SAME &&
	    it->state[SIDE_CLOUD] == STATE_SAME;
}

/*
 * Which contents must be known. Equal sizes on two changed sides may be equal
 * contents; a suspect side has the agreed size, so it can only be equal to a
 * side of that size.
 */
static uint8_t
needs_of(const struct item *it)
{
	const struct entry *l = it->entry[SIDE_LOCAL];
	const struct entry *c = it->entry[SIDE_CLOUD];
	uint8_t needs = 0;
	bool unsettled[SIDES];
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		if (it->state[s] == STATE_SUSPECT)
			needs |= (uint8_t)(NEEDS_HASH << s);
		unsettled[s] = it->state[s] == STATE_SUSPECT ||
		    it->state[s] == STATE_CHANGED || it->state[s] == STATE_NEW;
	}
	if (unsettled[SIDE_LOCAL] && unsettled[SIDE_CLOUD] &&
	    l->type == ENTRY_FILE && c->type == ENTRY_FILE &&
	    l->size == c->size)
		needs |= NEEDS_HASH << SIDE_LOCAL | NEEDS_HASH << SIDE_CLOUD;
	return needs;
}

static void
emit(struct join *j, struct item *it)
{
	struct items *out = j->out;
	it->path = arena_copy(&out->arena, it->path, it->path_len);
	it->needs = needs_of(it);
	out->v = mem_grow(out->v, &out->cap, out->n + 1, sizeof(*out->v));
	out->v[out->n++] = *it;
}

/* Keep the shadow of a side up to date as the pass comes to *path*. */
static void
move_shadow(
    struct shadow *sh, const char *path, size_t n, const struct entry *e)
{
	if (sh->cast && !path_within(path, n, sh->path.p, sh->path.len))
		sh->cast = false;
	if (sh->cast || e == NULL || e->type != ENTRY_UNKNOWN)
		return;
	str_clear(&sh->path);
	str_addn(&sh->path, path, n);
	sh->why = e->unknown;
	sh->cast = true;
}

static void
classify_path(struct join *j, const char *path, size_t n,
    struct entry *const entry[SIDES], const struct agreed_record *base)
{
	struct item it = {.path = path, .path_len = (uint32_t)n, .base = base};
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		struct shadow *sh = &j->shadow[s];
		struct entry *e = entry[s];
		move_shadow(sh, path, n, e);
		it.entry[s] = e;
		if (e == NULL && sh->cast) {
			it.state[s] = STATE_UNKNOWN;
			it.unknown[s] = sh->why;
			continue;
		}
		it.state[s] = (uint8_t)side_state(j->rules, s, e, base);
		if (e != NULL && e->type == ENTRY_UNKNOWN)
			it.unknown[s] = e->unknown;
	}
	if (!is_quiet(&it))
		emit(j, &it);
}

/* ---- the pass ---- */

/*
 * Take the smallest path any of the three stands at, and what each has there.
 */
static bool
step(struct join *j)
{
	const struct agreed_record *base = NULL;
	const char *path = NULL;
	size_t n = 0;
	if (j->record < j->agreed->n) {
		base = &j->agreed->v[j->record];
		path = agreed_path(j->agreed, base);
		n = base->path_len;
	}
	struct entry *entry[SIDES] = {NULL, NULL};
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		struct tree_cursor *c = &j->cursor[s];
		if (c->entry == NULL)
			continue;
		int order = path == NULL
		    ? -1
		    : path_cmp(c->path.p, c->path.len, path, n);
		if (order < 0) {
			base = NULL;
			entry[SIDE_LOCAL] = NULL;
			path = c->path.p;
			n = c->path.len;
		}
		if (order <= 0)
			entry[s] = c->entry;
	}
	if (path == NULL)
		return false;
	classify_path(j, path, n, entry, base);
	if (base != NULL)
		j->record++;
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		if (entry[s] != NULL)
			tree_next(&j->cursor[s]);
	return true;
}

void
classify(struct items *out, const struct tree trees[SIDES],
    const struct agreed *agreed, const struct classify_rules *rules)
{
	struct join j = {.rules = rules, .agreed = agreed, .out = out};
	memset(out, 0, sizeof(*out));
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		j.shadow[s].path = STR_INIT;
		move_shadow(&j.shadow[s], "", 0, &trees[s].root);
		tree_begin(&j.cursor[s], &trees[s].root, "", 0);
		tree_next(&j.cursor[s]);
	}
	while (step(&j))
		;
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		tree_end(&j.cursor[s]);
		str_free(&j.shadow[s].path);
	}
}

/* ---- once contents are known ---- */

void
classify_settle(struct items *items, const struct classify_rules *rules)
{
	for (size_t i = 0; i < items->n; i++) {
		struct item *it = &items->v[i];
		for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
			if (it->state[s] != STATE_SUSPECT)
				continue;
			const struct hash *h = it->entry[s]->u.hash;
			bool same =
			    h != NULL && hash_equal(*h, agreed_hash(it->base));
			it->state[s] = same ? STATE_SAME : STATE_CHANGED;
			it->refresh |= same && rules->compare != CLASSIFY_HASH;
		}
	}
}

bool
classify_equal(const struct entry *a, const struct entry *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	if (a->type != b->type || a->type == ENTRY_UNKNOWN)
		return false;
	if (a->type == ENTRY_DIR)
		return true;
	return a->size == b->size && a->u.hash != NULL && b->u.hash != NULL &&
	    hash_equal(*a->u.hash, *b->u.hash);
}

struct item *
items_find(const struct items *items, const char *path, size_t n)
{
	size_t lo = 0, hi = items->n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		struct item *it = &items->v[mid];
		int order = path_cmp(it->path, it->path_len, path, n);
		if (order == 0)
			return it;
		if (order < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

void
items_free(struct items *items)
{
	free(items->v);
	arena_free(&items->arena);
	memset(items, 0, sizeof(*items));
}
