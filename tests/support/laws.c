#include "support/laws.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/path.h"
#include "base/strlist.h"
#include "model/names.h"
#include "model/quirks.h"
#include "model/unit.h"
#include "support/replay.h"

/* One world put to the test. */
struct trial {
	const struct world *before;
	struct world after;
	struct planned first, second;
	struct kept kept;
};

static char fault[600];
static size_t checked;
static unsigned patience; /* runs a collision may take to settle */

static const char *
broken(const char *law, const char *path)
{
	(void)snprintf(fault, sizeof(fault), "%s: %s", law, path);
	return fault;
}

/* ---- a, f: nothing is lost, nothing unknown is touched ---------------------
 */

static void
keep_all(struct kept *k, const struct world *w)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		for (size_t i = 0; i < w->side[s].n; i++)
			kept_add(k, &w->side[s].v[i]);
}

static const char *
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

static const char *
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

/* ---- c: both sides agree, but for what was told ----------------------------
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

/* What was told excuses the path, what lies in it, the directories that stay
   for it, and its unit. */
static bool
excuses(const struct world *w, const char *path, const char *told, size_t n)
{
	return within(path, told, n) ||
	    path_within(told, n, path, strlen(path)) ||
	    same_unit(w, path, told, n);
}

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
			if ((n->type == ENTRY_UNKNOWN || n->incomplete) &&
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

static const char *
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
has_conflict(
    const struct world *w, const struct plan *p, const struct plan_conflict *c)
{
	for (size_t i = 0; i < p->nconflicts; i++) {
		const struct plan_conflict *o = &p->conflicts[i];
		if (o->resolution != PLAN_UNRESOLVED)
			continue;
		bool same = o->path_len == c->path_len &&
		    memcmp(o->path, c->path, c->path_len) == 0;
		if ((same && o->kind == c->kind) ||
		    (patience > 0 &&
			same_unit(w, o->path, c->path, c->path_len)))
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
		    !has_conflict(t->before, b, &a->conflicts[i]))
			return broken("d: a conflict went by itself",
			    a->conflicts[i].path);
	for (size_t i = 0; i < a->nskipped; i++)
		if (!has_skipped(b, &a->skipped[i]) &&
		    !(patience > 0 && tells(t, b, a->skipped[i].path)))
			return broken("d: no longer told", a->skipped[i].path);
	return NULL;
}

/* Something that was in the way of a name, or held another tool's copy, may be
   gone after the first run. */
static const char *
settle_late(struct trial *t)
{
	const struct plan *p = &t->first.plan;
	bool collides = p->held > 0;
	for (size_t i = 0; i < p->nconflicts; i++)
		collides |= p->conflicts[i].kind == PLAN_CASE_COLLISION;
	for (unsigned n = 0; collides && n < patience; n++) {
		const char *why = replay(&t->after, &t->second.plan, &t->kept);
		if (why != NULL)
			return broken("b, later", why);
		planned_free(&t->first);
		t->first = t->second;
		world_plan(&t->second, &t->after, 0);
	}
	return NULL;
}

static const char *
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
			if (w->side[s].v[i].type == ENTRY_UNKNOWN ||
			    w->side[s].v[i].incomplete)
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

static const char *
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

/* ---- g: policies -----------------------------------------------------------
 */

static bool
holds(const struct world *w, enum side s, const struct entry *e)
{
	for (size_t i = 0; i < w->side[s].n; i++)
		if (w->side[s].v[i].type == (enum entry_type)e->type &&
		    w->side[s].v[i].content == (char)e->nlink)
			return true;
	return false;
}

static bool
keeps_both(const struct world *w, const struct plan_conflict *c)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		for (enum side x = SIDE_LOCAL; x < SIDES; x++)
			if (entry_is_content(c->entry[x]) &&
			    !holds(w, s, c->entry[x]))
				return false;
	return true;
}

/* The side whose file is newer, or alone; SIDES: neither. */
static enum side
newer_side(const struct plan_conflict *c)
{
	const struct entry *l = c->entry[SIDE_LOCAL], *r = c->entry[SIDE_CLOUD];
	if (l == NULL || r == NULL)
		return l != NULL ? SIDE_LOCAL : SIDE_CLOUD;
	if (stamp_near(entry_mtime(l), entry_mtime(r), 2))
		return SIDES;
	return l->mtime_sec > r->mtime_sec ? SIDE_LOCAL : SIDE_CLOUD;
}

/* Or nothing at all. */
static bool
is_no_dir(const struct entry *e)
{
	return e == NULL || e->type != ENTRY_DIR;
}

static bool
is_right(const struct trial *t, const struct plan_conflict *c)
{
	enum plan_resolution r = c->resolution;
	bool file =
	    is_no_dir(c->entry[SIDE_LOCAL]) && is_no_dir(c->entry[SIDE_CLOUD]);
	switch (t->before->rules.policy) {
	case PLAN_MANUAL_ABORT:
	case PLAN_MANUAL_SKIP:
		return r == PLAN_UNRESOLVED;
	case PLAN_PREFER_LOCAL:
		return r == PLAN_USED_LOCAL;
	case PLAN_PREFER_CLOUD:
		return r == PLAN_USED_CLOUD;
	case PLAN_PREFER_NEWER:
		if (c->group || !file || r == PLAN_UNRESOLVED)
			return r != PLAN_KEPT_BOTH && r != PLAN_MERGED;
		return newer_side(c) ==
		    (r == PLAN_USED_LOCAL ? SIDE_LOCAL : SIDE_CLOUD);
	case PLAN_KEEP_BOTH:
		return r != PLAN_UNRESOLVED && keeps_both(&t->after, c);
	}
	return false;
}

static bool
has_own_name(const struct plan_conflict *c)
{
	for (size_t n = c->path_len; n > 0; n = path_parent(c->path, n))
		if (quirks_own_copy(c->path, n, NULL))
			return true;
	return false;
}

/* A unit with a name that cannot be held, or told from another, waits. */
static bool
is_hindered(const struct trial *t, const struct plan_conflict *c)
{
	const struct plan *p = &t->first.plan;
	for (size_t i = 0; i < p->nskipped; i++)
		if (p->skipped[i].reason == PLAN_SKIP_INVALID_NAME &&
		    excuses(t->before, c->path, p->skipped[i].path,
			p->skipped[i].path_len))
			return true;
	for (size_t i = 0; i < p->nconflicts; i++)
		if (p->conflicts[i].kind == PLAN_CASE_COLLISION &&
		    excuses(t->before, c->path, p->conflicts[i].path,
			p->conflicts[i].path_len))
			return true;
	return false;
}

/* Conflicts that no policy decides. */
static bool
is_beyond_policy(const struct trial *t, const struct plan_conflict *c)
{
	const struct plan_rules *r = &t->before->rules;
	if (c->kind == PLAN_CASE_COLLISION || c->kind == PLAN_PROVIDER_COPY ||
	    c->resolution == PLAN_MERGED || has_own_name(c) || r->nchoices > 0)
		return true;
	if (c->resolution == PLAN_UNRESOLVED && is_hindered(t, c))
		return true;
	/* A copy of a group may have names the other side cannot hold. */
	if (c->group && r->policy == PLAN_KEEP_BOTH &&
	    (r->who[SIDE_LOCAL] | r->who[SIDE_CLOUD]) != 0)
		return true;
	/* A directory that holds something unknown makes no room. */
	const struct plan *p = &t->first.plan;
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		if (c->entry[s] != NULL && c->entry[s]->type == ENTRY_DIR &&
		    ((c->entry[s]->flags & ENTRY_HOLDS_UNKNOWN) ||
			p->held > 0) &&
		    c->resolution == PLAN_UNRESOLVED)
			return true;
	return false;
}

static const char *
check_policy(const struct trial *t)
{
	const struct plan *p = &t->first.plan;
	size_t open = 0;
	for (size_t i = 0; i < p->nconflicts; i++) {
		const struct plan_conflict *c = &p->conflicts[i];
		open += c->resolution == PLAN_UNRESOLVED;
		if (!p->blocked && !is_beyond_policy(t, c) && !is_right(t, c))
			return broken("g: against the policy", c->path);
	}
	if (open != p->unresolved)
		return broken("g: conflicts are miscounted", "");
	bool blocks = t->before->rules.policy == PLAN_MANUAL_ABORT &&
	    open > p->held && !t->before->rules.only_choices;
	return p->blocked == blocks ? NULL : broken("g: blocked or not", "");
}

/* ---- h: order and sides ----------------------------------------------------
 */

static const char *
check_order(const struct trial *t)
{
	struct planned other;
	struct str a = STR_INIT, b = STR_INIT;
	world_plan(&other, t->before, (unsigned)checked + 1);
	plan_write_text(&a, &t->first.plan);
	plan_write_text(&b, &other.plan);
	bool same = strcmp(a.p, b.p) == 0;
	planned_free(&other);
	str_free(&a);
	str_free(&b);
	return same ? NULL : broken("h: the order of entries matters", "");
}

/* The plan's lines, sorted, with the sides exchanged when *swap*; without those
   that name a side for want of a better one. */
static void
sorted_lines(struct strlist *out, const struct plan *p, bool swap)
{
	static const char *const words[] = {"local", "cloud"};
	struct str text = STR_INIT, line = STR_INIT;
	plan_write_text(&text, p);
	for (char *at = text.p; *at != '\0';) {
		if (*at == '\n') {
			if (strncmp(line.p, "skipped", 7) != 0)
				strlist_add(out, line.p);
			str_clear(&line);
			at++;
			continue;
		}
		int word = strncmp(at, words[0], 5) == 0 ? 0
		    : strncmp(at, words[1], 5) == 0      ? 1
							 : -1;
		if (word < 0) {
			str_addc(&line, *at++);
			continue;
		}
		str_add(&line, words[swap ? 1 - word : word]);
		at += 5;
	}
	strlist_sort(out);
	str_free(&text);
	str_free(&line);
}

/* "modified_deleted" seen from the other side. */
static void
mirror_kinds(struct plan *p)
{
	for (size_t i = 0; i < p->nconflicts; i++) {
		struct plan_conflict *c = &p->conflicts[i];
		if (c->kind == PLAN_MODIFIED_DELETED)
			c->kind = PLAN_DELETED_MODIFIED;
		else if (c->kind == PLAN_DELETED_MODIFIED)
			c->kind = PLAN_MODIFIED_DELETED;
	}
}

static const char *
check_mirror(const struct trial *t)
{
	const struct plan_rules *r = &t->before->rules;
	if (r->policy == PLAN_KEEP_BOTH || r->hold_copies || r->nchoices > 0)
		return NULL; /* equal times, the cloud's copies: not alike */
	struct world w = {.side = {{.v = NULL}}};
	struct planned other;
	struct strlist a = STRLIST_INIT, b = STRLIST_INIT;
	world_mirror(&w, t->before);
	world_plan(&other, &w, 1);
	mirror_kinds(&other.plan);
	sorted_lines(&a, &t->first.plan, false);
	sorted_lines(&b, &other.plan, true);
	strlist_sort(&a);
	bool same = a.n == b.n;
	for (size_t i = 0; same && i < a.n; i++)
		same = strcmp(a.v[i], b.v[i]) == 0;
	planned_free(&other);
	world_free(&w);
	strlist_free(&a);
	strlist_free(&b);
	return same ? NULL : broken("h: the mirrored plan differs", "");
}

/* ---- all of them -----------------------------------------------------------
 */

static const char *
check_result(struct trial *t)
{
	const char *why = check_kept(t);
	if (why == NULL)
		why = check_unknown(t);
	if (why == NULL)
		why = check_quiet(t);
	if (why == NULL && !t->before->rules.only_choices)
		why = check_agreement(t);
	if (why == NULL)
		why = check_one_sided(t);
	return why;
}

static const char *
run_trial(struct trial *t)
{
	const char *why = NULL;
	world_copy(&t->after, t->before);
	world_plan(&t->first, t->before, 0);
	if (!t->first.plan.blocked)
		why = replay(&t->after, &t->first.plan, &t->kept);
	if (why != NULL)
		return broken("b", why);
	why = check_policy(t);
	/* These cost as much again, and depend on less. */
	if (why == NULL && checked % 4 == 0)
		why = check_order(t);
	if (why == NULL && checked % 4 == 1)
		why = check_mirror(t);
	world_plan(&t->second, &t->after, 0);
	if (why == NULL && !t->first.plan.blocked)
		why = settle_late(t);
	if (why == NULL && !t->first.plan.blocked)
		why = check_result(t);
	return why;
}

const char *
laws_check(const struct world *w)
{
	struct trial t = {.before = w};
	const char *why = run_trial(&t);
	checked++;
	planned_free(&t.first);
	planned_free(&t.second);
	world_free(&t.after);
	return why;
}

void
laws_be_patient(unsigned runs)
{
	patience = runs;
}

size_t
laws_checked(void)
{
	return checked;
}

void
laws_assert(const struct world *w)
{
	const char *why = laws_check(w);
	if (why == NULL)
		return;
	struct planned p;
	struct str text = STR_INIT;
	world_write(&text, w);
	str_add(&text, "----\n");
	world_plan(&p, w, 0);
	plan_write_text(&text, &p.plan);
	planned_free(&p);
	(void)fprintf(stderr, "%s\n%s", why, text.p);
	str_free(&text);
	fail_msg("%s", why);
}
