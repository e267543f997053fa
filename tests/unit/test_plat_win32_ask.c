/*
 * A message box that nobody answers. That one is answered is shown by
 * tests/flow/test_windows.py.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "platform/plat_ask.h"
#include "platform/plat_time.h"
#include "support/tempdir.h"

static void
test_plat_ask__nobody_is_there(void **state)
{
	static const char *const answers[] = {"Do", "Let be", "Cancel"};
	(void)state;
	for (size_t n = 2; n <= COUNT_OF(answers); n++) {
		const struct plat_question q = {
		    .title = "coldsync",
		    .text = "Is anybody there?",
		    .answers = answers,
		    .n = n,
		    .timeout_seconds = 1,
		};
		struct err e;
		uint64_t begun = plat_ticks();
		assert_failed(plat_ask(&q, &e), &e, ERR_CANCELLED);
		assert_in_range(plat_ticks() - begun, 900, 15000);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_plat_ask__nobody_is_there),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
