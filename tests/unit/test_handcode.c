#include "model/cloud/handcode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "model/entry.h"

static struct handcode_entry
entry(const char *path, uint8_t type, uint64_t size, const char *content)
{
	return (struct handcode_entry){.path = path,
	    .path_len = strlen(path),
	    .type = type,
	    .size = size,
	    .hash = hash_of(content, strlen(content))};
}

static struct hash
root_of(const struct handcode_entry *v, size_t n)
{
	struct handcode h = {.files = 0};
	for (size_t i = 0; i < n; i++)
		handcode_add(&h, &v[i]);
	return handcode_root(&h);
}

static void
test_handcode__order_does_not_count(void **state)
{
	UNUSED(state);
	struct handcode_entry v[] = {entry("a", ENTRY_FILE, 1, "x"),
	    entry("b/c", ENTRY_FILE, 1, "y"), entry("d", ENTRY_LINK, 1, "z")};
	struct handcode_entry turned[] = {v[2], v[0], v[1]};
	assert_true(hash_equal(root_of(v, 3), root_of(turned, 3)));
	assert_false(hash_equal(root_of(v, 3), root_of(v, 2)));
	assert_false(hash_equal(root_of(v, 0), root_of(v, 1)));
}

static void
test_handcode__everything_else_counts(void **state)
{
	UNUSED(state);
	struct handcode_entry base = entry("a", ENTRY_FILE, 1, "x");
	struct handcode_entry other[] = {entry("b", ENTRY_FILE, 1, "x"),
	    entry("a", ENTRY_LINK, 1, "x"), entry("a", ENTRY_FILE, 2, "x"),
	    entry("a", ENTRY_FILE, 1, "y"), entry("A", ENTRY_FILE, 1, "x")};
	for (size_t i = 0; i < COUNT_OF(other); i++)
		assert_false(
		    hash_equal(root_of(&base, 1), root_of(&other[i], 1)));
	/* Twice the same is not nothing. */
	struct handcode_entry twice[] = {base, base};
	assert_false(hash_equal(root_of(twice, 2), root_of(NULL, 0)));
}

/* One file system keeps "é" composed, another taken apart. */
static void
test_handcode__names_are_composed(void **state)
{
	UNUSED(state);
	struct handcode_entry nfc = entry("\xc3\xa9", ENTRY_FILE, 1, "x");
	struct handcode_entry nfd = entry("e\xcc\x81", ENTRY_FILE, 1, "x");
	struct handcode_entry bytes = entry("\xe9", ENTRY_FILE, 1, "x");
	assert_true(hash_equal(root_of(&nfc, 1), root_of(&nfd, 1)));
	assert_false(hash_equal(root_of(&nfc, 1), root_of(&bytes, 1)));
}

static void
test_handcode__text(void **state)
{
	static const struct {
		uint64_t hi;
		const char *text;
	} cases[] = {
	    {0, "0000-0000"},
	    {UINT64_MAX, "ZZZZ-ZZZZ"},
	    {UINT64_C(0x00443214C7000000), "0123-4567"},
	    {UINT64_C(0x00443214C7FFFFFF), "0123-4567"},
	    {UINT64_C(0x8000000000000000), "G000-0000"},
	};
	char buf[HANDCODE_SIZE];
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct hash root = {.hi = cases[i].hi, .lo = 12345};
		assert_string_equal(handcode_text(buf, root), cases[i].text);
	}
}

static void
test_handcode__parse(void **state)
{
	static const struct {
		const char *typed, *want;
	} cases[] = {
	    {"4KQ7-M2XD", "4KQ7-M2XD"},
	    {"4kq7m2xd", "4KQ7-M2XD"},
	    {" 4kq7 m2xd ", "4KQ7-M2XD"},
	    {"ilIL-oO00", "1111-0000"},
	    {"", NULL},
	    {"4KQ7-M2X", NULL},
	    {"4KQ7-M2XD1", NULL},
	    {"4KQ7-M2XU", NULL},
	    {"4KQ7-M2X\xc3\xa9", NULL},
	    {"4KQ7_M2XD", NULL},
	};
	char buf[HANDCODE_SIZE];
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int rc = handcode_parse(buf, cases[i].typed);
		assert_int_equal(rc, cases[i].want != NULL ? 0 : -1);
		if (rc == 0)
			assert_string_equal(buf, cases[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_handcode__order_does_not_count),
	    cmocka_unit_test(test_handcode__everything_else_counts),
	    cmocka_unit_test(test_handcode__names_are_composed),
	    cmocka_unit_test(test_handcode__text),
	    cmocka_unit_test(test_handcode__parse),
	};
	return cmocka_run_group_tests_name("handcode", tests, NULL, NULL);
}
