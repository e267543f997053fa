/*
 * Conflicts the user settles by hand, and the planning of nothing else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "support/laws.h"
#include "support/plan_case.h"

struct choice_case {
	const char *world;
	struct plan_choice choices[2];
	const char *shown;
};

/* Under manual_abort, by resolve: what was not chosen is left alone. */
static const struct choice_case resolved[] = {
    {"p B C A", {{"p", PLAN_TAKE_LOCAL}},
	"copy to cloud p resolved\nconflict both_modified p local\n"},
    {"p B C A", {{"p", PLAN_TAKE_CLOUD}},
	"copy to local p resolved\nconflict both_modified p cloud\n"},
    {"p B C A", {{"p", PLAN_TAKE_NEWER}},
	"copy to local p resolved\nconflict both_modified p cloud\n"},
    {"p B E A", {{"p", PLAN_TAKE_NEWER}},
	"conflict both_modified p unresolved\n"},
    {"p B C A", {{"p", PLAN_TAKE_BOTH}},
	"keep_both to both p resolved (p.conflict-20260101-000000-m)\n"
	"conflict both_modified p kept both\n"},
    {"p . C A", {{"p", PLAN_TAKE_LOCAL}},
	"delete to cloud p resolved\nconflict deleted_modified p local\n"},
    {"p C^ F^ A", {{"p", PLAN_TAKE_MERGE}},
	"merge to both p resolved\nconflict both_modified p merged\n"},
    {"p C F^ A", {{"p", PLAN_TAKE_MERGE}},
	"conflict both_modified p unresolved\n"},
    {"a.log C^ F^ A", {{"a.log", PLAN_TAKE_LOCAL}},
	"copy to cloud a.log resolved\n"
	"conflict both_modified a.log local\n"},
    {"p B E .", {{"p", PLAN_TAKE_CLOUD}},
	"copy to local p resolved\nconflict both_created p cloud\n"},
    {"p B C A\nq B C A\nr B A A\ns . A A\nt . . A\nu B B A",
	{{"q", PLAN_TAKE_LOCAL}},
	"copy to cloud q resolved\nconflict both_modified q local\n"},
    {"p B A A", {{"p", PLAN_TAKE_CLOUD}}, ""},
    {"p B C A\nq B C A", {{"q", PLAN_TAKE_LOCAL}, {"p", PLAN_TAKE_CLOUD}},
	"copy to local p resolved\n"
	"copy to cloud q resolved\n"
	"conflict both_modified p cloud\n"
	"conflict both_modified q local\n"},
    {"d . / /\nd/p . B A\nd/q . C A", {{"d/p", PLAN_TAKE_CLOUD}},
	"mkdir to local d new\n"
	"copy to local d/p resolved\n"
	"conflict deleted_modified d/p cloud\n"},
    {"db B A A\ndb-wal C D C", {{"db", PLAN_TAKE_LOCAL}},
	"copy to cloud db resolved\n"
	"copy to cloud db-wal resolved\n"
	"conflict group db local\n"},
    {"db B A A\ndb-wal C D C", {{"db-wal", PLAN_TAKE_CLOUD}},
	"copy to local db resolved\n"
	"copy to local db-wal resolved\n"
	"conflict group db cloud\n"},
    {"g/a B A A\ng/b C D C", {{"g/a", PLAN_TAKE_LOCAL}},
	"copy to cloud g/a resolved\n"
	"copy to cloud g/b resolved\n"
	"conflict group g local\n"},
    {"g/a B A A\ng/b C D C",
	{{"g/a", PLAN_TAKE_LOCAL}, {"g/b", PLAN_TAKE_CLOUD}},
	"conflict group g unresolved\n"},
    {"d B / /\nd/f . C A", {{"d/f", PLAN_TAKE_CLOUD}},
	"mkdir to local d resolved\n"
	"copy to local d/f resolved\n"
	"conflict type_changed d cloud\n"},
    {"n A A A\nn.conflict2 . B .", {{"n.conflict2", PLAN_TAKE_BOTH}},
	"copy to local n.conflict2 resolved\n"
	"conflict provider_copy n.conflict2 kept both\n"},
    {"n A A A\nn.conflict2 . B .", {{"n.conflict2", PLAN_TAKE_CLOUD}},
	"copy to both n resolved (n.conflict2)\n"
	"conflict provider_copy n.conflict2 cloud\n"},
    /* What was to become of the original is overtaken. */
    {"n A C A\nn.conflict2 . B .", {{"n.conflict2", PLAN_TAKE_CLOUD}},
	"copy to both n resolved (n.conflict2)\n"
	"conflict provider_copy n.conflict2 cloud\n"},
    /* An original that is a conflict itself, gone on a side, no file, or part
       of a database or group, has nothing put into it. */
    {"n D C A\nn.conflict2 . B .", {{"n.conflict2", PLAN_TAKE_CLOUD}},
	"conflict provider_copy n.conflict2 unresolved\n"
	"skipped held_copy cloud n.conflict2\n"},
    {"n . A A\nn.conflict2 . B .", {{"n.conflict2", PLAN_TAKE_CLOUD}},
	"conflict provider_copy n.conflict2 unresolved\n"
	"skipped held_copy cloud n.conflict2\n"},
    {"n / / /\nn.conflict2 . B .", {{"n.conflict2", PLAN_TAKE_CLOUD}},
	"conflict provider_copy n.conflict2 unresolved\n"
	"skipped held_copy cloud n.conflict2\n"},
    {"n A A A\nn-wal A A A\nn.conflict2 . B .",
	{{"n.conflict2", PLAN_TAKE_CLOUD}},
	"conflict provider_copy n.conflict2 unresolved\n"
	"skipped held_copy cloud n.conflict2\n"},
    /* Of one age, or not known to be lines: that decides nothing. */
    {"n A A A\nn.conflict2 . B .", {{"n.conflict2", PLAN_TAKE_MERGE}},
	"conflict provider_copy n.conflict2 unresolved\n"
	"skipped held_copy cloud n.conflict2\n"},
    {"n A A A\nn.conflict2 . B .", {{"n.conflict2", PLAN_TAKE_LOCAL}},
	"delete to cloud n.conflict2 resolved\n"
	"conflict provider_copy n.conflict2 local\n"},
    {"n A A A\nn.conflict2/f . B .\nn.conflict2/x . ?x .",
	{{"n.conflict2", PLAN_TAKE_LOCAL}},
	"delete to cloud n.conflict2/f resolved\n"
	"conflict provider_copy n.conflict2 local\n"},
};

static size_t
count(const struct plan_choice *v)
{
	return (v[0].path != NULL) + (size_t)(v[1].path != NULL);
}

static bool
run_case(const struct choice_case *c, bool only)
{
	struct world w;
	struct planned p;
	struct str shown = STR_INIT;
	world_init(&w);
	world_read(&w, c->world);
	with_group(&w.rules);
	with_logs(&w.rules);
	hold_copies(&w.rules);
	w.rules.policy = only ? PLAN_MANUAL_ABORT : PLAN_MANUAL_SKIP;
	w.rules.choices = c->choices;
	w.rules.nchoices = count(c->choices);
	w.rules.only_choices = only;
	world_plan(&p, &w, 0);
	plan_write_shown(&shown, &p.plan);
	bool right = !only || strcmp(shown.p, c->shown) == 0;
	if (!right)
		(void)fprintf(stderr, "-- %s\n%s", c->world, shown.p);
	laws_assert(&w);
	str_free(&shown);
	planned_free(&p);
	world_free(&w);
	return right;
}

static void
test_plan_choices__resolve_conflicts(void **state)
{
	UNUSED(state);
	bool right = true;
	laws_be_patient(1);
	for (size_t i = 0; i < COUNT_OF(resolved); i++) {
		right &= run_case(&resolved[i], true);
		right &= run_case(&resolved[i], false);
	}
	assert_true(right);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_plan_choices__resolve_conflicts),
	};
	return cmocka_run_group_tests(
	    tests, plan_cases_set_up, plan_cases_tear_down);
}
