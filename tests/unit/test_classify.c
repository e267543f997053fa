#include "model/plan/classify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/glob.h"
#include "model/plan/names.h"
#include "support/world.h"

static const char signs[] = {[STATE_ABSENT] = '0',
    [STATE_SAME] = '=',
    [STATE_CHANGED] = '~',
    [STATE_GONE] = '-',
    [STATE_NEW] = '+',
    [STATE_SUSPECT] = 's',
    [STATE_UNKNOWN] = '?'};

/* "path=~lcLC refresh": its states, which contents (l, c) and beginnings (L, C)
   are asked for. */
static void
write_items(struct str *out, const struct items *items)
{
	for (size_t i = 0; i < items->n; i++) {
		const struct item *it = &items->v[i];
		str_addf(out, "%s%s%c%c", i > 0 ? " " : "", it->path,
		    signs[it->state[SIDE_LOCAL]], signs[it->state[SIDE_CLOUD]]);
		for (int bit = 0; bit < 4; bit++)
			if (it->needs & (1 << bit))
				str_addc(out, "lcLC"[bit]);
		if (it->refresh)
			str_add(out, "!");
	}
}

struct classify_case {
	const char *world, *asked, *settled;
};

/* Asking, and then with the answers. */
static bool
run_case(const struct classify_case *c, const struct world *rules)
{
	struct world w;
	struct planned p;
	struct str asked = STR_INIT, settled = STR_INIT;
	world_init(&w);
	world_read(&w, c->world);
	w.look = rules->look;
	w.rules = rules->rules;
	world_build(&p, &w, 0);
	classify(&p.items, p.trees, &p.agreed, &w.look);
	plan_ask(&p.items, &w.rules);
	write_items(&asked, &p.items);
	items_free(&p.items);
	world_classify(&p, &w);
	for (size_t i = 0; i < p.items.n; i++)
		p.items.v[i].needs = 0;
	write_items(&settled, &p.items);
	bool right = strcmp(asked.p, c->asked) == 0 &&
	    strcmp(settled.p, c->settled) == 0;
	if (!right)
		(void)fprintf(
		    stderr, "%s: '%s' '%s'\n", c->world, asked.p, settled.p);
	str_free(&asked);
	str_free(&settled);
	planned_free(&p);
	world_free(&w);
	return right;
}

static void
run_cases(
    const struct classify_case *cases, size_t n, const struct world *rules)
{
	bool right = true;
	for (size_t i = 0; i < n; i++)
		right &= run_case(&cases[i], rules);
	assert_true(right);
}

static const struct classify_case usual[] = {
    {"p A A A", "", ""},
    {"p C A A", "p~=", "p~="},
    {"p B A A", "ps=l", "p~="},
    {"p A@7 A A", "ps=l", "p==!"},
    {"p B@1000 A A", "ps=l", "p~="},
    {"p A@7 A@8 A", "psslc", "p==!"},
    {"p A@7 B A", "psslc", "p=~!"},
    {"p A@7 C A", "ps~l", "p=~!"},
    {"p B D A", "psslc", "p~~"},
    {"p C F A", "p~~lc", "p~~"},
    {"p B C A", "ps~l", "p~~"},
    {"p A* A A", "p~=", "p~="},
    {"p A* A* A*", "", ""},
    {"p >A >A >A", "", ""},
    {"p >B >A >A", "p~=", "p~="},
    {"p / >A A", "p~~", "p~~"},
    {"p . A A", "p-=", "p-="},
    {"p . . A", "p--", "p--"},
    {"p A . .", "p+0", "p+0"},
    {"p A B .", "p++lc", "p++"},
    {"p A C .", "p++", "p++"},
    {"p / / /", "", ""},
    {"p . / /", "p-=", "p-="},
    {"p A . A<", "p==", "p=="},
    {"p A@7 . A<", "ps=l", "p==!"},
    {"p A B A<", "p=+", "p=+"},
    {"p . . A<", "p-=", "p-="},
    {"p ?s A A", "p?=", "p?="},
    {"p ?x A A", "p?=", "p?="},
    {"p ?x ?x A", "p??", "p??"},
    {"p ?x A .", "", ""},
    {"p ?u A .", "p?+", "p?+"},
    {"d ?x / /\nd/f . A A", "d?= d/f?=", "d?= d/f?="},
    {"d ?x / .\nd/f . A .", "", ""},
    {"d ?u / /\nd/f . A A\ne A . .", "d?= d/f?= e+0", "d?= d/f?= e+0"},
    {"d ?u / /\nd/s . / /\nd/s/f . A A\nd-x . A A",
	"d?= d/s?= d/s/f?= d-x-=", "d?= d/s?= d/s/f?= d-x-="},
};

static void
test_classify__against_the_ledger(void **state)
{
	UNUSED(state);
	struct world rules;
	world_init(&rules);
	run_cases(usual, COUNT_OF(usual), &rules);
}

static void
test_classify__by_time_alone(void **state)
{
	UNUSED(state);
	static const struct classify_case cases[] = {
	    {"p A@1002 A@998 A", "", ""},
	    {"p A@1003 A A", "p~=", "p~="},
	    {"p A@997 A A", "p~=", "p~="},
	    {"p C@1000 A A", "p~=", "p~="},
	};
	struct world rules;
	world_init(&rules);
	rules.look.compare = CLASSIFY_MTIME;
	run_cases(cases, COUNT_OF(cases), &rules);
}

static void
test_classify__by_content_alone(void **state)
{
	UNUSED(state);
	static const struct classify_case cases[] = {
	    {"p A A A", "psslc", "p=="},
	    {"p B@1000 A A", "psslc", "p~="},
	    {"p C A A", "p~sc", "p~="},
	    {"p / / /", "", ""},
	};
	struct world rules;
	world_init(&rules);
	rules.look.compare = CLASSIFY_HASH;
	run_cases(cases, COUNT_OF(cases), &rules);
}

static void
test_classify__exec_bits_of_a_side_that_has_none(void **state)
{
	UNUSED(state);
	static const struct classify_case cases[] = {
	    {"p A* A A*", "", ""},
	    {"p A A A*", "p~=", "p~="},
	};
	struct world rules;
	world_init(&rules);
	rules.look.exec[SIDE_CLOUD] = false;
	run_cases(cases, COUNT_OF(cases), &rules);
}

/* The world's inode is the content's letter. */
static void
test_classify__ids_where_they_mean_something(void **state)
{
	UNUSED(state);
	static const struct classify_case with[] = {
	    {"p B@1000 A A", "ps=l", "p~="}};
	static const struct classify_case without[] = {
	    {"p B@1000 A A", "", ""}};
	struct world rules;
	world_init(&rules);
	run_cases(with, COUNT_OF(with), &rules);
	rules.look.ids[SIDE_LOCAL] = false;
	run_cases(without, COUNT_OF(without), &rules);
}

static void
test_classify__a_changed_time_of_change_is_suspect(void **state)
{
	UNUSED(state);
	struct world w;
	struct planned p;
	world_init(&w);
	world_read(&w, "p A A A");
	for (int k = 0; k < 3; k++) {
		world_build(&p, &w, 0);
		struct entry *e = tree_find(&p.trees[SIDE_CLOUD], "p", 1);
		e->ctime_sec = k == 1;
		e->ctime_nsec = k == 2;
		classify(&p.items, p.trees, &p.agreed, &w.look);
		assert_int_equal(p.items.n, k > 0);
		planned_free(&p);
	}
	world_free(&w);
}

/* Times too fresh to be trusted, and content that is not here. */
static void
test_classify__racy_and_placeholder(void **state)
{
	UNUSED(state);
	static const struct {
		const char *world;
		bool racy, placeholder;
		enum classify_compare compare;
		const char *items;
	} cases[] = {
	    {"p A A A", true, false, CLASSIFY_FALLBACK, "ps=l"},
	    {"p A A A", true, false, CLASSIFY_MTIME, ""},
	    {"p A A A", false, true, CLASSIFY_FALLBACK, ""},
	    {"p A A A", true, true, CLASSIFY_FALLBACK, ""},
	    {"p A@7 A A", false, true, CLASSIFY_FALLBACK, "ps=l"},
	    {"p C A A", false, true, CLASSIFY_FALLBACK, "p~="},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct world w;
		struct planned p;
		struct str items = STR_INIT;
		world_init(&w);
		world_read(&w, cases[i].world);
		w.look.compare = cases[i].compare;
		world_build(&p, &w, 0);
		struct agreed_record r = p.agreed.v[0];
		struct agreed agreed = {
		    .v = &r, .n = 1, .names = p.agreed.names};
		if (cases[i].racy)
			r.flags |= AGREED_RACY << SIDE_LOCAL;
		if (cases[i].placeholder)
			tree_find(&p.trees[SIDE_LOCAL], "p", 1)->flags |=
			    ENTRY_PLACEHOLDER;
		classify(&p.items, p.trees, &agreed, &w.look);
		write_items(&items, &p.items);
		assert_string_equal(items.p, cases[i].items);
		str_free(&items);
		planned_free(&p);
		world_free(&w);
	}
}

/* What could not be read is a change. */
static void
test_classify__without_an_answer(void **state)
{
	UNUSED(state);
	struct world w;
	struct planned p;
	world_init(&w);
	world_read(&w, "p A@7 A A");
	world_build(&p, &w, 0);
	classify(&p.items, p.trees, &p.agreed, &w.look);
	classify_settle(&p.items, &w.look);
	assert_int_equal(p.items.v[0].state[SIDE_LOCAL], STATE_CHANGED);
	assert_false(p.items.v[0].refresh);
	planned_free(&p);
	world_free(&w);
}

static void
test_classify__equality(void **state)
{
	UNUSED(state);
	static const struct hash h = {1, 2}, other = {1, 3};
	struct entry a = {.type = ENTRY_FILE, .size = 5, .u.hash = &h};
	struct entry b = a;
	struct entry dir = {.type = ENTRY_DIR}, dir2 = dir;
	struct entry odd = {.type = ENTRY_UNKNOWN};
	assert_true(classify_equal(&a, &b));
	assert_true(classify_equal(NULL, NULL));
	assert_true(classify_equal(&dir, &dir2));
	assert_false(classify_equal(&a, NULL));
	assert_false(classify_equal(NULL, &a));
	assert_false(classify_equal(&a, &dir));
	assert_false(classify_equal(&odd, &odd));
	b.u.hash = &other;
	assert_false(classify_equal(&a, &b));
	b.u.hash = NULL;
	assert_false(classify_equal(&a, &b));
	assert_false(classify_equal(&b, &a));
	b = a;
	b.size++;
	assert_false(classify_equal(&a, &b));
	b = a;
	b.type = ENTRY_LINK;
	assert_false(classify_equal(&a, &b));
}

/* ---- what only the plan wants to know (plan_ask) ---------------------------
 */

static void
test_classify__asks_for_possible_moves(void **state)
{
	UNUSED(state);
	static const struct classify_case cases[] = {
	    {"a . A A\nb A . .", "a-= b+0l", "a-= b+0"},
	    {"a A . A\nb . B .", "a=- b0+c", "a=- b0+"},
	    {"a . A A\nb C . .", "a-= b+0", "a-= b+0"},
	    {"a . A A\nb . A .", "a-= b0+", "a-= b0+"},
	    {"a . . A\nb A . .", "a-- b+0", "a-- b+0"},
	    {"a . >A >A\nb A . .", "a-= b+0", "a-= b+0"},
	    {"a . A A\nb / . .", "a-= b+0", "a-= b+0"},
	};
	static const struct classify_case never[] = {
	    {"a . A A\nb A . .", "a-= b+0", "a-= b+0"},
	    {"a . C A", "a-~c", "a-~"},
	    {"a C . A", "a~-l", "a~-"},
	};
	struct world rules;
	world_init(&rules);
	run_cases(cases, COUNT_OF(cases), &rules);
	rules.rules.never_delete = true;
	run_cases(never, COUNT_OF(never), &rules);
	rules.rules.who[SIDE_CLOUD] = NAMES_FOLD;
	run_cases(cases, 1, &rules);
}

static void
test_classify__asks_for_possible_merges(void **state)
{
	UNUSED(state);
	static const struct classify_case cases[] = {
	    {"a.log C F A", "a.log~~lcLC", "a.log~~"},
	    {"a.log C M A", "a.log~~LC", "a.log~~"},
	    {"a.log C B A", "a.log~sc", "a.log~~"},
	    {"a.log C A A", "a.log~=", "a.log~="},
	    {"a.log C F .", "a.log++lc", "a.log++"},
	    {"a.log / F A", "a.log~~", "a.log~~"},
	    {"a.log C F /", "a.log~~lc", "a.log~~"},
	    {"a.txt C F A", "a.txt~~lc", "a.txt~~"},
	};
	static const struct classify_case chosen[] = {
	    {"a.txt C F A", "a.txt~~lcLC", "a.txt~~"}};
	static const struct plan_choice choice = {"a.txt", PLAN_TAKE_MERGE};
	struct world rules;
	struct glob logs;
	const char *why;
	world_init(&rules);
	assert_int_equal(glob_parse(&logs, "*.log", 5, &why), 0);
	rules.rules.append_merge = &logs;
	rules.rules.nappend_merge = 1;
	run_cases(cases, COUNT_OF(cases), &rules);
	rules.rules.choices = &choice;
	rules.rules.nchoices = 1;
	run_cases(chosen, COUNT_OF(chosen), &rules);
	glob_free(&logs);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_classify__against_the_ledger),
	    cmocka_unit_test(test_classify__by_time_alone),
	    cmocka_unit_test(test_classify__by_content_alone),
	    cmocka_unit_test(test_classify__exec_bits_of_a_side_that_has_none),
	    cmocka_unit_test(test_classify__ids_where_they_mean_something),
	    cmocka_unit_test(
		test_classify__a_changed_time_of_change_is_suspect),
	    cmocka_unit_test(test_classify__racy_and_placeholder),
	    cmocka_unit_test(test_classify__without_an_answer),
	    cmocka_unit_test(test_classify__equality),
	    cmocka_unit_test(test_classify__asks_for_possible_moves),
	    cmocka_unit_test(test_classify__asks_for_possible_merges),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
