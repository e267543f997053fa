/*
 * Directories of a config that contain each other.
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
#include "config_scene.h"
#include "config_world.h"

/* ---- directories that overlap -------------------------------------------- */

#define NEITHER(a, b)                                                          \
	"neither of " a " and " b " may be, or lie inside, the other\n"

struct overlap_case {
	const char *local, *cloud, *rest, *problems;
};

static const struct overlap_case overlaps[] = {
    {"/x/a", "/x/b", "", ""},
    {"/x/a", "/x/ab", "", ""},
    {"/x/a", "/x/a", "",
	"FILE:3: paths.cloud_root_dir: overlaps "
	"paths.local_state_dir: " NEITHER("/x/a", "/x/a")},
    {"/x/a", "/x/a/b", "",
	"FILE:3: paths.cloud_root_dir: overlaps "
	"paths.local_state_dir: " NEITHER("/x/a/b", "/x/a")},
    {"/x/a/b/", "/x/./a", "",
	"FILE:3: paths.cloud_root_dir: overlaps "
	"paths.local_state_dir: " NEITHER("/x/a", "/x/a/b")},
    /* The group may nest in itself. */
    {"/l", "/c", "state_dir = /s\nbackup_dir = /s\n[logging]\ndir = /s/x\n",
	""},
    /* The defaults below state_dir are not named besides it... */
    {"/l", "/c", "state_dir = /c/s\n",
	"FILE:4: paths.state_dir: overlaps paths.cloud_root_dir: " NEITHER(
	    "/c/s", "/c")},
    {"/s", "/c", "state_dir = /s\n",
	"FILE:4: paths.state_dir: overlaps paths.local_state_dir: " NEITHER(
	    "/s", "/s")},
    /* ...but what was given is. */
    {"/l", "/c",
	"state_dir = /c/s\nbackup_dir = /l/b\n[logging]\ndir = /c/log\n",
	"FILE:4: paths.state_dir: overlaps paths.cloud_root_dir: " NEITHER(
	    "/c/s", "/c") "FILE:5: paths.backup_dir: overlaps "
			  "paths.local_state_dir: " NEITHER(
			      "/l/b", "/l") "FILE:7: logging.dir: overlaps "
					    "paths.cloud_root_dir: " NEITHER(
						"/c/log", "/c")},
    /* A default that is in the way is told where the other one stands. */
    {"/home/me", "/c", "",
	"FILE:2: paths.local_state_dir: overlaps paths.state_dir: " NEITHER(
	    "/home/me", "/home/me/.local/state/coldsync/prof")},
};

static void
test_config_check__pairs(void **state)
{
	struct config_scene *s = *state;
	struct str text = STR_INIT;
	for (size_t i = 0; i < COUNT_OF(overlaps); i++) {
		const struct overlap_case *c = &overlaps[i];
		str_clear(&text);
		str_addf(&text,
		    "[paths]\nlocal_state_dir = %s\ncloud_root_dir = %s\n%s",
		    c->local, c->cloud, c->rest);
		config_scene_load(s, text.p, NULL);
		if (strcmp(s->problems.p, c->problems) != 0)
			fail_msg("%s\n%s", text.p, s->problems.p);
	}
	str_free(&text);
	if (!config_world_runs_on_windows()) {
		/* Case counts in the root directory. */
		config_scene_load(s,
		    "[paths]\nlocal_state_dir = /x/a\ncloud_root_dir = /x/A\n",
		    NULL);
		assert_string_equal(s->problems.p, "");
	}
	static const char *const sets[] = {"paths.local_state_dir=/c/x", NULL};
	config_scene_load(s, PATHS, sets);
	assert_string_equal(s->problems.p,
	    "--set: paths.local_state_dir: overlaps "
	    "paths.cloud_root_dir: " NEITHER("/c/x", "/c"));
}

static void
test_config_check__through_link(void **state)
{
	struct config_scene *s = *state;
	struct err e;
	assert_int_equal(plat_mkdir(s->dir.dir, "real", 0700, &e), 0);
	if (plat_symlink(s->dir.dir, "link", "real", &e) != 0)
		skip();
	config_scene_load(s,
	    "[paths]\nlocal_state_dir = link/a\ncloud_root_dir = real\n", NULL);
	assert_string_equal(s->problems.p,
	    "FILE:3: paths.cloud_root_dir: overlaps "
	    "paths.local_state_dir: " NEITHER("DIR/real", "DIR/real/a"));
	config_scene_load(s,
	    "[paths]\nlocal_state_dir = link/a\ncloud_root_dir = real/b\n",
	    NULL);
	assert_string_equal(s->problems.p, "");
}

/* What lies in state_dir by default may lead out of it. */
static void
test_config_check__out_of_state_dir(void **state)
{
	struct config_scene *s = *state;
	struct err e;
	struct plat_dir *dir;
	assert_int_equal(plat_mkdir(s->dir.dir, "c", 0700, &e), 0);
	assert_int_equal(plat_mkdir(s->dir.dir, "s", 0700, &e), 0);
	assert_int_equal(plat_dir_sub(&dir, s->dir.dir, "s", &e), 0);
	int rc = plat_symlink(dir, "backups", "../c/x", &e);
	plat_dir_close(dir);
	if (rc != 0)
		skip();
	config_scene_load(s,
	    "[paths]\nlocal_state_dir = l\ncloud_root_dir = c\nstate_dir = s\n",
	    NULL);
	assert_string_equal(s->problems.p,
	    "FILE:3: paths.cloud_root_dir: overlaps paths.backup_dir: " NEITHER(
		"DIR/c", "DIR/c/x"));
}

/* A link that leads in a circle leads nowhere. */
static void
test_config_check__unresolvable_path(void **state)
{
	struct config_scene *s = *state;
	struct err e;
	if (plat_symlink(s->dir.dir, "loop", "loop", &e) != 0)
		skip();
	config_scene_load(s,
	    "[paths]\nlocal_state_dir = loop/a\ncloud_root_dir = /c\n", NULL);
	assert_memory_equal(
	    s->problems.p, "FILE:2: paths.local_state_dir: ", 31);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(                                       \
	    name, config_scene_open, config_scene_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_config_check__pairs),
	    TEST(test_config_check__through_link),
	    TEST(test_config_check__out_of_state_dir),
	    TEST(test_config_check__unresolvable_path),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
