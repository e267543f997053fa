#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/utf8.h"

static void
test_utf8__round_trip(void **state)
{
	(void)state;
	for (int32_t c = 0; c <= 0x10FFFF; c++) {
		char buf[8] = "";
		int32_t back = -2;
		size_t n = utf8_put(buf, c);
		size_t want = c < 0x80 ? 1
		    : c < 0x800        ? 2
		    : c < 0x10000      ? 3
				       : 4;
		assert_int_equal(n, want);
		size_t len = utf8_next(buf, n, &back);
		if (c >= 0xD800 && c <= 0xDFFF) {
			assert_int_equal(back, -1);
			assert_int_equal(len, 1);
			assert_false(utf8_valid(buf, n));
		} else {
			assert_int_equal(back, c);
			assert_int_equal(len, n);
			assert_true(utf8_valid(buf, n));
		}
		/* Cut short it is one invalid piece, whatever follows. */
		for (size_t cut = 1; cut < n && back >= 0; cut++) {
			int32_t none;
			assert_int_equal(utf8_next(buf, cut, &none), cut);
			assert_int_equal(none, -1);
			char next = buf[cut];
			buf[cut] = 'x';
			assert_int_equal(utf8_next(buf, n, &none), cut);
			assert_int_equal(none, -1);
			buf[cut] = next;
		}
	}
}

static void
test_utf8__invalid_pieces(void **state)
{
	(void)state;
	static const struct {
		const char *in;
		size_t pieces[6]; /* lengths, ended by 0 */
	} cases[] = {
	    {"\x80", {1}},
	    {"\xBF\x80", {1, 1}},
	    {"\xC0\x80", {1, 1}}, /* overlong */
	    {"\xC1\xBF", {1, 1}},
	    {"\xE0\x80\x80", {1, 1, 1}},
	    {"\xE0\x9F\xBF", {1, 1, 1}},
	    {"\xF0\x80\x80\x80", {1, 1, 1, 1}},
	    {"\xF0\x8F\xBF\xBF", {1, 1, 1, 1}},
	    {"\xED\xA0\x80", {1, 1, 1}}, /* surrogate */
	    {"\xED\xBF\xBF", {1, 1, 1}},
	    {"\xF4\x90\x80\x80", {1, 1, 1, 1}}, /* beyond the last */
	    {"\xF5\x80", {1, 1}},
	    {"\xFE\xFF", {1, 1}},
	    {"\xC3", {1}},
	    {"\xE2\x82", {2}},
	    {"\xF0\x9F\x98", {3}},
	    {"\xF0\x9F", {2}},
	    {"\xE2\x82\xE2\x82", {2, 2}},
	    {"\xF0\x9F\xC3", {2, 1}},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *p = cases[i].in;
		size_t n = strlen(p);
		for (const size_t *want = cases[i].pieces; *want > 0; want++) {
			int32_t cp = 0;
			size_t len = utf8_next(p, n, &cp);
			assert_int_equal(len, *want);
			assert_int_equal(cp, -1);
			p += len;
			n -= len;
		}
		assert_int_equal(n, 0);
		assert_false(utf8_valid(cases[i].in, strlen(cases[i].in)));
	}
	assert_true(utf8_valid("", 0));
	assert_true(utf8_valid("a\0\xC3\xA9", 4));
	assert_false(utf8_valid("abc\xFF", 4));
}

static void
test_utf8__step(void **state)
{
	(void)state;
	int32_t cp;
	assert_int_equal(utf8_step("\xC3\xA9", 2, &cp), 2);
	assert_int_equal(cp, 0xE9);
	assert_int_equal(utf8_step("\xF0\x9F\x98", 3, &cp), 1);
	assert_int_equal(cp, UTF8_STRAY + 0xF0);
	assert_int_equal(utf8_step("\xFF", 1, &cp), 1);
	assert_int_equal(cp, UTF8_STRAY + 0xFF);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_utf8__round_trip),
	    cmocka_unit_test(test_utf8__invalid_pieces),
	    cmocka_unit_test(test_utf8__step),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
