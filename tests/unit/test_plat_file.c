#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/plat_env.h"
#include "platform/plat_fs.h"
#include "support/tempdir.h"

static void
test_plat_open__kinds(void **state)
{
	struct tempdir *t = *state;
	struct plat_file f = PLAT_FILE_NONE;
	struct str path = STR_INIT;
	struct err e;
	assert_int_equal(plat_open(&f, t->dir, "none", &e), 1);
	put_dir(t->dir, "dir");
	assert_failed(plat_open(&f, t->dir, "dir", &e), &e, ERR_TYPE);
	assert_failed(plat_append(&f, t->dir, "dir", &e), &e, ERR_TYPE);
	tempdir_path(&path, t, "none");
	assert_int_equal(plat_open_native(&f, path.p, &e), 1);
	str_clear(&path);
	tempdir_path(&path, t, "dir");
	assert_failed(plat_open_native(&f, path.p, &e), &e, ERR_TYPE);
	put_file(t->dir, "file", "12");
	str_clear(&path);
	tempdir_path(&path, t, "file");
	assert_done(plat_open_native(&f, path.p, &e), &e);
	assert_done(plat_close(&f, &e), &e);
	assert_int_equal(f.h, PLAT_FILE_NONE.h);
	assert_done(plat_close(&f, &e), &e);
	str_free(&path);
}

static void
test_plat_create__never_replaces(void **state)
{
	struct tempdir *t = *state;
	struct plat_volume v;
	struct plat_stat st;
	struct plat_file f;
	struct err e;
	assert_done(plat_create(&f, t->dir, "f", &e), &e);
	assert_done(plat_file_stat(&st, f, &e), &e);
	assert_int_equal(st.type, PLAT_FILE);
	assert_int_equal(st.size, 0);
	assert_done(plat_volume(&v, t->dir, &e), &e);
	if (v.exec_bit)
		assert_int_equal(st.mode, 0600);
	assert_done(plat_close(&f, &e), &e);
	assert_failed(plat_create(&f, t->dir, "f", &e), &e, ERR_EXISTS);
	put_dir(t->dir, "d");
	assert_failed(plat_create(&f, t->dir, "d", &e), &e, ERR_EXISTS);
}

static void
test_plat_file__read_and_write(void **state)
{
	struct tempdir *t = *state;
	struct plat_file f;
	struct err e;
	char buf[16];
	size_t got;
	assert_done(plat_create(&f, t->dir, "f", &e), &e);
	assert_done(plat_write(f, "hello world", 11, &e), &e);
	assert_done(plat_write(f, "", 0, &e), &e);
	assert_done(plat_read(f, buf, sizeof(buf), &got, &e), &e);
	assert_int_equal(got, 0);
	assert_done(plat_seek(f, 6, &e), &e);
	assert_done(plat_read_at(f, buf, 5, 0, &got, &e), &e);
	assert_int_equal(got, 5);
	assert_memory_equal(buf, "hello", 5);
	/* The position is still where it was put. */
	assert_done(plat_read(f, buf, sizeof(buf), &got, &e), &e);
	assert_int_equal(got, 5);
	assert_memory_equal(buf, "world", 5);
	assert_done(plat_read_at(f, buf, 5, 11, &got, &e), &e);
	assert_int_equal(got, 0);
	assert_done(plat_seek(f, 1, &e), &e);
	assert_done(plat_write(f, "a", 1, &e), &e);
	assert_done(plat_file_sync(f, &e), &e);
	assert_done(plat_close(&f, &e), &e);
	assert_holds(t->dir, "f", "hallo world");
}

static void
test_plat_file__open_is_read_only(void **state)
{
	struct tempdir *t = *state;
	struct plat_file f;
	struct err e;
	put_file(t->dir, "f", "kept");
	assert_done(plat_open(&f, t->dir, "f", &e), &e);
	assert_int_equal(plat_write(f, "x", 1, &e), -1);
	assert_int_equal(plat_truncate(f, 0, &e), -1);
	assert_done(plat_close(&f, &e), &e);
	assert_holds(t->dir, "f", "kept");
}

static void
test_plat_file__out_of_range(void **state)
{
	struct tempdir *t = *state;
	struct plat_file f;
	struct err e;
	char c;
	size_t got;
	assert_done(plat_create(&f, t->dir, "f", &e), &e);
	assert_int_equal(plat_seek(f, UINT64_MAX, &e), -1);
	assert_int_equal(plat_truncate(f, UINT64_MAX, &e), -1);
	assert_int_equal(plat_read_at(f, &c, 1, UINT64_MAX, &got, &e), -1);
	assert_done(plat_close(&f, &e), &e);
}

static void
test_plat_append__two_writers(void **state)
{
	struct tempdir *t = *state;
	struct plat_file a, b;
	struct err e;
	assert_done(plat_append(&a, t->dir, "log", &e), &e);
	assert_done(plat_append(&b, t->dir, "log", &e), &e);
	assert_done(plat_write(a, "one ", 4, &e), &e);
	assert_done(plat_write(b, "two ", 4, &e), &e);
	assert_done(plat_write(a, "three", 5, &e), &e);
	assert_done(plat_close(&a, &e), &e);
	assert_done(plat_close(&b, &e), &e);
	assert_holds(t->dir, "log", "one two three");
}

static void
test_plat_file__touch(void **state)
{
	struct tempdir *t = *state;
	struct stamp when = {.sec = 1234567890, .nsec = 987654300};
	struct plat_stat st;
	struct plat_file f;
	struct err e;
	assert_done(plat_create(&f, t->dir, "f", &e), &e);
	assert_done(plat_write(f, "x", 1, &e), &e);
	assert_done(plat_file_touch(f, when, &e), &e);
	assert_done(plat_file_stat(&st, f, &e), &e);
	assert_int_equal(stamp_cmp(st.mtime, when), 0);
	assert_done(plat_close(&f, &e), &e);
	assert_done(plat_stat(&st, t->dir, "f", &e), &e);
	assert_int_equal(stamp_cmp(st.mtime, when), 0);
}

static void
test_plat_file__truncate(void **state)
{
	struct tempdir *t = *state;
	struct plat_stat st;
	struct plat_file f;
	struct err e;
	char buf[8] = "xxxxxxx";
	size_t got;
	assert_done(plat_create(&f, t->dir, "f", &e), &e);
	assert_done(plat_write(f, "12345", 5, &e), &e);
	assert_done(plat_truncate(f, 2, &e), &e);
	assert_done(plat_truncate(f, 4, &e), &e);
	assert_done(plat_file_stat(&st, f, &e), &e);
	assert_int_equal(st.size, 4);
	assert_done(plat_read_at(f, buf, 8, 0, &got, &e), &e);
	assert_int_equal(got, 4);
	assert_memory_equal(buf, "12\0\0", 4);
	assert_done(plat_close(&f, &e), &e);
}

/* Nothing crashes over a handle that is none. */
static void
test_plat_file__closed_handles_fail(void **state)
{
	struct tempdir *t = *state;
	struct plat_file none = PLAT_FILE_NONE;
	struct plat_stat st;
	struct stamp when = {.sec = 1};
	struct err e;
	const void *data;
	char c;
	size_t got;
	uint64_t from, to;
	(void)t;
	assert_int_equal(plat_read(none, &c, 1, &got, &e), -1);
	assert_int_equal(plat_read_at(none, &c, 1, 0, &got, &e), -1);
	assert_int_equal(plat_write(none, &c, 1, &e), -1);
	assert_int_equal(plat_seek(none, 0, &e), -1);
	assert_int_equal(plat_truncate(none, 0, &e), -1);
	assert_int_equal(plat_file_stat(&st, none, &e), -1);
	assert_int_equal(plat_file_touch(none, when, &e), -1);
	assert_int_equal(plat_file_chmod(none, 0600, &e), -1);
	assert_int_equal(plat_file_sync(none, &e), -1);
	assert_int_equal(plat_map(&data, &got, none, &e), -1);
	assert_int_equal(plat_next_data(none, 0, &from, &to, &e), -1);
}

static void
test_plat_clone__shares_or_says_so(void **state)
{
	struct tempdir *t = *state;
	struct plat_file from, to;
	struct err e;
	put_file(t->dir, "from", "content to share");
	assert_done(plat_open(&from, t->dir, "from", &e), &e);
	assert_done(plat_create(&to, t->dir, "to", &e), &e);
	int rc = plat_clone(to, from, &e);
	assert_done(plat_close(&from, &e), &e);
	assert_done(plat_close(&to, &e), &e);
	if (rc == 1) {
		assert_holds(t->dir, "to", "");
		skip();
	}
	assert_done(rc, &e);
	assert_holds(t->dir, "to", "content to share");
}

/* ---- holes --------------------------------------------------------------- */

enum { MEGA = 1 << 20 };

/* Everything outside the runs reads as zero, and the runs go forward. */
static void
test_plat_next_data__sparse(void **state)
{
	struct tempdir *t = *state;
	struct plat_file f;
	struct err e;
	char tail[4];
	size_t got;
	assert_done(plat_create(&f, t->dir, "f", &e), &e);
	assert_done(plat_truncate(f, 8 * MEGA, &e), &e);
	assert_done(plat_seek(f, 4 * MEGA, &e), &e);
	assert_done(plat_write(f, "data", 4, &e), &e);
	assert_done(plat_seek(f, 100, &e), &e);
	uint64_t start, end, at = 0, runs = 0;
	bool found = false;
	for (; at < 8 * MEGA; at = end, runs++) {
		assert_done(plat_next_data(f, at, &start, &end, &e), &e);
		assert_true(start >= at && end >= start && end <= 8 * MEGA);
		if (start == end)
			break;
		if (start <= 4 * MEGA && end >= 4 * MEGA + 4)
			found = true;
	}
	assert_true(found);
	assert_true(runs <= 8);
	/* The position is where it was. */
	assert_done(plat_write(f, "here", 4, &e), &e);
	assert_done(plat_read_at(f, tail, 4, 100, &got, &e), &e);
	assert_memory_equal(tail, "here", 4);
	assert_done(plat_close(&f, &e), &e);
}

static void
test_plat_next_data__plain(void **state)
{
	struct tempdir *t = *state;
	struct plat_file f;
	struct err e;
	uint64_t start, end;
	put_file(t->dir, "f", "no holes here");
	assert_done(plat_open(&f, t->dir, "f", &e), &e);
	assert_done(plat_next_data(f, 0, &start, &end, &e), &e);
	assert_true(start == 0 && end == 13);
	assert_done(plat_next_data(f, 5, &start, &end, &e), &e);
	assert_true(start == 5 && end == 13);
	assert_done(plat_next_data(f, 13, &start, &end, &e), &e);
	assert_true(start == 13 && end == 13);
	assert_done(plat_next_data(f, 99, &start, &end, &e), &e);
	assert_true(start == 13 && end == 13);
	assert_done(plat_close(&f, &e), &e);
}

/* ---- mapping ------------------------------------------------------------- */

static void
test_plat_map__whole_file(void **state)
{
	struct tempdir *t = *state;
	struct plat_file f;
	struct err e;
	const void *data;
	size_t size;
	put_file(t->dir, "f", "mapped");
	put_file(t->dir, "empty", "");
	assert_done(plat_open(&f, t->dir, "f", &e), &e);
	assert_done(plat_map(&data, &size, f, &e), &e);
	assert_done(plat_close(&f, &e), &e);
	assert_int_equal(size, 6);
	assert_memory_equal(data, "mapped", 6);
	plat_unmap(data, size);
	assert_done(plat_open(&f, t->dir, "empty", &e), &e);
	assert_done(plat_map(&data, &size, f, &e), &e);
	assert_null(data);
	assert_int_equal(size, 0);
	plat_unmap(data, size);
	assert_done(plat_close(&f, &e), &e);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, tempdir_setup, tempdir_teardown)

int
main(int argc, char **argv)
{
	plat_env_init(&argc, &argv);
	const struct CMUnitTest tests[] = {
	    TEST(test_plat_open__kinds),
	    TEST(test_plat_create__never_replaces),
	    TEST(test_plat_file__read_and_write),
	    TEST(test_plat_file__open_is_read_only),
	    TEST(test_plat_file__out_of_range),
	    TEST(test_plat_append__two_writers),
	    TEST(test_plat_file__touch),
	    TEST(test_plat_file__truncate),
	    TEST(test_plat_file__closed_handles_fail),
	    TEST(test_plat_clone__shares_or_says_so),
	    TEST(test_plat_next_data__sparse),
	    TEST(test_plat_next_data__plain),
	    TEST(test_plat_map__whole_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
