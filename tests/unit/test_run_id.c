#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "engine/profile/run_id.h"
#include "platform/plat_env.h"

/* In the place of plat_random: one that may be out of order. */
#undef plat_random
int plat_random(void *buf, size_t n, struct err *e);
int test_random(void *buf, size_t n, struct err *e);

static bool out_of_order;

int
test_random(void *buf, size_t n, struct err *e)
{
	if (out_of_order)
		return err_set(e, ERR_IO, "no random bytes");
	return plat_random(buf, n, e);
}

static void
test_run_id__time_and_four_digits(void **state)
{
	UNUSED(state);
	char id[RUN_ID_SIZE];
	struct stamp now = {.sec = 1795219897, .nsec = 5};
	assert_ptr_equal(run_id_make(id, now), id);
	assert_int_equal(strlen(id), strlen("20261121T235137Z-4f0a"));
	assert_memory_equal(id, "20261121T001137Z-", 17);
	assert_int_equal(strspn(id + 17, "0123456789abcdef"), 4);
}

/* Of 64 draws out of 65,536, nearly all differ; that eight are equal happens
   in no lifetime. */
static void
test_run_id__differs_within_a_second(void **state)
{
	UNUSED(state);
	enum { DRAWS = 64 };
	static char ids[DRAWS][RUN_ID_SIZE];
	int equal = 0;
	for (int i = 0; i < DRAWS; i++) {
		run_id_make(ids[i], (struct stamp){.sec = 0});
		for (int k = 0; k < i; k++)
			equal += strcmp(ids[i], ids[k]) == 0;
	}
	assert_true(equal < 8);
}

static void
test_run_id__without_a_random_source(void **state)
{
	UNUSED(state);
	char one[RUN_ID_SIZE], two[RUN_ID_SIZE];
	out_of_order = true;
	run_id_make(one, (struct stamp){.sec = 0, .nsec = 1});
	run_id_make(two, (struct stamp){.sec = 0, .nsec = 0x8000});
	out_of_order = false;
	assert_int_equal(strlen(one), strlen("20261121T235137Z-4f0a"));
	assert_string_not_equal(one, two);
}

static void
test_run_id__far_future_fits(void **state)
{
	UNUSED(state);
	char id[RUN_ID_SIZE];
	run_id_make(id, (struct stamp){.sec = INT64_MAX});
	assert_true(strlen(id) < RUN_ID_SIZE);
	assert_int_equal(id[strlen(id) - 5], '-');
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_run_id__time_and_four_digits),
	    cmocka_unit_test(test_run_id__differs_within_a_second),
	    cmocka_unit_test(test_run_id__without_a_random_source),
	    cmocka_unit_test(test_run_id__far_future_fits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
