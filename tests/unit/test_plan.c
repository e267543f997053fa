/*
 * The case table, row by row, with the policies, directories and directions.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "support/plan_case.h"

static void
no_empty_dirs(struct plan_rules *r)
{
	r->empty_dirs = false;
}

static void
with_logs_to_local(struct plan_rules *r)
{
	with_logs(r);
	only_to_local(r);
}

static const struct plan_case cases[] = {
    {"row 1: nothing", "p A A A", PLAN_MANUAL_ABORT, NULL, ""},
    {"rows 2, 4: a change goes over",
	"p B A A\n"
	"q A B A",
	PLAN_MANUAL_ABORT, NULL,
	"copy to cloud p changed\n"
	"copy to local q changed\n"},
    {"rows 3, 7: a deletion goes over",
	"p . A A\n"
	"q A . A",
	PLAN_MANUAL_ABORT, NULL,
	"delete to local q deleted\n"
	"delete to cloud p deleted\n"},
    {"row 5: the same change is adopted", "p B B@7 A", PLAN_MANUAL_ABORT, NULL,
	""},
    {"row 5: two changes", "p B C A", PLAN_MANUAL_ABORT, NULL,
	"conflict both_modified p unresolved\n"
	"blocked\n"},
    {"row 5: other types", "p B >A A", PLAN_MANUAL_SKIP, NULL,
	"conflict type_changed p unresolved\n"},
    {"rows 6, 8: an edit and a deletion",
	"p B . A\n"
	"q . B A",
	PLAN_MANUAL_SKIP, NULL,
	"conflict modified_deleted p unresolved\n"
	"conflict deleted_modified q unresolved\n"},
    {"rows 6, 8: the edit is newer",
	"p B . A\n"
	"q . B A",
	PLAN_PREFER_NEWER, NULL,
	"copy to cloud p resolved\n"
	"copy to local q resolved\n"
	"conflict modified_deleted p local\n"
	"conflict deleted_modified q cloud\n"},
    {"rows 6, 8: local",
	"p B . A\n"
	"q . B A",
	PLAN_PREFER_LOCAL, NULL,
	"copy to cloud p resolved\n"
	"delete to cloud q resolved\n"
	"conflict modified_deleted p local\n"
	"conflict deleted_modified q local\n"},
    {"row 8: a directory is no edit",
	"p . / A\n"
	"p/f . B .",
	PLAN_MANUAL_SKIP, NULL,
	"mkdir to local p new\n"
	"copy to local p/f new\n"},
    {"row 9: forgotten", "p . . A", PLAN_MANUAL_ABORT, NULL, ""},
    {"rows 10, 11: new",
	"d/p . A .\n"
	"e/q A . .",
	PLAN_MANUAL_ABORT, NULL,
	"mkdir to local d new\n"
	"mkdir to cloud e new\n"
	"copy to local d/p new\n"
	"copy to cloud e/q new\n"},
    {"row 12: the same", "p A A@7 .", PLAN_MANUAL_ABORT, NULL, ""},
    {"row 12: not the same", "p A B .", PLAN_PREFER_NEWER, NULL,
	"copy to local p resolved\n"
	"conflict both_created p cloud\n"},
    {"row 12: of equal age", "p B E .", PLAN_PREFER_NEWER, NULL,
	"skipped equal_mtime cloud p\n"},
    {"row 13: settled", "p A . A<", PLAN_MANUAL_ABORT, NULL, ""},
    {"row 14: the survivor changed", "p B . A<", PLAN_MANUAL_ABORT, NULL,
	"copy to cloud p new\n"},
    {"row 15: the survivor went", "p . . A<", PLAN_MANUAL_ABORT, NULL, ""},
    {"row 16: something new beside a survivor", "p A B A<", PLAN_MANUAL_ABORT,
	NULL, "copy to local p changed\n"},
    {"row 16: two directories", "d / / /<", PLAN_MANUAL_ABORT, NULL, ""},
    {"row 17", "p B C A<", PLAN_MANUAL_SKIP, NULL,
	"conflict both_modified p unresolved\n"},
    {"row 18", "p . C A<", PLAN_MANUAL_SKIP, NULL,
	"conflict deleted_modified p unresolved\n"},
    {"row 25: unknown",
	"a ?s A A\n"
	"b ?u . A\n"
	"c A ?x A\n"
	"d ?y . .\n"
	"e . ?n .\n"
	"f ?p A A",
	PLAN_MANUAL_ABORT, NULL,
	"skipped special local a\n"
	"skipped unreadable local b\n"
	"skipped symlink local d\n"
	"skipped invalid_name cloud e\n"
	"skipped placeholder local f\n"},
    {"row 25: missing below",
	"d ?u / /\n"
	"d/f . B A",
	PLAN_MANUAL_ABORT, NULL, "skipped unreadable local d\n"},
    {"a touch is no change", "p A@7 A A", PLAN_MANUAL_ABORT, NULL, ""},
    {"an exec bit is one", "p A* A A", PLAN_MANUAL_ABORT, NULL,
	"copy to cloud p changed\n"},
    {"kept under two names", "d/p.txt B A .", PLAN_KEEP_BOTH, NULL,
	"keep_both to both d/p.txt resolved "
	"(d/p.conflict-20260101-000000-m.txt)\n"
	"conflict both_created d/p.txt kept both\n"},
    {"kept, the name being taken",
	"p B A .\n"
	"p.conflict-20260101-000000-m C . .",
	PLAN_KEEP_BOTH, NULL,
	"keep_both to both p resolved (p.conflict-20260101-000000-m-2)\n"
	"copy to cloud p.conflict-20260101-000000-m new\n"
	"conflict both_created p kept both\n"},
    {"kept, of equal age", "p B E A", PLAN_KEEP_BOTH, NULL,
	"keep_both to both p resolved (p.conflict-20260101-000000-m)\n"
	"conflict both_modified p kept both\n"},
    {"a directory keeps its name",
	"p / C .\n"
	"p/f A . .",
	PLAN_KEEP_BOTH, NULL,
	"keep_both to both p resolved (p.conflict-20260101-000000-m)\n"
	"mkdir to cloud p resolved\n"
	"copy to cloud p/f resolved\n"
	"conflict type_changed p kept both\n"},
    {"copies do not breed", "p.conflict-20260101-000000-m A B .",
	PLAN_KEEP_BOTH, NULL,
	"copy to local p.conflict-20260101-000000-m resolved\n"
	"conflict both_created p.conflict-20260101-000000-m cloud\n"},
    {"copies do not wait either", "p.conflict-20260101-000000-m A B .",
	PLAN_MANUAL_ABORT, NULL,
	"copy to local p.conflict-20260101-000000-m resolved\n"
	"conflict both_created p.conflict-20260101-000000-m cloud\n"},
    {"merged", "a.log C^ F^ A", PLAN_MANUAL_ABORT, with_logs,
	"merge to both a.log resolved\n"
	"conflict both_modified a.log merged\n"},
    {"grown on one side", "a.log C^ A A", PLAN_MANUAL_ABORT, with_logs,
	"copy to cloud a.log changed\n"},
    {"merged, but not to be written", "a.log C^ F^ A", PLAN_MANUAL_ABORT,
	with_logs_to_local, "skipped direction local a.log\n"},
    {"a directory goes with what is in it",
	"d . / /\n"
	"d/s . / /\n"
	"d/s/f . A A",
	PLAN_MANUAL_ABORT, NULL,
	"delete to cloud d/s/f deleted\n"
	"rmdir to cloud d/s deleted\n"
	"rmdir to cloud d deleted\n"},
    {"a directory stays for an edit in it",
	"d . / /\n"
	"d/f . B A\n"
	"d/g . A A",
	PLAN_MANUAL_SKIP, NULL,
	"delete to cloud d/g deleted\n"
	"conflict deleted_modified d/f unresolved\n"},
    {"a directory stays for a secret in it",
	"d . / /\n"
	"d/f . A A\n"
	"d/g . ?x .",
	PLAN_MANUAL_SKIP, NULL, "delete to cloud d/f deleted\n"},
    {"a directory comes back for something new",
	"d . / /\n"
	"d/f . A A\n"
	"d/g . B .",
	PLAN_MANUAL_SKIP, NULL,
	"mkdir to local d new\n"
	"copy to local d/g new\n"
	"delete to cloud d/f deleted\n"},
    {"a settled directory is completed",
	"d . / />\n"
	"d/f . B .",
	PLAN_MANUAL_SKIP, NULL,
	"mkdir to local d new\n"
	"copy to local d/f new\n"},
    {"empty directories",
	"d / . .\n"
	"e / . .\n"
	"e/f A . .",
	PLAN_MANUAL_SKIP, no_empty_dirs,
	"mkdir to cloud e new\n"
	"copy to cloud e/f new\n"},
    {"survivors",
	"d . / /\n"
	"d/f . A A\n"
	"p A . A\n"
	"q . B A",
	PLAN_PREFER_LOCAL, never_delete, "conflict deleted_modified q local\n"},
    {"to local only",
	"p B A A\n"
	"q A B A\n"
	"r C B A",
	PLAN_PREFER_LOCAL, only_to_local,
	"copy to local q changed\n"
	"skipped direction local p\n"
	"skipped direction local r\n"},
};

static void
test_plan__one_path(void **state)
{
	UNUSED(state);
	plan_cases_run(cases, COUNT_OF(cases));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_plan__one_path),
	};
	return cmocka_run_group_tests(
	    tests, plan_cases_set_up, plan_cases_tear_down);
}
