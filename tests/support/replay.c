#include "support/replay.h"

#include <stdio.h>
#include <string.h>

#include "base/path.h"
#include "model/plan/names.h"

struct player {
	struct world *w;
	const struct plan *plan;
	struct kept *kept;
	char fault[512];
};

/* Returns false, for the caller to pass on. */
static bool
fail(struct player *p, const char *what, const char *path)
{
	(void)snprintf(p->fault, sizeof(p->fault), "%s: %s", what, path);
	return false;
}

void
kept_add(struct kept *k, const struct node *n)
{
	if (n->type == ENTRY_FILE)
		k->file[(unsigned char)n->content] = true;
	else if (n->type == ENTRY_LINK)
		k->link[(unsigned char)n->content] = true;
}

/* ---- looking ---------------------------------------------------------------
 */

bool
same_name(const struct world *w, enum side s, const char *a, const char *b)
{
	if (strcmp(a, b) == 0)
		return true;
	if (!(w->rules.who[s] & NAMES_FOLD))
		return false;
	struct str x = STR_INIT, y = STR_INIT;
	names_key(&x, a, strlen(a));
	names_key(&y, b, strlen(b));
	bool same = strcmp(x.p, y.p) == 0;
	str_free(&x);
	str_free(&y);
	return same;
}

/* Whatever would be met under this name. */
static const struct node *
meet(const struct player *p, enum side s, const char *path)
{
	const struct nodes *v = &p->w->side[s];
	for (size_t i = 0; i < v->n; i++)
		if (same_name(p->w, s, v->v[i].path, path))
			return &v->v[i];
	return NULL;
}

static bool
is_below(const char *path, const char *dir)
{
	return strcmp(path, dir) != 0 &&
	    path_within(path, strlen(path), dir, strlen(dir));
}

static bool
parent_is_there(const struct player *p, enum side s, const char *path)
{
	char dir[WORLD_PATH_SIZE];
	size_t n = path_parent(path, strlen(path));
	if (n == 0)
		return true;
	memcpy(dir, path, n);
	dir[n] = '\0';
	const struct node *node = nodes_find(&p->w->side[s], dir);
	return node != NULL && node->type == ENTRY_DIR;
}

/* Is the node what the plan saw? */
static bool
matches(const struct node *n, const struct entry *e)
{
	return n != NULL && e != NULL && n->type == (enum entry_type)e->type &&
	    n->content == (char)e->nlink && n->mtime[0] == e->mtime_sec;
}

/* Is a side that had nothing of this name given one it cannot hold? */
static bool
is_bad_name(const struct player *p, const struct plan_step *s)
{
	const struct plan_step *first =
	    &p->plan->steps[p->plan->actions[s->action].first];
	if (first != s && first->side == s->side &&
	    strcmp(first->path, s->path) == 0)
		return false; /* what it had just made way */
	return names_forbidden(
		   s->path, s->path_len, p->w->rules.who[s->side]) != NULL;
}

/* ---- one step --------------------------------------------------------------
 */

static bool
make_dir(struct player *p, const struct plan_step *s)
{
	struct node n = {.type = ENTRY_DIR, .present = {true, true}};
	if (!parent_is_there(p, s->side, s->path))
		return fail(p, "mkdir without a parent", s->path);
	if (meet(p, s->side, s->path) != NULL)
		return fail(p, "mkdir where something is", s->path);
	if (is_bad_name(p, s))
		return fail(p, "mkdir of a name it cannot hold", s->path);
	(void)snprintf(n.path, sizeof(n.path), "%s", s->path);
	nodes_add(&p->w->side[s->side], &n);
	return true;
}

/* A side that stores no exec bits gives and takes none. */
static bool
exec_after(const struct player *p, const struct plan_step *s,
    const struct node *source, const struct node *victim)
{
	const bool *stores = p->w->look.exec;
	if (!stores[s->side])
		return false;
	if (stores[s->from_side])
		return source->exec[0];
	return victim != NULL && victim->exec[0];
}

static bool
copy(struct player *p, const struct plan_step *s)
{
	struct nodes *to = &p->w->side[s->side];
	const struct node *source =
	    nodes_find(&p->w->side[s->from_side], s->from);
	const struct node *victim = meet(p, s->side, s->path);
	if (!matches(source, s->source) || !entry_is_content(s->source))
		return fail(p, "copy of something else", s->path);
	if (!parent_is_there(p, s->side, s->path))
		return fail(p, "copy without a parent", s->path);
	if (victim != NULL && strcmp(victim->path, s->path) != 0)
		return fail(p, "copy over a name like it", s->path);
	if ((victim != NULL) != (s->victim != NULL) ||
	    (victim != NULL &&
		(!matches(victim, s->victim) || !entry_is_content(s->victim))))
		return fail(p, "copy over something else", s->path);
	if (victim == NULL && is_bad_name(p, s))
		return fail(p, "copy to a name it cannot hold", s->path);
	struct node n = *source;
	(void)snprintf(n.path, sizeof(n.path), "%s", s->path);
	n.exec[0] = n.exec[1] = exec_after(p, s, source, victim);
	n.extends = false;
	if (victim != NULL) {
		kept_add(p->kept, victim);
		nodes_remove(to, s->path);
	}
	nodes_add(to, &n);
	return true;
}

static bool
merge(struct player *p, const struct plan_step *s)
{
	struct node *n = nodes_find(&p->w->side[s->side], s->path);
	const struct node *base = nodes_find(&p->w->ledger, s->path);
	if (!matches(n, s->victim) || s->source == NULL || base == NULL ||
	    n->type != ENTRY_FILE ||
	    s->base_size != content_size(base->content))
		return fail(p, "merge of something else", s->path);
	kept_add(p->kept, n);
	n->content = 'M';
	n->mtime[0] = n->mtime[1] = content_time('M');
	n->extends = false;
	return true;
}

static void
rename_below(struct nodes *v, const char *from, const char *to)
{
	char path[WORLD_PATH_SIZE];
	size_t n = strlen(from);
	for (size_t i = 0; i < v->n; i++) {
		struct node *node = &v->v[i];
		if (strcmp(node->path, from) != 0 &&
		    !is_below(node->path, from))
			continue;
		(void)snprintf(path, sizeof(path), "%s%s", to, node->path + n);
		memcpy(node->path, path, sizeof(path));
	}
}

static bool
move(struct player *p, const struct plan_step *s)
{
	struct nodes *v = &p->w->side[s->side];
	const struct node *n = nodes_find(v, s->from);
	const struct node *there = meet(p, s->side, s->path);
	enum side o = side_other(s->side);
	if (s->from_side != s->side || !matches(n, s->source) ||
	    !matches(nodes_find(&p->w->side[o], s->path), s->partner))
		return fail(p, "move of something else", s->path);
	if (is_bad_name(p, s))
		return fail(p, "move to a name it cannot hold", s->path);
	if (!parent_is_there(p, s->side, s->path))
		return fail(p, "move without a parent", s->path);
	if (there != NULL && there != n)
		return fail(p, "move to where something is", s->path);
	if (strcmp(s->from, s->path) == 0)
		return fail(p, "move to where it is", s->path);
	char from[WORLD_PATH_SIZE];
	(void)snprintf(from, sizeof(from), "%s", s->from);
	rename_below(v, from, s->path);
	return true;
}

static bool
remove_one(struct player *p, const struct plan_step *s)
{
	struct nodes *v = &p->w->side[s->side];
	const struct node *n = nodes_find(v, s->path);
	if (!matches(n, s->victim))
		return fail(p, "removal of something else", s->path);
	if ((s->kind == STEP_RMDIR) != (n->type == ENTRY_DIR) ||
	    n->type == ENTRY_UNKNOWN)
		return fail(p, "removal of another type", s->path);
	for (size_t i = 0; i < v->n; i++)
		if (is_below(v->v[i].path, s->path))
			return fail(p, "rmdir while not empty", s->path);
	kept_add(p->kept, n);
	nodes_remove(v, s->path);
	return true;
}

static bool
play(struct player *p, const struct plan_step *s)
{
	if (!p->w->rules.may_write[s->side])
		return fail(p, "a write against the direction", s->path);
	switch (s->kind) {
	case STEP_MKDIR:
		return make_dir(p, s);
	case STEP_COPY:
		return copy(p, s);
	case STEP_MERGE:
		return merge(p, s);
	case STEP_MOVE:
		return move(p, s);
	case STEP_REMOVE:
	case STEP_RMDIR:
		return remove_one(p, s);
	}
	return fail(p, "a step of no kind", s->path);
}

/* ---- the plan's own order --------------------------------------------------
 */

/* Actions own their steps, and a unit's follow each other. */
static bool
check_shape(struct player *p)
{
	const struct plan *plan = p->plan;
	size_t next = 0;
	for (size_t a = 0; a < plan->nactions; a++) {
		const struct plan_action *action = &plan->actions[a];
		if (action->first != next || action->count == 0)
			return fail(p, "steps of no action", action->path);
		next += action->count;
		for (size_t i = action->first; i < next; i++)
			if (plan->steps[i].action != a)
				return fail(p, "another's step", action->path);
	}
	if (next != plan->nsteps)
		return fail(p, "steps are left over", "");
	for (size_t i = 1; i < plan->nsteps; i++)
		for (size_t k = 0; k + 1 < i; k++)
			if (plan->steps[i].unit != 0 &&
			    plan->steps[k].unit == plan->steps[i].unit &&
			    plan->steps[i - 1].unit != plan->steps[i].unit)
				return fail(
				    p, "a unit in pieces", plan->steps[i].path);
	return true;
}

/* ---- remembering -----------------------------------------------------------
 */

/* Was (side, path) written by a step of the outcome's action? */
static bool
was_written(const struct plan *plan, const struct plan_outcome *o, enum side s)
{
	if (o->action == PLAN_NO_ACTION)
		return false;
	const struct plan_action *a = &plan->actions[o->action];
	for (size_t i = a->first; i < a->first + a->count; i++)
		if (plan->steps[i].side == s &&
		    plan->steps[i].path_len == o->path_len &&
		    memcmp(plan->steps[i].path, o->path, o->path_len) == 0)
			return true;
	return false;
}

/* What is now at the path must be what the outcome says, or a step wrote. */
static bool
check_entries(struct player *p, const struct plan_outcome *o,
    const struct node *const now[SIDES])
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		if (was_written(p->plan, o, s) || now[s] == NULL)
			continue;
		if (!matches(now[s], o->entry[s]))
			return fail(p, "an outcome of something else", o->path);
	}
	return true;
}

static void
record(struct world *w, const char *path, const struct node *const now[SIDES])
{
	const struct node *any =
	    now[SIDE_LOCAL] != NULL ? now[SIDE_LOCAL] : now[SIDE_CLOUD];
	struct node r = *any;
	(void)snprintf(r.path, sizeof(r.path), "%s", path);
	r.extends = false;
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		r.present[s] = now[s] != NULL;
		r.mtime[s] = r.present[s] ? now[s]->mtime[0] : any->mtime[0];
		r.exec[s] = r.present[s] ? now[s]->exec[0] : any->exec[0];
	}
	nodes_remove(&w->ledger, path);
	nodes_add(&w->ledger, &r);
}

static bool
remember(struct player *p, const struct plan_outcome *o)
{
	char path[WORLD_PATH_SIZE];
	(void)snprintf(path, sizeof(path), "%.*s", (int)o->path_len, o->path);
	const struct node *now[SIDES];
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		now[s] = nodes_find(&p->w->side[s], path);
	const struct node *l = now[SIDE_LOCAL], *c = now[SIDE_CLOUD];
	switch (o->kind) {
	case OUTCOME_FORGET:
		nodes_remove(&p->w->ledger, path);
		return true;
	case OUTCOME_AGREE:
		if (l == NULL || c == NULL || l->type != c->type ||
		    l->content != c->content || l->type == ENTRY_UNKNOWN)
			return fail(p, "agreed, but different", path);
		break;
	case OUTCOME_SETTLE:
		if ((l == NULL) == (c == NULL))
			return fail(p, "settled, but not on one side", path);
		break;
	}
	if (!check_entries(p, o, now))
		return false;
	record(p->w, path, now);
	return true;
}

static bool
remember_all(struct player *p)
{
	const struct plan *plan = p->plan;
	for (size_t i = 0; i < plan->noutcomes; i++) {
		const struct plan_outcome *o = &plan->outcomes[i];
		if (i > 0 &&
		    path_cmp(
			o[-1].path, o[-1].path_len, o->path, o->path_len) >= 0)
			return fail(p, "outcomes out of order", o->path);
		if (o->action != PLAN_NO_ACTION && o->action >= plan->nactions)
			return fail(p, "an outcome of no action", o->path);
		if (!remember(p, o))
			return false;
	}
	return true;
}

const char *
replay(struct world *w, const struct plan *plan, struct kept *kept)
{
	static struct player p;
	p = (struct player){.w = w, .plan = plan, .kept = kept};
	if (!check_shape(&p))
		return p.fault;
	for (size_t i = 0; i < plan->nsteps; i++)
		if (!play(&p, &plan->steps[i]))
			return p.fault;
	return remember_all(&p) ? NULL : p.fault;
}
