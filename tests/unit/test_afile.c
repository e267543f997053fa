#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "faults.h"
#include "store/afile.h"
#include "support/tempdir.h"

enum { LIMIT = 1 << 20 };

/* Bytes that differ from their neighbours and from other runs'. */
static void
fill(struct str *out, size_t n, unsigned seed)
{
	for (size_t i = 0; i < n; i++)
		str_addc(out, (char)(unsigned char)(i * 31 + i / 251 + seed));
}

static void
assert_content(struct plat_dir *d, const char *name, const struct str *want)
{
	struct str got = STR_INIT;
	struct err e;
	assert_done(afile_read(&got, d, name, LIMIT, &e), &e);
	assert_int_equal(got.len, want->len);
	assert_memory_equal(got.p, want->p, want->len);
	str_free(&got);
}

static void
test_afile__writes_any_size(void **state)
{
	static const size_t totals[] = {
	    0, 1, 65535, 65536, 65537, 131072, 200000};
	static const size_t pieces[] = {1, 7, 65535, 65536, 65537, 200000};
	struct tempdir *t = *state;
	struct str want = STR_INIT;
	struct err e;
	fill(&want, 200000, 1);
	for (size_t i = 0; i < COUNT_OF(totals) * COUNT_OF(pieces); i++) {
		size_t total = totals[i % COUNT_OF(totals)];
		size_t piece = pieces[i / COUNT_OF(totals)];
		struct afile *f;
		struct str part = STR_INIT;
		assert_done(afile_open(&f, t->dir, "f", &e), &e);
		for (size_t at = 0; at < total; at += piece) {
			size_t left = total - at;
			afile_write(
			    f, want.p + at, left < piece ? left : piece);
		}
		assert_int_equal(afile_size(f), total);
		assert_done(afile_commit(f, i % 2 == 0, &e), &e);
		str_addn(&part, want.p, total);
		assert_content(t->dir, "f", &part);
		str_free(&part);
	}
	assert_false(has(t->dir, "f.new"));
	str_free(&want);
}

static void
test_afile__patches(void **state)
{
	static const size_t offsets[] = {0, 1, 65530, 65536, 99990};
	struct tempdir *t = *state;
	struct err e;
	for (size_t i = 0; i < COUNT_OF(offsets); i++) {
		struct str want = STR_INIT;
		struct afile *f;
		fill(&want, 100000, 2);
		assert_done(afile_open(&f, t->dir, "f", &e), &e);
		afile_write(f, want.p, 70000);
		afile_write(f, want.p + 70000, 30000);
		afile_patch(f, offsets[i], "0123456789", 10);
		afile_write(f, "tail", 4);
		assert_int_equal(afile_size(f), 100004);
		assert_done(afile_commit(f, false, &e), &e);
		memcpy(want.p + offsets[i], "0123456789", 10);
		str_add(&want, "tail");
		assert_content(t->dir, "f", &want);
		str_free(&want);
	}
}

static void
test_afile__old_until_committed(void **state)
{
	struct tempdir *t = *state;
	struct afile *f;
	struct err e;
	put_file(t->dir, "f", "old");
	assert_done(afile_open(&f, t->dir, "f", &e), &e);
	afile_write(f, "new", 3);
	assert_holds(t->dir, "f", "old");
	afile_abandon(f);
	assert_holds(t->dir, "f", "old");
	assert_false(has(t->dir, "f.new"));
	assert_done(afile_replace(t->dir, "f", "new", 3, true, &e), &e);
	assert_holds(t->dir, "f", "new");
	assert_false(has(t->dir, "f.new"));
	afile_abandon(NULL);
}

static void
test_afile__is_private(void **state)
{
	struct tempdir *t = *state;
	struct plat_stat st, probe;
	struct err e;
	put_file(t->dir, "probe", "");
	assert_done(afile_replace(t->dir, "f", "x", 1, false, &e), &e);
	assert_done(plat_stat(&st, t->dir, "f", &e), &e);
	assert_done(plat_stat(&probe, t->dir, "probe", &e), &e);
	assert_int_equal(st.mode, probe.mode);
}

static void
test_afile__leftovers(void **state)
{
	struct tempdir *t = *state;
	struct afile *f;
	struct err e;
	put_file(t->dir, "f.new", "of a dead run, and longer");
	assert_done(afile_replace(t->dir, "f", "1", 1, false, &e), &e);
	assert_holds(t->dir, "f", "1");
	put_file(t->dir, "victim", "mine");
	if (put_link(t->dir, "f.new", "victim")) {
		assert_done(afile_replace(t->dir, "f", "2", 1, false, &e), &e);
		assert_holds(t->dir, "victim", "mine");
		assert_holds(t->dir, "f", "2");
	}
	put_dir(t->dir, "f.new");
	assert_failed(afile_open(&f, t->dir, "f", &e), &e, ERR_TYPE);
}

static void
test_afile__reads(void **state)
{
	static const struct {
		const char *name;
		size_t limit;
		int rc;
		enum err_code code;
	} rows[] = {
	    {"none", 10, 1, ERR_NONE},
	    {"f", 5, 0, ERR_NONE},
	    {"f", 6, 0, ERR_NONE},
	    {"f", 4, -1, ERR_CORRUPT},
	    {"f", 0, -1, ERR_CORRUPT},
	    {"empty", 0, 0, ERR_NONE},
	    {"dir", 10, -1, ERR_TYPE},
	};
	struct tempdir *t = *state;
	put_file(t->dir, "f", "12345");
	put_file(t->dir, "empty", "");
	put_dir(t->dir, "dir");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str out = STR_INIT;
		struct err e;
		str_add(&out, ">");
		int rc =
		    afile_read(&out, t->dir, rows[i].name, rows[i].limit, &e);
		assert_int_equal(rc, rows[i].rc);
		if (rc < 0)
			assert_int_equal(e.code, rows[i].code);
		bool whole = rc == 0 && rows[i].limit > 0;
		assert_string_equal(out.p, whole ? ">12345" : ">");
		str_free(&out);
	}
}

/* A read that fails in the middle takes back what it had. */
static void
test_afile__read_fails(void **state)
{
	struct tempdir *t = *state;
	struct str text = STR_INIT, out = STR_INIT;
	struct err e;
	fill(&text, 50000, 3);
	assert_done(
	    afile_replace(t->dir, "f", text.p, text.len, false, &e), &e);
	unsigned n = 0;
	for (;; n++) {
		str_set(&out, ">");
		fault_one(n);
		int rc = afile_read(&out, t->dir, "f", LIMIT, &e);
		if (!fault_over())
			break;
		/* That a file was read does not depend on its closing. */
		if (rc == 0)
			continue;
		assert_failed(rc, &e, ERR_NOSPACE);
		assert_string_equal(out.p, ">");
	}
	assert_true(n >= 5);
	str_free(&text);
	str_free(&out);
}

/* ---- trouble ------------------------------------------------------------- */

static int
write_much(struct plat_dir *d, struct err *e)
{
	struct afile *f;
	struct str text = STR_INIT;
	fill(&text, 150000, 4);
	int rc = afile_open(&f, d, "f", e);
	if (rc == 0) {
		for (size_t at = 0; at < text.len; at += 50000)
			afile_write(f, text.p + at, 50000);
		afile_patch(f, 10, "patch", 5);
		afile_write(f, "end", 3);
		rc = afile_commit(f, true, e);
	}
	str_free(&text);
	return rc;
}

/* "old", or what write_much writes. */
static bool
is_new(struct plat_dir *d)
{
	struct str got = STR_INIT;
	struct err e;
	assert_done(afile_read(&got, d, "f", LIMIT, &e), &e);
	bool now = strcmp(got.p, "old") != 0;
	if (now) {
		assert_int_equal(got.len, 150003);
		assert_memory_equal(got.p + 10, "patch", 5);
		assert_string_equal(got.p + 150000, "end");
	}
	str_free(&got);
	return now;
}

/* What makes it atomic and durable is the order of these. */
static void
test_afile__order_of_calls(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	fault_none();
	assert_done(afile_replace(t->dir, "f", "1", 1, true, &e), &e);
	assert_false(fault_over());
	assert_string_equal(fault_calls(),
	    "unlink create write file_sync close replace dir_sync ");
	fault_none();
	assert_done(afile_replace(t->dir, "f", "2", 1, false, &e), &e);
	assert_false(fault_over());
	assert_string_equal(
	    fault_calls(), "unlink create write close replace ");
}

static void
test_afile__first_error_sticks(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	unsigned n = 0, kept = 0;
	for (;; n++) {
		put_file(t->dir, "f", "old");
		fault_one(n);
		int rc = write_much(t->dir, &e);
		if (!fault_over())
			break;
		assert_failed(rc, &e, ERR_NOSPACE);
		assert_false(has(t->dir, "f.new"));
		kept += !is_new(t->dir);
		const char *after = strchr(fault_calls(), '!');
		assert_null(strstr(after, "write"));
		assert_null(strstr(after, "replace"));
	}
	assert_true(is_new(t->dir));
	/* The last call syncs the directory: only there is the new content
	   in place already. */
	assert_int_equal(kept, n - 1);
	assert_true(n >= 9);
}

static void
test_afile__dies_anywhere(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	unsigned n = 0;
	for (;; n++) {
		put_file(t->dir, "f", "old");
		fault_all(n);
		int rc = write_much(t->dir, &e);
		if (!fault_over())
			break;
		assert_failed(rc, &e, ERR_NOSPACE);
		is_new(t->dir);
		/* Whoever comes next is not in its way. */
		assert_done(write_much(t->dir, &e), &e);
		assert_true(is_new(t->dir));
		assert_false(has(t->dir, "f.new"));
	}
	assert_true(n >= 9);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, tempdir_setup, tempdir_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_afile__writes_any_size),
	    TEST(test_afile__patches),
	    TEST(test_afile__old_until_committed),
	    TEST(test_afile__is_private),
	    TEST(test_afile__leftovers),
	    TEST(test_afile__reads),
	    TEST(test_afile__read_fails),
	    TEST(test_afile__order_of_calls),
	    TEST(test_afile__first_error_sticks),
	    TEST(test_afile__dies_anywhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
