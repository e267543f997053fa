#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "faults.h"
#include "store/marker.h"
#include "support/tempdir.h"

static const char one[] = "id-0123456789abcdef0123456789abcdef";
static const char two[] = "id-00000000000000000000000000000000";

/* "a b c": the markers in *cloud*. */
static void
assert_markers(struct plat_dir *cloud, const char *want)
{
	struct strlist names = STRLIST_INIT;
	struct str joined = STR_INIT;
	struct err e;
	assert_done(marker_list(&names, cloud, &e), &e);
	for (size_t i = 0; i < names.n; i++)
		str_addf(&joined, "%s%s", i > 0 ? " " : "", names.v[i]);
	assert_string_equal(joined.p, want);
	strlist_free(&names);
	str_free(&joined);
}

static void
assert_refused(struct plat_dir *cloud, enum err_code code)
{
	struct strlist names = STRLIST_INIT;
	struct err e;
	assert_failed(marker_list(&names, cloud, &e), &e, code);
	assert_int_equal(names.n, 0);
	strlist_free(&names);
}

static struct plat_dir *
make_dir(struct plat_dir *cloud)
{
	put_dir(cloud, MARKER_DIR);
	return sub(cloud, MARKER_DIR);
}

static void
test_marker__names(void **state)
{
	static const struct {
		const char *name;
		bool ours;
	} rows[] = {
	    {"id-0123456789abcdef0123456789abcdef", true},
	    {"id-0123456789abcdef0123456789abcde", false},
	    {"id-0123456789abcdef0123456789abcdef0", false},
	    {"id-0123456789ABCDEF0123456789ABCDEF", false},
	    {"ID-0123456789abcdef0123456789abcdef", false},
	    {"id_0123456789abcdef0123456789abcdef", false},
	    {"id-0123456789abcdef0123456789abcdeg", false},
	    {"id-0123456789abcdef0123456789abcde/", false},
	    {"id-0123456789abcdef0123456789abcde:", false},
	    {"id-0123456789abcdef0123456789abcde`", false},
	    {"id-0123456789abcdef0123456789abc (1)", false},
	    {"machine-laptop.json", false},
	    {"", false},
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		assert_int_equal(
		    marker_is_name(rows[i].name, strlen(rows[i].name)),
		    rows[i].ours);
	assert_int_equal(strlen(one), MARKER_NAME_SIZE - 1);
}

static void
test_marker__invents(void **state)
{
	(void)state;
	char a[MARKER_NAME_SIZE], b[MARKER_NAME_SIZE];
	struct err e;
	assert_done(marker_invent(a, &e), &e);
	assert_done(marker_invent(b, &e), &e);
	assert_true(marker_is_name(a, strlen(a)));
	assert_true(marker_is_name(b, strlen(b)));
	assert_string_not_equal(a, b);
	fault_one(0);
	assert_failed(marker_invent(a, &e), &e, ERR_NOSPACE);
	assert_true(fault_over());
}

static void
test_marker__put_and_listed(void **state)
{
	struct tempdir *t = *state;
	struct str both = STR_INIT;
	struct plat_stat st;
	struct err e;
	assert_markers(t->dir, "");
	assert_false(has(t->dir, MARKER_DIR));
	assert_done(marker_put(t->dir, one, &e), &e);
	assert_markers(t->dir, one);
	assert_done(marker_put(t->dir, two, &e), &e);
	assert_done(marker_put(t->dir, one, &e), &e);
	str_addf(&both, "%s %s", two, one);
	assert_markers(t->dir, both.p);
	str_free(&both);
	struct plat_dir *d = sub(t->dir, MARKER_DIR);
	assert_done(plat_stat(&st, d, one, &e), &e);
	assert_int_equal(st.size, 0);
	assert_int_equal(st.mode & 0444, 0444);
	assert_false(has(d, "~coldsync-marker.tmp"));
	plat_dir_close(d);
	/* Whoever carries the folder must be able to look into it. */
	assert_done(plat_stat(&st, t->dir, MARKER_DIR, &e), &e);
	assert_int_equal(st.mode & 0700, 0700);
}

static void
test_marker__others_are_ignored(void **state)
{
	struct tempdir *t = *state;
	struct plat_dir *d = make_dir(t->dir);
	put_file(d, "machine-laptop.json", "{}");
	put_file(d, "id-0123456789abcdef0123456789abcde (1)", "");
	put_file(d, "~coldsync-marker.tmp", "");
	put_dir(d, "id-xyz");
	assert_markers(t->dir, "");
	/* Only the name counts, not what somebody wrote into it. */
	put_file(d, one, "filled");
	assert_markers(t->dir, one);
	struct err e;
	assert_done(marker_put(t->dir, one, &e), &e);
	assert_holds(d, one, "filled");
	/* A leftover of a dead run is replaced. */
	put_file(d, "~coldsync-marker.tmp", "left");
	assert_done(marker_put(t->dir, two, &e), &e);
	assert_holds(d, two, "");
	assert_false(has(d, "~coldsync-marker.tmp"));
	plat_dir_close(d);
}

static void
test_marker__only_files(void **state)
{
	struct tempdir *t = *state;
	struct plat_dir *d = make_dir(t->dir);
	struct err e;
	put_file(d, two, "");
	put_dir(d, one);
	assert_refused(t->dir, ERR_TYPE);
	assert_failed(marker_put(t->dir, one, &e), &e, ERR_TYPE);
	assert_done(plat_rmdir(d, one, &e), &e);
	if (put_link(d, one, two)) {
		assert_refused(t->dir, ERR_TYPE);
		assert_failed(marker_put(t->dir, one, &e), &e, ERR_TYPE);
	}
	plat_dir_close(d);
}

static void
test_marker__only_in_a_directory(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	put_file(t->dir, MARKER_DIR, "");
	assert_refused(t->dir, ERR_TYPE);
	assert_failed(marker_put(t->dir, one, &e), &e, ERR_TYPE);
	assert_done(plat_unlink(t->dir, MARKER_DIR, &e), &e);
	put_dir(t->dir, "elsewhere");
	if (!put_link(t->dir, MARKER_DIR, "elsewhere"))
		skip();
	assert_refused(t->dir, ERR_TYPE);
	assert_failed(marker_put(t->dir, one, &e), &e, ERR_TYPE);
	struct plat_dir *d = sub(t->dir, "elsewhere");
	assert_false(has(d, one));
	plat_dir_close(d);
}

static void
test_marker__too_many(void **state)
{
	struct tempdir *t = *state;
	struct plat_dir *d = make_dir(t->dir);
	struct str name = STR_INIT;
	for (int i = 0; i <= MARKERS_MAX; i++) {
		if (i == MARKERS_MAX) {
			struct strlist names = STRLIST_INIT;
			struct err e;
			assert_done(marker_list(&names, t->dir, &e), &e);
			assert_int_equal(names.n, MARKERS_MAX);
			strlist_free(&names);
		}
		str_clear(&name);
		str_addf(&name, "id-%032x", (unsigned)i);
		put_file(d, name.p, "");
	}
	assert_refused(t->dir, ERR_CORRUPT);
	str_free(&name);
	plat_dir_close(d);
}

static void
start_over(struct plat_dir *cloud)
{
	struct err e;
	if (!has(cloud, MARKER_DIR))
		return;
	struct plat_dir *d = sub(cloud, MARKER_DIR);
	remove_all(d);
	plat_dir_close(d);
	assert_done(plat_rmdir(cloud, MARKER_DIR, &e), &e);
}

/* What fails or dies leaves nothing in the way of the next one. */
static void
put_in_trouble(struct plat_dir *cloud, void (*fault)(unsigned nth))
{
	struct err e;
	unsigned n = 0;
	for (;; n++) {
		start_over(cloud);
		fault(n);
		int rc = marker_put(cloud, one, &e);
		if (!fault_over())
			break;
		assert_failed(rc, &e, ERR_NOSPACE);
		assert_done(marker_put(cloud, one, &e), &e);
		assert_markers(cloud, one);
		struct plat_dir *d = sub(cloud, MARKER_DIR);
		assert_int_equal(
		    has(d, "~coldsync-marker.tmp") && fault == fault_one, 0);
		plat_dir_close(d);
	}
	assert_markers(cloud, one);
	assert_true(n >= 8);
}

/* It has its mode before its name, and both its name and its directory's are
   durable. */
static void
test_marker__order_of_calls(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	fault_none();
	assert_done(marker_put(t->dir, one, &e), &e);
	assert_string_equal(fault_calls(),
	    "mkdir dir_sync unlink create file_chmod file_sync close replace "
	    "dir_sync ");
	fault_none();
	assert_done(marker_put(t->dir, one, &e), &e);
	assert_string_equal(fault_calls(), "dir_sync ");
	fault_none();
	assert_markers(t->dir, one);
	assert_string_equal(fault_calls(), "list ");
	assert_false(fault_over());
}

static void
test_marker__trouble(void **state)
{
	struct tempdir *t = *state;
	put_in_trouble(t->dir, fault_one);
	put_in_trouble(t->dir, fault_all);
	fault_one(0);
	assert_refused(t->dir, ERR_NOSPACE);
	assert_true(fault_over());
	start_over(t->dir);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, tempdir_setup, tempdir_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_marker__names),
	    TEST(test_marker__invents),
	    TEST(test_marker__put_and_listed),
	    TEST(test_marker__others_are_ignored),
	    TEST(test_marker__only_files),
	    TEST(test_marker__only_in_a_directory),
	    TEST(test_marker__too_many),
	    TEST(test_marker__order_of_calls),
	    TEST(test_marker__trouble),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
