/*
 * Files as only Windows has them: read-only, under names it would change.
 */
#include <windows.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "platform/plat_err.h"
#include "platform/plat_fs.h"
#include "platform/win32/plat_win32.h"
#include "platform/win32/wide.h"
#include "support/tempdir.h"

static DWORD
attributes(struct plat_dir *d, const char *name)
{
	struct err e;
	wchar_t *path = win32_child(d, name, &e);
	DWORD found = GetFileAttributesW(path);
	free(path);
	assert_true(found != INVALID_FILE_ATTRIBUTES);
	return found;
}

static void
set_attributes(struct plat_dir *d, const char *name, DWORD to)
{
	struct err e;
	wchar_t *path = win32_child(d, name, &e);
	assert_true(SetFileAttributesW(path, to));
	free(path);
}

/* ---- names --------------------------------------------------------------- */

/* Given to a file, these would be another name, or no file at all. */
static void
test_plat_win32__names_it_would_change(void **state)
{
	static const char *const bad[] = {"a.", "a ", "...", "a:b", "a::$DATA",
	    "nul", "NUL.txt", "con", "COM1", "lpt9.x", "a\\b", "..\\a", "a*",
	    "a?", "a<b", "a|b", "a\"b", "a\nb", "a\xFF"};
	struct tempdir *t = *state;
	struct plat_dir *d = t->dir;
	struct plat_file f;
	struct err e;
	put_file(d, "a", "1");
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		const char *n = bad[i];
		assert_failed(plat_create(&f, d, n, &e), &e, ERR_NAME);
		assert_failed(plat_append(&f, d, n, &e), &e, ERR_NAME);
		assert_failed(plat_lock(&f, d, n, &e), &e, ERR_NAME);
		assert_failed(plat_mkdir(d, n, 0700, &e), &e, ERR_NAME);
		assert_failed(plat_move(d, "a", d, n, &e), &e, ERR_NAME);
		assert_failed(plat_replace(d, "a", d, n, &e), &e, ERR_NAME);
		assert_failed(plat_link(d, "a", d, n, &e), &e, ERR_NAME);
		assert_failed(plat_symlink(d, n, "a", &e), &e, ERR_NAME);
	}
	assert_holds(d, "a", "1");
}

/* What another system or program has left here can still be dealt with. */
static void
test_plat_win32__odd_names_can_be_reached(void **state)
{
	static const wchar_t *const odd[] = {L"a.", L"b ", L"nul.txt"};
	struct tempdir *t = *state;
	struct plat_stat st;
	struct err e;
	for (size_t i = 0; i < COUNT_OF(odd); i++) {
		wchar_t *path = win32_below(t->dir, odd[i]);
		HANDLE h = CreateFileW(
		    path, GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL);
		free(path);
		assert_true(h != INVALID_HANDLE_VALUE);
		CloseHandle(h);
		struct str name = STR_INIT;
		wide_to(&name, odd[i], wcslen(odd[i]));
		assert_done(plat_stat(&st, t->dir, name.p, &e), &e);
		assert_done(plat_move(t->dir, name.p, t->dir, "plain", &e), &e);
		assert_false(has(t->dir, name.p));
		assert_done(plat_unlink(t->dir, "plain", &e), &e);
		str_free(&name);
	}
}

static void
test_plat_win32__targets_it_cannot_hold(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	assert_failed(plat_symlink(t->dir, "l", "a\\b", &e), &e, ERR_NAME);
	assert_failed(plat_symlink(t->dir, "l", "", &e), &e, ERR_NAME);
	assert_failed(plat_symlink(t->dir, "l", "\xFF", &e), &e, ERR_NAME);
}

static void
test_plat_win32__dir_make_refuses(void **state)
{
	struct tempdir *t = *state;
	struct str path = STR_INIT;
	struct err e;
	tempdir_path(&path, t, "a/nul/b");
	assert_failed(plat_dir_make(path.p, 0700, &e), &e, ERR_NAME);
	assert_failed(plat_dir_make("//./pipe/x", 0700, &e), &e, ERR_TYPE);
	assert_int_equal(plat_dir_make("Q:/none", 0700, &e), -1);
	assert_int_equal(plat_dir_make("Q:/", 0700, &e), -1);
	str_free(&path);
}

/* ---- attributes ---------------------------------------------------------- */

static void
test_plat_win32__read_only_is_no_obstacle(void **state)
{
	struct tempdir *t = *state;
	struct plat_stat st;
	struct err e;
	put_file(t->dir, "a", "a");
	put_file(t->dir, "b", "b");
	assert_done(plat_chmod(t->dir, "a", 0444, &e), &e);
	assert_done(plat_chmod(t->dir, "b", 0444, &e), &e);
	assert_done(plat_move(t->dir, "a", t->dir, "c", &e), &e);
	assert_done(plat_stat(&st, t->dir, "c", &e), &e);
	assert_int_equal(st.mode, 0444);
	assert_done(plat_replace(t->dir, "c", t->dir, "b", &e), &e);
	assert_holds(t->dir, "b", "a");
	assert_done(plat_unlink(t->dir, "b", &e), &e);
	put_dir(t->dir, "d");
	set_attributes(
	    t->dir, "d", FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_READONLY);
	assert_done(plat_rmdir(t->dir, "d", &e), &e);
}

static void
test_plat_win32__chmod_keeps_other_attributes(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	put_file(t->dir, "f", "1");
	set_attributes(t->dir, "f", FILE_ATTRIBUTE_HIDDEN);
	assert_done(plat_chmod(t->dir, "f", 0400, &e), &e);
	assert_true(attributes(t->dir, "f") & FILE_ATTRIBUTE_HIDDEN);
	assert_true(attributes(t->dir, "f") & FILE_ATTRIBUTE_READONLY);
	assert_done(plat_chmod(t->dir, "f", 0600, &e), &e);
	assert_true(attributes(t->dir, "f") & FILE_ATTRIBUTE_HIDDEN);
	assert_false(attributes(t->dir, "f") & FILE_ATTRIBUTE_READONLY);
}

static void
test_plat_win32__touch_what_it_cannot_hold(void **state)
{
	struct tempdir *t = *state;
	struct plat_file f;
	struct stamp before_1601 = {.sec = -20000000000};
	struct err e;
	put_file(t->dir, "f", "1");
	assert_int_equal(plat_touch(t->dir, "f", before_1601, &e), 1);
	assert_done(plat_open(&f, t->dir, "f", &e), &e);
	assert_int_equal(plat_file_touch(f, before_1601, &e), 1);
	assert_done(plat_close(&f, &e), &e);
}

/* A file that was opened for reading can be touched and synced, as elsewhere.
 */
static void
test_plat_win32__rights_are_asked_for(void **state)
{
	struct tempdir *t = *state;
	struct plat_file f;
	struct plat_stat st;
	struct stamp when = {.sec = 1600000000, .nsec = 700};
	struct err e;
	put_file(t->dir, "f", "1");
	assert_done(plat_open(&f, t->dir, "f", &e), &e);
	assert_done(plat_file_sync(f, &e), &e);
	assert_done(plat_file_chmod(f, 0400, &e), &e);
	assert_done(plat_file_touch(f, when, &e), &e);
	assert_done(plat_file_stat(&st, f, &e), &e);
	assert_int_equal(stamp_cmp(st.mtime, when), 0);
	assert_int_equal(st.mode, 0444);
	assert_done(plat_close(&f, &e), &e);
}

/* ---- listing ------------------------------------------------------------- */

struct compared {
	struct plat_dir *dir;
	bool by_path; /* which tells no file's number */
	unsigned n;
};

/* The listing says what a look at the file itself says. */
static int
compare(void *arg, const char *name, size_t len, const struct plat_stat *st,
    const struct err *why)
{
	struct compared *c = arg;
	struct plat_stat own;
	struct err e;
	UNUSED(why);
	UNUSED(len);
	assert_done(plat_stat(&own, c->dir, name, &e), &e);
	assert_int_equal(st->type, own.type);
	assert_int_equal(st->mode, own.mode);
	assert_int_equal(st->size, own.size);
	assert_int_equal(stamp_cmp(st->mtime, own.mtime), 0);
	assert_int_equal(st->ino, c->by_path ? 0 : own.ino);
	assert_int_equal(st->dev, c->by_path ? 0 : own.dev);
	assert_int_equal(st->ctime.sec, c->by_path ? 0 : own.ctime.sec);
	assert_int_equal(st->ctime.nsec, c->by_path ? 0 : own.ctime.nsec);
	assert_int_equal(st->nlink, 0);
	c->n++;
	return 0;
}

static void
test_plat_win32__listing_tells_the_same(void **state)
{
	struct tempdir *t = *state;
	struct stamp when = {.sec = 1500000000, .nsec = 123456700};
	struct err e;
	put_file(t->dir, "file", "12345");
	put_file(t->dir, "read-only", "");
	put_dir(t->dir, "dir");
	assert_done(plat_touch(t->dir, "file", when, &e), &e);
	assert_done(plat_chmod(t->dir, "read-only", 0400, &e), &e);
	struct compared c = {.dir = t->dir};
	assert_done(plat_list(t->dir, compare, &c, &e), &e);
	assert_int_equal(c.n, 3);
	c.by_path = true;
	assert_done(win32_list(t->dir, true, compare, &c, &e), &e);
	assert_int_equal(c.n, 6);
}

/* ---- swapping ------------------------------------------------------------ */

/* Each file keeps what is its own: time and read-only attribute. */
static void
test_plat_win32__swap_carries_along(void **state)
{
	struct tempdir *t = *state;
	struct plat_stat st;
	struct stamp a_time = {.sec = 1500000000, .nsec = 100};
	struct stamp b_time = {.sec = 1600000000, .nsec = 200};
	struct err e;
	put_file(t->dir, "a", "from a");
	put_file(t->dir, "b", "from b");
	assert_done(plat_touch(t->dir, "a", a_time, &e), &e);
	assert_done(plat_touch(t->dir, "b", b_time, &e), &e);
	assert_done(plat_chmod(t->dir, "b", 0400, &e), &e);
	assert_done(plat_swap(t->dir, "a", t->dir, "b", &e), &e);
	assert_holds(t->dir, "a", "from b");
	assert_holds(t->dir, "b", "from a");
	assert_done(plat_stat(&st, t->dir, "a", &e), &e);
	assert_int_equal(stamp_cmp(st.mtime, b_time), 0);
	assert_int_equal(st.mode, 0444);
	assert_done(plat_stat(&st, t->dir, "b", &e), &e);
	assert_int_equal(stamp_cmp(st.mtime, a_time), 0);
	assert_int_equal(st.mode, 0644);
}

/* What lies where the old file passes through may be somebody's. */
static void
test_plat_win32__swap_spares_what_is_aside(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	put_file(t->dir, "a", "from a");
	put_file(t->dir, "b", "from b");
	put_file(t->dir, "a" PLAT_SWAP_SUFFIX, "precious");
	assert_failed(plat_swap(t->dir, "a", t->dir, "b", &e), &e, ERR_EXISTS);
	assert_holds(t->dir, "a", "from a");
	assert_holds(t->dir, "b", "from b");
	assert_holds(t->dir, "a" PLAT_SWAP_SUFFIX, "precious");
}

/* ---- locks --------------------------------------------------------------- */

static void
test_plat_win32__lock_file_stays(void **state)
{
	struct tempdir *t = *state;
	struct plat_file lock, f;
	struct err e;
	assert_done(plat_lock(&lock, t->dir, "lock", &e), &e);
	wchar_t *path = win32_below(t->dir, L"lock");
	assert_false(DeleteFileW(path));
	free(path);
	assert_done(plat_open(&f, t->dir, "lock", &e), &e);
	assert_done(plat_close(&f, &e), &e);
	assert_done(plat_close(&lock, &e), &e);
}

/* ---- errors -------------------------------------------------------------- */

static void
test_plat_win32__error_kinds(void **state)
{
	(void)state;
	static const struct {
		long os;
		enum err_code code;
	} cases[] = {
	    {ERROR_FILE_NOT_FOUND, ERR_NOTFOUND},
	    {ERROR_PATH_NOT_FOUND, ERR_NOTFOUND},
	    {ERROR_ALREADY_EXISTS, ERR_EXISTS},
	    {ERROR_ACCESS_DENIED, ERR_ACCESS},
	    {ERROR_WRITE_PROTECT, ERR_ACCESS},
	    {ERROR_SHARING_VIOLATION, ERR_BUSY},
	    {ERROR_LOCK_VIOLATION, ERR_BUSY},
	    {ERROR_DISK_FULL, ERR_NOSPACE},
	    {ERROR_HANDLE_DISK_FULL, ERR_NOSPACE},
	    {1295, ERR_NOSPACE}, /* quota */
	    {ERROR_INVALID_NAME, ERR_NAME},
	    {ERROR_FILENAME_EXCED_RANGE, ERR_NAME},
	    {ERROR_CANT_ACCESS_FILE, ERR_TYPE},
	    {ERROR_NOT_A_REPARSE_POINT, ERR_TYPE},
	    {ERROR_NOT_SAME_DEVICE, ERR_UNSUPPORTED},
	    {ERROR_NOT_SUPPORTED, ERR_UNSUPPORTED},
	    {ERROR_CANCELLED, ERR_CANCELLED},
	    {ERROR_CRC, ERR_IO},
	    {123456789, ERR_IO},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(plat_err_code(cases[i].os), cases[i].code);
}

static void
test_plat_win32__error_texts(void **state)
{
	(void)state;
	struct err e;
	char name[600];
	assert_int_equal(
	    plat_fail(&e, ERROR_ACCESS_DENIED, "open '%s'", "x"), -1);
	assert_int_equal(e.os, ERROR_ACCESS_DENIED);
	assert_memory_equal(e.frame[0], "open 'x': ", 10);
	size_t words = strlen(e.frame[0]) - 10;
	assert_true(words > 0);
	char last = e.frame[0][9 + words];
	assert_true(last != '.' && last != '\n' && last != ' ');
	/* Words for nothing it knows; a name that leaves no room for them. */
	plat_fail(&e, 123456789, "step");
	assert_string_equal(e.frame[0], "step: Windows error 123456789");
	for (size_t i = 0; i + 1 < sizeof(name); i += 2)
		memcpy(name + i, "\xC3\xBC", 2);
	name[sizeof(name) - 2] = '\0';
	plat_fail(&e, 123456789, "open '%s'", name);
	assert_true(strlen(e.frame[0]) < ERR_FRAME_SIZE);
	assert_non_null(
	    strstr(e.frame[0], "\xC3\xBC\xE2\x80\xA6: Windows error"));
	assert_int_equal(plat_fail(NULL, 5, "x"), -1);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, tempdir_setup, tempdir_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_plat_win32__names_it_would_change),
	    TEST(test_plat_win32__odd_names_can_be_reached),
	    TEST(test_plat_win32__targets_it_cannot_hold),
	    TEST(test_plat_win32__dir_make_refuses),
	    TEST(test_plat_win32__read_only_is_no_obstacle),
	    TEST(test_plat_win32__chmod_keeps_other_attributes),
	    TEST(test_plat_win32__touch_what_it_cannot_hold),
	    TEST(test_plat_win32__rights_are_asked_for),
	    TEST(test_plat_win32__listing_tells_the_same),
	    TEST(test_plat_win32__swap_carries_along),
	    TEST(test_plat_win32__swap_spares_what_is_aside),
	    TEST(test_plat_win32__lock_file_stays),
	    cmocka_unit_test(test_plat_win32__error_kinds),
	    cmocka_unit_test(test_plat_win32__error_texts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
