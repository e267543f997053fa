/*
 * The two INI readers: what each makes of a text, and that they never differ.
 */
#include "config/config_ini.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/str.h"

typedef void parse_fn(
    const char *text, size_t n, const struct config_ini_sink *sink);

/* The readers this build has. */
static parse_fn *const readers[] = {
    config_ini_parse_own,
#ifdef WITH_INIH
    config_ini_parse_inih,
#endif
};

/* ---- what a reader found, as a text -------------------------------------- */

static void
note_section(void *arg, unsigned line, const char *name)
{
	str_addf(arg, "%u[%s]\n", line, name);
}

static void
note_item(void *arg, const struct config_ini_item *item)
{
	struct str *out = arg;
	str_addf(out, "%u %s.%s=", item->line, item->section, item->key);
	for (const char *p = item->value; *p != '\0'; p++)
		str_addc(out, *p == '\n' ? '|' : *p);
	str_addc(out, '\n');
}

static void
note_bad_line(void *arg, unsigned line, const char *what)
{
	str_addf(arg, "%u! %s\n", line, what);
}

static void
transcribe(struct str *out, parse_fn *parse, const char *text, size_t n)
{
	struct config_ini_sink sink = {.section = note_section,
	    .item = note_item,
	    .bad_line = note_bad_line,
	    .arg = out};
	str_clear(out);
	parse(text, n, &sink);
}

/* ---- texts ----------------------------------------------------------------
 */

#define NO_VALUE                                                               \
	"! the line begins with a blank, but there is no value above it "      \
	"that it could continue\n"
#define NO_LINE "! the line is neither '[section]' nor 'key = value'\n"
#define NO_KEY                                                                 \
	"! what stands before the '=' is no key's name (letters, digits, "     \
	"'_', '-' and '.')\n"
#define NO_SECTION                                                             \
	"! this is no section's name (letters, digits, '_', '-' and '.'); "    \
	"what stands below it is not checked\n"
#define NO_BRACKET                                                             \
	"! the section's name has no ']' behind it; what stands below it is "  \
	"not checked\n"
#define NO_TEXT "! the line holds a NUL byte; this is no text file\n"
#define UTF16 "1! the file is UTF-16; save it as UTF-8\n"
#define X16 "xxxxxxxxxxxxxxxx"
#define X48 X16 X16 X16

struct ini_case {
	const char *text;
	size_t n; /* 0: up to the NUL */
	const char *expected;
};

static const struct ini_case cases[] = {
    {"", 0, ""},
    {"x", 0, "1" NO_LINE},
    {"\n\n  \n\t\n", 0, ""},
    {"[s]\na=1\n", 0, "1[s]\n2 s.a=1\n"},
    {"[s]\na=1", 0, "1[s]\n2 s.a=1\n"},
    {"a=1\n", 0, "1 .a=1\n"},
    {"[s]\n\ta = 1 \nb", 0, "1[s]\n2" NO_VALUE "3" NO_LINE},
    {"[ s ] ; why\n a:1", 0, "1[s]\n2" NO_VALUE},
    {"[s]#x\n", 0, "1[s]\n"},
    {"[s] x\na=1\n[t]\nb=2\n", 0,
	"1! only a comment may stand behind a section's ']'\n3[t]\n4 t.b=2\n"},
    {"[s\na=1\nb\n c\n[t]\nb=2", 0, "1" NO_BRACKET "5[t]\n6 t.b=2\n"},
    {"[]\na=1", 0, "1" NO_SECTION},
    {"[a b]\n", 0, "1" NO_SECTION},
    {"[a\xC3\xA9]\n", 0, "1" NO_SECTION},
    {"[" X48 "]\n", 0, "1[" X48 "]\n"},
    {"[" X48 "x]\n", 0, "1" NO_SECTION},
    {"[s]\na : 1\nb = c = d\nc==\n", 0,
	"1[s]\n2 s.a=1\n3 s.b=c = d\n4 s.c==\n"},
    {"[s]\n" X48 " = 1\n" X48 "x = 1\n", 0, "1[s]\n2 s." X48 "=1\n3" NO_KEY},
    {"[s]\n= 1\n : 1\n", 0, "1[s]\n2" NO_KEY},
    {"[s]\na b = 1\n 2\nc=3\n", 0, "1[s]\n2" NO_KEY "4 s.c=3\n"},
    {"[s]\n\xFF = 1\n", 0, "1[s]\n2" NO_KEY},
    {"[s]\na;b = 1\n", 0, "1[s]\n2" NO_KEY},
    {"[s]\na =\nb = \n", 0, "1[s]\n2 s.a=\n3 s.b=\n"},
    /* nothing begins a comment inside a value */
    {"[s]\na = b ;c\nd = e#f #g\n;h\n  # i\n#j = k", 0,
	"1[s]\n2 s.a=b ;c\n3 s.d=e#f #g\n"},
    {"[s]\na = [b]\n", 0, "1[s]\n2 s.a=[b]\n"},
    {"[s]\na = \xFF\xFE\n", 0, "1[s]\n2 s.a=\xFF\xFE\n"},
    /* continued values */
    {"[s]\na =\n b\n\tc \nd = e\n", 0, "1[s]\n2 s.a=|b|c\n5 s.d=e\n"},
    {"[s]\na = b\n\n ; x\n [c]\n  \n d = e\n\n", 0,
	"1[s]\n2 s.a=b|||[c]||d = e\n"},
    {"[s]\na = b\n[t]\n c\n", 0, "1[s]\n2 s.a=b\n3[t]\n4" NO_VALUE},
    {"[s]\na = b\nc\n d\n e\nf = g\n h", 0,
	"1[s]\n2 s.a=b\n3" NO_LINE "6 s.f=g|h\n"},
    {" a\n b\n c = d\ne = f", 0, "1" NO_VALUE "4 .e=f\n"},
    /* line ends, and a mark in front */
    {"\xEF\xBB\xBF[s]\r\na = 1\r\n b\r\n", 0, "1[s]\n2 s.a=1|b\n"},
    {"[s]\ra=1\rb=2", 0, "1[s]\n2 s.a=1\n3 s.b=2\n"},
    {"\xEF\xBB\xBF", 0, ""},
    {"\xEF\xBB", 0, "1" NO_LINE},
    {"a=1\n\xEF\xBB\xBF"
     "b=2",
	0, "1 .a=1\n2" NO_KEY},
    /* what is no text */
    {"\0", 1, "1" NO_TEXT},
    {"\0\0\0\0\n\0", 6, "1" NO_TEXT "2" NO_TEXT},
    {"[s]\na = b\0"
     "c\n d\ne = f\n",
	20, "1[s]\n2" NO_TEXT "4 s.e=f\n"},
    {"[s]\na = b\n \0\n d\ne = f\n", 21,
	"1[s]\n3" NO_TEXT "2 s.a=b\n5 s.e=f\n"},
    {"\xFF\xFE[\0s\0]\0", 8, UTF16},
    {"\xFE\xFF\0[\0s\0]", 8, UTF16},
    {"[\0s\0]\0", 6, UTF16},
    {"\0[\0s\0]", 6, UTF16},
};

static void
test_config_ini__texts(void **state)
{
	UNUSED(state);
	struct str got = STR_INIT;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct ini_case *c = &cases[i];
		size_t n = c->n > 0 ? c->n : strlen(c->text);
		for (size_t k = 0; k < COUNT_OF(readers); k++) {
			transcribe(&got, readers[k], c->text, n);
			if (strcmp(got.p, c->expected) != 0)
				fail_msg("case %zu, reader %zu:\n%s\nnot\n%s",
				    i, k, got.p, c->expected);
		}
	}
	str_free(&got);
}

static void
test_config_ini__long_values_are_whole(void **state)
{
	UNUSED(state);
	enum { LENGTH = 1000000 };
	struct str text = STR_INIT, got = STR_INIT;
	str_add(&text, "[s]\na = ");
	for (int i = 0; i < LENGTH; i++)
		str_addc(&text, (char)('a' + i % 26));
	str_add(&text, " ;end\nb = 2\n ");
	for (int i = 0; i < LENGTH; i++)
		str_addc(&text, (char)('a' + i % 25));
	for (size_t k = 0; k < COUNT_OF(readers); k++) {
		transcribe(&got, readers[k], text.p, text.len);
		/* "1[s]\n" + "2 s.a=…\n" + "3 s.b=2|…\n" */
		assert_int_equal(
		    got.len, 5 + 6 + LENGTH + 5 + 1 + 6 + 2 + LENGTH + 1);
		assert_memory_equal(got.p + 11, text.p + 8, LENGTH + 5);
	}
	str_free(&text);
	str_free(&got);
}

/* ---- agreement ------------------------------------------------------------
 */

#ifdef WITH_INIH
/* The same numbers on every run and system. */
static unsigned
next_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005U + 1442695040888963407U;
	return (unsigned)(*seed >> 33);
}

static void
add_random_text(struct str *out, uint64_t *seed)
{
	static const char *const pieces[] = {"[", "]", "=", ":", ";", "#", " ",
	    "\t", "\n", "\n", "\n", "\r", "\r\n", "a", "key", "[s]\n", "[t]\n",
	    "k = v\n", " more\n", "\\", "\"", "\xFF", "\xEF\xBB\xBF", "+", " ;",
	    " #", X48, X48 X48 X48 X48 X48, "\x01", "!", ".", "\n "};
	unsigned n = next_random(seed) % 24;
	for (unsigned i = 0; i < n; i++)
		str_add(out, pieces[next_random(seed) % COUNT_OF(pieces)]);
	if (next_random(seed) % 16 == 0)
		str_addc(out, '\0');
}

static void
test_config_ini__readers_agree(void **state)
{
	UNUSED(state);
	uint64_t seed = 1;
	struct str text = STR_INIT, own = STR_INIT, inih = STR_INIT;
	for (int i = 0; i < 50000; i++) {
		str_clear(&text);
		add_random_text(&text, &seed);
		transcribe(&own, config_ini_parse_own, text.p, text.len);
		transcribe(&inih, config_ini_parse_inih, text.p, text.len);
		if (strcmp(own.p, inih.p) != 0)
			fail_msg("'%s':\n%s\nand\n%s", text.p, own.p, inih.p);
	}
	str_free(&text);
	str_free(&own);
	str_free(&inih);
}
#endif

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_config_ini__texts),
	    cmocka_unit_test(test_config_ini__long_values_are_whole),
#ifdef WITH_INIH
	    cmocka_unit_test(test_config_ini__readers_agree),
#endif
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
