/*
 * Events arrive a moment after what they tell of, so "nothing" is asked for
 * only once all that came before was taken, and "changed" is waited for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "platform/plat_env.h"
#include "platform/plat_sig.h"
#include "platform/plat_time.h"
#include "platform/plat_watch.h"
#include "support/tempdir.h"

enum { SOON = 5000, QUIET = 150 }; /* ms */

struct scene {
	struct tempdir *t;
	struct plat_watch *w;
	bool all; /* the system tells of everything */
};

static void
arm(struct scene *s)
{
	struct err e;
	plat_watch_destroy(s->w);
	s->w = plat_watch_new();
	int rc = plat_watch_tree(s->w, s->t->dir, &e);
	if (rc < 0)
		assert_done(rc, &e);
	s->all = rc == 0;
}

static void
settle(struct scene *s)
{
	while (plat_watch_wait(s->w, QUIET) != PLAT_WATCH_NOTHING)
		continue;
}

static int
scene_setup(void **state)
{
	static struct scene s;
	void *t;
	if (tempdir_setup(&t) != 0)
		return -1;
	s = (struct scene){.t = t};
	put_dir(s.t->dir, "deep");
	put_file(s.t->dir, "file", "old");
	arm(&s);
	*state = &s;
	return 0;
}

static int
scene_teardown(void **state)
{
	struct scene *s = *state;
	void *t = s->t;
	plat_watch_destroy(s->w);
	return tempdir_teardown(&t);
}

static void
assert_told(struct scene *s)
{
	assert_int_not_equal(plat_watch_wait(s->w, SOON), PLAT_WATCH_NOTHING);
}

static void
test_plat_watch__silent(void **state)
{
	struct scene *s = *state;
	uint64_t before = plat_ticks();
	settle(s);
	assert_int_equal(plat_watch_wait(s->w, QUIET), PLAT_WATCH_NOTHING);
	assert_true(plat_ticks() - before + 20 >= QUIET);
}

static void
test_plat_watch__new_gone_renamed(void **state)
{
	struct scene *s = *state;
	struct plat_dir *deep = sub(s->t->dir, "deep");
	put_file(deep, "new", "x");
	assert_told(s);
	settle(s);
	assert_int_equal(plat_move(deep, "new", deep, "newer", NULL), 0);
	assert_told(s);
	settle(s);
	assert_int_equal(plat_unlink(deep, "newer", NULL), 0);
	assert_told(s);
	plat_dir_close(deep);
}

static void
test_plat_watch__content(void **state)
{
	struct scene *s = *state;
	struct plat_file f;
	if (!s->all)
		skip();
	settle(s);
	assert_int_equal(plat_append(&f, s->t->dir, "file", NULL), 0);
	assert_int_equal(plat_write(f, "more", 4, NULL), 0);
	assert_told(s);
	assert_int_equal(plat_close(&f, NULL), 0);
}

/* Whatever happens in a directory that was not there: seen, at the latest by
   a watch made anew when told to. */
static void
test_plat_watch__new_directory(void **state)
{
	struct scene *s = *state;
	settle(s);
	put_dir(s->t->dir, "later");
	int told = plat_watch_wait(s->w, SOON);
	assert_int_not_equal(told, PLAT_WATCH_NOTHING);
	if (told == PLAT_WATCH_RESHAPED)
		arm(s);
	settle(s);
	struct plat_dir *later = sub(s->t->dir, "later");
	put_file(later, "in it", "x");
	assert_told(s);
	plat_dir_close(later);
}

/* What is read is not changed. */
static void
test_plat_watch__reading_is_no_change(void **state)
{
	struct scene *s = *state;
	struct plat_file f;
	char buf[8];
	size_t got;
	settle(s);
	assert_int_equal(plat_open(&f, s->t->dir, "file", NULL), 0);
	assert_int_equal(plat_read(f, buf, sizeof(buf), &got, NULL), 0);
	assert_int_equal(plat_close(&f, NULL), 0);
	assert_int_equal(plat_watch_wait(s->w, QUIET), PLAT_WATCH_NOTHING);
}

/* Many become one. */
static void
test_plat_watch__takes_all(void **state)
{
	struct scene *s = *state;
	char name[] = "f0000";
	settle(s);
	for (int i = 0; i < 1000; i++) {
		for (int k = 4, n = i; k > 0; k--, n /= 10)
			name[k] = (char)('0' + n % 10);
		put_file(s->t->dir, name, "x");
	}
	assert_told(s);
	settle(s);
	assert_int_equal(plat_watch_wait(s->w, 0), PLAT_WATCH_NOTHING);
}

/* A root that goes says so, and is not kept from going. Wine is silent about
   it, so whoever must know looks, too. */
static void
test_plat_watch__root_goes(void **state)
{
	struct scene *s = *state;
	struct err e;
	struct plat_dir *deep = sub(s->t->dir, "deep");
	plat_watch_destroy(s->w);
	s->w = plat_watch_new();
	assert_int_not_equal(plat_watch_tree(s->w, deep, &e), -1);
	plat_dir_close(deep);
	settle(s);
	assert_done(plat_rmdir(s->t->dir, "deep", &e), &e);
#ifndef EMULATED
	assert_int_equal(plat_watch_wait(s->w, SOON), PLAT_WATCH_RESHAPED);
#endif
	plat_watch_destroy(s->w);
	s->w = NULL;
	assert_false(has(s->t->dir, "deep"));
}

static void
test_plat_watch__just_sleeps(void **state)
{
	(void)state;
	uint64_t before = plat_ticks();
	assert_int_equal(plat_watch_wait(NULL, 100), PLAT_WATCH_NOTHING);
	assert_true(plat_ticks() - before + 20 >= 100);
	plat_watch_destroy(NULL);
}

#define IN_SCENE(test)                                                         \
	cmocka_unit_test_setup_teardown(test, scene_setup, scene_teardown)

int
main(int argc, char **argv)
{
	plat_env_init(&argc, &argv);
	plat_sig_install();
	const struct CMUnitTest tests[] = {
	    IN_SCENE(test_plat_watch__silent),
	    IN_SCENE(test_plat_watch__new_gone_renamed),
	    IN_SCENE(test_plat_watch__content),
	    IN_SCENE(test_plat_watch__new_directory),
	    IN_SCENE(test_plat_watch__reading_is_no_change),
	    IN_SCENE(test_plat_watch__takes_all),
	    IN_SCENE(test_plat_watch__root_goes),
	    cmocka_unit_test(test_plat_watch__just_sleeps),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
