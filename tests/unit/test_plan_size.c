/*
 * Very many of everything that is looked up, paired or told apart. No clock is
 * read: what takes more than a little longer than its size makes the test run
 * into its time limit.
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
#include "base/mem.h"
#include "model/plan/names.h"
#include "support/plan_case.h"

enum { MANY = 100000 };

/* ---- making ----------------------------------------------------------------
 */

/* Trees and a ledger in the making, one directory deep at most. */
struct crowd {
	struct planned p;
	struct plan_rules rules;
	struct agreed_record *records;
	size_t nrecords;
};

static struct hash
hash_of_number(uint64_t n)
{
	return hash_of(&n, sizeof(n));
}

static struct entry *
add_entry(struct crowd *c, enum side s, struct tree_dir *d, const char *name)
{
	struct entry *e = &d->v[d->n++];
	memset(e, 0, sizeof(*e));
	e->name_len = (uint16_t)strlen(name);
	e->name = arena_copy(&c->p.trees[s].arena, name, e->name_len);
	e->type = ENTRY_FILE;
	return e;
}

static void
add_file(struct crowd *c, enum side s, struct tree_dir *d, const char *name,
    uint64_t content)
{
	struct entry *e = add_entry(c, s, d, name);
	e->size = 8;
	e->mtime_sec = (int64_t)content;
	tree_set_hash(&c->p.trees[s], e, hash_of_number(content));
}

static struct tree_dir *
add_dir(struct crowd *c, enum side s, struct tree_dir *in, const char *name,
    size_t room)
{
	struct arena *a = &c->p.trees[s].arena;
	struct entry *e = add_entry(c, s, in, name);
	e->type = ENTRY_DIR;
	e->u.dir = arena_zero(a, 1, sizeof(*e->u.dir));
	e->u.dir->v = arena_zero(a, room, sizeof(struct entry));
	return e->u.dir;
}

/* In the order of their paths. */
static void
add_record(struct crowd *c, const char *path, uint64_t content)
{
	struct hash h = hash_of_number(content);
	struct agreed_record *r = &c->records[c->nrecords++];
	*r = (struct agreed_record){.path_at = c->p.names.len,
	    .path_len = (uint32_t)strlen(path),
	    .type = ENTRY_FILE,
	    .flags =
		AGREED_PRESENT << SIDE_LOCAL | AGREED_PRESENT << SIDE_CLOUD,
	    .size = 8,
	    .hash_hi = h.hi,
	    .hash_lo = h.lo};
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		r->side[s].mtime_sec = (int64_t)content;
	str_add(&c->p.names, path);
}

static void
crowd_init(struct crowd *c)
{
	struct world w;
	world_init(&w);
	memset(c, 0, sizeof(*c));
	c->rules = w.rules;
	c->p.names = STR_INIT;
	c->records = mem_zero(2 * MANY, sizeof(*c->records));
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		struct tree *t = &c->p.trees[s];
		tree_init(t);
		t->root.u.dir->v =
		    arena_zero(&t->arena, 4 * MANY, sizeof(struct entry));
	}
	world_free(&w);
}

static struct tree_dir *
root(struct crowd *c, enum side s)
{
	return c->p.trees[s].root.u.dir;
}

static void
crowd_plan(struct crowd *c)
{
	struct world w;
	world_init(&w);
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		tree_sort(root(c, s));
		tree_finish(&c->p.trees[s]);
	}
	c->p.agreed = (struct agreed){
	    .v = c->records, .n = c->nrecords, .names = c->p.names.p};
	classify(&c->p.items, c->p.trees, &c->p.agreed, &w.look);
	plan_ask(&c->p.items, &c->rules);
	classify_settle(&c->p.items, &w.look);
	plan_make(&c->p.plan, &c->p.items, c->p.trees, &c->p.agreed, &c->rules);
	world_free(&w);
}

static const char *
name_of(const char *format, size_t i)
{
	static char name[64];
	(void)snprintf(name, sizeof(name), "%06zu%s", i, format);
	return name;
}

/* ---- tests -----------------------------------------------------------------
 */

static void
test_plan_size__new_files(void **state)
{
	UNUSED(state);
	struct crowd c;
	crowd_init(&c);
	for (size_t i = 0; i < 2 * MANY; i++)
		add_file(&c, i % 2 ? SIDE_LOCAL : SIDE_CLOUD,
		    root(&c, i % 2 ? SIDE_LOCAL : SIDE_CLOUD),
		    name_of(".txt", i), i);
	c.rules.who[SIDE_LOCAL] = c.rules.who[SIDE_CLOUD] =
	    NAMES_FOLD | NAMES_WINDOWS;
	hold_copies(&c.rules);
	crowd_plan(&c);
	assert_int_equal(c.p.plan.nsteps, 2 * MANY);
	planned_free(&c.p);
}

static void
test_plan_size__moves_of_one_content(void **state)
{
	UNUSED(state);
	struct crowd c;
	crowd_init(&c);
	for (size_t i = 0; i < MANY; i++) {
		add_file(
		    &c, SIDE_CLOUD, root(&c, SIDE_CLOUD), name_of("a", i), 7);
		add_file(
		    &c, SIDE_LOCAL, root(&c, SIDE_LOCAL), name_of("b", i), 7);
		add_record(&c, name_of("a", i), 7);
	}
	crowd_plan(&c);
	assert_int_equal(c.p.plan.nactions, MANY);
	assert_int_equal(c.p.plan.actions[0].op, PLAN_MOVE);
	planned_free(&c.p);
}

static void
test_plan_size__families_kept_twice(void **state)
{
	UNUSED(state);
	enum { FAMILIES = 20000 };
	struct crowd c;
	crowd_init(&c);
	for (size_t i = 0; i < FAMILIES; i++)
		for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
			add_file(&c, s, root(&c, s), name_of("", i), 1000 * s);
			add_file(
			    &c, s, root(&c, s), name_of("-wal", i), 5000 * s);
		}
	c.rules.policy = PLAN_KEEP_BOTH;
	crowd_plan(&c);
	assert_int_equal(c.p.plan.nconflicts, FAMILIES);
	assert_int_equal(c.p.plan.unresolved, 0);
	assert_int_equal(c.p.plan.nsteps, FAMILIES * 6);
	planned_free(&c.p);
}

static void
test_plan_size__conflicts_kept_twice_or_chosen(void **state)
{
	UNUSED(state);
	struct crowd c;
	crowd_init(&c);
	struct plan_choice *choices = mem_zero(MANY, sizeof(*choices));
	for (size_t i = 0; i < MANY; i++) {
		for (enum side s = SIDE_LOCAL; s < SIDES; s++)
			add_file(&c, s, root(&c, s), name_of("", i), 1000 * s);
		choices[i].path =
		    arena_copy(&c.p.trees[0].arena, name_of("", MANY - i), 6);
		choices[i].take = i % 2 ? PLAN_TAKE_BOTH : PLAN_TAKE_LOCAL;
	}
	c.rules.policy = PLAN_KEEP_BOTH;
	c.rules.choices = choices;
	c.rules.nchoices = MANY;
	crowd_plan(&c);
	assert_int_equal(c.p.plan.nconflicts, MANY);
	assert_int_equal(c.p.plan.unresolved, 0);
	planned_free(&c.p);
	free(choices);
}

/* New directories between new files: their parent is come back to again and
   again. */
static void
test_plan_size__siblings_on_a_folding_side(void **state)
{
	UNUSED(state);
	struct crowd c;
	crowd_init(&c);
	for (size_t i = 0; i < MANY / 2; i++) {
		struct tree_dir *local = root(&c, SIDE_LOCAL);
		add_file(&c, SIDE_LOCAL, local, name_of("a", i), i);
		struct tree_dir *d =
		    add_dir(&c, SIDE_LOCAL, local, name_of("b", i), 1);
		add_file(&c, SIDE_LOCAL, d, "f", i);
		add_file(
		    &c, SIDE_CLOUD, root(&c, SIDE_CLOUD), name_of("A", i), i);
	}
	c.rules.who[SIDE_CLOUD] = NAMES_FOLD;
	crowd_plan(&c);
	assert_int_equal(c.p.plan.nconflicts, MANY / 2);
	planned_free(&c.p);
}

static void
test_plan_size__a_directory_goes(void **state)
{
	UNUSED(state);
	struct crowd c;
	crowd_init(&c);
	struct tree_dir *d =
	    add_dir(&c, SIDE_CLOUD, root(&c, SIDE_CLOUD), "d", MANY);
	for (size_t i = 0; i < MANY; i++) {
		char path[64];
		(void)snprintf(path, sizeof(path), "d/%06zu", i);
		add_file(&c, SIDE_CLOUD, d, name_of("", i), i);
		add_record(&c, path, i);
	}
	crowd_plan(&c);
	enum side s;
	assert_int_equal(c.p.plan.deletes[SIDE_CLOUD], MANY);
	assert_true(plan_too_many_deletes(&c.p.plan, c.p.trees, 50, &s));
	assert_int_equal(s, SIDE_CLOUD);
	assert_true(plan_too_many_deletes(&c.p.plan, c.p.trees, 99, &s));
	assert_false(plan_too_many_deletes(&c.p.plan, c.p.trees, 100, &s));
	planned_free(&c.p);
}

/* Nine files may go, however few there are. */
static void
test_plan_size__a_few_may_go(void **state)
{
	UNUSED(state);
	for (size_t n = 9; n <= 10; n++) {
		struct crowd c;
		enum side s;
		crowd_init(&c);
		for (size_t i = 0; i < n; i++) {
			add_file(&c, SIDE_LOCAL, root(&c, SIDE_LOCAL),
			    name_of("", i), i);
			add_record(&c, name_of("", i), i);
		}
		crowd_plan(&c);
		assert_int_equal(c.p.plan.deletes[SIDE_LOCAL], n);
		assert_int_equal(
		    plan_too_many_deletes(&c.p.plan, c.p.trees, 0, &s),
		    n == 10);
		planned_free(&c.p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_plan_size__new_files),
	    cmocka_unit_test(test_plan_size__moves_of_one_content),
	    cmocka_unit_test(test_plan_size__families_kept_twice),
	    cmocka_unit_test(test_plan_size__conflicts_kept_twice_or_chosen),
	    cmocka_unit_test(test_plan_size__siblings_on_a_folding_side),
	    cmocka_unit_test(test_plan_size__a_directory_goes),
	    cmocka_unit_test(test_plan_size__a_few_may_go),
	};
	return cmocka_run_group_tests(
	    tests, plan_cases_set_up, plan_cases_tear_down);
}
