#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/path.h"

static void
test_path__safe(void **state)
{
	(void)state;
	static const struct {
		const char *p;
		size_t n;
		bool want;
	} cases[] = {
	    {"", 0, false},
	    {"a", 1, true},
	    {"a/b", 3, true},
	    {"...", 3, true},
	    {".a/..b/c.", 9, true},
	    {"a b\n\xFF", 5, true},
	    {"a\\..\\b", 6, true},
	    {"/", 1, false},
	    {"/a", 2, false},
	    {"a/", 2, false},
	    {"a//b", 4, false},
	    {".", 1, false},
	    {"..", 2, false},
	    {"a/.", 3, false},
	    {"a/..", 4, false},
	    {"./a", 3, false},
	    {"../a", 4, false},
	    {"a/../b", 6, false},
	    {"a/./b", 5, false},
	    {"a\0b", 3, false},
	    {"a\0", 2, false},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		if (path_is_safe(cases[i].p, cases[i].n) != cases[i].want)
			fail_msg("'%s'", cases[i].p);
}

static void
test_path__normalise(void **state)
{
	(void)state;
	static const struct {
		const char *in;
		const char *want; /* NULL: refused */
	} cases[] = {
	    {"", ""},
	    {".", ""},
	    {"./", ""},
	    {"a", "a"},
	    {"a/", "a"},
	    {"a//", "a"},
	    {"a///b/./c/.", "a/b/c"},
	    {"./a", "a"},
	    {"...", "..."},
	    {"a/.../b", "a/.../b"},
	    {".hidden/..x", ".hidden/..x"},
	    {"/", NULL},
	    {"/a", NULL},
	    {"..", NULL},
	    {"a/..", NULL},
	    {"a/../b", NULL},
	    {"a/b/..//", NULL},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str out = STR_INIT;
		str_add(&out, "before");
		int rc = path_normalise(&out, cases[i].in, strlen(cases[i].in));
		assert_int_equal(rc, cases[i].want == NULL ? -1 : 0);
		assert_memory_equal(out.p, "before", 6);
		assert_string_equal(
		    out.p + 6, cases[i].want == NULL ? "" : cases[i].want);
		str_free(&out);
	}
	struct str out = STR_INIT;
	assert_int_equal(path_normalise(&out, "a\0b", 3), -1);
	assert_int_equal(out.len, 0);
}

/* Where two paths differ is tried on every side of a word's end. */
static void
test_path__cmp(void **state)
{
	(void)state;
	static const char *const in_order[] = {
	    "",
	    "a",
	    "a/b",
	    "a/b/c",
	    "a/c",
	    "a\x01",
	    "a b",
	    "a!b",
	    "a-b",
	    "a.b",
	    "a.b/c",
	    "a0",
	    "ab",
	    "b",
	    "\xC3\xA9",
	    "\xFF",
	};
	int count = (int)COUNT_OF(in_order);
	for (size_t pad = 0; pad < 20; pad++) {
		for (int i = 0; i < count; i++) {
			for (int j = 0; j < count; j++) {
				struct str a = STR_INIT;
				struct str b = STR_INIT;
				str_addf(&a, "%.*s%s", (int)pad,
				    "p/refix/of/any/length", in_order[i]);
				str_addf(&b, "%.*s%s", (int)pad,
				    "p/refix/of/any/length", in_order[j]);
				int c = path_cmp(a.p, a.len, b.p, b.len);
				assert_int_equal(
				    (c > 0) - (c < 0), (i > j) - (i < j));
				str_free(&a);
				str_free(&b);
			}
		}
	}
}

/* Bytes behind the length do not count. */
static void
test_path__cmp_length(void **state)
{
	(void)state;
	assert_int_equal(path_cmp("abcdefghij", 9, "abcdefghix", 9), 0);
	assert_true(path_cmp("abcdefghij", 8, "abcdefgh", 7) > 0);
	assert_true(path_cmp("abcdefghij", 7, "abcdefgh", 8) < 0);
}

static void
test_path__within(void **state)
{
	(void)state;
	static const struct {
		const char *p, *dir;
		bool want;
	} cases[] = {
	    {"a/b", "", true},
	    {"", "", true},
	    {"a", "a", true},
	    {"a/b", "a", true},
	    {"a/b/c", "a/b", true},
	    {"ab", "a", false},
	    {"a.b", "a", false},
	    {"a", "a/b", false},
	    {"", "a", false},
	    {"b/a", "a", false},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *p = cases[i].p;
		const char *dir = cases[i].dir;
		assert_int_equal(
		    cases[i].want, path_within(p, strlen(p), dir, strlen(dir)));
	}
}

static void
test_path__pieces(void **state)
{
	(void)state;
	static const struct {
		const char *p;
		size_t parent, name, extension, depth;
	} cases[] = {
	    {"", 0, 0, 0, 0},
	    {"a", 0, 0, 1, 1},
	    {"a.b", 0, 0, 1, 1},
	    {"a/b", 1, 2, 3, 2},
	    {"a.x/b", 3, 4, 5, 2},
	    {"a/b.tar.gz", 1, 2, 7, 2},
	    {"a/.profile", 1, 2, 10, 2},
	    {".profile", 0, 0, 8, 1},
	    {"..a", 0, 0, 3, 1},
	    {".a.b", 0, 0, 2, 1},
	    {"a.", 0, 0, 2, 1},
	    {"a..", 0, 0, 3, 1},
	    {"...", 0, 0, 3, 1},
	    {"one/two/three.txt", 7, 8, 13, 3},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *p = cases[i].p;
		size_t n = strlen(p);
		assert_int_equal(path_parent(p, n), cases[i].parent);
		assert_int_equal(path_name(p, n), cases[i].name);
		assert_int_equal(path_extension(p, n), cases[i].extension);
		assert_int_equal(path_depth(p, n), cases[i].depth);
	}
}

static void
test_path__join(void **state)
{
	(void)state;
	struct str s = STR_INIT;
	path_join(&s, "a", 1);
	assert_string_equal(s.p, "a");
	path_join(&s, "bcd", 2);
	assert_string_equal(s.p, "a/bc");
	str_free(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_path__safe),
	    cmocka_unit_test(test_path__normalise),
	    cmocka_unit_test(test_path__cmp),
	    cmocka_unit_test(test_path__cmp_length),
	    cmocka_unit_test(test_path__within),
	    cmocka_unit_test(test_path__pieces),
	    cmocka_unit_test(test_path__join),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
