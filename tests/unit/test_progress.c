#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/out/progress.h"
#include "platform/plat_thread.h"
#include "platform/plat_time.h"

/* ---- a terminal and a clock of our own making ---------------------------- */

static struct {
	bool terminal;
	int columns;
	uint64_t now;
	struct str shown;
	int writes, locked;
} fake;

bool
plat_is_terminal(enum plat_stream s)
{
	assert_int_equal(s, PLAT_STDERR);
	return fake.terminal;
}

int
plat_terminal_width(enum plat_stream s)
{
	assert_int_equal(s, PLAT_STDERR);
	return fake.columns;
}

int
plat_out(enum plat_stream s, const void *bytes, size_t n, struct err *e)
{
	assert_int_equal(s, PLAT_STDERR);
	assert_true(n > 0);
	fake.writes++;
	str_addn(&fake.shown, bytes, n);
	return err_set(e, ERR_IO, "nobody is there");
}

uint64_t
plat_ticks(void)
{
	return fake.now;
}

struct plat_mutex {
	int unused;
};

struct plat_mutex *
plat_mutex_new(void)
{
	static struct plat_mutex mutex;
	return &mutex;
}

void
plat_mutex_destroy(struct plat_mutex *m)
{
	UNUSED(m);
	assert_int_equal(fake.locked, 0);
}

void
plat_mutex_lock(struct plat_mutex *m)
{
	UNUSED(m);
	assert_int_equal(fake.locked++, 0);
}

void
plat_mutex_unlock(struct plat_mutex *m)
{
	UNUSED(m);
	assert_int_equal(--fake.locked, 0);
}

static int
reset(void **state)
{
	UNUSED(state);
	str_free(&fake.shown);
	memset(&fake, 0, sizeof(fake));
	fake.shown = STR_INIT;
	fake.terminal = true;
	fake.columns = 80;
	return 0;
}

/* What a terminal shows of all that was written: one line. */
static void
assert_screen(const char *want)
{
	char line[256] = "";
	size_t at = 0, end = 0;
	for (const char *p = fake.shown.p; *p != '\0'; p++) {
		if (*p == '\r') {
			at = 0;
			continue;
		}
		assert_true(at < sizeof(line) - 1);
		line[at++] = *p;
		end = at > end ? at : end;
	}
	while (end > 0 && line[end - 1] == ' ')
		end--;
	line[end] = '\0';
	assert_string_equal(line, want);
}

/* ---- tests --------------------------------------------------------------- */

static void
test_progress__lines(void **state)
{
	static const struct {
		struct progress_state s;
		size_t width;
		const char *want;
	} cases[] = {
	    {{0, 5, 0, 0, 0}, 79, "0 of 5 files"},
	    {{1234, 5678, 0, 0, 500}, 79, "1,234 of 5,678 files"},
	    {{1, 2, 1000, 4000, 999}, 79, "1 of 2 files  1.0 kB of 4.0 kB"},
	    {{1, 2, 1000, 4000, 2000}, 79,
		"1 of 2 files  1.0 kB of 4.0 kB  500 B/s  6.0 s left"},
	    {{1, 2, 1000, 4000, 2000}, 40,
		"1 of 2 files  1.0 kB of 4.0 kB  500 B/s"},
	    {{1, 2, 1000, 4000, 2000}, 30, "1 of 2 files  1.0 kB of 4.0 kB"},
	    {{1, 2, 1000, 4000, 2000}, 12, "1 of 2 files"},
	    {{1, 2, 1000, 4000, 2000}, 11, ""},
	    {{1, 3, 0, 0, 2000}, 79, "1 of 3 files  4.0 s left"},
	    {{0, 3, 0, 0, 2000}, 79, "0 of 3 files"},
	    {{3, 3, 8, 8, 2000}, 79, "3 of 3 files  8 B of 8 B  4 B/s"},
	    {{1, SIZE_MAX, 1, UINT64_MAX, 1000000}, 20, ""},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str out = STR_INIT;
		progress_line(&out, &cases[i].s, cases[i].width);
		assert_true(text_width(out.p, out.len) <= cases[i].width);
		if (cases[i].s.all_steps != SIZE_MAX)
			assert_string_equal(out.p, cases[i].want);
		str_free(&out);
	}
}

static void
test_progress__who_sees_it(void **state)
{
	static const struct {
		int wanted;
		bool quiet, terminal, shown;
	} cases[] = {
	    {0, false, true, true},
	    {0, true, true, false},
	    {0, false, false, false},
	    {CLI_PROGRESS_AUTO, false, true, true},
	    {CLI_PROGRESS_AUTO, false, false, false},
	    {CLI_PROGRESS_ALWAYS, false, false, true},
	    {CLI_PROGRESS_ALWAYS, true, false, true},
	    {CLI_PROGRESS_NEVER, false, true, false},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		fake.terminal = cases[i].terminal;
		struct progress *p =
		    progress_new(cases[i].wanted, cases[i].quiet);
		assert_int_equal(p != NULL, cases[i].shown);
		progress_end(p);
	}
	assert_int_equal(fake.writes, 0);
}

static void
test_progress__nobody_looks(void **state)
{
	UNUSED(state);
	progress_total(NULL, 1, 1);
	progress_step(NULL, 1, 1);
	progress_end(NULL);
	assert_int_equal(fake.writes, 0);
}

static void
test_progress__at_most_ten_times_a_second(void **state)
{
	UNUSED(state);
	struct progress *p = progress_new(0, false);
	progress_step(p, 1, 0); /* nothing to compare it with yet */
	assert_int_equal(fake.writes, 0);
	fake.now = 5000;
	progress_total(p, 100, 1000);
	assert_int_equal(fake.writes, 1);
	assert_screen("1 of 100 files  0 B of 1.0 kB");
	for (int i = 0; i < 50; i++)
		progress_step(p, 1, 10);
	assert_int_equal(fake.writes, 1);
	fake.now += 99;
	progress_step(p, 1, 10);
	assert_int_equal(fake.writes, 1);
	fake.now += 1;
	progress_step(p, 0, 0);
	assert_int_equal(fake.writes, 2);
	assert_screen("52 of 100 files  510 B of 1.0 kB");
	fake.now += 1900;
	progress_step(p, 0, 0);
	assert_screen("52 of 100 files  510 B of 1.0 kB  255 B/s  1.0 s left");
	fake.now += 10000;
	progress_step(p, 48, 490);
	assert_screen("100 of 100 files  1.0 kB of 1.0 kB  83 B/s");
	progress_end(p);
	assert_screen("");
}

static void
test_progress__the_clock_begins_at_zero(void **state)
{
	UNUSED(state);
	struct progress *p = progress_new(0, false);
	progress_total(p, 2, 0);
	progress_step(p, 1, 0);
	assert_int_equal(fake.writes, 1);
	progress_end(p);
	assert_screen("");
}

static void
test_progress__width(void **state)
{
	UNUSED(state);
	for (fake.columns = 0; fake.columns < 60; fake.columns += 4) {
		struct progress *p = progress_new(CLI_PROGRESS_ALWAYS, false);
		fake.now += 1000;
		str_clear(&fake.shown);
		progress_total(p, 1000000, 1000000);
		progress_step(p, 500000, 300000);
		fake.now += 2000;
		progress_step(p, 1, 1);
		size_t room = fake.columns == 0 ? 79
		    : fake.columns == 1         ? 79
						: (size_t)fake.columns - 1;
		for (const char *s = fake.shown.p; *s != '\0';) {
			size_t n = strcspn(s, "\r");
			assert_true(n <= room);
			s += n + (s[n] == '\r');
		}
		progress_end(p);
		assert_screen("");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(test_progress__lines, reset),
	    cmocka_unit_test_setup(test_progress__who_sees_it, reset),
	    cmocka_unit_test_setup(test_progress__nobody_looks, reset),
	    cmocka_unit_test_setup(
		test_progress__at_most_ten_times_a_second, reset),
	    cmocka_unit_test_setup(
		test_progress__the_clock_begins_at_zero, reset),
	    cmocka_unit_test_setup(test_progress__width, reset),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	str_free(&fake.shown);
	return failed;
}
