#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "cli/out/wrap.h"

static void
test_wrap__text(void **state)
{
	static const struct {
		const char *text;
		size_t indent, width;
		const char *want;
	} cases[] = {
	    {"", 0, 10, ""},
	    {"one", 0, 10, "one\n"},
	    {"one two three", 0, 7, "one two\nthree\n"},
	    {"one two three", 0, 6, "one\ntwo\nthree\n"},
	    {"one two", 2, 80, "  one two\n"},
	    {"one two", 2, 8, "  one\n  two\n"},
	    {"incomprehensible a", 0, 6, "incomprehensible\na\n"},
	    {"a incomprehensible", 0, 6, "a\nincomprehensible\n"},
	    {"one\n\ntwo", 0, 10, "one\n\ntwo\n"},
	    {"one\n\ntwo", 2, 10, "  one\n\n  two\n"},
	    {"one\n", 0, 10, "one\n"},
	    {"see:\n  a b c\nend", 1, 7, " see:\n   a b\n   c\n end\n"},
	    /* Columns, not bytes. */
	    {"äöü äöü", 0, 7, "äöü äöü\n"},
	    {"äöü äöü", 0, 6, "äöü\näöü\n"},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str out = STR_INIT;
		wrap_text(&out, cases[i].text, cases[i].indent, cases[i].width);
		assert_string_equal(out.p, cases[i].want);
		str_free(&out);
	}
}

static void
test_wrap__pair(void **state)
{
	static const struct {
		const char *left, *right;
		size_t column, width;
		const char *want;
	} cases[] = {
	    {"-x", "do it", 4, 80, "-x  do it\n"},
	    {"-x", "do it", 6, 80, "-x    do it\n"},
	    {"-xy", "do it", 4, 80, "-xy\n    do it\n"},
	    {"-x", "do it now", 4, 9, "-x  do it\n    now\n"},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str out = STR_INIT;
		wrap_pair(&out, cases[i].left, cases[i].right, cases[i].column,
		    cases[i].width);
		assert_string_equal(out.p, cases[i].want);
		str_free(&out);
	}
}

static void
test_wrap__behind(void **state)
{
	static const struct {
		const char *text;
		size_t at, indent, width;
		const char *want;
	} cases[] = {
	    {"", 6, 2, 10, "\n"},
	    {"one two", 6, 2, 20, "one two\n"},
	    {"one two", 6, 2, 12, "one\n  two\n"},
	    {"one two three", 6, 2, 13, "one two\n  three\n"},
	    /* The first word is where the caller has brought us. */
	    {"incomprehensible a", 6, 2, 10, "incomprehensible\n  a\n"},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str out = STR_INIT;
		wrap_behind(&out, cases[i].text, cases[i].at, cases[i].indent,
		    cases[i].width);
		assert_string_equal(out.p, cases[i].want);
		str_free(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_wrap__text),
	    cmocka_unit_test(test_wrap__pair),
	    cmocka_unit_test(test_wrap__behind),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
