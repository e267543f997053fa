#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "cli/cmd/sync.h"
#include "cli/resolve/resolve.h"
#include "engine/handoff/await.h"
#include "engine/profile/pause.h"
#include "plan_scene.h"
#include "platform/plat_ask.h"
#include "platform/plat_sig.h"
#include "platform/plat_thread.h"
#include "platform/plat_time.h"
#include "support/screen.h"

/* ---- an engine and a terminal of our own making ---------------------------
 */

static struct {
	int rc;
	struct err why;
	struct scene *scene;
	struct run_options asked;
	int paused;
	const char *log_trouble;
} fake;

int
await_run(struct run *out, const struct config *c,
    const struct run_options *options, const struct await *a, struct err *e)
{
	UNUSED(a);
	fake.asked = *options;
	*out = (struct run){.config = c,
	    .options = *options,
	    .snapshot = STR_INIT,
	    .plan = fake.scene->plan,
	    .planned = true,
	    .results = fake.scene->results,
	    .log = (struct log *)&fake};
	out->sites[SIDE_CLOUD].root = (struct plat_dir *)&fake;
	*e = fake.why;
	return fake.rc;
}

/* Paths behind --accept-cloud are the flow tests' business. */
int
resolve_path(struct str *out, const char *arg, char *const *roots)
{
	UNUSED(out);
	UNUSED(arg);
	UNUSED(roots);
	return -1;
}

const char *
log_trouble(struct log *l)
{
	assert_ptr_equal(l, &fake);
	return fake.log_trouble;
}

int
pause_is(struct str *since, const struct config *c, struct err *e)
{
	UNUSED(c);
	if (fake.paused > 0)
		str_add(since, "since then");
	return fake.paused < 0 ? err_set(e, ERR_ACCESS, "no way") : fake.paused;
}

int
plat_ask(const struct plat_question *q, struct err *e)
{
	UNUSED(q);
	return err_set(e, ERR_UNSUPPORTED, "no window here");
}

bool
plat_sig_asked(void)
{
	return false;
}

int
plat_sig_check(struct err *e)
{
	UNUSED(e);
	return 0;
}

int
plat_sig_await_input(struct err *e)
{
	UNUSED(e);
	return 0;
}

unsigned
cli_threads(const struct cli_globals *g)
{
	return g->threads.given ? (unsigned)g->threads.value : 7;
}

int
plat_zone_offset(struct stamp t)
{
	UNUSED(t);
	return 0;
}

uint64_t
plat_ticks(void)
{
	return 0;
}

struct plat_mutex *
plat_mutex_new(void)
{
	return NULL;
}

void
plat_mutex_destroy(struct plat_mutex *m)
{
	UNUSED(m);
}

void
plat_mutex_lock(struct plat_mutex *m)
{
	UNUSED(m);
}

void
plat_mutex_unlock(struct plat_mutex *m)
{
	UNUSED(m);
}

/* ---- asking -------------------------------------------------------------- */

static void
begin(struct cli_context *c, struct scene *s)
{
	memset(c, 0, sizeof(*c));
	memset(&fake, 0, sizeof(fake));
	scene_init(s);
	fake.scene = s;
	screen_clear();
	c->members = STR_INIT;
	c->message = STR_INIT;
	out_init(&c->out, PLAT_STDOUT, 0);
	out_init(&c->err, PLAT_STDERR, 0);
	json_init(&c->json, &c->members);
	json_object(&c->json);
}

static void
leave(struct cli_context *c)
{
	out_free(&c->out);
	out_free(&c->err);
	str_free(&c->members);
	str_free(&c->message);
	screen_clear();
}

static int
tell(struct cli_context *c, bool apply)
{
	struct run run;
	struct err e;
	struct config config = {.profile = NULL};
	struct sync_order order = {.apply = apply, .wish = SYNC_WISH};
	struct sync_end end = sync_run(&run, c, &config, &order);
	int code = sync_tell(c, &run, &end);
	assert_int_equal(out_flush(&c->out, &e), 0);
	assert_int_equal(out_flush(&c->err, &e), 0);
	return code;
}

static void
assert_told(const char *part)
{
	if (strstr(screen.shown.p, part) == NULL)
		assert_string_equal(screen.shown.p, part);
}

/* ---- tests --------------------------------------------------------------- */

static void
test_sync__skipped_paths(void **state)
{
	static const struct {
		enum plan_skip why;
		int code;
		const char *said, *hint;
	} cases[] = {
	    {PLAN_SKIP_UNREADABLE, 1, "could not be read", "command again"},
	    {PLAN_SKIP_PLACEHOLDER, 5, "1 file is not downloaded",
		"cloud.placeholders = hydrate"},
	    {PLAN_SKIP_EQUAL_MTIME, 2, "of the same time differ",
		"--take local|cloud"},
	    {PLAN_SKIP_INVALID_NAME, 2, "cannot be held", "rename"},
	    {PLAN_SKIP_SYMLINK, 0, "nothing to do, 1 skipped", ""},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct cli_context c;
		struct scene s;
		begin(&c, &s);
		scene_skip(&s, cases[i].why, SIDE_LOCAL, "p");
		assert_int_equal(tell(&c, false), cases[i].code);
		assert_told(cases[i].said);
		assert_told(cases[i].hint);
		assert_non_null(strstr(c.message.p, cases[i].said));
		assert_null(c.result);
		leave(&c);
	}
}

static void
test_sync__several_placeholders(void **state)
{
	struct cli_context c;
	struct scene s;
	UNUSED(state);
	begin(&c, &s);
	scene_skip(&s, PLAN_SKIP_PLACEHOLDER, SIDE_CLOUD, "p");
	scene_skip(&s, PLAN_SKIP_PLACEHOLDER, SIDE_CLOUD, "q");
	scene_conflict(&s, PLAN_GROUP, PLAN_UNRESOLVED, "c");
	assert_int_equal(tell(&c, false), 5);
	assert_told("2 files are not downloaded");
	leave(&c);
}

static void
test_sync__partial(void **state)
{
	static char why[] = "disk on fire";
	struct cli_context c;
	struct scene s;
	UNUSED(state);
	for (int quiet = 0; quiet <= 1; quiet++) {
		begin(&c, &s);
		c.globals.quiet = quiet > 0;
		scene_act(&s, PLAN_COPY, PLAN_TO_CLOUD, PLAN_NEW, "a", 1);
		scene_act(&s, PLAN_COPY, PLAN_TO_CLOUD, PLAN_NEW, "b", 1);
		scene_end(&s, 0, APPLY_DONE, NULL);
		scene_end(&s, 1, APPLY_FAILED, why);
		assert_int_equal(tell(&c, true), 1);
		assert_string_equal(c.result, "partial");
		assert_string_equal(c.message.p, "1 path could not be synced");
		assert_told("Failed\n  b: disk on fire\n");
		assert_int_equal(
		    strstr(screen.shown.p, "  copy  a") != NULL, quiet == 0);
		leave(&c);
	}
}

/* What a guard says comes first, and what helps depends on how far it came. */
static void
test_sync__failures(void **state)
{
	static const struct {
		enum err_code kind;
		bool planned, cloud;
		int code;
		const char *hint;
		enum run_refusal refusal;
	} cases[] = {
	    {ERR_REFUSED, true, true, 5, "--allow-deletes", RUN_NOT_REFUSED},
	    {ERR_REFUSED, false, false, 5, "start the cloud client",
		RUN_NOT_REFUSED},
	    {ERR_REFUSED, false, true, 5, "--accept-cloud", RUN_REFUSED_MARKER},
	    {ERR_REFUSED, false, true, 5, "machine_id", RUN_REFUSED_TWIN},
	    {ERR_REFUSED, false, true, 5, "forget", RUN_REFUSED_MANIFEST},
	    {ERR_REFUSED, false, true, 5, "--accept-cloud", RUN_REFUSED_TIME},
	    {ERR_REFUSED, true, true, 5, "--wait", RUN_REFUSED_INCOMPLETE},
	    {ERR_REFUSED, true, true, 5, "PATH...", RUN_REFUSED_EDITED},
	    {ERR_RUNNING, true, true, 3, "close the application",
		RUN_NOT_REFUSED},
	    {ERR_IO, true, true, 1, "run the same command again",
		RUN_NOT_REFUSED},
	    {ERR_CANCELLED, true, true, 130, "goes on from here",
		RUN_NOT_REFUSED},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct cli_context c;
		struct scene s;
		struct run run;
		struct config config = {.profile = NULL};
		struct sync_order order = {.apply = true, .wish = SYNC_WISH};
		struct err e;
		begin(&c, &s);
		scene_conflict(&s, PLAN_GROUP, PLAN_UNRESOLVED, "c");
		fake.rc = err_set(&fake.why, cases[i].kind, "the cause");
		struct sync_end end = sync_run(&run, &c, &config, &order);
		run.planned = cases[i].planned;
		run.refusal = cases[i].refusal;
		if (!cases[i].cloud)
			run.sites[SIDE_CLOUD].root = NULL;
		assert_int_equal(sync_tell(&c, &run, &end), cases[i].code);
		assert_int_equal(out_flush(&c.err, &e), 0);
		assert_told("coldsync: the cause\n");
		assert_told(cases[i].hint);
		assert_string_equal(c.message.p, "the cause");
		leave(&c);
	}
}

/* Of several reasons the one that beats the others decides. */
static void
test_sync__failures_and_plans(void **state)
{
	struct cli_context c;
	struct scene s;
	UNUSED(state);
	begin(&c, &s);
	scene_skip(&s, PLAN_SKIP_PLACEHOLDER, SIDE_CLOUD, "p");
	fake.rc = err_set(&fake.why, ERR_IO, "the cause");
	assert_int_equal(tell(&c, true), 5);
	leave(&c);
}

/* "applied" is what was done, not what was meant. */
static void
test_sync__applied(void **state)
{
	static const struct {
		bool apply, fails, blocked, done, want;
	} cases[] = {
	    {false, false, false, false, false},
	    {true, false, false, false, true},
	    {true, false, true, false, false},
	    {true, true, false, false, false},
	    {true, true, false, true, true},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct cli_context c;
		struct scene s;
		begin(&c, &s);
		c.globals.json = true;
		scene_act(&s, PLAN_COPY, PLAN_TO_CLOUD, PLAN_NEW, "a", 1);
		s.results[0].status =
		    cases[i].done ? APPLY_DONE : APPLY_PLANNED;
		s.plan.blocked = cases[i].blocked;
		if (cases[i].fails)
			fake.rc = err_set(&fake.why, ERR_IO, "the cause");
		(void)tell(&c, cases[i].apply);
		assert_non_null(strstr(c.members.p,
		    cases[i].want ? "\"applied\":true" : "\"applied\":false"));
		leave(&c);
	}
}

static void
test_sync__what_is_asked_of_the_engine(void **state)
{
	struct cli_context c;
	struct scene s;
	UNUSED(state);
	begin(&c, &s);
	(void)tell(&c, true);
	assert_int_equal(fake.asked.threads, 7);
	assert_true(fake.asked.apply);
	assert_int_equal(fake.asked.wish.direction, -1);
	assert_int_equal(fake.asked.wish.policy, -1);
	c.globals.threads.given = true;
	c.globals.threads.value = 3;
	(void)tell(&c, false);
	assert_int_equal(fake.asked.threads, 3);
	assert_false(fake.asked.apply);
	leave(&c);
}

static void
test_sync__log_trouble(void **state)
{
	struct cli_context c;
	struct scene s;
	UNUSED(state);
	begin(&c, &s);
	fake.log_trouble = "log: disk full";
	assert_int_equal(tell(&c, true), 0);
	assert_told("warning: log: disk full\n");
	leave(&c);
}

static void
test_sync__paused(void **state)
{
	static const struct {
		int paused;
		bool stops;
		int code;
		const char *result, *said;
	} cases[] = {
	    {0, false, -1, NULL, ""},
	    {1, true, 0, "paused", "is paused, nothing is done: since then"},
	    {-1, true, 1, NULL, "cannot tell whether"},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		static char name[] = "docs";
		struct config config = {.profile = name};
		struct cli_context c;
		struct scene s;
		struct err e;
		int code = -1;
		begin(&c, &s);
		fake.paused = cases[i].paused;
		assert_int_equal(
		    sync_paused(&code, &c, &config), cases[i].stops);
		assert_int_equal(code, cases[i].code);
		assert_int_equal(out_flush(&c.out, &e), 0);
		assert_int_equal(out_flush(&c.err, &e), 0);
		assert_told(cases[i].said);
		if (cases[i].result != NULL)
			assert_string_equal(c.result, cases[i].result);
		assert_int_equal(strstr(c.members.p, "\"actions\":[]") != NULL,
		    cases[i].stops);
		leave(&c);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sync__skipped_paths),
	    cmocka_unit_test(test_sync__several_placeholders),
	    cmocka_unit_test(test_sync__partial),
	    cmocka_unit_test(test_sync__failures),
	    cmocka_unit_test(test_sync__failures_and_plans),
	    cmocka_unit_test(test_sync__applied),
	    cmocka_unit_test(test_sync__what_is_asked_of_the_engine),
	    cmocka_unit_test(test_sync__log_trouble),
	    cmocka_unit_test(test_sync__paused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
