#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/mem.h"
#include "log_scene.h"
#include "platform/plat_env.h"
#include "platform/plat_thread.h"
#include "platform/plat_time.h"

/* ---- records ------------------------------------------------------------- */

static void
test_log__records_reach_the_file(void **state)
{
	UNUSED(state);
	struct scratch s;
	scratch_open(&s);
	struct log_setup setup = scene_setup(s.path);
	struct log *l = log_start(&setup);
	scene_expect_names(&s, "");
	struct log_fields f = {.side = "cloud"};
	log_event(l, CONFIG_LOG_INFO, "one", &f);
	log_event(l, CONFIG_LOG_INFO, "two", NULL);
	log_reason(l, CONFIG_LOG_INFO, "three", "%d%%", 100);
	assert_null(log_trouble(l));
	log_close(l);
	scene_expect_names(&s, "work-laptop-2026-11-21.log");
	scene_expect_file(&s, "work-laptop-2026-11-21.log",
	    LINE("21T12:00:00.000Z", "one", " side=cloud")
		LINE("21T12:00:00.000Z", "two", "")
		    LINE("21T12:00:00.000Z", "three", " reason=100%"));
	scratch_close(&s);
}

/* Held back together: by size, by day, and at the end, in order. */
static void
test_log__gathered(void **state)
{
	UNUSED(state);
	struct scratch s;
	scratch_open(&s);
	struct log_setup setup = scene_setup(s.path);
	struct log *l = log_start(&setup);
	log_event(l, CONFIG_LOG_INFO, "before", NULL);
	log_gather(l);
	log_event(l, CONFIG_LOG_INFO, "held", NULL);
	scene_expect_file(&s, "work-laptop-2026-11-21.log",
	    LINE("21T12:00:00.000Z", "before", ""));
	scene_now.sec += 86400;
	log_event(l, CONFIG_LOG_INFO, "tomorrow", NULL);
	scene_expect_file(&s, "work-laptop-2026-11-21.log",
	    LINE("21T12:00:00.000Z", "before", "")
		LINE("21T12:00:00.000Z", "held", ""));
	log_let_go(l);
	scene_expect_file(&s, "work-laptop-2026-11-22.log",
	    LINE("22T12:00:00.000Z", "tomorrow", ""));
	log_event(l, CONFIG_LOG_INFO, "after", NULL);
	scene_expect_file(&s, "work-laptop-2026-11-22.log",
	    LINE("22T12:00:00.000Z", "tomorrow", "")
		LINE("22T12:00:00.000Z", "after", ""));
	log_gather(l);
	log_event(l, CONFIG_LOG_INFO, "last", NULL);
	log_close(l);
	scene_expect_file(&s, "work-laptop-2026-11-22.log",
	    LINE("22T12:00:00.000Z", "tomorrow", "") LINE("22T12:00:00.000Z",
		"after", "") LINE("22T12:00:00.000Z", "last", ""));
	scratch_close(&s);
}

/* A file takes no more together than it would one by one. */
static void
test_log__gathered_within_limits(void **state)
{
	UNUSED(state);
	struct scratch s;
	scratch_open(&s);
	struct log_setup setup = scene_setup(s.path);
	setup.max_bytes = 250;
	setup.pack = false;
	struct log *l = log_start(&setup);
	log_gather(l);
	for (int i = 0; i < 4; i++)
		log_event(l, CONFIG_LOG_INFO, "one", NULL);
	log_let_go(l);
	log_close(l);
	scene_expect_file(&s, "work-laptop-2026-11-21.log",
	    LINE("21T12:00:00.000Z", "one", "")
		LINE("21T12:00:00.000Z", "one", ""));
	scene_expect_file(&s, "work-laptop-2026-11-21.1.log",
	    LINE("21T12:00:00.000Z", "one", "")
		LINE("21T12:00:00.000Z", "one", ""));
	scratch_close(&s);
}

static void
test_log__levels(void **state)
{
	UNUSED(state);
	for (int least = CONFIG_LOG_DEBUG; least <= CONFIG_LOG_ERROR; least++) {
		struct scratch s;
		scratch_open(&s);
		struct log_setup setup = scene_setup(s.path);
		setup.level = least;
		struct log *l = log_start(&setup);
		for (int level = 0; level <= CONFIG_LOG_ERROR; level++) {
			log_event(l, level, "event", NULL);
			log_reason(l, level, "reason", "why");
		}
		log_close(l);
		struct str text = STR_INIT;
		scratch_read(&text, &s, "work-laptop-2026-11-21.log");
		int lines = 0;
		for (const char *p = text.p; *p != '\0'; p++)
			lines += *p == '\n';
		assert_int_equal(lines, 2 * (CONFIG_LOG_ERROR - least + 1));
		str_free(&text);
		scratch_close(&s);
	}
}

static void
test_log__no_log_at_all(void **state)
{
	UNUSED(state);
	log_event(NULL, CONFIG_LOG_ERROR, "event", NULL);
	log_reason(NULL, CONFIG_LOG_ERROR, "event", "%s", "why");
	log_gather(NULL);
	log_let_go(NULL);
	assert_null(log_trouble(NULL));
	log_close(NULL);
}

static void
test_log__everything_is_private(void **state)
{
	UNUSED(state);
	if (strcmp(plat_os(), "windows") == 0)
		skip(); /* access is inherited there */
	struct scratch s;
	scratch_open(&s);
	struct str dir = STR_INIT;
	str_addf(&dir, "%s/a/b", s.path);
	struct log_setup setup = scene_setup(dir.p);
	struct log *l = log_start(&setup);
	log_event(l, CONFIG_LOG_INFO, "event", NULL);
	log_close(l);
	struct err e;
	struct plat_stat st;
	struct plat_dir *b;
	assert_int_equal(plat_stat(&st, s.dir, "a", &e), 0);
	assert_int_equal(st.mode, 0700);
	assert_int_equal(plat_dir_sub(&b, s.dir, "a/b", &e), 0);
	assert_int_equal(plat_dir_stat(&st, b, &e), 0);
	assert_int_equal(st.mode, 0700);
	assert_int_equal(
	    plat_stat(&st, b, "work-laptop-2026-11-21.log", &e), 0);
	assert_int_equal(st.mode, 0600);
	assert_int_equal(plat_stat(&st, b, ".work-laptop.lock", &e), 0);
	assert_int_equal(st.mode, 0600);
	plat_dir_close(b);
	str_free(&dir);
	scratch_close(&s);
}

/* ---- the configuration --------------------------------------------------- */

static void
test_log__open_follows_the_configuration(void **state)
{
	UNUSED(state);
	struct scratch s;
	scratch_open(&s);
	struct config c = {.profile = (char *)"work"};
	c.identity.machine_id = (char *)"laptop";
	c.logging.dir = s.path;
	c.logging.level = CONFIG_LOG_WARNING;
	c.logging.format = CONFIG_LOG_JSON;
	c.logging.archive_mode = CONFIG_ARCHIVE_ZIP;
	c.logging.max_file_size_mb = 1;
	c.logging.retention_days = 7;
	scratch_put(&s, "work-laptop-2020-01-01.log", "old\n");
	scratch_put(&s, "work-laptop-2020-01-01-5.zip", "old\n");
	struct log *l = log_open(&c, "20261121T001137Z-4f0a");
	scene_expect_names(&s, "");

	enum { LARGE = 600 * 1000 };
	char *path = mem_alloc(LARGE);
	memset(path, 'p', LARGE);
	struct log_fields f = {.path = path, .path_len = LARGE};
	log_event(l, CONFIG_LOG_INFO, "dropped", NULL);
	log_event(l, CONFIG_LOG_WARNING, "large", &f);
	log_event(l, CONFIG_LOG_ERROR, "large", &f);
	assert_null(log_trouble(l));
	log_close(l);
	free(path);

	/* Two do not fit into a megabyte; the first is archived at once. */
	struct strlist names = STRLIST_INIT;
	scratch_names(&names, &s);
	assert_int_equal(names.n, 2);
	assert_non_null(strstr(names.v[0], ".1.log"));
	assert_non_null(strstr(names.v[1], ".zip"));
	struct str text = STR_INIT;
	scratch_read(&text, &s, names.v[0]);
	assert_non_null(strstr(text.p,
	    "\"level\":\"ERROR\",\"event\":\"large\","
	    "\"run_id\":\"20261121T001137Z-4f0a\""));
	str_free(&text);
	strlist_free(&names);
	scratch_close(&s);
}

static void
test_log__no_limit(void **state)
{
	static const int64_t limits[] = {0, -1, INT64_MAX};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(limits); i++) {
		struct scratch s;
		scratch_open(&s);
		struct config c = {.profile = (char *)"work"};
		c.identity.machine_id = (char *)"laptop";
		c.logging.dir = s.path;
		c.logging.max_file_size_mb = limits[i];
		struct log *l = log_open(&c, "run");
		log_event(l, CONFIG_LOG_INFO, "one", NULL);
		log_event(l, CONFIG_LOG_INFO, "two", NULL);
		assert_null(log_trouble(l));
		log_close(l);
		struct strlist names = STRLIST_INIT;
		scratch_names(&names, &s);
		assert_int_equal(names.n, 1);
		strlist_free(&names);
		scratch_close(&s);
	}
}

/* ---- files --------------------------------------------------------------- */

static void
test_log__a_new_file_at_midnight_of_the_local_day(void **state)
{
	UNUSED(state);
	struct scratch s;
	scratch_open(&s);
	struct log_setup setup = scene_setup(s.path);
	struct log *l = log_start(&setup);
	scene_offset = 3600;
	scene_now = (struct stamp){.sec = NOON + 11 * 3600 - 1};
	log_event(l, CONFIG_LOG_INFO, "before", NULL);
	scene_now.sec++;
	log_event(l, CONFIG_LOG_INFO, "after", NULL);
	/* Set back, it goes on where the day left off. */
	scene_now.sec--;
	log_event(l, CONFIG_LOG_INFO, "again", NULL);
	log_close(l);
	scene_expect_names(
	    &s, "work-laptop-2026-11-21.log work-laptop-2026-11-22.log");
	scene_expect_file(&s, "work-laptop-2026-11-21.log",
	    LINE("21T23:59:59.000+01:00", "before", "")
		LINE("21T23:59:59.000+01:00", "again", ""));
	scene_expect_file(&s, "work-laptop-2026-11-22.log",
	    LINE("22T00:00:00.000+01:00", "after", ""));
	scratch_close(&s);
}

static void
test_log__a_full_file_gives_way_to_the_next(void **state)
{
	UNUSED(state);
	struct scratch s;
	scratch_open(&s);
	struct log_setup setup = scene_setup(s.path);
	size_t one = strlen(LINE("21T12:00:00.000Z", "e", ""));
	setup.max_bytes = 2 * one;
	struct log *l = log_start(&setup);
	for (int i = 0; i < 5; i++)
		log_event(l, CONFIG_LOG_INFO, "e", NULL);
	/* Larger than any file may be: in one of its own. */
	log_reason(l, CONFIG_LOG_INFO, "e", "%0*d", (int)setup.max_bytes, 0);
	log_event(l, CONFIG_LOG_INFO, "e", NULL);
	log_close(l);
	/* The next run goes on in the last. */
	l = log_start(&setup);
	log_event(l, CONFIG_LOG_INFO, "e", NULL);
	log_event(l, CONFIG_LOG_INFO, "e", NULL);
	log_close(l);
	static const struct {
		const char *name;
		int records;
	} want[] = {
	    {"work-laptop-2026-11-21.log", 2},
	    {"work-laptop-2026-11-21.1.log", 2},
	    {"work-laptop-2026-11-21.2.log", 1},
	    {"work-laptop-2026-11-21.3.log", 1},
	    {"work-laptop-2026-11-21.4.log", 2},
	    {"work-laptop-2026-11-21.5.log", 1},
	};
	for (size_t i = 0; i < COUNT_OF(want); i++) {
		struct str text = STR_INIT;
		scratch_read(&text, &s, want[i].name);
		int lines = 0;
		for (const char *p = text.p; *p != '\0'; p++)
			lines += *p == '\n';
		assert_int_equal(lines, want[i].records);
		str_free(&text);
	}
	assert_false(scratch_has(&s, "work-laptop-2026-11-21.6.log"));
	scratch_close(&s);
}

static void
test_log__a_torn_record_stays_alone(void **state)
{
	UNUSED(state);
	struct scratch s;
	scratch_open(&s);
	scratch_put(&s, "work-laptop-2026-11-21.log", "time=2026 torn reco");
	struct log_setup setup = scene_setup(s.path);
	struct log *l = log_start(&setup);
	log_event(l, CONFIG_LOG_INFO, "e", NULL);
	log_event(l, CONFIG_LOG_INFO, "e", NULL);
	log_close(l);
	scene_expect_file(&s, "work-laptop-2026-11-21.log",
	    "time=2026 torn reco\n" LINE("21T12:00:00.000Z", "e", "")
		LINE("21T12:00:00.000Z", "e", ""));
	scratch_close(&s);
}

static void
test_log__names_taken_by_other_things(void **state)
{
	UNUSED(state);
	struct scratch s;
	struct err e;
	scratch_open(&s);
	scratch_put(&s, "elsewhere", "");
	assert_int_equal(
	    plat_mkdir(s.dir, "work-laptop-2026-11-21.log", 0700, &e), 0);
	const char *next = "work-laptop-2026-11-21.2.log";
	const char *link = "work-laptop-2026-11-21.1.log";
	int linked = plat_symlink(s.dir, link, "elsewhere", &e);
	if (linked != 0)
		next = link;
	struct log_setup setup = scene_setup(s.path);
	setup.pack = true;
	struct log *l = log_start(&setup);
	log_event(l, CONFIG_LOG_INFO, "e", NULL);
	assert_null(log_trouble(l));
	log_close(l);
	scene_expect_file(&s, next, LINE("21T12:00:00.000Z", "e", ""));
	scene_expect_file(&s, "elsewhere", "");
	scratch_close(&s);
}

/* ---- threads and speed --------------------------------------------------- */

enum { THREADS = 4, RECORDS = 500 };

struct worker {
	struct log *log;
	int number;
};

static void
work(void *arg)
{
	struct worker *w = arg;
	for (int i = 0; i < RECORDS; i++)
		log_reason(w->log, CONFIG_LOG_INFO, "e", "%d/%d", w->number, i);
}

static void
test_log__threads(void **state)
{
	UNUSED(state);
	struct scratch s;
	scratch_open(&s);
	struct log_setup setup = scene_setup(s.path);
	struct log *l = log_start(&setup);
	struct worker workers[THREADS];
	struct plat_thread *threads[THREADS];
	for (int i = 0; i < THREADS; i++) {
		workers[i] = (struct worker){.log = l, .number = i};
		threads[i] = plat_thread_start(work, &workers[i]);
		if (threads[i] == NULL)
			work(&workers[i]);
	}
	for (int i = 0; i < THREADS; i++)
		plat_thread_join(threads[i]);
	assert_null(log_trouble(l));
	log_close(l);

	struct str text = STR_INIT;
	scratch_read(&text, &s, "work-laptop-2026-11-21.log");
	int next[THREADS] = {0};
	for (char *p = text.p; *p != '\0'; p = strchr(p, '\n') + 1) {
		char *reason = strstr(p, " reason=") + strlen(" reason=");
		long who = strtol(reason, &reason, 10);
		assert_int_equal(*reason, '/');
		assert_in_range(who, 0, THREADS - 1);
		assert_int_equal(strtol(reason + 1, &reason, 10), next[who]++);
		assert_int_equal(*reason, '\n');
	}
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(next[i], RECORDS);
	str_free(&text);
	scratch_close(&s);
}

static void
test_log__speed(void **state)
{
	UNUSED(state);
	/* Each record is written out at once, which costs more there. */
	int many = strcmp(plat_os(), "windows") == 0 ? 2000 : 100000;
	struct scratch s;
	scratch_open(&s);
	struct log_setup setup = scene_setup(s.path);
	setup.format = CONFIG_LOG_TEXT;
	setup.max_bytes = 100000000;
	setup.now = plat_now;
	setup.zone = plat_zone_offset;
	struct log *l = log_start(&setup);
	const int64_t bytes = 123456;
	const struct hash hash = {.hi = 1, .lo = 2};
	struct log_fields f = {.side = "local",
	    .path = "some directory/with a file.txt",
	    .path_len = 30,
	    .bytes = &bytes,
	    .hash = &hash};
	uint64_t start = plat_ticks();
	for (int i = 0; i < many; i++)
		log_event(l, CONFIG_LOG_INFO, "copied", &f);
	uint64_t took = plat_ticks() - start;
	log_close(l);
	print_message("%d records: %d ms\n", many, (int)took);
	assert_true(took < 60000); /* wide: machines and sanitizers differ */
	scratch_close(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_log__records_reach_the_file),
	    cmocka_unit_test(test_log__gathered),
	    cmocka_unit_test(test_log__gathered_within_limits),
	    cmocka_unit_test(test_log__levels),
	    cmocka_unit_test(test_log__no_log_at_all),
	    cmocka_unit_test(test_log__everything_is_private),
	    cmocka_unit_test(test_log__open_follows_the_configuration),
	    cmocka_unit_test(test_log__no_limit),
	    cmocka_unit_test(test_log__a_new_file_at_midnight_of_the_local_day),
	    cmocka_unit_test(test_log__a_full_file_gives_way_to_the_next),
	    cmocka_unit_test(test_log__a_torn_record_stays_alone),
	    cmocka_unit_test(test_log__names_taken_by_other_things),
	    cmocka_unit_test(test_log__threads),
	    cmocka_unit_test(test_log__speed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
