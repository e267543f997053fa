#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "plan_scene.h"
#include "support/world.h"

/* ---- exit codes ---------------------------------------------------------- */

static void
test_plan_view__exitcode_of_skipped(void **state)
{
	static const enum exitcode want[] = {
	    [PLAN_SKIP_SYMLINK] = EXITCODE_OK,
	    [PLAN_SKIP_SPECIAL] = EXITCODE_OK,
	    [PLAN_SKIP_UNREADABLE] = EXITCODE_FAILED,
	    [PLAN_SKIP_CHANGED] = EXITCODE_FAILED,
	    [PLAN_SKIP_INVALID_NAME] = EXITCODE_CONFLICT,
	    [PLAN_SKIP_EQUAL_MTIME] = EXITCODE_CONFLICT,
	    [PLAN_SKIP_PLACEHOLDER] = EXITCODE_REFUSED,
	    [PLAN_SKIP_HELD_COPY] = EXITCODE_CONFLICT,
	    [PLAN_SKIP_DIRECTION] = EXITCODE_OK,
	    [PLAN_SKIP_POLICY] = EXITCODE_OK,
	    [PLAN_SKIP_SINCE] = EXITCODE_FAILED,
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(want); i++) {
		struct scene s;
		scene_init(&s);
		scene_skip(&s, (enum plan_skip)i, SIDE_LOCAL, "p");
		assert_int_equal(plan_view_exitcode(&s.view), want[i]);
	}
}

static void
test_plan_view__exitcode_of_conflicts(void **state)
{
	UNUSED(state);
	for (int kind = PLAN_BOTH_MODIFIED; kind <= PLAN_PROVIDER_COPY;
	     kind++) {
		for (int r = PLAN_UNRESOLVED; r <= PLAN_MERGED; r++) {
			struct scene s;
			scene_init(&s);
			scene_conflict(&s, (enum plan_kind)kind,
			    (enum plan_resolution)r, "p");
			assert_int_equal(plan_view_exitcode(&s.view),
			    r == PLAN_UNRESOLVED ? EXITCODE_CONFLICT
						 : EXITCODE_OK);
		}
	}
}

static void
test_plan_view__exitcode_of_results(void **state)
{
	static const struct {
		enum apply_status status;
		bool changed;
		enum exitcode want;
	} cases[] = {
	    {APPLY_PLANNED, false, EXITCODE_OK},
	    {APPLY_DONE, false, EXITCODE_OK},
	    {APPLY_FAILED, false, EXITCODE_FAILED},
	    {APPLY_SKIPPED, false, EXITCODE_OK}, /* the plan is blocked */
	    {APPLY_SKIPPED, true, EXITCODE_FAILED},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct scene s;
		scene_init(&s);
		scene_act(&s, PLAN_COPY, PLAN_TO_CLOUD, PLAN_NEW, "p", 1);
		scene_act(&s, PLAN_COPY, PLAN_TO_CLOUD, PLAN_NEW, "q", 1);
		scene_end(&s, 0, APPLY_DONE, NULL);
		scene_end(&s, 1, cases[i].status, NULL);
		s.results[1].changed = cases[i].changed;
		assert_int_equal(plan_view_exitcode(&s.view), cases[i].want);
	}
}

/* 5 beats 1, which beats 2. */
static void
test_plan_view__exitcode_order(void **state)
{
	struct scene s;
	UNUSED(state);
	scene_init(&s);
	assert_int_equal(plan_view_exitcode(&s.view), EXITCODE_OK);
	scene_conflict(&s, PLAN_GROUP, PLAN_UNRESOLVED, "p");
	assert_int_equal(plan_view_exitcode(&s.view), EXITCODE_CONFLICT);
	scene_skip(&s, PLAN_SKIP_UNREADABLE, SIDE_LOCAL, "p");
	assert_int_equal(plan_view_exitcode(&s.view), EXITCODE_FAILED);
	scene_skip(&s, PLAN_SKIP_PLACEHOLDER, SIDE_LOCAL, "p");
	scene_skip(&s, PLAN_SKIP_UNREADABLE, SIDE_LOCAL, "p");
	assert_int_equal(plan_view_exitcode(&s.view), EXITCODE_REFUSED);
}

/* ---- totals -------------------------------------------------------------- */

static void
test_plan_view__totals(void **state)
{
	struct scene s;
	struct totals t;
	UNUSED(state);
	scene_init(&s);
	scene_act(&s, PLAN_COPY, PLAN_TO_CLOUD, PLAN_NEW, "a", 10);
	scene_act(&s, PLAN_MKDIR, PLAN_TO_CLOUD, PLAN_NEW, "d/", 0);
	scene_act(&s, PLAN_MOVE, PLAN_TO_LOCAL, PLAN_NEW, "m", 100);
	scene_act(&s, PLAN_BOTH, PLAN_TO_BOTH, PLAN_RESOLVED, "b", 1000);
	scene_act(&s, PLAN_MERGE, PLAN_TO_BOTH, PLAN_CHANGED, "l", 10000);
	scene_act(&s, PLAN_DELETE, PLAN_TO_LOCAL, PLAN_DELETED, "x", 5);
	scene_act(&s, PLAN_RMDIR, PLAN_TO_LOCAL, PLAN_DELETED, "y/", 0);
	plan_view_totals(&t, &s.view);
	assert_int_equal(t.to_side[SIDE_CLOUD], 3);
	assert_int_equal(t.dirs[SIDE_CLOUD], 1);
	assert_int_equal(t.bytes[SIDE_CLOUD], 11010);
	assert_int_equal(t.to_side[SIDE_LOCAL], 2);
	assert_int_equal(t.bytes[SIDE_LOCAL], 11000);
	assert_int_equal(t.deleted[SIDE_LOCAL], 2);
	assert_int_equal(t.deleted[SIDE_CLOUD], 0);
	assert_int_equal(t.merged, 1);
	assert_int_equal(t.failed + t.left + t.skipped + t.conflicts, 0);
}

/* What a run did not do does not count as done. */
static void
test_plan_view__totals_of_a_run(void **state)
{
	struct scene s;
	struct totals t;
	UNUSED(state);
	scene_init(&s);
	for (size_t i = 0; i < 4; i++)
		scene_act(&s, PLAN_COPY, PLAN_TO_CLOUD, PLAN_NEW, "a", 1);
	scene_end(&s, 0, APPLY_DONE, NULL);
	scene_end(&s, 1, APPLY_FAILED, NULL);
	scene_end(&s, 2, APPLY_SKIPPED, NULL);
	s.results[2].changed = true;
	plan_view_totals(&t, &s.view);
	assert_int_equal(t.to_side[SIDE_CLOUD], 1);
	assert_int_equal(t.bytes[SIDE_CLOUD], 1);
	assert_int_equal(t.failed, 1);
	assert_int_equal(t.skipped, 1);
	assert_int_equal(t.left, 1);
}

static void
test_plan_view__side_that_is_read(void **state)
{
	static const struct {
		enum plan_op op;
		enum plan_to to;
		enum side want;
	} cases[] = {
	    {PLAN_COPY, PLAN_TO_CLOUD, SIDE_LOCAL},
	    {PLAN_COPY, PLAN_TO_LOCAL, SIDE_CLOUD},
	    {PLAN_DELETE, PLAN_TO_CLOUD, SIDE_CLOUD},
	    {PLAN_MOVE, PLAN_TO_LOCAL, SIDE_LOCAL},
	    {PLAN_MERGE, PLAN_TO_BOTH, SIDE_LOCAL},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct plan_action a = {.op = cases[i].op, .to = cases[i].to};
		assert_int_equal(plan_view_read_side(&a), cases[i].want);
	}
}

/* ---- what is in sync ----------------------------------------------------- */

static void
test_plan_view__in_sync(void **state)
{
	static const struct {
		const char *world;
		size_t in_sync, adopted;
	} cases[] = {
	    {"", 0, 0},
	    {"a A A A", 1, 0},
	    {"a A A A\nd / / /\nd/b B B B", 3, 0},
	    {"a B A A\nb A A A", 1, 0},            /* changed on one side */
	    {"a B C A\nb A A A", 1, 0},            /* in conflict */
	    {"a A . .\nb . A .\nc A A A", 1, 0},   /* new on one side */
	    {"a . A A\nc A A A", 1, 0},            /* deleted */
	    {"a B B A", 1, 0},                     /* the same change */
	    {"a A A .\nd / / .\nd/b A A .", 3, 3}, /* alike, not known yet */
	    {"a A@7 A A", 1, 0},                   /* touched */
	    {"a ?s A A\nb A ?u A\nc A A A", 1, 0},
	    {"d / / /\nd/e / / /\nd/e/f A B A\ng A A A", 3, 0},
	    {"aa A A A\na A . .\nab . A .\nb A A A", 2, 0},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct world w;
		struct planned p;
		world_init(&w);
		world_read(&w, cases[i].world);
		world_plan(&p, &w, 0);
		assert_int_equal(plan_view_in_sync(&p.plan, &p.items, p.trees),
		    cases[i].in_sync);
		assert_int_equal(plan_view_adopted(&p.plan), cases[i].adopted);
		planned_free(&p);
		world_free(&w);
	}
}

/* A run that ended before it looked has no trees. */
static void
test_plan_view__in_sync_without_trees(void **state)
{
	struct tree trees[SIDES];
	struct items items = {.v = NULL};
	struct plan plan = {.actions = NULL};
	UNUSED(state);
	memset(trees, 0, sizeof(trees));
	assert_int_equal(plan_view_in_sync(&plan, &items, trees), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_plan_view__exitcode_of_skipped),
	    cmocka_unit_test(test_plan_view__exitcode_of_conflicts),
	    cmocka_unit_test(test_plan_view__exitcode_of_results),
	    cmocka_unit_test(test_plan_view__exitcode_order),
	    cmocka_unit_test(test_plan_view__totals),
	    cmocka_unit_test(test_plan_view__totals_of_a_run),
	    cmocka_unit_test(test_plan_view__side_that_is_read),
	    cmocka_unit_test(test_plan_view__in_sync),
	    cmocka_unit_test(test_plan_view__in_sync_without_trees),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
