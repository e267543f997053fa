/*
 * Everything that is wrong with a config, at once and in order.
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
#include "config/config_ini.h"
#include "config/config_keys.h"
#include "config_scene.h"
#include "config_world.h"

/* ---- mistakes ------------------------------------------------------------ */

#define REQUIRED(line)                                                         \
	"FILE:" line ": paths.local_state_dir: is required\n"                  \
	"FILE:" line ": paths.cloud_root_dir: is required\n"

struct load_case {
	const char *text;
	size_t n; /* 0: up to the NUL */
	const char *problems;
};

static const struct load_case mistakes[] = {
    {"", 0, REQUIRED("1")},
    {"x", 0,
	"FILE:1: the line is neither '[section]' nor 'key = value'\n" REQUIRED(
	    "1")},
    {"\n\n[paths]\n", 0, REQUIRED("3")},
    {"\n[paths]\ncloud_root_dir = /c\n[sync]\n[paths]\n", 0,
	"FILE:2: paths.local_state_dir: is required\n"},
    {"direction = both\n" PATHS, 0,
	"FILE:1: direction: stands above the first [section]\n"},
    {PATHS "[sync\ndirection = x\n", 0,
	"FILE:4: the section's name has no ']' behind it; what stands below "
	"it is not checked\n"},
    {PATHS "[snyc]\ndirection = x\nfoo = bar\n[x]\n[sync]\n", 0,
	"FILE:4: [snyc]: there is no such section; did you mean [sync]?\n"
	"FILE:7: [x]: there is no such section\n"},
    {PATHS "[sync]\ndirektion = x\nprocess_names = y\nzzzzz = 1\n", 0,
	"FILE:5: sync.direktion: there is no such key; did you mean "
	"sync.direction?\n"
	"FILE:6: sync.process_names: there is no such key; did you mean "
	"process_detection.process_names?\n"
	"FILE:7: sync.zzzzz: there is no such key\n"},
    {PATHS "[sync]\ncompare = hash\n[paths]\n[sync]\ncompare = mtime\n"
	   "compare = x\n",
	0,
	"FILE:8: sync.compare: stands here again; it was given in line 5\n"
	"FILE:9: sync.compare: stands here again; it was given in line 5\n"},
    {PATHS "[backup]\n\nbackup_before_overwrite = no\n", 0,
	"FILE:6: backup.backup_before_overwrite: is refused: without "
	"snapshots an overwritten file is lost; if you mean it, set "
	"backup.i_accept_data_loss = yes, too\n"},
    {PATHS "[backup]\nbackup_before_overwrite = no\n"
	   "i_accept_data_loss = yes\n",
	0, ""},
    {PATHS "\0", sizeof(PATHS),
	"FILE:4: the line holds a NUL byte; this is no text file\n"},
    {"\xFF\xFE[\0", 4,
	"FILE:1: the file is UTF-16; save it as UTF-8\n" REQUIRED("1")},
    {PATHS "  [sync]\n", 0,
	"FILE:3: paths.cloud_root_dir: takes one line, but the next begins "
	"with a blank and so continues it\n"},
    /* One bad value does not hide another, nor is the order that of the
       table. */
    {"[logging]\nlevel = LOUD\n[sync]\nempty_dirs = 2\n" PATHS
     "[identity]\nmachine_id = a/b\n",
	0,
	"FILE:2: logging.level: 'LOUD' is not one of DEBUG, INFO, WARNING, "
	"ERROR\n"
	"FILE:4: sync.empty_dirs: '2' is not yes or no (also true, false, "
	"on, off, 1, 0)\n"
	"FILE:9: identity.machine_id: 'a/b' is not 1 to 64 letters, digits, "
	"'.', '_' or '-'\n"},
};

static void
test_config_mistakes__said(void **state)
{
	struct config_scene *s = *state;
	for (size_t i = 0; i < COUNT_OF(mistakes); i++) {
		const struct load_case *c = &mistakes[i];
		config_scene_load_bytes(
		    s, c->text, c->n > 0 ? c->n : strlen(c->text), NULL);
		if (strcmp(s->problems.p, c->problems) != 0)
			fail_msg("%s:\n%s", c->text, s->problems.p);
	}
}

/* A failed load has all of its texts, so that a report can show them. */
static void
test_config_mistakes__nothing_is_null(void **state)
{
	struct config_scene *s = *state;
	config_world.state_home = NULL;
	config_scene_load(s, "", NULL);
	for (size_t i = 0; i < config_keys_n; i++) {
		const struct config_key *k = &config_keys[i];
		const void *member = (const char *)&s->config + k->offset;
		const char *const *text = member;
		if (k->type < CONFIG_KEY_ENUM)
			assert_non_null(*text);
	}
	assert_non_null(
	    strstr(s->problems.p, "FILE:1: paths.state_dir: there is none\n"));
	config_scene_load_file(s, "/no/such/file.ini", NULL);
	assert_string_equal(s->config.sync.session_root, "");
	assert_string_equal(s->config.profile, "file");
}

/* In the place of a value that is refused stands the default. */
static void
test_config_mistakes__bad_values_leave_defaults(void **state)
{
	struct config_scene *s = *state;
	config_scene_load(s,
	    PATHS "[sync]\nsession_root = ..\nmax_delete_percent = all\n"
		  "empty_dirs = perhaps\ncompare = x\n",
	    NULL);
	assert_int_equal(s->rc, -1);
	assert_string_equal(s->config.sync.session_root, "sessions");
	assert_int_equal(s->config.sync.max_delete_percent, 50);
	assert_true(s->config.sync.empty_dirs);
	assert_int_equal(s->config.sync.compare, CONFIG_COMPARE_MTIME_HASH);
}

static void
test_config_mistakes__a_hundred_mistakes(void **state)
{
	struct config_scene *s = *state;
	struct str text = STR_INIT, expected = STR_INIT;
	str_add(&text, PATHS "[filters]\nexclude_globs = a\n");
	for (int i = 0; i < 50; i++) {
		str_addf(&text, " #\n b, #%d\n", i);
		str_addf(&expected,
		    "FILE:%d: filters.exclude_globs: '#%d': is a comment; "
		    "write \\# for the character itself\n",
		    7 + 2 * i, i);
	}
	for (int i = 0; i < 50; i++) {
		str_addf(&text, "zzzzzz%d = 1\n", i);
		str_addf(&expected,
		    "FILE:%d: filters.zzzzzz%d: there is no such key\n",
		    106 + i, i);
	}
	config_scene_load(s, text.p, NULL);
	assert_string_equal(s->problems.p, expected.p);
	str_free(&text);
	str_free(&expected);
}

static void
test_config_mistakes__too_many_mistakes(void **state)
{
	struct config_scene *s = *state;
	struct str text = STR_INIT;
	str_add(&text, PATHS);
	for (int i = 0; i < 500000; i++)
		str_add(&text, "unknown=\n");
	text.len = CONFIG_INI_MAX_BYTES;
	config_scene_load_bytes(s, text.p, text.len, NULL);
	size_t lines = 0;
	for (const char *p = s->problems.p; *p != '\0'; p++)
		lines += *p == '\n';
	assert_int_equal(lines, 1001);
	assert_true(str_ends(&s->problems, " more mistakes are not shown\n"));
	str_free(&text);
}

/* ---- files that are none ------------------------------------------------- */

static void
test_config_mistakes__too_large(void **state)
{
	struct config_scene *s = *state;
	struct err e;
	struct plat_file f;
	scratch_put(&s->dir, "prof.ini", PATHS);
	assert_int_equal(plat_append(&f, s->dir.dir, "prof.ini", &e), 0);
	assert_int_equal(plat_truncate(f, 100 * 1024 * 1024, &e), 0);
	plat_close(&f, &e);
	config_scene_load_file(s, s->file.p, NULL);
	assert_string_equal(
	    s->problems.p, "FILE: is larger than 4 MB; that is no config\n");
}

static void
test_config_mistakes__empty_name(void **state)
{
	struct config_scene *s = *state;
	struct config_problems problems = {.lines = STRLIST_INIT};
	assert_int_equal(config_load(&s->config, "", NULL, &problems), -1);
	assert_string_equal(s->config.profile, "");
	assert_int_equal(problems.lines.n, 2);
	strlist_free(&problems.lines);
}

static void
test_config_mistakes__no_file(void **state)
{
	struct config_scene *s = *state;
	config_scene_load_file(s, s->file.p, NULL);
	assert_string_equal(s->problems.p, "FILE: there is no such file\n");
	config_scene_load_file(s, s->dir.path, NULL);
	assert_memory_equal(s->problems.p, "FILE: ", 6);
	config_scene_load_file(s, "no/such.ini", NULL);
	assert_string_equal(s->problems.p, "FILE: there is no such file\n");
}

static void
test_config_mistakes__profile_names(void **state)
{
	struct config_scene *s = *state;
	static const struct {
		const char *file, *profile, *fault;
		bool posix; /* no file on Windows can have the name */
	} cases[] = {
	    {"Meine Notizen.ini", "Meine Notizen", NULL, false},
	    {"a.b.ini", "a.b", NULL, false},
	    {"x.conf", "x", NULL, false},
	    {"x", "x", NULL, false},
	    {".x", ".x", NULL, false},
	    {"a\nb.ini", "a\nb", "holds a control character", true},
	    {"a .ini", "a ", "begins or ends with a blank or ends with a dot",
		false},
	    {" a.ini", " a", "begins or ends with a blank or ends with a dot",
		false},
	    {"a..ini", "a.", "begins or ends with a blank or ends with a dot",
		false},
	};
	struct str file = STR_INIT, expected = STR_INIT;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		if (cases[i].posix && config_world_runs_on_windows())
			continue;
		str_clear(&file);
		str_clear(&expected);
		str_addf(&file, "%s/%s", s->dir.path, cases[i].file);
		scratch_put(&s->dir, cases[i].file, PATHS);
		config_scene_load_file(s, file.p, NULL);
		assert_string_equal(s->config.profile, cases[i].profile);
		if (cases[i].fault != NULL)
			str_addf(&expected,
			    "FILE: the file's name without its ending is the "
			    "profile's, and it %s\n",
			    cases[i].fault);
		assert_string_equal(s->problems.p, expected.p);
	}
	str_free(&file);
	str_free(&expected);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(                                       \
	    name, config_scene_open, config_scene_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_config_mistakes__said),
	    TEST(test_config_mistakes__nothing_is_null),
	    TEST(test_config_mistakes__bad_values_leave_defaults),
	    TEST(test_config_mistakes__a_hundred_mistakes),
	    TEST(test_config_mistakes__too_many_mistakes),
	    TEST(test_config_mistakes__too_large),
	    TEST(test_config_mistakes__empty_name),
	    TEST(test_config_mistakes__no_file),
	    TEST(test_config_mistakes__profile_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
