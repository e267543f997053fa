/*
 * The dialogs of macOS, with scripts in osascript's place: what it is told, and
 * what is made of what it says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "platform/plat_ask.h"
#include "support/tempdir.h"

static const char *const answers[] = {"Resolve", "Start \"it\"", "Cancel"};

/* From now on osascript is the only program found, and does this. */
static void
play(struct tempdir *t, const char *does)
{
	struct str text = STR_INIT;
	struct err e;
	str_addf(&text,
	    "#!/bin/sh\n"
	    "for word; do echo \"$word\"; done >'%s/asked'\n%s\n",
	    t->path, does);
	put_file(t->dir, "osascript", text.p);
	assert_done(plat_chmod(t->dir, "osascript", 0700, &e), &e);
	assert_int_equal(setenv("PATH", t->path, 1), 0);
	str_free(&text);
}

static int
ask(size_t n, struct err *e)
{
	const struct plat_question q = {
	    .title = "coldsync",
	    .text = "say \"yes\" & $(no)",
	    .answers = answers,
	    .n = n,
	    .timeout_seconds = 5,
	};
	return plat_ask(&q, e);
}

static void
test_plat_ask__answers(void **state)
{
	static const struct {
		size_t n;
		const char *does;
		int answer;
	} cases[] = {
	    {3, "echo Resolve", 0},
	    {3, "echo 'Start \"it\"'", 1},
	    {3, "echo Cancel", 2},
	    {2, "echo Resolve", 0},
	    {2, "echo 'Start \"it\"'", 1},
	    {3,
		"echo '0:1: execution error: User canceled. (-128)' >&2; exit "
		"1",
		2},
	    {2,
		"echo '0:1: execution error: User canceled. (-128)' >&2; exit "
		"1",
		1},
	};
	struct tempdir *t = *state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct err e;
		play(t, cases[i].does);
		assert_int_equal(ask(cases[i].n, &e), cases[i].answer);
	}
}

/* What is shown are words of their own, whatever stands in them. */
static void
test_plat_ask__texts_are_no_script(void **state)
{
	struct tempdir *t = *state;
	struct plat_file f;
	char asked[2048];
	size_t n;
	struct err e;
	play(t, "echo Cancel");
	assert_int_equal(ask(3, &e), 2);
	assert_done(plat_open(&f, t->dir, "asked", &e), &e);
	assert_done(plat_read(f, asked, sizeof(asked) - 1, &n, &e), &e);
	assert_done(plat_close(&f, &e), &e);
	asked[n] = '\0';
	const char *end = strstr(asked, "\nend run\n");
	assert_int_equal(strncmp(asked, "-e\non run argv\n", 15), 0);
	assert_non_null(end);
	assert_string_equal(end,
	    "\nend run\ncoldsync\nsay \"yes\" & $(no)\nResolve\n"
	    "Start \"it\"\nCancel\n");
	assert_null(strstr(asked, "button (count"));
}

static void
test_plat_ask__cannot_be_asked(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	play(t, "echo 'No user interaction allowed. (-1713)' >&2; exit 1");
	assert_failed(ask(2, &e), &e, ERR_UNSUPPORTED);
	play(t, "echo 'something else'");
	assert_failed(ask(2, &e), &e, ERR_UNSUPPORTED);
	play(t, "kill -9 $$");
	assert_failed(ask(2, &e), &e, ERR_UNSUPPORTED);
	assert_done(plat_unlink(t->dir, "osascript", &e), &e);
	assert_failed(ask(2, &e), &e, ERR_NOTFOUND);
}

static void
test_plat_ask__nobody_is_there(void **state)
{
	const struct plat_question q = {.title = "coldsync",
	    .text = "?",
	    .answers = answers,
	    .n = 2,
	    .timeout_seconds = 1};
	struct err e;
	play(*state, "while :; do :; done");
	assert_failed(plat_ask(&q, &e), &e, ERR_CANCELLED);
}

int
main(void)
{
#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(                                       \
	    test_plat_ask__##name, tempdir_setup, tempdir_teardown)
	const struct CMUnitTest tests[] = {
	    TEST(answers),
	    TEST(texts_are_no_script),
	    TEST(cannot_be_asked),
	    TEST(nobody_is_there),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
