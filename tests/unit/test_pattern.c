#include "model/filter/pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/str.h"

/* *expected* is the name with the match between '<' and '>'; NULL: none. */
struct find_case {
	const char *pattern, *name, *expected;
};

static const struct find_case finds[] = {
    {"a", "a", "<a>"},
    {"a", "bab", "b<a>b"},
    {"a", "", NULL},
    {"^", "ab", "<>ab"},
    {"$", "ab", "ab<>"},
    {"^$", "", "<>"},
    {"^$", "a", NULL},
    {"ab", "aab", "a<ab>"},
    {"^ab", "aab", NULL},
    {"ab$", "aba", NULL},
    {"ab$", "abab", "ab<ab>"},
    {".", "\xC3\xA9", "<\xC3\xA9>"},
    {"^.$", "\xFF", "<\xFF>"},
    {"^..$", "\xE2\x82", "<\xE2\x82>"},
    {"\xC3\xA9+", "x\xC3\xA9\xC3\xA9", "x<\xC3\xA9\xC3\xA9>"},
    {"a\\.b", "axb a.b", "axb <a.b>"},
    {"\\d", "ab7", "ab<7>"},
    {"[abc]+", "xxcabx", "xx<cab>x"},
    {"[^abc]+", "abxyb", "ab<xy>b"},
    {"[^a]", "\xFF", "<\xFF>"},
    {"[a-c0-9]+", "xb5d", "x<b5>d"},
    {"[\\d-]+", "a2024-01b", "a<2024-01>b"},
    {"[-a]+", "x-a-", "x<-a->"},
    {"[a-]+", "x-a-", "x<-a->"},
    {"[)\\]]", "a]", "a<]>"},
    {"[.]", "a.", "a<.>"},
    {"a*", "baa", "<>baa"},
    {"a+", "baab", "b<aa>b"},
    {"ab?c", "ac abc", "<ac> abc"},
    {"a{3}", "aaaa", "<aaa>a"},
    {"a{2,}", "abaaaa", "ab<aaaa>"},
    {"a{0,}b", "aab", "<aab>"},
    {"a{1,2}", "aaa", "<aa>a"},
    {"^a{2,3}$", "aaaa", NULL},
    {"xa{0}y", "xy xay", "<xy> xay"},
    {"(ab){2}", "ababab", "<abab>ab"},
    {"(ab)*c", "xababc", "x<ababc>"},
    {"a|b|cd", "xcd", "x<cd>"},
    {"(a|ab)(c|bcd)", "abcd", "<abcd>"},
    {"|a", "ba", "<>ba"},
    {"(a|)b", "b ab", "<b> ab"},
    {"^(a|b)$", "b", "<b>"},
    {"(^a|b)c", "bc", "<bc>"},
    {"(a*)*b", "aab", "<aab>"},
    {"(a|b*)*c", "abbac", "<abbac>"},
    {"()+c?", "ab", "<>ab"},
    {"(){2}a(){3,}", "ba", "b<a>"},
    {"((a))((b|c){2})", "abc", "<abc>"},
    {"x(|y){3}z", "xyyz", "<xyyz>"},
    {" \\(.*conflicted copy.*\\)", "a (Bob's conflicted copy 1).txt",
	"a< (Bob's conflicted copy 1)>.txt"},
    {"\\.sync-conflict-\\d{8}-\\d{6}-[A-Z2-7]{7}",
	"n.sync-conflict-20260101-101010-ABCDEF2.md",
	"n<.sync-conflict-20260101-101010-ABCDEF2>.md"},
    {"\\.sync-conflict-\\d{8}-\\d{6}-[A-Z2-7]{7}",
	"n.sync-conflict-20260101-101010-ABCDEF9.md", NULL},
    {" \\(conflict( #\\d+)?_on_[\\d-]+(_was_deleted)?\\)",
	"a (conflict #2_on_2026-01-02_was_deleted).c",
	"a< (conflict #2_on_2026-01-02_was_deleted)>.c"},
    {" [(\\[]conflicted[)\\]]", "a [conflicted]", "a< [conflicted]>"},
    {" \\d{1,2}$", "notes 12", "notes< 12>"},
};

static void
test_pattern__finds(void **state)
{
	UNUSED(state);
	struct str got = STR_INIT;
	for (size_t i = 0; i < COUNT_OF(finds); i++) {
		const struct find_case *c = &finds[i];
		struct pattern p;
		size_t n = strlen(c->name), from = 99, to = 99;
		const char *why = "";
		if (pattern_compile(
			&p, c->pattern, strlen(c->pattern), false, &why) != 0)
			fail_msg("%s: %s", c->pattern, why);
		bool found = pattern_find(&p, c->name, n, &from, &to);
		str_clear(&got);
		if (found)
			str_addf(&got, "%.*s<%.*s>%s", (int)from, c->name,
			    (int)(to - from), c->name + from, c->name + to);
		if (found != (c->expected != NULL) ||
		    (found && strcmp(got.p, c->expected) != 0))
			fail_msg("%s on %s: '%s'", c->pattern, c->name, got.p);
		assert_int_equal(
		    pattern_find(&p, c->name, n, NULL, NULL), found);
		pattern_free(&p);
	}
	str_free(&got);
}

static void
test_pattern__folds_case(void **state)
{
	UNUSED(state);
	static const struct {
		const char *pattern, *name;
		bool plain, folded;
	} cases[] = {
	    {"Case", "cASE", false, true},
	    {"[a-c]", "B", false, true},
	    {"[A-C]", "b", false, true},
	    {"^[^a]$", "A", true, false},
	    {"1", "1", true, true},
	    {"\xC3\xA9", "\xC3\x89", false, false},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		for (int fold = 0; fold < 2; fold++) {
			struct pattern p;
			const char *why;
			const char *name = cases[i].name;
			assert_int_equal(
			    pattern_compile(&p, cases[i].pattern,
				strlen(cases[i].pattern), fold == 1, &why),
			    0);
			assert_int_equal(
			    pattern_find(&p, name, strlen(name), NULL, NULL),
			    fold ? cases[i].folded : cases[i].plain);
			pattern_free(&p);
		}
	}
}

static void
test_pattern__refuses(void **state)
{
	UNUSED(state);
	static const char *const cases[][2] = {
	    {"", "it is empty"},
	    {"*", "there is nothing to repeat"},
	    {"a|*", "there is nothing to repeat"},
	    {"(+)", "there is nothing to repeat"},
	    {"^*", "there is nothing to repeat"},
	    {"{2}", "there is nothing to repeat"},
	    {"a**", "a repetition is repeated"},
	    {"a+?", "a repetition is repeated"},
	    {"a{2}{3}", "a repetition is repeated"},
	    {"(a", "a '(' has no ')'"},
	    {"(a|b", "a '(' has no ')'"},
	    {"a)", "a ')' has no '('"},
	    {"[a", "a '[' has no ']'"},
	    {"[a\\]", "a '[' has no ']'"},
	    {"[]", "[] is empty"},
	    {"[^]", "[] is empty"},
	    {"[b-a]", "a range in [ ] runs backwards"},
	    {"[a-\\d]", "a range in [ ] runs backwards"},
	    {"a]", "write \\] or \\} for the character itself"},
	    {"a}", "write \\] or \\} for the character itself"},
	    {"a\\", "nothing stands behind the last '\\'"},
	    {"[\\", "nothing stands behind the last '\\'"},
	    {"\\w", "only \\d and \\ before punctuation are known"},
	    {"[\\n]", "only \\d and \\ before punctuation are known"},
	    {"[a-\\w]", "only \\d and \\ before punctuation are known"},
	    {"\xFF", "it is not UTF-8"},
	    {"[\xFF]", "it is not UTF-8"},
	    {"(a{999}){999}", "it is too large"},
	};
	static const char *const braces[] = {"a{", "a{}", "a{,2}", "a{2",
	    "a{2,1}", "a{1001}", "a{1,1001}", "a{x}", "a{1,2,3}", "a{-1}",
	    "a{99999999999999999999}"};
	struct pattern p;
	const char *why;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		why = "";
		assert_int_equal(pattern_compile(&p, cases[i][0],
				     strlen(cases[i][0]), false, &why),
		    -1);
		assert_string_equal(why, cases[i][1]);
		assert_null(p.ops);
	}
	for (size_t i = 0; i < COUNT_OF(braces); i++) {
		why = "";
		assert_int_equal(pattern_compile(&p, braces[i],
				     strlen(braces[i]), false, &why),
		    -1);
		assert_string_equal(why,
		    "{ } takes one or two numbers up to 1000, the smaller "
		    "one first");
	}
	assert_int_equal(pattern_compile(&p, "a\0b", 3, false, &why), -1);
	assert_string_equal(why, "it holds a NUL byte");
}

/* What grows without end is refused, not run out of stack or memory on. */
static void
test_pattern__is_bounded(void **state)
{
	UNUSED(state);
	static const char *const pieces[] = {
	    "(", "a|", "[a-z]", "a", "(a|", "[", "((a{2}){2}", "a{500}"};
	struct str text = STR_INIT;
	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		struct pattern p;
		const char *why = NULL;
		str_clear(&text);
		for (int k = 0; k < 100000; k++)
			str_add(&text, pieces[i]);
		assert_int_equal(
		    pattern_compile(&p, text.p, text.len, false, &why), -1);
		assert_non_null(why);
	}
	str_free(&text);
}

/* The patterns that make a backtracking matcher take for ever. */
static void
test_pattern__is_linear(void **state)
{
	UNUSED(state);
	static const char *const patterns[] = {
	    "(a*)*b", "(a|a)*b", "(a|aa)+$b", "(.*)*(.*)*b", "a{0,900}b"};
	struct str name = STR_INIT;
	for (int i = 0; i < 10000; i++)
		str_addc(&name, 'a');
	for (size_t i = 0; i < COUNT_OF(patterns); i++) {
		struct pattern p;
		const char *why;
		assert_int_equal(pattern_compile(&p, patterns[i],
				     strlen(patterns[i]), false, &why),
		    0);
		assert_false(pattern_find(&p, name.p, name.len, NULL, NULL));
		pattern_free(&p);
	}
	str_free(&name);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_pattern__finds),
	    cmocka_unit_test(test_pattern__folds_case),
	    cmocka_unit_test(test_pattern__refuses),
	    cmocka_unit_test(test_pattern__is_bounded),
	    cmocka_unit_test(test_pattern__is_linear),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
