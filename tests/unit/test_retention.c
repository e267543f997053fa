#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "model/retention.h"

enum { DAY = 86400, ITEMS_MAX = 12 };

static const struct stamp now = {.sec = 2000000000, .nsec = 500};

/* One letter an item, oldest first: its verdict. */
static const char letters[] = {
    [RETENTION_FOREIGN] = 'f',
    [RETENTION_INCOMPLETE] = 'i',
    [RETENTION_NEEDED] = 'n',
    [RETENTION_FUTURE] = '>',
    [RETENTION_NEWEST] = '1',
    [RETENTION_LAST] = 'l',
    [RETENTION_OLD] = 'O',
    [RETENTION_MANY] = 'M',
    [RETENTION_LARGE] = 'L',
    [RETENTION_WITHIN] = '.',
};

static const struct {
	const char *what;
	const char *kinds; /* f, i, n as above; '.' ordinary */
	int ages[ITEMS_MAX];
	int64_t days, count, last;
	uint64_t bytes; /* each item has 100 */
	const char *want;
} cases[] = {
    {"nothing", "", {0}, 30, 1, 1, 1, ""},
    {"no limits", "....", {900, 90, 9, 1}, 0, 0, 0, 0, "...1"},
    {"the newest stays however old", ".", {5000}, 30, 1, 0, 1, "1"},
    {"age", "....", {40, 31, 30, 1}, 30, 0, 0, 0, "OO.1"},
    {"keep_last beats age", "....", {90, 80, 70, 60}, 30, 0, 3, 0, "Oll1"},
    {"number", "....", {4, 3, 2, 1}, 0, 2, 0, 0, "MM.1"},
    {"keep_last beats number", "....", {4, 3, 2, 1}, 0, 1, 3, 0, "Mll1"},
    {"age comes first", "...", {99, 98, 1}, 30, 1, 0, 0, "OO1"},
    {"size: oldest first", "....", {4, 3, 2, 1}, 0, 0, 0, 250, "LL.1"},
    {"size: exactly", "....", {4, 3, 2, 1}, 0, 0, 0, 400, "...1"},
    {"keep_last beats size", "....", {4, 3, 2, 1}, 0, 0, 3, 50, "Lll1"},
    {"what stays anyway counts", "....", {4, 3, 2, 1}, 0, 0, 3, 350, "Lll1"},
    {"the newest beats size", "..", {4, 3}, 0, 0, 0, 50, "L1"},
    {"what went by age frees room", "....", {99, 3, 2, 1}, 30, 0, 0, 300,
	"O..1"},
    {"another's is not counted", "f.f.f", {99, 98, 97, 96, 95}, 30, 1, 1, 1,
	"fOf1f"},
    {"incomplete ones are not", "i.i", {99, 98, 97}, 30, 1, 0, 1, "i1i"},
    {"a journal's", "n.", {99, 1}, 30, 1, 0, 0, "n1"},
    {"the newest is the journal's", "..n", {99, 98, 97}, 30, 1, 0, 0, "O1n"},
    {"future", "...", {40, 1, -1}, 30, 0, 0, 0, "O1>"},
    {"the future takes nobody's place", "....", {50, 45, 40, -9}, 30, 0, 2, 0,
	"Ol1>"},
};

static void
test_retention__cases(void **state)
{
	UNUSED(state);
	for (size_t c = 0; c < COUNT_OF(cases); c++) {
		struct retention_item v[ITEMS_MAX];
		char got[ITEMS_MAX + 1] = "";
		size_t n = strlen(cases[c].kinds);
		struct retention_rules rules = {.now = now,
		    .days = cases[c].days,
		    .max_count = cases[c].count,
		    .keep_last = cases[c].last,
		    .max_bytes = cases[c].bytes};
		for (size_t i = 0; i < n; i++) {
			char kind = cases[c].kinds[i];
			v[i] = (struct retention_item){
			    .time = {.sec = now.sec -
				    (int64_t)cases[c].ages[i] * DAY,
				.nsec = now.nsec},
			    .bytes = 100,
			    .foreign = kind == 'f',
			    .incomplete = kind == 'i',
			    .needed = kind == 'n'};
		}
		retention_judge(v, n, &rules);
		for (size_t i = 0; i < n; i++)
			got[i] = letters[v[i].reason];
		if (strcmp(got, cases[c].want) != 0)
			fail_msg("%s: %s", cases[c].what, got);
	}
}

/* To the nanosecond, so that nothing depends on when exactly it is asked. */
static void
test_retention__the_last_instant(void **state)
{
	UNUSED(state);
	struct retention_rules rules = {.now = now, .days = 1};
	struct retention_item v[] = {
	    {.time = {.sec = now.sec - DAY, .nsec = now.nsec - 1}},
	    {.time = {.sec = now.sec - DAY, .nsec = now.nsec}},
	    {.time = now},
	    {.time = {.sec = now.sec, .nsec = now.nsec + 1}},
	};
	retention_judge(v, COUNT_OF(v), &rules);
	assert_int_equal(v[0].reason, RETENTION_OLD);
	assert_int_equal(v[1].reason, RETENTION_WITHIN);
	assert_int_equal(v[2].reason, RETENTION_NEWEST);
	assert_int_equal(v[3].reason, RETENTION_FUTURE);
}

static void
test_retention__sizes_beyond_counting(void **state)
{
	UNUSED(state);
	struct retention_rules rules = {.now = now, .max_bytes = 10};
	struct retention_item v[] = {
	    {.bytes = UINT64_MAX}, {.bytes = UINT64_MAX}, {.bytes = 5}};
	retention_judge(v, COUNT_OF(v), &rules);
	assert_int_equal(v[0].reason, RETENTION_LARGE);
	assert_int_equal(v[2].reason, RETENTION_NEWEST);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_retention__cases),
	    cmocka_unit_test(test_retention__the_last_instant),
	    cmocka_unit_test(test_retention__sizes_beyond_counting),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
