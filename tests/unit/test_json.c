#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/json.h"

static void
test_json__document(void **state)
{
	(void)state;
	struct str out = STR_INIT;
	struct json j;
	json_init(&j, &out);
	json_object(&j);
	json_put_int(&j, "int", INT64_MIN);
	json_put_uint(&j, "uint", UINT64_MAX);
	json_put_bool(&j, "yes", true);
	json_put_bool(&j, "no", false);
	json_put_string(&j, "text", "a\"b");
	json_put_string(&j, "none", NULL);
	json_key(&j, "list");
	json_array(&j);
	json_int(&j, -1);
	json_uint(&j, 2);
	json_bool(&j, true);
	json_null(&j);
	json_string(&j, "s");
	json_bytes(&j, "a\0b", 3);
	json_array(&j);
	json_end(&j);
	json_object(&j);
	json_end(&j);
	json_end(&j);
	json_key(&j, "o");
	json_object(&j);
	json_key(&j, "k\"ey\n");
	json_null(&j);
	json_end(&j);
	json_end(&j);
	assert_string_equal(out.p,
	    "{\"int\":-9223372036854775808,\"uint\":18446744073709551615,"
	    "\"yes\":true,\"no\":false,\"text\":\"a\\\"b\",\"none\":null,"
	    "\"list\":[-1,2,true,null,\"s\",\"a\\u0000b\",[],{}],"
	    "\"o\":{\"k\\\"ey\\u000A\":null}}");
	str_free(&out);
}

static void
test_json__scalar_alone(void **state)
{
	(void)state;
	struct str out = STR_INIT;
	struct json j;
	json_init(&j, &out);
	json_string(&j, "x");
	json_end_all(&j);
	assert_string_equal(out.p, "\"x\"");
	str_free(&out);
}

static void
test_json__path(void **state)
{
	(void)state;
	struct str out = STR_INIT;
	struct json j;
	json_init(&j, &out);
	json_object(&j);
	json_path(&j, "path", "dir/\xC3\xA9", 6);
	json_path(&j, "bad", "d/\xFF\x01", 4);
	json_path(&j, "last", "x", 1);
	json_end(&j);
	assert_string_equal(out.p,
	    "{\"path\":\"dir/\xC3\xA9\","
	    "\"bad\":\"d/\xEF\xBF\xBD\\u0001\",\"bad_hex\":\"642fff01\","
	    "\"last\":\"x\"}");
	str_free(&out);
}

/* Stopped anywhere, a document can be closed. */
static void
test_json__end_all(void **state)
{
	(void)state;
	static const char *const want[] = {
	    "",
	    "[]",
	    "[{}]",
	    "[{\"a\":null}]",
	    "[{\"a\":[]}]",
	    "[{\"a\":[1]}]",
	};
	for (size_t steps = 0; steps < COUNT_OF(want); steps++) {
		struct str out = STR_INIT;
		struct json j;
		json_init(&j, &out);
		if (steps > 0)
			json_array(&j);
		if (steps > 1)
			json_object(&j);
		if (steps > 2)
			json_key(&j, "a");
		if (steps > 3)
			json_array(&j);
		if (steps > 4)
			json_int(&j, 1);
		json_end_all(&j);
		assert_string_equal(out.p, want[steps]);
		str_free(&out);
	}
}

static void
test_json__deepest(void **state)
{
	(void)state;
	struct str out = STR_INIT;
	struct json j;
	json_init(&j, &out);
	for (int i = 0; i < JSON_DEPTH; i++) {
		json_object(&j);
		json_key(&j, "k");
	}
	json_end_all(&j);
	assert_int_equal(out.len, JSON_DEPTH * strlen("{\"k\":}") + 4);
	str_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_json__document),
	    cmocka_unit_test(test_json__scalar_alone),
	    cmocka_unit_test(test_json__path),
	    cmocka_unit_test(test_json__end_all),
	    cmocka_unit_test(test_json__deepest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
