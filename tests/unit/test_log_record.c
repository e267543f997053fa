#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/num.h"
#include "base/utf8.h"
#include "config/config.h"
#include "engine/log/log_record.h"

static const struct log_origin origin = {.run_id = "20261121T001137Z-4f0a",
    .profile = "my work",
    .machine = "laptop"};

static void
put(struct str *out, int format, int level, const struct log_fields *f)
{
	struct log_record r = {.time = {.sec = 1795219897, .nsec = 7999999},
	    .offset = 3600,
	    .level = level,
	    .event = "copied",
	    .origin = &origin,
	    .fields = f};
	log_record_put(out, format, &r);
}

/* ---- each format --------------------------------------------------------- */

static const int64_t five = 5;
static const struct hash hash = {.hi = 1, .lo = 0xABC};
static const struct log_fields all = {.side = "local",
    .path = "a dir/\xC3\xA9",
    .path_len = 8,
    .bytes = &five,
    .hash = &hash,
    .reason = "because \"so\""};
static const struct log_fields none = {.side = NULL};

static const struct {
	int format, level;
	const struct log_fields *fields;
	const char *want;
} formats[] = {
    {CONFIG_LOG_TEXT, CONFIG_LOG_INFO, &all,
	"2026-11-21T01:11:37.007+01:00 INFO    20261121T001137Z-4f0a "
	"\"my work\" laptop copied         side=local path=\"a dir/\xC3\xA9\" "
	"bytes=5 hash=00000000000000010000000000000abc "
	"reason=\"because \\\"so\\\"\"\n"},
    {CONFIG_LOG_TEXT, CONFIG_LOG_WARNING, NULL,
	"2026-11-21T01:11:37.007+01:00 WARNING 20261121T001137Z-4f0a "
	"\"my work\" laptop copied\n"},
    {CONFIG_LOG_LOGFMT, CONFIG_LOG_DEBUG, &all,
	"time=2026-11-21T01:11:37.007+01:00 level=DEBUG event=copied "
	"run_id=20261121T001137Z-4f0a profile=\"my work\" machine=laptop "
	"side=local path=\"a dir/\xC3\xA9\" bytes=5 "
	"hash=00000000000000010000000000000abc "
	"reason=\"because \\\"so\\\"\"\n"},
    {CONFIG_LOG_LOGFMT, CONFIG_LOG_ERROR, &none,
	"time=2026-11-21T01:11:37.007+01:00 level=ERROR event=copied "
	"run_id=20261121T001137Z-4f0a profile=\"my work\" machine=laptop\n"},
    {CONFIG_LOG_JSON, CONFIG_LOG_INFO, &all,
	"{\"time\":\"2026-11-21T01:11:37.007+01:00\",\"level\":\"INFO\","
	"\"event\":\"copied\",\"run_id\":\"20261121T001137Z-4f0a\","
	"\"profile\":\"my work\",\"machine\":\"laptop\",\"side\":\"local\","
	"\"path\":\"a dir/\xC3\xA9\",\"bytes\":5,"
	"\"hash\":\"00000000000000010000000000000abc\","
	"\"reason\":\"because \\\"so\\\"\"}\n"},
    {CONFIG_LOG_JSON, CONFIG_LOG_WARNING, NULL,
	"{\"time\":\"2026-11-21T01:11:37.007+01:00\",\"level\":\"WARNING\","
	"\"event\":\"copied\",\"run_id\":\"20261121T001137Z-4f0a\","
	"\"profile\":\"my work\",\"machine\":\"laptop\"}\n"},
};

static void
test_log_record__every_field_in_every_format(void **state)
{
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(formats); i++) {
		struct str out = STR_INIT;
		put(&out, formats[i].format, formats[i].level,
		    formats[i].fields);
		assert_string_equal(out.p, formats[i].want);
		str_free(&out);
	}
}

static void
test_log_record__path_that_is_not_utf8(void **state)
{
	UNUSED(state);
	struct log_fields f = {.path = "caf\xE9", .path_len = 4};
	struct str out = STR_INIT;
	put(&out, CONFIG_LOG_JSON, CONFIG_LOG_INFO, &f);
	assert_non_null(strstr(
	    out.p, "\"path\":\"caf\xEF\xBF\xBD\",\"path_hex\":\"636166e9\"}"));
	str_clear(&out);
	put(&out, CONFIG_LOG_LOGFMT, CONFIG_LOG_INFO, &f);
	assert_non_null(strstr(out.p, " path=\"caf\\xE9\"\n"));
	str_free(&out);
}

/* ---- hostile values ------------------------------------------------------ */

/* A reader as strict as can be: "key=value" pairs parted by single blanks, the
   value bare or in double quotes with backslash escapes. Returns the keys. */
static void
read_pairs(struct str *keys, const char *p)
{
	while (*p != '\n') {
		size_t key = strcspn(p, "= \"\n");
		assert_true(key > 0);
		assert_int_equal(p[key], '=');
		str_addn(keys, p, key);
		str_addc(keys, ' ');
		p += key + 1;
		if (*p == '"') {
			for (p++; *p != '"'; p++) {
				assert_true(*p != '\n' && *p != '\0');
				if (*p == '\\')
					p++;
			}
			p++;
		} else {
			size_t bare = strcspn(p, " \"=\n");
			p += bare;
		}
		if (*p == ' ')
			p++;
		else
			assert_int_equal(*p, '\n');
	}
	assert_int_equal(p[1], '\0');
}

/* The keys of a JSON object whose values are strings and numbers only. */
static void
read_members(struct str *keys, const char *p)
{
	assert_int_equal(*p++, '{');
	for (bool key = true; *p != '}'; key = !key) {
		const char *start = p;
		if (*p == '"') {
			for (p++; *p != '"'; p++) {
				assert_true((unsigned char)*p >= 0x20);
				if (*p == '\\')
					p++;
			}
			p++;
		} else {
			assert_false(key);
			p += strspn(p, "0123456789-");
		}
		assert_true(p > start);
		if (key) {
			str_addn(keys, start + 1, (size_t)(p - start) - 2);
			str_addc(keys, ' ');
			assert_int_equal(*p++, ':');
		} else if (*p == ',') {
			p++;
		} else {
			assert_int_equal(*p, '}');
		}
	}
	assert_string_equal(p, "}\n");
}

/* Nothing that moves a cursor, breaks a line or turns text around. */
static void
check_harmless(const struct str *line)
{
	assert_true(utf8_valid(line->p, line->len));
	assert_int_equal(
	    memchr(line->p, '\n', line->len) == line->p + line->len - 1, true);
	for (size_t at = 0; at < line->len - 1;) {
		int32_t cp;
		at += utf8_next(line->p + at, line->len - 1 - at, &cp);
		assert_true(cp >= 0x20 && (cp < 0x7F || cp > 0x9F));
		assert_false(cp == 0x061C || cp == 0x200E || cp == 0x200F);
		assert_false(cp >= 0x2028 && cp <= 0x202E);
		assert_false(cp >= 0x2066 && cp <= 0x2069);
	}
}

static void
check_hostile(const char *bytes, size_t n)
{
	/* As a reason it ends at its NUL, as a path it does not. */
	struct log_fields f = {
	    .path = bytes, .path_len = n, .bytes = &five, .reason = bytes};
	struct log_origin named = {
	    .run_id = "r", .profile = bytes, .machine = bytes};
	struct log_record r = {.time = {.sec = 0},
	    .event = "copied",
	    .origin = &named,
	    .fields = &f};
	struct str out = STR_INIT;
	struct str keys = STR_INIT;

	log_record_put(&out, CONFIG_LOG_LOGFMT, &r);
	check_harmless(&out);
	read_pairs(&keys, out.p);
	assert_string_equal(keys.p,
	    "time level event run_id profile machine path bytes reason ");

	str_clear(&out);
	str_clear(&keys);
	r.origin = &origin;
	log_record_put(&out, CONFIG_LOG_TEXT, &r);
	check_harmless(&out);
	read_pairs(
	    &keys, strstr(out.p, " copied") + strlen(" copied         "));
	assert_string_equal(keys.p, "path bytes reason ");

	str_clear(&out);
	str_clear(&keys);
	r.origin = &named;
	log_record_put(&out, CONFIG_LOG_JSON, &r);
	check_harmless(&out);
	read_members(&keys, out.p);
	assert_string_equal(keys.p,
	    utf8_valid(bytes, n) ? "time level event run_id profile machine "
				   "path bytes reason "
				 : "time level event run_id profile machine "
				   "path path_hex bytes reason ");
	str_free(&keys);
	str_free(&out);
}

static void
test_log_record__nothing_can_be_forged(void **state)
{
	static const char *const hostile[] = {
	    "",
	    " ",
	    "=",
	    "\"",
	    "\\",
	    "\\\"",
	    "a\n2026-11-21T01:11:37.007+01:00 INFO forged",
	    "a\r\n{\"event\":\"forged\"}",
	    "x\",\"event\":\"forged\",\"y\":\"",
	    "x\" event=forged y=\"",
	    "x event=forged",
	    "x\\\" event=forged",
	    "\x1B[2J\x1B]0;title\x07",
	    "\x7F\x01\x02\t",
	    "\xC2\x85\xC2\x9B",
	    "\xE2\x80\xAEz\xE2\x80\xA8z\xE2\x80\xA9z",
	    "\xE2\x81\xA6\xE2\x80\x8F\xD8\x9C",
	    "\xFF\xFE\xC0\xAF\xED\xA0\x80\xF4\x90\x80\x80\xE2\x80",
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(hostile); i++)
		check_hostile(hostile[i], strlen(hostile[i]));
}

/* Names put together by chance from pieces that mean something somewhere. */
static void
test_log_record__nothing_can_be_forged_by_chance(void **state)
{
	static const char *const pieces[] = {"a", " ", "=", "\"", "\\", "\n",
	    "\r", "\x1B", "{", "}", ",", ":", "\xE2\x80\xAE", "\xC2\x9B",
	    "\xFF", "\xE2\x80", "\xF0\x9F\x98\x80",
	    "path=", "\"event\":", "\xE2\x80\x8D", "\xEF\xB8\x8F", "'", "\\n",
	    "\t", "/"};
	UNUSED(state);
	uint32_t x = 20261121;
	for (int round = 0; round < 20000; round++) {
		struct str name = STR_INIT;
		for (uint32_t left = 1 + (x >> 8) % 12; left > 0; left--) {
			x = x * 1664525 + 1013904223;
			str_add(&name, pieces[(x >> 16) % COUNT_OF(pieces)]);
		}
		check_hostile(name.p, name.len);
		str_free(&name);
		x = x * 1664525 + 1013904223;
	}
}

/* A path may hold NUL bytes for all we know; a line may not. */
static void
test_log_record__path_with_nul(void **state)
{
	static const int each[] = {
	    CONFIG_LOG_TEXT, CONFIG_LOG_JSON, CONFIG_LOG_LOGFMT};
	UNUSED(state);
	struct log_fields f = {.path = "a\0b", .path_len = 3};
	for (size_t i = 0; i < COUNT_OF(each); i++) {
		struct str out = STR_INIT;
		put(&out, each[i], CONFIG_LOG_INFO, &f);
		assert_int_equal(strlen(out.p), out.len);
		check_harmless(&out);
		str_free(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_log_record__every_field_in_every_format),
	    cmocka_unit_test(test_log_record__path_that_is_not_utf8),
	    cmocka_unit_test(test_log_record__nothing_can_be_forged),
	    cmocka_unit_test(test_log_record__nothing_can_be_forged_by_chance),
	    cmocka_unit_test(test_log_record__path_with_nul),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
