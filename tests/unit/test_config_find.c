/*
 * Which profiles there are, and which one is meant.
 */
#include "config/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "config_world.h"
#include "scratch.h"

/* A config directory of the test's own; "DIR" stands for it in texts. */
struct scene {
	struct scratch dir;
	const char *env[5];
};

static int
set_up(void **state)
{
	static struct scene s;
	config_world_reset();
	scratch_open(&s.dir);
	s.env[0] = "COLDSYNC_CONFIG_DIR";
	s.env[1] = s.dir.path;
	s.env[2] = s.env[3] = s.env[4] = NULL;
	config_world.env = s.env;
	*state = &s;
	return 0;
}

static int
tear_down(void **state)
{
	struct scene *s = *state;
	scratch_close(&s->dir);
	return 0;
}

/* The file that is found, or the message: without the directory's path. */
static void
expect_find(const struct scene *s, const char *file, const char *profile,
    const char *expected)
{
	struct err e;
	struct str got = STR_INIT, shown = STR_INIT;
	char text[ERR_TEXT_SIZE];
	if (config_find(&got, file, profile, &e) != 0) {
		assert_int_equal(e.code, ERR_CONFIG);
		assert_int_equal(got.len, 0);
		str_add(&got, err_text(&e, text, sizeof(text)));
	}
	const char *at = strstr(got.p, s->dir.path);
	if (at != NULL) {
		str_addn(&shown, got.p, (size_t)(at - got.p));
		str_addf(&shown, "DIR%s", at + strlen(s->dir.path));
	} else {
		str_add(&shown, got.p);
	}
	assert_string_equal(shown.p, expected);
	str_free(&got);
	str_free(&shown);
}

static void
test_config_find__nothing(void **state)
{
	const struct scene *s = *state;
	expect_find(s, NULL, NULL, "there is no profile yet in DIR");
	expect_find(s, NULL, "work",
	    "there is no profile 'work', nor any other in DIR");
	expect_find(s, "x.ini", NULL, "x.ini");
}

static void
test_config_find__only_one(void **state)
{
	const struct scene *s = *state;
	scratch_put(&s->dir, "work.ini", "");
	scratch_put(&s->dir, ".ini", "");
	scratch_put(&s->dir, ".#work.ini", "");
	scratch_put(&s->dir, "work.ini~", "");
	scratch_put(&s->dir, "ini", "");
	expect_find(s, NULL, NULL, "DIR/work.ini");
	expect_find(s, NULL, "work", "DIR/work.ini");
	expect_find(s, NULL, "wrok",
	    "there is no profile 'wrok'; did you mean 'work'? (there are: "
	    "work)");
	expect_find(s, NULL, "somewhere",
	    "there is no profile 'somewhere' (there are: work)");
}

static void
test_config_find__several(void **state)
{
	const struct scene *s = *state;
	scratch_put(&s->dir, "work.ini", "");
	scratch_put(&s->dir, "My Notes.ini", "");
	expect_find(s, NULL, NULL,
	    "there are several profiles (My Notes, work); choose one with "
	    "-p NAME");
	expect_find(s, NULL, "My Notes", "DIR/My Notes.ini");
	for (int i = 0; i < 50; i++) {
		struct str name = STR_INIT;
		str_addf(&name, "p%02d.ini", i);
		scratch_put(&s->dir, name.p, "");
		str_free(&name);
	}
	expect_find(s, NULL, NULL,
	    "there are several profiles (My Notes, p00, p01, p02, p03, p04, "
	    "p05, p06, p07, p08, p09, p10, p11, p12, p13, p14, p15, p16, p17, "
	    "p18, p19, p20, p21 and 29 more); choose one with -p NAME");
}

static void
test_config_find__no_names(void **state)
{
	const struct scene *s = *state;
	scratch_put(&s->dir, "work.ini", "");
	expect_find(s, NULL, "../work",
	    "'../work' is no profile's name; -c takes a file");
	expect_find(s, NULL, "a\\b",
	    "'a\\b' is no profile's name; -c takes a "
	    "file");
	expect_find(
	    s, NULL, "..", "'..' is no profile's name; -c takes a file");
	expect_find(s, NULL, "", "'' is no profile's name; -c takes a file");
	expect_find(s, NULL, "x\x1B[1m",
	    "there is no profile 'x\\e[1m' (there are: work)");
}

static void
test_config_find__environment(void **state)
{
	struct scene *s = *state;
	scratch_put(&s->dir, "work.ini", "");
	scratch_put(&s->dir, "play.ini", "");
	s->env[2] = "COLDSYNC_CONFIG";
	s->env[3] = "/else/where.ini";
	expect_find(s, NULL, NULL, "/else/where.ini");
	expect_find(s, NULL, "play", "DIR/play.ini");
	expect_find(s, "c.ini", "play", "c.ini");
	s->env[3] = "";
	expect_find(s, NULL, NULL,
	    "there are several profiles (play, work); choose one with -p "
	    "NAME");
}

static void
test_config_find__directory(void **state)
{
	struct scene *s = *state;
	struct err e;
	struct str dir = STR_INIT;
	assert_int_equal(config_dir(&dir, &e), 0);
	assert_string_equal(dir.p, s->dir.path);
	s->env[1] = "";
	str_clear(&dir);
	assert_int_equal(config_dir(&dir, &e), 0);
	assert_string_equal(dir.p, "/home/me/.config/coldsync");
	s->env[1] = "relative";
	str_clear(&dir);
	assert_int_equal(config_dir(&dir, &e), 0);
	assert_true(str_ends(&dir, "/relative"));
	assert_true(dir.len > 10);
	s->env[1] = NULL;
	s->env[0] = NULL;
	config_world.config_home = NULL;
	assert_int_equal(config_dir(&dir, &e), -1);
	str_free(&dir);
}

static void
test_config_find__profiles(void **state)
{
	struct scene *s = *state;
	struct err e;
	struct strlist names = STRLIST_INIT;
	struct str path = STR_INIT;
	scratch_put(&s->dir, "b.ini", "");
	scratch_put(&s->dir, "a.ini", "");
	assert_int_equal(plat_mkdir(s->dir.dir, "c.ini", 0700, &e), 0);
	assert_int_equal(config_profiles(&names, &e), 0);
	assert_int_equal(names.n, 2);
	assert_string_equal(names.v[0], "a");
	assert_string_equal(names.v[1], "b");
	strlist_clear(&names);
	/* An absent directory holds none; what is no directory is an error. */
	str_addf(&path, "%s/none", s->dir.path);
	s->env[1] = path.p;
	assert_int_equal(config_profiles(&names, &e), 0);
	assert_int_equal(names.n, 0);
	str_clear(&path);
	str_addf(&path, "%s/a.ini", s->dir.path);
	s->env[1] = path.p;
	assert_int_equal(config_profiles(&names, &e), -1);
	assert_string_equal(e.frame[e.nframes - 1], "config directory");
	str_free(&path);
	strlist_free(&names);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_config_find__nothing),
	    TEST(test_config_find__only_one),
	    TEST(test_config_find__several),
	    TEST(test_config_find__no_names),
	    TEST(test_config_find__environment),
	    TEST(test_config_find__directory),
	    TEST(test_config_find__profiles),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
