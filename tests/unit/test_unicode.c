#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>
#include <utf8proc.h>

#include "base/compiler.h"
#include "base/unicode.h"
#include "base/utf8.h"

struct example {
	const char *in;
	const char *want;
};

static void
check(void (*write)(struct str *out, const char *s, size_t n),
    const struct example *cases, size_t count)
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
test_unicode__fold(void **state)
{
	(void)state;
	static const struct example cases[] = {
	    {"", ""},
	    {"ReadMe.TXT", "readme.txt"},
	    {"A/B/\xC3\x89", "a/b/\xC3\xA9"},
	    {"E\xCC\x81", "\xC3\xA9"},
	    {"\xCE\xA3\xCF\x83\xCF\x82", "\xCF\x83\xCF\x83\xCF\x83"},
	    {"\xE2\x84\xAA", "k"}, /* Kelvin */
	    {"\xC5\xBF", "s"},     /* long s */
	    /* One for one: nothing becomes two letters. */
	    {"Stra\xC3\x9F"
	     "e",
		"stra\xC3\x9F"
		"e"},
	    {"\xE1\xBA\x9E", "\xC3\x9F"},
	    {"\xEF\xAC\x81", "\xEF\xAC\x81"}, /* the ligature fi */
	    /* Dotted and dotless i are no i. */
	    {"\xC4\xB0", "i\xCC\x87"},
	    {"\xC4\xB1", "\xC4\xB1"},
	    /* Greek with iota subscript, composed and not. */
	    {"\xE1\xBE\x88", "\xE1\xBC\x80\xCE\xB9"},
	    {"\xE1\xBE\x80", "\xE1\xBC\x80\xCE\xB9"},
	    {"\xCE\x91\xCC\x93\xCD\x85", "\xE1\xBC\x80\xCE\xB9"},
	    {"\xF0\x90\x90\x80", "\xF0\x90\x90\xA8"}, /* Deseret */
	    /* What is no UTF-8 stays, and parts the text. */
	    {"A\xFF"
	     "B",
		"a\xFF"
		"b"},
	    {"E\xED\xA0\x80\xCC\x81", "e\xED\xA0\x80\xCC\x81"},
	};
	check(unicode_fold, cases, COUNT_OF(cases));
}

static void
test_unicode__nfc(void **state)
{
	(void)state;
	static const struct example cases[] = {
	    {"", ""},
	    {"Plain ASCII", "Plain ASCII"},
	    {"E\xCC\x81\xC3\x89", "\xC3\x89\xC3\x89"},
	    {"\xE2\x84\xAB", "\xC3\x85"}, /* Angstrom */
	    {"a\xCC\x96\xCC\x81", "\xC3\xA1\xCC\x96"},
	    {"a\xCC\x81\xCC\x96", "\xC3\xA1\xCC\x96"},
	    {"\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", "\xED\x95\x9C"},
	    {"\xEF\xAC\x81", "\xEF\xAC\x81"},
	    {"e\xFF\xCC\x81", "e\xFF\xCC\x81"},
	    {"\xF0\x9F", "\xF0\x9F"},
	};
	check(unicode_nfc, cases, COUNT_OF(cases));
	struct str out = STR_INIT;
	unicode_nfc(&out, "E\0\xC3\x89", 4);
	assert_int_equal(out.len, 4);
	assert_memory_equal(out.p, "E\0\xC3\x89", 5);
	str_free(&out);
}

/* For every character: spelling and case make no difference to the key, and
   the key is its own. */
static void
test_unicode__every_character(void **state)
{
	(void)state;
	struct str key = STR_INIT;
	struct str again = STR_INIT;
	struct str nfd = STR_INIT;
	for (int32_t cp = 1; cp <= 0x10FFFF; cp++) {
		if (cp >= 0xD800 && cp <= 0xDFFF)
			continue;
		char buf[5] = "";
		size_t n = utf8_put(buf, cp);
		str_clear(&key);
		unicode_fold(&key, buf, n);
		str_clear(&again);
		unicode_fold(&again, key.p, key.len);
		assert_string_equal(key.p, again.p);

		utf8proc_uint8_t *parts =
		    utf8proc_NFD((const utf8proc_uint8_t *)buf);
		str_set(&nfd, (const char *)parts);
		free(parts);
		str_clear(&again);
		unicode_fold(&again, nfd.p, nfd.len);
		assert_string_equal(key.p, again.p);

		str_clear(&again);
		unicode_nfc(&again, nfd.p, nfd.len);
		str_clear(&nfd);
		unicode_nfc(&nfd, buf, n);
		assert_string_equal(nfd.p, again.p);
	}
	str_free(&key);
	str_free(&again);
	str_free(&nfd);
}

/* Letters that are each other's other case share a key, but for those whose
   upper case is somebody else's too. */
static void
test_unicode__case_pairs(void **state)
{
	(void)state;
	struct str lower_key = STR_INIT;
	struct str upper_key = STR_INIT;
	for (int32_t cp = 1; cp <= 0x10FFFF; cp++) {
		int32_t lower = utf8proc_tolower(cp);
		if (lower == cp || utf8proc_toupper(lower) != cp)
			continue;
		char buf[4];
		str_clear(&upper_key);
		unicode_fold(&upper_key, buf, utf8_put(buf, cp));
		str_clear(&lower_key);
		unicode_fold(&lower_key, buf, utf8_put(buf, lower));
		if (strcmp(upper_key.p, lower_key.p) != 0)
			fail_msg("U+%04X", (unsigned)cp);
	}
	str_free(&lower_key);
	str_free(&upper_key);
}

/* Longer than any name: bounded, nothing lost, and the parts of a long path
   are normalised each for itself. */
static void
test_unicode__long_text(void **state)
{
	(void)state;
	struct str in = STR_INIT;
	struct str out = STR_INIT;
	for (int i = 0; i < 200000; i++)
		str_add(&in, i % 2 == 0 ? "\xCC\x81" : "\xCC\x96");
	unicode_fold(&out, in.p, in.len);
	assert_int_equal(out.len, in.len);
	str_clear(&in);
	str_clear(&out);
	for (int i = 0; i < 5000; i++)
		str_add(&in, "NAM\xC3\x89/e\xCC\x81/");
	unicode_fold(&out, in.p, in.len);
	assert_int_equal(out.len, 5000 * 9);
	for (int i = 0; i < 5000; i++)
		assert_memory_equal(out.p + i * 9, "nam\xC3\xA9/\xC3\xA9/", 9);
	str_free(&in);
	str_free(&out);
}

static void
test_unicode__width(void **state)
{
	(void)state;
	static const struct {
		int32_t cp;
		int want;
	} cases[] = {
	    {'a', 1},
	    {0xE9, 1},
	    {0x301, 0},
	    {0x200D, 0},
	    {0xFE0F, 0},
	    {0x4E00, 2},
	    {0x1F600, 2},
	    {0xFF21, 2},
	    {0xFFFD, 1},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(unicode_width(cases[i].cp), cases[i].want);
	for (int32_t cp = 0; cp <= 0x10FFFF; cp++) {
		int w = unicode_width(cp);
		assert_true(w >= 0 && w <= 2);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_unicode__fold),
	    cmocka_unit_test(test_unicode__nfc),
	    cmocka_unit_test(test_unicode__every_character),
	    cmocka_unit_test(test_unicode__case_pairs),
	    cmocka_unit_test(test_unicode__long_text),
	    cmocka_unit_test(test_unicode__width),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
