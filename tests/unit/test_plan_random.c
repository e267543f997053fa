/*
 * Random worlds of some depth, under random rules, held to the same laws as the
 * small ones (test_plan_exhaustive.c). A world that breaks one is made as small
 * as it goes before it is shown.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/path.h"
#include "model/plan/names.h"
#include "support/dice.h"
#include "support/laws.h"
#include "support/plan_case.h"
#include "support/replay.h"

enum { WORLDS = 10000, DEPTH = 4, STEPS = 6 };

static const char *const names[] = {"a", "b", "B", "db", "db-wal", "db-shm",
    "g", "n.log", "n:", "a (conflicted copy 2026-01-01 101010)"};

/* ---- making ----------------------------------------------------------------
 */

static void
random_path(struct dice *d, char *out, size_t size)
{
	size_t depth = 1 + dice_roll(d, DEPTH), n = 0;
	for (size_t i = 0; i < depth; i++)
		n += (size_t)snprintf(out + n, size - n, "%s%s",
		    i > 0 ? "/" : "", names[dice_roll(d, COUNT_OF(names))]);
}

static const char *
random_token(struct dice *d, bool unknown)
{
	static const char *const tokens[] = {"A", "B", "C", "D", "E", "A@7",
	    "B*", "F^", "C^", "/", "/", ">A", ">B"};
	static const char *const odd[] = {"?s", "?y", "?u", "?x", "?n", "?p"};
	if (unknown && dice_one_in(d, 10))
		return odd[dice_roll(d, COUNT_OF(odd))];
	return tokens[dice_roll(d, COUNT_OF(tokens))];
}

/* May there be something of this path on the side? */
static bool
fits(
    const struct world *w, const struct nodes *v, enum side s, const char *path)
{
	size_t n = strlen(path);
	for (size_t i = 0; i < v->n; i++) {
		const struct node *other = &v->v[i];
		size_t len = strlen(other->path);
		char above[WORLD_PATH_SIZE];
		size_t k = len < n && path[len] == '/' ? len : n;
		if (other->type != ENTRY_DIR &&
		    path_within(path, n, other->path, len))
			return false;
		(void)snprintf(above, sizeof(above), "%.*s", (int)k, path);
		if (strcmp(above, other->path) != 0 &&
		    same_name(w, s, above, other->path))
			return false;
	}
	return true;
}

static void
remove_tree(struct nodes *v, const char *path)
{
	char top[WORLD_PATH_SIZE];
	(void)snprintf(top, sizeof(top), "%s", path);
	for (size_t i = v->n; i-- > 0;)
		if (path_within(
			v->v[i].path, strlen(v->v[i].path), top, strlen(top)))
			v->v[i] = v->v[--v->n];
}

static void
put_random(struct world *w, struct dice *d, enum side s)
{
	char path[WORLD_PATH_SIZE];
	random_path(d, path, sizeof(path));
	if (!fits(w, &w->side[s], s, path))
		return;
	remove_tree(&w->side[s], path);
	world_put(w, s, path, random_token(d, true));
}

static const struct node *
random_node(const struct world *w, struct dice *d, enum side s)
{
	const struct nodes *v = &w->side[s];
	return v->n > 0 ? &v->v[dice_roll(d, v->n)] : NULL;
}

/* Its content changes, or what it is. */
static void
edit_random(struct world *w, struct dice *d, enum side s)
{
	const struct node *n = random_node(w, d, s);
	char path[WORLD_PATH_SIZE];
	if (n == NULL)
		return;
	(void)snprintf(path, sizeof(path), "%s", n->path);
	remove_tree(&w->side[s], path);
	world_put(w, s, path, random_token(d, true));
}

static void
remove_random(struct world *w, struct dice *d, enum side s)
{
	const struct node *n = random_node(w, d, s);
	if (n != NULL)
		remove_tree(&w->side[s], n->path);
}

/* Would all below *from* still have short paths, with one of *n* bytes for it?
   (A conflict copy makes them longer again.) */
static bool
has_room(const struct nodes *v, const char *from, size_t n)
{
	for (size_t i = 0; i < v->n; i++) {
		size_t len = strlen(v->v[i].path);
		if (path_within(v->v[i].path, len, from, strlen(from)) &&
		    len - strlen(from) + n > WORLD_PATH_SIZE - 64)
			return false;
	}
	return true;
}

/* A file or a whole directory gets another name. */
static void
rename_random(struct world *w, struct dice *d, enum side s)
{
	struct nodes *v = &w->side[s];
	const struct node *n = random_node(w, d, s);
	char from[WORLD_PATH_SIZE], to[WORLD_PATH_SIZE];
	if (n == NULL)
		return;
	(void)snprintf(from, sizeof(from), "%s", n->path);
	random_path(d, to, sizeof(to));
	size_t len = strlen(from);
	if (dice_one_in(d, 3)) { /* only its case */
		(void)snprintf(to, sizeof(to), "%s", from);
		size_t at = path_name(to, len);
		to[at] = (char)(to[at] ^ 0x20);
	}
	if (path_within(to, strlen(to), from, len) || strchr(to, '/') == NULL ||
	    !fits(w, v, s, to) || nodes_find(v, to) != NULL)
		return;
	if (!has_room(v, from, strlen(to)))
		return;
	world_put(w, s, to, "/"); /* for the directories above it */
	nodes_remove(v, to);
	for (size_t i = 0; i < v->n; i++) {
		char path[WORLD_PATH_SIZE * 2];
		if (!path_within(v->v[i].path, strlen(v->v[i].path), from, len))
			continue;
		(void)snprintf(
		    path, sizeof(path), "%s%s", to, v->v[i].path + len);
		memcpy(v->v[i].path, path, strlen(path) + 1);
	}
}

static void
change(struct world *w, struct dice *d, enum side s)
{
	switch (dice_roll(d, 6)) {
	case 0:
	case 1:
		put_random(w, d, s);
		break;
	case 2:
		edit_random(w, d, s);
		break;
	case 3:
		remove_random(w, d, s);
		break;
	default:
		rename_random(w, d, s);
		break;
	}
}

static void
random_rules(struct world *w, struct dice *d)
{
	struct plan_rules *r = &w->rules;
	r->policy = (enum plan_policy)dice_roll(d, PLAN_KEEP_BOTH + 1);
	r->equal_mtime =
	    (enum plan_equal_mtime)dice_roll(d, PLAN_EQUAL_CONFLICT + 1);
	r->never_delete = dice_one_in(d, 4);
	r->empty_dirs = !dice_one_in(d, 4);
	r->may_write[SIDE_LOCAL] = !dice_one_in(d, 8);
	r->may_write[SIDE_CLOUD] =
	    !r->may_write[SIDE_LOCAL] || !dice_one_in(d, 8);
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		if (dice_one_in(d, 4))
			r->who[s] |= NAMES_FOLD;
		if (dice_one_in(d, 8))
			r->who[s] |= NAMES_WINDOWS;
	}
	if (dice_one_in(d, 2))
		with_group(r);
	if (dice_one_in(d, 2))
		with_logs(r);
	if (dice_one_in(d, 2))
		hold_copies(r);
}

/* What was agreed: one tree on both sides, and a few survivors. */
static void
random_past(struct world *w, struct dice *d)
{
	struct world past;
	world_init(&past);
	past.rules.who[SIDE_LOCAL] =
	    w->rules.who[SIDE_LOCAL] | w->rules.who[SIDE_CLOUD];
	for (size_t n = dice_roll(d, 12); n > 0; n--) {
		char path[WORLD_PATH_SIZE];
		random_path(d, path, sizeof(path));
		if (fits(&past, &past.side[SIDE_LOCAL], SIDE_LOCAL, path) &&
		    nodes_find(&past.side[SIDE_LOCAL], path) == NULL)
			world_put(
			    &past, SIDE_LOCAL, path, random_token(d, false));
	}
	for (size_t i = 0; i < past.side[SIDE_LOCAL].n; i++) {
		struct node n = past.side[SIDE_LOCAL].v[i];
		n.extends = false;
		nodes_add(&w->side[SIDE_LOCAL], &n);
		nodes_add(&w->side[SIDE_CLOUD], &n);
		nodes_add(&w->ledger, &n);
	}
	world_free(&past);
}

static void
random_world(struct world *w, struct dice *d)
{
	world_init(w);
	random_rules(w, d);
	random_past(w, d);
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		for (size_t n = dice_roll(d, STEPS); n > 0; n--)
			change(w, d, s);
	if (dice_one_in(d, 10))
		w->ledger.n = 0;
}

/* ---- making small ----------------------------------------------------------
 */

/* Leave out whatever can go while a law stays broken. */
static bool
shrink_list(struct world *w, struct nodes *v)
{
	for (size_t i = 0; i < v->n; i++) {
		struct world less = {.side = {{.v = NULL}}};
		world_copy(&less, w);
		struct nodes *list = v == &w->ledger ? &less.ledger
		    : v == &w->side[SIDE_LOCAL]      ? &less.side[SIDE_LOCAL]
						     : &less.side[SIDE_CLOUD];
		remove_tree(list, v->v[i].path);
		bool smaller = laws_check(&less) != NULL;
		if (smaller)
			world_copy(w, &less);
		world_free(&less);
		if (smaller)
			return true;
	}
	return false;
}

static void
shrink(struct world *w)
{
	while (shrink_list(w, &w->ledger) ||
	    shrink_list(w, &w->side[SIDE_LOCAL]) ||
	    shrink_list(w, &w->side[SIDE_CLOUD]))
		;
}

/* ---- tests -----------------------------------------------------------------
 */

static void
test_plan_random__laws_hold(void **state)
{
	UNUSED(state);
	laws_be_patient(2);
	const char *seed = getenv("PLAN_RANDOM_SEED");
	struct dice dice = {
	    .state = seed != NULL ? strtoull(seed, NULL, 10) : 1};
	for (int i = 0; i < WORLDS; i++) {
		struct world w;
		random_world(&w, &dice);
		if (laws_check(&w) != NULL) {
			shrink(&w);
			laws_assert(&w);
		}
		world_free(&w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_plan_random__laws_hold),
	};
	return cmocka_run_group_tests(
	    tests, plan_cases_set_up, plan_cases_tear_down);
}
