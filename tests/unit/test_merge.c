#include "model/merge/merge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "model/merge/merge_json.h"
#include "model/merge/merge_time.h"

static struct merge_bytes
bytes(const char *s)
{
	return (struct merge_bytes){s, strlen(s)};
}

/* ---- merging ---- */

struct merge_case {
	const char *base, *cloud, *local; /* both with the base */
	const char *expected;
};

/* Lines with times, short. */
#define AT(ts, x) "{\"ts\":" #ts ",\"x\":\"" x "\"}\n"
#define ISO(ts, x) "{\"time\":\"" ts "\",\"x\":\"" x "\"}\n"
#define DAY "2025-01-01T"

static const struct merge_case merge_cases[] = {
    {"", "", "", ""},
    {"a\n", "a\n", "a\n", "a\n"},
    {"a\n", "a\nb\n", "a\n", "a\nb\n"},
    {"a\n", "a\n", "a\nb\n", "a\nb\n"},
    {"a\n", "a\nb\n", "a\nc\n", "a\nb\nc\n"},
    {"", "b\n", "c\n", "b\nc\n"},
    {"", "b\nx\n", "x\nc\n", "b\nx\nc\n"},
    {"", "x\n", "c\nx\nd\n", "x\nc\nd\n"},
    {"a\n", "a\na\n", "a\nb\n", "a\na\nb\n"},
    {"", "\n", "\n\n", "\n\n"},
    {"", "x\r\n", "x\n", "x\r\nx\n"},
    {"", "x\n", "xx\n", "x\nxx\n"},
    /* Each cloud line stands for one local line only. */
    {"", "x\n", "x\nx\n", "x\nx\n"},
    {"", "x\nx\n", "x\ny\n", "x\nx\ny\n"},
    {"", "x\ny\n", "x\na\nx\nb\nx\n", "x\ny\na\nx\nb\nx\n"},
    /* Times of all lines decide, equal ones keep their order. */
    {"", AT(3, "c"), AT(1, "l"), AT(1, "l") AT(3, "c")},
    {AT(9, "b"), AT(9, "b") AT(3, "c"), AT(9, "b") AT(1, "l"),
	AT(9, "b") AT(1, "l") AT(3, "c")},
    {"", AT(1, "c") AT(5, "c") AT(3, "c"), AT(5, "l") AT(3, "l"),
	AT(1, "c") AT(3, "c") AT(3, "l") AT(5, "c") AT(5, "l")},
    {"", AT(1, "a") AT(2, "s"), AT(1, "b") AT(2, "s"),
	AT(1, "a") AT(1, "b") AT(2, "s")},
    {"", AT(2, "s"), AT(2, "s") AT(1, "l") AT(2, "s"),
	AT(1, "l") AT(2, "s") AT(2, "s")},
    {"", ISO(DAY "12:00:00+02:00", "c"), ISO(DAY "10:30:00Z", "l"),
	ISO(DAY "12:00:00+02:00", "c") ISO(DAY "10:30:00Z", "l")},
    {"", ISO(DAY "12:00:00-02:00", "c"), ISO(DAY "10:30:00Z", "l"),
	ISO(DAY "10:30:00Z", "l") ISO(DAY "12:00:00-02:00", "c")},
    {"", "{\"ts\":2,\"time\":9}\n", "{\"timestamp\":1}\n",
	"{\"timestamp\":1}\n{\"ts\":2,\"time\":9}\n"},
    /* One line without, or of another kind: as plain lines. */
    {"", AT(3, "c"), AT(1, "l") "x\n", AT(3, "c") AT(1, "l") "x\n"},
    {"", AT(3, "c"), "{\"x\":1}\n", AT(3, "c") "{\"x\":1}\n"},
    {"", AT(3, "c"), AT("2025-01-01", "l"), AT(3, "c") AT("2025-01-01", "l")},
    {"", ISO(DAY "12:00:00", "c"), ISO(DAY "10:30:00Z", "l"),
	ISO(DAY "12:00:00", "c") ISO(DAY "10:30:00Z", "l")},
    /* What one side holds alone is left in its order. */
    {"", AT(3, "c") AT(1, "c"), "", AT(3, "c") AT(1, "c")},
    {"", "", AT(3, "c") AT(1, "c"), AT(3, "c") AT(1, "c")},
    {"", AT(3, "c") AT(1, "c"), AT(3, "c") AT(1, "c"), AT(3, "c") AT(1, "c")},
    {"", AT(3, "c") AT(1, "c"), AT(1, "c"), AT(3, "c") AT(1, "c")},
};

static void
test_merge__appends(void **state)
{
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(merge_cases); i++) {
		const struct merge_case *c = &merge_cases[i];
		struct str out = STR_INIT;
		const char *why = "";
		str_add(&out, "before");
		assert_true(merge_append(&out, strlen(c->base), bytes(c->cloud),
		    bytes(c->local), &why));
		assert_null(why);
		if (strcmp(out.p + 6, c->expected) != 0)
			fail_msg("case %zu: %s", i, out.p);
		str_free(&out);
	}
}

static void
test_merge__takes_any_bytes(void **state)
{
	UNUSED(state);
	struct merge_bytes cloud = {"b\0\n\0c\n", 6};
	struct merge_bytes local = {"b\0\n\0d\n\xFF\n", 8};
	struct str out = STR_INIT;
	const char *why;
	assert_true(merge_append(&out, 3, cloud, local, &why));
	assert_int_equal(out.len, 11);
	assert_memory_equal(out.p, "b\0\n\0c\n\0d\n\xFF\n", 11);
	str_clear(&out);
	struct merge_bytes none = {NULL, 0};
	assert_true(merge_append(&out, 0, none, none, &why));
	assert_int_equal(out.len, 0);
	str_free(&out);
}

static void
test_merge__refuses(void **state)
{
	UNUSED(state);
	static const struct {
		size_t base;
		const char *cloud, *local, *why;
	} cases[] = {
	    {2, "a", "a\n", "a side is shorter than what both began with"},
	    {2, "a\n", "a", "a side is shorter than what both began with"},
	    {2, "a\nx\n", "b\nx\n", "the sides do not begin alike"},
	    {1, "ab\n", "ac\n",
		"what both began with does not end with a whole line"},
	    {2, "a\nb", "a\nc\n", "a side does not end with a whole line"},
	    {2, "a\nb\n", "a\nc", "a side does not end with a whole line"},
	    {0, "b", "", "a side does not end with a whole line"},
	    {0, "", "b", "a side does not end with a whole line"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str out = STR_INIT;
		const char *why = NULL;
		assert_false(merge_append(&out, cases[i].base,
		    bytes(cases[i].cloud), bytes(cases[i].local), &why));
		assert_string_equal(why, cases[i].why);
		assert_int_equal(out.len, 0);
	}
}

static void
test_merge__is_bounded(void **state)
{
	UNUSED(state);
	size_t n = MERGE_LINES_MAX;
	struct str cloud = STR_INIT;
	struct str out = STR_INIT;
	const char *why;
	str_reserve(&cloud, n);
	for (size_t i = 0; i < n; i++)
		str_addc(&cloud, '\n');
	struct merge_bytes c = {cloud.p, cloud.len};
	assert_true(merge_append(&out, 0, c, bytes(""), &why));
	assert_int_equal(out.len, n);
	str_clear(&out);
	assert_false(merge_append(&out, 0, c, bytes("\n"), &why));
	assert_string_equal(why, "too many lines were added");
	str_free(&cloud);
	str_free(&out);
}

/* ---- numbers ---- */

static void
test_merge__number_times(void **state)
{
	UNUSED(state);
	static const struct {
		const char *text;
		int64_t sec;
		uint32_t nsec;
	} cases[] = {
	    {"0", 0, 0},
	    {"-0", 0, 0},
	    {"1", 1, 0},
	    {"1700000000", 1700000000, 0},
	    {"1700000000123", 1700000000123, 0},
	    {"1700000000123456789", 1700000000123456789, 0},
	    {"1700000000.25", 1700000000, 250000000},
	    {"1.123456789999", 1, 123456789},
	    {"0.000000001", 0, 1},
	    {"-1", -1, 0},
	    {"-1.25", -2, 750000000},
	    {"-0.5", -1, 500000000},
	    {"1.7e9", 1700000000, 0},
	    {"1.7000000005E+09", 1700000000, 500000000},
	    {"125e-2", 1, 250000000},
	    {"1e-400", 0, 0},
	    {"0e999999999999999999999999", 0, 0},
	    {"1e-999999999999999999999999", 0, 0},
	    {"9223372036854775807", INT64_MAX, 0},
	    {"-9223372036854775807", -INT64_MAX, 0},
	    {"-9223372036854775807.5", INT64_MIN, 500000000},
	};
	static const char *const too_large[] = {"9223372036854775808",
	    "9999999999999999999", "10000000000000000000", "1e19", "1e9999999",
	    "-1e19"};
	struct merge_time t;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *s = cases[i].text;
		assert_true(merge_time_number(&t, s, strlen(s)));
		assert_int_equal(t.kind, MERGE_TIME_NUMBER);
		if (t.at.sec != cases[i].sec || t.at.nsec != cases[i].nsec)
			fail_msg("%s", s);
	}
	for (size_t i = 0; i < COUNT_OF(too_large); i++)
		assert_false(
		    merge_time_number(&t, too_large[i], strlen(too_large[i])));
}

/* ---- ISO 8601 ---- */

static void
test_merge__iso_times(void **state)
{
	UNUSED(state);
	/* 2025-01-01T00:00:00Z */
	enum { YEAR = 1735689600, HOUR = 3600 };
	static const struct {
		const char *text;
		int64_t sec;
		uint32_t nsec;
		enum merge_time_kind kind;
	} cases[] = {
	    {"1970-01-01T00:00:00Z", 0, 0, MERGE_TIME_ZONED},
	    {"1969-12-31T23:59:59.5Z", -1, 500000000, MERGE_TIME_ZONED},
	    {"2025-01-01", YEAR, 0, MERGE_TIME_LOCAL},
	    {"20250101", YEAR, 0, MERGE_TIME_LOCAL},
	    {"2025-01-01T01:00:00", YEAR + HOUR, 0, MERGE_TIME_LOCAL},
	    {"2025-01-01 01:00", YEAR + HOUR, 0, MERGE_TIME_LOCAL},
	    {"2025-01-01t01:00:01z", YEAR + HOUR + 1, 0, MERGE_TIME_ZONED},
	    {"20250101T010001Z", YEAR + HOUR + 1, 0, MERGE_TIME_ZONED},
	    {"20250101T0100Z", YEAR + HOUR, 0, MERGE_TIME_ZONED},
	    {"2025-01-01T01:00+01:00", YEAR, 0, MERGE_TIME_ZONED},
	    {"2025-01-01T01:00:00.123+0130", YEAR - HOUR / 2, 123000000,
		MERGE_TIME_ZONED},
	    {"2025-01-01T01:00:00,123456789-01", YEAR + 2 * HOUR, 123456789,
		MERGE_TIME_ZONED},
	    {"2025-01-01T00:00:00.1234567891Z", YEAR, 123456789,
		MERGE_TIME_ZONED},
	    {"2024-12-31T23:59:60Z", YEAR, 0, MERGE_TIME_ZONED},
	    {"2024-02-29", 1709164800, 0, MERGE_TIME_LOCAL},
	};
	static const char *const wrong[] = {"", "2025", "2025-01", "2025-1-1",
	    "2025-0101", "202501-01", "2025-02-29", "2025-13-01", "2025-00-10",
	    "2025-01-00", "0000-01-01", "2025-01-01T", "2025-01-01T1",
	    "2025-01-01T01", "2025-01-01T24:00", "2025-01-01T01:60",
	    "2025-01-01T01:00:61", "2025-01-01T01:00:00.",
	    "2025-01-01T01:00:00.Z", "2025-01-01T01:00:00 Z",
	    "2025-01-01T01:00:00+", "2025-01-01T01:00:00+1",
	    "2025-01-01T01:00:00+01:", "2025-01-01T01:00:00+24:00",
	    "2025-01-01T01:00:00+01:60", "2025-01-01T01:00:00Zx",
	    "2025-01-01T01:00:", "2025-01-01x", "2025-01-01Z", "x", "12:30",
	    "+2025-01-01", "2025-01-01T01:00:00Z ", "2025-01-01T01:00.5.5"};
	struct merge_time t;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *s = cases[i].text;
		if (!merge_time_iso(&t, s, strlen(s)) ||
		    t.kind != cases[i].kind || t.at.sec != cases[i].sec ||
		    t.at.nsec != cases[i].nsec)
			fail_msg("%s", s);
	}
	for (size_t i = 0; i < COUNT_OF(wrong); i++)
		if (merge_time_iso(&t, wrong[i], strlen(wrong[i])))
			fail_msg("%s", wrong[i]);
}

/* ---- JSON ---- */

static void
test_merge__json_times(void **state)
{
	UNUSED(state);
	static const struct {
		const char *line;
		int64_t sec;
	} cases[] = {
	    {"{\"ts\":7}", 7},
	    {" { \"ts\" : 7 } \r", 7},
	    {"{\"a\":[1,{\"ts\":1},[]],\"timestamp\":7,\"b\":{}}", 7},
	    {"{\"created_at\":7,\"x\":null,\"y\":true,\"z\":false}", 7},
	    {"{\"time\":\"1970-01-01T00:00:07Z\"}", 7},
	    {"{\"time\":8,\"ts\":7}", 7},
	    {"{\"ts\":\"soon\",\"time\":7}", 7},
	    {"{\"ts\":null,\"timestamp\":{},\"time\":[7],\"created_at\":7}", 7},
	    {"{\"ts\":8,\"ts\":7}", 7},
	    {"{\"ts\":7,\"a\":{\"ts\":8}}", 7},
	    {"{\"s\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\xC3\xA9\",\"ts\":7}",
		7},
	    {"{\"n\":[0,-0,1.5,-1.5e+3,2E-1,10],\"ts\":7}", 7},
	    {"{\"ts\":7,\"a\":[[],{},[{}],{\"b\":[]}]}", 7},
	};
	static const char *const without[] = {"", " ", "{}", "[]", "7",
	    "\"ts\"", "null", "[{\"ts\":7}]", "{\"a\":{\"ts\":7}}",
	    "{\"a\":[7]}", "{\"ts\":[7]}", "{\"TS\":7}", "{\"t\\u0073\":7}",
	    "{\"ts\":true}", "{\"ts\":7,\"ts\":null}", "{\"ts\":[]}",
	    "{\"tsx\":7}", "{\"ts\":1e30}",
	    /* no JSON */
	    "{\"ts\":7", "{\"ts\":7}}", "{\"ts\":7}x", "{\"ts\":7,}",
	    "{,\"ts\":7}", "{\"ts\" 7}", "{\"ts\":}", "{\"ts\"}", "{ts:7}",
	    "{'ts':7}", "{\"ts\":07}", "{\"ts\":+7}", "{\"ts\":7.}",
	    "{\"ts\":.7}", "{\"ts\":7e}", "{\"ts\":7e+}", "{\"ts\":-}",
	    "{\"ts\":0x7}", "{\"ts\":NaN}", "{\"ts\":7 8}",
	    "{\"ts\":7,\"a\":[1,]}", "{\"ts\":7,\"a\":[1 2]}",
	    "{\"ts\":7,\"a\":[}]}", "{\"ts\":7,\"a\":{]}", "{\"ts\":7]",
	    "{\"ts\":7,\"a\":tru}", "{\"ts\":7,\"a\":nul", "{\"ts\":7,1:2}",
	    "{\"ts\":7,\"a\":\"\\x\"}", "{\"ts\":7,\"a\":\"\\u00g0\"}",
	    "{\"ts\":7,\"a\":\"\\u00", "{\"ts\":7,\"a\":\"\\",
	    "{\"ts\":7,\"a\":\"\t\"}", "{\"ts\":7,\"a\":\"\xFF\"}",
	    "{\"ts\":7,\"a\":\"", "{\"ts\":7} {\"ts\":8}", "\v{\"ts\":7}"};
	struct merge_time t;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *s = cases[i].line;
		if (!merge_json_time(&t, s, strlen(s)) ||
		    t.at.sec != cases[i].sec)
			fail_msg("%s", s);
	}
	for (size_t i = 0; i < COUNT_OF(without); i++)
		if (merge_json_time(&t, without[i], strlen(without[i])))
			fail_msg("%s", without[i]);
	assert_false(merge_json_time(&t, "{\"ts\":7,\"a\":\"\\\0\"}", 17));
	assert_false(merge_json_time(&t, "{\"ts\":7}\0", 9));
}

/* Nesting takes no stack, and has an end. */
static void
test_merge__json_nesting(void **state)
{
	UNUSED(state);
	struct str line = STR_INIT;
	struct merge_time t;
	for (int depth = 1; depth < 100000; depth = depth * 5 / 4 + 1) {
		str_set(&line, "{\"ts\":7,\"a\":");
		for (int i = 1; i < depth; i++)
			str_addc(&line, '[');
		str_addc(&line, '1');
		assert_false(merge_json_time(&t, line.p, line.len));
		for (int i = 1; i < depth; i++)
			str_addc(&line, ']');
		str_addc(&line, '}');
		assert_int_equal(
		    merge_json_time(&t, line.p, line.len), depth <= 128);
	}
	str_free(&line);
}

/* ---- without a base ---- */

static void
test_merge__common(void **state)
{
	static const struct {
		const char *a, *b;
		size_t common;
	} cases[] = {
	    {"one\ntwo\n", "one\nthree\n", 4},
	    {"one\ntwo\n", "one\ntwo\nthree\n", 8},
	    {"one\n", "one\n", 4},
	    {"one\ntw", "one\ntwo\n", 4}, /* of whole lines only */
	    {"one", "one", 0},
	    {"one\n", "two\n", 0},
	    {"", "one\n", 0},
	    {"", "", 0},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct merge_bytes a = bytes(cases[i].a), b = bytes(cases[i].b);
		assert_int_equal(merge_common(a, b), cases[i].common);
		assert_int_equal(merge_common(b, a), cases[i].common);
	}
	struct merge_bytes binary = {"one\n\0\n", 6};
	assert_int_equal(merge_common(binary, binary), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_merge__appends),
	    cmocka_unit_test(test_merge__common),
	    cmocka_unit_test(test_merge__takes_any_bytes),
	    cmocka_unit_test(test_merge__refuses),
	    cmocka_unit_test(test_merge__is_bounded),
	    cmocka_unit_test(test_merge__number_times),
	    cmocka_unit_test(test_merge__iso_times),
	    cmocka_unit_test(test_merge__json_times),
	    cmocka_unit_test(test_merge__json_nesting),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
