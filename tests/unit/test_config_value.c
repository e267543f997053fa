/*
 * Every key of the table: its default, a good value, bad ones.
 */
#include "config/config_value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "config_show.h"
#include "config_world.h"

/* ---- one value in and out -------------------------------------------------
 */

/*
 * Set the key "section.name" to *text* as line 7 of a file in /cfg: the value
 * it has then, and in front of it what was complained about, a line each.
 */
static void
try_value(struct str *out, const char *name, const char *text)
{
	struct config config = {.file = NULL};
	struct config_complaints complaints = {.file = "f"};
	struct strlist lines = STRLIST_INIT;
	struct str section = STR_INIT;
	const char *dot = strchr(name, '.');
	str_addn(&section, name, (size_t)(dot - name));
	const struct config_key *k = config_key_find(section.p, dot + 1);
	assert_non_null(k);
	struct config_text given = {.s = text, .line = 7, .base = "/cfg"};
	bool good = config_value_set(&config, k, &given, &complaints);
	assert_int_equal(good, complaints.n == 0);
	config_complaints_write(&complaints, &lines);
	str_clear(out);
	for (size_t i = 0; i < lines.n; i++)
		str_addf(out, "%s\n", lines.v[i]);
	config_show(out, &config, k);
	config_value_free(&config, k);
	config_complaints_free(&complaints);
	strlist_free(&lines);
	str_free(&section);
}

/* ---- good values ----------------------------------------------------------
 */

#define X16 "xxxxxxxxxxxxxxxx"

struct value_case {
	const char *name, *text, *expected;
};

static const struct value_case good[] = {
    {"identity.machine_id", "My-Box_2.x", "My-Box_2.x"},
    {"identity.machine_id", X16 X16 X16 X16, X16 X16 X16 X16},
    {"identity.label", "J\xC3\xB6rg's \"big\" box; # 1",
	"J\xC3\xB6rg's \"big\" box; # 1"},
    {"identity.label", "", ""},
    {"paths.local_state_dir", "/a/b", "/a/b"},
    {"paths.local_state_dir", "/a/b//", "/a/b"},
    {"paths.local_state_dir", "/", "/"},
    {"paths.cloud_root_dir", "~/x y", "/home/me/x y"},
    {"paths.cloud_root_dir", "~", "/home/me"},
    {"paths.cloud_root_dir", "~/", "/home/me"},
    {"paths.state_dir", "a/../b", "/cfg/a/../b"},
    {"paths.state_dir", ".", "/cfg/."},
    {"paths.backup_dir", "${BASE}/x/${SUB}${SUB}", "/base/x/subsub"},
    {"paths.backup_dir", "x~/$HOME/%BASE%/$", "/cfg/x~/$HOME/%BASE%/$"},
    {"logging.dir", "\xFF\xFE", "/cfg/\xFF\xFE"},
    {"targets.include_roots", "a, b//c/ ,./d", "a & b/c & d"},
    {"targets.include_roots", "a\\,b", "a,b"},
    {"filters.exclude_globs", "*.tmp, !keep.tmp\n/cache/",
	"*.tmp & !keep.tmp & /cache/"},
    {"filters.exclude_globs", "[a,b]*, x\\,y", "[a,b]* & x\\,y"},
    {"filters.exclude_globs", "[a\\],b], x", "[a\\],b] & x"},
    {"filters.secret_globs", "*.key,\n\n ,\\!x", "*.key & \\!x"},
    {"filters.ignore_file", "./.ignore", ".ignore"},
    {"sync.direction", "to_local", "to_local"},
    {"sync.direction", "TO_CLOUD", "to_cloud"},
    {"sync.compare", "hash", "hash"},
    {"sync.time_tolerance_seconds", "0", "0"},
    {"sync.equal_mtime_action", "manual_abort", "manual_abort"},
    {"sync.delete_policy", "never", "never"},
    {"sync.max_delete_percent", "100", "100"},
    {"sync.session_mode", "last_date_only", "last_date_only"},
    {"sync.session_root", "x/sessions/", "x/sessions"},
    {"sync.symlinks", "copy", "copy"},
    {"sync.empty_dirs", "No", "no"},
    {"sync.atomic_groups", "**/leveldb/", "**/leveldb/"},
    {"sync.durability", "none", "none"},
    {"conflict.policy", "prefer_newer_mtime", "prefer_newer_mtime"},
    {"conflict.append_merge", "*.jsonl", "*.jsonl"},
    {"backup.backup_before_overwrite", "off", "no"},
    {"backup.i_accept_data_loss", "ON", "yes"},
    {"backup.compression", "zip", "zip"},
    {"backup.retention_days", "36500", "36500"},
    {"backup.max_backups", "5", "5"},
    {"backup.keep_last", "0", "0"},
    {"backup.max_total_mb", "1000000000", "1000000000"},
    {"cloud.verify", "warn", "warn"},
    {"cloud.wait_seconds", "604800", "604800"},
    {"cloud.conflict_copies", "sync", "sync"},
    {"cloud.placeholders", "hydrate", "hydrate"},
    {"cloud.provider", "OneDrive", "onedrive"},
    {"cloud.extra_conflict_patterns", "\\ \\(\\d{1,3}\\)$, a[,;]b|c\\,",
	"\\ \\(\\d{1,3}\\)$ & a[,;]b|c\\,"},
    {"cloud.extra_temp_patterns", "^~.*\\.tmp$", "^~.*\\.tmp$"},
    {"cloud.stale_days", "0", "0"},
    {"process_detection.process_names", "Notes.exe, my app",
	"Notes.exe & my app"},
    {"process_detection.process_names.linux", "a\nb", "a & b"},
    {"process_detection.process_names.macos", "a", "a"},
    {"process_detection.process_names.windows", "a", "a"},
    {"process_detection.background_process_names", "a", "a"},
    {"process_detection.background_process_names.linux", "a", "a"},
    {"process_detection.background_process_names.macos", "a", "a"},
    {"process_detection.background_process_names.windows", "a", "a"},
    {"process_detection.match_open_files", "0", "no"},
    {"process_detection.grace_period_seconds", "9", "9"},
    {"process_detection.wait_seconds", "9", "9"},
    {"process_detection.allow_terminate_if_running", "true", "yes"},
    {"process_detection.manual_terminate_confirmation", "false", "no"},
    {"process_detection.terminate_confirmation_mode", "console", "console"},
    {"process_detection.terminate_timeout_seconds", "9", "9"},
    {"hooks.before_sync", "make -C ~/x; echo a,b", "make -C ~/x; echo a,b"},
    {"hooks.after_sync", "", ""},
    {"hooks.on_conflict", "x\ty", "x\ty"},
    {"hooks.timeout_seconds", "1", "1"},
    {"watch.settle_seconds", "0", "0"},
    {"watch.poll_seconds", "1", "1"},
    {"logging.level", "warning", "WARNING"},
    {"logging.format", "logfmt", "logfmt"},
    {"logging.max_file_size_mb", "0", "0"},
    {"logging.retention_days", "1", "1"},
    {"logging.archive_mode", "text", "text"},
};

static void
test_config_value__good(void **state)
{
	UNUSED(state);
	static const char *const env[] = {"BASE", "/base", "SUB", "sub", NULL};
	struct str got = STR_INIT;
	config_world_reset();
	config_world.env = env;
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		const struct value_case *c = &good[i];
		try_value(&got, c->name, c->text);
		if (strcmp(got.p, c->expected) != 0)
			fail_msg("%s = %s: %s", c->name, c->text, got.p);
	}
	str_free(&got);
}

/* A key without a good value in the table above is one nobody tried. */
static void
test_config_value__every_key_is_tried(void **state)
{
	UNUSED(state);
	struct str name = STR_INIT;
	for (size_t i = 0; i < config_keys_n; i++) {
		str_clear(&name);
		str_addf(&name, "%s.%s", config_keys[i].section,
		    config_keys[i].name);
		bool tried = false;
		for (size_t k = 0; k < COUNT_OF(good) && !tried; k++)
			tried = strcmp(good[k].name, name.p) == 0;
		if (!tried)
			fail_msg("%s", name.p);
	}
	str_free(&name);
}

/* ---- bad values -----------------------------------------------------------
 */

#define ABOUT(key) "f:7: " key ": "
#define ONE_LINE                                                               \
	"takes one line, but the next begins with a blank and so continues "   \
	"it\n"
#define TREE_PATH "is not a name or path inside the folder\n"
#define LOST                                                                   \
	"begins with a blank and so continues the list; remove the blank if "  \
	"it is no item of it\n"

static const struct value_case bad[] = {
    {"identity.machine_id", "",
	ABOUT("identity.machine_id") "'' is not 1 to 64 letters, digits, "
				     "'.', '_' or '-'\n"},
    {"identity.machine_id", "a b",
	ABOUT("identity.machine_id") "'a b' is not 1 to 64 letters, digits, "
				     "'.', '_' or '-'\n"},
    {"identity.machine_id", X16 X16 X16 X16 "x",
	ABOUT("identity.machine_id") "'" X16 "xxxxxxxxxxxxx\xE2\x80\xA6" X16
				     "xxxxxxxxxxxxxx' is not 1 to 64 letters, "
				     "digits, '.', '_' or '-'\n"},
    {"identity.label", "\xFF", ABOUT("identity.label") "is not UTF-8\n"},
    {"identity.label", "\x1B[31m",
	ABOUT("identity.label") "a control character is in it\n"},
    {"identity.label", "a\n\nb", ABOUT("identity.label") ONE_LINE},
    {"sync.direction", "both\nto_local",
	ABOUT("sync.direction") ONE_LINE "both"},
    {"paths.state_dir", "/a\nb = c", ABOUT("paths.state_dir") ONE_LINE},
    {"paths.state_dir", "",
	ABOUT("paths.state_dir") "is empty; give a path, or leave the key "
				 "out\n"},
    {"paths.state_dir", "\"/a\"",
	ABOUT("paths.state_dir") "write paths without quotation marks\n"},
    {"paths.state_dir", "'/a'",
	ABOUT("paths.state_dir") "write paths without quotation marks\n"},
    {"paths.state_dir", "/a\tb",
	ABOUT("paths.state_dir") "a control character is in it\n"},
    {"paths.state_dir", "~you/x",
	ABOUT("paths.state_dir") "'~' means your own home only; write another "
				 "user's home as a path\n"},
    {"paths.state_dir", "/x/${NO_SUCH}/y",
	ABOUT("paths.state_dir") "the variable 'NO_SUCH' is not set\n"},
    {"paths.state_dir", "${EMPTY}/y",
	ABOUT("paths.state_dir") "the variable 'EMPTY' is empty\n"},
    {"paths.state_dir", "/${BASE",
	ABOUT("paths.state_dir") "'${' has no '}' behind it\n"},
    {"paths.state_dir", "/${}",
	ABOUT("paths.state_dir") "'${\xE2\x80\xA6}' does not hold a variable's "
				 "name\n"},
    {"paths.state_dir", "/${A-B}",
	ABOUT("paths.state_dir") "'${\xE2\x80\xA6}' does not hold a variable's "
				 "name\n"},
    {"filters.ignore_file", "../x",
	ABOUT("filters.ignore_file") "'../x' " TREE_PATH},
    {"filters.ignore_file", "/x",
	ABOUT("filters.ignore_file") "'/x' " TREE_PATH},
    {"sync.session_root", ".", ABOUT("sync.session_root") "'.' " TREE_PATH},
    {"sync.session_root", "", ABOUT("sync.session_root") "'' " TREE_PATH},
    {"sync.compare", "size",
	ABOUT("sync.compare") "'size' is not one of mtime, "
			      "mtime_hash_fallback, hash\nmtime"},
    {"sync.compare", "",
	ABOUT("sync.compare") "'' is not one of mtime, mtime_hash_fallback, "
			      "hash\nmtime"},
    {"cloud.provider", "floppy",
	ABOUT("cloud.provider") "'floppy' is not one of auto, dropbox, "
				"onedrive, google_drive, icloud, syncthing, "
				"nextcloud, owncloud, pcloud, rclone, "
				"unison\n"},
    {"sync.empty_dirs", "maybe",
	ABOUT("sync.empty_dirs") "'maybe' is not yes or no (also true, false, "
				 "on, off, 1, 0)\nno"},
    {"sync.max_delete_percent", "101",
	ABOUT("sync.max_delete_percent") "'101' is not a whole number from 0 "
					 "to 100\n0"},
    {"sync.max_delete_percent", "-1",
	ABOUT("sync.max_delete_percent") "'-1' is not a whole number from 0 "
					 "to 100\n0"},
    {"sync.max_delete_percent", "5%",
	ABOUT("sync.max_delete_percent") "'5%' is not a whole number from 0 "
					 "to 100\n0"},
    {"watch.poll_seconds", "0",
	ABOUT("watch.poll_seconds") "'0' is not a whole number from 1 to "
				    "86400\n0"},
    {"watch.poll_seconds", "99999999999999999999",
	ABOUT("watch.poll_seconds") "'99999999999999999999' is not a whole "
				    "number from 1 to 86400\n0"},
    /* Lists: every bad item, with its own line; the good ones stay. */
    {"targets.include_roots", "a, ../b\n\n/c, d",
	"f:7: targets.include_roots: '../b': is not the path of something "
	"inside the folder\n"
	"f:9: targets.include_roots: '/c': is not the path of something "
	"inside the folder\na & d"},
    {"targets.include_roots", ".",
	ABOUT("targets.include_roots") "'.': is not the path of something "
				       "inside the folder\n"},
    {"filters.exclude_globs", "a, #b",
	ABOUT("filters.exclude_globs") "'#b': is a comment; write \\# for "
				       "the character itself\na"},
    {"filters.secret_globs", "a\n!b",
	"f:8: filters.secret_globs: '!b': begins with '!', but nothing is "
	"taken back here; write \\! for the character itself\na"},
    {"cloud.extra_temp_patterns", "(a, b",
	ABOUT("cloud.extra_temp_patterns") "'(a': a '(' has no ')'\nb"},
    {"process_detection.process_names", "/usr/bin/x, b, c\\d",
	ABOUT(
	    "process_detection.process_names") "'/usr/bin/x': is a path; "
					       "give the program's name "
					       "alone\n" ABOUT(
						   "process_detection.process_"
						   "names") "'c\\d': is a "
							    "path; give the "
							    "program's name "
							    "alone\nb"},
    {"process_detection.process_names", "a\x01",
	ABOUT("process_detection.process_names") "'a\\x01': holds a control "
						 "character\n"},
    /* What was indented by mistake is no item. */
    {"filters.exclude_globs", "a\nsecret_globs = b\n[sync]\n[s]\nx = y",
	"f:8: filters.exclude_globs: 'secret_globs = b': " LOST
	"f:9: filters.exclude_globs: '[sync]': " LOST "a & [s] & x = y"},
};

static void
test_config_value__bad(void **state)
{
	UNUSED(state);
	static const char *const env[] = {"BASE", "/base", "EMPTY", "", NULL};
	struct str got = STR_INIT;
	config_world_reset();
	config_world.env = env;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		const struct value_case *c = &bad[i];
		try_value(&got, c->name, c->text);
		if (strcmp(got.p, c->expected) != 0)
			fail_msg("%s = %s: %s", c->name, c->text, got.p);
	}
	str_free(&got);
}

static void
test_config_value__no_glob(void **state)
{
	UNUSED(state);
	struct str got = STR_INIT;
	config_world_reset();
	/* What is wrong with it is glob's to say. */
	try_value(&got, "filters.exclude_globs", "a, b\\\nc");
	assert_memory_equal(got.p, "f:7: filters.exclude_globs: 'b\\': ", 34);
	assert_true(str_ends(&got, "\na & c"));
	/* A '[' without its ']' takes the rest of its line, not more. */
	try_value(&got, "filters.exclude_globs", "[x, \\\ny");
	assert_memory_equal(
	    got.p, "f:7: filters.exclude_globs: '[x, \\': ", 37);
	assert_true(str_ends(&got, "\ny"));
	str_free(&got);
}

/* A megabyte in a value is not a megabyte in a message. */
static void
test_config_value__long_values_in_messages(void **state)
{
	UNUSED(state);
	struct str text = STR_INIT, got = STR_INIT;
	config_world_reset();
	for (int i = 0; i < 1000000; i++)
		str_addc(&text, 'x');
	try_value(&got, "sync.direction", text.p);
	assert_true(got.len < 300);
	try_value(&got, "identity.label", text.p);
	assert_string_equal(got.p, text.p);
	/* Nor does a variable make gigabytes of it. */
	const char *env[] = {"X", text.p, NULL};
	config_world.env = env;
	try_value(&got, "paths.state_dir", "/${X}");
	assert_int_equal(got.len, 1 + 1000000);
	try_value(&got, "paths.state_dir", "/${X}${X}");
	assert_string_equal(
	    got.p, ABOUT("paths.state_dir") "is longer than any path can be\n");
	config_world.env = NULL;
	str_free(&text);
	str_free(&got);
}

/* ---- Windows --------------------------------------------------------------
 */

static void
test_config_value__windows(void **state)
{
	UNUSED(state);
	static const char *const env[] = {
	    "BASE", "D:\\base", "ProgramFiles(x86)", "C:\\P", NULL};
	static const struct value_case cases[] = {
	    {"paths.state_dir", "C:\\a\\", "C:\\a"},
	    {"paths.state_dir", "C:\\", "C:\\"},
	    {"paths.state_dir", "C:/a", "C:/a"},
	    {"paths.state_dir", "%BASE%\\x", "D:\\base\\x"},
	    {"paths.state_dir", "%ProgramFiles(x86)%/x", "C:\\P/x"},
	    {"paths.state_dir", "~\\x", "C:\\Users\\me\\x"},
	    {"paths.state_dir", "a\\100%", "/cfg/a\\100%"},
	    {"paths.state_dir", "a%b c%", "/cfg/a%b c%"},
	    {"paths.state_dir", "%NO_SUCH%",
		ABOUT("paths.state_dir") "the variable 'NO_SUCH' is not "
					 "set\n"},
	    {"paths.state_dir", "\\a",
		ABOUT("paths.state_dir") "is neither absolute nor relative; "
					 "write the drive and the whole "
					 "path\n"},
	    {"paths.state_dir", "C:a",
		ABOUT("paths.state_dir") "is neither absolute nor relative; "
					 "write the drive and the whole "
					 "path\n"},
	    {"targets.include_roots", "a\\b", "a/b"},
	    {"sync.session_root", "a\\b\\", "a/b"},
	};
	struct str got = STR_INIT;
	config_world_reset();
	config_world.os = "windows";
	config_world.home = "C:\\Users\\me";
	config_world.env = env;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		try_value(&got, cases[i].name, cases[i].text);
		if (strcmp(got.p, cases[i].expected) != 0)
			fail_msg("%s: %s", cases[i].text, got.p);
	}
	str_free(&got);
}

static void
test_config_value__no_place_to_begin(void **state)
{
	UNUSED(state);
	struct config c = {.file = NULL};
	struct config_complaints complaints = {.file = "f"};
	const struct config_key *k = config_key_find("paths", "state_dir");
	struct config_text text = {
	    .s = "a", .line = CONFIG_FROM_SET, .base = ""};
	config_world_reset();
	assert_false(config_value_set(&c, k, &text, &complaints));
	config_world.home = NULL;
	text.s = "~/a";
	assert_false(config_value_set(&c, k, &text, &complaints));
	assert_int_equal(complaints.n, 2);
	assert_string_equal(complaints.v[0].text,
	    "--set: paths.state_dir: is relative, but there is no directory "
	    "it could begin at");
	assert_string_equal(
	    complaints.v[1].text, "--set: paths.state_dir: there is none");
	config_complaints_free(&complaints);
}

/* ---- machine ids ----------------------------------------------------------
 */

static void
test_config_value__machine_id(void **state)
{
	UNUSED(state);
	static const char *const cases[][2] = {
	    {"box", "box"},
	    {"Box_1.local-net", "Box_1.local-net"},
	    {"J\xC3\xB6rg's  Mac", "J-rg-s-Mac"},
	    {"", "host"},
	    {"\xE6\xA9\x9F", "host"},
	    {"...", "host"},
	    {" a. ", "a"},
	};
	struct str id = STR_INIT;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		str_set(&id, "");
		config_machine_id(&id, cases[i][0]);
		assert_string_equal(id.p, cases[i][1]);
	}
	str_clear(&id);
	struct str host = STR_INIT;
	for (int i = 0; i < 100; i++)
		str_addc(&host, 'x');
	config_machine_id(&id, host.p);
	assert_int_equal(id.len, 64);
	str_free(&host);
	str_free(&id);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_config_value__good),
	    cmocka_unit_test(test_config_value__every_key_is_tried),
	    cmocka_unit_test(test_config_value__bad),
	    cmocka_unit_test(test_config_value__no_glob),
	    cmocka_unit_test(test_config_value__long_values_in_messages),
	    cmocka_unit_test(test_config_value__windows),
	    cmocka_unit_test(test_config_value__no_place_to_begin),
	    cmocka_unit_test(test_config_value__machine_id),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
