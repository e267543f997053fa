/*
 * What stands or falls together: a group directory, an SQLite database with
 * its companions, and a path that is a directory on one side and something
 * else on the other, with all that lies in it.
 *
 * Here items learn which unit they belong to; plan_whole.c decides.
 */
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "model/plan/plan_work.h"
#include "model/plan/unit.h"

static uint32_t
add_unit(struct work *w, enum unit_kind kind, const char *root, size_t n)
{
	w->units =
	    mem_grow(w->units, &w->cap_units, w->nunits + 2, sizeof(*w->units));
	if (w->nunits == 0)
		w->units[w->nunits++] = (struct unit){.root = NULL};
	w->units[w->nunits] =
	    (struct unit){.kind = kind, .root = root, .root_len = (uint32_t)n};
	return (uint32_t)w->nunits++;
}

/* ---- directories ---- */

static bool
is_clash(const struct item *it)
{
	const struct entry *l = it->entry[SIDE_LOCAL];
	const struct entry *c = it->entry[SIDE_CLOUD];
	return l != NULL && c != NULL && l->type != ENTRY_UNKNOWN &&
	    c->type != ENTRY_UNKNOWN &&
	    (l->type == ENTRY_DIR) != (c->type == ENTRY_DIR);
}

static bool
is_dir_somewhere(const struct item *it)
{
	return is_dir_entry(it->entry[SIDE_LOCAL]) ||
	    is_dir_entry(it->entry[SIDE_CLOUD]) ||
	    (it->base != NULL && it->base->type == ENTRY_DIR);
}

/* The items from *i* on that lie in the unit's root become members; returns
   the first that does not. */
static size_t
claim_subtree(struct work *w, size_t i, uint32_t unit)
{
	const struct unit *u = &w->units[unit];
	while (i < w->items->n &&
	    path_within(w->items->v[i].path, w->items->v[i].path_len, u->root,
		u->root_len))
		w->d[i++].unit = unit;
	return i;
}

static void
assign_directories(struct work *w)
{
	for (size_t i = 0; i < w->items->n;) {
		const struct item *it = &w->items->v[i];
		size_t group = unit_group(it->path, it->path_len,
		    is_dir_somewhere(it), w->rules->groups, w->rules->ngroups);
		if (group > 0)
			i = claim_subtree(
			    w, i, add_unit(w, UNIT_GROUP, it->path, group));
		else if (is_clash(it))
			i = claim_subtree(w, i,
			    add_unit(w, UNIT_CLASH, it->path, it->path_len));
		else
			i++;
	}
}

/* ---- SQLite families ---- */

static bool
is_file_there(const struct work *w, const char *path, size_t n)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		const struct entry *e = tree_find(&w->trees[s], path, n);
		if (e != NULL && e->type == ENTRY_FILE)
			return true;
	}
	return false;
}

/* Is, or was, a file of this name ours to mirror, and in no other unit? */
static bool
is_database(const struct work *w, const char *path, size_t n)
{
	const struct item *it = items_find(w->items, path, n);
	if (it != NULL &&
	    (plan_is_left_out(it) || w->d[work_index(w, it)].unit != 0))
		return false;
	const struct agreed_record *r = agreed_find(w->agreed, path, n);
	return is_file_there(w, path, n) ||
	    (r != NULL && r->type == ENTRY_FILE);
}

/* Is it a file both sides changed, and has it companions, if unchanged ones?
   Where one side is taken, those make no difference; two do. */
static bool
is_contested_database(const struct work *w, const struct item *it)
{
	const struct entry *l = it->entry[SIDE_LOCAL];
	const struct entry *c = it->entry[SIDE_CLOUD];
	if (!state_moved(it->state[SIDE_LOCAL]) ||
	    !state_moved(it->state[SIDE_CLOUD]) || classify_equal(l, c))
		return false;
	struct str member = STR_INIT;
	bool found = false;
	for (size_t m = 1; m < UNIT_MEMBERS && !found; m++) {
		unit_member(&member, it->path, it->path_len, m);
		found = is_file_there(w, member.p, member.len);
	}
	str_free(&member);
	return found;
}

/* May it be in a family at all? */
static bool
is_candidate(const struct item *it)
{
	return !is_dir_somewhere(it) && !plan_is_left_out(it);
}

/* The length of the path of the database whose family item *i* is in; 0. */
static size_t
family_of(const struct work *w, size_t i)
{
	const struct item *it = &w->items->v[i];
	if (!is_candidate(it))
		return 0;
	size_t base = unit_database(it->path, it->path_len);
	if (base > 0 && is_database(w, it->path, base))
		return base;
	return is_contested_database(w, it) ? it->path_len : 0;
}

/* One member brings the database, and the other companions, into one unit. */
static void
claim_family(struct work *w, size_t i)
{
	const char *path = w->items->v[i].path;
	size_t base = family_of(w, i);
	if (base == 0)
		return;
	struct str member = STR_INIT;
	uint32_t unit = add_unit(w, UNIT_FAMILY, path, base);
	w->d[i].unit = unit;
	for (size_t m = 0; m < UNIT_MEMBERS; m++) {
		unit_member(&member, path, base, m);
		const struct item *other =
		    items_find(w->items, member.p, member.len);
		if (other == NULL || !is_candidate(other))
			continue;
		struct decision *d = &w->d[work_index(w, other)];
		if (d->unit == 0)
			d->unit = unit;
	}
	str_free(&member);
}

void
plan_assign_units(struct work *w)
{
	assign_directories(w);
	for (size_t i = 0; i < w->items->n; i++)
		if (w->d[i].unit == 0)
			claim_family(w, i);
}
