/*
 * What is more than one path: moves, units, names, copies.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "support/plan_case.h"

static void
with_group_to_local(struct plan_rules *r)
{
	with_group(r);
	only_to_local(r);
}

static void
with_group_and_survivors(struct plan_rules *r)
{
	with_group(r);
	never_delete(r);
}

static void
cloud_folds_and_survivors(struct plan_rules *r)
{
	cloud_folds(r);
	never_delete(r);
}

static void
group_on_windows(struct plan_rules *r)
{
	with_group(r);
	cloud_is_windows(r);
}

static void
group_on_folding_cloud(struct plan_rules *r)
{
	with_group(r);
	cloud_folds(r);
}

static const struct plan_case cases[] = {
    {"a move",
	"a/p . A A\n"
	"b/p A . .",
	PLAN_MANUAL_ABORT, NULL,
	"mkdir to cloud b new\n"
	"move to cloud b/p new (a/p)\n"
	"rmdir to cloud a deleted\n"},
    {"a move of one of two",
	"a/p . A A\n"
	"a/q . A A\n"
	"b/q A . .\n"
	"c A . .",
	PLAN_MANUAL_ABORT, NULL,
	"mkdir to cloud b new\n"
	"move to cloud b/q new (a/q)\n"
	"move to cloud c new (a/p)\n"
	"rmdir to cloud a deleted\n"},
    {"no move of what changed there",
	"a . B A\n"
	"b A . .",
	PLAN_MANUAL_SKIP, NULL,
	"copy to cloud b new\n"
	"conflict deleted_modified a unresolved\n"},
    {"no move where old names stay",
	"a . A A\n"
	"b A . .",
	PLAN_MANUAL_SKIP, never_delete, "copy to cloud b new\n"},
    {"a family goes whole",
	"db B A A\n"
	"db-wal . C C",
	PLAN_MANUAL_ABORT, NULL,
	"delete to cloud db-wal deleted\n"
	"copy to cloud db changed\n"},
    {"a family is one conflict",
	"db B A A\n"
	"db-wal C D C",
	PLAN_MANUAL_ABORT, NULL,
	"conflict group db unresolved\n"
	"blocked\n"},
    {"a family is kept whole",
	"db B A A\n"
	"db-wal C D C\n"
	"db-shm F F F",
	PLAN_KEEP_BOTH, NULL,
	"keep_both to both db resolved (db.conflict-20260101-000000-m)\n"
	"copy to local db resolved\n"
	"copy to local db-wal resolved\n"
	"conflict group db kept both\n"},
    {"a database with quiet companions",
	"db B E A\n"
	"db-wal C C C",
	PLAN_KEEP_BOTH, NULL,
	"keep_both to both db resolved (db.conflict-20260101-000000-m)\n"
	"copy to cloud db resolved\n"
	"conflict group db kept both\n"},
    {"closed on both sides",
	"db A B A\n"
	"db-wal . . C",
	PLAN_MANUAL_ABORT, NULL, "copy to local db changed\n"},
    {"a companion cannot be read",
	"db B A A\n"
	"db-wal ?u C C",
	PLAN_MANUAL_ABORT, NULL,
	"skipped unreadable local db\n"
	"skipped unreadable local db-wal\n"},
    {"a companion is left out",
	"db B A A\n"
	"db-wal ?x ?x C",
	PLAN_MANUAL_ABORT, NULL, "copy to cloud db changed\n"},
    {"a group goes whole",
	"g / / /\n"
	"g/a B A A\n"
	"g/b . C C",
	PLAN_MANUAL_ABORT, with_group,
	"delete to cloud g/b deleted\n"
	"copy to cloud g/a changed\n"},
    {"a group is one conflict",
	"g / / /\n"
	"g/a B A A\n"
	"g/b C D C",
	PLAN_PREFER_NEWER, with_group,
	"copy to local g/a resolved\n"
	"copy to local g/b resolved\n"
	"conflict group g cloud\n"},
    {"a group is kept whole",
	"g / / /\n"
	"g/a B A A\n"
	"g/b C D C\n"
	"g/c F F F\n"
	"g/s . ?s .",
	PLAN_KEEP_BOTH, with_group,
	"keep_both to both g resolved (g.conflict-20260101-000000-m)\n"
	"copy to local g/a resolved\n"
	"copy to local g/b resolved\n"
	"conflict group g kept both\n"
	"skipped special cloud g/s\n"},
    {"a group waits",
	"g / / /\n"
	"g/a B A A\n"
	"g/b ?u C C",
	PLAN_MANUAL_ABORT, with_group,
	"skipped unreadable local g/a\n"
	"skipped unreadable local g/b\n"},
    {"a group does not wait for a socket",
	"g / / /\n"
	"g/a B A A\n"
	"g/b ?s . .",
	PLAN_MANUAL_ABORT, with_group,
	"copy to cloud g/a changed\n"
	"skipped special local g/b\n"},
    {"a group that is not to be written",
	"g / / /\n"
	"g/a B A A\n"
	"g/b C C C",
	PLAN_MANUAL_ABORT, with_group_to_local,
	"skipped direction local g/a\n"},
    {"a whole group survives, a member does not",
	"g . / /\n"
	"g/a . A A\n"
	"h/g / / /\n"
	"h/g/a . A A\n"
	"h/g/b B A A",
	PLAN_MANUAL_ABORT, with_group_and_survivors,
	"delete to cloud h/g/a deleted\n"
	"copy to cloud h/g/b changed\n"},
    {"a directory makes room for a file",
	"d B / /\n"
	"d/f . A A",
	PLAN_MANUAL_ABORT, NULL,
	"delete to cloud d/f deleted\n"
	"copy to cloud d changed\n"},
    {"a file makes room for a directory",
	"d / A A\n"
	"d/f B . .",
	PLAN_MANUAL_ABORT, NULL,
	"mkdir to cloud d changed\n"
	"copy to cloud d/f new\n"},
    {"a directory with a secret makes none",
	"d B / /\n"
	"d/f . ?x .",
	PLAN_MANUAL_SKIP, NULL, "conflict type_changed d unresolved\n"},
    {"unless both are kept",
	"d B / /\n"
	"d/f . ?x .",
	PLAN_KEEP_BOTH, NULL,
	"keep_both to both d resolved (d.conflict-20260101-000000-m)\n"
	"mkdir to local d resolved\n"
	"conflict type_changed d kept both\n"},
    {"names for Windows",
	"a: A . .\n"
	"d. / . .\n"
	"d./f B . .\n"
	"con.txt . C .",
	PLAN_MANUAL_SKIP, cloud_is_windows,
	"copy to local con.txt new\n"
	"skipped invalid_name local a:\n"
	"skipped invalid_name local d.\n"
	"skipped invalid_name local d./f\n"},
    {"a bad name stops its group",
	"g / / /\n"
	"g/a: A . .\n"
	"g/b C C C\n"
	"g/c B A A",
	PLAN_MANUAL_SKIP, group_on_windows,
	"skipped invalid_name local g/a:\n"},
    {"a group that can be kept twice", "g/a A B C\ng/x C . .", PLAN_KEEP_BOTH,
	group_on_folding_cloud,
	"keep_both to both g resolved (g.conflict-20260101-000000-m)\n"
	"copy to cloud g/a resolved\n"
	"copy to cloud g/x resolved\n"
	"conflict group g kept both\n"},
    {"a group that cannot: a name", "g/a A B C\ng/x: C . .", PLAN_KEEP_BOTH,
	group_on_windows,
	"conflict group g unresolved\n"
	"skipped invalid_name local g/x:\n"},
    {"a group that cannot: two names for one",
	"g/a A B C\ng/x A . .\ng/X A . .", PLAN_KEEP_BOTH,
	group_on_folding_cloud, "conflict group g unresolved\n"},
    {"a file that cannot be kept twice", "x: A B C", PLAN_KEEP_BOTH,
	cloud_is_windows, "conflict both_modified x: unresolved\n"},
    {"a change of case",
	"P . A A\n"
	"p A . .",
	PLAN_MANUAL_ABORT, cloud_folds, "move to cloud p new (P)\n"},
    {"a change of case and content",
	"P . A A\n"
	"p B . .",
	PLAN_MANUAL_ABORT, cloud_folds,
	"delete to cloud P deleted\n"
	"copy to cloud p new\n"},
    {"a change of case, survivors or not",
	"P . A A\n"
	"p A . .",
	PLAN_MANUAL_ABORT, cloud_folds_and_survivors,
	"move to cloud p new (P)\n"},
    {"a directory changes its case",
	"D . / /\n"
	"D/f . A A\n"
	"D/g . B B\n"
	"d / . .\n"
	"d/f A . .\n"
	"d/g C . .",
	PLAN_MANUAL_ABORT, cloud_folds,
	"delete to cloud D/g deleted\n"
	"move to cloud d new (D)\n"
	"copy to cloud d/g new\n"},
    {"and the directories in it",
	"D . / /\n"
	"D/E . / /\n"
	"D/E/f . A A\n"
	"d / . .\n"
	"d/e / . .\n"
	"d/e/F A . .",
	PLAN_MANUAL_ABORT, cloud_folds,
	"move to cloud d new (D)\n"
	"move to cloud d/e new (D/E)\n"
	"move to cloud d/e/F new (D/E/f)\n"},
    {"two names for one",
	"P A . .\n"
	"p B . .",
	PLAN_PREFER_NEWER, cloud_folds,
	"conflict case_collision P unresolved\n"
	"conflict case_collision p unresolved\n"},
    {"a name there already",
	"P A A A\n"
	"p B . .",
	PLAN_PREFER_NEWER, cloud_folds,
	"conflict case_collision p unresolved\n"},
    {"another tool's copy",
	"n.txt A A A\n"
	"n.sync-conflict-20260101-101010-ABCDEFG.txt . B .",
	PLAN_MANUAL_ABORT, hold_copies,
	"conflict provider_copy n.sync-conflict-20260101-101010-ABCDEFG.txt "
	"unresolved\n"
	"skipped held_copy cloud "
	"n.sync-conflict-20260101-101010-ABCDEFG.txt\n"},
    {"a directory of copies",
	"d / / /\n"
	"d.sync-conflict-20260101-101010-ABCDEFG/f . B .",
	PLAN_MANUAL_ABORT, hold_copies,
	"conflict provider_copy d.sync-conflict-20260101-101010-ABCDEFG "
	"unresolved\n"
	"skipped held_copy cloud d.sync-conflict-20260101-101010-ABCDEFG\n"},
    {"a copy of what goes",
	"n.txt . A A\n"
	"n.sync-conflict-20260101-101010-ABCDEFG.txt . B .",
	PLAN_MANUAL_ABORT, hold_copies,
	"copy to local n.sync-conflict-20260101-101010-ABCDEFG.txt new\n"
	"delete to cloud n.txt deleted\n"},
    {"a copy of nothing", "n.sync-conflict-20260101-101010-ABCDEFG.txt . B .",
	PLAN_MANUAL_ABORT, hold_copies,
	"copy to local n.sync-conflict-20260101-101010-ABCDEFG.txt new\n"},
    {"a copy that is here too",
	"n.txt A A A\n"
	"n.sync-conflict-20260101-101010-ABCDEFG.txt B B .",
	PLAN_MANUAL_ABORT, hold_copies, ""},
    {"a copy that was agreed on",
	"n.txt A A A\n"
	"n.sync-conflict-20260101-101010-ABCDEFG.txt A B A",
	PLAN_MANUAL_ABORT, hold_copies,
	"copy to local n.sync-conflict-20260101-101010-ABCDEFG.txt changed\n"},
    {"a name like a copy's",
	"n.txt A A A\n"
	"n_1.txt . B .",
	PLAN_MANUAL_ABORT, hold_copies, "copy to local n_1.txt new\n"},
    {"copies that may come",
	"n.txt A A A\n"
	"n.sync-conflict-20260101-101010-ABCDEFG.txt . B .",
	PLAN_MANUAL_ABORT, NULL,
	"copy to local n.sync-conflict-20260101-101010-ABCDEFG.txt new\n"},
};

static void
test_plan_units__decided_whole(void **state)
{
	UNUSED(state);
	plan_cases_run(cases, COUNT_OF(cases));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_plan_units__decided_whole),
	};
	return cmocka_run_group_tests(
	    tests, plan_cases_set_up, plan_cases_tear_down);
}
