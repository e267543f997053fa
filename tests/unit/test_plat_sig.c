#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "platform/plat_env.h"
#include "platform/plat_sig.h"
#include "platform/plat_time.h"

static void
test_plat_sig__not_asked(void **state)
{
	(void)state;
	struct err e;
	assert_false(plat_sig_asked());
	plat_sig_install();
	plat_sig_install();
	assert_false(plat_sig_asked());
	assert_int_equal(plat_sig_check(&e), 0);
}

/* Sleeping to the end is what it does when nobody asks. */
static void
test_plat_sig__sleeps_on(void **state)
{
	(void)state;
	uint64_t before = plat_ticks();
	plat_sleep(100);
	assert_true(plat_ticks() - before + 20 >= 100);
}

int
main(int argc, char **argv)
{
	plat_env_init(&argc, &argv);
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_plat_sig__not_asked),
	    cmocka_unit_test(test_plat_sig__sleeps_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
