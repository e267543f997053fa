/*
 * What others hold open: waiting for them, giving up, and holding on to what
 * is ours.
 */
#include <windows.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "platform/plat_fs.h"
#include "platform/plat_sig.h"
#include "platform/plat_thread.h"
#include "platform/plat_time.h"
#include "platform/win32/plat_win32.h"
#include "support/tempdir.h"

/* Open *name* as another program might: sharing only *share*. */
static HANDLE
hold(struct plat_dir *d, const char *name, DWORD access, DWORD share)
{
	struct err e;
	wchar_t *path = win32_child(d, name, &e);
	HANDLE h = CreateFileW(path, access, share, NULL, OPEN_EXISTING,
	    FILE_FLAG_BACKUP_SEMANTICS, NULL);
	free(path);
	assert_true(h != INVALID_HANDLE_VALUE);
	return h;
}

/* ---- held by others ------------------------------------------------------ */

struct holder {
	HANDLE h;
	unsigned ms;
};

static void
let_go_later(void *arg)
{
	struct holder *holder = arg;
	Sleep(holder->ms);
	CloseHandle(holder->h);
}

/* The steps that are tried again while somebody is in the way. */
static int
step_move(struct plat_dir *d, struct err *e)
{
	return plat_move(d, "f", d, "g", e);
}

static int
step_replace(struct plat_dir *d, struct err *e)
{
	return plat_replace(d, "other", d, "f", e);
}

static int
step_unlink(struct plat_dir *d, struct err *e)
{
	return plat_unlink(d, "f", e);
}

static int
step_swap(struct plat_dir *d, struct err *e)
{
	return plat_swap(d, "other", d, "f", e);
}

static int
step_open(struct plat_dir *d, struct err *e)
{
	struct plat_file f;
	int rc = plat_open(&f, d, "f", e);
	return rc != 0 ? rc : plat_close(&f, e);
}

static int (*const steps[])(struct plat_dir *d, struct err *e) = {
    step_move, step_replace, step_unlink, step_swap, step_open};

static void
test_plat_win32__waits_for_others(void **state)
{
	struct tempdir *t = *state;
	for (size_t i = 0; i < COUNT_OF(steps); i++) {
		struct err e;
		put_file(t->dir, "f", "1");
		put_file(t->dir, "other", "2");
		struct holder holder = {
		    hold(t->dir, "f", GENERIC_READ, 0), 200};
		struct plat_thread *thread =
		    plat_thread_start(let_go_later, &holder);
		assert_non_null(thread);
		uint64_t begun = plat_ticks();
		assert_done(steps[i](t->dir, &e), &e);
		assert_true(plat_ticks() - begun >= 100);
		plat_thread_join(thread);
		remove_all(t->dir);
	}
}

static void
test_plat_win32__gives_up_in_the_end(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	put_file(t->dir, "f", "1");
	HANDLE h = hold(t->dir, "f", GENERIC_READ, 0);
	uint64_t begun = plat_ticks();
	assert_failed(plat_move(t->dir, "f", t->dir, "g", &e), &e, ERR_BUSY);
	uint64_t took = plat_ticks() - begun;
	assert_true(took >= WIN32_RETRY_CHANGE && took < 8000);
	CloseHandle(h);
	assert_holds(t->dir, "f", "1");
	assert_false(has(t->dir, "g"));
}

/* Removing takes the name away at once, also from under those who have the
   file open and let others remove it. */
static void
test_plat_win32__a_removed_name_is_free(void **state)
{
	struct tempdir *t = *state;
	struct plat_file f;
	struct err e;
	put_file(t->dir, "f", "old");
	assert_done(plat_chmod(t->dir, "f", 0400, &e), &e);
	assert_done(plat_open(&f, t->dir, "f", &e), &e);
	assert_done(plat_unlink(t->dir, "f", &e), &e);
	assert_false(has(t->dir, "f"));
	put_file(t->dir, "f", "new");
	assert_holds(t->dir, "f", "new");
	char buf[4] = "";
	size_t got;
	assert_done(plat_read(f, buf, 3, &got, &e), &e);
	assert_string_equal(buf, "old");
	assert_done(plat_close(&f, &e), &e);
	assert_holds(t->dir, "f", "new");
}

/* What is not in the way for a while is reported at once. */
static void
test_plat_win32__no_wait_for_nothing(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	put_file(t->dir, "f", "1");
	put_dir(t->dir, "d");
	uint64_t begun = plat_ticks();
	assert_failed(plat_unlink(t->dir, "d", &e), &e, ERR_TYPE);
	assert_failed(plat_rmdir(t->dir, "f", &e), &e, ERR_TYPE);
	assert_failed(plat_replace(t->dir, "f", t->dir, "d", &e), &e, ERR_TYPE);
	assert_failed(plat_move(t->dir, "f", t->dir, "d", &e), &e, ERR_EXISTS);
	assert_failed(plat_link(t->dir, "d", t->dir, "l", &e), &e, ERR_TYPE);
	assert_int_equal(plat_unlink(t->dir, "none", &e), 1);
	assert_int_equal(plat_rmdir(t->dir, "none", &e), 1);
	assert_int_equal(plat_swap(t->dir, "f", t->dir, "d", &e), 1);
	assert_true(plat_ticks() - begun < 1000);
}

/* An open directory can not be taken away below us. */
static void
test_plat_win32__an_open_directory_stays(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	put_dir(t->dir, "d");
	struct plat_dir *d = sub(t->dir, "d");
	wchar_t *from = win32_below(t->dir, L"d");
	wchar_t *to = win32_below(t->dir, L"e");
	assert_false(MoveFileExW(from, to, 0));
	assert_false(RemoveDirectoryW(from));
	plat_dir_close(d);
	assert_true(MoveFileExW(from, to, 0));
	free(from);
	free(to);
	assert_done(plat_rmdir(t->dir, "e", &e), &e);
}

/* ---- stopping (last: nothing undoes it) ---------------------------------- */

static void
test_plat_win32__asked_to_stop_ends_waiting(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	put_file(t->dir, "f", "1");
	HANDLE h = hold(t->dir, "f", GENERIC_READ, 0);
	assert_int_equal(plat_sig_check(&e), 0);
	plat_sig_install();
	plat_sig_install();
	assert_false(plat_sig_asked());
	SetEvent(win32_asked());
	assert_true(plat_sig_asked());
	assert_failed(plat_sig_check(&e), &e, ERR_CANCELLED);
	uint64_t begun = plat_ticks();
	assert_failed(plat_move(t->dir, "f", t->dir, "g", &e), &e, ERR_BUSY);
	plat_sleep(3000);
	assert_true(plat_ticks() - begun < 1000);
	ResetEvent(win32_asked());
	CloseHandle(h);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, tempdir_setup, tempdir_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_plat_win32__waits_for_others),
	    TEST(test_plat_win32__gives_up_in_the_end),
	    TEST(test_plat_win32__a_removed_name_is_free),
	    TEST(test_plat_win32__no_wait_for_nothing),
	    TEST(test_plat_win32__an_open_directory_stays),
	    TEST(test_plat_win32__asked_to_stop_ends_waiting),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
