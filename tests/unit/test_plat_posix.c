/*
 * Files as only POSIX systems have them, and as users without rights see them.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/strlist.h"
#include "platform/plat_env.h"
#include "platform/plat_fs.h"
#include "platform/plat_thread.h"
#include "platform/posix/plat_posix.h"
#include "support/forked.h"
#include "support/tempdir.h"

/* ---- what is no file ----------------------------------------------------- */

static void
test_plat_posix__fifo_never_blocks(void **state)
{
	struct tempdir *t = *state;
	struct plat_file f;
	struct plat_stat st;
	struct str path = STR_INIT;
	struct err e;
	tempdir_path(&path, t, "fifo");
	assert_int_equal(mkfifo(path.p, 0600), 0);
	assert_done(plat_stat(&st, t->dir, "fifo", &e), &e);
	assert_int_equal(st.type, PLAT_OTHER);
	assert_failed(plat_open(&f, t->dir, "fifo", &e), &e, ERR_TYPE);
	assert_failed(plat_append(&f, t->dir, "fifo", &e), &e, ERR_TYPE);
	assert_failed(plat_lock(&f, t->dir, "fifo", &e), &e, ERR_TYPE);
	assert_failed(plat_chmod(t->dir, "fifo", 0700, &e), &e, ERR_TYPE);
	assert_failed(plat_open_native(&f, path.p, &e), &e, ERR_TYPE);
	assert_failed(plat_open_native(&f, "/dev/null", &e), &e, ERR_TYPE);
	/* Also with somebody at the other end. */
	int reader = openat(t->dir->fd, "fifo", O_RDONLY | O_NONBLOCK);
	assert_failed(plat_append(&f, t->dir, "fifo", &e), &e, ERR_TYPE);
	close(reader);
	str_free(&path);
}

static void
test_plat_posix__directory_keeps_setgid(void **state)
{
	struct tempdir *t = *state;
	struct plat_stat st;
	struct err e;
	put_dir(t->dir, "shared");
	assert_int_equal(fchmodat(t->dir->fd, "shared", 03777, 0), 0);
	assert_done(plat_chmod(t->dir, "shared", 04750, &e), &e);
	assert_done(plat_stat(&st, t->dir, "shared", &e), &e);
	assert_int_equal(st.mode, 03750);
}

/* ---- names --------------------------------------------------------------- */

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
test_plat_posix__names_are_bytes(void **state)
{
	static const char *const names[] = {"\xFF\xFE\x80", "line\nfeed",
	    "\x1b[31mred", "back\\slash", "CON", "trailing.", "a:b", "caf\xE9",
	    "cafe\xCC\x81"};
	struct tempdir *t = *state;
	struct plat_file f;
	struct err e;
	size_t n = sizeof(names) / sizeof(names[0]);
	for (size_t i = 0; i < n; i++) {
		if (plat_create(&f, t->dir, names[i], &e) < 0) {
			/* macOS takes UTF-8 only. */
			assert_int_equal(e.code, ERR_NAME);
			skip();
		}
		assert_done(plat_close(&f, &e), &e);
	}
	struct strlist seen = STRLIST_INIT;
	assert_done(plat_list(t->dir, note_name, &seen, &e), &e);
	assert_int_equal(seen.n, n);
	for (size_t i = 0; i < n; i++)
		assert_true(strlist_has(&seen, names[i]));
	strlist_free(&seen);
}

/* Twins are what a directory has that tells them apart. */
static void
test_plat_posix__names_differ_in_case(void **state)
{
	struct tempdir *t = *state;
	struct plat_volume v;
	struct err e;
	put_file(t->dir, "12", "");
	put_file(t->dir, "one Name", "");
	if (has(t->dir, "One Name"))
		skip();
	assert_done(plat_volume(&v, t->dir, &e), &e);
	assert_false(v.fold_case);
	put_file(t->dir, "One Name", "");
	assert_done(plat_volume(&v, t->dir, &e), &e);
	assert_false(v.fold_case);
}

/* ---- links in the way ---------------------------------------------------- */

struct juggler {
	struct plat_dir *dir;
	struct plat_mutex *m;
	bool stop;
};

static bool
juggling(struct juggler *j)
{
	plat_mutex_lock(j->m);
	bool on = !j->stop;
	plat_mutex_unlock(j->m);
	return on;
}

/* Swap the directory with the link, to and fro. */
static void
juggle(void *arg)
{
	struct juggler *j = arg;
	struct err e;
	while (juggling(j))
		plat_swap(j->dir, "way", j->dir, "spare", &e);
}

static void
test_plat_posix__link_swapped_in(void **state)
{
	struct tempdir *t = *state;
	struct plat_dir *d;
	struct err e;
	assert_done(plat_mkdir(t->dir, "root", 0700, &e), &e);
	struct plat_dir *root = sub(t->dir, "root");
	assert_true(put_link(root, "spare", "../outside"));
	put_dir(t->dir, "outside");
	put_dir(root, "way");
	struct plat_dir *way = sub(root, "way");
	put_dir(way, "in");
	plat_dir_close(way);
	way = sub(t->dir, "outside");
	put_dir(way, "in");
	struct plat_dir *in = sub(way, "in");
	put_file(in, "secret", "");
	plat_dir_close(in);
	plat_dir_close(way);

	struct juggler j = {.dir = root, .m = plat_mutex_new()};
	if (plat_swap(root, "way", root, "spare", &e) == 1)
		skip();
	struct plat_thread *thread = plat_thread_start(juggle, &j);
	int opened = 0, refused = 0, escaped = 0;
	for (int i = 0; i < 20000 && (opened == 0 || refused < 5); i++) {
		int rc = plat_dir_sub(&d, root, "way/in", &e);
		opened += rc == 0;
		refused += rc == -1 && e.code == ERR_TYPE;
		if (rc == 0) {
			escaped += has(d, "secret");
			plat_dir_close(d);
		}
	}
	plat_mutex_lock(j.m);
	j.stop = true;
	plat_mutex_unlock(j.m);
	plat_thread_join(thread);
	plat_mutex_destroy(j.m);
	plat_dir_close(root);
	assert_int_equal(escaped, 0);
	assert_true(opened > 0);
	assert_true(refused > 0);
}

/* ---- canonical paths ----------------------------------------------------- */

static void
test_plat_posix__canonical(void **state)
{
	static const struct {
		const char *in, *want; /* below the directory; NULL: fails */
		enum err_code code;
	} cases[] = {
	    {"none/../file", NULL, ERR_NOTFOUND},
	    {"none/..", NULL, ERR_NOTFOUND},
	    {"none/./x", "/none/x", ERR_NONE},
	    {"file/x", NULL, ERR_TYPE},
	    {"file/..", NULL, ERR_TYPE},
	    {"dangling", "/gone/away", ERR_NONE},
	    {"dangling/more", "/gone/away/more", ERR_NONE},
	    {"loop", NULL, ERR_TYPE},
	};
	struct tempdir *t = *state;
	struct str root = STR_INIT, in = STR_INIT, out = STR_INIT;
	struct err e;
	assert_done(plat_canonical(&root, t->path, &e), &e);
	put_file(t->dir, "file", "");
	assert_true(put_link(t->dir, "dangling", "gone/away"));
	assert_true(put_link(t->dir, "loop", "loop"));
	assert_true(put_link(t->dir, "root", "/"));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		str_clear(&in);
		tempdir_path(&in, t, cases[i].in);
		str_clear(&out);
		int rc = plat_canonical(&out, in.p, &e);
		if (cases[i].want == NULL) {
			assert_failed(rc, &e, cases[i].code);
			assert_int_equal(out.len, 0);
		} else {
			assert_done(rc, &e);
			assert_memory_equal(out.p, root.p, root.len);
			assert_string_equal(out.p + root.len, cases[i].want);
		}
	}
	static const char *const slash[] = {"/", "//", "/..", "/../.", "/./"};
	for (size_t i = 0; i < sizeof(slash) / sizeof(slash[0]); i++) {
		str_clear(&out);
		assert_done(plat_canonical(&out, slash[i], &e), &e);
		assert_string_equal(out.p, "/");
	}
	str_clear(&in);
	tempdir_path(&in, t, "root");
	str_clear(&out);
	assert_done(plat_canonical(&out, in.p, &e), &e);
	assert_string_equal(out.p, "/");
	str_free(&root);
	str_free(&in);
	str_free(&out);
}

/* ---- without rights ------------------------------------------------------ */

static int
count_hidden(void *arg, const char *name, size_t len,
    const struct plat_stat *st, const struct err *why)
{
	(void)name;
	(void)len;
	if (st == NULL && why->code == ERR_ACCESS)
		++*(int *)arg;
	return 0;
}

static void
look_around(void *arg)
{
	struct tempdir *t = arg;
	struct plat_dir *d;
	struct plat_file f;
	struct plat_stat st;
	struct stamp when = {.sec = 1};
	struct err e;
	int hidden = 0;
	CHECK(plat_open(&f, t->dir, "private", &e) < 0);
	CHECK(e.code == ERR_ACCESS && e.os == EACCES);
	CHECK(plat_create(&f, t->dir, "new", &e) < 0);
	CHECK(e.code == ERR_ACCESS);
	CHECK(plat_mkdir(t->dir, "new", 0700, &e) < 0);
	CHECK(e.code == ERR_ACCESS);
	CHECK(plat_append(&f, t->dir, "private", &e) < 0);
	CHECK(e.code == ERR_ACCESS);
	CHECK(plat_lock(&f, t->dir, "private", &e) < 0);
	CHECK(e.code == ERR_ACCESS);
	CHECK(plat_unlink(t->dir, "private", &e) < 0);
	CHECK(e.code == ERR_ACCESS);
	CHECK(plat_rmdir(t->dir, "closed", &e) < 0);
	CHECK(e.code == ERR_ACCESS);
	CHECK(plat_move(t->dir, "private", t->dir, "x", &e) < 0);
	CHECK(e.code == ERR_ACCESS);
	CHECK(plat_swap(t->dir, "private", t->dir, "closed", &e) < 0);
	CHECK(e.code == ERR_ACCESS);
	CHECK(plat_replace(t->dir, "private", t->dir, "x", &e) < 0);
	CHECK(e.code == ERR_ACCESS);
	CHECK(plat_chmod(t->dir, "private", 0777, &e) < 0);
	CHECK(e.code == ERR_ACCESS);
	CHECK(plat_touch(t->dir, "private", when, &e) < 0);
	CHECK(e.code == ERR_ACCESS);
	CHECK(plat_symlink(t->dir, "x", "y", &e) < 0);
	CHECK(e.code == ERR_ACCESS);
	CHECK(plat_dir_sub(&d, t->dir, "closed", &e) < 0);
	CHECK(e.code == ERR_ACCESS);
	CHECK(plat_dir_sub(&d, t->dir, "closed/in", &e) < 0);
	CHECK(e.code == ERR_ACCESS);
	CHECK(plat_dir_sub(&d, t->dir, "visible", &e) == 0);
	CHECK(plat_list(d, count_hidden, &hidden, &e) == 0);
	CHECK(hidden == 1);
	CHECK(plat_stat(&st, d, "in", &e) < 0);
	CHECK(e.code == ERR_ACCESS);
	plat_dir_close(d);
	/* The right to search is enough to pass through. */
	CHECK(plat_dir_sub(&d, t->dir, "passable/in", &e) == 0);
	plat_dir_close(d);
	d = t->dir;
	int fd = unix_walk_parts(
	    d->fd, "passable/in", POSIX_O_DIR, unix_open_beneath);
	CHECK(fd >= 0 || errno == ENOSYS);
	if (fd >= 0)
		close(fd);
}

static void
test_plat_posix__without_rights(void **state)
{
	static const struct {
		const char *name;
		mode_t mode;
	} dirs[] = {{"closed", 0700}, {"visible", 0744}, {"passable", 0711}};
	struct tempdir *t = *state;
	assert_int_equal(fchmod(t->dir->fd, 0755), 0);
	put_file(t->dir, "private", "secret");
	for (size_t i = 0; i < 3; i++) {
		put_dir(t->dir, dirs[i].name);
		struct plat_dir *d = sub(t->dir, dirs[i].name);
		put_dir(d, "in");
		plat_dir_close(d);
		assert_int_equal(
		    fchmodat(t->dir->fd, dirs[i].name, dirs[i].mode, 0), 0);
	}
	forked_as_nobody(look_around, t);
	assert_holds(t->dir, "private", "secret");
}

static void
canonical_denied(void *arg)
{
	struct str out = STR_INIT;
	struct err e;
	CHECK(plat_canonical(&out, "closed/in/x", &e) < 0);
	CHECK(e.code == ERR_ACCESS);
	CHECK(plat_dir_make("closed/new", 0700, &e) < 0);
	CHECK(e.code == ERR_ACCESS);
	(void)arg;
}

static void
test_plat_posix__canonical_denied(void **state)
{
	struct tempdir *t = *state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(fchmod(t->dir->fd, 0755), 0);
	put_dir(t->dir, "closed");
	struct plat_dir *d = sub(t->dir, "closed");
	put_dir(d, "in");
	plat_dir_close(d);
	assert_int_equal(fchmodat(t->dir->fd, "closed", 0700, 0), 0);
	int here = open(".", O_RDONLY | O_CLOEXEC);
	assert_int_equal(fchdir(t->dir->fd), 0);
	struct str above = STR_INIT;
	struct err e;
	assert_done(plat_canonical(&above, "closed/in", &e), &e);
	forked_as_nobody(canonical_denied, t);
	assert_int_equal(fchdir(here), 0);
	close(here);
	str_free(&above);
}

/* ---- a directory that is gone -------------------------------------------- */

static void
leave_nowhere(void *arg)
{
	struct tempdir *t = arg;
	struct str out = STR_INIT;
	struct err e;
	struct plat_dir *d;
	put_dir(t->dir, "gone");
	CHECK(plat_dir_sub(&d, t->dir, "gone", &e) == 0);
	CHECK(fchdir(d->fd) == 0);
	CHECK(plat_rmdir(t->dir, "gone", &e) == 0);
	CHECK(plat_absolute(&out, "x", &e) < 0);
	CHECK(e.code == ERR_NOTFOUND);
	CHECK(plat_canonical(&out, "x", &e) < 0);
	CHECK(plat_canonical(&out, "/", &e) == 0);
	CHECK(plat_list(d, note_name, NULL, &e) <= 0); /* the system's choice */
	plat_dir_close(d);
	str_free(&out);
}

static void
test_plat_posix__nowhere(void **state)
{
	forked(leave_nowhere, *state);
}

/* ---- locks --------------------------------------------------------------- */

static void
test_plat_posix__flock(void **state)
{
	struct tempdir *t = *state;
	put_file(t->dir, "f", "");
	int a = openat(t->dir->fd, "f", O_RDWR);
	int b = openat(t->dir->fd, "f", O_RDWR);
	assert_int_equal(unix_flock(a), 0);
	assert_int_equal(unix_flock(b), 1);
	close(a);
	assert_int_equal(unix_flock(b), 0);
	close(b);
	assert_int_equal(unix_flock(-1), -1);
	assert_int_equal(unix_try_lock(-1), -1);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, tempdir_setup, tempdir_teardown)

int
main(int argc, char **argv)
{
	plat_env_init(&argc, &argv);
	const struct CMUnitTest tests[] = {
	    TEST(test_plat_posix__fifo_never_blocks),
	    TEST(test_plat_posix__directory_keeps_setgid),
	    TEST(test_plat_posix__names_are_bytes),
	    TEST(test_plat_posix__names_differ_in_case),
	    TEST(test_plat_posix__link_swapped_in),
	    TEST(test_plat_posix__canonical),
	    TEST(test_plat_posix__without_rights),
	    TEST(test_plat_posix__canonical_denied),
	    TEST(test_plat_posix__nowhere),
	    TEST(test_plat_posix__flock),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
