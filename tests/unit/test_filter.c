#include "model/filter/filter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/glob.h"
#include "base/str.h"
#include "model/filter/filter_set.h"

/* Lists are written with a line for each item. */
static void
add_items(struct strlist *out, const char *text)
{
	while (text != NULL && *text != '\0') {
		size_t n = strcspn(text, "\n");
		strlist_addn(out, text, n);
		text += n + (text[n] == '\n');
	}
}

struct rules {
	const char *roots, *exclude, *secret, *ignore, *ignore_file;
};

static struct filter *
make(const struct rules *r, struct strlist *warnings)
{
	struct strlist roots = STRLIST_INIT;
	struct strlist exclude = STRLIST_INIT;
	struct strlist secret = STRLIST_INIT;
	add_items(&roots, r->roots);
	add_items(&exclude, r->exclude);
	add_items(&secret, r->secret);
	struct filter *f = filter_new(
	    &(struct filter_rules){
		.include_roots = &roots,
		.exclude = &exclude,
		.secret = &secret,
		.ignore_text = r->ignore,
		.ignore_len = r->ignore != NULL ? strlen(r->ignore) : 0,
		.ignore_file = r->ignore_file,
	    },
	    warnings);
	strlist_free(&roots);
	strlist_free(&exclude);
	strlist_free(&secret);
	return f;
}

/* A path that ends in '/' stands for a directory. */
static enum filter_verdict
judge(const struct filter *f, const char *path)
{
	size_t n = strlen(path);
	bool is_dir = path[n - 1] == '/';
	return filter_judge(f, path, n - is_dir, is_dir);
}

struct example {
	struct rules rules;
	/* What gets which verdict, a line for each path. */
	const char *in, *pass, *out, *secret;
};

static void
check_verdict(const struct filter *f, const char *paths,
    enum filter_verdict expected, size_t number)
{
	struct strlist l = STRLIST_INIT;
	add_items(&l, paths);
	for (size_t i = 0; i < l.n; i++) {
		enum filter_verdict got = judge(f, l.v[i]);
		if (got != expected)
			fail_msg("case %zu: %s is %d, not %d", number, l.v[i],
			    (int)got, (int)expected);
	}
	strlist_free(&l);
}

static void
test_filter__judges(void **state)
{
	UNUSED(state);
	static const struct example examples[] = {
	    {.rules = {0}, .in = "a\na/\na/b/c\n.x"},
	    /* The last match wins. */
	    {.rules = {.exclude = "*.log\n!keep.log"},
		.in = "keep.log\nd/keep.log\na.logs\nlog",
		.out = "a.log\nd/a.log\n.log\nd.log/"},
	    {.rules = {.exclude = "!keep.log\n*.log"}, .out = "keep.log"},
	    {.rules = {.exclude = "a\n!a\na"}, .out = "a\nb/a"},
	    {.rules = {.exclude = "a\n!b*\nbc\n!*c\n"},
		.in = "bc\nb\nc",
		.out = "a"},
	    {.rules = {.exclude = "!ab\na*\n"}, .out = "ab"},
	    {.rules = {.exclude = "a*\n!ab\n"}, .in = "ab", .out = "ac"},
	    {.rules = {.exclude = "a*b*c\n!axbxc"},
		.in = "axbxc\nab",
		.out = "abc\naxbc"},
	    /* Directories only; anchors. */
	    {.rules = {.exclude = "Cache/\n/top\nmid/dle\n/e*/"},
		.in = "Cache\nd/top\nd/mid/dle\ne1\nd/e1/",
		.out = "Cache/\nd/Cache/\ntop\ntop/\nmid/dle\ne1/"},
	    {.rules = {.exclude = "Cache/\n!Cache"}, .in = "Cache/\nCache"},
	    {.rules = {.exclude = "Cache\n!Cache/"},
		.in = "Cache/",
		.out = "Cache"},
	    {.rules = {.exclude = "*~/\n#c\n\\#d"},
		.in = "a~\n#c",
		.out = "a~/\n#d"},
	    {.rules = {.exclude = "**/deep\n**/x/y\n**/*.o"},
		.in = "y\nx",
		.out = "deep\na/b/deep\nx/y\na/x/y\nb.o\na/b.o"},
	    /* What the ignore file says comes last. */
	    {.rules = {.exclude = "*.tmp\n!a.tmp", .ignore = "a.tmp\n!b.tmp"},
		.in = "b.tmp",
		.out = "a.tmp\nc.tmp"},
	    {.rules = {.ignore = "\xEF\xBB\xBF"
				 "a\r\n\r\n# b\r\nb c  \r\nd"},
		.in = "# b\nc",
		.out = "a\nb c\nd"},
	    /* Include roots. */
	    {.rules = {.roots = "a\nb/c/d"},
		.in = "a\na/\na/x/y\nb/c/d\nb/c/d/\nb/c/d/e",
		.pass = "b/\nb/c/",
		.out = "ab\nab/\nb\nb/c\nb/x\nb/c/x\nb/c/dd\nc/\nx"},
	    {.rules = {.roots = "./a//b/"}, .in = "a/b", .pass = "a/"},
	    {.rules = {.roots = "a", .exclude = "*.log\nb\n!c"},
		.in = "a/x\na/c",
		.out = "a/x.log\na/b/\nb\nc"},
	    {.rules = {.roots = "a/b", .exclude = "a"}, .out = "a/"},
	    {.rules = {.roots = "../a"}, .out = "a\nb/"},
	    {.rules = {.roots = "a", .ignore_file = ".coldsyncignore"},
		.in = ".coldsyncignore\na",
		.out = "a.coldsyncignore\nb"},
	    {.rules = {.roots = "a", .ignore_file = "conf/ignore"},
		.in = "conf/ignore",
		.pass = "conf/",
		.out = "conf/other"},
	    {.rules = {.ignore_file = "i", .exclude = "i"},
		.in = "a",
		.out = "i"},
	    /* Secrets beat everything else. */
	    {.rules = {.roots = "a/key.pem\nb",
		 .exclude = "!*.pem\n!id_rsa\nb/id_rsa",
		 .secret = "*.pem\nid_rsa\n/auth/\ntokens/*",
		 .ignore = "!*"},
		.in = "b/pem\nb/auth/",
		.out = "c\nauth",
		.secret = "a/key.pem\nb/x.PEM\nc.pem\nb/id_rsa\nb/Id_Rsa\n"
			  "auth/\nAuth/\ntokens/x\nb/d/e/.pem/"},
	};
	for (size_t i = 0; i < COUNT_OF(examples); i++) {
		const struct example *e = &examples[i];
		struct strlist warnings = STRLIST_INIT;
		struct filter *f = make(&e->rules, &warnings);
		assert_int_equal(warnings.n, 0);
		check_verdict(f, e->in, FILTER_IN, i);
		check_verdict(f, e->pass, FILTER_PASS, i);
		check_verdict(f, e->out, FILTER_OUT, i);
		check_verdict(f, e->secret, FILTER_SECRET, i);
		filter_destroy(f);
		strlist_free(&warnings);
	}
}

static void
test_filter__needs_no_rules(void **state)
{
	UNUSED(state);
	struct filter *f = filter_new(&(struct filter_rules){0}, NULL);
	assert_int_equal(judge(f, "a"), FILTER_IN);
	filter_destroy(f);
	filter_destroy(NULL);
}

static void
test_filter__warns(void **state)
{
	UNUSED(state);
	struct strlist warnings = STRLIST_INIT;
	struct filter *f =
	    make(&(struct rules){.ignore = "a\n[b\n\n# [\nc/../d\n/\ne\\"},
		&warnings);
	static const char *const expected[] = {
	    "line 2: a '[' has no end or an unknown class",
	    "line 5: no path has a part '.' or '..'",
	    "line 6: it names nothing",
	    "line 7: a '\\' stands last",
	};
	assert_int_equal(warnings.n, COUNT_OF(expected));
	for (size_t i = 0; i < COUNT_OF(expected); i++)
		assert_string_equal(warnings.v[i], expected[i]);
	assert_int_equal(judge(f, "a"), FILTER_OUT);
	filter_destroy(f);
	strlist_free(&warnings);
}

/* A file that is no ignore file at all: a bounded number of warnings. */
static void
test_filter__warns_not_for_ever(void **state)
{
	UNUSED(state);
	struct strlist warnings = STRLIST_INIT;
	struct str text = STR_INIT;
	for (int i = 0; i < 1000; i++)
		str_add(&text, "[\n");
	struct filter_rules rules = {
	    .ignore_text = text.p, .ignore_len = text.len};
	filter_destroy(filter_new(&rules, &warnings));
	assert_int_equal(warnings.n, 21);
	assert_string_equal(warnings.v[20],
	    "line 21 and perhaps more: a '[' has no end or an unknown class");
	filter_destroy(filter_new(&rules, NULL));
	strlist_free(&warnings);
	str_free(&text);
}

/* ---- the set against glob_match ---- */

static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525U + 1013904223U;
	return *seed >> 16;
}

static void
random_text(
    struct str *out, uint32_t *seed, const char *const *pieces, size_t n)
{
	str_clear(out);
	size_t count = 1 + next_random(seed) % 4;
	for (size_t i = 0; i < count; i++)
		str_add(out, pieces[next_random(seed) % n]);
}

enum { RULES = 12 };

static void
compare_with_globs(uint32_t *seed, bool fold)
{
	static const char *const pieces[] = {"a", "b", "A", "ab", "/", "*",
	    "**/", "**", "?", "!", "[ab]", "[a/]b", "\\a", "\xC3\xA9", "\xA9",
	    ".", "*b"};
	static const char *const parts[] = {
	    "a", "b", "A", "ab", "/b", "\xC3\xA9", "\xA9", ".a", "\xC3"};
	struct filter_set set = {.fold_case = fold};
	struct glob globs[RULES];
	size_t n = 0;
	const char *why;
	struct str text = STR_INIT;
	for (int i = 0; i < RULES; i++) {
		random_text(&text, seed, pieces, COUNT_OF(pieces));
		int rc = filter_set_add(&set, text.p, text.len, &why);
		assert_int_equal(
		    rc, glob_parse(&globs[n], text.p, text.len, &why));
		if (rc == 0)
			globs[n++].fold_case = fold;
	}
	for (int i = 0; i < 40; i++) {
		random_text(&text, seed, parts, COUNT_OF(parts));
		bool is_dir = next_random(seed) % 2 == 0;
		size_t last = n;
		while (last > 0 &&
		    !glob_match(&globs[last - 1], text.p, text.len, is_dir))
			last--;
		const struct glob *got =
		    filter_set_last(&set, text.p, text.len, is_dir);
		assert_ptr_equal(got, last > 0 ? &set.v[last - 1].glob : NULL);
	}
	for (size_t i = 0; i < n; i++)
		glob_free(&globs[i]);
	filter_set_free(&set);
	str_free(&text);
}

static void
test_filter__agrees_with_globs(void **state)
{
	UNUSED(state);
	uint32_t seed = 1;
	for (int i = 0; i < 2000; i++)
		compare_with_globs(&seed, i % 2 == 0);
}

/* The table of names grows with them. */
static void
test_filter__many_names(void **state)
{
	UNUSED(state);
	struct filter_set set = {.fold_case = false};
	char name[32];
	const char *why;
	for (int i = 0; i < 1000; i++) {
		int n = snprintf(name, sizeof(name), "name%d", i);
		assert_int_equal(
		    filter_set_add(&set, name, (size_t)n, &why), 0);
	}
	for (int i = 0; i < 1100; i++) {
		int n = snprintf(name, sizeof(name), "name%d", i);
		const struct glob *g =
		    filter_set_last(&set, name, (size_t)n, false);
		assert_ptr_equal(g, i < 1000 ? &set.v[i].glob : NULL);
	}
	assert_null(filter_set_last(&set, "", 0, true));
	filter_set_free(&set);
}

/* ---- speed ---- */

enum { JUDGEMENTS = 1000000, SECONDS_MAX = 10 };

/* A second and less is usual, far less in a release build; the bound is for
   slow machines and sanitizers. */
static void
test_filter__is_fast(void **state)
{
	UNUSED(state);
	struct str exclude = STR_INIT;
	for (int i = 0; i < 15; i++)
		str_addf(&exclude, "Cache%d/\n*.ext%d\n", i, i);
	str_add(&exclude, "/logs/**/old\n**/node_modules/.cache\n?emp\n!keep");
	struct filter *f =
	    make(&(struct rules){.exclude = exclude.p,
		     .secret = "*.pem\n*.key\nid_*\n.env\nauth.json\n.netrc"},
		NULL);
	static const char path[] = "projects/some-name/src/file-0000000.txt";
	char buf[sizeof(path)];
	memcpy(buf, path, sizeof(path));
	clock_t begin = clock();
	for (int i = 0; i < JUDGEMENTS; i++) {
		for (int d = 0, v = i; d < 7; d++, v /= 10)
			buf[sizeof(path) - 6 - (size_t)d] =
			    (char)('0' + v % 10);
		assert_true(
		    filter_judge(f, buf, sizeof(path) - 1, false) == FILTER_IN);
	}
	double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
	if (seconds > SECONDS_MAX)
		fail_msg("%d judgements took %.1f s", JUDGEMENTS, seconds);
	filter_destroy(f);
	str_free(&exclude);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_filter__judges),
	    cmocka_unit_test(test_filter__needs_no_rules),
	    cmocka_unit_test(test_filter__warns),
	    cmocka_unit_test(test_filter__warns_not_for_ever),
	    cmocka_unit_test(test_filter__agrees_with_globs),
	    cmocka_unit_test(test_filter__many_names),
	    cmocka_unit_test(test_filter__is_fast),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
