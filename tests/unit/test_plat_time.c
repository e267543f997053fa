#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "platform/plat_time.h"

static void
test_plat_time__now(void **state)
{
	(void)state;
	struct stamp a = plat_now();
	struct stamp b = plat_now();
	assert_true(a.sec > 1700000000);
	assert_true(a.nsec < 1000000000 && b.nsec < 1000000000);
	assert_true(stamp_near(a, b, 60));
}

static void
test_plat_time__sleep(void **state)
{
	(void)state;
	static const unsigned naps[] = {0, 1, 30, 130};
	for (size_t i = 0; i < 4; i++) {
		uint64_t before = plat_ticks();
		plat_sleep(naps[i]);
		uint64_t slept = plat_ticks() - before;
		/* Two clocks of some milliseconds' grain are involved. */
		assert_true(slept + 20 >= naps[i]);
		assert_true(slept < naps[i] + 10000);
	}
}

static void
test_plat_time__zone(void **state)
{
	(void)state;
	static const int64_t times[] = {0, 1700000000, 1720000000, -86400 * 365,
	    INT64_MAX, INT64_MIN, 4102444800};
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		int offset = plat_zone_offset((struct stamp){.sec = times[i]});
		assert_true(offset > -26 * 3600 && offset < 26 * 3600);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_plat_time__now),
	    cmocka_unit_test(test_plat_time__sleep),
	    cmocka_unit_test(test_plat_time__zone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
