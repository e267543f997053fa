#include "engine/past/restore.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "model/plan/unit.h"

struct restoring {
	struct back *b;
	const struct restore_picks *picks;
	enum side side;
	const struct rules *rules;
	bool *done; /* for each pick: it is in the plan, or left alone */
};

/* ---- what is in the way ---- */

static enum plan_skip
skip_of(uint8_t unknown)
{
	switch ((enum entry_unknown)unknown) {
	case UNKNOWN_PLACEHOLDER:
		return PLAN_SKIP_PLACEHOLDER;
	case UNKNOWN_UNREADABLE:
		return PLAN_SKIP_UNREADABLE;
	default:
		return PLAN_SKIP_SPECIAL;
	}
}

/* Everything in a directory goes, deepest first, and so does it; 1, with *why*,
   when something in it must not be touched. Without *plan* only looks. */
static int
clear_dir(struct restoring *r, const char *path, size_t n, bool plan,
    enum plan_skip *why, struct err *e)
{
	struct strlist names = STRLIST_INIT;
	struct glance *g = &r->b->glance;
	struct arena *a = &r->b->plan->arena;
	int rc = glance_names(&names, g, r->side, path, n, e);
	for (size_t i = 0; i < names.n && rc == 0; i++) {
		struct str inner = STR_INIT;
		const struct entry *entry;
		str_addn(&inner, path, n);
		path_join(&inner, names.v[i], strlen(names.v[i]));
		const char *at =
		    plan ? arena_copy(a, inner.p, inner.len) : inner.p;
		rc = glance_at(&entry, g, r->side, at, inner.len, e);
		if (rc == 0 && entry != NULL && entry->type == ENTRY_UNKNOWN) {
			*why = skip_of(entry->unknown);
			rc = 1;
		} else if (rc == 0 && entry != NULL &&
		    entry->type == ENTRY_DIR) {
			rc = clear_dir(r, at, inner.len, plan, why, e);
		} else if (rc == 0 && entry != NULL && plan) {
			back_remove(r->b, r->side, at, inner.len, entry);
		}
		str_free(&inner);
	}
	strlist_free(&names);
	if (rc == 0 && plan)
		rc = back_rmdir(r->b, r->side, path, n, e);
	return rc;
}

/* A file or link where a directory has to be, above *path*, makes room for it.
   1: it must not be touched. */
static int
open_way(struct restoring *r, const struct snap_entry *en, enum plan_skip *why,
    struct err *e)
{
	for (size_t n = 1; n < en->path_len; n++) {
		const struct entry *above;
		uint8_t type;
		if (en->path[n] != '/')
			continue;
		if (back_type(&type, r->b, r->side, en->path, n, e) != 0)
			return -1;
		if (type == ENTRY_NONE)
			return 0;
		if (type == ENTRY_DIR)
			continue;
		if (back_told(r->b, r->side, en->path, n)) {
			*why = PLAN_SKIP_CHANGED; /* it is coming back itself */
			return 1;
		}
		if (glance_at(&above, &r->b->glance, r->side, en->path, n, e) !=
		    0)
			return -1;
		if (above == NULL || above->type == ENTRY_UNKNOWN) {
			*why = above != NULL ? skip_of(above->unknown)
					     : PLAN_SKIP_CHANGED;
			return 1;
		}
		back_remove(r->b, r->side,
		    arena_copy(&r->b->plan->arena, en->path, n), n, above);
		return 0;
	}
	return 0;
}

/* Others need the directories too: they come whatever becomes of the unit. */
static int
make_way(struct restoring *r, const struct snap_entry *en, enum plan_skip *why,
    struct err *e)
{
	uint32_t unit = r->b->unit;
	r->b->unit = 0;
	int rc = open_way(r, en, why, e);
	if (rc == 0)
		rc = back_parents(r->b, r->side, en->path, en->path_len, e);
	r->b->unit = unit;
	return rc;
}

/* ---- one thing ---- */

/* Is it there just as it was? */
static bool
is_back(const struct restoring *r, const struct entry *now,
    const struct snap_entry *en)
{
	const struct fingerprint *was = &en->was;
	bool exec = r->b->glance.sites[r->side].volume.exec_bit;
	if (now == NULL || now->type != was->type || en->unsettled)
		return false;
	if (now->type == ENTRY_DIR)
		return true;
	return now->size == was->size && was->hashed && now->u.hash != NULL &&
	    hash_equal(*now->u.hash, was->hash) &&
	    (now->type == ENTRY_LINK ||
		(stamp_cmp(entry_mtime(now), was->mtime) == 0 &&
		    (!exec || ((now->flags & ENTRY_EXEC) != 0) == was->exec)));
}

/* What must never leave the machine, or is not this machine's to judge. */
static bool
is_withheld(const struct restoring *r, const struct snap_entry *en)
{
	if (r->side != SIDE_CLOUD || r->rules == NULL)
		return false;
	for (size_t n = 1; n <= en->path_len; n++) {
		bool whole = n == en->path_len;
		if (!whole && en->path[n] != '/')
			continue;
		if (filter_judge(r->rules->filter, en->path, n,
			!whole || en->was.type == ENTRY_DIR) == FILTER_SECRET)
			return true;
	}
	return false;
}

/* Returns 1, with *why*, when it has to be left alone. */
static int
may_come(const struct entry **now, struct restoring *r,
    const struct snap_entry *en, enum plan_skip *why, struct err *e)
{
	*now = NULL;
	if (is_withheld(r, en)) {
		*why = PLAN_SKIP_POLICY;
		return 1;
	}
	if (glance_at(now, &r->b->glance, r->side, en->path, en->path_len, e) !=
	    0)
		return -1;
	if (*now != NULL && (*now)->type == ENTRY_UNKNOWN) {
		*why = skip_of((*now)->unknown);
		return 1;
	}
	if (*now != NULL && (*now)->type == ENTRY_DIR &&
	    en->was.type != ENTRY_DIR)
		return clear_dir(r, en->path, en->path_len, false, why, e);
	return 0;
}

static int
bring(struct restoring *r, const struct snap_entry *en, struct err *e)
{
	const struct entry *now;
	enum plan_skip why = PLAN_SKIP_SPECIAL;
	int rc = may_come(&now, r, en, &why, e);
	if (rc == 0 && is_back(r, now, en))
		return 0;
	if (rc == 0)
		rc = make_way(r, en, &why, e);
	if (rc == 1)
		back_skip(r->b, r->side, en->path, en->path_len, why);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (en->was.type == ENTRY_DIR) {
		if (now != NULL)
			back_remove(r->b, r->side, en->path, en->path_len, now);
		back_mkdir(r->b, r->side, en->path, en->path_len, en->was.mode);
		return 0;
	}
	bool dir = now != NULL && now->type == ENTRY_DIR;
	if (dir && clear_dir(r, en->path, en->path_len, true, &why, e) != 0)
		return -1;
	back_put(r->b, en, dir ? NULL : now);
	return 0;
}

/* ---- units ---- */

static size_t
find(const struct restore_picks *p, const char *path, size_t n)
{
	for (size_t low = 0, high = p->n; low < high;) {
		size_t mid = low + (high - low) / 2;
		int order =
		    path_cmp(p->all[mid]->path, p->all[mid]->path_len, path, n);
		if (order == 0)
			return mid;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return p->n;
}

static bool
is_picked_file(const struct restore_picks *p, size_t i)
{
	return i < p->n && p->picked[i] && p->all[i]->was.type == ENTRY_FILE;
}

/* A companion the snapshot does not have would be read into the database that
   comes back, and break it. */
static int
send_away(struct restoring *r, const char *path, size_t n, struct err *e)
{
	const struct entry *now;
	if (glance_at(&now, &r->b->glance, r->side, path, n, e) != 0)
		return -1;
	if (now != NULL && now->type == ENTRY_FILE)
		back_remove(r->b, r->side,
		    arena_copy(&r->b->plan->arena, path, n), n, now);
	return 0;
}

/* The database *i* with its companions. */
static int
bring_family(struct restoring *r, size_t i, struct err *e)
{
	const struct snap_entry *en = r->picks->all[i];
	struct str member = STR_INIT;
	int rc = 0;
	for (size_t m = 0; m < UNIT_MEMBERS && rc == 0; m++) {
		unit_member(&member, en->path, en->path_len, m);
		size_t at = find(r->picks, member.p, member.len);
		if (at < r->picks->n && r->picks->picked[at]) {
			r->done[at] = true;
			rc = bring(r, r->picks->all[at], e);
		} else {
			rc = send_away(r, member.p, member.len, e);
		}
	}
	str_free(&member);
	return rc;
}

/* Is it a companion whose database comes too? */
static bool
has_database(const struct restoring *r, const struct snap_entry *en)
{
	size_t n = unit_database(en->path, en->path_len);
	return n > 0 && is_picked_file(r->picks, find(r->picks, en->path, n));
}

/* The length of the group's path that it lies in; 0. */
static size_t
group_of(const struct restoring *r, const struct snap_entry *en)
{
	if (r->rules == NULL)
		return 0;
	return unit_group(en->path, en->path_len, en->was.type == ENTRY_DIR,
	    r->rules->plan.groups, r->rules->plan.ngroups);
}

/* From *i* on, all in the group's directory, which is of *n* bytes. */
static int
bring_group(struct restoring *r, size_t i, size_t n, struct err *e)
{
	const char *root = r->picks->all[i]->path;
	int rc = 0;
	for (; i < r->picks->n && rc == 0; i++) {
		const struct snap_entry *en = r->picks->all[i];
		if (!path_within(en->path, en->path_len, root, n))
			break;
		if (r->picks->picked[i] && !r->done[i])
			rc = bring(r, en, e);
		r->done[i] = true;
	}
	return rc;
}

/* The directories first, so that the rest follows without a gap. */
static int
make_ways(struct restoring *r, size_t i, size_t n, struct err *e)
{
	const char *root = r->picks->all[i]->path;
	int rc = 0;
	for (; i < r->picks->n && rc == 0; i++) {
		const struct snap_entry *en = r->picks->all[i];
		if (!path_within(en->path, en->path_len, root, n))
			break;
		if (r->picks->picked[i])
			rc = back_parents(
			    r->b, r->side, en->path, en->path_len, e);
	}
	return rc;
}

static int
bring_unit(struct restoring *r, size_t i, struct err *e)
{
	const struct snap_entry *en = r->picks->all[i];
	size_t group = group_of(r, en);
	if (group > 0 && make_ways(r, i, group, e) != 0)
		return -1;
	int rc;
	r->done[i] = true;
	back_begin_unit(r->b);
	if (group > 0) {
		r->done[i] = false;
		rc = bring_group(r, i, group, e);
	} else if (en->was.type == ENTRY_FILE) {
		rc = bring_family(r, i, e);
	} else {
		rc = bring(r, en, e);
	}
	back_end_unit(r->b);
	return rc;
}

int
restore_plan(struct back *b, const struct restore_picks *p, enum side side,
    const struct rules *rules, struct err *e)
{
	struct restoring r = {.b = b, .picks = p, .side = side, .rules = rules};
	int rc = 0;
	r.done = mem_zero(p->n + 1, sizeof(*r.done));
	for (size_t i = 0; i < p->n && rc == 0; i++)
		if (p->picked[i] && !r.done[i] && !has_database(&r, p->all[i]))
			rc = bring_unit(&r, i, e);
	free(r.done);
	return rc;
}
