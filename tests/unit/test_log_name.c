#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "engine/log/log_name.h"

/* ---- stems --------------------------------------------------------------- */

static void
test_log_name__stems(void **state)
{
	static const struct {
		const char *profile, *machine, *want;
	} cases[] = {
	    {"work", "laptop", "work-laptop"},
	    {"my app.v2", "host.example_1", "my app.v2-host.example_1"},
	    {"B\xC3\xBCro", "laptop", "B__ro~########-laptop"},
	    {"a/b", "..", "a_b~########-_.~########"},
	    {"a\\b:c*\"<>|?\n\x1B", "m", "a_b_c________~########-m"},
	    {".hidden", "m", "_hidden~########-m"},
	    {"tilde~12345678", "m", "tilde_12345678~########-m"},
	    {"", "", "~########-~########"},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str stem = STR_INIT;
		log_stem(&stem, cases[i].profile, cases[i].machine);
		const char *want = cases[i].want;
		assert_int_equal(stem.len, strlen(want));
		for (size_t k = 0; k < stem.len; k++) {
			if (want[k] != '#')
				assert_int_equal(stem.p[k], want[k]);
			else
				assert_non_null(
				    strchr("0123456789abcdef", stem.p[k]));
		}
		str_free(&stem);
	}
}

static void
test_log_name__names_that_look_alike_do_not_share(void **state)
{
	static const char *const alike[] = {"a_b", "a/b", "a:b", "a\nb",
	    "a\xFF"
	    "b",
	    "a\x01"
	    "b",
	    "a?b"};
	UNUSED(state);
	struct str stems[COUNT_OF(alike)];
	for (size_t i = 0; i < COUNT_OF(alike); i++) {
		stems[i] = STR_INIT;
		log_stem(&stems[i], alike[i], "m");
		assert_memory_equal(stems[i].p, "a_b", 3);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(stems[i].p, stems[k].p);
	}
	for (size_t i = 0; i < COUNT_OF(alike); i++)
		str_free(&stems[i]);
}

static void
test_log_name__long_ones_fit_and_differ(void **state)
{
	UNUSED(state);
	char a[300], b[300];
	memset(a, 'x', sizeof(a));
	memset(b, 'x', sizeof(b));
	a[299] = b[299] = '\0';
	b[298] = 'y';
	struct str one = STR_INIT, two = STR_INIT;
	log_stem(&one, a, a);
	log_stem(&two, b, b);
	assert_string_not_equal(one.p, two.p);
	struct log_name n = {.kind = LOG_ARCHIVE,
	    .day = 20000,
	    .part = LOG_NUMBER_MAX,
	    .copy = LOG_NUMBER_MAX};
	struct str name = STR_INIT;
	log_name_put(&name, one.p, &n);
	assert_true(name.len + strlen("..partial") <= 255);
	str_free(&name);
	str_free(&one);
	str_free(&two);
}

/* ---- days ---------------------------------------------------------------- */

static void
test_log_name__the_day_is_local(void **state)
{
	static const struct {
		int64_t sec;
		int offset;
		int64_t want;
	} cases[] = {
	    {0, 0, 0},
	    {86399, 0, 0},
	    {86399, 1, 1},
	    {86400, 0, 1},
	    {86400, -1, 0},
	    {-1, 0, -1},
	    {1795219897, 0, 20778},
	    {1795219897, -3600, 20777},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct stamp t = {.sec = cases[i].sec};
		assert_int_equal(log_day(t, cases[i].offset), cases[i].want);
	}
}

/* ---- file names ---------------------------------------------------------- */

static const struct {
	const char *file;
	struct log_name name;
} good[] = {
    {"s-2026-11-21.log", {LOG_PLAIN, 20778, 0, 1}},
    {"s-2026-11-21.1.log", {LOG_PLAIN, 20778, 1, 1}},
    {"s-2026-11-21.10.log", {LOG_PLAIN, 20778, 10, 1}},
    {"s-2026-11-21.999999999.log", {LOG_PLAIN, 20778, 999999999, 1}},
    {"s-2026-11-21.zip", {LOG_ARCHIVE, 20778, 0, 1}},
    {"s-2026-11-21-2.zip", {LOG_ARCHIVE, 20778, 0, 2}},
    {"s-2026-11-21.3.zip", {LOG_ARCHIVE, 20778, 3, 1}},
    {"s-2026-11-21.3-12.zip", {LOG_ARCHIVE, 20778, 3, 12}},
    {"s-2024-02-29.log", {LOG_PLAIN, 19782, 0, 1}},
    {"s-1969-12-31.log", {LOG_PLAIN, -1, 0, 1}},
    {"s-0000-01-01.log", {LOG_PLAIN, -719528, 0, 1}},
};

static void
test_log_name__good_names(void **state)
{
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		struct log_name n;
		const char *file = good[i].file;
		assert_true(log_name_parse(&n, "s", file, strlen(file)));
		assert_int_equal(n.kind, good[i].name.kind);
		assert_int_equal(n.day, good[i].name.day);
		assert_int_equal(n.part, good[i].name.part);
		assert_int_equal(n.copy, good[i].name.copy);
		struct str again = STR_INIT;
		log_name_put(&again, "s", &n);
		assert_string_equal(again.p, file);
		str_free(&again);
	}
}

static void
test_log_name__names_of_others(void **state)
{
	static const char *const cases[] = {
	    "",
	    "s",
	    "s-",
	    "s-2026-11-21",
	    "s-2026-11-21.",
	    "s-2026-11-21.lo",
	    "s-2026-11-21.txt",
	    "s-2026-11-21.logs",
	    "s-2026-11-21.log ",
	    "s-2026-11-21.LOG",
	    "S-2026-11-21.log",
	    "t-2026-11-21.log",
	    "ss-2026-11-21.log",
	    "s_2026-11-21.log",
	    "s-2026-11-21-2.log",
	    "s-2026-11-21.0.log",
	    "s-2026-11-21.01.log",
	    "s-2026-11-21..log",
	    "s-2026-11-21.-1.log",
	    "s-2026-11-21.+1.log",
	    "s-2026-11-21.1x.log",
	    "s-2026-11-21.1000000000.log",
	    "s-2026-11-21.18446744073709551617.log",
	    "s-2026-11-21-1.zip",
	    "s-2026-11-21-0.zip",
	    "s-2026-11-21-02.zip",
	    "s-2026-11-21-.zip",
	    "s-2026-11-21-2-3.zip",
	    "s-2026-11-21-2.3.zip",
	    "s-2026-11-21.zip.partial",
	    ".s-2026-11-21.zip",
	    "s-2026-11-21-2026-11-22.log",
	    "s-2026-11-21.5-2026-11-22.zip",
	    "s-x-2026-11-21.log",
	    "s-2026-13-21.log",
	    "s-2026-00-21.log",
	    "s-2026-11-31.log",
	    "s-2026-11-00.log",
	    "s-2026-02-29.log",
	    "s--026-11-21.log",
	    "s--000-01-01.log",
	    "s-2026-1-021.log",
	    "s-2026/11/21.log",
	    "s-20261121.log",
	    "s-+026-11-21.log",
	    "s-2026-11-2a.log",
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct log_name n;
		if (log_name_parse(&n, "s", cases[i], strlen(cases[i])))
			fail_msg("taken for ours: %s", cases[i]);
	}
}

/* Bytes behind the length are not looked at. */
static void
test_log_name__length_counts(void **state)
{
	static const char file[] = "s-2026-11-21.log";
	UNUSED(state);
	for (size_t n = 0; n < strlen(file); n++) {
		struct log_name name;
		assert_false(log_name_parse(&name, "s", file, n));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_log_name__stems),
	    cmocka_unit_test(test_log_name__names_that_look_alike_do_not_share),
	    cmocka_unit_test(test_log_name__long_ones_fit_and_differ),
	    cmocka_unit_test(test_log_name__the_day_is_local),
	    cmocka_unit_test(test_log_name__good_names),
	    cmocka_unit_test(test_log_name__names_of_others),
	    cmocka_unit_test(test_log_name__length_counts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
