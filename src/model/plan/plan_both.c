/*
 * Conflict copies: what the loser of a conflict is called from now on, and how
 * it comes to both sides under that name.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/utf8.h"
#include "model/plan/names.h"
#include "model/plan/plan_work.h"
#include "model/plan/unit.h"

/* No file system we meet takes a longer name. */
enum { NAME_MAX_BYTES = 255 };

/* ---- names taken -----------------------------------------------------------
 */

/*
 * The names given to copies so far, by their hashes: an open table, at most
 * half full. Two names of one hash would only cost the second a number.
 */
struct names_taken {
	uint64_t *slot; /* 0: free */
	size_t n, cap;  /* a power of two */
};

static uint64_t
fingerprint(const struct str *path)
{
	uint64_t h = hash_of(path->p, path->len).lo;
	return h != 0 ? h : 1;
}

static uint64_t *
find_slot(const struct names_taken *t, uint64_t h)
{
	size_t at = (size_t)h & (t->cap - 1);
	while (t->slot[at] != 0 && t->slot[at] != h)
		at = (at + 1) & (t->cap - 1);
	return &t->slot[at];
}

static void
grow(struct names_taken *t)
{
	struct names_taken next = {
	    .n = t->n, .cap = t->cap > 0 ? t->cap * 2 : 64};
	next.slot = mem_zero(next.cap, sizeof(*next.slot));
	for (size_t i = 0; i < t->cap; i++)
		if (t->slot[i] != 0)
			*find_slot(&next, t->slot[i]) = t->slot[i];
	free(t->slot);
	*t = next;
}

static void
reserve_name(struct work *w, const struct str *path)
{
	struct names_taken *t = w->taken;
	if (t == NULL)
		w->taken = t = mem_zero(1, sizeof(*t));
	if (t->n * 2 >= t->cap)
		grow(t);
	*find_slot(t, fingerprint(path)) = fingerprint(path);
	t->n++;
}

static bool
is_taken(const struct work *w, const struct str *path)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		if (tree_find(&w->trees[s], path->p, path->len) != NULL)
			return true;
	if (agreed_find(w->agreed, path->p, path->len) != NULL)
		return true;
	return w->taken != NULL && *find_slot(w->taken, fingerprint(path)) != 0;
}

/* ---- the name --------------------------------------------------------------
 */

/* The longest beginning of *s* that fits and ends at a whole character. */
static size_t
fit(const char *s, size_t n, size_t room)
{
	size_t at = 0;
	while (at < n) {
		int32_t cp;
		size_t len = utf8_next(s + at, n - at, &cp);
		if (at + len > room)
			break;
		at += len;
	}
	return at;
}

/* NAME.conflict-YYYYMMDD-HHMMSS-MACHINE[-N].EXT; what does not fit is cut from
   NAME, and an extension that leaves no room counts as part of it. */
static void
copy_name(struct str *out, const struct work *w, const char *path, size_t n,
    unsigned number)
{
	size_t name = path_name(path, n), ext = path_extension(path, n);
	struct stamp_parts t = stamp_parts(w->rules->now.sec, 0);
	struct str mark = STR_INIT;
	str_addf(&mark, ".conflict-%04" PRId64 "%02d%02d-%02d%02d%02d-%s",
	    t.year, t.month, t.day, t.hour, t.minute, t.second,
	    w->rules->machine);
	if (number > 1)
		str_addf(&mark, "-%u", number);
	if (mark.len + (n - ext) >= NAME_MAX_BYTES)
		ext = n;
	size_t tail = mark.len + (n - ext);
	size_t room = tail < NAME_MAX_BYTES ? NAME_MAX_BYTES - tail : 1;
	str_clear(out);
	str_addn(out, path, name);
	str_addn(out, path + name, fit(path + name, ext - name, room));
	str_addn(out, mark.p, mark.len);
	str_addn(out, path + ext, n - ext);
	str_free(&mark);
}

/* A family's name is free when every member's is. */
static bool
is_free(const struct work *w, const struct str *name, size_t members)
{
	struct str member = STR_INIT;
	bool free_name = true;
	for (size_t m = 0; m < members && free_name; m++) {
		unit_member(&member, name->p, name->len, m);
		free_name = !is_taken(w, &member);
	}
	str_free(&member);
	return free_name;
}

static void
reserve(struct work *w, const struct str *name, size_t members)
{
	struct str member = STR_INIT;
	for (size_t m = 0; m < members; m++) {
		unit_member(&member, name->p, name->len, m);
		reserve_name(w, &member);
	}
	str_free(&member);
}

/* A name like the original's can be one a side could not be given anew. */
static bool
can_be_held(const struct work *w, const struct str *name, size_t members)
{
	struct str member = STR_INIT;
	bool can = true;
	for (size_t m = 0; m < members && can; m++) {
		unit_member(&member, name->p, name->len, m);
		for (enum side s = SIDE_LOCAL; s < SIDES; s++)
			can = can &&
			    names_forbidden(
				member.p, member.len, w->rules->who[s]) == NULL;
	}
	str_free(&member);
	return can;
}

static uint32_t
add_copy(struct work *w, const struct copy *c)
{
	if (w->ncopies == 0)
		w->ncopies = 1; /* copies[0] is unused */
	w->copies = mem_grow(
	    w->copies, &w->cap_copies, w->ncopies + 1, sizeof(*w->copies));
	w->copies[w->ncopies] = *c;
	return (uint32_t)w->ncopies++;
}

void
plan_name_copy(struct work *w, struct decision *d, size_t item, uint32_t unit)
{
	const struct item *it = &w->items->v[item];
	const struct unit *u = unit != 0 ? &w->units[unit] : NULL;
	const char *path = u != NULL ? u->root : it->path;
	size_t n = u != NULL ? u->root_len : it->path_len;
	size_t members = u != NULL && u->kind == UNIT_FAMILY ? UNIT_MEMBERS : 1;
	struct str name = STR_INIT;
	unsigned number = 1;
	enum side loser = side_other((enum side)d->take);
	const char *there = u == NULL ? plan_copy_there(w, it, loser) : NULL;
	if (there != NULL) {
		d->copy = add_copy(w,
		    &(struct copy){.item = (uint32_t)item,
			.loser = (uint8_t)loser,
			.there = true,
			.name = there});
		return;
	}
	do
		copy_name(&name, w, path, n, number++);
	while (!is_free(w, &name, members));
	if (can_be_held(w, &name, members)) {
		reserve(w, &name, members);
		d->copy = add_copy(w,
		    &(struct copy){.item = (uint32_t)item,
			.unit = unit,
			.loser = (uint8_t)loser,
			.name = arena_copy(&w->plan->arena, name.p, name.len)});
	} else {
		d->verdict = VERDICT_CONFLICT;
		d->resolved = false;
	}
	str_free(&name);
}

void
plan_free_copies(struct work *w)
{
	if (w->taken != NULL)
		free(w->taken->slot);
	free(w->taken);
	free(w->copies);
}

/* ---- its steps -------------------------------------------------------------
 */

/* The loser's entry at *from* appears as *to* on both sides. */
static void
duplicate(struct work *w, const struct copy *c, const struct str *from,
    const struct str *to)
{
	struct plan *p = w->plan;
	const struct entry *e =
	    tree_find(&w->trees[c->loser], from->p, from->len);
	if (e == NULL || e->type == ENTRY_UNKNOWN)
		return;
	const char *old = arena_copy(&p->arena, from->p, from->len);
	const char *new = arena_copy(&p->arena, to->p, to->len);
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		struct plan_step *step = plan_add_step(p,
		    e->type == ENTRY_DIR ? STEP_MKDIR : STEP_COPY, s, new,
		    to->len);
		step->from_side = (enum side)c->loser;
		step->from = old;
		step->source = e;
		step->unit = c->unit;
	}
	plan_add_outcome(p, OUTCOME_AGREE, new, to->len);
}

static bool
is_held(const struct work *w, const struct str *path)
{
	const struct item *it = items_find(w->items, path->p, path->len);
	return it != NULL && w->d[work_index(w, it)].held != HELD_NOT;
}

/* The same for a path and all that lies below it. */
static void
duplicate_tree(struct work *w, const struct copy *c, const char *root, size_t n)
{
	struct str from = STR_INIT, to = STR_INIT;
	str_addn(&from, root, n);
	str_add(&to, c->name);
	duplicate(w, c, &from, &to);
	const struct entry *top = tree_find(&w->trees[c->loser], root, n);
	if (is_dir_entry(top)) {
		struct tree_cursor cursor;
		tree_begin(&cursor, top, root, n);
		while (tree_next(&cursor)) {
			str_set(&to, c->name);
			str_addn(&to, cursor.path.p + n, cursor.path.len - n);
			if (!is_held(w, &cursor.path))
				duplicate(w, c, &cursor.path, &to);
		}
		tree_end(&cursor);
	}
	str_free(&from);
	str_free(&to);
}

static void
duplicate_family(struct work *w, const struct copy *c, const struct unit *u)
{
	struct str from = STR_INIT, to = STR_INIT;
	for (size_t m = 0; m < UNIT_MEMBERS; m++) {
		unit_member(&from, u->root, u->root_len, m);
		unit_member(&to, c->name, strlen(c->name), m);
		duplicate(w, c, &from, &to);
	}
	str_free(&from);
	str_free(&to);
}

void
plan_write_copy(struct work *w, const struct copy *c)
{
	const struct item *it = &w->items->v[c->item];
	if (c->there)
		return;
	if (c->unit == 0) {
		duplicate_tree(w, c, it->path, it->path_len);
		return;
	}
	const struct unit *u = &w->units[c->unit];
	if (u->kind == UNIT_FAMILY)
		duplicate_family(w, c, u);
	else
		duplicate_tree(w, c, u->root, u->root_len);
}
