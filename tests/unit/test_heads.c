#include "model/cloud/heads.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "model/cloud/publish.h"
#include "support/says.h"

/* Who published what, having seen what. */
struct word {
	const char *author, *seen, *claims;
};

enum { WORDS = 4 };

static void
make_all(struct manifest *m, size_t *n, struct roster *r,
    const struct word words[WORDS])
{
	for (*n = 0; *n < WORDS && words[*n].author != NULL; ++*n)
		says_make(&m[*n], r, words[*n].author, words[*n].seen,
		    words[*n].claims);
}

static void
test_heads__find(void **state)
{
	static const struct {
		struct word words[WORDS];
		const char *heads;
	} cases[] = {
	    {{{"a1", "", ""}}, "a"},
	    {{{"a1", "", ""}, {"b1", "a1", ""}}, "b"},
	    {{{"a2", "b1", ""}, {"b1", "a1", ""}}, "a"},
	    {{{"a2", "b1", ""}, {"b2", "a1", ""}}, "ab"},
	    {{{"a1", "", ""}, {"b1", "a1", ""}, {"c1", "a1", ""}}, "bc"},
	    {{{"a1", "", ""}, {"b1", "", ""}, {"c1", "a1 b1", ""}}, "c"},
	    /* Put together from different times: nobody is the newest. */
	    {{{"a1", "b2", ""}, {"b1", "a2", ""}}, "ab"},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct roster r;
		struct manifest m[WORDS];
		struct publication p[WORDS];
		bool head[WORDS];
		char text[WORDS + 1] = "";
		size_t n, k = 0;
		says_roster(&r);
		make_all(m, &n, &r, cases[i].words);
		for (size_t j = 0; j < n; j++)
			p[j] = (struct publication){m[j].head.machine,
			    m[j].head.generation, &m[j].seen};
		size_t found = heads_find(head, p, n);
		for (size_t j = 0; j < n; j++)
			if (head[j])
				text[k++] = cases[i].words[j].author[0];
		assert_string_equal(text, cases[i].heads);
		assert_int_equal(found, k);
		for (size_t j = 0; j < n; j++)
			manifest_free(&m[j]);
		roster_free(&r);
	}
}

static void
merge(struct str *out, const struct word words[WORDS])
{
	struct roster r;
	struct manifest m[WORDS];
	struct manifest_cursor c[WORDS];
	struct claims *claims[WORDS];
	struct publication p[WORDS];
	struct glob group;
	const char *why;
	size_t n;
	says_roster(&r);
	make_all(m, &n, &r, words);
	assert_int_equal(glob_parse(&group, "grp/", 4, &why), 0);
	struct heads h = {.claims = claims,
	    .speaker = p,
	    .n = n,
	    .groups = &group,
	    .ngroups = 1};
	struct heads_units *u = NULL;
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < n; i++) {
			manifest_open(&c[i], &m[i]);
			claims[i] = &c[i].claims;
			p[i] = (struct publication){m[i].head.machine,
			    m[i].head.generation, &m[i].seen};
		}
		struct claims_sink sink = says_sink(out);
		if (pass == 0)
			u = heads_judge(&h);
		else
			heads_merge(&h, u, &sink);
		for (size_t i = 0; i < n; i++)
			manifest_close(&c[i]);
	}
	heads_units_free(u);
	glob_free(&group);
	for (size_t i = 0; i < n; i++)
		manifest_free(&m[i]);
	roster_free(&r);
}

/* docs/handoff.md, H5, sentence by sentence. */
static void
test_heads__merge(void **state)
{
	static const struct {
		struct word words[WORDS];
		const char *want;
	} cases[] = {
	    /* Alike. */
	    {{{"a2", "", "p=x@a1"}, {"b1", "a1", "p=x@a1"}}, "p=x@a1"},
	    {{{"a1", "", "p=x@a1"}, {"b1", "", "p=x@b1"}}, "p=x@a1"},
	    /* A change beats what it replaced. */
	    {{{"a2", "", "p=y@a2"}, {"b1", "a1", "p=x@a1"}}, "p=y@a2"},
	    {{{"a2", "", "p=x@a1"}, {"b1", "a1", "p=y@b1"}}, "p=y@b1"},
	    /* Two changes of different files both count. */
	    {{{"a2", "", "p=y@a2 q=x@a1"}, {"b1", "a1", "p=x@a1 q=z@b1"}},
		"p=y@a2 q=z@b1"},
	    /* A creation beats not knowing, a deletion what it deleted. */
	    {{{"a2", "", "n=x@a2"}, {"b1", "a1", ""}}, "n=x@a2"},
	    {{{"a2", "", ""}, {"b1", "a1", "p=x@a1"}}, ""},
	    {{{"a2", "", "p=x@a1"}, {"b1", "a1", ""}}, ""},
	    /* An edit beats a deletion that did not know of it. */
	    {{{"a2", "", "p=y@a2"}, {"b1", "a1", ""}}, "p=y@a2"},
	    {{{"a2", "", "p=y@a2"}, {"b1", "a1", "p=-@b1"}}, "p=y@a2|-@b1"},
	    {{{"a2", "", "p=x@a1"}, {"b1", "a1", "p=-@b1"}}, "p=-@b1"},
	    /* Two edits both may be. */
	    {{{"a2", "", "p=y@a2"}, {"b1", "a1", "p=z@b1"}}, "p=y@a2|z@b1"},
	    /* And stay so until one who knew both writes it. */
	    {{{"c1", "a2 b1", "p=y@a2|z@b1"}, {"b2", "a1", "p=w@b2"}},
		"p=y@a2|w@b2"},
	    {{{"c1", "a2 b1", "p=v@c1"}, {"d1", "a2", "p=y@a2"}}, "p=v@c1"},
	    /* Three at once. */
	    {{{"a2", "", "p=x@a2"}, {"b1", "", "p=y@b1"}, {"c1", "", "p=z@c1"}},
		"p=x@a2|y@b1|z@c1"},
	    /* A group, and a database with its log, come from one of them. */
	    {{{"a2", "", "grp/m=y@a2 grp/n=x@a1"},
		 {"b1", "a1", "grp/m=x@a1 grp/n=z@b1"}},
		"grp/m=y@a2|x@a1 grp/n=x@a1|z@b1"},
	    {{{"a2", "", "grp/m=y@a2 grp/n=x@a1"},
		 {"b1", "a1", "grp/m=x@a1 grp/n=x@a1"}},
		"grp/m=y@a2 grp/n=x@a1"},
	    {{{"a2", "", "s.db=y@a2 s.db-wal=w@a2"}, {"b1", "a1", "s.db=z@b1"}},
		"s.db=y@a2|z@b1 s.db-wal=w@a2|-@b1"},
	    {{{"a2", "", "s.db=y@a2 s.db-wal=w@a2"}, {"b1", "a1", "s.db=x@a1"}},
		"s.db=y@a2 s.db-wal=w@a2"},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct word turned[WORDS] = {
		    cases[i].words[1], cases[i].words[0], cases[i].words[2]};
		struct str text = STR_INIT;
		merge(&text, cases[i].words);
		assert_string_equal(text.p, cases[i].want);
		/* The order in which they are read does not count for what
		   may be, only for how it is listed. */
		size_t len = text.len;
		str_clear(&text);
		merge(&text, turned);
		assert_int_equal(text.len, len);
		str_free(&text);
	}
}

static void
test_heads__amend(void **state)
{
	static const struct {
		const char *base, *changes, *knew, *want;
	} cases[] = {
	    {"p=x@a1", "", "a1", "p=x@a1"},
	    {"p=x@a1", "p=y@d1", "a1", "p=y@d1"},
	    {"p=y@a2", "p=z@d1", "a1", "p=y@a2|z@d1"},
	    {"p=x@a1", "p=-@d1", "a1", "p=-@d1"},
	    {"p=y@a2", "p=-@d1", "a1", "p=y@a2|-@d1"},
	    {"p=x@a1", "p=x@d1", "a1", "p=x@a1"},
	    {"", "n=x@d1", "", "n=x@d1"},
	    {"a=x@a1 c=x@a1", "b=y@d1", "a1", "a=x@a1 b=y@d1 c=x@a1"},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct roster r;
		struct manifest base, changes;
		struct manifest_cursor b, c;
		struct str text = STR_INIT;
		struct claims_sink sink = says_sink(&text);
		says_roster(&r);
		says_make(&base, &r, "a2", "", cases[i].base);
		says_make(&changes, &r, "d1", cases[i].knew, cases[i].changes);
		manifest_open(&b, &base);
		manifest_open(&c, &changes);
		heads_amend(&b.claims, &c.claims, &changes.seen, &sink);
		assert_string_equal(text.p, cases[i].want);
		manifest_close(&b);
		manifest_close(&c);
		manifest_free(&base);
		manifest_free(&changes);
		str_free(&text);
		roster_free(&r);
	}
}

/* ---- publishing ---- */

/* docs/handoff.md, H13. A '+' before a path: found and taken over. */
static void
test_heads__publish(void **state)
{
	static const struct {
		const char *base;
		struct {
			const char *path, *v;
		} changes[3];
		const char *want;
		bool changed;
	} cases[] = {
	    {"p=x@a1", {{NULL, NULL}}, "p=x@a1", false},
	    {"p=x@a1", {{"p", "x@d5"}}, "p=x@a1", false},
	    {"p=x@a1", {{"p", "y@d5"}}, "p=y@d5", true},
	    {"p=x@a1", {{"p", "-@d5"}}, "p=-@d5", true},
	    /* All have seen the first deletion, not the second; the third is
	       of late. */
	    {"p=-@a1 q=-@b1 r=-@a9", {{NULL, NULL}}, "q=-@b1 r=-@a9", false},
	    {"p=x@a1", {{"q", "y@d5"}, {"b", "z@d5"}}, "b=z@d5 p=x@a1 q=y@d5",
		true},
	    {"p=x@a1", {{"p", "y@d5"}, {"p", "x@d5"}}, "p=x@a1", false},
	    {"", {{"q", "-@d5"}}, "", false},
	    /* Writing one of several decides. */
	    {"p=x@a1|y@b1", {{"p", "y@d5"}}, "p=y@d5", true},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct roster r;
		struct manifest base;
		struct manifest_cursor c;
		struct publish_changes changes = {.v = NULL};
		struct str text = STR_INIT;
		struct claims_sink sink = says_sink(&text);
		struct seen all = {.v = NULL}, own = {.v = NULL};
		struct publish_by by = {
		    .machine = 3, .generation = 5, .seen = &own, .all = &all};
		seen_raise(&all, 0, 9);
		seen_raise(&own, 0, 1 + PUBLISH_DELETIONS);
		seen_raise(&own, 1, 1 + PUBLISH_DELETIONS);
		says_roster(&r);
		says_make(&base, &r, "a9", "b1", cases[i].base);
		for (size_t k = 0; k < 3 && cases[i].changes[k].path; k++) {
			struct version v = says_version(cases[i].changes[k].v);
			publish_add(&changes, cases[i].changes[k].path,
			    strlen(cases[i].changes[k].path), &v);
		}
		publish_sort(&changes);
		manifest_open(&c, &base);
		assert_int_equal(publish_merge(&c.claims, &changes, &by, &sink),
		    cases[i].changed);
		assert_string_equal(text.p, cases[i].want);
		manifest_close(&c);
		manifest_open(&c, &base);
		assert_int_equal(publish_merge(&c.claims, &changes, &by, NULL),
		    cases[i].changed);
		manifest_close(&c);
		manifest_free(&base);
		publish_changes_free(&changes);
		seen_free(&all);
		seen_free(&own);
		str_free(&text);
		roster_free(&r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_heads__find),
	    cmocka_unit_test(test_heads__merge),
	    cmocka_unit_test(test_heads__amend),
	    cmocka_unit_test(test_heads__publish),
	};
	return cmocka_run_group_tests_name("heads", tests, NULL, NULL);
}
