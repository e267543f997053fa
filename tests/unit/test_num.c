#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/num.h"

static void
test_num__parse(void **state)
{
	(void)state;
	static const struct {
		const char *in;
		int64_t min, max;
		int rc;
		int64_t want;
	} cases[] = {
	    {"0", 0, 9, 0, 0},
	    {"-0", 0, 9, 0, 0},
	    {"007", 0, 9, 0, 7},
	    {"9", 0, 9, 0, 9},
	    {"10", 0, 9, -1, 0},
	    {"-1", 0, 9, -1, 0},
	    {"-5", -5, 9, 0, -5},
	    {"-6", -5, 9, -1, 0},
	    {"9223372036854775807", INT64_MIN, INT64_MAX, 0, INT64_MAX},
	    {"9223372036854775808", INT64_MIN, INT64_MAX, -1, 0},
	    {"-9223372036854775808", INT64_MIN, INT64_MAX, 0, INT64_MIN},
	    {"-9223372036854775809", INT64_MIN, INT64_MAX, -1, 0},
	    {"99999999999999999999", INT64_MIN, INT64_MAX, -1, 0},
	    {"18446744073709551617", INT64_MIN, INT64_MAX, -1, 0},
	    {"", INT64_MIN, INT64_MAX, -1, 0},
	    {"-", INT64_MIN, INT64_MAX, -1, 0},
	    {"--1", INT64_MIN, INT64_MAX, -1, 0},
	    {"+1", INT64_MIN, INT64_MAX, -1, 0},
	    {" 1", INT64_MIN, INT64_MAX, -1, 0},
	    {"1 ", INT64_MIN, INT64_MAX, -1, 0},
	    {"1x", INT64_MIN, INT64_MAX, -1, 0},
	    {"0x1", INT64_MIN, INT64_MAX, -1, 0},
	    {"1e3", INT64_MIN, INT64_MAX, -1, 0},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int64_t out = 77;
		int rc = num_parse(&out, cases[i].in, strlen(cases[i].in),
		    cases[i].min, cases[i].max);
		if (rc != cases[i].rc)
			fail_msg("'%s'", cases[i].in);
		assert_true(out == (rc == 0 ? cases[i].want : 77));
	}
}

static void
test_num__parse_duration(void **state)
{
	(void)state;
	static const struct {
		const char *in;
		int64_t max;
		int64_t want; /* -1: refused */
	} cases[] = {
	    {"0", 10, 0},
	    {"90", 100, 90},
	    {"90s", 100, 90},
	    {"15m", 3600, 900},
	    {"2h", 7200, 7200},
	    {"2h", 7199, -1},
	    {"1d", 100000, 86400},
	    {"1d", 86399, -1},
	    {"101", 100, -1},
	    {"2m", 100, -1},
	    {"106751991167300d", INT64_MAX, 9223372036854720000},
	    {"106751991167301d", INT64_MAX, -1},
	    {"0", 0, 0},
	    {"0", -1, -1},
	    {"", 100, -1},
	    {"s", 100, -1},
	    {"-1", 100, -1},
	    {"1 s", 100, -1},
	    {"1ss", 100, -1},
	    {"1w", 100, -1},
	    {"1S", 100, -1},
	    {"1.5h", 99999, -1},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int64_t out = -1;
		int rc = num_parse_duration(
		    &out, cases[i].in, strlen(cases[i].in), cases[i].max);
		if (out != cases[i].want || (rc < 0) != (out < 0))
			fail_msg("'%s'", cases[i].in);
	}
}

static void
test_num__parse_clock(void **state)
{
	(void)state;
	static const struct {
		const char *in;
		int want; /* -1: refused */
	} cases[] = {
	    {"00:00", 0},
	    {"07:30", 450},
	    {"23:59", 1439},
	    {"24:00", -1},
	    {"12:60", -1},
	    {"7:30", -1},
	    {"07:3", -1},
	    {"07-30", -1},
	    {"07:30:00", -1},
	    {"0a:30", -1},
	    {"", -1},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int out = -1;
		int rc =
		    num_parse_clock(&out, cases[i].in, strlen(cases[i].in));
		assert_int_equal(out, cases[i].want);
		assert_int_equal(rc, out < 0 ? -1 : 0);
	}
}

static void
test_num__hex(void **state)
{
	(void)state;
	struct str hex = STR_INIT;
	struct str back = STR_INIT;
	char all[256];
	for (int i = 0; i < 256; i++)
		all[i] = (char)i;
	num_hex(&hex, all, sizeof(all));
	assert_int_equal(hex.len, 512);
	assert_memory_equal(hex.p, "000102030405060708090a0b", 24);
	assert_int_equal(num_unhex(&back, hex.p, hex.len), 0);
	assert_int_equal(back.len, 256);
	assert_memory_equal(back.p, all, 256);
	assert_int_equal(num_unhex(&back, "AbCD", 4), 0);
	assert_memory_equal(back.p + 256, "\xAB\xCD", 2);
	static const char *const bad[] = {"0", "001", "0g", "g0", "0 ", "00zz"};
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		assert_int_equal(num_unhex(&back, bad[i], strlen(bad[i])), -1);
		assert_int_equal(back.len, 258);
	}
	assert_int_equal(num_unhex(&back, "", 0), 0);
	str_free(&hex);
	str_free(&back);
}

struct printed {
	uint64_t in;
	const char *want;
};

static void
check_printed(const struct printed *cases, size_t n,
    void (*print)(struct str *out, uint64_t in))
{
	struct str out = STR_INIT;
	for (size_t i = 0; i < n; i++) {
		str_set(&out, ">");
		print(&out, cases[i].in);
		assert_string_equal(out.p + 1, cases[i].want);
	}
	str_free(&out);
}

static void
test_num__size(void **state)
{
	(void)state;
	static const struct printed cases[] = {
	    {0, "0 B"},
	    {999, "999 B"},
	    {1000, "1.0 kB"},
	    {1049, "1.0 kB"},
	    {1050, "1.1 kB"},
	    {1234, "1.2 kB"},
	    {9949, "9.9 kB"},
	    {9950, "10 kB"},
	    {12345, "12 kB"},
	    {34567890, "35 MB"},
	    {999499, "999 kB"},
	    {999500, "1.0 MB"},
	    {999499999, "999 MB"},
	    {999500000, "1.0 GB"},
	    {5000000000000, "5.0 TB"},
	    {7700000000000000, "7.7 PB"},
	    {999499999999999999, "999 PB"},
	    {999500000000000000, "1.0 EB"},
	    {UINT64_MAX, "18 EB"},
	};
	check_printed(cases, COUNT_OF(cases), num_size);
}

static void
test_num__count(void **state)
{
	(void)state;
	static const struct printed cases[] = {
	    {0, "0"},
	    {12, "12"},
	    {999, "999"},
	    {1000, "1,000"},
	    {123456, "123,456"},
	    {1234567, "1,234,567"},
	    {UINT64_MAX, "18,446,744,073,709,551,615"},
	};
	check_printed(cases, COUNT_OF(cases), num_count);
}

static void
test_num__duration(void **state)
{
	(void)state;
	static const struct printed cases[] = {
	    {0, "0.0 s"},
	    {99, "0.0 s"},
	    {400, "0.4 s"},
	    {9999, "9.9 s"},
	    {10000, "10 s"},
	    {59999, "59 s"},
	    {60000, "1 min"},
	    {185000, "3 min 5 s"},
	    {3599999, "59 min 59 s"},
	    {3600000, "1 h"},
	    {7440000, "2 h 4 min"},
	    {172799999, "47 h 59 min"},
	    {172800000, "2 days"},
	    {300000000, "3 days"},
	    {UINT64_MAX, "213503982334 days"},
	};
	check_printed(cases, COUNT_OF(cases), num_duration);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_num__parse),
	    cmocka_unit_test(test_num__parse_duration),
	    cmocka_unit_test(test_num__parse_clock),
	    cmocka_unit_test(test_num__hex),
	    cmocka_unit_test(test_num__size),
	    cmocka_unit_test(test_num__count),
	    cmocka_unit_test(test_num__duration),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
