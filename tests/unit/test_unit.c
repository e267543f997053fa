#include "model/plan/unit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"

static void
test_unit__knows_a_companion_by_its_name(void **state)
{
	UNUSED(state);
	static const struct {
		const char *path;
		size_t database;
	} cases[] = {
	    {"a-wal", 1},
	    {"d/a.db-shm", 6},
	    {"d/a.db-journal", 6},
	    {"a-wal-wal", 5},
	    {"a", 0},
	    {"a-wa", 0},
	    {"a-WAL", 0},
	    {"-wal", 0},
	    {"d/-wal", 0},
	    {"wal", 0},
	    {"a-wal/b", 0},
	    {"", 0},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(
		    unit_database(cases[i].path, strlen(cases[i].path)),
		    cases[i].database);
}

static void
test_unit__names_the_members(void **state)
{
	UNUSED(state);
	static const char *const members[UNIT_MEMBERS] = {
	    "d/a", "d/a-wal", "d/a-shm", "d/a-journal"};
	struct str s = STR_INIT;
	for (size_t m = 0; m < UNIT_MEMBERS; m++) {
		unit_member(&s, "d/a.db", 3, m);
		assert_string_equal(s.p, members[m]);
		if (m > 0)
			assert_int_equal(unit_database(s.p, s.len), 3);
	}
	str_free(&s);
}

static void
test_unit__finds_the_outermost_group(void **state)
{
	UNUSED(state);
	static const char *const globs[] = {"**/leveldb/", "/top", "x/*/"};
	static const struct {
		const char *path;
		bool is_dir;
		size_t group;
	} cases[] = {
	    {"leveldb", true, 7},
	    {"leveldb", false, 0},
	    {"leveldb/CURRENT", false, 7},
	    {"a/leveldb/b/leveldb/c", false, 9},
	    {"leveldb2/c", false, 0},
	    {"top", false, 3},
	    {"top/a", false, 3},
	    {"a/top", true, 0},
	    {"x", true, 0},
	    {"x/y", true, 3},
	    {"x/y", false, 0},
	    {"x/y/z", false, 3},
	    {"", true, 0},
	};
	struct glob groups[COUNT_OF(globs)];
	const char *why;
	for (size_t i = 0; i < COUNT_OF(globs); i++)
		assert_int_equal(
		    glob_parse(&groups[i], globs[i], strlen(globs[i]), &why),
		    0);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		size_t n = strlen(cases[i].path);
		assert_int_equal(unit_group(cases[i].path, n, cases[i].is_dir,
				     groups, COUNT_OF(groups)),
		    cases[i].group);
		assert_int_equal(
		    unit_group(cases[i].path, n, cases[i].is_dir, NULL, 0), 0);
	}
	for (size_t i = 0; i < COUNT_OF(globs); i++)
		glob_free(&groups[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_unit__knows_a_companion_by_its_name),
	    cmocka_unit_test(test_unit__names_the_members),
	    cmocka_unit_test(test_unit__finds_the_outermost_group),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
