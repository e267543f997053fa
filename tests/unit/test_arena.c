#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

static bool
is_aligned(const void *p)
{
	return (uintptr_t)p % 8 == 0;
}

static void
test_arena__empty(void **state)
{
	(void)state;
	struct arena a = ARENA_INIT;
	arena_free(&a);
	void *nothing = arena_alloc(&a, 0);
	assert_non_null(nothing);
	assert_non_null(arena_zero(&a, 0, 16));
	assert_ptr_not_equal(arena_alloc(&a, 0), nothing);
	assert_string_equal(arena_copy(&a, NULL, 0), "");
	arena_free(&a);
	assert_null(a.chunks);
	assert_int_equal(a.total, 0);
}

static void
test_arena__packed_and_aligned(void **state)
{
	(void)state;
	struct arena a = ARENA_INIT;
	const char *x = arena_copy(&a, "abc", 3);
	const char *y = arena_copy(&a, "de", 2);
	assert_ptr_equal(y, x + 4);
	for (size_t i = 0; i < 9; i++) {
		assert_true(is_aligned(arena_alloc(&a, 8)));
		arena_copy(&a, "12345678", i);
	}
	assert_string_equal(x, "abc");
	assert_string_equal(y, "de");
	arena_free(&a);
}

/* Many sizes around every boundary; each block is filled and must keep what
   it was given. */
static void
test_arena__blocks_stay_apart(void **state)
{
	(void)state;
	enum { COUNT = 2000 };
	static struct {
		unsigned char *p;
		size_t n;
	} blocks[COUNT];
	struct arena a = ARENA_INIT;
	uint32_t seed = 1;
	for (size_t i = 0; i < COUNT; i++) {
		seed = seed * 1664525 + 1013904223;
		size_t n = seed >> 22;
		if (i % 100 == 99)
			n = 65530 + (seed >> 28);
		if (i % 500 == 250)
			n = 300000;
		blocks[i].n = n;
		blocks[i].p = i % 2 == 0 ? arena_zero(&a, n, 1)
					 : (void *)arena_alloc(&a, n);
		assert_true(is_aligned(blocks[i].p));
		if (i % 2 == 0 && n > 0)
			assert_int_equal(blocks[i].p[n - 1], 0);
		memset(blocks[i].p, (int)(i & 0xFF), n);
	}
	for (size_t i = 0; i < COUNT; i++) {
		for (size_t k = 0; k < blocks[i].n; k++) {
			if (blocks[i].p[k] != (i & 0xFF))
				fail_msg("block %zu was overwritten", i);
		}
	}
	arena_free(&a);
}

/* A large thing must not cost the small ones their half-filled chunk. */
static void
test_arena__large_leaves_the_chunk(void **state)
{
	(void)state;
	struct arena a = ARENA_INIT;
	const char *x = arena_copy(&a, "abc", 3);
	size_t left = a.left;
	char *large = arena_alloc(&a, 1000000);
	large[999999] = 1;
	assert_true(left - a.left < 8);
	const char *y = arena_copy(&a, "def", 3);
	assert_true(y > x && y - x < 16);
	assert_true(a.total > 1000000 && a.total < 1600000);
	arena_free(&a);
	/* First of all, too. */
	large = arena_alloc(&a, 1000000);
	large[999999] = 1;
	assert_true(a.total < 1100000);
	assert_string_equal(arena_copy(&a, "x", 1), "x");
	arena_free(&a);
}

static void
test_arena__join(void **state)
{
	(void)state;
	struct arena a = ARENA_INIT;
	struct arena b = ARENA_INIT;
	struct arena empty = ARENA_INIT;
	const char *y = arena_copy(&b, "from b", 6);
	size_t total = b.total;
	arena_join(&a, &b); /* into an empty one */
	assert_null(b.chunks);
	assert_int_equal(b.total, 0);
	assert_int_equal(a.total, total);
	const char *x = arena_copy(&a, "in a", 4);
	const char *z = arena_copy(&b, "b again", 7);
	arena_zero(&b, 1, 100000);
	arena_join(&a, &b);
	arena_join(&a, &empty); /* from an empty one */
	const char *w = arena_copy(&a, "last", 4);
	assert_true(w > x && w - x < 16);
	assert_string_equal(x, "in a");
	assert_string_equal(y, "from b");
	assert_string_equal(z, "b again");
	assert_string_equal(w, "last");
	arena_free(&b);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_arena__empty),
	    cmocka_unit_test(test_arena__packed_and_aligned),
	    cmocka_unit_test(test_arena__blocks_stay_apart),
	    cmocka_unit_test(test_arena__large_leaves_the_chunk),
	    cmocka_unit_test(test_arena__join),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
