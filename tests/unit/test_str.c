#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"

static void
test_str__empty(void **state)
{
	(void)state;
	struct str s = STR_INIT;
	assert_string_equal(s.p, "");
	str_clear(&s);
	str_cut(&s, 0);
	str_add(&s, "");
	str_addn(&s, NULL, 0);
	assert_int_equal(s.cap, 0);
	assert_true(str_ends(&s, ""));
	assert_false(str_ends(&s, "x"));
	str_free(&s);
	char *taken = str_take(&s);
	assert_string_equal(taken, "");
	free(taken);
}

static void
test_str__appending(void **state)
{
	(void)state;
	struct str s = STR_INIT;
	str_add(&s, "ab");
	str_addn(&s, "c\0d", 3);
	str_addc(&s, 'e');
	str_addf(&s, "%d%s", 42, "f");
	assert_int_equal(s.len, 9);
	assert_memory_equal(s.p, "abc\0de42f", 10);
	assert_true(str_ends(&s, "42f"));
	assert_false(str_ends(&s, "43f"));
	str_cut(&s, 2);
	assert_string_equal(s.p, "ab");
	size_t cap = s.cap;
	str_clear(&s);
	assert_string_equal(s.p, "");
	assert_int_equal(s.cap, cap);
	str_set(&s, "other");
	str_set(&s, "more");
	assert_string_equal(s.p, "more");
	str_free(&s);
	assert_string_equal(s.p, "");
	assert_int_equal(s.cap, 0);
}

static void
test_str__grows(void **state)
{
	(void)state;
	struct str s = STR_INIT;
	for (size_t i = 0; i < 10000; i++) {
		str_addc(&s, (char)('a' + i % 26));
		assert_int_equal(s.len, i + 1);
		assert_int_equal(s.p[s.len], '\0');
		assert_true(s.cap > s.len);
	}
	for (size_t i = 0; i < 10000; i++)
		assert_int_equal(s.p[i], 'a' + i % 26);
	str_reserve(&s, 1000000);
	assert_true(s.cap > 1010000);
	assert_int_equal(s.len, 10000);
	str_free(&s);
	/* Formatting measures first: nothing is cut at any length. */
	for (int width = 0; width < 200; width++) {
		str_addf(&s, "%*s", width, "");
		assert_int_equal(s.len, (size_t)width);
		str_free(&s);
	}
}

static void
test_str__take(void **state)
{
	(void)state;
	struct str s = STR_INIT;
	str_add(&s, "mine");
	char *taken = str_take(&s);
	assert_string_equal(taken, "mine");
	assert_int_equal(s.len, 0);
	str_add(&s, "new");
	assert_string_equal(taken, "mine");
	free(taken);
	str_free(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_str__empty),
	    cmocka_unit_test(test_str__appending),
	    cmocka_unit_test(test_str__grows),
	    cmocka_unit_test(test_str__take),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
