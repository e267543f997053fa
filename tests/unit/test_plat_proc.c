#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/plat_env.h"
#include "platform/plat_proc.h"
#include "platform/plat_time.h"
#include "support/role.h"
#include "support/tempdir.h"

/* ---- roles --------------------------------------------------------------- */

/* Hold the file "held" open, and say who we are in the file "ready". */
static int
play_hold(char **args)
{
	struct plat_dir *d;
	struct plat_file f;
	struct err e;
	char text[40];
	uint64_t started;
	if (plat_dir_open(&d, args[0], &e) < 0 ||
	    plat_open(&f, d, "held", &e) != 0)
		return 1;
	snprintf(
	    text, sizeof(text), "%lld", (long long)plat_proc_self(&started));
	put_file(d, "writing", text);
	if (plat_replace(d, "writing", d, "ready", &e) < 0)
		return 1;
	plat_dir_close(d);
	plat_sleep(60000);
	return 0;
}

static const struct role roles[] = {{"hold", play_hold}};

/* Start it, and learn its pid. */
static struct plat_child *
start_holder(struct tempdir *t, int64_t *pid)
{
	char text[40] = "";
	struct plat_file f;
	struct err e;
	size_t got;
	put_file(t->dir, "held", "");
	struct plat_child *c = role_start("hold", t->path, NULL);
	await(t->dir, "ready");
	assert_done(plat_open(&f, t->dir, "ready", &e), &e);
	assert_done(plat_read(f, text, sizeof(text) - 1, &got, &e), &e);
	assert_done(plat_close(&f, &e), &e);
	*pid = (int64_t)strtoll(text, NULL, 10);
	assert_true(*pid > 0);
	return c;
}

/* ---- listing ------------------------------------------------------------- */

struct wanted {
	int64_t pid;
	int found;
	struct plat_proc p; /* its pointers are stale */
	char name[64];
	char role[64]; /* argv[2] */
	size_t all;
};

static int
look_for(void *arg, const struct plat_proc *p)
{
	struct wanted *w = arg;
	assert_non_null(p->name);
	w->all++;
	if (p->pid != w->pid)
		return 0;
	w->found++;
	w->p = *p;
	snprintf(w->name, sizeof(w->name), "%s", p->name);
	if (p->argv != NULL && p->argv[0] != NULL && p->argv[1] != NULL &&
	    p->argv[2] != NULL)
		snprintf(w->role, sizeof(w->role), "%s", p->argv[2]);
	return 0;
}

static void
test_plat_proc__lists_ourselves(void **state)
{
	(void)state;
	struct wanted w = {.pid = 0};
	uint64_t started;
	struct err e;
	w.pid = plat_proc_self(&started);
	assert_done(plat_proc_list(look_for, &w, &e), &e);
	assert_int_equal(w.found, 1);
	assert_true(w.all > 1);
	assert_true(w.p.started == started);
	assert_false(w.p.zombie);
	assert_false(w.p.partly_hidden);
	assert_non_null(strstr(w.name, "test_plat_proc"));
}

static void
test_plat_proc__lists_a_child(void **state)
{
	struct tempdir *t = *state;
	struct wanted w = {.pid = 0};
	uint64_t started;
	struct err e;
	struct plat_child *c = start_holder(t, &w.pid);
	assert_done(plat_proc_list(look_for, &w, &e), &e);
	assert_int_equal(w.found, 1);
	assert_true(w.p.parent == plat_proc_self(&started));
	assert_non_null(strstr(w.name, "test_plat_proc"));
	if (w.p.argv != NULL)
		assert_string_equal(w.role, "hold");
	plat_child_end(c);
	w.found = 0;
	assert_done(plat_proc_list(look_for, &w, &e), &e);
	assert_int_equal(w.found, 0);
}

static int
stop_with(void *arg, const struct plat_proc *p)
{
	(void)p;
	return *(int *)arg;
}

static void
test_plat_proc__list_stops(void **state)
{
	(void)state;
	struct err e;
	int answer = 42;
	assert_int_equal(plat_proc_list(stop_with, &answer, &e), 42);
	answer = -1;
	assert_int_equal(plat_proc_list(stop_with, &answer, &e), -1);
}

static void
test_plat_proc__alive(void **state)
{
	struct tempdir *t = *state;
	uint64_t started;
	int64_t self = plat_proc_self(&started), child;
	assert_true(started != 0);
	assert_true(plat_proc_alive(self, started));
	assert_true(plat_proc_alive(self, 0));
	assert_false(plat_proc_alive(self, started + 1));
	assert_false(plat_proc_alive(0x7ffffff0, 0));
	assert_false(plat_proc_alive(-1, 0));
	struct plat_child *c = start_holder(t, &child);
	assert_true(plat_proc_alive(child, 0));
	plat_child_end(c);
	assert_false(plat_proc_alive(child, 0));
}

static void
test_plat_proc__stop(void **state)
{
	struct tempdir *t = *state;
	struct wanted w = {.pid = 0};
	struct err e;
	int code;
	struct plat_child *c = start_holder(t, &w.pid);
	assert_done(plat_proc_list(look_for, &w, &e), &e);
	/* The same pid with another start is somebody else. */
	assert_int_equal(plat_proc_stop(w.pid, w.p.started + 1, true, &e), 1);
	assert_true(plat_proc_alive(w.pid, w.p.started));
	assert_done(plat_proc_stop(w.pid, w.p.started, true, &e), &e);
	assert_done(plat_child_wait(c, 20000, &code, NULL, 0, &e), &e);
	assert_int_not_equal(code, 0);
	plat_child_end(c);
	assert_int_equal(plat_proc_stop(w.pid, w.p.started, true, &e), 1);
	assert_int_equal(plat_proc_stop(0, 0, true, &e), 1);
	assert_int_equal(plat_proc_stop(-1, 0, true, &e), 1);
}

/* ---- waiting ------------------------------------------------------------- */

static void
test_plat_proc__await(void **state)
{
	struct tempdir *t = *state;
	struct wanted w = {.pid = 0};
	struct err e;
	uint64_t started;
	struct plat_child *c = start_holder(t, &w.pid);
	assert_done(plat_proc_list(look_for, &w, &e), &e);
	struct plat_proc_id who[] = {
	    {plat_proc_self(&started), 0}, {w.pid, w.p.started}};
	/* Nobody ends: the time does. */
	uint64_t before = plat_ticks();
	plat_proc_await(who, 2, 300);
	assert_true(plat_ticks() - before >= 290);
	/* Who has a pid that is used again has ended. */
	struct plat_proc_id other = {w.pid, w.p.started + 1};
	before = plat_ticks();
	plat_proc_await(&other, 1, 20000);
	assert_true(plat_ticks() - before < 10000);
	/* One of them ends. */
	assert_done(plat_proc_stop(w.pid, w.p.started, true, &e), &e);
	plat_proc_await(who, 2, 20000);
	assert_true(plat_ticks() - before < 10000);
	assert_false(plat_proc_alive(w.pid, w.p.started));
	plat_proc_await(who, 2, 20000);
	assert_true(plat_ticks() - before < 10000);
	plat_child_end(c);
}

/* More than can be watched at once. */
static void
test_plat_proc__await_many(void **state)
{
	struct tempdir *t = *state;
	struct wanted w = {.pid = 0};
	struct plat_proc_id who[100];
	struct err e;
	struct plat_child *c = start_holder(t, &w.pid);
	assert_done(plat_proc_list(look_for, &w, &e), &e);
	for (size_t i = 0; i < 100; i++)
		who[i].pid = plat_proc_self(&who[i].started);
	who[99] = (struct plat_proc_id){w.pid, w.p.started};
	uint64_t before = plat_ticks();
	plat_proc_await(who, 100, 300);
	assert_true(plat_ticks() - before >= 290);
	assert_done(plat_proc_stop(w.pid, w.p.started, true, &e), &e);
	plat_proc_await(who, 100, 20000);
	assert_true(plat_ticks() - before < 10000);
	plat_child_end(c);
	plat_proc_await(NULL, 0, 10);
}

/* ---- holders ------------------------------------------------------------- */

struct held {
	int64_t pid;
	int found;
	int others;
	char path[4096];
};

static int
note_holder(void *arg, const struct plat_holder *h)
{
	struct held *w = arg;
	assert_non_null(h->name);
	assert_non_null(h->path);
	if (h->pid != w->pid) {
		w->others++;
		return 0;
	}
	w->found++;
	snprintf(w->path, sizeof(w->path), "%s", h->path);
	return 0;
}

static int
refuse(void *arg, const struct plat_holder *h)
{
	(void)h;
	++*(int *)arg;
	return -1;
}

static void
test_plat_proc__holders(void **state)
{
	struct tempdir *t = *state;
	struct held w = {.pid = 0};
	struct err e;
	size_t blind;
	int calls = 0;
	/* The beginning of a name is not the directory above it. */
	put_dir(t->dir, "hel");
	struct plat_dir *other = sub(t->dir, "hel");
	struct plat_child *c = start_holder(t, &w.pid);
	int rc = plat_proc_holders(t->dir, note_holder, &w, &blind, &e);
	if (rc == 1) {
		plat_child_end(c);
		plat_dir_close(other);
		skip();
	}
	assert_done(rc, &e);
	assert_int_equal(w.found, 1);
	assert_int_equal(w.others, 0);
	assert_non_null(strstr(w.path, "held"));
	assert_int_equal(
	    plat_proc_holders(t->dir, refuse, &calls, &blind, &e), -1);
	assert_int_equal(calls, 1);
	w.found = 0;
	assert_done(plat_proc_holders(other, note_holder, &w, &blind, &e), &e);
	assert_int_equal(w.found, 0);
	plat_child_end(c);
	assert_done(plat_proc_holders(t->dir, note_holder, &w, &blind, &e), &e);
	assert_int_equal(w.found, 0);
	plat_dir_close(other);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, tempdir_setup, tempdir_teardown)

int
main(int argc, char **argv)
{
	plat_env_init(&argc, &argv);
	role_play(argc, argv, roles, sizeof(roles) / sizeof(roles[0]));
	const struct CMUnitTest tests[] = {
	    TEST(test_plat_proc__lists_ourselves),
	    TEST(test_plat_proc__lists_a_child),
	    TEST(test_plat_proc__list_stops),
	    TEST(test_plat_proc__alive),
	    TEST(test_plat_proc__stop),
	    TEST(test_plat_proc__await),
	    TEST(test_plat_proc__await_many),
	    TEST(test_plat_proc__holders),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
