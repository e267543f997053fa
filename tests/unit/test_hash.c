#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/hash.h"

/* What the library's own tool says (xxhsum -H2). */
static void
test_hash__known(void **state)
{
	(void)state;
	static const struct {
		const char *text, *hex;
	} cases[] = {
	    {"", "99aa06d3014798d86001c324468d497f"},
	    {"a", "a96faf705af16834e6c632b61e964e1f"},
	};
	char hex[HASH_HEX_SIZE];
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *text = cases[i].text;
		hash_hex(hex, hash_of(text, strlen(text)));
		assert_int_equal(strlen(hex), 32);
		assert_string_equal(hex, cases[i].hex);
	}
}

/* In whatever pieces it is fed, and whenever it is asked. */
static void
test_hash__stream(void **state)
{
	(void)state;
	static unsigned char bytes[5000];
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(i * i % 251);
	struct hash_stream *s = hash_open();
	assert_true(hash_equal(hash_end(s), hash_of(NULL, 0)));
	for (size_t step = 1; step < 700; step = step * 2 + 1) {
		hash_restart(s);
		for (size_t at = 0; at < sizeof(bytes); at += step) {
			assert_true(
			    hash_equal(hash_end(s), hash_of(bytes, at)));
			size_t left = sizeof(bytes) - at;
			hash_feed(s, bytes + at, left < step ? left : step);
			hash_feed(s, NULL, 0);
		}
		assert_true(
		    hash_equal(hash_end(s), hash_of(bytes, sizeof(bytes))));
	}
	hash_close(s);
	hash_close(NULL);
}

static void
test_hash__equal(void **state)
{
	(void)state;
	struct hash a = {1, 2};
	assert_true(hash_equal(a, a));
	assert_false(hash_equal(a, (struct hash){1, 3}));
	assert_false(hash_equal(a, (struct hash){3, 2}));
}

static void
test_hash__forms(void **state)
{
	(void)state;
	struct hash h = {0x0123456789ABCDEFu, 0xFEDCBA9876543210u};
	char hex[HASH_HEX_SIZE];
	assert_string_equal(
	    hash_hex(hex, h), "0123456789abcdeffedcba9876543210");
	unsigned char bytes[16];
	hash_put(bytes, h);
	assert_int_equal(bytes[0], 0x01);
	assert_int_equal(bytes[7], 0xEF);
	assert_int_equal(bytes[8], 0xFE);
	assert_int_equal(bytes[15], 0x10);
	assert_true(hash_equal(hash_get(bytes), h));
	struct hash back;
	assert_int_equal(hash_parse(&back, hex, 32), 0);
	assert_true(hash_equal(back, h));
	assert_int_equal(
	    hash_parse(&back, "0123456789ABCDEFfedcba9876543210", 32), 0);
	assert_true(hash_equal(back, h));
}

static void
test_hash__parse_refuses(void **state)
{
	(void)state;
	static const char *const bad[] = {
	    "",
	    "0123456789abcdeffedcba987654321",
	    "0123456789abcdeffedcba98765432100",
	    "0123456789abcdeffedcba987654321g",
	    "g123456789abcdeffedcba9876543210",
	    " 123456789abcdeffedcba9876543210",
	    "0x23456789abcdeffedcba9876543210",
	    "0123456789abcde\xEFzedcba9876543210",
	};
	struct hash h = {7, 8};
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_int_equal(hash_parse(&h, bad[i], strlen(bad[i])), -1);
	assert_int_equal(
	    hash_parse(&h, "0123456789abcde\0fedcba9876543210", 32), -1);
	assert_int_equal(h.hi, 7);
	assert_int_equal(h.lo, 8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_hash__known),
	    cmocka_unit_test(test_hash__stream),
	    cmocka_unit_test(test_hash__equal),
	    cmocka_unit_test(test_hash__forms),
	    cmocka_unit_test(test_hash__parse_refuses),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
