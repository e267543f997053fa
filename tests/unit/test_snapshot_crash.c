#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "faults.h"
#include "snapshot_world.h"

/* Every call of the platform fails once, and every call is the last one a
   process makes: what was there is there, and a rerun ends as if nothing had
   happened. */

static const struct {
	const char *name, *content, *path;
	enum side side;
	uint32_t mode;
} victims[] = {
    {"victim0", "contents of the first", "docs/a", SIDE_LOCAL, 0644},
    {"victim1", "contents of the second", "docs/b", SIDE_CLOUD, 0755},
    {"victim2", "what came between", "docs/a", SIDE_LOCAL, 0600},
    {"victim3", "below a file", "docs/a/c", SIDE_LOCAL, 0640},
    {"victim4", "has two names", "docs/d", SIDE_LOCAL, 0644},
    {"victim5", "../where/it/points", "link", SIDE_CLOUD, 0777},
};

enum { LINK = 5 };

/* Each call is one round of the world; under Wine that takes long. */
#ifdef EMULATED
enum { STEP = 11 };
#else
enum { STEP = 1 };
#endif

static bool has_link; /* not every system lets us make one */

static void
prepare(struct world *w)
{
	has_link = false;
	for (size_t i = 0; i < COUNT_OF(victims); i++) {
		struct stamp t = {.sec = 1000000000 + (int64_t)i * 1000};
		if (i != LINK)
			world_victim(w, victims[i].name, victims[i].content,
			    victims[i].mode, t);
		else if (put_link(w->tree, victims[i].name, victims[i].content))
			has_link =
			    plat_touch(w->tree, victims[i].name, t, NULL) >= 0;
		else
			continue;
		if (i != 2) /* that one no plan saw */
			world_tell(w, INTENT_REMOVE, victims[i].side,
			    victims[i].path, victims[i].name);
	}
	(void)plat_link(w->tree, "victim4", w->tree, "another", NULL);
	world_tell(w, INTENT_PUT, SIDE_CLOUD, "new", NULL);
	/* Inodes differ between two worlds. */
	for (size_t i = 0; i < w->story.n; i++)
		w->story.v[i].intent.victim.ino = 0;
}

/* What the engine does, and does again after a crash. */
static int
run(struct world *w)
{
	bool made;
	for (size_t i = 0; i < COUNT_OF(victims); i++) {
		struct plat_stat st;
		int rc = plat_stat(&st, w->tree, victims[i].name, &w->e);
		if (rc == 0)
			rc = world_keep(w, victims[i].name, victims[i].side,
			    victims[i].path);
		if (rc < 0)
			return -1;
	}
	return world_finish(w, &made);
}

/* Each content is in the tree, or in what can be seen of the backups. */
static void
assert_nothing_lost(struct world *w, const struct str *shown)
{
	bool packed = world_has(w, WORLD_ID ".zip");
	for (size_t i = 0; i < COUNT_OF(victims); i++) {
		if (i == LINK && !has_link)
			continue;
		if (!has(w->tree, victims[i].name) && !packed &&
		    strstr(shown->p, victims[i].content) == NULL)
			fail_msg("'%s' is lost", victims[i].content);
	}
}

static const struct mode {
	bool zip, foreign, no_volume, no_promise, all;
} modes[] = {
    {false, false, false, false, false},
    {false, true, true, true, true},
    {true, true, false, false, false},
    {true, false, true, true, true},
};

static void
begin(struct world *w, const struct mode *m)
{
	world_open(w, m->zip);
	difficult.quick = true;
	difficult.foreign = m->foreign;
	difficult.no_volume = m->no_volume;
	difficult.no_promise = m->no_promise;
	prepare(w);
}

/* Call *n* fails. Returns false when there were not so many. */
static bool
one_round(const struct mode *m, unsigned n, const struct str *want)
{
	struct world w;
	struct str shown = STR_INIT;
	begin(&w, m);
	if (m->all)
		fault_all(n);
	else
		fault_one(n);
	int rc = run(&w);
	bool hit = fault_over();
	if (rc < 0)
		assert_true(hit);
	if (has(w.temp->dir, "state")) {
		struct plat_dir *state = sub(w.temp->dir, "state");
		if (has(state, "backups")) {
			world_show(&shown, &w);
			assert_nothing_lost(&w, &shown);
		}
		plat_dir_close(state);
	}
	if (rc < 0) {
		world_begin(&w);
		assert_done(run(&w), &w.e);
	}
	str_clear(&shown);
	world_show(&shown, &w);
	if (strcmp(shown.p, want->p) != 0)
		fail_msg("after call %u (%s):\n%s\ninstead of\n%s", n,
		    fault_calls(), shown.p, want->p);
	str_free(&shown);
	world_close(&w);
	return hit;
}

static void
test_snapshot_crash__every_call(void **state)
{
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(modes); i++) {
		struct world w;
		struct str want = STR_INIT;
		begin(&w, &modes[i]);
		assert_done(run(&w), &w.e);
		world_show(&want, &w);
		world_close(&w);
		unsigned n = 0;
		while (one_round(&modes[i], n, &want))
			n += STEP;
		assert_true(n > 100);
		str_free(&want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_snapshot_crash__every_call),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
