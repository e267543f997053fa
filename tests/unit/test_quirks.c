#include "model/cloud/quirks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "model/cloud/quirks_table.h"

#define COPIED "a (Bob's conflicted copy 2020-01-01)"
#define SYNCTHING ".sync-conflict-20200101-120000-ABCDEF2"
#define OWN ".conflict-20200101-120000-"

/* ---- names ---- */

struct name_case {
	const char *name;
	enum quirks_kind kind;
};

static const struct name_case name_cases[] = {
    {"a", QUIRKS_NONE},
    {"a.txt", QUIRKS_NONE},
    {".", QUIRKS_NONE},
    {".dropbox.cache", QUIRKS_PRIVATE},
    {".dropbox", QUIRKS_PRIVATE},
    {".dropbox.attr", QUIRKS_PRIVATE},
    {".dropboxer", QUIRKS_NONE},
    {"dropbox", QUIRKS_NONE},
    {"~$report.docx", QUIRKS_PRIVATE},
    {"~report.docx", QUIRKS_NONE},
    {".~lock.report.odt#", QUIRKS_PRIVATE},
    {".~lock.report.odt", QUIRKS_NONE},
    {"desktop.ini", QUIRKS_PRIVATE},
    {"Desktop.INI", QUIRKS_PRIVATE},
    {"desktop.init", QUIRKS_NONE},
    {".tmp.drivedownload", QUIRKS_IN_FLIGHT},
    {".tmp.driveupload", QUIRKS_IN_FLIGHT},
    {".tmp.drive", QUIRKS_NONE},
    {".shortcut-targets-by-id", QUIRKS_PRIVATE},
    {".Trash", QUIRKS_PRIVATE},
    {".trash", QUIRKS_NONE}, /* the user's: some applications have one */
    {".syncthing.a.txt.tmp", QUIRKS_IN_FLIGHT},
    {"~syncthing~a.txt.tmp", QUIRKS_IN_FLIGHT},
    {".syncthing.tmp", QUIRKS_NONE},
    {".stfolder", QUIRKS_PRIVATE},
    {".stversions", QUIRKS_PRIVATE},
    {".stignore", QUIRKS_PRIVATE},
    {".a.txt.~1f0A", QUIRKS_PRIVATE},
    {".a.txt.~1g", QUIRKS_NONE},
    {".a.txt.~", QUIRKS_NONE},
    {"a.txt.~1f", QUIRKS_NONE},
    {"..~1f", QUIRKS_NONE},
    {"._sync_0a1b.db", QUIRKS_PRIVATE},
    {".sync_0a1b.db", QUIRKS_PRIVATE},
    {".sync_0a1b.db-wal", QUIRKS_PRIVATE},
    {"._sync_0a1b.db-shm", QUIRKS_PRIVATE},
    {".sync_0a1b.dbx", QUIRKS_NONE},
    {"a.txt.partial", QUIRKS_IN_FLIGHT},
    {"a.partial.partial", QUIRKS_IN_FLIGHT},
    {".partial", QUIRKS_NONE},
    {"partial", QUIRKS_NONE},
    {"a.zip.crdownload", QUIRKS_PRIVATE},
    {".unison.a.0123.unison.tmp", QUIRKS_PRIVATE},
    {"a.ffs_tmp", QUIRKS_PRIVATE},
    {"sync.ffs_lock", QUIRKS_PRIVATE},
    {".mutagen-temporary-x", QUIRKS_PRIVATE},
    {"~coldsync-0a1b.tmp", QUIRKS_PRIVATE},
    {"~coldsync-.tmp", QUIRKS_NONE},
    {"~coldsync-xyz.tmp", QUIRKS_NONE},
    {"~coldsync-0a1b.tmp2", QUIRKS_NONE},
    {".coldsync", QUIRKS_NONE},
    {"", QUIRKS_NONE},
};

static void
test_quirks__names(void **state)
{
	UNUSED(state);
	struct quirks *q = quirks_new(NULL, NULL);
	for (size_t i = 0; i < COUNT_OF(name_cases); i++) {
		const struct name_case *c = &name_cases[i];
		struct str original = STR_INIT;
		enum quirks_kind kind =
		    quirks_name(q, c->name, strlen(c->name), false, &original);
		if (kind != c->kind)
			fail_msg("%s is %d", c->name, (int)kind);
		assert_int_equal(original.len, 0);
	}
	quirks_destroy(q);
	quirks_destroy(NULL);
}

static void
test_quirks__own_directory(void **state)
{
	UNUSED(state);
	struct quirks *q = quirks_new(NULL, NULL);
	assert_int_equal(
	    quirks_name(q, ".coldsync", 9, true, NULL), QUIRKS_PRIVATE);
	assert_int_equal(
	    quirks_name(q, ".ColdSync", 9, true, NULL), QUIRKS_PRIVATE);
	assert_int_equal(
	    quirks_name(q, ".coldsync", 9, false, NULL), QUIRKS_NONE);
	assert_int_equal(
	    quirks_name(q, ".coldsyncignore", 15, true, NULL), QUIRKS_NONE);
	quirks_destroy(q);
}

static void
test_quirks__placeholder(void **state)
{
	UNUSED(state);
	static const char *const cases[][2] = {{".a.txt.icloud", "a.txt"},
	    {"..hidden.icloud", ".hidden"}, {".x.icloud.icloud", "x.icloud"}};
	struct quirks *q = quirks_new(NULL, NULL);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str original = STR_INIT;
		const char *name = cases[i][0];
		assert_int_equal(
		    quirks_name(q, name, strlen(name), false, &original),
		    QUIRKS_PLACEHOLDER);
		assert_string_equal(original.p, cases[i][1]);
		assert_int_equal(
		    quirks_name(q, name, strlen(name), false, NULL),
		    QUIRKS_PLACEHOLDER);
		str_free(&original);
	}
	assert_int_equal(
	    quirks_name(q, ".icloud", 7, false, NULL), QUIRKS_NONE);
	assert_int_equal(
	    quirks_name(q, "a.icloud", 8, false, NULL), QUIRKS_NONE);
	quirks_destroy(q);
}

static void
test_quirks__extra_names(void **state)
{
	UNUSED(state);
	struct strlist extra = STRLIST_INIT;
	strlist_add(&extra, "\\.part\\d+$");
	strlist_add(&extra, "z*"); /* finds nothing in every name */
	strlist_add(&extra, "(");  /* the config would have refused it */
	struct quirks *q = quirks_new(NULL, &extra);
	assert_int_equal(
	    quirks_name(q, "a.PART12", 8, false, NULL), QUIRKS_PRIVATE);
	assert_int_equal(quirks_name(q, "a.part", 6, false, NULL), QUIRKS_NONE);
	assert_int_equal(
	    quirks_name(q, "a.partial", 9, false, NULL), QUIRKS_IN_FLIGHT);
	quirks_destroy(q);
	strlist_free(&extra);
}

/* ---- copies ---- */

struct copy_case {
	const char *name;
	const char *original; /* NULL: no copy */
	const char *provider;
	bool weak;
};

static const struct copy_case copy_cases[] = {
    {"a.txt", NULL, NULL, false},
    {"", NULL, NULL, false},
    {"conflicted copy.txt", NULL, NULL, false},
    /* Dropbox */
    {COPIED ".txt", "a.txt", "dropbox", false},
    {COPIED, "a", "dropbox", false},
    {"a (bob's Conflicted Copy).txt", "a.txt", "dropbox", false},
    {COPIED ".tar.gz", "a.tar.gz", "dropbox", false},
    {"a.tar (Bob's conflicted copy 2020-01-01).gz", "a.tar.gz", "dropbox",
	false},
    {"a (x's conflicted copy 2020.01.01).txt", "a.txt", "dropbox", false},
    {"a (x's conflicted copy 2020.01.01)", "a", "dropbox", false},
    {"Report (final) (Bob's conflicted copy 2020-01-01).txt",
	"Report (final).txt", "dropbox", false},
    {"a (Bob (work)'s conflicted copy 2020-01-01).txt", "a.txt", "dropbox",
	false},
    {COPIED " (Al's conflicted copy 2020-02-02).txt", COPIED ".txt", "dropbox",
	false},
    {COPIED " b.txt", NULL, NULL, false},
    {" (Bob's conflicted copy 2020-01-01).txt", NULL, NULL, false},
    {"a (Case Conflict).txt", "a.txt", "dropbox", false},
    {"a (Case Conflict 1).txt", "a.txt", "dropbox", false},
    {"a (Unicode Encoding Conflict).txt", "a.txt", "dropbox", false},
    {"a (White Space Conflict)", "a", "dropbox", false},
    {"a (selective sync conflict)", "a", "dropbox", false},
    {"a (Some Conflict).txt", NULL, NULL, false},
    {"a (In Konflikt stehende Kopie von Bob 2020-01-01).txt", "a.txt",
	"dropbox", true},
    {"a (copie en conflit de Bob 2020-01-01).txt", "a.txt", "dropbox", true},
    {"a (conflict of interest).txt", NULL, NULL, false},
    /* Nextcloud */
    {"a (conflicted copy 2020-01-01 120000).txt", "a.txt", "nextcloud", false},
    /* Syncthing */
    {"a" SYNCTHING ".txt", "a.txt", "syncthing", false},
    {"a" SYNCTHING, "a", "syncthing", false},
    {"a" SYNCTHING SYNCTHING ".txt", "a" SYNCTHING ".txt", "syncthing", false},
    {".bashrc" SYNCTHING, ".bashrc", "syncthing", false},
    {"a.sync-conflict-20200101-120000-abcdef2.txt", NULL, NULL, false},
    {"a.sync-conflict-20200101-120000-ABCDEF1.txt", NULL, NULL, false},
    {"a.sync-conflict-2020101-120000-ABCDEF2.txt", NULL, NULL, false},
    /* pCloud */
    {"a [conflicted].txt", "a.txt", "pcloud", false},
    {"a (conflicted).txt", "a.txt", "pcloud", false},
    {"a [Conflicted].txt", NULL, NULL, false},
    /* rclone */
    {"a.txt.conflict1", "a.txt", "rclone", false},
    {"a.conflict12", "a", "rclone", false},
    {"a.conflict1.txt", NULL, NULL, false},
    {"a.conflict", NULL, NULL, false},
    /* Unison */
    {"a (conflict_on_2020-01-01).txt", "a.txt", "unison", false},
    {"a (conflict #2_on_2020-01-01_was_deleted).txt", "a.txt", "unison", false},
    /* the weak ones */
    {"a (1).txt", "a.txt", "google_drive", true},
    {"a (12)", "a", "google_drive", true},
    {"a (b).txt", NULL, NULL, false},
    {"a(1).txt", NULL, NULL, false},
    {"notes 2.md", "notes.md", "icloud", true},
    {"notes 22", "notes", "icloud", true},
    {"notes 222.md", NULL, NULL, false},
    {"notes2.md", NULL, NULL, false},
    {"a-DESK.txt", "a.txt", "onedrive", true},
    {"a-desk-2.txt", "a.txt", "onedrive", true},
    {"a-DESK", "a", "onedrive", true},
    {"a-b-my.host.txt", "a-b.txt", "onedrive", true},
    {"a-other.txt", NULL, NULL, false},
    {"aDESK.txt", NULL, NULL, false},
    {"-DESK.txt", NULL, NULL, false},
    {"DESK.txt", NULL, NULL, false},
    {"a-DESK-.txt", NULL, NULL, false},
    {"a-2.txt", NULL, NULL, false},
    {"a-", NULL, NULL, false},
    /* ours are none, but a provider's copy of one is */
    {"a" OWN "DESK.txt", NULL, NULL, false},
    {"a" OWN "DESK-2", NULL, NULL, false},
    {"a" OWN "pc (Bob's conflicted copy 2020-01-01).txt", "a" OWN "pc.txt",
	"dropbox", false},
    {"a" OWN "pc" SYNCTHING ".txt", "a" OWN "pc.txt", "syncthing", false},
};

static void
check_copy(const struct quirks *q, const struct strlist *machines,
    const struct copy_case *c)
{
	struct str original = STR_INIT;
	struct quirks_copy copy;
	size_t n = strlen(c->name);
	bool is = quirks_copy(q, c->name, n, machines, &copy, &original);
	if (is != (c->original != NULL))
		fail_msg("%s: %s", c->name, is ? copy.provider : "no copy");
	if (is) {
		assert_string_equal(original.p, c->original);
		assert_string_equal(copy.provider, c->provider);
		if (copy.weak != c->weak)
			fail_msg("%s: weak %d", c->name, copy.weak);
		assert_true(quirks_copy(q, c->name, n, machines, &copy, NULL));
	}
	str_free(&original);
}

static void
test_quirks__copies(void **state)
{
	UNUSED(state);
	struct strlist machines = STRLIST_INIT;
	strlist_add(&machines, "");
	strlist_add(&machines, "Desk");
	strlist_add(&machines, "my.host");
	struct quirks *q = quirks_new(NULL, NULL);
	for (size_t i = 0; i < COUNT_OF(copy_cases); i++)
		check_copy(q, &machines, &copy_cases[i]);
	check_copy(q, NULL, &(struct copy_case){.name = "a-DESK.txt"});
	quirks_destroy(q);
	strlist_free(&machines);
}

static void
test_quirks__extra_copies(void **state)
{
	UNUSED(state);
	static const struct copy_case cases[] = {
	    {"a_mine_7.txt", "a.txt", "config", false},
	    {"a_MINE_.txt", "a.txt", "config", false},
	    {"a.txt.orig", "a.txt", "config", false},
	    {"copy-of-a.txt", "a.txt", "config", false},
	    {"copy-of-", NULL, NULL, false},
	    {"_mine_", NULL, NULL, false},
	    {"a" OWN "pc_mine_.txt", NULL, NULL, false},
	    {COPIED ".txt", "a.txt", "dropbox", false},
	    {"a.txt", NULL, NULL, false},
	};
	struct strlist extra = STRLIST_INIT;
	strlist_add(&extra, "z*");
	strlist_add(&extra, "[");
	strlist_add(&extra, "_mine_.*");
	strlist_add(&extra, "\\.orig$");
	strlist_add(&extra, "^copy-of-");
	struct quirks *q = quirks_new(&extra, NULL);
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		check_copy(q, NULL, &cases[i]);
	quirks_destroy(q);
	strlist_free(&extra);
}

/* Names made to be slow are answered all the same. */
static void
test_quirks__hostile_names(void **state)
{
	UNUSED(state);
	static const char *const pieces[] = {" (", " (conflicted copy", ".",
	    "-", ".conflict1", " (conflict #1", "\xFF", ".conflict-"};
	struct quirks *q = quirks_new(NULL, NULL);
	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		struct str name = STR_INIT;
		struct quirks_copy copy;
		while (name.len < 1000)
			str_add(&name, pieces[i]);
		quirks_copy(q, name.p, name.len, NULL, &copy, NULL);
		while (name.len < 60000)
			str_add(&name, pieces[i]);
		str_add(&name, COPIED);
		assert_false(
		    quirks_copy(q, name.p, name.len, NULL, &copy, NULL));
		quirks_name(q, name.p, name.len, true, NULL);
		assert_false(quirks_own_copy(name.p, name.len, NULL));
		str_free(&name);
	}
	quirks_destroy(q);
}

/* ---- ours ---- */

static void
test_quirks__own_copies(void **state)
{
	UNUSED(state);
	static const char *const cases[][2] = {
	    {"a" OWN "pc.txt", "a.txt"},
	    {"a" OWN "pc-2.txt", "a.txt"},
	    {"a" OWN "pc", "a"},
	    {"a" OWN "my.host-1.txt", "a.txt"},
	    {"a.tar" OWN "pc.gz", "a.tar.gz"},
	    {".bashrc" OWN "pc", ".bashrc"},
	    {"a" OWN ".pc.txt", "a.txt"},
	    {"a" OWN "pc.", "a"},
	    {"d/e.f/a" OWN "pc.db-wal", "a.db-wal"},
	    {"a" OWN "x" OWN "y.txt", "a" OWN "x.txt"},
	    {"a" OWN "pc. Smith", "a. Smith"},
	    {"a" OWN, NULL},
	    {OWN "pc.txt", NULL},
	    {"d/" OWN "pc.txt", NULL},
	    {"a" OWN "p c.txt", NULL},
	    {"a" OWN "pc/b.txt", NULL},
	    {"a.conflict-20200101-12000-pc.txt", NULL},
	    {"a.conflict-2020x101-120000-pc.txt", NULL},
	    {"a-conflict-20200101-120000-pc.txt", NULL},
	    {"a.conflict1", NULL},
	    {"", NULL},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str original = STR_INIT;
		const char *name = cases[i][0];
		bool own = quirks_own_copy(name, strlen(name), &original);
		if (own != (cases[i][1] != NULL))
			fail_msg("%s", name);
		if (own)
			assert_string_equal(original.p, cases[i][1]);
		assert_int_equal(
		    own, quirks_own_copy(name, strlen(name), NULL));
		str_free(&original);
	}
}

static void
test_quirks__own_copy_machine_length(void **state)
{
	UNUSED(state);
	struct str name = STR_INIT;
	str_add(&name, "a" OWN);
	for (int i = 0; i < 64; i++)
		str_addc(&name, 'm');
	str_add(&name, "-1234567890");
	assert_true(quirks_own_copy(name.p, name.len, NULL));
	str_addc(&name, '1');
	assert_false(quirks_own_copy(name.p, name.len, NULL));
	str_free(&name);
}

/* ---- the table ---- */

static void
test_quirks__provider(void **state)
{
	UNUSED(state);
	static const struct {
		const char *root_name, *path, *expected;
	} cases[] = {
	    {NULL, NULL, "unknown"},
	    {NULL, "", "unknown"},
	    {"a", "/home/bob/cloud", "unknown"},
	    {NULL, "/home/bob/Dropbox/x", "dropbox"},
	    {NULL, "/home/bob/Dropbox (Personal)/x", "dropbox"},
	    {NULL, "/home/bob/Dropboxes/x", "unknown"},
	    {NULL, "C:\\Users\\bob\\OneDrive - Contoso\\x", "onedrive"},
	    {NULL, "C:\\Users\\bob\\iCloudDrive", "icloud"},
	    {NULL, "/U/b/Library/Mobile Documents/com~apple~CloudDocs/x",
		"icloud"},
	    {NULL, "/U/b/Library/CloudStorage/GoogleDrive-b@x.org/My Drive",
		"google_drive"},
	    {NULL, "/home/bob/nextcloud", "nextcloud"},
	    {NULL, "/home/bob/ownCloud/x/", "owncloud"},
	    {NULL, "/home/bob/pCloudDrive", "pcloud"},
	    {NULL, "/home/bob/Syncthing/state", "syncthing"},
	    {NULL, "/OneDrive/Dropbox", "dropbox"},
	    {".stfolder", "/home/bob/Dropbox", "syncthing"},
	    {".dropbox", "/x", "dropbox"},
	    {".sync_1a.db", "/x", "nextcloud"},
	    {".tmp.driveupload", "/x", "google_drive"},
	    {".a.icloud", "/x", "icloud"},
	    {"desktop.ini", "/x", "unknown"},
	    {"a.partial", "/x", "unknown"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct strlist names = STRLIST_INIT;
		if (cases[i].root_name != NULL)
			strlist_add(&names, cases[i].root_name);
		assert_string_equal(
		    quirks_provider(&names, cases[i].path), cases[i].expected);
		strlist_free(&names);
	}
	assert_string_equal(quirks_provider(NULL, NULL), "unknown");
}

static void
test_quirks__title(void **state)
{
	UNUSED(state);
	assert_string_equal(quirks_title("google_drive"), "Google Drive");
	assert_string_equal(quirks_title("unknown"), "unknown");
}

/* Every pattern of ours compiles, every list has its end. */
static void
test_quirks__table(void **state)
{
	UNUSED(state);
	for (size_t r = 0; r < quirks_nrows; r++) {
		const struct quirks_row *row = &quirks_rows[r];
		assert_non_null(row->id);
		assert_non_null(row->title);
		assert_null(row->shapes[QUIRKS_SHAPES_MAX - 1].shape);
		assert_null(row->marks[QUIRKS_MARKS_MAX - 1].pattern);
		assert_null(row->folders[QUIRKS_FOLDERS_MAX - 1]);
		for (size_t i = 0; row->marks[i].pattern != NULL; i++) {
			struct pattern p;
			const char *why = "";
			const char *text = row->marks[i].pattern;
			assert_non_null(row->marks[i].hint);
			if (text[0] == '\0')
				continue;
			if (pattern_compile(
				&p, text, strlen(text), false, &why) != 0)
				fail_msg("%s: %s", text, why);
			pattern_free(&p);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_quirks__names),
	    cmocka_unit_test(test_quirks__own_directory),
	    cmocka_unit_test(test_quirks__placeholder),
	    cmocka_unit_test(test_quirks__extra_names),
	    cmocka_unit_test(test_quirks__copies),
	    cmocka_unit_test(test_quirks__extra_copies),
	    cmocka_unit_test(test_quirks__hostile_names),
	    cmocka_unit_test(test_quirks__own_copies),
	    cmocka_unit_test(test_quirks__own_copy_machine_length),
	    cmocka_unit_test(test_quirks__provider),
	    cmocka_unit_test(test_quirks__title),
	    cmocka_unit_test(test_quirks__table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
