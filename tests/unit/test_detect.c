#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "config/detect.h"
#include "config/template.h"
#include "home_scene.h"

static const struct {
	const char *os, *dir;
} systems[] = {
    {"linux", "/home/me"},
    {"macos", "/Users/me"},
    {"windows", "C:/Users/me"},
};

/* "what path" a line, to be compared as one text. */
static void
describe(struct str *out, const struct detected_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		str_addf(out, "%s %s\n", l->v[i].what, l->v[i].path);
}

static void
expect(size_t system,
    void (*detect)(struct detected_list *out, const struct home *h),
    const char *want)
{
	struct home_scene s;
	struct detected_list found = {.v = NULL};
	struct str got = STR_INIT;
	home_scene_open(&s, systems[system].os, systems[system].dir);
	detect(&found, &s.home);
	describe(&got, &found);
	assert_string_equal(got.p, want);
	str_free(&got);
	detected_free(&found);
	home_scene_close(&s);
}

static void
test_applications(void **state)
{
	static const char *const want[] = {
	    "codex /home/me/.codex\n"
	    "claude-code /home/me/.claude\n"
	    "opencode /home/me/.local/share/opencode\n"
	    "obsidian /home/me/Documents/Notes\n"
	    "minecraft-instance "
	    "/home/me/.local/share/PrismLauncher/instances/Survival\n"
	    "minecraft-instance /home/me/.var/app/org.prismlauncher."
	    "PrismLauncher/data/PrismLauncher/instances/Skyblock\n"
	    "zotero /home/me/Zotero\n"
	    "firefox-profile "
	    "/home/me/.mozilla/firefox/ab12cd34.default-release\n"
	    "firefox-profile /home/me/.mozilla/firefox/zz99yy88.default\n"
	    "thunderbird-profile "
	    "/home/me/.thunderbird/ef56gh78.default-esr\n"
	    "game-saves /home/me/.minecraft/saves\n"
	    "game-saves /home/me/.config/StardewValley\n",

	    "codex /Users/me/Work/codex\n"
	    "claude-code /Users/me/.claude\n"
	    "opencode /Users/me/.local/share/opencode\n"
	    "obsidian /Users/me/Obsidian/Vault\n"
	    "minecraft-instance /Users/me/Library/Application Support/"
	    "PrismLauncher/instances/Survival\n"
	    "minecraft-instance "
	    "/Applications/MultiMC.app/Data/instances/Old\n"
	    "zotero /Users/me/Zotero\n"
	    "firefox-profile /Users/me/Library/Application Support/Firefox/"
	    "Profiles/ab12cd34.default-release\n"
	    "thunderbird-profile /Users/me/Library/Thunderbird/Profiles/"
	    "ef56gh78.default-release\n"
	    "game-saves "
	    "/Users/me/Library/Application Support/minecraft/saves\n",

	    "codex C:/Users/me/.codex\n"
	    "claude-code C:/Users/me/.claude\n"
	    "opencode C:/Users/me/.local/share/opencode\n"
	    "obsidian C:/Users/me/Documents/Notes\n"
	    "minecraft-instance C:/Users/me/AppData/Roaming/PrismLauncher/"
	    "instances/Survival\n"
	    "minecraft-instance C:/Users/me/MultiMC/instances/Old\n"
	    "zotero C:/Users/me/Zotero\n"
	    "firefox-profile C:/Users/me/AppData/Roaming/Mozilla/Firefox/"
	    "Profiles/ab12cd34.default-release\n"
	    "thunderbird-profile C:/Users/me/AppData/Roaming/Thunderbird/"
	    "Profiles/ef56gh78.default-release\n"
	    "game-saves C:/Users/me/Saved Games/Witcher\n",
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(want); i++)
		expect(i, detect_applications, want[i]);
}

/* Every template but the one for everything else is found on every system. */
static void
test_every_template(void **state)
{
	UNUSED(state);
	for (size_t sys = 0; sys < COUNT_OF(systems); sys++) {
		struct home_scene s;
		struct detected_list found = {.v = NULL};
		home_scene_open(&s, systems[sys].os, systems[sys].dir);
		detect_applications(&found, &s.home);
		for (size_t i = 0; template_name(i) != NULL; i++) {
			bool has = false;
			for (size_t f = 0; f < found.n; f++)
				has |= strcmp(found.v[f].what,
					   template_name(i)) == 0;
			assert_int_equal(
			    has, strcmp(template_name(i), "generic") != 0);
		}
		detected_free(&found);
		home_scene_close(&s);
	}
}

static void
test_clouds(void **state)
{
	static const char *const want[] = {
	    "dropbox /home/me/Dropbox\n"
	    "onedrive /home/me/OneDrive\n"
	    "google_drive /home/me/GoogleDrive\n"
	    "nextcloud /home/me/Nextcloud\n"
	    "owncloud /home/me/ownCloud\n"
	    "pcloud /home/me/pCloudDrive\n"
	    "rclone /home/me/Remote Files\n"
	    "syncthing /home/me/Sync\n"
	    "unison /home/me/Shared\n",

	    "dropbox /Users/me/Library/CloudStorage/Dropbox\n"
	    "onedrive /Users/me/Library/CloudStorage/OneDrive-Personal\n"
	    "google_drive /Users/me/Library/CloudStorage/"
	    "GoogleDrive-me@example.org/My Drive\n"
	    "icloud "
	    "/Users/me/Library/Mobile Documents/com~apple~CloudDocs\n"
	    "nextcloud "
	    "/Users/me/Library/CloudStorage/Nextcloud-example.org\n"
	    "owncloud /Users/me/ownCloud\n"
	    "pcloud /Users/me/pCloud Drive\n"
	    "rclone /Users/me/Archive\n"
	    "syncthing /Users/me/Sync\n"
	    "unison /Users/me/Shared\n",

	    "dropbox C:/Users/me/Dropbox (Personal)\n"
	    "onedrive D:/Cloud/OneDrive\n"
	    "onedrive C:/Users/me/OneDrive - Contoso\n"
	    "google_drive G:/My Drive\n"
	    "icloud C:/Users/me/iCloudDrive\n"
	    "nextcloud C:/Users/me/Nextcloud2\n"
	    "owncloud C:/Users/me/ownCloud\n"
	    "pcloud P:/\n"
	    "rclone C:/Users/me/Backup\n"
	    "syncthing C:/Users/me/Sync\n"
	    "unison C:/Users/me/Shared\n",
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(want); i++)
		expect(i, detect_clouds, want[i]);
}

/* ---- patterns ---- */

static void
find(struct str *out, const struct home *h, const char *pattern)
{
	struct strlist found = STRLIST_INIT;
	str_clear(out);
	home_find(&found, h, pattern);
	for (size_t i = 0; i < found.n; i++)
		str_addf(out, "%s%s", i > 0 ? " " : "", found.v[i]);
	strlist_free(&found);
}

static void
test_patterns(void **state)
{
	static const struct {
		const char *pattern, *want;
	} cases[] = {
	    {"~", "/home/me"},
	    {"~/a", "/home/me/a"},
	    {"~/a/b", "/home/me/a/b"},
	    {"~/no", ""},
	    {"~/file", ""},                    /* only directories */
	    {"~/*", "/home/me/a /home/me/ax"}, /* no hidden ones */
	    {"~/.h*", "/home/me/.hidden"},
	    {"~/a*/b", "/home/me/a/b"},
	    {"~/*x", "/home/me/ax"},
	    {"${SET}/a", "/home/me/a"},
	    {"${UNSET}/a", ""},
	    {"${EMPTY", ""}, /* no variable, and not there */
	    {"/home/*", "/home/me"},
	};
	struct home_scene s;
	struct str got = STR_INIT;
	UNUSED(state);
	home_scene_open(&s, "linux", "/nobody");
	s.home.dir = "/home/me";
	strlist_clear(&s.dirs);
	strlist_clear(&s.files);
	strlist_clear(&s.texts);
	strlist_add(&s.variables, "SET");
	strlist_add(&s.variables, "/home/me");
	home_scene_dir(&s, "/home/me/a/b");
	home_scene_dir(&s, "/home/me/ax");
	home_scene_dir(&s, "/home/me/.hidden");
	home_scene_file(&s, "/home/me/file", "");
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		find(&got, &s.home, cases[i].pattern);
		assert_string_equal(got.p, cases[i].want);
	}
	str_free(&got);
	home_scene_close(&s);
}

/* A home with thousands of folders is not listed to its end. */
static void
test_bounded(void **state)
{
	struct home_scene s;
	struct strlist found = STRLIST_INIT;
	UNUSED(state);
	home_scene_open(&s, "linux", "/home/me");
	for (int i = 0; i < 300; i++) {
		struct str path = STR_INIT;
		str_addf(&path, "/home/me/many/%d", i);
		home_scene_dir(&s, path.p);
		str_free(&path);
	}
	home_find(&found, &s.home, "~/many/*");
	assert_int_equal(found.n, 100);
	strlist_free(&found);
	home_scene_close(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_applications),
	    cmocka_unit_test(test_every_template),
	    cmocka_unit_test(test_clouds),
	    cmocka_unit_test(test_patterns),
	    cmocka_unit_test(test_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
