#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/plat_env.h"
#include "platform/plat_proc.h"
#include "platform/plat_time.h"
#include "support/role.h"
#include "support/tempdir.h"

/* ---- roles --------------------------------------------------------------- */

static int
play_exit(char **args)
{
	return (int)number(args[0]);
}

static int
play_say(char **args)
{
	fprintf(stdout, "%s", args[0]);
	fflush(stdout);
	fprintf(stderr, "%s", args[1]);
	return 0;
}

static int
play_env(char **args)
{
	char *value = plat_getenv(args[0]);
	printf("%s", value != NULL ? value : "(unset)");
	free(value);
	return 0;
}

/* Leave a mark where we work. */
static int
play_mark(char **args)
{
	struct plat_dir *d;
	struct err e;
	if (plat_dir_open(&d, ".", &e) < 0)
		return 1;
	put_file(d, args[0], "here");
	plat_dir_close(d);
	return 0;
}

static int
play_sleep(char **args)
{
	plat_sleep(number(args[0]));
	return 0;
}

static int
play_read(char **args)
{
	(void)args;
	return getchar() == EOF ? 0 : 1;
}

static int
play_flood(char **args)
{
	for (unsigned i = 0; i < number(args[0]); i++)
		putchar('x');
	return 0;
}

/* Wait, then leave a mark: what a grandchild does. */
static int
play_late(char **args)
{
	plat_sleep(number(args[0]));
	return play_mark(args + 1);
}

/* Start somebody who lives on, and end. */
static int
play_leave(char **args)
{
	role_start("late", args[0], args[1]);
	return 7;
}

static int play_to_error(char **args);

static const struct role roles[] = {
    {"exit", play_exit},
    {"say", play_say},
    {"env", play_env},
    {"mark", play_mark},
    {"sleep", play_sleep},
    {"read", play_read},
    {"flood", play_flood},
    {"late", play_late},
    {"leave", play_leave},
    {"to_error", play_to_error},
};

/* ---- tests --------------------------------------------------------------- */

/* Run a role with its output captured, up to *limit* bytes. */
static int
capture(struct role_how *how, struct str *out, size_t limit)
{
	struct plat_child *c;
	struct err e;
	int code = -1;
	how->spawn.output = PLAT_OUT_CAPTURE;
	assert_done(plat_spawn(&c, &how->spawn, &e), &e);
	assert_done(plat_child_wait(c, 20000, &code, out, limit, &e), &e);
	plat_child_end(c);
	return code;
}

static void
test_plat_spawn__exit_code(void **state)
{
	(void)state;
	static const char *const codes[] = {"0", "1", "3", "255"};
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(
		    role_finish(role_start("exit", codes[i], NULL)),
		    number(codes[i]));
}

static void
test_plat_spawn__captures_both_streams(void **state)
{
	(void)state;
	struct role_how how;
	struct str out = STR_INIT;
	str_add(&out, "<");
	role_how(&how, "say", "to out, ", "to err");
	assert_int_equal(capture(&how, &out, 1000), 0);
	assert_string_equal(out.p, "<to out, to err");
	str_free(&out);
}

static void
test_plat_spawn__output_has_a_limit(void **state)
{
	(void)state;
	struct role_how how;
	struct str out = STR_INIT;
	role_how(&how, "flood", "300000", NULL);
	assert_int_equal(capture(&how, &out, 1000), 0);
	assert_int_equal(out.len, 1000);
	assert_int_equal(capture(&how, NULL, 1000), 0);
	str_free(&out);
}

static void
test_plat_spawn__arguments_arrive(void **state)
{
	(void)state;
	static const char *const args[] = {"", " ", "two words", "qu\"ote",
	    "back\\slash\\", "\\\"", "$HOME %PATH% *", "a\\\\\"b c",
	    "\xC3\xBC\xE6\x97\xA5"};
	for (size_t i = 0; i < sizeof(args) / sizeof(args[0]); i++) {
		struct role_how how;
		struct str out = STR_INIT;
		role_how(&how, "say", args[i], "|");
		assert_int_equal(capture(&how, &out, 1000), 0);
		assert_int_equal(out.len, strlen(args[i]) + 1);
		assert_memory_equal(out.p, args[i], strlen(args[i]));
		str_free(&out);
	}
}

static void
test_plat_spawn__environment(void **state)
{
	(void)state;
	static const char *const env[] = {
	    "COLDSYNC_TEST=a=b \xC3\xBC", "PATH_OF_OURS=1", NULL};
	struct role_how how;
	struct str out = STR_INIT;
	role_how(&how, "env", "COLDSYNC_TEST", NULL);
	assert_int_equal(capture(&how, &out, 1000), 0);
	assert_string_equal(out.p, "(unset)");
	str_clear(&out);
	how.spawn.env = env;
	assert_int_equal(capture(&how, &out, 1000), 0);
	assert_string_equal(out.p, "a=b \xC3\xBC");
	/* Ours is still there beside it, unless given anew. */
	str_clear(&out);
	role_how(&how, "env", "PATH", NULL);
	how.spawn.env = env;
	assert_int_equal(capture(&how, &out, 100000), 0);
	char *path = plat_getenv("PATH");
	assert_string_equal(out.p, path);
	free(path);
	static const char *const replaced[] = {"PATH=none", NULL};
	str_clear(&out);
	how.spawn.env = replaced;
	assert_int_equal(capture(&how, &out, 100000), 0);
	assert_string_equal(out.p, "none");
	str_free(&out);
}

static void
test_plat_spawn__working_directory(void **state)
{
	struct tempdir *t = *state;
	struct plat_child *c;
	struct role_how how;
	struct err e;
	role_how(&how, "mark", "mark", NULL);
	how.spawn.dir = t->path;
	assert_done(plat_spawn(&c, &how.spawn, &e), &e);
	assert_int_equal(role_finish(c), 0);
	assert_holds(t->dir, "mark", "here");
	struct str none = STR_INIT;
	tempdir_path(&none, t, "none");
	how.spawn.dir = none.p;
	assert_int_equal(plat_spawn(&c, &how.spawn, &e), -1);
	str_free(&none);
}

static void
test_plat_spawn__no_such_program(void **state)
{
	struct tempdir *t = *state;
	struct plat_child *c;
	struct str path = STR_INIT;
	struct err e;
	const char *argv[] = {"no-such-program-anywhere", NULL};
	struct plat_spawn how = {.argv = argv};
	assert_failed(plat_spawn(&c, &how, &e), &e, ERR_NOTFOUND);
	how.output = PLAT_OUT_CAPTURE;
	assert_failed(plat_spawn(&c, &how, &e), &e, ERR_NOTFOUND);
	tempdir_path(&path, t, "none");
	argv[0] = path.p;
	assert_failed(plat_spawn(&c, &how, &e), &e, ERR_NOTFOUND);
	argv[0] = "";
	assert_int_equal(plat_spawn(&c, &how, &e), -1);
	str_free(&path);
}

static void
test_plat_spawn__captured_input_is_empty(void **state)
{
	(void)state;
	struct role_how how;
	role_how(&how, "read", NULL, NULL);
	assert_int_equal(capture(&how, NULL, 0), 0);
}

static void
test_plat_child__timeout(void **state)
{
	(void)state;
	struct err e;
	int code;
	uint64_t before = plat_ticks();
	struct plat_child *c = role_start("sleep", "60000", NULL);
	assert_int_equal(plat_child_wait(c, 0, &code, NULL, 0, &e), 1);
	assert_int_equal(plat_child_wait(c, 100, &code, NULL, 0, &e), 1);
	plat_child_end(c);
	assert_true(plat_ticks() - before < 20000);
	plat_child_end(NULL);
}

/* The child ends at once; what it started does not. */
static void
test_plat_child__waits_for_descendants(void **state)
{
	struct tempdir *t = *state;
	struct plat_child *c;
	struct role_how how;
	struct err e;
	role_how(&how, "leave", "700", "mark");
	how.spawn.dir = t->path;
	assert_done(plat_spawn(&c, &how.spawn, &e), &e);
	assert_int_equal(role_finish(c), 7);
	assert_true(has(t->dir, "mark"));
}

static void
test_plat_child__ends_descendants(void **state)
{
	struct tempdir *t = *state;
	struct plat_child *c;
	struct role_how how;
	struct err e;
	int code;
	role_how(&how, "leave", "1500", "mark");
	how.spawn.dir = t->path;
	how.spawn.output = PLAT_OUT_CAPTURE;
	assert_done(plat_spawn(&c, &how.spawn, &e), &e);
	assert_int_equal(plat_child_wait(c, 500, &code, NULL, 0, &e), 1);
	plat_child_end(c);
	plat_sleep(1500);
	assert_false(has(t->dir, "mark"));
}

/* Several at a time do not end each other, nor take each other's exit code. */
static void
test_plat_child__several_at_once(void **state)
{
	(void)state;
	struct plat_child *a = role_start("exit", "5", NULL);
	struct plat_child *b = role_start("sleep", "1500", NULL);
	struct plat_child *c = role_start("exit", "6", NULL);
	uint64_t before = plat_ticks();
	assert_int_equal(role_finish(a), 5);
	assert_int_equal(role_finish(c), 6);
	assert_true(plat_ticks() - before < 1400);
	assert_int_equal(role_finish(b), 0);
}

static void
test_plat_child__leaves_descendants(void **state)
{
	struct tempdir *t = *state;
	struct plat_proc_id left[4];
	struct plat_child *c;
	struct role_how how;
	struct err e;
	int code;
	role_how(&how, "leave", "1200", "mark");
	how.spawn.dir = t->path;
	assert_done(plat_spawn(&c, &how.spawn, &e), &e);
	size_t n = 0;
	for (int i = 0; i < 100 && n == 0; i++) {
		assert_int_equal(plat_child_wait(c, 10, &code, NULL, 0, &e), 1);
		n = plat_child_left(c, left, 4);
	}
	/* There, whoever has no console may get one, whose host is a process.
	 */
	bool hosted = strcmp(plat_os(), "windows") == 0;
	assert_in_range(n, 1, hosted ? 2 : 1);
	assert_true(plat_proc_alive(left[0].pid, left[0].started));
	assert_int_equal(plat_child_left(c, left, 0), 0);
	plat_child_leave(c);
	plat_child_leave(NULL);
	await(t->dir, "mark");
}

static void
test_plat_child__nobody_is_left_while_it_runs(void **state)
{
	(void)state;
	struct plat_proc_id left[1];
	struct plat_child *c = role_start("sleep", "60000", NULL);
	assert_int_equal(plat_child_left(c, left, 1), 0);
	plat_child_end(c);
}

static void
test_plat_spawn__command(void **state)
{
	(void)state;
	static const char *const env[] = {"COLDSYNC_TEST=value", NULL};
	struct plat_spawn how = {.command = "echo \"one two\"&& exit 5",
	    .env = env,
	    .output = PLAT_OUT_CAPTURE};
	struct str said = STR_INIT;
	struct plat_child *c;
	struct err e;
	int code;
	assert_done(plat_spawn(&c, &how, &e), &e);
	assert_done(plat_child_wait(c, 20000, &code, &said, 1000, &e), &e);
	plat_child_end(c);
	assert_int_equal(code, 5);
	assert_non_null(strstr(said.p, "one two"));
	str_free(&said);
}

/* Within a captured child, so that our own streams can be told apart. */
static int
play_to_error(char **args)
{
	struct role_how how;
	struct plat_child *c;
	struct err e;
	(void)args;
	role_how(&how, "say", "OUT", "ERR");
	how.spawn.output = PLAT_OUT_ERROR;
	if (freopen("said", "w", stdout) == NULL ||
	    plat_spawn(&c, &how.spawn, &e) != 0)
		return 1;
	return role_finish(c);
}

static void
test_plat_spawn__output_to_error(void **state)
{
	struct tempdir *t = *state;
	struct str said = STR_INIT;
	struct role_how how;
	role_how(&how, "to_error", NULL, NULL);
	how.spawn.dir = t->path;
	assert_int_equal(capture(&how, &said, 1000), 0);
	assert_non_null(strstr(said.p, "OUT"));
	assert_non_null(strstr(said.p, "ERR"));
	str_free(&said);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, tempdir_setup, tempdir_teardown)

int
main(int argc, char **argv)
{
	plat_env_init(&argc, &argv);
	role_play(argc, argv, roles, sizeof(roles) / sizeof(roles[0]));
	const struct CMUnitTest tests[] = {
	    TEST(test_plat_spawn__exit_code),
	    TEST(test_plat_spawn__captures_both_streams),
	    TEST(test_plat_spawn__output_has_a_limit),
	    TEST(test_plat_spawn__arguments_arrive),
	    TEST(test_plat_spawn__environment),
	    TEST(test_plat_spawn__working_directory),
	    TEST(test_plat_spawn__no_such_program),
	    TEST(test_plat_spawn__captured_input_is_empty),
	    TEST(test_plat_child__timeout),
	    TEST(test_plat_child__waits_for_descendants),
	    TEST(test_plat_child__ends_descendants),
	    TEST(test_plat_child__several_at_once),
	    TEST(test_plat_child__leaves_descendants),
	    TEST(test_plat_child__nobody_is_left_while_it_runs),
	    TEST(test_plat_spawn__command),
	    TEST(test_plat_spawn__output_to_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
