#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/mem.h"
#include "faults.h"
#include "ledger_scene.h"
#include "store/ledger.h"
#include "support/tempdir.h"

/* ---- as it should be ----------------------------------------------------- */

static void
test_ledger__round_trip(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	assert_ledger_empty(t->dir, "");
	for (size_t n = 0; n <= LEDGER_PATHS; n++) {
		assert_done(write_ledger(t->dir, n, n % 2 == 0, &e), &e);
		assert_ledger(t->dir, n);
		assert_false(has(t->dir, "ledger.new"));
	}
}

static void
test_ledger__abandoned(void **state)
{
	struct tempdir *t = *state;
	struct ledger_writer *w;
	struct err e;
	assert_done(write_ledger(t->dir, 2, false, &e), &e);
	assert_done(ledger_begin(&w, t->dir, &e), &e);
	ledger_abandon(w);
	ledger_abandon(NULL);
	assert_ledger(t->dir, 2);
	assert_false(has(t->dir, "ledger.new"));
}

static void
test_ledger__head_copy(void **state)
{
	(void)state;
	struct ledger_head head, copy;
	ledger_fill_head(&head);
	ledger_head_copy(&copy, &head);
	ledger_head_free(&head);
	assert_ledger_head(&copy);
	ledger_head_free(&copy);
}

/* The last run that wrote to a folder, and the ledger from before it. */
static void
test_ledger__last_run(void **state)
{
	struct tempdir *t = *state;
	struct ledger_writer *w;
	struct ledger_head head, copy;
	struct ledger l;
	struct str trouble = STR_INIT;
	struct err e;
	assert_done(write_ledger(t->dir, 2, false, &e), &e);
	assert_done(ledger_keep_before(t->dir, "one", &e), &e);
	assert_done(ledger_keep_before(t->dir, "two", &e), &e);
	ledger_fill_head(&head);
	head.run = mem_string("two");
	head.snapshot = mem_string("its snapshot");
	ledger_head_copy(&copy, &head);
	assert_done(ledger_begin(&w, t->dir, &e), &e);
	assert_done(ledger_commit(w, &copy, false, &e), &e);
	assert_done(ledger_drop_before(t->dir, "two", &e), &e);
	assert_done(ledger_load(&l, t->dir, &trouble, &e), &e);
	assert_string_equal(l.head.run, "two");
	assert_string_equal(l.head.snapshot, "its snapshot");
	assert_int_equal(l.agreed.n, 0);
	ledger_free(&l);
	assert_done(ledger_load_before(&l, t->dir, "two", &trouble, &e), &e);
	assert_int_equal(l.agreed.n, 2);
	assert_null(l.head.run);
	ledger_free(&l);
	assert_false(has(t->dir, "ledger-before-one"));
	assert_int_equal(trouble.len, 0);
	str_free(&trouble);
	ledger_head_free(&copy);
	ledger_head_free(&head);
}

static void
test_ledger__many(void **state)
{
	enum { MANY = 20000 };
	struct tempdir *t = *state;
	struct ledger_writer *w;
	struct ledger_head head;
	struct ledger l;
	struct str trouble = STR_INIT;
	struct err e;
	char path[32];
	assert_done(ledger_begin(&w, t->dir, &e), &e);
	for (unsigned i = 0; i < MANY; i++) {
		struct agreed_record r = ledger_record(i);
		int n = snprintf(path, sizeof(path), "d%03u/f%05u", i / 100, i);
		ledger_add(w, &r, path, (size_t)n);
	}
	ledger_fill_head(&head);
	assert_done(ledger_commit(w, &head, false, &e), &e);
	ledger_head_free(&head);
	assert_done(ledger_load(&l, t->dir, &trouble, &e), &e);
	assert_string_equal(trouble.p, "");
	assert_int_equal(l.agreed.n, MANY);
	for (unsigned i = 0; i < MANY; i += 777) {
		int n = snprintf(path, sizeof(path), "d%03u/f%05u", i / 100, i);
		assert_ptr_equal(
		    agreed_find(&l.agreed, path, (size_t)n), &l.agreed.v[i]);
	}
	ledger_free(&l);
	str_free(&trouble);
}

static void
test_ledger__something_else(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	put_file(t->dir, LEDGER_NAME, "");
	assert_ledger_empty(t->dir, "empty");
	put_file(t->dir, LEDGER_NAME,
	    "[profile]\nname = docs\n; more than sixty-four bytes of text, not "
	    "ours");
	assert_ledger_empty(t->dir, "not a ledger");
	assert_done(plat_unlink(t->dir, LEDGER_NAME, &e), &e);
	put_dir(t->dir, LEDGER_NAME);
	assert_ledger_empty(t->dir, "'ledger'");
	assert_int_equal(write_ledger(t->dir, 2, false, &e), -1);
	assert_false(has(t->dir, "ledger.new"));
	assert_done(plat_rmdir(t->dir, LEDGER_NAME, &e), &e);
	assert_done(write_ledger(t->dir, 2, false, &e), &e);
	assert_int_equal(
	    plat_move(t->dir, LEDGER_NAME, t->dir, "elsewhere", &e), 0);
	if (put_link(t->dir, LEDGER_NAME, "elsewhere"))
		assert_ledger_empty(t->dir, "'ledger'");
}

/* ---- writing ------------------------------------------------------------- */

static void
test_ledger__refuses_what_cannot_be_read(void **state)
{
	static const struct {
		const char *path;
		uint8_t type, flags;
		const char *why;
	} rows[] = {
	    {"a", ENTRY_FILE, LEDGER_BOTH, "out of order"},
	    {"a-b", ENTRY_FILE, LEDGER_BOTH, "out of order"},
	    {"z/", ENTRY_FILE, LEDGER_BOTH, "unsafe path"},
	    {"", ENTRY_FILE, LEDGER_BOTH, "unsafe path"},
	    {"z", ENTRY_NONE, LEDGER_BOTH, "unknown type"},
	    {"z", ENTRY_FILE, 0, "impossible flags"},
	};
	struct tempdir *t = *state;
	struct ledger_head head;
	char text[ERR_TEXT_SIZE];
	struct err e;
	assert_done(write_ledger(t->dir, 2, false, &e), &e);
	ledger_fill_head(&head);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct ledger_writer *w;
		struct agreed_record r = ledger_record(0);
		assert_done(ledger_begin(&w, t->dir, &e), &e);
		ledger_add(w, &r, "a.b", 3);
		r.type = rows[i].type;
		r.flags = rows[i].flags;
		ledger_add(w, &r, rows[i].path, strlen(rows[i].path));
		/* The first fault is the one that is told. */
		r = ledger_record(0);
		r.side[SIDE_LOCAL].mtime_nsec = UINT32_MAX;
		ledger_add(w, &r, "zz", 2);
		int rc = ledger_commit(w, &head, false, &e);
		assert_failed(rc, &e, ERR_CORRUPT);
		err_text(&e, text, sizeof(text));
		if (strstr(text, rows[i].why) == NULL)
			fail_msg("'%s' does not say '%s'", text, rows[i].why);
		assert_ledger(t->dir, 2);
		assert_false(has(t->dir, "ledger.new"));
	}
	ledger_head_free(&head);
}

static void
test_ledger__too_long_a_path(void **state)
{
	struct tempdir *t = *state;
	struct ledger_writer *w;
	struct ledger_head head;
	struct agreed_record r = ledger_record(0);
	struct err e;
	if (SIZE_MAX == UINT32_MAX)
		skip();
	assert_done(ledger_begin(&w, t->dir, &e), &e);
	/* Refused for its length alone: there is no such path here. */
	ledger_add(w, &r, "a", SIZE_MAX / 2);
	ledger_fill_head(&head);
	assert_failed(ledger_commit(w, &head, false, &e), &e, ERR_CORRUPT);
	ledger_head_free(&head);
}

static void
test_ledger__writing_fails(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	unsigned n = 0;
	for (;; n++) {
		assert_done(write_ledger(t->dir, 2, false, &e), &e);
		fault_one(n);
		int rc = write_ledger(t->dir, 3, false, &e);
		if (!fault_over())
			break;
		assert_failed(rc, &e, ERR_NOSPACE);
		assert_ledger(t->dir, 2);
		assert_false(has(t->dir, "ledger.new"));
	}
	assert_ledger(t->dir, 3);
	assert_true(n >= 7);
}

static void
test_ledger__reading_fails(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	assert_done(write_ledger(t->dir, 2, false, &e), &e);
	for (unsigned n = 0; n < 2; n++) {
		struct ledger l;
		struct str trouble = STR_INIT;
		fault_one(n);
		assert_int_equal(ledger_load(&l, t->dir, &trouble, &e), -1);
		assert_true(fault_over());
		assert_int_not_equal(e.code, ERR_CORRUPT);
		/* It is not lost, and nobody may think so. */
		assert_int_equal(trouble.len, 0);
		assert_int_equal(l.agreed.n, 0);
		ledger_free(&l);
		str_free(&trouble);
	}
	assert_ledger(t->dir, 2);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, tempdir_setup, tempdir_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_ledger__round_trip),
	    TEST(test_ledger__abandoned),
	    TEST(test_ledger__head_copy),
	    TEST(test_ledger__last_run),
	    TEST(test_ledger__many),
	    TEST(test_ledger__something_else),
	    TEST(test_ledger__refuses_what_cannot_be_read),
	    TEST(test_ledger__too_long_a_path),
	    TEST(test_ledger__writing_fails),
	    TEST(test_ledger__reading_fails),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
