/*
 * What a choice by hand makes of another tool's conflict copy.
 *
 * The copy and its original are two versions of one file, so the choices mean
 * what they mean for any conflict: the original stays ("local") or the copy
 * takes its place ("cloud"), and what gives way is kept in the snapshot; or
 * both stay under their names; or they are merged. In all but one case the copy
 * is gone afterwards.
 *
 * The original must be a file on both sides and no conflict of its own, and no
 * part of a database or group: those are of one machine or none.
 */
#include <string.h>

#include "model/plan/plan_work.h"
#include "model/plan/unit.h"

/* The two files that are the original. */
struct original {
	const char *path; /* the plan's */
	size_t n;
	const struct entry *entry[SIDES];
	struct item *item; /* NULL: nothing has happened to it */
};

static bool
is_in_unit(const struct work *w, const char *path, size_t n)
{
	const struct plan_rules *r = w->rules;
	struct str member = STR_INIT;
	bool in = unit_group(path, n, false, r->groups, r->ngroups) > 0 ||
	    unit_database(path, n) > 0;
	for (size_t m = 1; m < UNIT_MEMBERS && !in; m++) {
		unit_member(&member, path, n, m);
		for (enum side s = SIDE_LOCAL; s < SIDES; s++)
			in |= tree_find(&w->trees[s], member.p, member.len) !=
			    NULL;
	}
	str_free(&member);
	return in;
}

/* Returns whether it is such that something can go into it. */
static bool
find_original(struct original *out, struct work *w, const struct item *copy)
{
	struct str path = STR_INIT;
	bool files = copy->entry[SIDE_CLOUD]->type == ENTRY_FILE &&
	    plan_original(&path, w, copy->path, copy->path_len) &&
	    !is_in_unit(w, path.p, path.len);
	*out = (struct original){
	    .path = arena_copy(&w->plan->arena, path.p, path.len),
	    .n = path.len,
	    .item = items_find(w->items, path.p, path.len)};
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		const struct entry *e =
		    tree_find(&w->trees[s], path.p, path.len);
		out->entry[s] = e;
		files = files && e != NULL && e->type == ENTRY_FILE;
	}
	str_free(&path);
	return files;
}

static bool
is_alike(const struct original *o)
{
	const struct item *it = o->item;
	if (it == NULL)
		return true;
	bool local = state_moved(it->state[SIDE_LOCAL]);
	bool cloud = state_moved(it->state[SIDE_CLOUD]);
	return local == cloud &&
	    (!local ||
		classify_equal(o->entry[SIDE_LOCAL], o->entry[SIDE_CLOUD]));
}

static bool
is_contested(const struct original *o)
{
	const struct item *it = o->item;
	return it != NULL && state_moved(it->state[SIDE_LOCAL]) &&
	    state_moved(it->state[SIDE_CLOUD]) && !is_alike(o);
}

/* The newer of the original's two files counts; equal times decide nothing. */
static enum plan_take
newer(const struct work *w, const struct original *o, const struct entry *copy)
{
	struct stamp l = entry_mtime(o->entry[SIDE_LOCAL]);
	struct stamp c = entry_mtime(o->entry[SIDE_CLOUD]);
	struct stamp latest = stamp_cmp(l, c) > 0 ? l : c;
	struct stamp t = entry_mtime(copy);
	if (stamp_near(latest, t, w->rules->tolerance))
		return PLAN_TAKE_NEWER;
	return stamp_cmp(t, latest) > 0 ? PLAN_TAKE_CLOUD : PLAN_TAKE_LOCAL;
}

/* 0: they cannot be merged. */
static uint64_t
common_of(const struct work *w, const struct item *copy)
{
	const struct plan_rules *r = w->rules;
	for (size_t i = 0; i < r->ncommon; i++)
		if (strlen(r->common[i].path) == copy->path_len &&
		    memcmp(r->common[i].path, copy->path, copy->path_len) == 0)
			return r->common[i].size;
	return 0;
}

static enum verdict
absorb(struct work *w, const struct item *copy,
    const struct plan_choice *choice, enum side *take)
{
	struct original o;
	enum plan_take how = choice->take;
	bool fits = find_original(&o, w, copy) && !is_contested(&o);
	*take = SIDE_CLOUD;
	if (how == PLAN_TAKE_NEWER && fits)
		how = newer(w, &o, copy->entry[SIDE_CLOUD]);
	if (how == PLAN_TAKE_LOCAL)
		*take = SIDE_LOCAL;
	if (how == PLAN_TAKE_LOCAL || how == PLAN_TAKE_BOTH)
		return VERDICT_TAKE;
	if (!fits || how == PLAN_TAKE_NEWER)
		return VERDICT_SKIP;
	if (how == PLAN_TAKE_MERGE &&
	    (common_of(w, copy) == 0 || !is_alike(&o)))
		return VERDICT_SKIP;
	/* Whatever else was to become of the original waits. */
	if (o.item != NULL)
		w->d[work_index(w, o.item)].held = HELD_BELOW;
	return how == PLAN_TAKE_MERGE ? VERDICT_MERGE : VERDICT_INSTEAD;
}

void
plan_settle_copy(struct work *w, size_t i, const struct plan_choice *choice)
{
	struct decision *d = &w->d[i];
	enum side take;
	d->verdict = (uint8_t)absorb(w, &w->items->v[i], choice, &take);
	d->take = (uint8_t)take;
	d->chosen = true;
	d->resolved = d->verdict != VERDICT_SKIP;
	plan_apply_direction(w, d);
}

/* ---- its steps ---- */

static void
go_into(struct work *w, const struct original *o, const struct item *copy,
    enum side s)
{
	bool merge = w->d[work_index(w, copy)].verdict == VERDICT_MERGE;
	struct plan_step *step = plan_add_step(
	    w->plan, merge ? STEP_MERGE : STEP_COPY, s, o->path, o->n);
	step->from_side = SIDE_CLOUD;
	step->from = copy->path;
	step->source = copy->entry[SIDE_CLOUD];
	step->victim = o->entry[s];
	if (merge)
		step->base_size = common_of(w, copy);
}

/* Both sides of the original first: while the copy is there, nothing is lost
   that a dead run had not come to. */
void
plan_write_absorbed(struct work *w, size_t i)
{
	const struct item *copy = &w->items->v[i];
	bool merge = w->d[i].verdict == VERDICT_MERGE;
	struct original o;
	(void)find_original(&o, w, copy);
	struct plan_action *a =
	    plan_begin_action(w, i, merge ? PLAN_MERGE : PLAN_COPY);
	a->to = PLAN_TO_BOTH;
	a->path = o.path;
	a->path_len = (uint32_t)o.n;
	a->other = copy->path;
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		go_into(w, &o, copy, s);
	struct plan_step *gone = plan_add_step(
	    w->plan, STEP_REMOVE, SIDE_CLOUD, copy->path, copy->path_len);
	gone->victim = copy->entry[SIDE_CLOUD];
	plan_add_outcome(w->plan, OUTCOME_AGREE, o.path, o.n);
}
