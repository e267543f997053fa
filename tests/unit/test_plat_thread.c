#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "platform/plat_thread.h"

enum { THREADS = 4, ROUNDS = 20000 };

struct shared {
	struct plat_mutex *m;
	long count;
	int turn;
	int passes;
};

static void
count_up(void *arg)
{
	struct shared *s = arg;
	for (int i = 0; i < ROUNDS; i++) {
		plat_mutex_lock(s->m);
		s->count++;
		plat_mutex_unlock(s->m);
	}
}

static void
test_plat_thread__mutex_excludes(void **state)
{
	(void)state;
	struct shared s = {.m = plat_mutex_new()};
	struct plat_thread *t[THREADS];
	for (int i = 0; i < THREADS; i++)
		t[i] = plat_thread_start(count_up, &s);
	for (int i = 0; i < THREADS; i++) {
		assert_non_null(t[i]);
		plat_thread_join(t[i]);
	}
	assert_int_equal(s.count, THREADS * ROUNDS);
	plat_mutex_destroy(s.m);
	plat_thread_join(NULL);
}

/* Two threads hand a ball to and fro: no wake-up may get lost. */
static void
play(struct shared *s, int me)
{
	plat_mutex_lock(s->m);
	for (int i = 0; i < 500; i++) {
		while (s->turn != me)
			plat_mutex_wait(s->m);
		s->turn = !me;
		s->passes++;
		plat_mutex_wake(s->m);
	}
	plat_mutex_unlock(s->m);
}

static void
other_player(void *arg)
{
	play(arg, 1);
}

static void
test_plat_thread__wait_and_wake(void **state)
{
	(void)state;
	struct shared s = {.m = plat_mutex_new()};
	struct plat_thread *t = plat_thread_start(other_player, &s);
	assert_non_null(t);
	play(&s, 0);
	plat_thread_join(t);
	assert_int_equal(s.passes, 1000);
	plat_mutex_destroy(s.m);
}

static void
test_plat_thread__cpus(void **state)
{
	(void)state;
	assert_true(plat_cpu_count() >= 1 && plat_cpu_count() < 100000);
}

static void
test_plat_thread__room(void **state)
{
	(void)state;
	assert_int_equal(plat_thread_room(1), 1);
	assert_true(plat_thread_room(2) >= 1 && plat_thread_room(2) <= 2);
	assert_true(plat_thread_room(256) <= 256);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_plat_thread__mutex_excludes),
	    cmocka_unit_test(test_plat_thread__wait_and_wake),
	    cmocka_unit_test(test_plat_thread__cpus),
	    cmocka_unit_test(test_plat_thread__room),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
