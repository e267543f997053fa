/*
 * What of the Windows half is pure: names, paths, command lines.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "platform/plat_env.h"
#include "platform/win32/plat_win32.h"
#include "platform/win32/quote.h"
#include "platform/win32/wide.h"

/* ---- WTF-8 --------------------------------------------------------------- */

static void
test_wide__there_and_back(void **state)
{
	(void)state;
	static const struct {
		const char *narrow;
		const wchar_t *wide;
	} cases[] = {
	    {"", L""},
	    {"a/b", L"a/b"},
	    {"\xC3\xBC", L"\x00FC"},
	    {"\xE6\x97\xA5", L"\x65E5"},
	    {"\xF0\x9F\x98\x80", L"\xD83D\xDE00"},
	    {"\xF4\x8F\xBF\xBF", L"\xDBFF\xDFFF"},
	    {"\xED\xA0\xBD", L"\xD83D"},                   /* a high half */
	    {"\xED\xB8\x80x", L"\xDE00x"},                 /* a low half */
	    {"\xED\xB8\x80\xED\xA0\xBD", L"\xDE00\xD83D"}, /* wrong order */
	    {"\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF",
		L"\x7F\x80\x7FF\x800\xFFFF"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str back = STR_INIT;
		wchar_t *w =
		    wide_from(cases[i].narrow, strlen(cases[i].narrow));
		assert_non_null(w);
		assert_int_equal(wcscmp(w, cases[i].wide), 0);
		wide_to(&back, w, wcslen(w));
		assert_string_equal(back.p, cases[i].narrow);
		free(w);
		str_free(&back);
	}
}

static void
test_wide__refuses(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t n;
	} cases[] = {
	    {"a\0b", 3},                       /* NUL */
	    {"\x80", 1},                       /* stray */
	    {"\xC3", 1},                       /* cut off */
	    {"\xC3(", 2},                      /* not continued */
	    {"\xC0\x80", 2},                   /* overlong */
	    {"\xE0\x9F\xBF", 3},               /* overlong */
	    {"\xF0\x8F\xBF\xBF", 4},           /* overlong */
	    {"\xF4\x90\x80\x80", 4},           /* beyond U+10FFFF */
	    {"\xF8\x88\x80\x80\x80", 5},       /* five bytes */
	    {"\xFF", 1},                       /* never */
	    {"\xED\xA0\xBD\xED\xB8\x80", 6},   /* halves spelled apart */
	    {"x\xED\xA0\xBD\xED\xB8\x80y", 8}, /* the same inside */
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_null(wide_from(cases[i].bytes, cases[i].n));
}

static void
test_wide__every_unit_survives(void **state)
{
	(void)state;
	for (uint32_t unit = 1; unit <= 0xFFFF; unit++) {
		struct str s = STR_INIT;
		const wchar_t w[] = {L'<', (wchar_t)unit, L'>', L'\0'};
		wide_to(&s, w, 3);
		wchar_t *back = wide_from(s.p, s.len);
		assert_non_null(back);
		assert_int_equal(wcscmp(back, w), 0);
		free(back);
		str_free(&s);
	}
}

static void
test_wide__join(void **state)
{
	(void)state;
	wchar_t *w = wide_join(L"a", L"", L"bc");
	assert_int_equal(wcscmp(w, L"abc"), 0);
	free(w);
}

/* ---- names --------------------------------------------------------------- */

static void
test_win32_name__allowed(void **state)
{
	(void)state;
	static const struct {
		const wchar_t *name;
		bool allowed;
	} cases[] = {
	    {L"a", true},
	    {L".a", true},
	    {L" a", true},
	    {L"a.b", true},
	    {L"CONSOLE", true},
	    {L"COM", true},
	    {L"COM10", true},
	    {L"LPT", true},
	    {L"nulls.txt", true},
	    {L"a.nul", true},
	    {L"~$a", true},
	    {L"", false},
	    {L".", false},
	    {L"..", false},
	    {L"...", false},
	    {L"a.", false},
	    {L"a ", false},
	    {L" ", false},
	    {L"a:b", false},
	    {L"a/b", false},
	    {L"a\\b", false},
	    {L"a\"", false},
	    {L"<", false},
	    {L">", false},
	    {L"a|b", false},
	    {L"a?", false},
	    {L"*", false},
	    {L"a\tb", false},
	    {L"\x1F", false},
	    {L"con", false},
	    {L"Prn.txt", false},
	    {L"AUX.a.b", false},
	    {L"nul .txt", false},
	    {L"NUL", false},
	    {L"COM0", false},
	    {L"com1", false},
	    {L"COM9.log", false},
	    {L"LPT\x00B9", false},
	    {L"lpt\x00B2.x", false},
	    {L"COM\x00B3", false},
	    {L"CONIN$", false},
	    {L"conout$.x", false},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const wchar_t *name = cases[i].name;
		if (win32_name_allowed(name, wcslen(name)) != cases[i].allowed)
			fail_msg("case %u: '%ls'", (unsigned)i, name);
	}
}

/* ---- paths --------------------------------------------------------------- */

static void
test_win32_path__in_full(void **state)
{
	(void)state;
	static const struct {
		const char *native;
		const wchar_t *full;
		const char *shown;
	} cases[] = {
	    {"C:/", L"\\\\?\\C:\\", "C:/"},
	    {"c:\\a", L"\\\\?\\C:\\a", "C:/a"},
	    {"C:/a//b/./c/", L"\\\\?\\C:\\a\\b\\c", "C:/a/b/c"},
	    {"C:/a/../b", L"\\\\?\\C:\\b", "C:/b"},
	    {"C:/a/b/..", L"\\\\?\\C:\\a", "C:/a"},
	    {"C:/../..", L"\\\\?\\C:\\", "C:/"},
	    {"C:/a./b ", L"\\\\?\\C:\\a.\\b ", "C:/a./b "},
	    {"C:/nul", L"\\\\?\\C:\\nul", "C:/nul"},
	    {"//host/share", L"\\\\?\\UNC\\host\\share\\", "//host/share/"},
	    {"\\\\host\\share\\a\\..\\b", L"\\\\?\\UNC\\host\\share\\b",
		"//host/share/b"},
	    {"//host/share/../..", L"\\\\?\\UNC\\host\\share\\",
		"//host/share/"},
	    {"\\\\?\\C:\\a\\b", L"\\\\?\\C:\\a\\b", "C:/a/b"},
	    {"//?/UNC/host/share/a", L"\\\\?\\UNC\\host\\share\\a",
		"//host/share/a"},
	    {"//?/Volume{12}/a", L"\\\\?\\Volume{12}\\a", "//?/Volume{12}/a"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct err e;
		struct str shown = STR_INIT;
		wchar_t *full = win32_path(cases[i].native, &e);
		assert_non_null(full);
		if (wcscmp(full, cases[i].full) != 0)
			fail_msg("%s: %ls", cases[i].native, full);
		win32_path_show(&shown, full);
		assert_string_equal(shown.p, cases[i].shown);
		free(full);
		str_free(&shown);
	}
}

static void
test_win32_path__refuses(void **state)
{
	(void)state;
	static const struct {
		const char *native;
		enum err_code code;
	} cases[] = {
	    {"", ERR_NOTFOUND},
	    {"a\xFF", ERR_NAME},
	    {"//./C:/a", ERR_TYPE},
	    {"\\\\.\\pipe\\x", ERR_TYPE},
	    {"//host", ERR_TYPE},
	    {"//host/", ERR_TYPE},
	    {"//host/pipe/x", ERR_TYPE},
	    {"//host/Mailslot/x", ERR_TYPE},
	    {"//?/GLOBALROOT/Device", ERR_TYPE},
	    {"//?/pipe/x", ERR_TYPE},
	    {"//?/UNC/./pipe/x", ERR_TYPE},
	    {"//?/C:a", ERR_TYPE},
	    {"///a", ERR_TYPE},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct err e;
		assert_null(win32_path(cases[i].native, &e));
		if (e.code != cases[i].code)
			fail_msg("'%s': %d", cases[i].native, (int)e.code);
	}
}

/* Against the current directory, drives included. */
static void
test_win32_path__relative(void **state)
{
	(void)state;
	struct str here = STR_INIT, got = STR_INIT, in = STR_INIT;
	struct err e;
	assert_int_equal(plat_absolute(&here, ".", &e), 0);
	assert_int_equal(here.p[1], ':');
	static const char *const parts[] = {"a", "./a", "b/../a", "a/"};
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		str_clear(&got);
		assert_int_equal(plat_absolute(&got, parts[i], &e), 0);
		assert_memory_equal(got.p, here.p, here.len);
		assert_string_equal(got.p + here.len, "/a");
	}
	/* "X:a" is relative to where we are on that drive. */
	str_addf(&in, "%c:a", here.p[0]);
	str_clear(&got);
	assert_int_equal(plat_absolute(&got, in.p, &e), 0);
	assert_memory_equal(got.p, here.p, here.len);
	assert_string_equal(got.p + here.len, "/a");
	/* "\a" is at the root of our drive. */
	str_clear(&got);
	assert_int_equal(plat_absolute(&got, "\\a", &e), 0);
	assert_int_equal(got.p[0], here.p[0]);
	assert_string_equal(got.p + 1, ":/a");
	str_free(&here);
	str_free(&got);
	str_free(&in);
}

static void
test_plat_env__is_absolute(void **state)
{
	(void)state;
	static const char *const yes[] = {
	    "C:/", "c:\\a", "//h/s", "\\\\h\\s", "\\/h"};
	static const char *const no[] = {
	    "", "a", "/a", "\\a", "C:", "C:a", "1:/a", "\xC3:/"};
	for (size_t i = 0; i < COUNT_OF(yes); i++)
		assert_true(plat_is_absolute(yes[i]));
	for (size_t i = 0; i < COUNT_OF(no); i++)
		assert_false(plat_is_absolute(no[i]));
}

/* ---- command lines ------------------------------------------------------- */

static void
test_quote__argument(void **state)
{
	(void)state;
	static const struct {
		const char *arg, *line;
	} cases[] = {
	    {"", " \"\""},
	    {"a", " a"},
	    {"a b", " \"a b\""},
	    {"a\"b", " \"a\\\"b\""},
	    {"a\\b", " a\\b"},
	    {"a b\\", " \"a b\\\\\""},
	    {"a\\\"b", " \"a\\\\\\\"b\""},
	    {"\\\\h\\s p\\\\", " \"\\\\h\\s p\\\\\\\\\""},
	    {"\t", " \"\t\""},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str line = STR_INIT;
		quote_argument(&line, cases[i].arg);
		assert_string_equal(line.p, cases[i].line);
		str_free(&line);
	}
}

static void
test_quote__batch(void **state)
{
	(void)state;
	static const struct {
		const char *arg, *line; /* NULL: refused */
	} cases[] = {
	    {"", " \"\""},
	    {"a&b|c<d>e^f(g)!h;i,j=k", " \"a&b|c<d>e^f(g)!h;i,j=k\""},
	    {"a\\", " \"a\\\\\""},
	    {"a\"b", NULL},
	    {"%PATH%", NULL},
	    {"a\nb", NULL},
	    {"a\rb", NULL},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str line = STR_INIT;
		bool good = quote_batch(&line, cases[i].arg);
		assert_int_equal(good, cases[i].line != NULL);
		assert_string_equal(line.p, good ? cases[i].line : "");
		str_free(&line);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_wide__there_and_back),
	    cmocka_unit_test(test_wide__refuses),
	    cmocka_unit_test(test_wide__every_unit_survives),
	    cmocka_unit_test(test_wide__join),
	    cmocka_unit_test(test_win32_name__allowed),
	    cmocka_unit_test(test_win32_path__in_full),
	    cmocka_unit_test(test_win32_path__refuses),
	    cmocka_unit_test(test_win32_path__relative),
	    cmocka_unit_test(test_plat_env__is_absolute),
	    cmocka_unit_test(test_quote__argument),
	    cmocka_unit_test(test_quote__batch),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
