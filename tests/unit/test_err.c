#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"

#define LONG_100                                                               \
	"0123456789012345678901234567890123456789012345678901234567890123456"  \
	"789012345678901234567890123456789"

static void
test_err__chain(void **state)
{
	(void)state;
	struct err e;
	char buf[ERR_TEXT_SIZE];
	err_clear(&e);
	assert_int_equal(e.code, ERR_NONE);
	assert_string_equal(err_text(&e, buf, sizeof(buf)), "");
	assert_int_equal(err_set_os(&e, ERR_ACCESS, 13, "open: %s", "no"), -1);
	assert_int_equal(err_wrap(&e, "file '%s'", "a/b"), -1);
	assert_int_equal(err_wrap(&e, "profile %d", 7), -1);
	assert_int_equal(e.code, ERR_ACCESS);
	assert_int_equal(e.os, 13);
	assert_string_equal(
	    err_text(&e, buf, sizeof(buf)), "profile 7: file 'a/b': open: no");
}

static void
test_err__set_forgets(void **state)
{
	(void)state;
	struct err e;
	char buf[ERR_TEXT_SIZE];
	err_set_os(&e, ERR_IO, 5, "first");
	err_wrap(&e, "outer");
	assert_int_equal(err_set(&e, ERR_CORRUPT, "second"), -1);
	assert_int_equal(e.code, ERR_CORRUPT);
	assert_int_equal(e.os, 0);
	assert_string_equal(err_text(&e, buf, sizeof(buf)), "second");
	err_clear(&e);
	assert_string_equal(err_text(&e, buf, sizeof(buf)), "");
}

static void
test_err__null_is_nowhere(void **state)
{
	(void)state;
	err_clear(NULL);
	assert_int_equal(err_set(NULL, ERR_IO, "x"), -1);
	assert_int_equal(err_set_os(NULL, ERR_IO, 1, "x"), -1);
	assert_int_equal(err_wrap(NULL, "x"), -1);
}

static void
test_err__full_keeps_root(void **state)
{
	(void)state;
	struct err e;
	char buf[ERR_TEXT_SIZE];
	err_set(&e, ERR_IO, "root");
	for (int i = 0; i < 10; i++)
		err_wrap(&e, "f%d", i);
	assert_string_equal(
	    err_text(&e, buf, sizeof(buf)), "f4: f3: f2: f1: f0: root");
}

static void
test_err__longest_message_fits(void **state)
{
	(void)state;
	struct err e;
	char buf[ERR_TEXT_SIZE];
	err_set(&e, ERR_IO, "%s", LONG_100 LONG_100 LONG_100);
	for (int i = 1; i < ERR_FRAMES; i++)
		err_wrap(&e, "%s", LONG_100 LONG_100 LONG_100);
	size_t len = strlen(err_text(&e, buf, sizeof(buf)));
	assert_int_equal(
	    len, ERR_FRAMES * (ERR_FRAME_SIZE - 1) + (ERR_FRAMES - 1) * 2);
}

/* Characters of one to four bytes, cut after every number of bytes. */
static void
test_err__cuts_whole_characters(void **state)
{
	(void)state;
	static const char *const characters[] = {
	    "a", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"};
	char pad[ERR_FRAME_SIZE];
	for (size_t c = 0; c < 4; c++) {
		size_t width = strlen(characters[c]);
		for (size_t before = 230; before < ERR_FRAME_SIZE; before++) {
			memset(pad, 'x', before);
			pad[before] = '\0';
			struct err e;
			err_set(&e, ERR_IO, "%s%s%s", pad, characters[c],
			    "tail of no interest");
			size_t room = ERR_FRAME_SIZE - 1 - before;
			if (room < width)
				assert_int_equal(strlen(e.frame[0]), before);
			else
				assert_memory_equal(
				    e.frame[0] + before, characters[c], width);
		}
	}
}

static void
test_err__text_cuts_whole_characters(void **state)
{
	(void)state;
	static const struct {
		size_t size;
		const char *want;
	} cases[] = {
	    {1, ""},
	    {2, "o"},
	    {4, "o: "},
	    {5, "o: "},
	    {6, "o: \xC3\xA9"},
	    {7, "o: \xC3\xA9"},
	    {9, "o: \xC3\xA9"},
	    {10, "o: \xC3\xA9\xF0\x9F\x98\x80"},
	    {99, "o: \xC3\xA9\xF0\x9F\x98\x80"},
	};
	struct err e;
	err_set(&e, ERR_IO, "\xC3\xA9\xF0\x9F\x98\x80");
	err_wrap(&e, "o");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char buf[100];
		assert_string_equal(
		    err_text(&e, buf, cases[i].size), cases[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_err__chain),
	    cmocka_unit_test(test_err__set_forgets),
	    cmocka_unit_test(test_err__null_is_nowhere),
	    cmocka_unit_test(test_err__full_keeps_root),
	    cmocka_unit_test(test_err__longest_message_fits),
	    cmocka_unit_test(test_err__cuts_whole_characters),
	    cmocka_unit_test(test_err__text_cuts_whole_characters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
