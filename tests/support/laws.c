#include "support/laws.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/strlist.h"
#include "support/laws_trial.h"

static size_t checked;
static unsigned patience;

const char *
broken(const char *law, const char *path)
{
	static char fault[600];
	(void)snprintf(fault, sizeof(fault), "%s: %s", law, path);
	return fault;
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

/* Something that was in the way of a name, or held another tool's copy, may be
   gone after the first run. */
static const char *
settle_late(struct trial *t)
{
	const struct plan *p = &t->first.plan;
	bool collides = p->held > 0;
	for (size_t i = 0; i < p->nconflicts; i++)
		collides |= p->conflicts[i].kind == PLAN_CASE_COLLISION;
	for (unsigned n = 0; collides && n < t->patience; n++) {
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
	struct trial t = {.before = w, .patience = patience};
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
