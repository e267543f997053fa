#include "model/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "support/world.h"

/* A directory's name before '-', '.' and others that sort before '/'. */
static const char busy[] = "a/b      A . .\n"
			   "a/b-c    B . .\n"
			   "a        / . .\n"
			   "a-x      C . .\n"
			   "a.d/e/f  >A . .\n"
			   "a.d/g    ?s . .\n"
			   "b        / . .\n"
			   "c/d/e    ?u . .\n";

static void
build(struct planned *p, const char *text, unsigned shuffle)
{
	struct world w;
	world_init(&w);
	world_read(&w, text);
	world_build(p, &w, shuffle);
	world_free(&w);
}

static void
test_tree__walks_in_tree_order(void **state)
{
	UNUSED(state);
	static const char *const expected[] = {"a", "a/b", "a/b-c", "a-x",
	    "a.d", "a.d/e", "a.d/e/f", "a.d/g", "b", "c", "c/d", "c/d/e"};
	for (unsigned shuffle = 0; shuffle < 20; shuffle++) {
		struct planned p;
		struct tree_cursor c;
		build(&p, busy, shuffle);
		tree_begin(&c, &p.trees[SIDE_LOCAL].root, "", 0);
		for (size_t i = 0; i < COUNT_OF(expected); i++) {
			assert_true(tree_next(&c));
			assert_string_equal(c.path.p, expected[i]);
			assert_ptr_equal(c.entry,
			    tree_find(&p.trees[SIDE_LOCAL], expected[i],
				strlen(expected[i])));
		}
		assert_false(tree_next(&c));
		assert_null(c.entry);
		assert_false(tree_next(&c));
		tree_end(&c);
		world_unbuild(&p);
	}
}

static void
test_tree__walks_a_subtree(void **state)
{
	UNUSED(state);
	struct planned p;
	struct tree_cursor c;
	build(&p, busy, 0);
	const struct entry *dir = tree_find(&p.trees[SIDE_LOCAL], "a.d", 3);
	tree_begin(&c, dir, "a.d", 3);
	assert_true(tree_next(&c));
	assert_string_equal(c.path.p, "a.d/e");
	assert_true(tree_next(&c));
	assert_string_equal(c.path.p, "a.d/e/f");
	tree_end(&c);
	assert_null(c.entry);
	world_unbuild(&p);
}

static void
test_tree__finds(void **state)
{
	UNUSED(state);
	struct planned p;
	build(&p, busy, 3);
	const struct tree *t = &p.trees[SIDE_LOCAL];
	static const char *const none[] = {
	    "x", "a/x", "a/b/c", "a-x/y", "aa", "a.d/e/f/g", "a.d/g/h"};
	for (size_t i = 0; i < COUNT_OF(none); i++)
		assert_null(tree_find(t, none[i], strlen(none[i])));
	assert_ptr_equal(tree_find(t, "", 0), &t->root);
	struct entry *a = tree_find(t, "a", 1);
	assert_ptr_equal(tree_child(&t->root, "a", 1), a);
	assert_ptr_equal(tree_child(a, "b", 1), tree_find(t, "a/b", 3));
	assert_null(tree_child(a, "B", 1));
	assert_null(tree_child(tree_child(a, "b", 1), "c", 1));
	assert_null(tree_child(NULL, "b", 1));
	/* Only the length given counts. */
	assert_ptr_equal(tree_find(t, "a/b-c", 3), tree_find(t, "a/b", 3));
	world_unbuild(&p);
}

static void
test_tree__no_name_is_that_long(void **state)
{
	UNUSED(state);
	struct planned p;
	static char name[70000];
	build(&p, busy, 0);
	memset(name, 'a', sizeof(name));
	assert_null(
	    tree_find(&p.trees[SIDE_LOCAL], name, UINT16_MAX + (size_t)2));
	world_unbuild(&p);
}

static void
test_tree__counts_and_marks(void **state)
{
	UNUSED(state);
	static const struct {
		const char *path;
		bool holds;
	} marks[] = {
	    {"", true},
	    {"a", false},
	    {"a.d", true},
	    {"a.d/e", false},
	    {"b", false},
	    {"c", true},
	    {"c/d", true},
	};
	struct planned p;
	build(&p, busy, 0);
	const struct tree *t = &p.trees[SIDE_LOCAL];
	assert_int_equal(t->entries, 10);
	assert_int_equal(t->files, 4);
	for (size_t i = 0; i < COUNT_OF(marks); i++) {
		const struct entry *e =
		    tree_find(t, marks[i].path, strlen(marks[i].path));
		assert_int_equal(
		    (e->flags & ENTRY_HOLDS_UNKNOWN) != 0, marks[i].holds);
	}
	world_unbuild(&p);
}

static void
test_tree__an_empty_root_holds_nothing(void **state)
{
	UNUSED(state);
	struct tree t;
	tree_init(&t);
	tree_finish(&t);
	assert_int_equal(t.root.flags & ENTRY_HOLDS_UNKNOWN, 0);
	assert_int_equal(t.entries, 0);
	assert_null(tree_find(&t, "a", 1));
	tree_free(&t);
	tree_free(&t);
}

static void
test_tree__learns_hashes(void **state)
{
	UNUSED(state);
	struct planned p;
	build(&p, busy, 0);
	struct tree *t = &p.trees[SIDE_LOCAL];
	struct entry *e = tree_find(t, "a/b", 3);
	assert_null(e->u.hash);
	tree_set_hash(t, e, (struct hash){1, 2});
	assert_true(hash_equal(*e->u.hash, (struct hash){1, 2}));
	world_unbuild(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_tree__walks_in_tree_order),
	    cmocka_unit_test(test_tree__walks_a_subtree),
	    cmocka_unit_test(test_tree__finds),
	    cmocka_unit_test(test_tree__no_name_is_that_long),
	    cmocka_unit_test(test_tree__counts_and_marks),
	    cmocka_unit_test(test_tree__an_empty_root_holds_nothing),
	    cmocka_unit_test(test_tree__learns_hashes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
