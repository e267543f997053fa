/*
 * Places: by name, by identity, whatever the case.
 */
#include "config/config_overlap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "config_world.h"
#include "scratch.h"

/* A place made up: the steps of the path, where ids[i] is the inode of the
   i-th of them, the root being step 0; 0 is unknown. */
struct made_up {
	const char *path;
	uint64_t ids[5];
	bool fold_case;
};

static void
make_place(struct config_place *out, struct config_step steps[5],
    const struct made_up *m)
{
	size_t n = 0, len = strlen(m->path);
	steps[n] = (struct config_step){.len = 0, .dev = 1, .ino = m->ids[0]};
	n++;
	for (size_t i = 1; i <= len; i++) {
		if (m->path[i] != '/' && i != len)
			continue;
		steps[n] =
		    (struct config_step){.len = i, .dev = 1, .ino = m->ids[n]};
		n++;
	}
	*out = (struct config_place){.path = (char *)(uintptr_t)m->path,
	    .steps = steps,
	    .n = n,
	    .fold_case = m->fold_case};
}

struct place_case {
	struct made_up a, b;
	bool overlap;
};

static const struct place_case cases[] = {
    /* by name alone */
    {{"/a", {0}, false}, {"/a", {0}, false}, true},
    {{"/a/b", {0}, false}, {"/a", {0}, false}, true},
    {{"/a/b", {0}, false}, {"/a/c", {0}, false}, false},
    {{"/ab", {0}, false}, {"/a", {0}, false}, false},
    {{"", {0}, false}, {"/a/b", {0}, false}, true},
    {{"C:/a", {0}, false}, {"D:/a", {0}, false}, false},
    {{"C:/a/b", {0}, false}, {"C:/a", {0}, false}, true},
    /* either side's ignoring case is enough */
    {{"/A/b", {0}, false}, {"/a", {0}, false}, false},
    {{"/A/b", {0}, true}, {"/a", {0}, false}, true},
    {{"/A/b", {0}, false}, {"/a", {0}, true}, true},
    {{"/\xC3\x89", {0}, true}, {"/e\xCC\x81/x", {0}, false}, true},
    /* a directory with two names: /m is a mount of /a/b */
    {{"/m", {1, 5}, false}, {"/a/b", {1, 2, 5}, false}, true},
    {{"/m/c", {1, 5, 6}, false}, {"/a/b", {1, 2, 5}, false}, true},
    {{"/m/c", {1, 5, 0}, false}, {"/a/b/c/d", {1, 2, 5, 0, 0}, false}, true},
    {{"/m/c", {1, 5, 0}, false}, {"/a/b/d", {1, 2, 5, 0}, false}, false},
    {{"/m/C", {1, 5, 0}, false}, {"/a/b/c", {1, 2, 5, 0}, true}, true},
    {{"/m", {1, 6}, false}, {"/a/b", {1, 2, 5}, false}, false},
    {{"/m", {1, 0}, false}, {"/a/b", {1, 2, 0}, false}, false},
};

static void
test_config_overlap__made_up(void **state)
{
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct config_step steps[2][5];
		struct config_place a, b;
		make_place(&a, steps[0], &cases[i].a);
		make_place(&b, steps[1], &cases[i].b);
		if (config_place_overlaps(&a, &b) != cases[i].overlap ||
		    config_place_overlaps(&b, &a) != cases[i].overlap)
			fail_msg("%s and %s", a.path, b.path);
	}
}

/* The same number on another device is another directory. */
static void
test_config_overlap__devices(void **state)
{
	UNUSED(state);
	static const struct made_up a = {"/m", {1, 5}, false};
	static const struct made_up b = {"/n", {1, 5}, false};
	struct config_step steps[2][5];
	struct config_place x, y;
	make_place(&x, steps[0], &a);
	make_place(&y, steps[1], &b);
	assert_true(config_place_overlaps(&x, &y));
	steps[1][1].dev = 2;
	assert_false(config_place_overlaps(&x, &y));
}

/* ---- real places ----------------------------------------------------------
 */

static int
set_up(void **state)
{
	static struct scratch dir;
	config_world_reset();
	scratch_open(&dir);
	*state = &dir;
	return 0;
}

static int
tear_down(void **state)
{
	scratch_close(*state);
	return 0;
}

static void
look(struct config_place *out, const struct scratch *s, const char *name)
{
	struct err e;
	struct str path = STR_INIT;
	str_addf(&path, "%s/%s", s->path, name);
	assert_int_equal(config_place_look(out, path.p, &e), 0);
	str_free(&path);
}

static void
test_config_overlap__steps(void **state)
{
	const struct scratch *s = *state;
	struct err e;
	struct plat_stat st;
	struct config_place p;
	assert_int_equal(plat_mkdir(s->dir, "a", 0700, &e), 0);
	assert_int_equal(plat_stat(&st, s->dir, "a", &e), 0);
	look(&p, s, "a/b/c/");
	assert_true(p.n >= 2);
	const struct config_step *a = &p.steps[p.n - 1];
	assert_int_equal(a->dev, st.dev);
	assert_int_equal(a->ino, st.ino);
	assert_string_equal(p.path + a->len, "/b/c");
	assert_string_equal(p.path + a->len - 2, "/a/b/c");
	config_place_free(&p);
	config_place_free(&p);
}

static void
test_config_overlap__root(void **state)
{
	const struct scratch *s = *state;
	struct err e;
	struct config_place root, p;
	if (config_place_look(&root, "/", &e) != 0)
		skip();
	look(&p, s, "x");
	assert_true(config_place_overlaps(&root, &p));
	config_place_free(&root);
	config_place_free(&p);
}

static void
test_config_overlap__links(void **state)
{
	const struct scratch *s = *state;
	struct err e;
	struct config_place a, b;
	assert_int_equal(plat_mkdir(s->dir, "a", 0700, &e), 0);
	if (plat_symlink(s->dir, "b", "a", &e) != 0)
		skip();
	look(&a, s, "a/x");
	look(&b, s, "b");
	assert_true(config_place_overlaps(&a, &b));
	config_place_free(&b);
	look(&b, s, "b/y");
	assert_false(config_place_overlaps(&a, &b));
	config_place_free(&a);
	config_place_free(&b);
}

/* What is in the way of the path is no directory. */
static void
test_config_overlap__unreachable(void **state)
{
	const struct scratch *s = *state;
	struct err e;
	struct config_place p;
	struct str path = STR_INIT;
	scratch_put(s, "file", "");
	str_addf(&path, "%s/file/x", s->path);
	assert_int_equal(config_place_look(&p, path.p, &e), -1);
	assert_null(p.path);
	config_place_free(&p);
	str_free(&path);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_config_overlap__made_up),
	    cmocka_unit_test(test_config_overlap__devices),
	    TEST(test_config_overlap__steps),
	    TEST(test_config_overlap__root),
	    TEST(test_config_overlap__links),
	    TEST(test_config_overlap__unreachable),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
