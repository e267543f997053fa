#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "faults.h"
#include "store/identity.h"
#include "support/tempdir.h"

#define DIGITS "0123456789abcdef0123456789abcdef"

static void
test_identity__made_once(void **state)
{
	struct tempdir *t = *state;
	char first[IDENTITY_SIZE], again[IDENTITY_SIZE];
	struct err e;
	assert_int_equal(identity_read(first, t->dir, &e), 1);
	assert_false(has(t->dir, IDENTITY_NAME));
	assert_done(identity_ensure(first, t->dir, &e), &e);
	assert_int_equal(strspn(first, "0123456789abcdef"), 32);
	assert_int_equal(first[32], '\0');
	assert_done(identity_ensure(again, t->dir, &e), &e);
	assert_string_equal(first, again);
	assert_done(identity_read(again, t->dir, &e), &e);
	assert_string_equal(first, again);
	assert_done(plat_unlink(t->dir, IDENTITY_NAME, &e), &e);
	assert_done(identity_ensure(again, t->dir, &e), &e);
	assert_string_not_equal(first, again);
}

static void
test_identity__reads(void **state)
{
	static const struct {
		const char *text;
		bool good;
	} rows[] = {
	    {DIGITS "\n", true},
	    {DIGITS, false},
	    {DIGITS "\n\n", false},
	    {DIGITS "0", false},
	    {DIGITS "0\n", false},
	    {"0123456789ABCDEF0123456789abcdef\n", false},
	    {"0123456789abcdeg0123456789abcdef\n", false},
	    {"0123456789abcdef0123456789abcde\n\n", false},
	    {"", false},
	};
	struct tempdir *t = *state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char id[IDENTITY_SIZE];
		struct err e;
		put_file(t->dir, IDENTITY_NAME, rows[i].text);
		int rc = identity_ensure(id, t->dir, &e);
		if (rows[i].good) {
			assert_done(rc, &e);
			assert_string_equal(id, DIGITS);
			continue;
		}
		char text[ERR_TEXT_SIZE];
		assert_failed(rc, &e, ERR_CORRUPT);
		err_text(&e, text, sizeof(text));
		assert_non_null(strstr(text, "remove it"));
		assert_holds(t->dir, IDENTITY_NAME, rows[i].text);
	}
}

static void
test_identity__something_else(void **state)
{
	struct tempdir *t = *state;
	char id[IDENTITY_SIZE], text[ERR_TEXT_SIZE];
	struct err e;
	put_dir(t->dir, IDENTITY_NAME);
	assert_failed(identity_ensure(id, t->dir, &e), &e, ERR_TYPE);
	assert_non_null(strstr(err_text(&e, text, sizeof(text)), "remove it"));
}

static void
test_identity__trouble(void **state)
{
	struct tempdir *t = *state;
	char id[IDENTITY_SIZE], text[ERR_TEXT_SIZE];
	struct err e;
	unsigned n = 0;
	for (;; n++) {
		if (has(t->dir, IDENTITY_NAME))
			assert_done(plat_unlink(t->dir, IDENTITY_NAME, &e), &e);
		fault_one(n);
		int rc = identity_ensure(id, t->dir, &e);
		if (!fault_over())
			break;
		assert_failed(rc, &e, ERR_NOSPACE);
		/* Nothing is wrong with the file: keep it. */
		assert_null(
		    strstr(err_text(&e, text, sizeof(text)), "remove it"));
	}
	assert_true(n >= 6);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, tempdir_setup, tempdir_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_identity__made_once),
	    TEST(test_identity__reads),
	    TEST(test_identity__something_else),
	    TEST(test_identity__trouble),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
