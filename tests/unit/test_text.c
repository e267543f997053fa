#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/num.h"
#include "base/text.h"
#include "base/utf8.h"

typedef void text_fn(struct str *out, const char *s, size_t n);

struct example {
	const char *in;
	const char *want;
};

static void
check(text_fn *write, const struct example *cases, size_t count)
{
	struct str out = STR_INIT;
	for (size_t i = 0; i < count; i++) {
		str_set(&out, ">");
		write(&out, cases[i].in, strlen(cases[i].in));
		assert_string_equal(out.p + 1, cases[i].want);
	}
	str_free(&out);
}

static void
test_text__show(void **state)
{
	(void)state;
	static const struct example cases[] = {
	    {"", ""},
	    {"plain name.txt", "plain name.txt"},
	    {"C:\\Users\\x", "C:\\Users\\x"},
	    {"quo\"te", "quo\"te"},
	    {"\xC3\xA9t\xC3\xA9 \xE6\x97\xA5",
		"\xC3\xA9t\xC3\xA9 \xE6\x97\xA5"},
	    {"a\nb", "a\\nb"},
	    {"a\tb\rc\x1B[31m", "a\\tb\\rc\\e[31m"},
	    {"\x01\x7F", "\\x01\\x7F"},
	    {"back\\slash\n", "back\\\\slash\\n"},
	    {"\\x41", "\\x41"},
	    {"bad\xFF\xC3 ", "bad\\xFF\\xC3 "},
	    {"cut\xF0\x9F\x98", "cut\\xF0\\x9F\\x98"},
	    {"\xED\xA0\x80", "\\xED\\xA0\\x80"},
	    {"c1 \xC2\x85 \xC2\x9B", "c1 \\u{85} \\u{9B}"},
	    {"\xC2\xA0", "\xC2\xA0"},
	    {"\xC2\xAD", "\\u{AD}"},
	    {"\xD8\x9C", "\\u{61C}"},
	    {"x\xE2\x80\x8By", "x\\u{200B}y"},
	    {"\xE2\x80\x8E\xE2\x80\x8F", "\\u{200E}\\u{200F}"},
	    {"\xE2\x80\xA8\xE2\x80\xA9", "\\u{2028}\\u{2029}"},
	    {"\xE2\x80\xAA\xE2\x80\xAE", "\\u{202A}\\u{202E}"},
	    {"\xE2\x80\xAF", "\xE2\x80\xAF"},
	    {"\xE2\x81\xA6\xE2\x81\xA9", "\\u{2066}\\u{2069}"},
	    {"\xEF\xBB\xBF", "\\u{FEFF}"},
	    {"\xF3\xA0\x80\x81\xF3\xA0\x81\xBF", "\\u{E0001}\\u{E007F}"},
	};
	check(text_show, cases, COUNT_OF(cases));
	struct str out = STR_INIT;
	text_show(&out, "a\0b", 3);
	assert_string_equal(out.p, "a\\x00b");
	str_free(&out);
}

#define ZWNJ "\xE2\x80\x8C"
#define ZWJ "\xE2\x80\x8D"
#define VS16 "\xEF\xB8\x8F"
#define MAN "\xF0\x9F\x91\xA8"
#define LAPTOP "\xF0\x9F\x92\xBB"
#define HEART "\xE2\x9D\xA4"
#define FIRE "\xF0\x9F\x94\xA5"
#define IVS "\xF3\xA0\x84\x80"

static void
test_text__joiners(void **state)
{
	(void)state;
	static const struct example cases[] = {
	    {MAN ZWJ LAPTOP, MAN ZWJ LAPTOP},
	    {HEART VS16 ZWJ FIRE, HEART VS16 ZWJ FIRE},
	    {"\xD9\x85\xDB\x8C" ZWNJ "\xD8\xAE",
		"\xD9\x85\xDB\x8C" ZWNJ "\xD8\xAE"},
	    {"\xE8\x91\x9B" IVS, "\xE8\x91\x9B" IVS},
	    {"a" ZWJ "b", "a\\u{200D}b"},
	    {"a" VS16, "a\\u{FE0F}"},
	    {ZWJ MAN, "\\u{200D}" MAN},
	    {MAN ZWJ, MAN "\\u{200D}"},
	    {MAN ZWJ "x", MAN "\\u{200D}x"},
	    {MAN ZWJ ZWJ MAN, MAN "\\u{200D}\\u{200D}" MAN},
	    {MAN VS16 VS16, MAN VS16 "\\u{FE0F}"},
	    {MAN ZWJ VS16, MAN "\\u{200D}\\u{FE0F}"},
	    {MAN ZWJ "\xFF", MAN "\\u{200D}\\xFF"},
	    {MAN ZWJ "\xE2\x80\xAE", MAN "\\u{200D}\\u{202E}"},
	    {"\xE2\x80\xAE" VS16, "\\u{202E}\\u{FE0F}"},
	    {MAN "x" VS16, MAN "x\\u{FE0F}"},
	};
	check(text_show, cases, COUNT_OF(cases));
}

static void
test_text__message(void **state)
{
	(void)state;
	static const struct example cases[] = {
	    {"one\ntwo\n", "one\ntwo\n"},
	    {"C:\\x\nnext", "C:\\x\nnext"},
	    {"one\r\ntwo\\", "one\\r\ntwo\\\\"},
	    {"\x1B[2J\n", "\\e[2J\n"},
	};
	check(text_message, cases, COUNT_OF(cases));
}

static void
test_text__quote(void **state)
{
	(void)state;
	static const struct example cases[] = {
	    {"", "\"\""},
	    {"a/b-c_d.e:f+1@2,3~4%5", "a/b-c_d.e:f+1@2,3~4%5"},
	    {"two words", "\"two words\""},
	    {"a=b", "\"a=b\""},
	    {"say \"hi\"", "\"say \\\"hi\\\"\""},
	    {"C:\\x", "\"C:\\\\x\""},
	    {"\"", "\"\\\"\""},
	    {"a\nlevel=ERROR", "\"a\\nlevel=ERROR\""},
	    {"\xC3\xA9", "\"\xC3\xA9\""},
	    {"\xFF", "\"\\xFF\""},
	    {"\xE2\x80\xAE", "\"\\u{202E}\""},
	};
	check(text_quote, cases, COUNT_OF(cases));
	struct str out = STR_INIT;
	text_quote(&out, "a\0", 2);
	assert_string_equal(out.p, "\"a\\x00\"");
	str_free(&out);
}

static void
test_text__json(void **state)
{
	(void)state;
	static const struct example cases[] = {
	    {"", "\"\""},
	    {"a/b c", "\"a/b c\""},
	    {"\"\\", "\"\\\"\\\\\""},
	    {"\n\t\x01\x1F\x7F", "\"\\u000A\\u0009\\u0001\\u001F\\u007F\""},
	    {"\xC2\x80\xC2\x9F", "\"\\u0080\\u009F\""},
	    {"\xE2\x80\xA8\xE2\x80\xAE", "\"\\u2028\\u202E\""},
	    {"\xF3\xA0\x80\x81", "\"\\uDB40\\uDC01\""},
	    {"\xF3\xA0\x9F\xBF", "\"\\uDB41\\uDFFF\""},
	    {"\xC3\xA9\xF0\x9F\x98\x80", "\"\xC3\xA9\xF0\x9F\x98\x80\""},
	    {"a\xFF\xF0\x9F\x98z", "\"a\xEF\xBF\xBD\xEF\xBF\xBDz\""},
	};
	check(text_json, cases, COUNT_OF(cases));
}

/* Everything that must never come out, by code point. */
static bool
is_harmful(int32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x61C ||
	    cp == 0x200E || cp == 0x200F || (cp >= 0x2028 && cp <= 0x202E) ||
	    (cp >= 0x2066 && cp <= 0x2069) || cp == 0xFEFF ||
	    (cp >= 0xE0000 && cp <= 0xE007F);
}

static void
check_harmless(const struct str *s)
{
	for (size_t at = 0; at < s->len;) {
		int32_t cp;
		at += utf8_next(s->p + at, s->len - at, &cp);
		if (is_harmful(cp))
			fail_msg("U+%04X came through", (unsigned)cp);
	}
}

static void
check_properties(const char *s, size_t n)
{
	struct str once = STR_INIT;
	struct str twice = STR_INIT;
	text_show(&once, s, n);
	check_harmless(&once);
	text_show(&twice, once.p, once.len);
	assert_string_equal(once.p, twice.p);
	size_t full = text_width(once.p, once.len);
	for (size_t width = 0; width < full + 2; width++) {
		str_clear(&twice);
		text_fit(&twice, s, n, width);
		check_harmless(&twice);
		assert_true(text_width(twice.p, twice.len) <= width);
		if (width >= full)
			assert_string_equal(once.p, twice.p);
	}
	str_clear(&twice);
	text_quote(&twice, s, n);
	check_harmless(&twice);
	str_clear(&twice);
	text_json(&twice, s, n);
	check_harmless(&twice);
	str_free(&once);
	str_free(&twice);
}

static uint32_t
next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* Text that is mostly trouble: bytes, and characters from bad ranges. */
static size_t
random_text(uint32_t *seed, char *buf, size_t size)
{
	static const int32_t from[] = {0, ' ', 'A', '\\', 0x80, 0x300, 0x61C,
	    0x200A, 0x2028, 0x2060, 0x4E00, 0xFE00, 0xFEF8, 0x1F468, 0xE0000,
	    0xE0100};
	size_t len = next_random(seed) % (size - 4);
	size_t at = 0;
	while (at < len) {
		uint32_t r = next_random(seed);
		if (r % 7 == 0)
			buf[at++] = (char)(r >> 8);
		else
			at += utf8_put(buf + at,
			    from[r % COUNT_OF(from)] + (int32_t)(r >> 8 & 7));
	}
	return at;
}

static void
test_text__properties(void **state)
{
	(void)state;
	char buf[64];
	for (int32_t cp = 0; cp <= 0x10FFFF; cp++) {
		struct str out = STR_INIT;
		size_t n = utf8_put(buf, cp);
		text_show(&out, buf, n);
		check_harmless(&out);
		str_free(&out);
	}
	uint32_t seed = 12345;
	for (int i = 0; i < 3000; i++)
		check_properties(buf, random_text(&seed, buf, sizeof(buf)));
}

#ifdef PYTHON
static void
write_pair(FILE *f, const char *bytes, size_t n)
{
	struct str line = STR_INIT;
	num_hex(&line, bytes, n);
	str_addc(&line, ' ');
	text_json(&line, bytes, n);
	str_addc(&line, '\n');
	assert_int_equal(fwrite(line.p, 1, line.len, f), line.len);
	str_free(&line);
}
#endif

/* What another decoder makes of the JSON must be what went in. */
static void
test_text__json_elsewhere(void **state)
{
	(void)state;
#ifdef PYTHON
	FILE *f = fopen("test_text.json", "wb");
	assert_non_null(f);
	char buf[64];
	for (int32_t cp = 0; cp <= 0x1FFFF; cp++)
		write_pair(f, buf, utf8_put(buf, cp));
	for (int32_t cp = 0xE0000; cp <= 0xE1000; cp++)
		write_pair(f, buf, utf8_put(buf, cp));
	uint32_t seed = 54321;
	for (int i = 0; i < 20000; i++)
		write_pair(f, buf, random_text(&seed, buf, sizeof(buf)));
	assert_int_equal(fclose(f), 0);
	int rc = system("\"" PYTHON "\" \"" CHECK_JSON "\" test_text.json");
	remove("test_text.json");
	assert_int_equal(rc, 0);
#else
	skip();
#endif
}

static void
test_text__width(void **state)
{
	(void)state;
	static const struct {
		const char *s;
		size_t want;
	} cases[] = {
	    {"", 0},
	    {"abc", 3},
	    {"\xC3\xA9", 1},
	    {"e\xCC\x81", 1},
	    {"\xE6\x97\xA5\xE6\x9C\xAC", 4},
	    {"\xF0\x9F\x98\x80!", 3},
	    {"\xFF", 1},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(
		    text_width(cases[i].s, strlen(cases[i].s)), cases[i].want);
}

#define DOTS "\xE2\x80\xA6"

static void
test_text__fit(void **state)
{
	(void)state;
	static const struct {
		const char *s;
		size_t width;
		const char *want;
	} cases[] = {
	    {"short", 5, "short"},
	    {"longer", 5, "lo" DOTS "er"},
	    {"longer", 4, "l" DOTS "er"},
	    {"longer", 1, DOTS},
	    {"longer", 0, ""},
	    {"a/directory/of/names/file.txt", 15, "a/direc" DOTS "ile.txt"},
	    /* An escape is kept whole or left out. */
	    {"ab\ncdefgh", 7, "ab" DOTS "fgh"},
	    {"ab\ncdefgh", 9, "ab\\n" DOTS "efgh"},
	    {"a\\b\ncdefgh", 9, "a\\\\b" DOTS "efgh"},
	    /* So is a wide character, and a mark stays with its letter. */
	    {"\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E", 5,
		"\xE6\x97\xA5" DOTS "\xE8\xAA\x9E"},
	    {"\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E", 4, DOTS "\xE8\xAA\x9E"},
	    {"xe\xCC\x81yzwvu", 5, "xe\xCC\x81" DOTS "vu"},
	    {"xye\xCC\x81zwvu", 5, "xy" DOTS "vu"},
	    {"xyzwe\xCC\x81u", 3, "x" DOTS "u"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str out = STR_INIT;
		text_fit(&out, cases[i].s, strlen(cases[i].s), cases[i].width);
		assert_string_equal(out.p, cases[i].want);
		str_free(&out);
	}
}

static void
test_text__nearest(void **state)
{
	(void)state;
	static const char *const names[] = {"status", "sync", "push", "pull",
	    "plan", "conflict.policy",
	    "a-name-much-longer-than-any-word-that-people-type", "log", "up",
	    NULL};
	static const struct {
		const char *word;
		const char *want;
	} cases[] = {
	    {"status", "status"},
	    {"STATUS", "status"},
	    {"statsu", "status"},
	    {"stauts", "status"},
	    {"sttus", "status"},
	    {"sstatus", "status"},
	    {"stat", "status"},
	    {"snyc", "sync"},
	    {"pul", "pull"},
	    {"lgo", "log"},
	    {"plna", "plan"},
	    {"conflict.polcy", "conflict.policy"},
	    {"conf", "conflict.policy"},
	    {"doctor", NULL},
	    {"p", NULL},
	    {"", NULL},
	    {"xyz", NULL},
	    {"a-name-much-longer-than-any-word-that-people-typ", NULL},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *got = text_nearest(cases[i].word, names);
		if (cases[i].want == NULL)
			assert_null(got);
		else
			assert_string_equal(got, cases[i].want);
	}
	static const char *const none[] = {NULL};
	assert_null(text_nearest("status", none));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_text__show),
	    cmocka_unit_test(test_text__joiners),
	    cmocka_unit_test(test_text__message),
	    cmocka_unit_test(test_text__quote),
	    cmocka_unit_test(test_text__json),
	    cmocka_unit_test(test_text__properties),
	    cmocka_unit_test(test_text__json_elsewhere),
	    cmocka_unit_test(test_text__width),
	    cmocka_unit_test(test_text__fit),
	    cmocka_unit_test(test_text__nearest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
