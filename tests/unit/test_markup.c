#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/markup.h"

static void
test_markup__text(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
	    {"", ""},
	    {"plain, ä", "plain, ä"},
	    {"a&b", "a&amp;b"},
	    {"&amp;", "&amp;amp;"},
	    {"<b>\"x\" 'y'", "&lt;b&gt;&quot;x&quot; &#39;y&#39;"},
	    {"line\nbreak", "line\nbreak"},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str out = STR_INIT;
		markup_text(&out, cases[i].text, strlen(cases[i].text));
		assert_string_equal(out.p, cases[i].want);
		str_free(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_markup__text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
