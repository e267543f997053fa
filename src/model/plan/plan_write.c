/*
 * What one item adds to the plan: its action, the steps, and what will be
 * remembered.
 */
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "model/plan/plan_work.h"

/* ---- growing the plan ------------------------------------------------------
 */

static struct plan_action *
add_action(struct plan *p)
{
	p->actions = mem_grow(
	    p->actions, &p->cap_actions, p->nactions + 1, sizeof(*p->actions));
	struct plan_action *a = &p->actions[p->nactions++];
	memset(a, 0, sizeof(*a));
	a->first = (uint32_t)p->nsteps;
	return a;
}

static uint32_t
newest_action(const struct plan *p)
{
	return (uint32_t)(p->nactions - 1);
}

struct plan_step *
plan_add_step(struct plan *p, enum plan_step_kind kind, enum side side,
    const char *path, size_t n)
{
	p->steps =
	    mem_grow(p->steps, &p->cap_steps, p->nsteps + 1, sizeof(*p->steps));
	struct plan_step *s = &p->steps[p->nsteps++];
	memset(s, 0, sizeof(*s));
	s->kind = kind;
	s->side = side;
	s->path = path;
	s->path_len = (uint32_t)n;
	s->from_side = side_other(side);
	s->from = path;
	s->action = newest_action(p);
	p->actions[s->action].count++;
	return s;
}

static struct plan_outcome *
add_outcome(struct plan *p, enum plan_outcome_kind kind, const char *path,
    size_t n, uint32_t action)
{
	p->outcomes = mem_grow(p->outcomes, &p->cap_outcomes, p->noutcomes + 1,
	    sizeof(*p->outcomes));
	struct plan_outcome *o = &p->outcomes[p->noutcomes++];
	memset(o, 0, sizeof(*o));
	o->kind = kind;
	o->path = path;
	o->path_len = (uint32_t)n;
	o->action = action;
	return o;
}

void
plan_add_outcome(
    struct plan *p, enum plan_outcome_kind kind, const char *path, size_t n)
{
	add_outcome(p, kind, path, n, newest_action(p));
}

struct plan_outcome *
plan_item_outcome(
    struct work *w, size_t i, enum plan_outcome_kind kind, uint32_t action)
{
	const struct item *it = &w->items->v[i];
	struct plan_outcome *o =
	    add_outcome(w->plan, kind, it->path, it->path_len, action);
	o->base = it->base;
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		o->entry[s] = it->entry[s];
	return o;
}

static void
outcome(struct work *w, size_t i, enum plan_outcome_kind kind)
{
	plan_item_outcome(w, i, kind, newest_action(w->plan));
}

/* ---- one item's action -----------------------------------------------------
 */

static enum plan_reason
reason_of(const struct item *it, const struct decision *d)
{
	if (d->resolved)
		return PLAN_RESOLVED;
	if (it->entry[d->take] == NULL)
		return PLAN_DELETED;
	return it->entry[side_other((enum side)d->take)] == NULL ? PLAN_NEW
								 : PLAN_CHANGED;
}

struct plan_action *
plan_begin_action(struct work *w, size_t i, enum plan_op op)
{
	const struct item *it = &w->items->v[i];
	const struct decision *d = &w->d[i];
	const struct entry *e = it->entry[d->take];
	if (e == NULL)
		e = it->entry[side_other((enum side)d->take)];
	struct plan_action *a = add_action(w->plan);
	a->op = op;
	a->to = d->take == SIDE_LOCAL ? PLAN_TO_CLOUD : PLAN_TO_LOCAL;
	a->reason = reason_of(it, d);
	a->path = it->path;
	a->path_len = it->path_len;
	if (e != NULL) {
		a->type = e->type;
		a->size = e->type == ENTRY_DIR ? 0 : e->size;
	}
	return a;
}

struct plan_step *
plan_item_step(struct work *w, size_t i, enum plan_step_kind kind)
{
	const struct item *it = &w->items->v[i];
	const struct decision *d = &w->d[i];
	enum side o = side_other((enum side)d->take);
	struct plan_step *s =
	    plan_add_step(w->plan, kind, o, it->path, it->path_len);
	s->source = it->entry[d->take];
	s->victim = it->entry[o];
	s->unit = d->unit;
	return s;
}

static const struct entry *
victim_of(const struct work *w, size_t i)
{
	return w->items->v[i].entry[side_other((enum side)w->d[i].take)];
}

/* ---- taking one side -------------------------------------------------------
 */

bool
plan_is_removal(const struct work *w, size_t i)
{
	return w->d[i].verdict == VERDICT_TAKE &&
	    w->items->v[i].entry[w->d[i].take] == NULL;
}

static void
write_removal(struct work *w, size_t i)
{
	const struct decision *d = &w->d[i];
	bool dir = is_dir_entry(victim_of(w, i));
	plan_begin_action(w, i, dir ? PLAN_RMDIR : PLAN_DELETE);
	plan_item_step(w, i, dir ? STEP_RMDIR : STEP_REMOVE);
	outcome(w, i, OUTCOME_FORGET);
	if (!dir && !d->chosen && !d->in_the_way)
		w->plan->deletes[side_other((enum side)d->take)]++;
}

static void
write_mkdir(struct work *w, size_t i)
{
	plan_begin_action(w, i, PLAN_MKDIR);
	if (victim_of(w, i) != NULL)
		plan_item_step(w, i, STEP_REMOVE);
	plan_item_step(w, i, STEP_MKDIR)->victim = NULL;
	outcome(w, i, OUTCOME_AGREE);
}

static void
write_copy(struct work *w, size_t i)
{
	bool clash = is_dir_entry(victim_of(w, i));
	plan_begin_action(w, i, PLAN_COPY);
	if (clash)
		plan_item_step(w, i, STEP_RMDIR);
	struct plan_step *s = plan_item_step(w, i, STEP_COPY);
	if (clash)
		s->victim = NULL;
	outcome(w, i, OUTCOME_AGREE);
}

void
plan_write_taken(struct work *w, size_t i)
{
	if (plan_is_removal(w, i))
		write_removal(w, i);
	else if (is_dir_entry(w->items->v[i].entry[w->d[i].take]))
		write_mkdir(w, i);
	else
		write_copy(w, i);
}

/* ---- moves -----------------------------------------------------------------
 */

/* The nearest directory above *path* that has been renamed; NULL. */
static const struct decision *
renamed_above(const struct work *w, const char *path, size_t n, size_t *dir_len)
{
	for (n = path_parent(path, n); n > 0; n = path_parent(path, n)) {
		const struct item *it = items_find(w->items, path, n);
		if (it == NULL)
			continue;
		const struct decision *d = &w->d[work_index(w, it)];
		*dir_len = n;
		if (d->verdict == VERDICT_MOVED)
			return d;
	}
	return NULL;
}

/* Where *old* is by now: a directory above it may have changed its case. */
static const char *
place_of(struct work *w, const struct item *old, uint32_t *action)
{
	size_t n;
	const struct decision *d =
	    renamed_above(w, old->path, old->path_len, &n);
	if (d == NULL)
		return old->path;
	const struct item *dir = &w->items->v[d->partner];
	struct str path = STR_INIT;
	str_addn(&path, dir->path, dir->path_len);
	str_addn(&path, old->path + n, old->path_len - n);
	const char *kept = arena_copy(&w->plan->arena, path.p, path.len);
	str_free(&path);
	*action = w->d[d->partner].action;
	return kept;
}

void
plan_write_move(struct work *w, size_t i)
{
	const struct item *it = &w->items->v[i];
	const struct item *old = &w->items->v[w->d[i].partner];
	uint32_t action = PLAN_NO_ACTION;
	const char *from = place_of(w, old, &action);
	if (strcmp(from, it->path) != 0) {
		struct plan_action *a = plan_begin_action(w, i, PLAN_MOVE);
		a->other = old->path;
		struct plan_step *s = plan_item_step(w, i, STEP_MOVE);
		s->from_side = s->side;
		s->from = from;
		s->source = old->entry[s->side];
		s->partner = it->entry[side_other(s->side)];
		action = newest_action(w->plan);
	} /* else it was carried along */
	w->d[i].action = action;
	enum side o = side_other((enum side)w->d[i].take);
	plan_item_outcome(w, i, OUTCOME_AGREE, action)->entry[o] =
	    old->entry[o];
	plan_item_outcome(w, w->d[i].partner, OUTCOME_FORGET, action);
}

/* ---- both sides ------------------------------------------------------------
 */

void
plan_write_merge(struct work *w, size_t i)
{
	const struct item *it = &w->items->v[i];
	plan_begin_action(w, i, PLAN_MERGE)->to = PLAN_TO_BOTH;
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		struct plan_step *step = plan_add_step(
		    w->plan, STEP_MERGE, s, it->path, it->path_len);
		step->source = it->entry[side_other(s)];
		step->victim = it->entry[s];
		step->base_size = it->base->size;
	}
	outcome(w, i, OUTCOME_AGREE);
}

/* First the loser gets a name of its own, then the winner takes its place; of
   a unit the members do that. */
void
plan_write_both(struct work *w, size_t i)
{
	const struct unit *u =
	    w->d[i].unit != 0 ? &w->units[w->d[i].unit] : NULL;
	const struct copy *c = &w->copies[u != NULL ? u->d.copy : w->d[i].copy];
	struct plan_action *a = plan_begin_action(w, i, PLAN_BOTH);
	a->to = PLAN_TO_BOTH;
	a->reason = PLAN_RESOLVED;
	a->other = c->name;
	if (u != NULL) {
		a->path = u->root;
		a->path_len = u->root_len;
	}
	plan_write_copy(w, c);
	if (u != NULL)
		return;
	plan_item_step(w, i, STEP_COPY);
	outcome(w, i, OUTCOME_AGREE);
}
