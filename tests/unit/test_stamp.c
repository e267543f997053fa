#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/stamp.h"

static void
test_stamp__order(void **state)
{
	(void)state;
	static const struct stamp in_order[] = {
	    {INT64_MIN, 0},
	    {-1, 0},
	    {-1, 999999999},
	    {0, 0},
	    {0, 1},
	    {1, 0},
	    {INT64_MAX, 999999999},
	};
	for (int i = 0; i < (int)COUNT_OF(in_order); i++) {
		for (int j = 0; j < (int)COUNT_OF(in_order); j++) {
			int c = stamp_cmp(in_order[i], in_order[j]);
			assert_int_equal((c > 0) - (c < 0), (i > j) - (i < j));
		}
	}
}

static void
test_stamp__near(void **state)
{
	(void)state;
	static const struct {
		struct stamp a, b;
		int64_t seconds;
		bool want;
	} cases[] = {
	    {{5, 0}, {5, 0}, 0, true},
	    {{5, 0}, {5, 1}, 0, false},
	    {{5, 500}, {7, 500}, 2, true},
	    {{5, 500}, {7, 501}, 2, false},
	    {{5, 500}, {7, 499}, 2, true},
	    {{5, 999999999}, {8, 0}, 2, false},
	    {{5, 999999999}, {7, 0}, 2, true},
	    {{-1, 0}, {1, 0}, 2, true},
	    {{INT64_MIN, 0}, {INT64_MAX, 0}, 2, false},
	    {{INT64_MIN, 0}, {INT64_MAX, 0}, INT64_MAX, false},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(cases[i].want,
		    stamp_near(cases[i].a, cases[i].b, cases[i].seconds));
		assert_int_equal(cases[i].want,
		    stamp_near(cases[i].b, cases[i].a, cases[i].seconds));
	}
}

static void
test_stamp__text(void **state)
{
	(void)state;
	static const struct {
		struct stamp t;
		int offset, digits;
		const char *want;
	} cases[] = {
	    {{0, 0}, 0, 0, "1970-01-01T00:00:00Z"},
	    {{-1, 999000000}, 0, 3, "1969-12-31T23:59:59.999Z"},
	    {{951782400, 7}, 0, 9, "2000-02-29T00:00:00.000000007Z"},
	    {{951868799, 0}, 0, 0, "2000-02-29T23:59:59Z"},
	    {{4107542400, 0}, 0, 0, "2100-03-01T00:00:00Z"},
	    {{1795301497, 123456789}, 3600, 3, "2026-11-21T23:51:37.123+01:00"},
	    {{1795301497, 0}, -34200, 0, "2026-11-21T13:21:37-09:30"},
	    {{-62135596800, 0}, 0, 0, "0001-01-01T00:00:00Z"},
	    {{-62135596801, 0}, 0, 0, "0000-12-31T23:59:59Z"},
	    {{INT64_MAX, 999999999}, 50400, 9,
		"292277026596-12-04T15:30:07.999999999+14:00"},
	    {{INT64_MIN, 999999999}, -43200, 9,
		"-292277022657-01-27T08:29:52.999999999-12:00"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char buf[STAMP_ISO_SIZE];
		assert_string_equal(stamp_iso(buf, cases[i].t, cases[i].offset,
					cases[i].digits),
		    cases[i].want);
	}
	char buf[STAMP_ISO_SIZE];
	struct stamp t = {1795301497, 5};
	assert_string_equal(stamp_compact(buf, t), "20261121T225137Z");
}

/* Every day of five centuries, and the ends of time. */
static void
test_stamp__parts_round_trip(void **state)
{
	(void)state;
	int64_t second = -62167219200 - 86400LL * 400;
	struct stamp_parts last = stamp_parts(second, 0);
	for (int day = 0; day < 500 * 366; day++) {
		second += 86400;
		struct stamp_parts p = stamp_parts(second + 86399, 0);
		assert_int_equal(stamp_from_parts(&p), second + 86399);
		assert_int_equal(
		    p.hour * 3600 + p.minute * 60 + p.second, 86399);
		bool next_day = p.day == last.day + 1 &&
		    p.month == last.month && p.year == last.year;
		bool next_month = p.day == 1 && p.month == last.month + 1 &&
		    p.year == last.year;
		bool next_year = p.day == 1 && p.month == 1 &&
		    last.month == 12 && p.year == last.year + 1;
		assert_true(next_day || next_month || next_year);
		last = p;
	}
	static const int64_t ends[] = {INT64_MIN, INT64_MIN + 1, INT64_MAX};
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		struct stamp_parts p = stamp_parts(ends[i], 0);
		assert_int_equal(stamp_from_parts(&p), ends[i]);
	}
}

/* Where the offset would leave the range there is, it is left out. */
static void
test_stamp__offset_at_the_ends(void **state)
{
	(void)state;
	struct stamp_parts a = stamp_parts(INT64_MAX, 3600);
	struct stamp_parts b = stamp_parts(INT64_MAX, 0);
	assert_int_equal(a.hour, b.hour);
	a = stamp_parts(INT64_MIN, -3600);
	b = stamp_parts(INT64_MIN, 0);
	assert_int_equal(a.hour, b.hour);
	a = stamp_parts(INT64_MIN, 3600);
	assert_int_equal(a.hour, b.hour + 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_stamp__order),
	    cmocka_unit_test(test_stamp__near),
	    cmocka_unit_test(test_stamp__text),
	    cmocka_unit_test(test_stamp__parts_round_trip),
	    cmocka_unit_test(test_stamp__offset_at_the_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
