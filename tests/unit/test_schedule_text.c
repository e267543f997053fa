#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "engine/schedule/schedule_text.h"

static struct schedule_job
job(void)
{
	return (struct schedule_job){.profile = "docs",
	    .program = "/usr/bin/coldsync",
	    .config = "/home/ada/docs.ini",
	    .state = "",
	    .user = "",
	    .when = SCHEDULE_EVERY,
	    .number = 900};
}

static void
test_schedule_text__names(void **state)
{
	static const struct {
		const char *profile, *name;
	} cases[] = {
	    {"docs", "coldsync-docs"},
	    {"a_b-c.d", "coldsync-a_b-c.d"},
	    {"a b", "coldsync-a_x20_b"},
	    {"a_x20_b", "coldsync-a_x5f_x20_b"},
	    {"%h@\\", "coldsync-_x25_h_x40__x5c_"},
	    {"\xc3\xa4", "coldsync-_xc3__xa4_"},
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str s = STR_INIT;
		schedule_name(&s, cases[i].profile);
		assert_string_equal(s.p, cases[i].name);
		str_free(&s);
	}
}

static void
test_schedule_text__cron_when(void **state)
{
	static const struct {
		enum schedule_when when;
		int64_t number;
		const char *fields; /* NULL: cannot be said */
	} cases[] = {
	    {SCHEDULE_EVERY, 60, "*/1 * * * *"},
	    {SCHEDULE_EVERY, 900, "*/15 * * * *"},
	    {SCHEDULE_EVERY, 3600, "0 */1 * * *"},
	    {SCHEDULE_EVERY, 12 * 3600, "0 */12 * * *"},
	    {SCHEDULE_EVERY, 24 * 3600, "0 0 * * *"},
	    {SCHEDULE_EVERY, 7 * 60, NULL},
	    {SCHEDULE_EVERY, 90 * 60, NULL},
	    {SCHEDULE_EVERY, 5 * 3600, NULL},
	    {SCHEDULE_EVERY, 48 * 3600, NULL},
	    {SCHEDULE_EVERY, 0, NULL},
	    {SCHEDULE_DAILY, 0, "0 0 * * *"},
	    {SCHEDULE_DAILY, 23 * 60 + 59, "59 23 * * *"},
	    {SCHEDULE_LOGIN, 0, "@reboot"},
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str s = STR_INIT;
		struct schedule_job j = job();
		j.when = cases[i].when;
		j.number = cases[i].number;
		int rc = schedule_cron_when(&s, &j);
		assert_int_equal(rc, cases[i].fields != NULL ? 0 : -1);
		if (rc == 0)
			assert_string_equal(s.p, cases[i].fields);
		struct err e;
		assert_int_equal(schedule_check(&j, SCHEDULE_CRON, &e), rc);
		str_free(&s);
	}
}

/* What no scheduler can be told is refused, wherever it stands. */
static void
test_schedule_text__refused(void **state)
{
	static const char *const bad[] = {"/a\nb", "/a\tb", "/a\x7f", "/\xff",
	    "/\xed\xa0\x80", "/\xef\xbf\xbe"};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct schedule_job j[4] = {job(), job(), job(), job()};
		struct err e;
		j[0].profile = bad[i];
		j[1].program = bad[i];
		j[2].config = bad[i];
		j[3].state = bad[i];
		for (size_t k = 0; k < COUNT_OF(j); k++) {
			assert_int_equal(
			    schedule_check(&j[k], SCHEDULE_TASK, &e), -1);
			assert_int_equal(e.code, ERR_NAME);
		}
	}
	char name[1001];
	struct schedule_job j = job();
	struct err e;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	j.config = name;
	assert_int_equal(schedule_check(&j, SCHEDULE_SYSTEMD, &e), 0);
	assert_int_equal(schedule_check(&j, SCHEDULE_CRON, &e), -1);
	name[800] = '\0';
	assert_int_equal(schedule_check(&j, SCHEDULE_CRON, &e), 0);
	j.profile = name;
	assert_int_equal(schedule_check(&j, SCHEDULE_SYSTEMD, &e), -1);
}

/* A seal survives in each text, whatever is in it. */
static void
test_schedule_text__sealed(void **state)
{
	(void)state;
	struct schedule_job j = job();
	j.profile = "--> <&\"'%h$x \\";
	j.config = "/\xe2\x82\xac --> *";
	j.state = "/s t";
	j.when = SCHEDULE_DAILY;
	j.number = 61;
	j.apply = true;
	for (int kind = 0; kind < SCHEDULE_KINDS; kind++) {
		struct schedule_sealed s;
		struct str text = STR_INIT;
		schedule_text(&text, &j, (enum schedule_kind)kind, 0);
		assert_int_equal(schedule_unseal(&s, text.p), 0);
		assert_string_equal(s.job.profile, j.profile);
		assert_string_equal(s.job.program, j.program);
		assert_string_equal(s.job.config, j.config);
		assert_string_equal(s.job.state, j.state);
		assert_int_equal(s.job.when, SCHEDULE_DAILY);
		assert_int_equal(s.job.number, 61);
		assert_true(s.job.apply);
		schedule_sealed_free(&s);
		str_free(&text);
	}
}

static void
test_schedule_text__broken_seals(void **state)
{
	static const char *const bad[] = {
	    "",
	    "coldsync-schedule",
	    "coldsync-schedule 2 every 900 apply x70 x2f x2f x",
	    "coldsync-schedule 1 weekly 900 apply x70 x2f x2f x",
	    "coldsync-schedule 1 every -1 apply x70 x2f x2f x",
	    "coldsync-schedule 1 every 900 maybe x70 x2f x2f x",
	    "coldsync-schedule 1 every 900 apply x70 x2f x2f",
	    "coldsync-schedule 1 every 900 apply x7 x2f x2f x",
	    "coldsync-schedule 1 every 900 apply x00 x2f x2f x",
	    "coldsync-schedule 1 every 900 apply 70 2f 2f ",
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct schedule_sealed s;
		assert_int_equal(schedule_unseal(&s, bad[i]), -1);
		schedule_sealed_free(&s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_schedule_text__names),
	    cmocka_unit_test(test_schedule_text__cron_when),
	    cmocka_unit_test(test_schedule_text__refused),
	    cmocka_unit_test(test_schedule_text__sealed),
	    cmocka_unit_test(test_schedule_text__broken_seals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
