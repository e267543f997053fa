#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/strlist.h"

static void
test_strlist__add_and_find(void **state)
{
	(void)state;
	struct strlist l = STRLIST_INIT;
	assert_false(strlist_has(&l, "a"));
	strlist_add(&l, "beta");
	assert_null(l.v[1]);
	strlist_addn(&l, "alphabet", 5);
	strlist_add(&l, "");
	assert_int_equal(l.n, 3);
	assert_null(l.v[3]);
	assert_true(strlist_has(&l, "alpha"));
	assert_true(strlist_has(&l, ""));
	assert_false(strlist_has(&l, "alphabet"));
	strlist_free(&l);
	assert_null(l.v);
}

static void
test_strlist__shares(void **state)
{
	(void)state;
	struct strlist a = STRLIST_INIT, b = STRLIST_INIT;
	assert_false(strlist_shares(&a, &b));
	strlist_add(&a, "one");
	strlist_add(&a, "two");
	assert_false(strlist_shares(&a, &b));
	assert_false(strlist_shares(&b, &a));
	strlist_add(&b, "three");
	assert_false(strlist_shares(&a, &b));
	strlist_add(&b, "two");
	assert_true(strlist_shares(&a, &b));
	assert_true(strlist_shares(&b, &a));
	strlist_free(&a);
	strlist_free(&b);
}

static void
test_strlist__sort(void **state)
{
	(void)state;
	static const char *const in[] = {"b", "\xC3\xA9", "a", "", "B", "ab"};
	static const char *const want[] = {"", "B", "a", "ab", "b", "\xC3\xA9"};
	struct strlist l = STRLIST_INIT;
	strlist_sort(&l);
	for (size_t i = 0; i < 6; i++)
		strlist_add(&l, in[i]);
	strlist_sort(&l);
	for (size_t i = 0; i < 6; i++)
		assert_string_equal(l.v[i], want[i]);
	assert_null(l.v[6]);
	strlist_free(&l);
}

static void
test_strlist__clear(void **state)
{
	(void)state;
	struct strlist l = STRLIST_INIT;
	strlist_clear(&l);
	for (int i = 0; i < 100; i++)
		strlist_add(&l, "x");
	assert_null(l.v[100]);
	size_t cap = l.cap;
	strlist_clear(&l);
	assert_int_equal(l.n, 0);
	assert_null(l.v[0]);
	assert_int_equal(l.cap, cap);
	strlist_add(&l, "y");
	assert_string_equal(l.v[0], "y");
	strlist_free(&l);
	strlist_free(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_strlist__add_and_find),
	    cmocka_unit_test(test_strlist__shares),
	    cmocka_unit_test(test_strlist__sort),
	    cmocka_unit_test(test_strlist__clear),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
