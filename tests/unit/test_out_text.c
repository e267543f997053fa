#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/mem.h"
#include "cli/out/out_text.h"

/* ---- a terminal of our own making --------------------------------------- */

static struct {
	bool terminal, colors;
	int width;
	const char *no_color; /* the variable; NULL when unset */
	bool broken;          /* writing fails */
	int writes;
	struct str written;
} fake;

bool
plat_is_terminal(enum plat_stream s)
{
	UNUSED(s);
	return fake.terminal;
}

bool
plat_terminal_color(enum plat_stream s)
{
	UNUSED(s);
	return fake.colors;
}

int
plat_terminal_width(enum plat_stream s)
{
	UNUSED(s);
	return fake.width;
}

char *
plat_getenv(const char *name)
{
	assert_string_equal(name, "NO_COLOR");
	return fake.no_color != NULL ? mem_string(fake.no_color) : NULL;
}

int
plat_out(enum plat_stream s, const void *bytes, size_t n, struct err *e)
{
	assert_int_equal(s, PLAT_STDOUT);
	fake.writes++;
	if (fake.broken)
		return err_set(e, ERR_NOSPACE, "write %d", fake.writes);
	str_addn(&fake.written, bytes, n);
	return 0;
}

static int
reset(void **state)
{
	UNUSED(state);
	str_free(&fake.written);
	memset(&fake, 0, sizeof(fake));
	fake.written = STR_INIT;
	return 0;
}

/* ---- tests --------------------------------------------------------------- */

static void
test_out_text__when_there_is_color(void **state)
{
	static const struct {
		int color;
		bool terminal, able;
		const char *no_color;
		bool want;
	} cases[] = {
	    {0, true, true, NULL, true},
	    {0, true, false, NULL, false},
	    {0, false, true, NULL, false},
	    {0, true, true, "1", false},
	    {0, true, true, "", true},
	    {OUT_COLOR_AUTO, true, true, NULL, true},
	    {OUT_COLOR_AUTO, true, true, "1", false},
	    {OUT_COLOR_ALWAYS, false, false, "1", true},
	    {OUT_COLOR_NEVER, true, true, NULL, false},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		reset(state);
		fake.terminal = cases[i].terminal;
		fake.colors = cases[i].able;
		fake.no_color = cases[i].no_color;
		struct out o;
		out_init(&o, PLAT_STDOUT, cases[i].color);
		assert_int_equal(o.color, cases[i].want);
		out_free(&o);
	}
}

static void
test_out_text__widths(void **state)
{
	static const struct {
		int terminal;
		size_t width, help;
	} cases[] = {
	    {0, 0, 80},
	    {40, 40, 40},
	    {80, 80, 80},
	    {300, 300, 100},
	    {3, 20, 20},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		reset(state);
		fake.width = cases[i].terminal;
		struct out o;
		out_init(&o, PLAT_STDOUT, 0);
		assert_int_equal(o.width, cases[i].width);
		assert_int_equal(out_help_width(&o), cases[i].help);
		out_free(&o);
	}
}

static void
test_out_text__styles_and_escapes(void **state)
{
	static const struct {
		enum out_style style;
		const char *text, *plain, *colored;
	} cases[] = {
	    {OUT_PLAIN, "a", "a", "a"},
	    {OUT_STRONG, "a", "a", "\033[1ma\033[0m"},
	    {OUT_FAINT, "a", "a", "\033[2ma\033[0m"},
	    {OUT_GOOD, "a", "a", "\033[32ma\033[0m"},
	    {OUT_WARN, "a", "a", "\033[33ma\033[0m"},
	    {OUT_BAD, "a", "a", "\033[1;31ma\033[0m"},
	    {OUT_BAD, "\033[2J", "\\e[2J", "\033[1;31m\\e[2J\033[0m"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		for (int color = 0; color < 2; color++) {
			reset(state);
			struct out o;
			struct err e;
			out_init(&o, PLAT_STDOUT,
			    color ? OUT_COLOR_ALWAYS : OUT_COLOR_NEVER);
			out_style(&o, cases[i].style, "%s", cases[i].text);
			assert_int_equal(out_flush(&o, &e), 0);
			assert_string_equal(fake.written.p,
			    color ? cases[i].colored : cases[i].plain);
			out_free(&o);
		}
	}
}

static void
test_out_text__lines(void **state)
{
	UNUSED(state);
	struct out o;
	struct err e;
	out_init(&o, PLAT_STDOUT, 0);
	out_line(&o, "%d files in '%s'", 3, "a\rb");
	out_add(&o, "as it is\033\n");
	assert_int_equal(fake.writes, 0);
	assert_int_equal(out_flush(&o, &e), 0);
	assert_string_equal(
	    fake.written.p, "3 files in 'a\\rb'\nas it is\033\n");
	/* Nothing new: nothing is written. */
	assert_int_equal(out_flush(&o, &e), 0);
	assert_int_equal(fake.writes, 1);
	out_free(&o);
}

static void
test_out_text__much_is_written_in_pieces(void **state)
{
	UNUSED(state);
	struct out o;
	struct err e;
	size_t total = 0;
	out_init(&o, PLAT_STDOUT, 0);
	while (total < 200 * 1000) {
		out_line(&o, "line of a long list");
		total += strlen("line of a long list\n");
		assert_true(o.buf.len < 70 * 1000);
	}
	assert_int_equal(out_flush(&o, &e), 0);
	assert_int_equal(fake.written.len, total);
	assert_int_equal(fake.writes, 4);
	out_free(&o);
}

static void
test_out_text__the_first_failure_stays(void **state)
{
	UNUSED(state);
	struct out o;
	struct err e;
	out_init(&o, PLAT_STDOUT, 0);
	fake.broken = true;
	out_add(&o, "lost");
	assert_int_equal(out_flush(&o, &e), -1);
	fake.broken = false;
	out_add(&o, "too late");
	assert_int_equal(out_flush(&o, &e), -1);
	assert_int_equal(e.code, ERR_NOSPACE);
	assert_string_equal(e.frame[0], "write 1");
	assert_int_equal(fake.writes, 1);
	assert_int_equal(fake.written.len, 0);
	out_free(&o);
}

enum { MAX_CELLS = 10 };

static const struct out_column plain[] = {{.title = NULL}, {.title = NULL}};
static const struct out_column titled[] = {
    {.title = "NAME", .fits = true}, {.title = "SIZE", .right = true}};
static const struct out_column number_first[] = {
    {.title = NULL, .right = true}, {.title = NULL}};
static const struct out_column both_fit[] = {
    {.title = NULL, .fits = true}, {.title = NULL, .fits = true}};

static void
test_out_text__tables(void **state)
{
	static const struct {
		const struct out_column *columns;
		int width;
		const char *cells[MAX_CELLS];
		const char *want;
	} cases[] = {
	    {plain, 0, {NULL}, ""},
	    {plain, 0, {"a", "1", "long", "2"}, "a     1\nlong  2\n"},
	    /* No line ends in blanks. */
	    {plain, 0, {"a", "", "", "2"}, "a\n   2\n"},
	    /* A row that is not whole is left out. */
	    {plain, 0, {"a", "1", "b"}, "a  1\n"},
	    {titled, 0, {"a", "5", "b", "12345"},
		"NAME   SIZE\na         5\nb     12345\n"},
	    {titled, 0, {NULL}, "NAME  SIZE\n"},
	    /* Escapes, wide characters and composed ones take their room. */
	    {plain, 0, {"a\nb", "1", "日本", "2", "e\xcc\x81", "3"},
		"a\\nb  1\n日本  2\ne\xcc\x81     3\n"},
	    {number_first, 0, {"5", "a", "123", "b"}, "  5  a\n123  b\n"},
	    {both_fit, 0, {"directory/of/some/name", "123"},
		"directory/of/some/name  123\n"},
	    /* Only where there is a terminal, and only what gives way. */
	    {titled, 20, {"directory/of/some/name", "123"},
		"NAME            SIZE\ndirect…me/name   123\n"},
	    {plain, 20, {"directory/of/some/name", "123"},
		"directory/of/some/name  123\n"},
	    {both_fit, 20, {"0123456789012345", "0123456789"},
		"012…2345  0123456789\n"},
	    {both_fit, 20, {"01234567890123456789", "abcdefghijklmnop"},
		"012…6789  abcd…lmnop\n"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		reset(state);
		fake.width = cases[i].width;
		struct out o;
		struct out_table t;
		struct err e;
		out_init(&o, PLAT_STDOUT, 0);
		out_table_init(&t, cases[i].columns, 2);
		for (size_t c = 0; cases[i].cells[c] != NULL; c++)
			out_table_cell(&t, cases[i].cells[c]);
		out_table_print(&o, &t);
		assert_int_equal(t.cells.n, 0);
		assert_int_equal(out_flush(&o, &e), 0);
		assert_string_equal(fake.written.p, cases[i].want);
		out_free(&o);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_out_text__when_there_is_color, reset, reset),
	    cmocka_unit_test_setup_teardown(
		test_out_text__widths, reset, reset),
	    cmocka_unit_test_setup_teardown(
		test_out_text__styles_and_escapes, reset, reset),
	    cmocka_unit_test_setup_teardown(test_out_text__lines, reset, reset),
	    cmocka_unit_test_setup_teardown(
		test_out_text__much_is_written_in_pieces, reset, reset),
	    cmocka_unit_test_setup_teardown(
		test_out_text__the_first_failure_stays, reset, reset),
	    cmocka_unit_test_setup_teardown(
		test_out_text__tables, reset, reset),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
