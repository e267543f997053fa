/*
 * A whole config, from a file and --set to values.
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
#include "config_show.h"
#include "config_world.h"

/* ---- what is understood -------------------------------------------------- */

/* The defaults the reference promises. */
static const char defaults[] =
    "identity.machine_id = host-name\n"
    "identity.label = \n"
    "paths.local_state_dir = /l\n"
    "paths.cloud_root_dir = /c\n"
    "paths.state_dir = /home/me/.local/state/coldsync/prof\n"
    "paths.backup_dir = /home/me/.local/state/coldsync/prof/backups\n"
    "targets.include_roots = \n"
    "filters.exclude_globs = \n"
    "filters.secret_globs = \n"
    "filters.ignore_file = .coldsyncignore\n"
    "sync.direction = both\n"
    "sync.compare = mtime_hash_fallback\n"
    "sync.time_tolerance_seconds = 2\n"
    "sync.equal_mtime_action = skip\n"
    "sync.delete_policy = propagate\n"
    "sync.max_delete_percent = 50\n"
    "sync.session_mode = all\n"
    "sync.session_root = sessions\n"
    "sync.symlinks = skip\n"
    "sync.empty_dirs = yes\n"
    "sync.atomic_groups = \n"
    "sync.durability = full\n"
    "conflict.policy = manual_abort\n"
    "conflict.append_merge = \n"
    "backup.backup_before_overwrite = yes\n"
    "backup.i_accept_data_loss = no\n"
    "backup.compression = none\n"
    "backup.retention_days = 30\n"
    "backup.max_backups = 0\n"
    "backup.keep_last = 3\n"
    "backup.max_total_mb = 0\n"
    "cloud.verify = require\n"
    "cloud.wait_seconds = 0\n"
    "cloud.conflict_copies = hold\n"
    "cloud.placeholders = refuse\n"
    "cloud.provider = auto\n"
    "cloud.extra_conflict_patterns = \n"
    "cloud.extra_temp_patterns = \n"
    "cloud.stale_days = 7\n"
    "process_detection.process_names = \n"
    "process_detection.process_names.windows = \n"
    "process_detection.process_names.macos = \n"
    "process_detection.process_names.linux = \n"
    "process_detection.background_process_names = \n"
    "process_detection.background_process_names.windows = \n"
    "process_detection.background_process_names.macos = \n"
    "process_detection.background_process_names.linux = \n"
    "process_detection.match_open_files = yes\n"
    "process_detection.grace_period_seconds = 2\n"
    "process_detection.wait_seconds = 0\n"
    "process_detection.allow_terminate_if_running = no\n"
    "process_detection.manual_terminate_confirmation = yes\n"
    "process_detection.terminate_confirmation_mode = auto\n"
    "process_detection.terminate_timeout_seconds = 10\n"
    "hooks.before_sync = \n"
    "hooks.after_sync = \n"
    "hooks.on_conflict = \n"
    "hooks.timeout_seconds = 60\n"
    "watch.settle_seconds = 5\n"
    "watch.poll_seconds = 30\n"
    "logging.level = INFO\n"
    "logging.dir = /home/me/.local/state/coldsync/prof/logs\n"
    "logging.format = text\n"
    "logging.max_file_size_mb = 10\n"
    "logging.retention_days = 7\n"
    "logging.archive_mode = zip\n";

static void
test_config__defaults(void **state)
{
	struct config_scene *s = *state;
	struct str got = STR_INIT;
	config_scene_load(s, PATHS, NULL);
	assert_string_equal(s->problems.p, "");
	assert_string_equal(s->config.profile, "prof");
	assert_string_equal(s->config.file, s->file.p);
	for (size_t i = 0; i < config_keys_n; i++) {
		const struct config_key *k = &config_keys[i];
		str_addf(&got, "%s.%s = ", k->section, k->name);
		config_show(&got, &s->config, k);
		str_addc(&got, '\n');
	}
	assert_string_equal(got.p, defaults);
	str_free(&got);
}

static void
test_config__enumerations(void **state)
{
	struct config_scene *s = *state;
	config_scene_load(s,
	    PATHS
	    "[sync]\ndirection = to_cloud\ncompare = hash\n"
	    "equal_mtime_action = manual_abort\ndelete_policy = never\n"
	    "session_mode = last_date_only\nsymlinks = copy\n"
	    "durability = none\n"
	    "[conflict]\npolicy = keep_both\n"
	    "[backup]\ncompression = zip\n"
	    "[cloud]\nverify = off\nconflict_copies = sync\n"
	    "placeholders = hydrate\n"
	    "[process_detection]\nterminate_confirmation_mode = console\n"
	    "[logging]\nlevel = ERROR\nformat = logfmt\narchive_mode = text\n",
	    NULL);
	const struct config *c = &s->config;
	assert_string_equal(s->problems.p, "");
	assert_int_equal(c->sync.direction, CONFIG_TO_CLOUD);
	assert_int_equal(c->sync.compare, CONFIG_COMPARE_HASH);
	assert_int_equal(c->sync.equal_mtime_action, CONFIG_EQUAL_ABORT);
	assert_int_equal(c->sync.delete_policy, CONFIG_DELETE_NEVER);
	assert_int_equal(c->sync.session_mode, CONFIG_SESSION_LAST_DATE);
	assert_int_equal(c->sync.symlinks, CONFIG_SYMLINKS_COPY);
	assert_int_equal(c->sync.durability, CONFIG_DURABLE_NONE);
	assert_int_equal(c->conflict.policy, CONFIG_KEEP_BOTH);
	assert_int_equal(c->backup.compression, CONFIG_SNAPSHOT_ZIP);
	assert_int_equal(c->cloud.verify, CONFIG_VERIFY_OFF);
	assert_int_equal(c->cloud.conflict_copies, CONFIG_COPIES_SYNC);
	assert_int_equal(c->cloud.placeholders, CONFIG_PLACEHOLDERS_HYDRATE);
	assert_int_equal(
	    c->process.terminate_confirmation_mode, CONFIG_CONFIRM_CONSOLE);
	assert_int_equal(c->logging.level, CONFIG_LOG_ERROR);
	assert_int_equal(c->logging.format, CONFIG_LOG_LOGFMT);
	assert_int_equal(c->logging.archive_mode, CONFIG_ARCHIVE_TEXT);
}

/* Each word of the middle of the longer enumerations, where a slip would not
   show above. */
static void
test_config__policies(void **state)
{
	struct config_scene *s = *state;
	static const char *const words[] = {"manual_abort", "manual_skip",
	    "prefer_local", "prefer_cloud", "prefer_newer_mtime", "keep_both"};
	static const int values[] = {CONFIG_MANUAL_ABORT, CONFIG_MANUAL_SKIP,
	    CONFIG_PREFER_LOCAL, CONFIG_PREFER_CLOUD, CONFIG_PREFER_NEWER,
	    CONFIG_KEEP_BOTH};
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		struct str set = STR_INIT;
		str_addf(&set, "conflict.policy=%s", words[i]);
		const char *const sets[] = {
		    set.p, "sync.equal_mtime_action=prefer_cloud", NULL};
		config_scene_load(s, PATHS, sets);
		assert_int_equal(s->config.conflict.policy, values[i]);
		assert_int_equal(
		    s->config.sync.equal_mtime_action, CONFIG_EQUAL_CLOUD);
		str_free(&set);
	}
}

static void
test_config__paths_follow_state_dir(void **state)
{
	struct config_scene *s = *state;
	config_scene_load(
	    s, PATHS "state_dir = st\n[logging]\ndir = ~/logs\n", NULL);
	assert_string_equal(s->problems.p, "");
	struct str expected = STR_INIT;
	str_addf(&expected, "%s/st", s->dir.path);
	assert_string_equal(s->config.paths.state_dir, expected.p);
	str_add(&expected, "/backups");
	assert_string_equal(s->config.paths.backup_dir, expected.p);
	assert_string_equal(s->config.logging.dir, "/home/me/logs");
	str_free(&expected);
}

static void
test_config__process_names_by_system(void **state)
{
	struct config_scene *s = *state;
	static const char text[] = PATHS "[process_detection]\n"
					 "process_names.linux = b\n"
					 "process_names = a\n"
					 "process_names.macos = c\n"
					 "process_names.windows = d\n"
					 "background_process_names = e\n"
					 "background_process_names.macos = f\n";
	static const struct {
		const char *os, *names, *background;
	} cases[] = {
	    {"linux", "a & b", "e"},
	    {"macos", "a & c", "e & f"},
	    {"other", "a", "e"},
	};
	const char *const section = "process_detection";
	struct str got = STR_INIT;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		config_world.os = cases[i].os;
		config_scene_load(s, text, NULL);
		assert_string_equal(s->problems.p, "");
		str_clear(&got);
		config_show(&got, &s->config,
		    config_key_find(section, "process_names"));
		assert_string_equal(got.p, cases[i].names);
		str_clear(&got);
		config_show(&got, &s->config,
		    config_key_find(section, "background_process_names"));
		assert_string_equal(got.p, cases[i].background);
	}
	str_free(&got);
	/* The others' are checked all the same. */
	config_scene_load(s,
	    PATHS "[process_detection]\nprocess_names.windows = a\\b\n", NULL);
	assert_string_equal(s->problems.p,
	    "FILE:5: process_detection.process_names.windows: 'a\\b': is a "
	    "path; give the program's name alone\n");
}

static void
test_config__windows_file(void **state)
{
	struct config_scene *s = *state;
	config_world.os = "windows";
	struct str file = STR_INIT;
	str_addf(&file, "%s/c\\d", s->dir.path);
	if (config_world_runs_on_windows()) {
		struct scratch d = {.path = file.p};
		struct err e;
		assert_int_equal(plat_dir_make(file.p, 0700, &e), 0);
		assert_int_equal(plat_dir_open(&d.dir, file.p, &e), 0);
		scratch_put(&d, "My Notes.ini", "");
		plat_dir_close(d.dir);
	} else {
		/* Elsewhere that is one name with backslashes in it. */
		scratch_put(&s->dir, "c\\d\\My Notes.ini", "");
	}
	str_add(&file, "\\My Notes.ini");
	config_scene_load_file(s, file.p, NULL);
	assert_string_equal(s->config.profile, "My Notes");
	str_free(&file);
}

static void
test_config__long_values(void **state)
{
	struct config_scene *s = *state;
	struct str text = STR_INIT, value = STR_INIT;
	for (int i = 0; i < 1000000; i++)
		str_addc(&value, (char)('a' + i % 26));
	str_addf(&text, PATHS "[identity]\nlabel = %s\n", value.p);
	config_scene_load(s, text.p, NULL);
	assert_string_equal(s->problems.p, "");
	assert_string_equal(s->config.identity.label, value.p);
	str_free(&text);
	str_free(&value);
}

/* ---- --set --------------------------------------------------------------- */

static void
test_config__set(void **state)
{
	struct config_scene *s = *state;
	static const char *const sets[] = {
	    "paths.cloud_root_dir=/other",
	    " sync.direction = to_cloud ",
	    "sync.compare=mtime",
	    "sync.compare=hash", /* the last one counts */
	    "filters.exclude_globs=a,b",
	    "process_detection.process_names.linux=x",
	    "identity.label=a=b",
	    "paths.state_dir=relative",
	    NULL,
	};
	config_scene_load(s,
	    PATHS "[sync]\ndirection = nonsense\n"
		  "[filters]\nexclude_globs = c\n",
	    sets);
	assert_string_equal(s->problems.p, "");
	assert_string_equal(s->config.paths.cloud_root_dir, "/other");
	assert_int_equal(s->config.sync.direction, CONFIG_TO_CLOUD);
	assert_int_equal(s->config.sync.compare, CONFIG_COMPARE_HASH);
	assert_int_equal(s->config.filters.exclude_globs.n, 2);
	assert_string_equal(s->config.process.process_names.v[0], "x");
	assert_string_equal(s->config.identity.label, "a=b");
	/* On the command line, relative means: to where one is. */
	const char *here = s->config.paths.state_dir;
	assert_memory_equal(s->dir.path, here, strlen(here) - 8);
	assert_null(strstr(here, "scratch"));
}

static void
test_config__set_mistakes(void **state)
{
	struct config_scene *s = *state;
	static const char *const sets[] = {
	    "nonsense",
	    "=x",
	    "sync=both",
	    "sync.=both",
	    ".direction=both",
	    "snyc.direction=both",
	    "sync.directoin=both",
	    "sync.policy=both",
	    "sync.direction=sideways",
	    "filters.secret_globs=a,!b",
	    "x\x1B[1m.y=1",
	    NULL,
	};
	config_scene_load(s, PATHS "colour = red\n", sets);
	assert_string_equal(s->problems.p,
	    "FILE:4: paths.colour: there is no such key\n"
	    "--set: 'nonsense' is not SECTION.KEY=VALUE\n"
	    "--set: '=x' is not SECTION.KEY=VALUE\n"
	    "--set: 'sync=both' is not SECTION.KEY=VALUE\n"
	    "--set: 'sync.=both' is not SECTION.KEY=VALUE\n"
	    "--set: '.direction=both' is not SECTION.KEY=VALUE\n"
	    "--set: [snyc]: there is no such section; did you mean [sync]?\n"
	    "--set: sync.directoin: there is no such key; did you mean "
	    "sync.direction?\n"
	    "--set: sync.policy: there is no such key; did you mean "
	    "conflict.policy?\n"
	    "--set: [x\\e[1m]: there is no such section\n"
	    "--set: filters.secret_globs: '!b': begins with '!', but nothing "
	    "is taken back here; write \\! for the character itself\n"
	    "--set: sync.direction: 'sideways' is not one of both, to_local, "
	    "to_cloud\n");
}

/* ---- the template -------------------------------------------------------- */

/* As it stands it is a config, and so it is with every key taken out of its
   comment that has a value there. */
static void
test_config__template(void **state)
{
	struct config_scene *s = *state;
	struct str text = STR_INIT;
	struct scratch templates = {.path = NULL};
	struct err e;
	config_scene_load_file(s, TEMPLATES "/generic.ini", NULL);
	assert_string_equal(s->problems.p, "");
	assert_int_equal(s->config.filters.exclude_globs.n, 4);
	assert_int_equal(plat_dir_open(&templates.dir, TEMPLATES, &e), 0);
	scratch_read(&text, &templates, "generic.ini");
	plat_dir_close(templates.dir);
	size_t keys = 0;
	for (size_t i = 0; i < config_keys_n; i++) {
		struct str comment = STR_INIT, key = STR_INIT;
		str_addf(&comment, "\n# %s = ", config_keys[i].name);
		str_addf(&key, "\n%s = ", config_keys[i].name);
		keys += strstr(text.p, comment.p) != NULL;
		config_scene_replace(&text, comment.p, key.p);
		str_free(&comment);
		str_free(&key);
	}
	assert_true(keys > 10);
	config_scene_load(s, text.p, NULL);
	assert_string_equal(s->problems.p, "");
	str_free(&text);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(                                       \
	    name, config_scene_open, config_scene_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_config__defaults),
	    TEST(test_config__enumerations),
	    TEST(test_config__policies),
	    TEST(test_config__paths_follow_state_dir),
	    TEST(test_config__process_names_by_system),
	    TEST(test_config__windows_file),
	    TEST(test_config__long_values),
	    TEST(test_config__set),
	    TEST(test_config__set_mistakes),
	    TEST(test_config__template),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
