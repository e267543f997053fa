#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "engine/log/log_files.h"
#include "engine/log/log_keep.h"
#include "engine/log/log_writer.h"
#include "scratch.h"

/* ---- what goes wrong, or happens at the worst moment --------------------- */

/* These stand in the place of the platform's own. */
#undef plat_write
#undef plat_unlink
#undef plat_move
#undef plat_lock
#undef plat_dir_sync
int plat_dir_sync(struct plat_dir *d, struct err *e);
int test_dir_sync(struct plat_dir *d, struct err *e);
int plat_write(struct plat_file f, const void *buf, size_t n, struct err *e);
int plat_unlink(struct plat_dir *d, const char *name, struct err *e);
int plat_move(struct plat_dir *from_dir, const char *from,
    struct plat_dir *to_dir, const char *to, struct err *e);
int plat_lock(
    struct plat_file *out, struct plat_dir *d, const char *name, struct err *e);
int test_write(struct plat_file f, const void *buf, size_t n, struct err *e);
int test_unlink(struct plat_dir *d, const char *name, struct err *e);
int test_move(struct plat_dir *from_dir, const char *from,
    struct plat_dir *to_dir, const char *to, struct err *e);
int test_lock(
    struct plat_file *out, struct plat_dir *d, const char *name, struct err *e);

static struct {
	size_t room;            /* bytes that can still be written */
	const char *held;       /* cannot be removed */
	const char *late;       /* is appended to just before it is removed */
	struct plat_file other; /* … by a process that has it open as this */
	struct plat_file busy;  /* is appended to while an archive is written */
	bool no_move;           /* the file system cannot move safely */
	bool no_lock;           /* nor lock */
	bool no_sync;           /* nor make names durable */
} world;

int
test_write(struct plat_file f, const void *buf, size_t n, struct err *e)
{
	if (world.busy.h != -1) {
		assert_int_equal(plat_write(world.busy, "late\n", 5, e), 0);
		plat_close(&world.busy, e);
	}
	if (n <= world.room) {
		world.room -= n;
		return plat_write(f, buf, n, e);
	}
	/* As a disk does it: as much as there is room for. */
	assert_int_equal(plat_write(f, buf, world.room, e), 0);
	world.room = 0;
	return err_set(e, ERR_NOSPACE, "the disk is full");
}

int
test_unlink(struct plat_dir *d, const char *name, struct err *e)
{
	if (world.held != NULL && strcmp(name, world.held) == 0)
		return err_set(e, ERR_BUSY, "'%s': in use", name);
	if (world.late != NULL && strcmp(name, world.late) == 0)
		assert_int_equal(plat_write(world.other, "late\n", 5, e), 0);
	return plat_unlink(d, name, e);
}

int
test_move(struct plat_dir *from_dir, const char *from, struct plat_dir *to_dir,
    const char *to, struct err *e)
{
	return world.no_move ? 1 : plat_move(from_dir, from, to_dir, to, e);
}

int
test_lock(
    struct plat_file *out, struct plat_dir *d, const char *name, struct err *e)
{
	if (world.no_lock)
		return err_set(e, ERR_UNSUPPORTED, "no locks here");
	return plat_lock(out, d, name, e);
}

int
test_dir_sync(struct plat_dir *d, struct err *e)
{
	if (world.no_sync)
		return err_set(e, ERR_IO, "the names are not safe");
	return plat_dir_sync(d, e);
}

/* ---- the scene ----------------------------------------------------------- */

enum { TODAY = 20778 /* 2026-11-21 */ };

struct scene {
	struct scratch s;
	struct log_place place;
	struct log_writer writer;
	struct err e;
};

static void
begin(struct scene *c)
{
	memset(&world, 0, sizeof(world));
	world.room = SIZE_MAX;
	world.other = PLAT_FILE_NONE;
	world.busy = PLAT_FILE_NONE;
	scratch_open(&c->s);
	c->place = (struct log_place){.dir = c->s.path,
	    .stem = (char *)"p-m",
	    .max_bytes = 20,
	    .keep_days = 7,
	    .pack = true};
	log_writer_init(&c->writer, &c->place);
	err_clear(&c->e);
}

static int
keep(struct scene *c)
{
	return log_keep(&c->place, &c->writer, TODAY, &c->e);
}

static int
put(struct scene *c, const char *line)
{
	struct str s = STR_INIT;
	str_add(&s, line);
	int rc = log_writer_put(&c->writer, TODAY, &s, &c->e);
	str_free(&s);
	return rc;
}

static void
finish(struct scene *c)
{
	plat_close(&world.other, &c->e);
	log_writer_free(&c->writer);
	scratch_close(&c->s);
}

static void
expect_names(const struct scene *c, const char *want)
{
	struct str names = STR_INIT;
	scratch_join(&names, &c->s);
	assert_string_equal(names.p, want);
	str_free(&names);
	assert_false(scratch_has(&c->s, ".p-m.zip.partial"));
}

static void
expect_file(const struct scene *c, const char *name, const char *want)
{
	struct str text = STR_INIT;
	scratch_read(&text, &c->s, name);
	assert_string_equal(text.p, want);
	str_free(&text);
}

/* The archive holds together, and unpacks to this. */
static void
expect_archive(const struct scene *c, const char *name, const char *want)
{
	scratch_check_zip(&c->s, name);
#ifdef PYTHON
	struct str path = STR_INIT;
	struct str text = STR_INIT;
	str_addf(&path, "%s/%s", c->s.path, name);
	assert_int_equal(
	    scratch_run(&text, PYTHON, READ_ZIP, "--text", path.p), 0);
	assert_string_equal(text.p, want);
	str_free(&text);
	str_free(&path);
#else
	UNUSED(want);
#endif
}

/* ---- packing ------------------------------------------------------------- */

static void
test_log_keep__finished_files_are_packed(void **state)
{
	UNUSED(state);
	struct scene c;
	begin(&c);
	scratch_put(&c.s, "p-m-2026-11-19.log", "a\n");
	scratch_put(&c.s, "p-m-2026-11-20.log", "b\n");
	scratch_put(&c.s, "p-m-2026-11-20.1.log", "c\n");
	scratch_put(&c.s, "p-m-2026-11-21.log", "d\n");
	scratch_put(&c.s, "p-m-2026-11-21.1.log", "in use\n");
	scratch_put(&c.s, "p-m-2026-11-22.log", "the clock was wrong\n");
	scratch_put(&c.s, "p-other-2026-11-19.log", "not ours\n");
	assert_int_equal(keep(&c), 0);
	expect_names(&c,
	    "p-m-2026-11-19.zip p-m-2026-11-20.1.zip p-m-2026-11-20.zip "
	    "p-m-2026-11-21.1.log p-m-2026-11-21.zip p-m-2026-11-22.log "
	    "p-other-2026-11-19.log");
	expect_archive(&c, "p-m-2026-11-19.zip", "a\n");
	expect_archive(&c, "p-m-2026-11-20.zip", "b\n");
	expect_archive(&c, "p-m-2026-11-20.1.zip", "c\n");
	expect_archive(&c, "p-m-2026-11-21.zip", "d\n");
	/* The next record does not go where an archive has been made. */
	struct err e;
	assert_int_equal(plat_unlink(c.s.dir, "p-m-2026-11-21.1.log", &e), 0);
	assert_int_equal(put(&c, "next\n"), 1);
	expect_file(&c, "p-m-2026-11-21.1.log", "next\n");
	finish(&c);
}

static void
test_log_keep__text_stays_text(void **state)
{
	UNUSED(state);
	struct scene c;
	begin(&c);
	c.place.pack = false;
	scratch_put(&c.s, "p-m-2026-11-13.log", "a\n");
	scratch_put(&c.s, "p-m-2026-11-20.log", "b\n");
	assert_int_equal(keep(&c), 0);
	expect_names(&c, "p-m-2026-11-20.log");
	finish(&c);
}

static void
test_log_keep__no_archive_is_overwritten(void **state)
{
	UNUSED(state);
	struct scene c;
	for (int without_move = 0; without_move < 2; without_move++) {
		begin(&c);
		world.no_move = without_move == 1;
		scratch_put(&c.s, "p-m-2026-11-20.log", "a\n");
		scratch_put(&c.s, "p-m-2026-11-20.zip", "taken");
		scratch_put(&c.s, "p-m-2026-11-20-2.zip", "taken");
		scratch_put(&c.s, ".p-m.zip.partial", "left by a crash");
		assert_int_equal(keep(&c), 0);
		expect_names(&c,
		    "p-m-2026-11-20-2.zip p-m-2026-11-20-3.zip "
		    "p-m-2026-11-20.zip");
		expect_file(&c, "p-m-2026-11-20.zip", "taken");
		expect_file(&c, "p-m-2026-11-20-2.zip", "taken");
		expect_archive(&c, "p-m-2026-11-20-3.zip", "a\n");
		finish(&c);
	}
}

static void
test_log_keep__what_is_no_file_is_left_alone(void **state)
{
	UNUSED(state);
	struct scene c;
	begin(&c);
	assert_int_equal(
	    plat_mkdir(c.s.dir, "p-m-2026-11-20.log", 0700, &c.e), 0);
	assert_int_equal(
	    plat_mkdir(c.s.dir, "p-m-2020-01-01.zip", 0700, &c.e), 0);
	assert_int_equal(keep(&c), 0);
	expect_names(&c, "p-m-2020-01-01.zip p-m-2026-11-20.log");
	finish(&c);
}

/* ---- retention ----------------------------------------------------------- */

static void
put_ages(const struct scene *c)
{
	static const char *const names[] = {"p-m-1970-01-01.log",
	    "p-m-2026-11-13.log", "p-m-2026-11-13.1.zip",
	    "p-m-2026-11-13-2.zip", "p-m-2026-11-14.zip",
	    "p-m-2026-11-14.1.zip", "p-m-2026-11-21.log",
	    /* somebody else's */
	    "p-m-2026-11-13.txt", "p-m-x-2026-11-13.log", "q-m-2026-11-13.zip",
	    "p-m-2026-11-13.log.bak"};
	for (size_t i = 0; i < COUNT_OF(names); i++)
		scratch_put(&c->s, names[i], "x\n");
}

#define OTHERS "p-m-2026-11-13.log.bak p-m-2026-11-13.txt "
#define LAST " p-m-x-2026-11-13.log q-m-2026-11-13.zip"

static void
test_log_keep__retention_counts_archives_too(void **state)
{
	UNUSED(state);
	struct scene c;
	begin(&c);
	put_ages(&c);
	assert_int_equal(keep(&c), 0);
	expect_names(&c,
	    OTHERS "p-m-2026-11-14.1.zip p-m-2026-11-14.zip "
		   "p-m-2026-11-21.log" LAST);
	finish(&c);
}

static void
test_log_keep__for_ever(void **state)
{
	UNUSED(state);
	struct scene c;
	begin(&c);
	put_ages(&c);
	c.place.keep_days = 0;
	c.place.pack = false;
	assert_int_equal(keep(&c), 0);
	expect_names(&c,
	    "p-m-1970-01-01.log p-m-2026-11-13-2.zip p-m-2026-11-13.1.zip "
	    "p-m-2026-11-13.log " OTHERS
	    "p-m-2026-11-14.1.zip p-m-2026-11-14.zip "
	    "p-m-2026-11-21.log" LAST);
	finish(&c);
}

/* ---- others at work ------------------------------------------------------ */

static void
test_log_keep__not_while_another_does(void **state)
{
	UNUSED(state);
	struct scene c;
	begin(&c);
	scratch_put(&c.s, "p-m-2026-11-20.log", "a\n");
	struct plat_file held;
	assert_int_equal(plat_lock(&held, c.s.dir, ".p-m.lock", &c.e), 0);
	assert_int_equal(keep(&c), 0);
	expect_names(&c, "p-m-2026-11-20.log");
	assert_int_equal(plat_close(&held, &c.e), 0);
	assert_int_equal(keep(&c), 0);
	expect_names(&c, "p-m-2026-11-20.zip");
	finish(&c);
}

/* Between the archive and the removal of its file, one more record came. */
static void
test_log_keep__late_records_are_rescued(void **state)
{
	UNUSED(state);
	struct scene c;
	begin(&c);
	scratch_put(&c.s, "p-m-2026-11-20.log", "a\n");
	scratch_put(&c.s, "p-m-2026-11-21.log", "today\n");
	world.late = "p-m-2026-11-20.log";
	assert_int_equal(
	    plat_append(&world.other, c.s.dir, world.late, &c.e), 0);
	assert_int_equal(keep(&c), 0);
	plat_close(&world.other, &c.e);
	expect_names(&c, "p-m-2026-11-20.zip p-m-2026-11-21.log");
	expect_archive(&c, "p-m-2026-11-20.zip", "a\n");
	expect_file(&c, "p-m-2026-11-21.log", "today\nlate\n");
	finish(&c);
}

/* One that is appended to meanwhile is left for another time. */
static void
test_log_keep__a_busy_file_stays(void **state)
{
	UNUSED(state);
	struct scene c;
	begin(&c);
	const char *name = "p-m-2026-11-20.log";
	scratch_put(&c.s, name, "a\n");
	assert_int_equal(plat_append(&world.busy, c.s.dir, name, &c.e), 0);
	assert_int_equal(keep(&c), 0);
	expect_names(&c, name);
	expect_file(&c, name, "a\nlate\n");
	assert_int_equal(keep(&c), 0);
	expect_names(&c, "p-m-2026-11-20.zip");
	expect_archive(&c, "p-m-2026-11-20.zip", "a\nlate\n");
	finish(&c);
}

/* A process that still has a removed file open writes its record anew. */
static void
test_log_keep__records_follow_the_file_in_use(void **state)
{
	UNUSED(state);
	struct scene c;
	begin(&c);
	assert_int_equal(put(&c, "short\n"), 1);
	assert_int_equal(put(&c, "short\n"), 0);
	/* For another, with a longer record, the file was full. */
	scratch_put(&c.s, "p-m-2026-11-21.1.log", "longer than that\n");
	struct log_writer another;
	log_writer_init(&another, &c.place);
	assert_int_equal(log_keep(&c.place, &another, TODAY, &c.e), 0);
	log_writer_free(&another);
	assert_int_equal(put(&c, "me\n"), 1);
	expect_names(&c, "p-m-2026-11-21.1.log p-m-2026-11-21.zip");
	expect_file(&c, "p-m-2026-11-21.1.log", "longer than that\nme\n");
	expect_archive(&c, "p-m-2026-11-21.zip", "short\nshort\n");
	finish(&c);
}

static void
test_log_keep__a_file_that_was_removed_is_made_again(void **state)
{
	UNUSED(state);
	struct scene c;
	begin(&c);
	assert_int_equal(put(&c, "one\n"), 1);
	assert_int_equal(plat_unlink(c.s.dir, "p-m-2026-11-21.log", &c.e), 0);
	assert_int_equal(put(&c, "two\n"), 1);
	expect_file(&c, "p-m-2026-11-21.log", "two\n");
	/* Also when somebody else was first to do so. */
	scratch_put(&c.s, "p-m-2026-11-21.log", "other\n");
	assert_int_equal(put(&c, "three\n"), 1);
	expect_file(&c, "p-m-2026-11-21.log", "other\nthree\n");
	finish(&c);
}

static void
test_log_keep__an_archived_part_is_not_begun_again(void **state)
{
	UNUSED(state);
	struct scene c;
	begin(&c);
	scratch_put(&c.s, "p-m-2026-11-21.4.zip", "tiny");
	assert_int_equal(put(&c, "next\n"), 1);
	expect_names(&c, "p-m-2026-11-21.4.zip p-m-2026-11-21.5.log");
	finish(&c);
}

/* ---- failures ------------------------------------------------------------ */

static void
test_log_keep__a_full_disk_costs_nothing(void **state)
{
	UNUSED(state);
	struct scene c;
	begin(&c);
	scratch_put(&c.s, "p-m-2020-01-01.log", "x\n");
	scratch_put(&c.s, "p-m-2026-11-19.log", "a\n");
	scratch_put(&c.s, "p-m-2026-11-20.log", "b\n");
	world.room = 10;
	assert_int_equal(keep(&c), -1);
	assert_int_equal(c.e.code, ERR_NOSPACE);
	assert_non_null(strstr(c.e.frame[1], "p-m-2026-11-19.log"));
	expect_names(&c, "p-m-2026-11-19.log p-m-2026-11-20.log");
	world.room = SIZE_MAX;
	assert_int_equal(keep(&c), 0);
	expect_archive(&c, "p-m-2026-11-19.zip", "a\n");
	expect_archive(&c, "p-m-2026-11-20.zip", "b\n");
	finish(&c);
}

static void
test_log_keep__a_file_that_cannot_be_removed_is_not_packed_twice(void **state)
{
	UNUSED(state);
	struct scene c;
	begin(&c);
	scratch_put(&c.s, "p-m-2020-01-01.log", "x\n");
	scratch_put(&c.s, "p-m-2026-11-19.log", "a\n");
	scratch_put(&c.s, "p-m-2026-11-20.log", "b\n");
	world.held = "p-m-2026-11-19.log";
	assert_int_equal(keep(&c), -1);
	assert_int_equal(c.e.code, ERR_BUSY);
	expect_names(&c, "p-m-2026-11-19.log p-m-2026-11-20.zip");
	finish(&c);
}

static void
test_log_keep__nor_one_whose_archive_is_not_safe(void **state)
{
	UNUSED(state);
	struct scene c;
	begin(&c);
	scratch_put(&c.s, "p-m-2026-11-20.log", "b\n");
	world.no_sync = true;
	assert_int_equal(keep(&c), -1);
	expect_names(&c, "p-m-2026-11-20.log");
	world.no_sync = false;
	assert_int_equal(keep(&c), 0);
	expect_names(&c, "p-m-2026-11-20.zip");
	finish(&c);
}

static void
test_log_keep__nothing_without_a_lock(void **state)
{
	UNUSED(state);
	struct scene c;
	begin(&c);
	scratch_put(&c.s, "p-m-2020-01-01.log", "x\n");
	world.no_lock = true;
	assert_int_equal(keep(&c), -1);
	assert_int_equal(c.e.code, ERR_UNSUPPORTED);
	expect_names(&c, "p-m-2020-01-01.log");
	finish(&c);
}

static void
test_log_keep__a_cut_record_and_the_next(void **state)
{
	UNUSED(state);
	struct scene c;
	begin(&c);
	assert_int_equal(put(&c, "one\n"), 1);
	world.room = 2;
	assert_int_equal(put(&c, "two\n"), -1);
	assert_int_equal(c.e.code, ERR_NOSPACE);
	assert_int_equal(put(&c, "two\n"), -1);
	world.room = SIZE_MAX;
	assert_int_equal(put(&c, "three\n"), 1);
	expect_file(&c, "p-m-2026-11-21.log", "one\ntw\nthree\n");
	finish(&c);
}

static void
test_log_keep__late_records_on_a_full_disk(void **state)
{
	UNUSED(state);
	struct scene c;
	begin(&c);
	scratch_put(&c.s, "p-m-2026-11-21.log", "today\n");
	scratch_put(&c.s, "p-m-2026-11-20.log", "a\n");
	world.late = "p-m-2026-11-20.log";
	assert_int_equal(
	    plat_append(&world.other, c.s.dir, world.late, &c.e), 0);
	struct plat_stat st;
	assert_int_equal(keep(&c), 0);
	assert_int_equal(
	    plat_stat(&st, c.s.dir, "p-m-2026-11-20.zip", &c.e), 0);
	assert_int_equal(plat_unlink(c.s.dir, "p-m-2026-11-20.zip", &c.e), 0);

	scratch_put(&c.s, "p-m-2026-11-20.log", "a\n");
	plat_close(&world.other, &c.e);
	assert_int_equal(
	    plat_append(&world.other, c.s.dir, world.late, &c.e), 0);
	world.room = (size_t)st.size; /* for the archive, and no more */
	assert_int_equal(keep(&c), -1);
	assert_int_equal(c.e.code, ERR_NOSPACE);
	finish(&c);
}

/* ---- which part ---------------------------------------------------------- */

static void
test_log_keep__numbers_end(void **state)
{
	UNUSED(state);
	struct scene c;
	begin(&c);
	scratch_put(&c.s, "p-m-2026-11-21.999999999.log", "x\n");
	struct log_files files;
	assert_int_equal(log_files_list(&files, c.s.dir, "p-m", &c.e), 0);
	assert_int_equal(log_files_part(&files, &c.place, TODAY, 5), 999999999);
	assert_int_equal(log_files_part(&files, &c.place, TODAY, 50), -1);
	assert_int_equal(log_files_part(&files, &c.place, TODAY - 1, 5), 0);
	log_files_free(&files);
	assert_int_equal(put(&c, "fits\n"), 1);
	assert_int_equal(put(&c, "does not fit any more\n"), -1);
	assert_int_equal(c.e.code, ERR_EXISTS);
	finish(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_log_keep__finished_files_are_packed),
	    cmocka_unit_test(test_log_keep__text_stays_text),
	    cmocka_unit_test(test_log_keep__no_archive_is_overwritten),
	    cmocka_unit_test(test_log_keep__what_is_no_file_is_left_alone),
	    cmocka_unit_test(test_log_keep__retention_counts_archives_too),
	    cmocka_unit_test(test_log_keep__for_ever),
	    cmocka_unit_test(test_log_keep__not_while_another_does),
	    cmocka_unit_test(test_log_keep__late_records_are_rescued),
	    cmocka_unit_test(test_log_keep__a_busy_file_stays),
	    cmocka_unit_test(test_log_keep__records_follow_the_file_in_use),
	    cmocka_unit_test(
		test_log_keep__an_archived_part_is_not_begun_again),
	    cmocka_unit_test(
		test_log_keep__a_file_that_was_removed_is_made_again),
	    cmocka_unit_test(test_log_keep__a_full_disk_costs_nothing),
	    cmocka_unit_test(
		test_log_keep__a_file_that_cannot_be_removed_is_not_packed_twice),
	    cmocka_unit_test(test_log_keep__nor_one_whose_archive_is_not_safe),
	    cmocka_unit_test(test_log_keep__nothing_without_a_lock),
	    cmocka_unit_test(test_log_keep__a_cut_record_and_the_next),
	    cmocka_unit_test(test_log_keep__late_records_on_a_full_disk),
	    cmocka_unit_test(test_log_keep__numbers_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
