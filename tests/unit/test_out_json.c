#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "cli/out/out_json.h"

static void
test_out_json__envelope(void **state)
{
	static const struct {
		struct out_envelope envelope;
		const char *members, *want;
	} cases[] = {
	    {{.code = EXITCODE_INVALID, .message = "bad"}, "",
		"{\"schema\":1,\"command\":null,\"profile\":null,"
		"\"machine\":null,\"exit_code\":4,\"result\":\"invalid\","
		"\"message\":\"bad\"}\n"},
	    {{"plan", "docs", "box", EXITCODE_OK, NULL, "done"}, "{}",
		"{\"schema\":1,\"command\":\"plan\",\"profile\":\"docs\","
		"\"machine\":\"box\",\"exit_code\":0,\"result\":\"ok\","
		"\"message\":\"done\"}\n"},
	    {{"pause", "a\xff", "b", EXITCODE_OK, "paused", "so"},
		"{\"x\":[],\"y\":1}",
		"{\"schema\":1,\"command\":\"pause\","
		"\"profile\":\"a\xef\xbf\xbd\","
		"\"machine\":\"b\",\"exit_code\":0,\"result\":\"paused\","
		"\"message\":\"so\",\"x\":[],\"y\":1}\n"},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str members = STR_INIT;
		struct str out = STR_INIT;
		str_add(&members, cases[i].members);
		out_json(&out, &cases[i].envelope, &members);
		assert_string_equal(out.p, cases[i].want);
		str_free(&members);
		str_free(&out);
	}
}

static void
test_out_json__nested(void **state)
{
	struct str out = STR_INIT, members = STR_INIT;
	UNUSED(state);
	str_add(&members, "{\"x\":1}");
	for (int i = 0; i < 2; i++)
		out_json_nested(&out, i == 0,
		    &(struct out_envelope){.code = EXITCODE_CONFLICT},
		    &members);
	assert_string_equal(out.p,
	    "{\"schema\":1,\"command\":null,\"profile\":null,"
	    "\"machine\":null,\"exit_code\":2,\"result\":\"conflict\","
	    "\"message\":null,\"x\":1},"
	    "{\"schema\":1,\"command\":null,\"profile\":null,"
	    "\"machine\":null,\"exit_code\":2,\"result\":\"conflict\","
	    "\"message\":null,\"x\":1}");
	str_free(&members);
	str_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_out_json__envelope),
	    cmocka_unit_test(test_out_json__nested),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
