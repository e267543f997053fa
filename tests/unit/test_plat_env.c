#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "platform/plat_env.h"
#include "platform/plat_err.h"
#include "platform/plat_fs.h"
#include "support/tempdir.h"

static void
test_plat_env__places(void **state)
{
	(void)state;
	struct str home = STR_INIT, config = STR_INIT, own = STR_INIT;
	struct err e;
	assert_done(plat_home(&home, &e), &e);
	assert_true(plat_is_absolute(home.p));
	assert_done(plat_config_home(&config, &e), &e);
	assert_true(plat_is_absolute(config.p));
	assert_true(str_ends(&config, "coldsync"));
	assert_done(plat_state_home(&own, &e), &e);
	assert_true(plat_is_absolute(own.p));
	assert_true(str_ends(&own, "coldsync"));
	assert_string_not_equal(config.p, own.p);
	str_free(&home);
	str_free(&config);
	str_free(&own);
}

static void
test_plat_env__variables(void **state)
{
	(void)state;
	assert_null(plat_getenv("COLDSYNC_SURELY_UNSET"));
	char *path = plat_getenv("PATH");
	assert_non_null(path);
	assert_true(path[0] != '\0');
	free(path);
}

static void
test_plat_env__who_we_are(void **state)
{
	(void)state;
	struct str host = STR_INIT;
	plat_host_name(&host);
	assert_true(host.len > 0);
	str_free(&host);
	const char *os = plat_os();
	bool windows = strcmp(os, "windows") == 0;
	assert_true(
	    windows || strcmp(os, "linux") == 0 || strcmp(os, "macos") == 0);
	assert_int_equal(plat_expands_percent(), windows);
}

static void
test_plat_env__absolute(void **state)
{
	struct tempdir *t = *state;
	struct str a = STR_INIT, b = STR_INIT, cwd = STR_INIT;
	struct err e;
	assert_true(plat_is_absolute(t->path));
	assert_false(plat_is_absolute("a/b"));
	assert_false(plat_is_absolute(""));
	assert_false(plat_is_absolute("./a"));
	assert_done(plat_absolute(&a, t->path, &e), &e);
	assert_string_equal(a.p, t->path);
	assert_done(plat_absolute(&b, "none", &e), &e);
	assert_true(plat_is_absolute(b.p));
	assert_true(str_ends(&b, "none"));
	assert_done(plat_absolute(&cwd, ".", &e), &e);
	assert_true(plat_is_absolute(cwd.p));
	str_free(&a);
	str_free(&b);
	str_free(&cwd);
}

static void
test_plat_env__random(void **state)
{
	(void)state;
	unsigned char a[64], b[64];
	struct err e;
	memset(a, 0, sizeof(a));
	memset(b, 0, sizeof(b));
	assert_done(plat_random(a, sizeof(a), &e), &e);
	assert_done(plat_random(b, sizeof(b), &e), &e);
	assert_memory_not_equal(a, b, sizeof(a));
	assert_done(plat_random(a, 0, &e), &e);
	size_t n = 1 << 20;
	unsigned char *many = mem_zero(n, 1);
	assert_done(plat_random(many, n, &e), &e);
	size_t zeros = 0;
	for (size_t i = 0; i < n; i++)
		zeros += many[i] == 0;
	assert_true(zeros > n / 512 && zeros < n / 128);
	free(many);
}

static void
test_plat_env__terminals(void **state)
{
	(void)state;
	static const enum plat_stream streams[] = {
	    PLAT_STDIN, PLAT_STDOUT, PLAT_STDERR};
	for (size_t i = 0; i < 3; i++) {
		bool terminal = plat_is_terminal(streams[i]);
		assert_true(plat_terminal_width(streams[i]) >= 0);
		if (!terminal) {
			assert_int_equal(plat_terminal_width(streams[i]), 0);
			assert_false(plat_terminal_color(streams[i]));
		}
	}
	struct err e;
	assert_done(plat_out(PLAT_STDERR, "", 0, &e), &e);
	assert_done(plat_out(PLAT_STDOUT, "\xC3\xBC\n", 3, &e), &e);
}

static void
test_plat_err__message(void **state)
{
	(void)state;
	char name[300];
	struct err e;
	assert_int_equal(plat_fail(&e, 2, "step '%s'", "x"), -1);
	assert_int_equal(e.code, ERR_NOTFOUND); /* 2 on every system */
	assert_int_equal(e.os, 2);
	assert_memory_equal(e.frame[0], "step 'x': ", 10);
	assert_true(strlen(e.frame[0]) > 12);
	assert_int_equal(plat_err_code(987654), ERR_IO);
	/* A long name gives way to the system's words, at a character. */
	struct err plain;
	plat_fail(&plain, 2, "-");
	const char *words = plain.frame[0] + 3;
	for (size_t lead = 0; lead < 4; lead++) {
		size_t n = lead;
		memset(name, '-', lead);
		while (n + 3 < sizeof(name)) {
			memcpy(name + n, "\xE2\x82\xAC", 3);
			n += 3;
		}
		name[n] = '\0';
		plat_fail(&e, 2, "%s", name);
		size_t len = strlen(e.frame[0]);
		assert_true(len < ERR_FRAME_SIZE && len > ERR_FRAME_SIZE - 8);
		assert_string_equal(e.frame[0] + len - strlen(words), words);
		size_t kept = len - strlen(words) - 2 - 3 - lead;
		assert_int_equal(kept % 3, 0);
	}
	assert_int_equal(plat_fail(NULL, 2, "nobody listens"), -1);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, tempdir_setup, tempdir_teardown)

int
main(int argc, char **argv)
{
	plat_env_init(&argc, &argv);
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_plat_env__places),
	    cmocka_unit_test(test_plat_env__variables),
	    cmocka_unit_test(test_plat_env__who_we_are),
	    TEST(test_plat_env__absolute),
	    cmocka_unit_test(test_plat_env__random),
	    cmocka_unit_test(test_plat_env__terminals),
	    cmocka_unit_test(test_plat_err__message),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
