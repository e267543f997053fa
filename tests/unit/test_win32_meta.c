/*
 * What Windows stores about files, read byte by byte.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/mem.h"
#include "platform/win32/plat_win32.h"

/* ---- links --------------------------------------------------------------- */

/* A reparse point: tag, lengths, where the two names lie, flags, text. */
static size_t
reparse_point(unsigned char *data, uint32_t tag, const uint16_t where[4],
    const wchar_t *text)
{
	size_t head = tag == IO_REPARSE_TAG_SYMLINK ? 20 : 16;
	size_t bytes = wcslen(text) * sizeof(wchar_t);
	memset(data, 0, head);
	memcpy(data, &tag, sizeof(tag));
	memcpy(data + 8, where, 4 * sizeof(where[0]));
	memcpy(data + head, text, bytes);
	return head + bytes;
}

static void
test_win32_link__target(void **state)
{
	(void)state;
	static const struct {
		uint32_t tag;
		uint16_t where[4]; /* offset, length; for us first */
		const wchar_t *text;
		const char *target; /* NULL: none */
	} cases[] = {
	    {IO_REPARSE_TAG_SYMLINK, {0, 6, 6, 6}, L"onetwo", "two"},
	    {IO_REPARSE_TAG_SYMLINK, {0, 6, 0, 6}, L"a\\b", "a/b"},
	    {IO_REPARSE_TAG_SYMLINK, {0, 14, 14, 0}, L"\\??\\C:\\", "C:/"},
	    {IO_REPARSE_TAG_MOUNT_POINT, {0, 16, 0, 0}, L"\\??\\C:\\d", "C:/d"},
	    {IO_REPARSE_TAG_SYMLINK, {0, 0, 0, 0}, L"xxxx", NULL},
	    {IO_REPARSE_TAG_SYMLINK, {0, 10, 0, 10}, L"xxxx", NULL},
	    {IO_REPARSE_TAG_SYMLINK, {10, 2, 10, 2}, L"xxxx", NULL},
	    {IO_REPARSE_TAG_SYMLINK, {65535, 65535, 65535, 65535}, L"xxxx",
		NULL},
	    {0x9000001A, {0, 2, 0, 2}, L"xxxx", NULL}, /* a cloud's */
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		unsigned char data[128];
		struct str target = STR_INIT;
		size_t n = reparse_point(
		    data, cases[i].tag, cases[i].where, cases[i].text);
		bool good = win32_link_target(&target, data, n);
		if (good != (cases[i].target != NULL))
			fail_msg("case %u: %s", (unsigned)i, target.p);
		if (good)
			assert_string_equal(target.p, cases[i].target);
		/* However it is cut, nothing is read behind it. */
		for (size_t cut = 0; cut < n; cut++) {
			char *less = mem_copy(data, cut);
			win32_link_target(
			    &target, (const unsigned char *)less, cut);
			free(less);
		}
		str_free(&target);
	}
}

/* ---- attributes and times ------------------------------------------------ */

static void
test_win32_meta__kinds(void **state)
{
	(void)state;
	static const struct {
		DWORD attributes, tag;
		enum plat_type type;
		uint32_t mode;
		bool placeholder;
	} cases[] = {
	    {FILE_ATTRIBUTE_NORMAL, 0, PLAT_FILE, 0644, false},
	    {FILE_ATTRIBUTE_READONLY, 0, PLAT_FILE, 0444, false},
	    {FILE_ATTRIBUTE_DIRECTORY, 0, PLAT_DIR, 0755, false},
	    {FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_READONLY, 0, PLAT_DIR,
		0755, false},
	    {FILE_ATTRIBUTE_DEVICE, 0, PLAT_OTHER, 0644, false},
	    /* A symbolic link, to a file and to a directory. */
	    {0x400, 0xA000000C, PLAT_LINK, 0644, false},
	    {0x410, 0xA000000C, PLAT_LINK, 0644, false},
	    /* A junction; the Linux subsystem's link, socket and FIFO. */
	    {0x410, 0xA0000003, PLAT_LINK, 0644, false},
	    {0x400, 0xA000001D, PLAT_LINK, 0644, false},
	    {0x400, 0x80000023, PLAT_OTHER, 0644, false},
	    {0x400, 0x80000024, PLAT_OTHER, 0644, false},
	    /* A cloud's file and directory, here and not here. */
	    {0x400, 0x9000601A, PLAT_FILE, 0644, false},
	    {0x400 | 0x400000, 0x9000601A, PLAT_FILE, 0644, true},
	    {0x410 | 0x40000, 0x9000601A, PLAT_DIR, 0755, true},
	    {0x1000, 0, PLAT_FILE, 0644, true},
	    /* Deduplicated. */
	    {0x400, 0x80000013, PLAT_FILE, 0644, false},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct plat_stat st;
		win32_fill_kind(&st, cases[i].attributes, cases[i].tag);
		if (st.type != cases[i].type || st.mode != cases[i].mode ||
		    st.placeholder != cases[i].placeholder)
			fail_msg("case %u", (unsigned)i);
	}
}

static void
test_win32_meta__times(void **state)
{
	(void)state;
	static const struct {
		struct stamp t;
		bool fits;
	} cases[] = {
	    {{0, 0}, true},
	    {{1700000000, 123456700}, true},
	    {{-1, 999999900}, true},
	    {{-11644473600, 100}, true},
	    {{-11644473600, 0}, false}, /* would mean "leave it" */
	    {{-11644473601, 999999900}, false},
	    {{INT64_MIN, 0}, false},
	    {{910692730084, 0}, true},
	    {{910692730085, 0}, false},
	    {{INT64_MAX, 0}, false},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int64_t filetime = 0;
		bool fits = win32_filetime(&filetime, cases[i].t);
		assert_int_equal(fits, cases[i].fits);
		if (fits)
			assert_int_equal(
			    stamp_cmp(win32_stamp(filetime), cases[i].t), 0);
	}
	int64_t cut;
	assert_true(win32_filetime(&cut, (struct stamp){1, 199}));
	assert_int_equal(win32_stamp(cut).nsec, 100);
	assert_int_equal(win32_stamp(0).sec, 0);
	assert_int_equal(win32_stamp(-1).sec, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_win32_link__target),
	    cmocka_unit_test(test_win32_meta__kinds),
	    cmocka_unit_test(test_win32_meta__times),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
