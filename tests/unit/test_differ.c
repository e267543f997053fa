#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/mem.h"
#include "cli/resolve/differ.h"
#include "support/screen.h"

/* ---- a terminal of our own making ---------------------------------------- */

static struct differ_text
text(const char *s)
{
	return (struct differ_text){s, strlen(s)};
}

/* ---- tests --------------------------------------------------------------- */

static void
test_differ__shown(void **state)
{
	static const struct {
		const char *a, *b, *want;
	} cases[] = {
	    {"", "", ""},
	    {"x\n", "x\n", ""},
	    {"", "x\n", "+ x\n"},
	    {"x\n", "", "- x\n"},
	    {"a\nb\nc\n", "a\nB\nc\n", "  a\n- b\n+ B\n  c\n"},
	    {"a\nb\n", "b\n", "- a\n  b\n"},
	    {"b\n", "a\nb\n", "+ a\n  b\n"},
	    {"a\n", "a\nb\n", "  a\n+ b\n"},
	    {"x", "x\n", "- x\n  (no line break at its end)\n+ x\n"},
	    {"a\nb\nc\na\nb\nb\na\n", "c\nb\na\nb\na\nc\n",
		"- a\n- b\n  c\n+ b\n  a\n  b\n- b\n  a\n+ c\n"},
	    {"1\n2\n3\n4\n5\n6\n7\n8\n9\nx\n", "1\n2\n3\n4\n5\n6\n7\n8\n9\ny\n",
		"@ line 7\n  7\n  8\n  9\n- x\n+ y\n"},
	    {"x\n1\n2\n3\n4\n5\n6\n7\n8\n9\n", "y\n1\n2\n3\n4\n5\n6\n7\n8\n9\n",
		"- x\n+ y\n  1\n  2\n  3\n"},
	    {"x\n1\n2\n3\n4\n5\n6\n7\ny\n", "1\n2\n3\n4\n5\n6\n7\nz\n",
		"- x\n  1\n  2\n  3\n@ line 6\n  5\n  6\n  7\n- y\n+ z\n"},
	    {"x\n1\n2\n3\n4\n5\n6\ny\n", "1\n2\n3\n4\n5\n6\nz\n",
		"- x\n  1\n  2\n  3\n  4\n  5\n  6\n- y\n+ z\n"},
	    {"\033[2J\n", "\x7f\r\n", "- \\e[2J\n+ \\x7F\\r\n"},
	};
	UNUSED(state);
	screen.columns = 0;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct out o;
		out_init(&o, PLAT_STDOUT, OUT_COLOR_NEVER);
		assert_true(
		    differ_show(&o, text(cases[i].a), text(cases[i].b)));
		assert_string_equal(o.buf.p, cases[i].want);
		out_free(&o);
	}
}

/* Whatever is shown leads from the one to the other. */
static void
assert_leads(const char *a, const char *b)
{
	struct out o;
	struct str left = STR_INIT, right = STR_INIT;
	out_init(&o, PLAT_STDOUT, OUT_COLOR_NEVER);
	assert_true(differ_show(&o, text(a), text(b)));
	for (const char *p = o.buf.p; *p != '\0';) {
		size_t n = strcspn(p, "\n") + 1;
		if (*p != '+')
			str_addn(&left, p + 2, n - 2);
		if (*p != '-')
			str_addn(&right, p + 2, n - 2);
		p += n;
	}
	assert_string_equal(left.p, a);
	assert_string_equal(right.p, b);
	str_free(&left);
	str_free(&right);
	out_free(&o);
}

/* Every pair of texts of up to four lines, each of two kinds: short enough
   for nothing to be left out. */
static void
test_differ__every_small_pair(void **state)
{
	char texts[31][9];
	size_t n = 0;
	UNUSED(state);
	screen.columns = 0;
	for (size_t len = 0; len <= 4; len++) {
		for (size_t bits = 0; bits < (size_t)1 << len; bits++) {
			char *t = texts[n++];
			for (size_t i = 0; i < len; i++) {
				t[2 * i] = (bits >> i) & 1 ? 'b' : 'a';
				t[2 * i + 1] = '\n';
			}
			t[2 * len] = '\0';
		}
	}
	assert_int_equal(n, COUNT_OF(texts));
	for (size_t a = 0; a < n; a++)
		for (size_t b = 0; b < n; b++)
			if (a != b)
				assert_leads(texts[a], texts[b]);
}

static void
test_differ__no_texts(void **state)
{
	static char large[DIFFER_BYTES_MAX + 1];
	UNUSED(state);
	memset(large, 'x', sizeof(large));
	const struct differ_text not [] = {{"a\0b", 3}, {"a\xff", 2},
	    {large, sizeof(large)}, {"\xed\xa0\x80", 3}};
	struct out o;
	out_init(&o, PLAT_STDOUT, OUT_COLOR_NEVER);
	for (size_t i = 0; i < COUNT_OF(not ); i++) {
		assert_false(differ_is_text(not [i]));
		assert_false(differ_show(&o, not [i], text("a")));
		assert_false(differ_show(&o, text("a"), not [i]));
	}
	assert_true(
	    differ_is_text((struct differ_text){large, DIFFER_BYTES_MAX}));
	assert_string_equal(o.buf.p, "");
	out_free(&o);
}

static void
add_lines(struct str *out, size_t n, size_t step, char mark)
{
	for (size_t i = 0; i < n; i++)
		str_addf(out, "%zu%c\n", i, i % step == 0 ? mark : '.');
}

/* So many edits help nobody, and would cost time and memory. */
static void
test_differ__too_different(void **state)
{
	struct str a = STR_INIT, b = STR_INIT;
	struct out o;
	UNUSED(state);
	screen.columns = 0;
	out_init(&o, PLAT_STDOUT, OUT_COLOR_NEVER);
	add_lines(&a, 501, 1, '-');
	add_lines(&b, 501, 1, '+');
	assert_false(differ_show(&o, text(a.p), text(b.p)));
	assert_string_equal(o.buf.p, "");
	str_clear(&a);
	str_clear(&b);
	add_lines(&a, 500, 1, '-');
	add_lines(&b, 500, 1, '+');
	assert_true(differ_show(&o, text(a.p), text(b.p)));
	str_clear(&o.buf);
	str_clear(&a);
	str_clear(&b);
	for (size_t i = 0; i < 50001; i++)
		str_add(&a, "\n");
	assert_false(differ_show(&o, text(a.p), text(b.p)));
	assert_false(differ_show(&o, text(b.p), text(a.p)));
	out_free(&o);
	str_free(&a);
	str_free(&b);
}

static void
test_differ__long_lines_are_cut(void **state)
{
	static const struct {
		int columns;
		size_t want;
	} cases[] = {{40, 40}, {0, 202}};
	char line[1000];
	UNUSED(state);
	memset(line, 'x', sizeof(line));
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct out o;
		screen.columns = cases[i].columns;
		out_init(&o, PLAT_STDOUT, OUT_COLOR_NEVER);
		assert_true(differ_show(
		    &o, text(""), (struct differ_text){line, sizeof(line)}));
		/* "…" takes three bytes */
		assert_int_equal(strcspn(o.buf.p, "\n"), cases[i].want + 2);
		out_free(&o);
	}
}

static void
test_differ__first(void **state)
{
	static const struct {
		const char *a, *b;
		size_t want;
	} cases[] = {{"", "", 0}, {"a", "", 0}, {"", "a", 0}, {"ab", "ac", 1},
	    {"ab", "ab", 2}, {"ab", "abc", 2}, {"abc", "ab", 2}};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(
		    differ_first(text(cases[i].a), text(cases[i].b)),
		    cases[i].want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_differ__shown),
	    cmocka_unit_test(test_differ__every_small_pair),
	    cmocka_unit_test(test_differ__no_texts),
	    cmocka_unit_test(test_differ__too_different),
	    cmocka_unit_test(test_differ__long_lines_are_cut),
	    cmocka_unit_test(test_differ__first),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
