/*
 * What a watch says of itself, and how long it waits. The loop itself is tested
 * with real files and programs (tests/flow/test_watch.py).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "engine/watch/watch.h"
#include "platform/plat_env.h"
#include "platform/plat_proc.h"
#include "scratch.h"

struct scene {
	struct scratch s;
	struct config config;
	struct watch_post post;
};

static int
setup(void **state)
{
	struct scene *t = mem_zero(1, sizeof(*t));
	scratch_open(&t->s);
	t->config.paths.state_dir = t->s.path;
	struct err e;
	assert_int_equal(watch_post_take(&t->post, &t->config, &e), 0);
	*state = t;
	return 0;
}

static int
teardown(void **state)
{
	struct scene *t = *state;
	watch_post_leave(&t->post);
	assert_false(scratch_has(&t->s, "watch"));
	scratch_close(&t->s);
	free(t);
	return 0;
}

static struct watch_note
note(void)
{
	struct watch_note n = {.state = WATCH_BACKING_OFF,
	    .since = 1767225600,
	    .next = 1767225660,
	    .refusals = 7,
	    .reason = STR_INIT};
	n.pid = plat_proc_self(&n.started);
	return n;
}

static void
test_watch__note_and_back(void **state)
{
	struct scene *t = *state;
	struct watch_note n = note(), back;
	struct err e;
	/* Whatever a reason holds is only ever the reason. */
	str_add(&n.reason, "one\nstate idle\nreason \xff two\n");
	assert_int_equal(watch_post_write(&t->post, &n, &e), 0);
	assert_int_equal(watch_note_read(&back, &t->config, &e), 0);
	assert_int_equal(back.state, n.state);
	assert_int_equal(back.pid, n.pid);
	assert_true(back.started == n.started);
	assert_int_equal(back.since, n.since);
	assert_int_equal(back.next, n.next);
	assert_int_equal(back.refusals, n.refusals);
	assert_string_equal(back.reason.p, n.reason.p);
	watch_note_free(&back);
	watch_note_free(&n);
}

/* A pid alone may be somebody else's by now. */
static void
test_watch__note_of_the_dead(void **state)
{
	struct scene *t = *state;
	struct watch_note n = note(), back;
	struct err e;
	assert_int_equal(watch_note_read(&back, &t->config, &e), 1);
	watch_note_free(&back);
	if (n.started != 0) {
		n.started--;
		assert_int_equal(watch_post_write(&t->post, &n, &e), 0);
		assert_int_equal(watch_note_read(&back, &t->config, &e), 1);
		watch_note_free(&back);
	}
	watch_note_free(&n);
}

static void
test_watch__note_made_up(void **state)
{
	static const char *const bad[] = {
	    "",
	    "coldsync watch 1\n",
	    "coldsync watch 2\nstate idle\npid 1\nstarted 0\nsince 1\nnext 0\n"
	    "refusals 0\nreason ",
	    "coldsync watch 1\nstate asleep\npid 1\nstarted 0\nsince 1\n"
	    "next 0\nrefusals 0\nreason ",
	    "coldsync watch 1\nstate idle\npid x\nstarted 0\nsince 1\nnext 0\n"
	    "refusals 0\nreason ",
	    "coldsync watch 1\nstate idle\npid 1\nstarted 0\nsince 1\nnext 0\n"
	    "refusals 0\n",
	};
	struct scene *t = *state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct watch_note back;
		struct err e;
		scratch_put(&t->s, "watch", bad[i]);
		assert_int_equal(watch_note_read(&back, &t->config, &e), 1);
		watch_note_free(&back);
	}
}

static void
test_watch__only_one(void **state)
{
	struct scene *t = *state;
	struct watch_post second;
	struct err e;
	assert_int_equal(watch_post_take(&second, &t->config, &e), -1);
	assert_int_equal(e.code, ERR_LOCKED);
	watch_post_leave(&second);
	watch_post_leave(&t->post);
	assert_int_equal(watch_post_take(&t->post, &t->config, &e), 0);
}

static void
test_watch__no_state_yet(void **state)
{
	struct scene *t = *state;
	struct config c = t->config;
	struct watch_note back;
	struct err e;
	struct str path = STR_INIT;
	str_addf(&path, "%s/none", t->s.path);
	c.paths.state_dir = path.p;
	assert_int_equal(watch_note_read(&back, &c, &e), 1);
	watch_note_free(&back);
	assert_false(scratch_has(&t->s, "none"));
	str_free(&path);
}

static void
test_watch__delays(void **state)
{
	static const struct {
		uint64_t refusals;
		int64_t poll, delay;
	} cases[] = {
	    {1, 30, 30},
	    {2, 30, 30},
	    {3, 30, 60},
	    {4, 30, 120},
	    {7, 30, 900},
	    {1000, 30, 900},
	    {UINT64_MAX, 1, 900},
	    {1, 86400, 86400},
	    {9, 86400, 86400},
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(watch_delay(cases[i].refusals, cases[i].poll),
		    cases[i].delay);
}

#define IN_SCENE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(int argc, char **argv)
{
	plat_env_init(&argc, &argv);
	const struct CMUnitTest tests[] = {
	    IN_SCENE(test_watch__note_and_back),
	    IN_SCENE(test_watch__note_of_the_dead),
	    IN_SCENE(test_watch__note_made_up),
	    IN_SCENE(test_watch__only_one),
	    IN_SCENE(test_watch__no_state_yet),
	    cmocka_unit_test(test_watch__delays),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
