#include "model/agreed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "support/world.h"

static void
test_agreed__finds_every_record(void **state)
{
	UNUSED(state);
	static const char *const paths[] = {
	    "a", "a/b", "a/b/c", "a/b-c", "a-x", "b", "b/z"};
	static const char *const none[] = {
	    "", "0", "a/", "a/a", "a/b/", "a/b/d", "a-", "aa", "b/zz", "c"};
	struct world w;
	struct planned p;
	world_init(&w);
	for (size_t n = 0; n < COUNT_OF(paths); n++) {
		world_put_ledger(&w, paths[n], "/");
		world_build(&p, &w, 0);
		for (size_t i = 0; i < COUNT_OF(paths); i++) {
			const struct agreed_record *r =
			    agreed_find(&p.agreed, paths[i], strlen(paths[i]));
			assert_int_equal(r != NULL, i <= n);
			if (r != NULL)
				assert_memory_equal(agreed_path(&p.agreed, r),
				    paths[i], strlen(paths[i]));
		}
		for (size_t i = 0; i < COUNT_OF(none); i++)
			assert_null(
			    agreed_find(&p.agreed, none[i], strlen(none[i])));
		world_unbuild(&p);
	}
	world_free(&w);
}

static void
test_agreed__an_empty_ledger_knows_nothing(void **state)
{
	UNUSED(state);
	struct agreed none = {.v = NULL};
	assert_null(agreed_find(&none, "a", 1));
}

static void
test_agreed__flags_are_each_sides_own(void **state)
{
	UNUSED(state);
	for (unsigned bits = 0; bits < 64; bits++) {
		struct agreed_record r = {.flags = (uint8_t)bits};
		assert_int_equal(
		    agreed_present(&r, SIDE_LOCAL), (bits & 1) != 0);
		assert_int_equal(
		    agreed_present(&r, SIDE_CLOUD), (bits & 2) != 0);
		assert_int_equal(agreed_racy(&r, SIDE_LOCAL), (bits & 4) != 0);
		assert_int_equal(agreed_racy(&r, SIDE_CLOUD), (bits & 8) != 0);
		assert_int_equal(agreed_exec(&r, SIDE_LOCAL), (bits & 16) != 0);
		assert_int_equal(agreed_exec(&r, SIDE_CLOUD), (bits & 32) != 0);
		assert_int_equal(
		    agreed_settled(&r), (bits & 3) == 1 || (bits & 3) == 2);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_agreed__finds_every_record),
	    cmocka_unit_test(test_agreed__an_empty_ledger_knows_nothing),
	    cmocka_unit_test(test_agreed__flags_are_each_sides_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
