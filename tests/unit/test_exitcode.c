#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "cli/exitcode.h"

static void
test_exitcode__every_kind_of_failure(void **state)
{
	static const struct {
		enum err_code code;
		enum exitcode want;
	} cases[] = {
	    {ERR_NONE, 0},
	    {ERR_USAGE, 4},
	    {ERR_CONFIG, 4},
	    {ERR_RUNNING, 3},
	    {ERR_REFUSED, 5},
	    {ERR_LOCKED, 5},
	    {ERR_CANCELLED, 130},
	    {ERR_NOTFOUND, 1},
	    {ERR_EXISTS, 1},
	    {ERR_ACCESS, 1},
	    {ERR_TYPE, 1},
	    {ERR_BUSY, 1},
	    {ERR_NOSPACE, 1},
	    {ERR_NAME, 1},
	    {ERR_IO, 1},
	    {ERR_CORRUPT, 1},
	    {ERR_UNSUPPORTED, 1},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(exitcode_of(cases[i].code), cases[i].want);
}

static void
test_exitcode__the_order_when_several_apply(void **state)
{
	static const enum exitcode order[] = {130, 4, 3, 5, 1, 2, 0};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(order); i++) {
		for (size_t j = 0; j < COUNT_OF(order); j++) {
			enum exitcode want = order[i < j ? i : j];
			assert_int_equal(
			    exitcode_worse(order[i], order[j]), want);
		}
	}
}

static void
test_exitcode__a_word_for_each(void **state)
{
	static const struct {
		enum exitcode code;
		const char *want;
	} cases[] = {
	    {EXITCODE_OK, "ok"},
	    {EXITCODE_FAILED, "error"},
	    {EXITCODE_CONFLICT, "conflict"},
	    {EXITCODE_RUNNING, "running"},
	    {EXITCODE_INVALID, "invalid"},
	    {EXITCODE_REFUSED, "refused"},
	    {EXITCODE_INTERRUPTED, "interrupted"},
	    {(enum exitcode)77, "error"},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(
		    exitcode_result(cases[i].code), cases[i].want);
}

/* A program run in place of ours may end with any code; it counts as a
   failure against the codes we know. */
static void
test_exitcode__unknown_codes(void **state)
{
	UNUSED(state);
	assert_int_equal(
	    exitcode_worse((enum exitcode)77, (enum exitcode)78), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_exitcode__every_kind_of_failure),
	    cmocka_unit_test(test_exitcode__the_order_when_several_apply),
	    cmocka_unit_test(test_exitcode__a_word_for_each),
	    cmocka_unit_test(test_exitcode__unknown_codes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
