/*
 * Several processes log at once, to small files that are packed all the time.
 * The test starts itself again as each of the writers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/mem.h"
#include "engine/log/log_private.h"
#include "platform/plat_proc.h"
#include "platform/plat_time.h"
#include "scratch.h"

enum { PROCESSES = 8, RECORDS = 2000, MAX_BYTES = 20000 };

static const char *self; /* this program */

static int
zone_of_the_test(struct stamp t)
{
	UNUSED(t);
	return 0;
}

/* Records of different lengths, so that a file is full for one process and not
   for another. Exit code 0 when nothing kept us from logging. */
static int
write_records(const char *dir, const char *number, bool pack)
{
	struct log_setup setup = {.dir = dir,
	    .profile = "work",
	    .machine = "laptop",
	    .run_id = number,
	    .level = CONFIG_LOG_INFO,
	    .format = CONFIG_LOG_LOGFMT,
	    .max_bytes = MAX_BYTES,
	    .keep_days = 7,
	    .pack = pack,
	    .now = plat_now,
	    .zone = zone_of_the_test};
	struct log *l = log_start(&setup);
	for (int i = 0; i < RECORDS; i++)
		log_reason(l, CONFIG_LOG_INFO, "e", "%d %0*d end", i,
		    1 + i * 7 % 100, 0);
	const char *trouble = log_trouble(l);
	if (trouble != NULL)
		fprintf(stderr, "%s: %s\n", number, trouble);
	log_close(l);
	return trouble == NULL ? 0 : 1;
}

static void
run_writers(const struct scratch *s, const char *mode)
{
	static const char *const numbers[PROCESSES] = {
	    "0", "1", "2", "3", "4", "5", "6", "7"};
	struct plat_child *children[PROCESSES];
	struct err e;
	for (int i = 0; i < PROCESSES; i++) {
		const char *const argv[] = {
		    self, mode, s->path, numbers[i], NULL};
		struct plat_spawn how = {
		    .argv = argv, .output = PLAT_OUT_SHARED};
		assert_int_equal(plat_spawn(&children[i], &how, &e), 0);
	}
	for (int i = 0; i < PROCESSES; i++) {
		int code = -1;
		assert_int_equal(
		    plat_child_wait(children[i], 120000, &code, NULL, 0, &e),
		    0);
		assert_int_equal(code, 0);
		plat_child_end(children[i]);
	}
}

/* ---- what they have left --------------------------------------------------
 */

/* The text of every file and every archive. */
static void
collect(struct str *text, const struct scratch *s)
{
	struct strlist names = STRLIST_INIT;
	scratch_names(&names, s);
	assert_true(names.n > 10);
	for (size_t i = 0; i < names.n; i++) {
		if (strstr(names.v[i], ".zip") != NULL)
			continue;
		size_t before = text->len;
		scratch_read(text, s, names.v[i]);
		/* The last of the room may be used by several at once. */
		assert_true(text->len - before <= MAX_BYTES + PROCESSES * 300);
	}
	strlist_free(&names);
#ifdef PYTHON
	assert_int_equal(
	    scratch_run(text, PYTHON, READ_ZIP, "--text", s->path), 0);
#endif
}

struct tally {
	unsigned char seen[PROCESSES][RECORDS];
	int twice;
};

/* The number behind *mark*; -1 when there is none. */
static long
number_behind(const char *line, const char *mark)
{
	const char *p = strstr(line, mark);
	return p != NULL ? strtol(p + strlen(mark), NULL, 10) : -1;
}

/* One line: exactly what some process wrote. */
static void
count(struct tally *t, const char *line)
{
	long who = number_behind(line, " run_id=");
	long i = number_behind(line, " reason=\"");
	bool whole = who >= 0 && who < PROCESSES && i >= 0 && i < RECORDS &&
	    strncmp(line, "time=", 5) == 0;
	if (whole) {
		struct str want = STR_INIT;
		str_addf(&want,
		    " level=INFO event=e run_id=%ld profile=work"
		    " machine=laptop reason=\"%ld %0*d end\"",
		    who, i, 1 + (int)i * 7 % 100, 0);
		whole = strcmp(line + strcspn(line, " "), want.p) == 0;
		str_free(&want);
	}
	if (!whole)
		fail_msg("torn: %s", line);
	t->twice += t->seen[who][i];
	t->seen[who][i] = 1;
}

static void
check_all_there(const struct scratch *s)
{
	static struct tally tally;
	memset(&tally, 0, sizeof(tally));
	struct str text = STR_INIT;
	collect(&text, s);
	for (char *p = text.p; *p != '\0';) {
		size_t n = strcspn(p, "\n");
		assert_int_equal(p[n], '\n');
		p[n] = '\0';
		if (n > 0)
			count(&tally, p);
		p += n + 1;
	}
	str_free(&text);
	for (int who = 0; who < PROCESSES; who++) {
		for (int i = 0; i < RECORDS; i++) {
			if (!tally.seen[who][i])
				fail_msg("lost: %d of process %d", i, who);
		}
	}
	print_message("%d of %d records are there twice\n", tally.twice,
	    PROCESSES * RECORDS);
	assert_true(tally.twice <= PROCESSES * RECORDS / 100);
}

static void
test_log_processes__nothing_is_lost_or_torn(void **state)
{
	UNUSED(state);
#ifdef EMULATED
	print_message("Wine looks for the end of a file before it appends\n");
	skip();
#endif
	struct scratch s;
	scratch_open(&s);
	run_writers(&s, "text");
	check_all_there(&s);
	scratch_close(&s);
}

static void
test_log_processes__nor_when_files_are_packed(void **state)
{
	UNUSED(state);
#ifndef PYTHON
	print_message("no python3 to read the archives with\n");
	skip();
#endif
	struct scratch s;
	scratch_open(&s);
	run_writers(&s, "zip");
	check_all_there(&s);
	assert_false(scratch_has(&s, ".work-laptop.zip.partial"));
	scratch_close(&s);
}

int
main(int argc, char **argv)
{
	if (argc == 4)
		return write_records(
		    argv[2], argv[3], strcmp(argv[1], "zip") == 0);
	self = argv[0];
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_log_processes__nothing_is_lost_or_torn),
	    cmocka_unit_test(test_log_processes__nor_when_files_are_packed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
