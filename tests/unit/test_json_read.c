#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/json_read.h"

static struct json_read reader;

/* One document, walked over. */
static int
walk(const char *text, size_t n, struct err *e)
{
	json_read_text(&reader, text, n);
	int rc = json_read_skip(&reader, e);
	if (rc == 0)
		rc = json_read_end(&reader, e);
	json_read_free(&reader);
	return rc;
}

static void
test_json_read__well_formed(void **state)
{
	(void)state;
	static const char *const good[] = {
	    "0",
	    "-0",
	    " [ ] ",
	    "{}",
	    "\"\"",
	    "null",
	    "true",
	    "false",
	    "1.5",
	    "1e9",
	    "-2.25E-3",
	    "0.0e+1",
	    "[1,2,[3,{\"a\":[]}]]",
	    "{\"a\" : 1 ,\r\n\t\"b\":{}}",
	    "\"\\u00e9\\ud83d\\ude00\\\\\\\"\\/\\b\\f\\n\\r\\t\"",
	    "\"\xC3\xA9\xF0\x9F\x98\x80\"",
	    "999999999999999999999999999",
	};
	struct err e;
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		if (walk(good[i], strlen(good[i]), &e) != 0)
			fail_msg("%s: %s", good[i], e.frame[0]);
	}
}

static void
test_json_read__malformed(void **state)
{
	(void)state;
	static const char *const bad[] = {
	    "",
	    " ",
	    "x",
	    "nul",
	    "nulL",
	    "truee",
	    "01",
	    "-",
	    "+1",
	    ".5",
	    "1.",
	    "1e",
	    "1e+",
	    "0x10",
	    "NaN",
	    "Infinity",
	    "1 2",
	    "[",
	    "]",
	    "[1",
	    "[1,]",
	    "[,1]",
	    "[1 2]",
	    "[1}",
	    "{",
	    "{]",
	    "{\"a\"}",
	    "{\"a\":}",
	    "{\"a\":1,}",
	    "{a:1}",
	    "{1:1}",
	    "{\"a\":1 \"b\":2}",
	    "{,}",
	    "\"",
	    "\"a",
	    "'a'",
	    "\"\\\"",
	    "\"\\x\"",
	    "\"\\u12\"",
	    "\"\\u12g4\"",
	    "\"\\ud800\"",
	    "\"\\ud800x\"",
	    "\"\\ud800\\n\"",
	    "\"\\ud800\\ud800\"",
	    "\"\\udc00\"",
	    "\"\n\"",
	    "\"\x1f\"",
	    "\"\xff\"",
	    "\"\xc3\"",
	    "\"\xed\xa0\x80\"", /* half a pair */
	    "\"\xc0\xaf\"",     /* longer than it has to be */
	    "// 1",
	    "1 // x",
	    "\xEF\xBB\xBF{}",
	};
	struct err e;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		if (walk(bad[i], strlen(bad[i]), &e) == 0)
			fail_msg("%s: was read", bad[i]);
		assert_int_equal(e.code, ERR_CORRUPT);
	}
	assert_int_equal(walk("\"a\0b\"", 5, &e), -1);
	assert_int_equal(walk("1\0", 2, &e), -1);
}

static void
test_json_read__cut_anywhere(void **state)
{
	(void)state;
	static const char text[] =
	    "{\"a\":[1,-2.5e1,\"\\ud83d\\ude00\",true,null],\"b\":{\"c\":{}}}";
	struct err e;
	assert_int_equal(walk(text, sizeof(text) - 1, &e), 0);
	for (size_t n = 0; n < sizeof(text) - 1; n++) {
		assert_int_equal(walk(text, n, &e), -1);
		assert_int_equal(e.code, ERR_CORRUPT);
	}
}

static void
test_json_read__depth(void **state)
{
	(void)state;
	struct str text = STR_INIT;
	struct err e;
	for (int depth = JSON_DEPTH; depth <= JSON_DEPTH + 1; depth++) {
		str_clear(&text);
		for (int i = 0; i < depth; i++)
			str_add(&text, i % 2 == 0 ? "[" : "{\"k\":");
		if (depth % 2 == 0)
			str_add(&text, "1");
		for (int i = depth; i-- > 0;)
			str_add(&text, i % 2 == 0 ? "]" : "}");
		assert_int_equal(
		    walk(text.p, text.len, &e), depth <= JSON_DEPTH ? 0 : -1);
	}
	/* However deep it pretends to go, that costs nothing. */
	str_clear(&text);
	for (int i = 0; i < 1000000; i++)
		str_addc(&text, '[');
	assert_int_equal(walk(text.p, text.len, &e), -1);
	str_free(&text);
}

static void
test_json_read__long_string(void **state)
{
	(void)state;
	struct str text = STR_INIT;
	struct err e;
	for (size_t over = 0; over < 2; over++) {
		str_set(&text, "\"");
		for (size_t i = 0; i < JSON_READ_TEXT_MAX + over; i++)
			str_addc(&text, 'x');
		str_addc(&text, '"');
		assert_int_equal(
		    walk(text.p, text.len, &e), over == 0 ? 0 : -1);
	}
	str_free(&text);
}

/* ---- values -------------------------------------------------------------- */

static void
test_json_read__numbers(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool is_int, is_uint;
		int64_t i;
		uint64_t u;
	} cases[] = {
	    {"0", true, true, 0, 0},
	    {"-0", true, true, 0, 0},
	    {"12", true, true, 12, 12},
	    {"-12", true, false, -12, 0},
	    {"9223372036854775807", true, true, INT64_MAX, INT64_MAX},
	    {"9223372036854775808", false, true, 0, UINT64_C(1) << 63},
	    {"-9223372036854775808", true, false, INT64_MIN, 0},
	    {"-9223372036854775809", false, false, 0, 0},
	    {"18446744073709551615", false, true, 0, UINT64_MAX},
	    {"18446744073709551616", false, false, 0, 0},
	    {"1.0", false, false, 0, 0},
	    {"1e0", false, false, 0, 0},
	    {"\"1\"", false, false, 0, 0},
	};
	struct err e;
	for (size_t c = 0; c < COUNT_OF(cases); c++) {
		int64_t i = 0;
		uint64_t u = 0;
		const char *text = cases[c].text;
		json_read_text(&reader, text, strlen(text));
		assert_int_equal(
		    json_read_int(&i, &reader, &e), cases[c].is_int ? 0 : -1);
		json_read_free(&reader);
		json_read_text(&reader, text, strlen(text));
		assert_int_equal(
		    json_read_uint(&u, &reader, &e), cases[c].is_uint ? 0 : -1);
		json_read_free(&reader);
		assert_true(i == cases[c].i && u == cases[c].u);
	}
}

static void
test_json_read__values(void **state)
{
	(void)state;
	static const char text[] =
	    "{\"s\":\"a\\u0000b\\u00e9\",\"skip\":[{\"x\":[1]},2],"
	    "\"list\":[true,-7],\"none\":null}";
	struct err e;
	bool yes = false;
	int64_t n = 0;
	json_read_text(&reader, text, sizeof(text) - 1);
	assert_int_equal(json_read_object(&reader, &e), 0);
	assert_int_equal(json_read_member(&reader, &e), 1);
	assert_true(json_read_is(&reader, "s"));
	assert_false(json_read_is(&reader, "s\"") ||
	    json_read_is(&reader, "") || json_read_is(&reader, "t"));
	assert_int_equal(json_read_string(&reader, &e), 0);
	assert_int_equal(reader.text.len, 5);
	assert_memory_equal(reader.text.p, "a\0b\xC3\xA9", 5);
	assert_int_equal(json_read_member(&reader, &e), 1);
	assert_int_equal(json_read_skip(&reader, &e), 0);
	assert_int_equal(json_read_member(&reader, &e), 1);
	assert_string_equal(reader.key.p, "list");
	assert_int_equal(json_read_array(&reader, &e), 0);
	assert_int_equal(json_read_item(&reader, &e), 1);
	assert_int_equal(json_read_bool(&yes, &reader, &e), 0);
	assert_int_equal(json_read_item(&reader, &e), 1);
	assert_int_equal(json_read_int(&n, &reader, &e), 0);
	assert_int_equal(json_read_item(&reader, &e), 0);
	assert_true(yes && n == -7);
	assert_int_equal(json_read_member(&reader, &e), 1);
	assert_int_equal(json_read_value(&reader, &e), 0);
	assert_int_equal(reader.kind, JSON_KIND_NULL);
	assert_int_equal(json_read_member(&reader, &e), 0);
	assert_int_equal(json_read_end(&reader, &e), 0);
	json_read_free(&reader);
}

/* A value of another kind, and then nothing can be read any more. */
static void
test_json_read__stays_broken(void **state)
{
	(void)state;
	struct err e;
	json_read_text(&reader, "[1,2]", 5);
	assert_int_equal(json_read_object(&reader, &e), -1);
	assert_int_equal(json_read_item(&reader, &e), -1);
	assert_int_equal(json_read_skip(&reader, &e), -1);
	assert_int_equal(json_read_end(&reader, &e), -1);
	assert_int_equal(e.code, ERR_CORRUPT);
	json_read_free(&reader);
}

/* ---- pieces -------------------------------------------------------------- */

struct source {
	const char *p;
	size_t left, step;
};

static int
give(void *arg, void *buf, size_t room, size_t *got, struct err *e)
{
	struct source *s = arg;
	size_t n = s->left < s->step ? s->left : s->step;
	if (s->left == 3)
		return err_set(e, ERR_IO, "the disk is gone");
	assert_true(n <= room);
	memcpy(buf, s->p, n);
	s->p += n;
	s->left -= n;
	*got = n;
	return 0;
}

static void
test_json_read__pieces(void **state)
{
	(void)state;
	static const char text[] = "[\"\xC3\xA9\\ud83d\\ude00\", 1234, false]";
	struct source s = {.p = text, .left = sizeof(text) - 1, .step = 1};
	struct err e;
	json_read_init(&reader, give, &s);
	assert_int_equal(json_read_array(&reader, &e), 0);
	assert_int_equal(json_read_item(&reader, &e), 1);
	assert_int_equal(json_read_string(&reader, &e), 0);
	assert_string_equal(reader.text.p, "\xC3\xA9\xF0\x9F\x98\x80");
	/* What its source says is passed on. */
	assert_int_equal(json_read_item(&reader, &e), 1);
	assert_int_equal(json_read_skip(&reader, &e), 0);
	assert_int_equal(json_read_item(&reader, &e), 1);
	assert_int_equal(json_read_skip(&reader, &e), -1);
	assert_int_equal(e.code, ERR_IO);
	json_read_free(&reader);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_json_read__well_formed),
	    cmocka_unit_test(test_json_read__malformed),
	    cmocka_unit_test(test_json_read__cut_anywhere),
	    cmocka_unit_test(test_json_read__depth),
	    cmocka_unit_test(test_json_read__long_string),
	    cmocka_unit_test(test_json_read__numbers),
	    cmocka_unit_test(test_json_read__values),
	    cmocka_unit_test(test_json_read__stays_broken),
	    cmocka_unit_test(test_json_read__pieces),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
