#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/mem.h"
#include "engine/past/restore.h"

static const struct {
	const char *paths[4]; /* in tree order */
	bool twins;
} cases[] = {
    {{"a"}, false},
    {{"A", "a"}, true},
    {{"A", "b", "a"}, true},
    {{"a", "b", "c"}, false},
    {{"D/x", "d/y"}, true},
    {{"D/x", "d"}, true},
    {{"d", "d/x", "d/y"}, false},
    {{"d/A", "e/a"}, false},
    {{"d/A/x", "d/a/y"}, true},
    {{"e\xCC\x81", "\xC3\xA9"}, true},
    {{"\xCE\xA3", "\xCF\x83"}, true},
    /* Between them stands what sorts there only when it is folded. */
    {{"A/x", "a/b", "a/z"}, true},
    {{"A", "A-", "a/b"}, true},
};

/* All of them, or all but the last. */
static int
check(size_t i, bool last, struct err *e)
{
	struct snap_entry entries[4] = {{.side = SIDE_LOCAL}};
	const struct snap_entry *all[4];
	bool picked[4];
	struct restore_picks p = {.all = all, .picked = picked};
	for (; p.n < 4 && cases[i].paths[p.n] != NULL; p.n++) {
		entries[p.n].path = cases[i].paths[p.n];
		entries[p.n].path_len = strlen(cases[i].paths[p.n]);
		all[p.n] = &entries[p.n];
		picked[p.n] = true;
	}
	picked[p.n - 1] = last;
	return restore_check_twins(&p, e);
}

static void
test_restore_twins__all_of_them(void **state)
{
	struct err e;
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int rc = check(i, true, &e);
		if ((rc != 0) != cases[i].twins)
			fail_msg("%s: %d", cases[i].paths[0], rc);
		if (rc != 0)
			assert_int_equal(e.code, ERR_REFUSED);
	}
}

/* What is not wanted back stands in nobody's way. */
static void
test_restore_twins__one_alone(void **state)
{
	struct err e;
	UNUSED(state);
	assert_int_equal(check(1, false, &e), 0);
	assert_int_equal(check(4, false, &e), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_restore_twins__all_of_them),
	    cmocka_unit_test(test_restore_twins__one_alone),
	};
	return cmocka_run_group_tests_name("restore_twins", tests, NULL, NULL);
}
