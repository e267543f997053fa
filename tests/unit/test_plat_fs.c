/*
 * The same file on every system: it defines what directories are.
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

/* ---- directories --------------------------------------------------------- */

static void
test_plat_dir__open(void **state)
{
	struct tempdir *t = *state;
	struct plat_dir *d;
	struct plat_stat st;
	struct str path = STR_INIT;
	struct err e;

	tempdir_path(&path, t, "missing");
	assert_failed(plat_dir_open(&d, path.p, &e), &e, ERR_NOTFOUND);
	put_file(t->dir, "file", "x");
	str_clear(&path);
	tempdir_path(&path, t, "file");
	assert_failed(plat_dir_open(&d, path.p, &e), &e, ERR_TYPE);
	put_dir(t->dir, "dir");
	str_clear(&path);
	tempdir_path(&path, t, "dir/");
	assert_done(plat_dir_open(&d, path.p, &e), &e);
	assert_done(plat_dir_stat(&st, d, &e), &e);
	assert_int_equal(st.type, PLAT_DIR);
	plat_dir_close(d);
	plat_dir_close(NULL);
	str_free(&path);
}

static void
test_plat_dir__make(void **state)
{
	struct tempdir *t = *state;
	struct str path = STR_INIT;
	struct err e;
	tempdir_path(&path, t, "a/b//c/");
	assert_done(plat_dir_make(path.p, 0700, &e), &e);
	assert_done(plat_dir_make(path.p, 0700, &e), &e);
	plat_dir_close(sub(t->dir, "a/b/c"));
	put_file(t->dir, "file", "x");
	str_clear(&path);
	tempdir_path(&path, t, "file");
	assert_int_equal(plat_dir_make(path.p, 0700, &e), -1);
	str_add(&path, "/below");
	assert_int_equal(plat_dir_make(path.p, 0700, &e), -1);
	assert_failed(plat_dir_make("", 0700, &e), &e, ERR_NOTFOUND);
	assert_holds(t->dir, "file", "x");
	str_free(&path);
}

static void
test_plat_dir__writable(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	assert_int_equal(plat_dir_writable(t->dir, &e), 0);
}

static void
test_plat_dir__sub(void **state)
{
	struct tempdir *t = *state;
	struct plat_dir *d;
	struct err e;
	put_dir(t->dir, "a");
	struct plat_dir *a = sub(t->dir, "a");
	put_dir(a, "b");
	put_file(a, "file", "x");
	d = sub(t->dir, "a/b");
	assert_false(has(d, "file"));
	plat_dir_close(d);
	d = sub(a, "");
	assert_true(has(d, "file"));
	plat_dir_close(d);
	assert_int_equal(plat_dir_sub(&d, t->dir, "a/none", &e), 1);
	assert_int_equal(plat_dir_sub(&d, t->dir, "none/b", &e), 1);
	assert_failed(plat_dir_sub(&d, t->dir, "a/file", &e), &e, ERR_TYPE);
	assert_failed(plat_dir_sub(&d, t->dir, "a/file/b", &e), &e, ERR_TYPE);
	plat_dir_close(a);
}

static void
test_plat_dir__sub_never_leaves(void **state)
{
	static const char *const bad[] = {
	    "/", "/a", "..", "a/..", "a/../a", ".", "a/./b", "a//b", "a/"};
	struct tempdir *t = *state;
	struct plat_dir *d;
	struct err e;
	put_dir(t->dir, "a");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_failed(
		    plat_dir_sub(&d, t->dir, bad[i], &e), &e, ERR_NAME);
	struct plat_dir *a = sub(t->dir, "a");
	put_dir(a, "real");
	plat_dir_close(a);
	if (!put_link(t->dir, "link", "a"))
		skip();
	assert_failed(plat_dir_sub(&d, t->dir, "link", &e), &e, ERR_TYPE);
	assert_failed(plat_dir_sub(&d, t->dir, "link/real", &e), &e, ERR_TYPE);
}

/* A handle keeps its directory, wherever that goes. */
static void
test_plat_dir__handle_pins(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	put_dir(t->dir, "a");
	struct plat_dir *a = sub(t->dir, "a");
	put_file(a, "f", "1");
	int rc = plat_move(t->dir, "a", t->dir, "b", &e);
	if (rc != 0) {
		/* Windows keeps the name of what is open in place. */
		plat_dir_close(a);
		skip();
	}
	put_dir(t->dir, "a");
	assert_true(has(a, "f"));
	plat_dir_close(a);
}

static void
test_plat_dir__sync(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	put_file(t->dir, "f", "1");
	assert_done(plat_dir_sync(t->dir, &e), &e);
	int rc = plat_volume_sync(t->dir, &e);
	assert_true(rc == 0 || rc == 1);
}

/* ---- listing ------------------------------------------------------------- */

struct seen {
	struct strlist names;
	uint64_t bytes;
	size_t dirs;
	int stop_after; /* entries; 0: never */
};

static int
note(void *arg, const char *name, size_t len, const struct plat_stat *st,
    const struct err *why)
{
	struct seen *s = arg;
	assert_null(why);
	assert_non_null(st);
	assert_int_equal(strlen(name), len);
	strlist_addn(&s->names, name, len);
	s->bytes += st->type == PLAT_FILE ? st->size : 0;
	s->dirs += st->type == PLAT_DIR;
	return s->stop_after > 0 && (int)s->names.n == s->stop_after ? -1 : 0;
}

static void
test_plat_list__all_and_again(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	struct str name = STR_INIT;
	/* Windows allows no name of dots alone. */
	const char *first = on_windows() ? "!" : "...";
	put_dir(t->dir, ".hidden");
	put_dir(t->dir, first);
	for (int i = 0; i < 1500; i++) {
		str_clear(&name);
		str_addf(&name, "a file with a name of some length %d", i);
		put_file(t->dir, name.p, "12");
	}
	for (int again = 0; again < 2; again++) {
		struct seen s = {.names = STRLIST_INIT};
		assert_done(plat_list(t->dir, note, &s, &e), &e);
		assert_int_equal(s.names.n, 1502);
		assert_int_equal(s.bytes, 3000);
		assert_int_equal(s.dirs, 2);
		strlist_sort(&s.names);
		assert_string_equal(s.names.v[0], first);
		for (size_t i = 1; i < s.names.n; i++)
			assert_string_not_equal(s.names.v[i - 1], s.names.v[i]);
		strlist_free(&s.names);
	}
	str_free(&name);
}

static void
test_plat_list__stops(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	struct seen s = {.names = STRLIST_INIT, .stop_after = 2};
	put_file(t->dir, "a", "");
	put_file(t->dir, "b", "");
	put_file(t->dir, "c", "");
	assert_int_equal(plat_list(t->dir, note, &s, &e), -1);
	assert_int_equal(s.names.n, 2);
	strlist_free(&s.names);
}

static void
test_plat_list__empty(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	struct seen s = {.names = STRLIST_INIT};
	assert_done(plat_list(t->dir, note, &s, &e), &e);
	assert_int_equal(s.names.n, 0);
}

/* ---- depth ----------------------------------------------------------- */

/* 40 levels of 200 characters: past PATH_MAX. On Windows 15, far past MAX_PATH
   and still within the PATH_MAX of a system that plays Windows. */
enum { LEVEL_NAME = 200 };

static void
deep_path(struct str *out)
{
	int levels = on_windows() ? 15 : 40;
	for (int level = 0; level < levels; level++) {
		if (level > 0)
			str_addc(out, '/');
		for (int i = 0; i < LEVEL_NAME; i++)
			str_addc(out, (char)('a' + level % 26));
	}
}

static void
test_plat_dir__deep(void **state)
{
	struct tempdir *t = *state;
	struct plat_dir *d, *bottom;
	struct plat_file f;
	struct str path = STR_INIT;
	struct str native = STR_INIT;
	struct err e;
	deep_path(&path);
	tempdir_path(&native, t, path.p);
	assert_done(plat_dir_make(native.p, 0700, &e), &e);
	bottom = sub(t->dir, path.p);
	put_file(bottom, "f", "deep");
	assert_done(plat_dir_open(&d, native.p, &e), &e);
	assert_holds(d, "f", "deep");
	plat_dir_close(d);
	str_add(&native, "/f");
	assert_done(plat_open_native(&f, native.p, &e), &e);
	assert_done(plat_close(&f, &e), &e);
	str_add(&path, "/none/x");
	assert_int_equal(plat_dir_sub(&d, t->dir, path.p, &e), 1);
	plat_dir_close(bottom);
	str_free(&path);
	str_free(&native);
}

/* ---- volumes and canonical paths ----------------------------------------- */

static void
test_plat_volume__facts(void **state)
{
	struct tempdir *t = *state;
	struct plat_volume v;
	struct err e;
	assert_done(plat_volume(&v, t->dir, &e), &e);
	assert_true(v.total_bytes > 0 && v.free_bytes <= v.total_bytes);
	assert_false(v.read_only);
	assert_true(strlen(v.kind) > 0 && strlen(v.kind) < sizeof(v.kind));
	/* What it says about case is what one finds. */
	put_file(t->dir, "Case", "1");
	assert_done(plat_volume(&v, t->dir, &e), &e);
	assert_int_equal(has(t->dir, "cASE"), v.fold_case);
}

static void
assert_canonical(const char *native, const char *want)
{
	struct str got = STR_INIT;
	struct err e;
	str_add(&got, "<");
	assert_done(plat_canonical(&got, native, &e), &e);
	assert_string_equal(got.p + 1, want);
	str_free(&got);
}

static void
test_plat_canonical__links_and_tails(void **state)
{
	struct tempdir *t = *state;
	struct str root = STR_INIT, in = STR_INIT, want = STR_INIT;
	struct err e;
	assert_done(plat_canonical(&root, t->path, &e), &e);
	assert_null(strchr(root.p, '\\'));
	put_dir(t->dir, "dir");
	put_file(t->dir, "file", "1");
	bool links = put_link(t->dir, "link", "dir") &&
	    put_link(t->dir, "chain", "./link/") &&
	    put_link(t->dir, "far", t->path);
	static const struct {
		const char *in, *want;
		bool link;
	} cases[] = {
	    {"dir", "/dir", false},
	    {"dir/", "/dir", false},
	    {"./dir//./", "/dir", false},
	    {"dir/../file", "/file", false},
	    {"none", "/none", false},
	    {"dir/none//and/more/", "/dir/none/and/more", false},
	    {"link", "/dir", true},
	    {"chain/none", "/dir/none", true},
	    {"far/link/../file", "/file", true},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (cases[i].link && !links)
			continue;
		str_clear(&in);
		tempdir_path(&in, t, cases[i].in);
		str_clear(&want);
		str_addf(&want, "%s%s", root.p, cases[i].want);
		assert_canonical(in.p, want.p);
	}
	assert_failed(plat_canonical(&in, "", &e), &e, ERR_NOTFOUND);
	str_free(&root);
	str_free(&in);
	str_free(&want);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, tempdir_setup, tempdir_teardown)

int
main(int argc, char **argv)
{
	plat_env_init(&argc, &argv);
	const struct CMUnitTest tests[] = {
	    TEST(test_plat_dir__open),
	    TEST(test_plat_dir__make),
	    TEST(test_plat_dir__writable),
	    TEST(test_plat_dir__sub),
	    TEST(test_plat_dir__sub_never_leaves),
	    TEST(test_plat_dir__handle_pins),
	    TEST(test_plat_dir__sync),
	    TEST(test_plat_list__all_and_again),
	    TEST(test_plat_list__stops),
	    TEST(test_plat_list__empty),
	    TEST(test_plat_dir__deep),
	    TEST(test_plat_volume__facts),
	    TEST(test_plat_canonical__links_and_tails),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
