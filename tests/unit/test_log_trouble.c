/*
 * What keeps us from logging is said once, and stops nothing else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/mem.h"
#include "log_scene.h"
#include "platform/plat_env.h"

static void
test_log_trouble__a_directory_that_cannot_be(void **state)
{
	UNUSED(state);
	struct scratch s;
	scratch_open(&s);
	scratch_put(&s, "file", "not a directory");
	struct str dir = STR_INIT;
	str_addf(&dir, "%s/file/logs", s.path);
	struct log_setup setup = scene_setup(dir.p);
	struct log *l = log_start(&setup);
	for (int i = 0; i < 100; i++) {
		log_event(l, CONFIG_LOG_INFO, "e", NULL);
		scene_now.sec++;
	}
	const char *said = log_trouble(l);
	assert_non_null(said);
	assert_non_null(strstr(said, dir.p));
	assert_null(log_trouble(l));
	log_event(l, CONFIG_LOG_INFO, "e", NULL);
	assert_null(log_trouble(l));

	/* It rests before it tries again; then it goes on, and says what is
	   missing. */
	struct err e;
	assert_int_equal(plat_unlink(s.dir, "file", &e), 0);
	log_event(l, CONFIG_LOG_INFO, "resting", NULL);
	scene_now.sec = NOON + 200;
	log_event(l, CONFIG_LOG_INFO, "after", NULL);
	log_event(l, CONFIG_LOG_INFO, "that", NULL);
	assert_null(log_trouble(l));
	log_close(l);
	struct plat_dir *logs;
	assert_int_equal(plat_dir_sub(&logs, s.dir, "file/logs", &e), 0);
	struct scratch inner = {.dir = logs};
	scene_expect_file(&inner, "work-laptop-2026-11-21.log",
	    "time=2026-11-21T12:03:20.000Z level=WARNING event=log_gap" WHO
	    " reason=\"records that could not be written: 102\"\n" LINE(
		"21T12:03:20.000Z", "after", "")
		LINE("21T12:03:20.000Z", "that", ""));
	plat_dir_close(logs);
	str_free(&dir);
	scratch_close(&s);
}

/* What was held and could not be written is missed, each record of it. */
static void
test_log_trouble__gathered(void **state)
{
	UNUSED(state);
	struct scratch s;
	scratch_open(&s);
	scratch_put(&s, "file", "not a directory");
	struct str dir = STR_INIT;
	str_addf(&dir, "%s/file/logs", s.path);
	struct log_setup setup = scene_setup(dir.p);
	struct log *l = log_start(&setup);
	assert_non_null(log_trouble(l));
	log_gather(l);
	for (int i = 0; i < 3; i++)
		log_event(l, CONFIG_LOG_INFO, "e", NULL);
	log_let_go(l);
	struct err e;
	assert_int_equal(plat_unlink(s.dir, "file", &e), 0);
	scene_now.sec = NOON + 200;
	log_gather(l);
	log_event(l, CONFIG_LOG_INFO, "after", NULL);
	log_let_go(l);
	log_close(l);
	struct plat_dir *logs;
	assert_int_equal(plat_dir_sub(&logs, s.dir, "file/logs", &e), 0);
	struct scratch inner = {.dir = logs};
	scene_expect_file(&inner, "work-laptop-2026-11-21.log",
	    "time=2026-11-21T12:03:20.000Z level=WARNING event=log_gap" WHO
	    " reason=\"records that could not be written: 3\"\n" LINE(
		"21T12:03:20.000Z", "after", ""));
	plat_dir_close(logs);
	str_free(&dir);
	scratch_close(&s);
}

static void
test_log_trouble__the_first_trouble_is_told(void **state)
{
	UNUSED(state);
	struct scratch s;
	scratch_open(&s);
	scratch_put(&s, "file", "not a directory");
	struct str dir = STR_INIT;
	str_addf(&dir, "%s/file/logs", s.path);
	struct log_setup setup = scene_setup(dir.p);
	struct log *first = log_start(&setup);
	struct log *both = log_start(&setup);
	struct err e;
	assert_int_equal(plat_unlink(s.dir, "file", &e), 0);
	assert_int_equal(plat_mkdir(s.dir, "file", 0700, &e), 0);
	struct plat_dir *file, *logs;
	assert_int_equal(plat_dir_sub(&file, s.dir, "file", &e), 0);
	assert_int_equal(plat_mkdir(file, "logs", 0700, &e), 0);
	assert_int_equal(plat_dir_sub(&logs, file, "logs", &e), 0);
	assert_int_equal(plat_mkdir(logs, ".work-laptop.lock", 0700, &e), 0);
	plat_dir_close(logs);
	plat_dir_close(file);
	struct log *second = log_start(&setup);
	log_event(both, CONFIG_LOG_INFO, "e", NULL);

	const char *said = log_trouble(first);
	assert_string_not_equal(log_trouble(second), said);
	assert_string_equal(log_trouble(both), said);
	log_close(first);
	log_close(both);
	log_close(second);
	str_free(&dir);
	scratch_close(&s);
}

static void
test_log_trouble__a_directory_that_goes_away(void **state)
{
	UNUSED(state);
	if (strcmp(plat_os(), "windows") == 0)
		skip(); /* it cannot, while we hold a file in it open */
	struct scratch s, logs;
	scratch_open(&s);
	struct str dir = STR_INIT;
	str_addf(&dir, "%s/logs", s.path);
	struct log_setup setup = scene_setup(dir.p);
	struct log *l = log_start(&setup);
	log_event(l, CONFIG_LOG_INFO, "lost", NULL);
	struct err e;
	assert_int_equal(plat_dir_sub(&logs.dir, s.dir, "logs", &e), 0);
	logs.path = mem_string(dir.p);
	scratch_close(&logs);
	log_event(l, CONFIG_LOG_INFO, "here", NULL);
	log_event(l, CONFIG_LOG_INFO, "too", NULL);
	assert_null(log_trouble(l));
	log_close(l);
	assert_int_equal(plat_dir_sub(&logs.dir, s.dir, "logs", &e), 0);
	scene_expect_file(&logs, "work-laptop-2026-11-21.log",
	    LINE("21T12:00:00.000Z", "here", "")
		LINE("21T12:00:00.000Z", "too", ""));
	plat_dir_close(logs.dir);
	str_free(&dir);
	scratch_close(&s);
}

/* A file system with room for very little, where we may have one. */
static bool
mount_little(const struct scratch *s)
{
	struct str kind = STR_INIT;
	bool done = false;
	if (strcmp(plat_os(), "linux") == 0)
		done =
		    scratch_run(&kind, "sh", "-c",
			"mount -t tmpfs -o size=64k none \"$0\"", s->path) == 0;
	str_free(&kind);
	return done;
}

/* Every line is a record, or the beginning of one that was cut. */
static void
check_lines(const struct scratch *s, const char *name)
{
	struct str text = STR_INIT;
	scratch_read(&text, s, name);
	for (char *p = text.p; *p != '\0';) {
		size_t n = strcspn(p, "\n");
		for (size_t i = 1; i < n; i++)
			assert_memory_not_equal(p + i, "time=", 5);
		size_t head = n < 5 ? n : 5;
		assert_memory_equal(p, "time=", head);
		p += n + (p[n] == '\n');
	}
	str_free(&text);
}

static void
fill_disk(const struct scratch *disk, struct log_setup *setup)
{
	struct str ballast = STR_INIT;
	str_reserve(&ballast, 40000);
	while (ballast.len < 40000)
		str_addc(&ballast, 'x');
	scratch_put(disk, "ballast", ballast.p);
	str_free(&ballast);

	struct log *l = log_start(setup);
	int told = 0;
	for (int i = 0; i < 2000; i++) {
		log_reason(l, CONFIG_LOG_INFO, "e", "%d", i * 7919);
		scene_now.sec += i % 10;
		told += log_trouble(l) != NULL;
	}
	assert_int_equal(told, 1);
	struct err e;
	assert_int_equal(plat_unlink(disk->dir, "ballast", &e), 0);
	scene_now.sec += 10;
	log_reason(l, CONFIG_LOG_INFO, "after", "%d", 1);
	assert_null(log_trouble(l));
	log_close(l);
}

static void
test_log_trouble__a_full_disk(void **state)
{
	UNUSED(state);
	struct scratch s, disk;
	scratch_open(&s);
	if (!mount_little(&s)) {
		scratch_close(&s);
		print_message("needs the right to mount a tmpfs\n");
		skip();
	}
	struct err e;
	assert_int_equal(plat_dir_open(&disk.dir, s.path, &e), 0);
	struct log_setup setup = scene_setup(s.path);
	fill_disk(&disk, &setup);
	const char *name = "work-laptop-2026-11-21.log";
	check_lines(&disk, name);
	struct str text = STR_INIT;
	scratch_read(&text, &disk, name);
	assert_non_null(strstr(text.p, "event=log_gap"));
	assert_non_null(strstr(text.p, "event=after"));
	str_free(&text);
	plat_dir_close(disk.dir);
	assert_int_equal(scratch_run(NULL, "umount", s.path, NULL, NULL), 0);
	scratch_close(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_log_trouble__a_directory_that_cannot_be),
	    cmocka_unit_test(test_log_trouble__gathered),
	    cmocka_unit_test(test_log_trouble__the_first_trouble_is_told),
	    cmocka_unit_test(test_log_trouble__a_directory_that_goes_away),
	    cmocka_unit_test(test_log_trouble__a_full_disk),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
