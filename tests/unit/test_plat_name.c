/*
 * The same file on every system: it defines what is done to one name.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/strlist.h"
#include "platform/plat_env.h"
#include "platform/plat_fs.h"
#include "support/tempdir.h"

/* ---- names --------------------------------------------------------------- */

static void
test_plat_name__single_components_only(void **state)
{
	static const char *const bad[] = {
	    "", ".", "..", "a/b", "/a", "a/", "/"};
	struct tempdir *t = *state;
	struct plat_dir *d = t->dir;
	struct plat_stat st;
	struct plat_file f;
	struct str target = STR_INIT;
	struct stamp when = {.sec = 1};
	struct err e;
	put_dir(d, "a");
	put_file(d, "f", "1");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *n = bad[i];
		assert_failed(plat_stat(&st, d, n, &e), &e, ERR_NAME);
		assert_failed(plat_mkdir(d, n, 0700, &e), &e, ERR_NAME);
		assert_failed(plat_rmdir(d, n, &e), &e, ERR_NAME);
		assert_failed(plat_unlink(d, n, &e), &e, ERR_NAME);
		assert_failed(plat_move(d, n, d, "x", &e), &e, ERR_NAME);
		assert_failed(plat_move(d, "f", d, n, &e), &e, ERR_NAME);
		assert_failed(plat_replace(d, n, d, "x", &e), &e, ERR_NAME);
		assert_failed(plat_replace(d, "f", d, n, &e), &e, ERR_NAME);
		assert_failed(plat_swap(d, n, d, "f", &e), &e, ERR_NAME);
		assert_failed(plat_swap(d, "f", d, n, &e), &e, ERR_NAME);
		assert_failed(plat_link(d, n, d, "x", &e), &e, ERR_NAME);
		assert_failed(plat_link(d, "f", d, n, &e), &e, ERR_NAME);
		assert_failed(plat_readlink(&target, d, n, &e), &e, ERR_NAME);
		assert_failed(plat_symlink(d, n, "f", &e), &e, ERR_NAME);
		assert_failed(plat_touch(d, n, when, &e), &e, ERR_NAME);
		assert_failed(plat_chmod(d, n, 0700, &e), &e, ERR_NAME);
		assert_failed(plat_open(&f, d, n, &e), &e, ERR_NAME);
		assert_failed(plat_create(&f, d, n, &e), &e, ERR_NAME);
		assert_failed(plat_append(&f, d, n, &e), &e, ERR_NAME);
		assert_failed(plat_lock(&f, d, n, &e), &e, ERR_NAME);
	}
	assert_holds(d, "f", "1");
	str_free(&target);
}

static void
test_plat_stat__kinds(void **state)
{
	struct tempdir *t = *state;
	struct plat_stat st, again;
	struct err e;
	put_file(t->dir, "file", "12345");
	assert_done(plat_stat(&st, t->dir, "file", &e), &e);
	assert_int_equal(st.type, PLAT_FILE);
	assert_int_equal(st.size, 5);
	assert_int_equal(st.nlink, 1);
	assert_false(st.placeholder);
	assert_true(st.mode <= 07777 && (st.mode & 0600) == 0600);
	assert_true(st.mtime.sec > 1600000000 && st.mtime.nsec < 1000000000);
	assert_done(plat_stat(&again, t->dir, "file", &e), &e);
	assert_true(st.dev == again.dev && st.ino == again.ino);
	put_dir(t->dir, "dir");
	assert_done(plat_stat(&again, t->dir, "dir", &e), &e);
	assert_int_equal(again.type, PLAT_DIR);
	assert_true(st.ino != again.ino || st.ino == 0);
	assert_int_equal(plat_stat(&st, t->dir, "none", &e), 1);
	if (!put_link(t->dir, "link", "none"))
		skip();
	assert_done(plat_stat(&st, t->dir, "link", &e), &e);
	assert_int_equal(st.type, PLAT_LINK);
}

static void
test_plat_mkdir__and_rmdir(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	assert_done(plat_mkdir(t->dir, "d", 0700, &e), &e);
	assert_failed(plat_mkdir(t->dir, "d", 0700, &e), &e, ERR_EXISTS);
	struct plat_dir *d = sub(t->dir, "d");
	put_file(d, "f", "");
	plat_dir_close(d);
	assert_int_equal(plat_rmdir(t->dir, "d", &e), 2);
	d = sub(t->dir, "d");
	assert_done(plat_unlink(d, "f", &e), &e);
	plat_dir_close(d);
	assert_done(plat_rmdir(t->dir, "d", &e), &e);
	assert_int_equal(plat_rmdir(t->dir, "d", &e), 1);
	put_file(t->dir, "f", "");
	assert_failed(plat_rmdir(t->dir, "f", &e), &e, ERR_TYPE);
	assert_failed(plat_mkdir(t->dir, "f", 0700, &e), &e, ERR_EXISTS);
}

static void
test_plat_unlink__cases(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	put_file(t->dir, "f", "");
	assert_done(plat_chmod(t->dir, "f", 0400, &e), &e);
	assert_done(plat_unlink(t->dir, "f", &e), &e);
	assert_int_equal(plat_unlink(t->dir, "f", &e), 1);
	put_dir(t->dir, "d");
	assert_failed(plat_unlink(t->dir, "d", &e), &e, ERR_TYPE);
	assert_true(has(t->dir, "d"));
	put_file(t->dir, "target", "kept");
	if (!put_link(t->dir, "link", "target"))
		skip();
	assert_done(plat_unlink(t->dir, "link", &e), &e);
	assert_holds(t->dir, "target", "kept");
}

static void
test_plat_move__never_replaces(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	put_dir(t->dir, "d");
	struct plat_dir *d = sub(t->dir, "d");
	put_file(t->dir, "a", "1");
	int rc = plat_move(t->dir, "a", d, "b", &e);
	if (rc == 1) {
		plat_dir_close(d);
		skip();
	}
	assert_done(rc, &e);
	assert_false(has(t->dir, "a"));
	assert_holds(d, "b", "1");
	put_file(t->dir, "c", "2");
	assert_failed(plat_move(t->dir, "c", d, "b", &e), &e, ERR_EXISTS);
	assert_holds(t->dir, "c", "2");
	assert_holds(d, "b", "1");
	assert_failed(plat_move(t->dir, "no", d, "x", &e), &e, ERR_NOTFOUND);
	plat_dir_close(d);
	/* A directory is a name like any other, and an empty one is not air. */
	put_dir(t->dir, "e");
	assert_failed(plat_move(t->dir, "d", t->dir, "e", &e), &e, ERR_EXISTS);
	assert_done(plat_move(t->dir, "d", t->dir, "g", &e), &e);
	d = sub(t->dir, "g");
	assert_holds(d, "b", "1");
	plat_dir_close(d);
}

static void
test_plat_replace__over(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	put_file(t->dir, "new", "new");
	put_file(t->dir, "old", "old");
	assert_done(plat_replace(t->dir, "new", t->dir, "old", &e), &e);
	assert_false(has(t->dir, "new"));
	assert_holds(t->dir, "old", "new");
	assert_done(plat_replace(t->dir, "old", t->dir, "free", &e), &e);
	assert_holds(t->dir, "free", "new");
	assert_failed(
	    plat_replace(t->dir, "none", t->dir, "x", &e), &e, ERR_NOTFOUND);
	put_dir(t->dir, "d");
	assert_int_equal(plat_replace(t->dir, "free", t->dir, "d", &e), -1);
	assert_holds(t->dir, "free", "new");
}

static void
test_plat_swap__trades_places(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	put_dir(t->dir, "d");
	struct plat_dir *d = sub(t->dir, "d");
	put_file(t->dir, "a", "from a");
	put_file(d, "b", "from b");
	int rc = plat_swap(t->dir, "a", d, "b", &e);
	if (rc == 1) {
		plat_dir_close(d);
		skip();
	}
	assert_done(rc, &e);
	assert_holds(t->dir, "a", "from b");
	assert_holds(d, "b", "from a");
	assert_failed(plat_swap(t->dir, "none", d, "b", &e), &e, ERR_NOTFOUND);
	assert_failed(plat_swap(t->dir, "a", d, "none", &e), &e, ERR_NOTFOUND);
	assert_holds(t->dir, "a", "from b");
	assert_holds(d, "b", "from a");
	assert_false(has(t->dir, "a" PLAT_SWAP_SUFFIX));
	plat_dir_close(d);
}

static void
test_plat_link__second_name(void **state)
{
	struct tempdir *t = *state;
	struct plat_stat a, b;
	struct err e;
	put_file(t->dir, "a", "1");
	put_file(t->dir, "taken", "2");
	int rc = plat_link(t->dir, "a", t->dir, "b", &e);
	if (rc == 1)
		skip();
	assert_done(rc, &e);
	assert_done(plat_stat(&a, t->dir, "a", &e), &e);
	assert_done(plat_stat(&b, t->dir, "b", &e), &e);
	assert_int_equal(a.nlink, 2);
	assert_true(a.ino == b.ino && a.dev == b.dev);
	assert_failed(
	    plat_link(t->dir, "a", t->dir, "taken", &e), &e, ERR_EXISTS);
	assert_holds(t->dir, "taken", "2");
	assert_failed(
	    plat_link(t->dir, "none", t->dir, "x", &e), &e, ERR_NOTFOUND);
}

static void
test_plat_link__symbolic(void **state)
{
	struct tempdir *t = *state;
	struct str target = STR_INIT;
	struct str long_one = STR_INIT;
	struct err e;
	struct plat_file f;
	if (!put_link(t->dir, "l", "some/where"))
		skip();
	str_add(&target, "<");
	assert_done(plat_readlink(&target, t->dir, "l", &e), &e);
	assert_string_equal(target.p, "<some/where");
	for (int i = 0; i < 100; i++)
		str_add(&long_one, "0123456789");
	assert_true(put_link(t->dir, "long", long_one.p));
	str_clear(&target);
	assert_done(plat_readlink(&target, t->dir, "long", &e), &e);
	assert_string_equal(target.p, long_one.p);
	assert_failed(plat_symlink(t->dir, "l", "x", &e), &e, ERR_EXISTS);
	put_file(t->dir, "f", "1");
	assert_failed(plat_readlink(&target, t->dir, "f", &e), &e, ERR_TYPE);
	assert_failed(
	    plat_readlink(&target, t->dir, "no", &e), &e, ERR_NOTFOUND);
	assert_true(put_link(t->dir, "to-f", "f"));
	assert_failed(plat_open(&f, t->dir, "to-f", &e), &e, ERR_TYPE);
	assert_failed(plat_append(&f, t->dir, "to-f", &e), &e, ERR_TYPE);
	assert_failed(plat_create(&f, t->dir, "to-f", &e), &e, ERR_EXISTS);
	assert_failed(plat_chmod(t->dir, "to-f", 0600, &e), &e, ERR_TYPE);
	assert_holds(t->dir, "f", "1");
	str_free(&target);
	str_free(&long_one);
}

/* ---- times and modes ----------------------------------------------------- */

static void
test_plat_touch__keeps_fractions(void **state)
{
	/* Down to the 100 ns that NTFS has. */
	static const struct stamp times[] = {
	    {1700000000, 123456700}, {1, 0}, {4102444800, 999999900}};
	struct tempdir *t = *state;
	struct plat_stat st;
	struct err e;
	put_file(t->dir, "file", "1");
	put_dir(t->dir, "dir");
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		const char *const names[] = {"file", "dir"};
		for (size_t n = 0; n < 2; n++) {
			assert_done(
			    plat_touch(t->dir, names[n], times[i], &e), &e);
			assert_done(plat_stat(&st, t->dir, names[n], &e), &e);
			assert_int_equal(stamp_cmp(st.mtime, times[i]), 0);
		}
	}
	assert_failed(
	    plat_touch(t->dir, "none", times[0], &e), &e, ERR_NOTFOUND);
}

static void
test_plat_touch__link_itself(void **state)
{
	struct tempdir *t = *state;
	struct plat_stat before, st;
	struct stamp when = {.sec = 1000000000};
	struct err e;
	put_file(t->dir, "file", "1");
	assert_done(plat_stat(&before, t->dir, "file", &e), &e);
	if (!put_link(t->dir, "link", "file"))
		skip();
	int rc = plat_touch(t->dir, "link", when, &e);
	if (rc == 0) {
		assert_done(plat_stat(&st, t->dir, "link", &e), &e);
		assert_int_equal(st.mtime.sec, 1000000000);
	} else {
		assert_int_equal(rc, 1);
	}
	assert_done(plat_stat(&st, t->dir, "file", &e), &e);
	assert_int_equal(stamp_cmp(st.mtime, before.mtime), 0);
}

static void
test_plat_chmod__nothing_special(void **state)
{
	struct tempdir *t = *state;
	struct plat_volume v;
	struct plat_stat st;
	struct plat_file f;
	struct err e;
	put_file(t->dir, "file", "1");
	put_dir(t->dir, "dir");
	assert_done(plat_volume(&v, t->dir, &e), &e);
	assert_done(plat_chmod(t->dir, "file", 07755, &e), &e);
	assert_done(plat_stat(&st, t->dir, "file", &e), &e);
	assert_int_equal(st.mode & 07000, 0);
	if (v.exec_bit)
		assert_int_equal(st.mode, 0755);
	assert_done(plat_chmod(t->dir, "dir", 07711, &e), &e);
	assert_done(plat_stat(&st, t->dir, "dir", &e), &e);
	if (v.exec_bit)
		assert_int_equal(st.mode & 07777, 0711);
	assert_done(plat_open(&f, t->dir, "file", &e), &e);
	assert_done(plat_file_chmod(f, 06750, &e), &e);
	assert_done(plat_file_stat(&st, f, &e), &e);
	assert_int_equal(st.mode & 07000, 0);
	if (v.exec_bit)
		assert_int_equal(st.mode, 0750);
	assert_done(plat_close(&f, &e), &e);
	assert_failed(plat_chmod(t->dir, "none", 0700, &e), &e, ERR_NOTFOUND);
}

static void
test_plat_chmod__read_only(void **state)
{
	struct tempdir *t = *state;
	struct plat_stat st;
	struct err e;
	put_file(t->dir, "file", "1");
	assert_done(plat_chmod(t->dir, "file", 0444, &e), &e);
	assert_done(plat_stat(&st, t->dir, "file", &e), &e);
	assert_int_equal(st.mode & 0200, 0);
	assert_done(plat_chmod(t->dir, "file", 0644, &e), &e);
	assert_done(plat_stat(&st, t->dir, "file", &e), &e);
	assert_int_equal(st.mode & 0200, 0200);
}

/* ---- long and strange names ---------------------------------------------- */

static void
test_plat_name__length(void **state)
{
	struct tempdir *t = *state;
	struct plat_file f;
	struct err e;
	char name[400];
	memset(name, 'n', sizeof(name));
	name[255] = '\0';
	put_file(t->dir, name, "long");
	assert_holds(t->dir, name, "long");
	name[255] = 'n';
	name[256] = '\0';
	assert_failed(plat_create(&f, t->dir, name, &e), &e, ERR_NAME);
	/* The message keeps the system's words whatever the name. */
	assert_true(strlen(e.frame[0]) < ERR_FRAME_SIZE);
	assert_failed(plat_mkdir(t->dir, name, 0700, &e), &e, ERR_NAME);
}

static int
note_name(void *arg, const char *name, size_t len, const struct plat_stat *st,
    const struct err *why)
{
	(void)st;
	(void)why;
	strlist_addn(arg, name, len);
	return 0;
}

static void
test_plat_name__unicode(void **state)
{
	static const char *const names[] = {"\xC3\xBC\xC3\xB1\xC3\xAF",
	    "\xE6\x97\xA5\xE6\x9C\xAC", "\xF0\x9F\x98\x80 smile",
	    " two  blanks", "-dash", "~tilde", "100%", "a=b;c'd",
	    "UPPER lower"};
	struct tempdir *t = *state;
	struct err e;
	size_t n = sizeof(names) / sizeof(names[0]);
	for (size_t i = 0; i < n; i++)
		put_file(t->dir, names[i], names[i]);
	struct strlist seen = STRLIST_INIT;
	assert_done(plat_list(t->dir, note_name, &seen, &e), &e);
	assert_int_equal(seen.n, n);
	for (size_t i = 0; i < n; i++) {
		assert_true(strlist_has(&seen, names[i]));
		assert_holds(t->dir, names[i], names[i]);
	}
	strlist_free(&seen);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, tempdir_setup, tempdir_teardown)

int
main(int argc, char **argv)
{
	plat_env_init(&argc, &argv);
	const struct CMUnitTest tests[] = {
	    TEST(test_plat_name__single_components_only),
	    TEST(test_plat_stat__kinds),
	    TEST(test_plat_mkdir__and_rmdir),
	    TEST(test_plat_unlink__cases),
	    TEST(test_plat_move__never_replaces),
	    TEST(test_plat_replace__over),
	    TEST(test_plat_swap__trades_places),
	    TEST(test_plat_link__second_name),
	    TEST(test_plat_link__symbolic),
	    TEST(test_plat_touch__keeps_fractions),
	    TEST(test_plat_touch__link_itself),
	    TEST(test_plat_chmod__nothing_special),
	    TEST(test_plat_chmod__read_only),
	    TEST(test_plat_name__length),
	    TEST(test_plat_name__unicode),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
