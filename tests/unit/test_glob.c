#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <time.h>

#include "base/compiler.h"
#include "base/glob.h"
#include "base/str.h"

/* A path that ends in '/' stands for a directory. */
static bool
matches(const struct glob *g, const char *path)
{
	size_t n = strlen(path);
	bool is_dir = n > 0 && path[n - 1] == '/';
	return glob_match(g, path, n - is_dir, is_dir);
}

static struct glob
parsed(const char *line)
{
	struct glob g;
	const char *why = NULL;
	int rc = glob_parse(&g, line, strlen(line), &why);
	if (rc != 0)
		fail_msg("'%s': %s", line, why != NULL ? why : "nothing");
	return g;
}

struct example {
	const char *pattern;
	const char *yes[8]; /* what matches, ended by NULL */
	const char *no[8];
};

static void
check(const struct example *cases, size_t count, bool fold)
{
	for (size_t i = 0; i < count; i++) {
		struct glob g = parsed(cases[i].pattern);
		g.fold_case = fold;
		for (const char *const *p = cases[i].yes; *p != NULL; p++)
			if (!matches(&g, *p))
				fail_msg("%s: %s", cases[i].pattern, *p);
		for (const char *const *p = cases[i].no; *p != NULL; p++)
			if (matches(&g, *p))
				fail_msg("%s: not %s", cases[i].pattern, *p);
		glob_free(&g);
	}
}

static void
test_glob__match(void **state)
{
	(void)state;
	static const struct example cases[] = {
	    {"a", {"a", "a/", "b/a", "b/c/a/"}, {"A", "ab", "a/b", ""}},
	    {"/a", {"a", "a/"}, {"b/a", "ab", "a/b"}},
	    {"a/", {"a/", "b/a/"}, {"a", "b/a", "a/b"}},
	    {"/a/", {"a/"}, {"a", "b/a/"}},
	    {"a/b", {"a/b", "a/b/"}, {"c/a/b", "b", "a/b/c"}},
	    {"a/b/", {"a/b/"}, {"a/b", "c/a/b/"}},
	    {"*", {"a", "a/b", ".x"}, {""}},
	    {"*.log", {"x.log", "a/x.log", ".log"}, {"log", "x.log1"}},
	    {"/*.log", {"x.log"}, {"a/x.log"}},
	    {"a/*", {"a/b", "a/.c"}, {"a", "a/b/c", "b/a/b"}},
	    {"a/*/c", {"a/b/c"}, {"a/c", "a/b/b/c"}},
	    {"a?c",
		{"abc", "x/a.c",
		    "a\xC3\xA9"
		    "c",
		    "a\xFF"
		    "c"},
		{"ac", "abbc", "a/c",
		    "a\xFF\xFE"
		    "c"}},
	    {"a*b*c", {"abc", "axbxc", "aabbcc", "abcbc"}, {"acb", "ab"}},
	    {"**", {"a", "a/b", "a/b/c/"}, {""}},
	    {"**/a", {"a", "b/a", "b/c/a/"}, {"ab", "a/b"}},
	    {"**/a/b", {"a/b", "x/a/b", "a/a/b"}, {"a/x/b", "a", "b"}},
	    {"a/**", {"a/b", "a/b/c"}, {"a", "a/", "b/a/b"}},
	    {"a/**/", {"a/b/", "a/b/c/"}, {"a/", "a/b"}},
	    {"a/**/b", {"a/b", "a/x/b", "a/x/y/b"}, {"a/bb", "ab", "a/x/y"}},
	    {"**/cache/**", {"cache/a", "x/cache/a", "x/y/cache/a/b"},
		{"cache", "cache/", "x/cache/", "xcache/a", "cachex/a"}},
	    {"a/**/b/**/c", {"a/b/c", "a/x/b/y/z/c", "a/b/b/c/c"},
		{"a/c/b", "a/b", "b/c"}},
	    {"/**", {"a", "a/b"}, {""}},
	    {"**/**/a", {"a", "b/a", "b/c/d/a"}, {"ab"}},
	    {"***/a", {"a", "b/c/a"}, {"b"}},
	    {"a**b", {"ab", "axxb", "c/axb"}, {"a/b"}},
	    {"a/x**y/b", {"a/xy/b", "a/x1y/b"}, {"a/x/y/b"}},
	    {"**a/b", {"a/b", "xa/b"}, {"y/xa/b", "a/c"}},
	    {"a\\/b", {"a/b"}, {"x/a/b", "a\\/b"}},
	};
	check(cases, COUNT_OF(cases), false);
}

static void
test_glob__brackets(void **state)
{
	(void)state;
	static const struct example cases[] = {
	    {"[abc]", {"a", "c", "x/b"}, {"d", "ab", "-"}},
	    {"[a-c]x", {"ax", "bx", "cx"}, {"dx", "-x"}},
	    {"[!a-c]", {"d", "-", "\xC3\xA9", "\xFF"}, {"a", "b", "dd"}},
	    {"[^ab]", {"c", "^"}, {"a", "b"}},
	    {"[!^a]", {"b"}, {"^", "a"}},
	    {"[]a]", {"]", "a"}, {"b", "[", "]a"}},
	    {"[!]a]", {"b"}, {"]", "a"}},
	    {"[a-]", {"a", "-"}, {"b"}},
	    {"[-a]", {"a", "-"}, {"b"}},
	    {"[--/]", {"-", "."}, {"0", "a"}},
	    {"[a-c-e]", {"b", "-", "e"}, {"d"}},
	    {"[c-a]", {"c"}, {"b", "a", "-"}},
	    {"[\\]\\\\]", {"]", "\\"}, {"["}},
	    {"[\\a-c]", {"b"}, {"\\", "-"}},
	    {"[a-\\c]", {"b"}, {"\\"}},
	    {"[[]", {"["}, {"]", "[["}},
	    {"[[:digit:]]", {"0", "9"}, {"a", ":", "d", "["}},
	    {"[[:alpha:][:digit:]_]", {"a", "Z", "5", "_"}, {"-", "\xC3\xA9"}},
	    {"[![:space:]]x", {"ax"}, {" x", "\tx"}},
	    {"[[:digit:]-z]", {"5", "-", "z"}, {"y"}},
	    {"[[:upper:]]", {"A"}, {"a"}},
	    {"[[:lower:]]", {"a"}, {"A"}},
	    {"[[:alnum:]]", {"a", "A", "0"}, {"_"}},
	    {"[[:xdigit:]]", {"f", "F", "9"}, {"g"}},
	    {"[[:punct:]]", {"!", "/x/_", "~", "[", "`"}, {"a", " "}},
	    {"[[:blank:]]", {" ", "\t"}, {"\n"}},
	    {"[[:cntrl:]]", {"\x01", "\x1F", "\x7F"}, {" "}},
	    {"[[:graph:]]", {"!", "~"}, {" ", "\x7F"}},
	    {"[[:print:]]", {" ", "~"}, {"\x1F"}},
	    {"[[:]", {"[", ":"}, {"]"}},
	    {"[[:-z]", {"[", ":", "b"}, {"-"}},
	    {"[[:digit]", {"[", "d", ":"}, {"0"}},
	    {"[\xC3\xA9]", {"\xC3\xA9"}, {"\xC3", "\xC3\xA8", "e"}},
	    {"[\xC3\xA0-\xC3\xA9]", {"\xC3\xA5"}, {"\xC3\xAA", "\xC3"}},
	    {"[\xF0-\xFF]", {"\xFE"}, {"\xE0", "\xC3\xB0"}},
	    {"a[b/c]d", {"abd", "acd"}, {"x/abd", "a/d"}},
	    {"a/[b/]/c", {"a/b/c"}, {"a///c", "a/c"}},
	};
	check(cases, COUNT_OF(cases), false);
}

static void
test_glob__escapes_and_marks(void **state)
{
	(void)state;
	static const struct example cases[] = {
	    {"\\#a", {"#a"}, {"a", "\\#a"}},
	    {"\\!a", {"!a"}, {"a"}},
	    {"a#b", {"a#b"}, {"a"}},
	    {" #a", {" #a"}, {"#a"}},
	    {"\\*", {"*"}, {"a", "\\*"}},
	    {"a\\?", {"a?"}, {"ab"}},
	    {"\\[a]", {"[a]"}, {"a"}},
	    {"\\\\", {"\\"}, {"\\\\"}},
	    {"\\\xC3\xA9", {"\xC3\xA9"}, {"\xC3"}},
	    {"a  ", {"a"}, {"a  "}},
	    {"a\\ ", {"a "}, {"a", "a\\ "}},
	    {"a\\  ", {"a "}, {"a  "}},
	    {"a\\ \\ ", {"a  "}, {"a "}},
	    {"a b ", {"a b"}, {"a b "}},
	    {"a\t", {"a\t"}, {"a"}},
	    {"a\r", {"a"}, {"a\r"}},
	    {"a  \r", {"a"}, {"a  "}},
	    {"a\r\r", {"a\r"}, {"a"}},
	    {"a/ ", {"a/"}, {"a"}},
	    {"a]b", {"a]b"}, {"ab"}},
	};
	check(cases, COUNT_OF(cases), false);
}

static void
test_glob__fold_case(void **state)
{
	(void)state;
	static const struct example cases[] = {
	    {"ReadMe", {"readme", "README", "a/rEADmE"}, {"readm"}},
	    {"[A-C]x", {"ax", "BX"}, {"dx"}},
	    {"[!a]", {"b", "B"}, {"a", "A"}},
	    {"[[:upper:]]", {"a", "A"}, {"1"}},
	    {"[[:lower:]]", {"a", "A"}, {"1"}},
	    {"[_]", {"_"}, {"\x7F", "?"}},
	    {"@", {"@"}, {"`"}},
	    {"\xC3\xA9", {"\xC3\xA9"}, {"\xC3\x89"}},
	    {"A/**/B", {"a/x/b", "A/b"}, {"a/x/c"}},
	};
	check(cases, COUNT_OF(cases), true);
}

static void
test_glob__parse(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		int rc;
		const char *pattern;
		bool negated, anchored, dirs_only;
	} cases[] = {
	    {"", 1, NULL, false, false, false},
	    {"   ", 1, NULL, false, false, false},
	    {"\r", 1, NULL, false, false, false},
	    {"# a", 1, NULL, false, false, false},
	    {"#", 1, NULL, false, false, false},
	    {"a", 0, "a", false, false, false},
	    {"!a", 0, "a", true, false, false},
	    {"!!a", 0, "!a", true, false, false},
	    {"!#a", 0, "#a", true, false, false},
	    {"/a/", 0, "a", false, true, true},
	    {"!/a/b/", 0, "a/b", true, true, true},
	    {"a\\/b", 0, "a/b", false, true, false},
	    {"[/]", 0, "[/]", false, true, false},
	    {"!", -1, NULL, false, false, false},
	    {"/", -1, NULL, false, false, false},
	    {"//", -1, NULL, false, false, false},
	    {"//a", -1, NULL, false, false, false},
	    {"a//", -1, NULL, false, false, false},
	    {"a//b", -1, NULL, false, false, false},
	    {".", -1, NULL, false, false, false},
	    {"./a", -1, NULL, false, false, false},
	    {"a/../b", -1, NULL, false, false, false},
	    {"a/..", -1, NULL, false, false, false},
	    {"...", 0, "...", false, false, false},
	    {"a/.b", 0, "a/.b", false, true, false},
	    {"a\\", -1, NULL, false, false, false},
	    {"a\\/", -1, NULL, false, false, false},
	    {"[", -1, NULL, false, false, false},
	    {"[]", -1, NULL, false, false, false},
	    {"[!]", -1, NULL, false, false, false},
	    {"[a", -1, NULL, false, false, false},
	    {"[a-", -1, NULL, false, false, false},
	    {"[a-\\", -1, NULL, false, false, false},
	    {"[a\\]", -1, NULL, false, false, false},
	    {"[[:nope:]]", -1, NULL, false, false, false},
	    {"[[::]]", -1, NULL, false, false, false},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct glob g;
		const char *why = NULL;
		const char *line = cases[i].line;
		int rc = glob_parse(&g, line, strlen(line), &why);
		if (rc != cases[i].rc)
			fail_msg("'%s' gives %d", line, rc);
		assert_int_equal(rc < 0, why != NULL);
		if (rc == 0) {
			assert_string_equal(g.pattern, cases[i].pattern);
			assert_int_equal(g.len, strlen(g.pattern));
			assert_int_equal(g.negated, cases[i].negated);
			assert_int_equal(g.anchored, cases[i].anchored);
			assert_int_equal(g.dirs_only, cases[i].dirs_only);
			assert_false(g.fold_case);
		} else {
			assert_null(g.pattern);
		}
		glob_free(&g);
		assert_null(g.pattern);
	}
	struct glob g;
	const char *why;
	assert_int_equal(glob_parse(&g, "a\0b", 3, &why), -1);
}

static void
test_glob__may_match_below(void **state)
{
	(void)state;
	static const struct example cases[] = {
	    {"a", {"", "x", "x/y"}, {NULL}},
	    {"/a", {""}, {"a", "b"}},
	    {"a/b", {"", "a"}, {"b", "a/b", "a/b/c", "aa"}},
	    {"a/*/c", {"", "a", "a/x"}, {"b", "a/x/c", "a/x/y"}},
	    {"a/**", {"", "a", "a/b", "a/b/c"}, {"b", "b/a"}},
	    {"**/a", {"", "a", "b", "b/c"}, {NULL}},
	    {"a/**/b", {"", "a", "a/x/y", "a/b"}, {"b"}},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct glob g = parsed(cases[i].pattern);
		for (const char *const *p = cases[i].yes; *p != NULL; p++)
			if (!glob_may_match_below(&g, *p, strlen(*p)))
				fail_msg("%s: %s", cases[i].pattern, *p);
		for (const char *const *p = cases[i].no; *p != NULL; p++)
			if (glob_may_match_below(&g, *p, strlen(*p)))
				fail_msg("%s: not %s", cases[i].pattern, *p);
		glob_free(&g);
	}
}

/*
 * The rules once more, in the plainest way: try everything. Takes what the
 * random patterns below are made of.
 */
static bool
plain_set(const char *set, char c)
{
	bool negated = set[1] == '!';
	set += negated ? 2 : 1;
	if (set[1] == '-')
		return (c >= set[0] && c <= set[2]) != negated;
	return (c == set[0] || c == set[1]) != negated;
}

static bool
plain_part(const char *p, const char *p_end, const char *t, const char *t_end)
{
	if (p == p_end)
		return t == t_end;
	if (*p == '*')
		return plain_part(p + 1, p_end, t, t_end) ||
		    (t < t_end && plain_part(p, p_end, t + 1, t_end));
	if (t == t_end)
		return false;
	if (*p == '[') {
		const char *close = strchr(p, ']');
		return plain_set(p, *t) &&
		    plain_part(close + 1, p_end, t + 1, t_end);
	}
	if (*p == '\\')
		p++;
	else if (*p == '?')
		return plain_part(p + 1, p_end, t + 1, t_end);
	return *p == *t && plain_part(p + 1, p_end, t + 1, t_end);
}

static const char *
part_end(const char *s)
{
	return s + strcspn(s, "/");
}

static bool
plain_parts(const char *p, const char *t)
{
	if (*p == '\0')
		return *t == '\0';
	const char *p_end = part_end(p);
	const char *t_end = part_end(t);
	const char *p_next = p_end + (*p_end == '/');
	const char *t_next = t_end + (*t_end == '/');
	size_t stars = strspn(p, "*");
	if (stars >= 2 && p + stars == p_end) {
		if (*p_end == '\0')
			return *t != '\0';
		return plain_parts(p_next, t) ||
		    (*t != '\0' && plain_parts(p, t_next));
	}
	return *t != '\0' && plain_part(p, p_end, t, t_end) &&
	    plain_parts(p_next, t_next);
}

static bool
plain_match(const char *line, const char *path)
{
	if (strchr(line, '/') != NULL)
		return plain_parts(line + (line[0] == '/'), path);
	const char *name = strrchr(path, '/');
	name = name != NULL ? name + 1 : path;
	return plain_part(line, line + strlen(line), name, part_end(name));
}

static uint32_t
next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed >> 3;
}

static void
random_string(struct str *out, uint32_t *seed, const char *const *pieces,
    size_t count, size_t max)
{
	str_clear(out);
	for (size_t n = 1 + next_random(seed) % max; n > 0; n--)
		str_add(out, pieces[next_random(seed) % count]);
}

static void
check_below(const struct glob *g, const char *path)
{
	for (size_t n = strlen(path) + 1; n-- > 0;) {
		if (n > 0 && path[n] != '/')
			continue;
		if (!glob_may_match_below(g, path, n))
			fail_msg("%s below %.*s", g->pattern, (int)n, path);
	}
}

static void
test_glob__agrees_with_plain(void **state)
{
	(void)state;
	static const char *const pattern_pieces[] = {"a", "b", "c", "a", "b",
	    "*", "*", "?", "/", "/", "**", "/**/", "[ab]", "[!a]", "[a-c]",
	    "\\a", "\\*", "\\[", "."};
	static const char *const path_pieces[] = {
	    "a", "b", "c", "a", "b", "/a", "/b", "/c", ".", "*", "["};
	struct str line = STR_INIT;
	struct str path = STR_INIT;
	uint32_t seed = 4711;
	unsigned hits = 0;
	for (int i = 0; i < 60000; i++) {
		struct glob g;
		const char *why;
		random_string(
		    &line, &seed, pattern_pieces, COUNT_OF(pattern_pieces), 9);
		if (line.p[line.len - 1] == '/' ||
		    glob_parse(&g, line.p, line.len, &why) != 0)
			continue;
		for (int k = 0; k < 8; k++) {
			random_string(&path, &seed, path_pieces,
			    COUNT_OF(path_pieces), 9);
			const char *p = path.p + (path.p[0] == '/');
			bool want = plain_match(line.p, p);
			if (glob_match(&g, p, strlen(p), false) != want)
				fail_msg("'%s' and '%s'", line.p, p);
			hits += want;
			if (want && strrchr(p, '/') != NULL) {
				str_cut(
				    &path, (size_t)(strrchr(p, '/') - path.p));
				check_below(&g, p);
			}
		}
		glob_free(&g);
	}
	assert_true(hits > 10000);
	str_free(&line);
	str_free(&path);
}

/* What makes simple matchers take for ever. */
static void
test_glob__hostile(void **state)
{
	(void)state;
	static const struct {
		const char *unit, *last; /* the pattern: unit … unit last */
		const char *path_unit, *path_last;
		bool want;
	} cases[] = {
	    {"a*", "b", "a", "", false},
	    {"a*", "b", "a", "b", true},
	    {"*a", "b", "a", "", false},
	    {"*?", "b", "a", "", false},
	    {"*[!b]", "b", "a", "", false},
	    {"**/", "b", "a/", "a", false},
	    {"**/", "b", "a/", "b", true},
	    {"**/a/", "b", "a/", "a", false},
	    {"**/*a*/", "b", "a/", "a", false},
	    {"*/**/", "b", "a/", "a", false},
	    {"**/a*a*a/", "b", "aaaa/", "a", false},
	};
	clock_t start = clock();
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str line = STR_INIT;
		struct str path = STR_INIT;
		for (int k = 0; k < 1000; k++)
			str_add(&line, cases[i].unit);
		for (int k = 0; k < 1500; k++)
			str_add(&path, cases[i].path_unit);
		str_add(&line, cases[i].last);
		str_add(&path, cases[i].path_last);
		struct glob g = parsed(line.p);
		assert_int_equal(
		    glob_match(&g, path.p, path.len, false), cases[i].want);
		glob_may_match_below(&g, path.p, path.len);
		glob_free(&g);
		str_free(&line);
		str_free(&path);
	}
	/* A few million steps each; one more factor would take hours. */
	assert_true((clock() - start) / CLOCKS_PER_SEC < 20);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_glob__match),
	    cmocka_unit_test(test_glob__brackets),
	    cmocka_unit_test(test_glob__escapes_and_marks),
	    cmocka_unit_test(test_glob__fold_case),
	    cmocka_unit_test(test_glob__parse),
	    cmocka_unit_test(test_glob__may_match_below),
	    cmocka_unit_test(test_glob__agrees_with_plain),
	    cmocka_unit_test(test_glob__hostile),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
