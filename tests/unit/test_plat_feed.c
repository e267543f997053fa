#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "platform/plat_env.h"
#include "platform/plat_proc.h"
#include "platform/plat_sig.h"
#include "scratch.h"

enum { LARGE = 1024 * 1024 }; /* more than any pipe holds */

/* Text that is not the same everywhere. */
static char *
large_text(void)
{
	char *text = mem_alloc(LARGE);
	for (size_t i = 0; i < LARGE; i++)
		text[i] = (char)('a' + i / 7 % 26);
	return text;
}

/* Returns the exit code, or -1 where there is no shell for it. */
static int
feed(const char *command, const char *text, size_t n)
{
	struct err e;
	int code = -1;
	int rc = plat_feed(command, text, n, &code, &e);
	assert_in_range(rc, 0, 1);
	if (rc == 1)
		assert_string_equal(plat_os(), "windows");
	return rc == 0 ? code : -1;
}

static void
test_plat_feed__all_of_it_arrives(void **state)
{
	(void)state;
	struct scratch s;
	struct str command = STR_INIT, got = STR_INIT;
	char *text = large_text();
	scratch_open(&s);
	str_addf(&command, "cat >'%s/got'", s.path);
	if (feed(command.p, text, LARGE) == 0) {
		scratch_read(&got, &s, "got");
		assert_int_equal(got.len, LARGE);
		assert_memory_equal(got.p, text, LARGE);
	}
	scratch_close(&s);
	str_free(&command);
	str_free(&got);
	free(text);
}

static void
test_plat_feed__who_leaves_early_is_no_failure(void **state)
{
	(void)state;
	static const struct {
		const char *command;
		int code;
	} cases[] = {
	    {"exit 0", 0},
	    {"exit 3", 3},
	    {"no-such-program-anywhere 2>/dev/null", 127},
	    {"kill -9 $$", 128 + 9},
	};
	char *text = large_text();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int code = feed(cases[i].command, text, LARGE);
		if (code >= 0)
			assert_int_equal(code, cases[i].code);
	}
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_plat_feed__all_of_it_arrives),
	    cmocka_unit_test(test_plat_feed__who_leaves_early_is_no_failure),
	};
	plat_sig_install();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
