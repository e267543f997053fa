/*
 * What a plan leaves behind: laws a, c, d, e and f.
 */
#include <stdio.h>
#include <string.h>

#include "base/path.h"
#include "model/plan/unit.h"
#include "support/laws_trial.h"

/* ---- a, f: nothing is lost, nothing unknown is touched ---------------------
 */

static void
keep_all(struct kept *k, const struct world *w)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		for (size_t i = 0; i < w->side[s].n; i++)
			kept_add(k, &w->side[s].v[i]);
}

const char *
check_kept(struct trial *t)
{
	struct kept had = {.file = {false}};
	keep_all(&had, t->before);
	keep_all(&t->kept, &t->after);
	for (int c = 0; c < 128; c++)
		if ((had.file[c] && !t->kept.file[c]) ||
		    (had.link[c] && !t->kept.link[c]))
			return broken("a: a content is lost", "");
	return NULL;
}

static bool
has_unknown(const struct world *w, enum side s, const struct node *n)
{
	for (size_t i = 0; i < w->side[s].n; i++) {
		const struct node *other = &w->side[s].v[i];
		if (other->type == ENTRY_UNKNOWN &&
		    other->unknown == n->unknown &&
		    same_name(w, s, other->path, n->path))
			return true;
	}
	return false;
}

const char *
check_unknown(const struct trial *t)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		for (size_t i = 0; i < t->before->side[s].n; i++) {
			const struct node *n = &t->before->side[s].v[i];
			if (n->type == ENTRY_UNKNOWN &&
			    !has_unknown(&t->after, s, n))
				return broken("f: unknown, and gone", n->path);
		}
	return NULL;
}

/* ---- what excuses ----------------------------
 */

static bool
within(const char *path, const char *dir, size_t n)
{
	return path_within(path, strlen(path), dir, n);
}

/* The length of the path on the way to *path* that is a directory on one side
   only; 0. */
static size_t
clash_above(const struct world *w, const char *path)
{
	char dir[WORLD_PATH_SIZE];
	for (size_t n = 1; n <= strlen(path); n++) {
		if (path[n] != '/' && path[n] != '\0')
			continue;
		(void)snprintf(dir, sizeof(dir), "%.*s", (int)n, path);
		const struct node *l = nodes_find(&w->side[SIDE_LOCAL], dir);
		const struct node *c = nodes_find(&w->side[SIDE_CLOUD], dir);
		if (l != NULL && c != NULL &&
		    (l->type == ENTRY_DIR) != (c->type == ENTRY_DIR))
			return n;
	}
	return 0;
}

static bool
same_unit(const struct world *w, const char *path, const char *told, size_t n)
{
	size_t len = strlen(path);
	size_t a = unit_database(path, len), b = unit_database(told, n);
	a = a > 0 ? a : len;
	b = b > 0 ? b : n;
	if (a == b && memcmp(path, told, a) == 0)
		return true;
	size_t g =
	    unit_group(path, len, true, w->rules.groups, w->rules.ngroups);
	if (g > 0 && path_within(told, n, path, g))
		return true;
	g = clash_above(w, path);
	return g > 0 && path_within(told, n, path, g);
}

bool
excuses(const struct world *w, const char *path, const char *told, size_t n)
{
	return within(path, told, n) ||
	    path_within(told, n, path, strlen(path)) ||
	    same_unit(w, path, told, n);
}

/* ---- c: both sides agree, but for what was told ----------------------------
 */

static bool
tells(const struct trial *t, const struct plan *p, const char *path)
{
	for (size_t i = 0; i < p->nconflicts; i++)
		if (p->conflicts[i].resolution == PLAN_UNRESOLVED &&
		    excuses(t->before, path, p->conflicts[i].path,
			p->conflicts[i].path_len))
			return true;
	for (size_t i = 0; i < p->nskipped; i++)
		if (excuses(t->before, path, p->skipped[i].path,
			p->skipped[i].path_len))
			return true;
	return false;
}

static bool
is_told(const struct trial *t, const char *path)
{
	return tells(t, &t->first.plan, path) ||
	    tells(t, &t->second.plan, path);
}

/* Is there something unknown at the path, or on the way to it? */
static bool
is_shadowed(const struct world *w, const char *path)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		for (size_t i = 0; i < w->side[s].n; i++) {
			const struct node *n = &w->side[s].v[i];
			if (n->type == ENTRY_UNKNOWN &&
			    within(path, n->path, strlen(n->path)))
				return true;
		}
	return false;
}

/* A directory may be left on one side when nothing is to be in it. */
static bool
may_be_single(const struct trial *t, const struct node *n)
{
	return n->type == ENTRY_DIR && !t->before->rules.empty_dirs;
}

static const char *
check_path(const struct trial *t, const struct node *n)
{
	const struct world *w = &t->after;
	const struct node *l = nodes_find(&w->side[SIDE_LOCAL], n->path);
	const struct node *c = nodes_find(&w->side[SIDE_CLOUD], n->path);
	const struct node *r = nodes_find(&w->ledger, n->path);
	if (is_shadowed(w, n->path) || is_told(t, n->path))
		return NULL;
	if (l == NULL || c == NULL) {
		bool settled = r != NULL &&
		    r->present[SIDE_LOCAL] == (l != NULL) &&
		    r->present[SIDE_CLOUD] == (c != NULL) &&
		    r->content == n->content;
		return settled || may_be_single(t, n)
		    ? NULL
		    : broken("c: only on one side", n->path);
	}
	if (l->type != c->type || l->content != c->content)
		return broken("c: different", n->path);
	if (r == NULL || r->type != l->type || r->content != l->content ||
	    !r->present[SIDE_LOCAL] || !r->present[SIDE_CLOUD])
		return broken("c: the ledger does not know", n->path);
	return NULL;
}

const char *
check_agreement(const struct trial *t)
{
	const char *why = NULL;
	for (enum side s = SIDE_LOCAL; s < SIDES && why == NULL; s++)
		for (size_t i = 0; i < t->after.side[s].n && why == NULL; i++)
			why = check_path(t, &t->after.side[s].v[i]);
	for (size_t i = 0; i < t->after.ledger.n && why == NULL; i++) {
		const char *path = t->after.ledger.v[i].path;
		if (nodes_find(&t->after.side[SIDE_LOCAL], path) == NULL &&
		    nodes_find(&t->after.side[SIDE_CLOUD], path) == NULL &&
		    !is_shadowed(&t->after, path) && !is_told(t, path))
			why = broken("c: remembered, but nowhere", path);
	}
	return why;
}

/* ---- d: the second run is quiet --------------------------------------------
 */

/* The same path, or another of its unit: what a unit is can change with what is
   done to the rest of it. */
static bool
has_conflict(const struct trial *t, const struct plan_conflict *c)
{
	const struct plan *p = &t->second.plan;
	for (size_t i = 0; i < p->nconflicts; i++) {
		const struct plan_conflict *o = &p->conflicts[i];
		if (o->resolution != PLAN_UNRESOLVED)
			continue;
		bool same = o->path_len == c->path_len &&
		    memcmp(o->path, c->path, c->path_len) == 0;
		if ((same && o->kind == c->kind) ||
		    (t->patience > 0 &&
			same_unit(t->before, o->path, c->path, c->path_len)))
			return true;
	}
	return false;
}

static bool
has_skipped(const struct plan *p, const struct plan_skipped *s)
{
	for (size_t i = 0; i < p->nskipped; i++) {
		const struct plan_skipped *o = &p->skipped[i];
		if (o->reason == s->reason && o->path_len == s->path_len &&
		    memcmp(o->path, s->path, s->path_len) == 0)
			return true;
	}
	return false;
}

static const char *
check_told_again(const struct trial *t)
{
	const struct plan *a = &t->first.plan, *b = &t->second.plan;
	for (size_t i = 0; i < a->nconflicts; i++)
		if (a->conflicts[i].resolution == PLAN_UNRESOLVED &&
		    !has_conflict(t, &a->conflicts[i]))
			return broken("d: a conflict went by itself",
			    a->conflicts[i].path);
	for (size_t i = 0; i < a->nskipped; i++)
		if (!has_skipped(b, &a->skipped[i]) &&
		    !(t->patience > 0 && tells(t, b, a->skipped[i].path)))
			return broken("d: no longer told", a->skipped[i].path);
	return NULL;
}

const char *
check_quiet(const struct trial *t)
{
	const struct plan *a = &t->first.plan, *b = &t->second.plan;
	if (a->held > b->held)
		return NULL; /* a copy is let go where its original went */
	if (b->nactions > 0)
		return broken("d: a second action", b->actions[0].path);
	if (b->noutcomes > 0)
		return broken("d: a second outcome", b->outcomes[0].path);
	if (b->nconflicts != b->unresolved)
		return broken("d: a conflict settled twice", "");
	const char *why = check_told_again(t);
	if (why == NULL && b->nskipped > a->nskipped)
		why = broken("d: more is skipped", "");
	if (why == NULL && b->unresolved > a->unresolved)
		why = broken("d: more conflicts", "");
	return why;
}

/* ---- e: one-sided changes --------------------------------------------------
 */

/* Is side *s* exactly what the ledger says, and nothing settled? */
static bool
is_unmoved(const struct world *w, enum side s)
{
	if (w->side[s].n != w->ledger.n)
		return false;
	for (size_t i = 0; i < w->ledger.n; i++) {
		const struct node *r = &w->ledger.v[i];
		const struct node *n = nodes_find(&w->side[s], r->path);
		if (n == NULL || n->type != r->type ||
		    n->content != r->content ||
		    (w->look.exec[s] && n->exec[0] != r->exec[s]) ||
		    !r->present[SIDE_LOCAL] || !r->present[SIDE_CLOUD])
			return false;
	}
	return true;
}

static bool
is_plain(const struct world *w)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		if (w->rules.who[s] != 0 || !w->rules.may_write[s])
			return false;
		for (size_t i = 0; i < w->side[s].n; i++)
			if (w->side[s].v[i].type == ENTRY_UNKNOWN)
				return false;
	}
	return !w->rules.never_delete && w->rules.empty_dirs &&
	    !w->rules.only_choices && !w->rules.hold_copies;
}

static bool
same_side(const struct nodes *a, const struct nodes *b, bool exec)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		const struct node *n = nodes_find(b, a->v[i].path);
		if (n == NULL || n->type != a->v[i].type ||
		    n->content != a->v[i].content ||
		    (exec && n->exec[0] != a->v[i].exec[0]))
			return false;
	}
	return true;
}

const char *
check_one_sided(const struct trial *t)
{
	const struct world *w = t->before;
	bool exec = w->look.exec[SIDE_LOCAL] && w->look.exec[SIDE_CLOUD];
	if (!is_plain(w))
		return NULL;
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		if (!is_unmoved(w, side_other(s)))
			continue;
		if (t->first.plan.nconflicts > 0)
			return broken("e: a conflict of one side", "");
		for (enum side x = SIDE_LOCAL; x < SIDES; x++)
			if (!same_side(&w->side[s], &t->after.side[x], exec))
				return broken("e: not gone over exactly", "");
	}
	return NULL;
}
