/*
 * Cloud folders: where each provider's client puts its own.
 */
#include <string.h>

#include "base/compiler.h"
#include "config/detect.h"
#include "model/cloud/quirks.h"

#define MAC_CLOUDS "~/Library/CloudStorage/"

static const struct {
	const char *provider, *os, *pattern;
} places[] = {
    {"dropbox", "*", "~/Dropbox"},
    {"dropbox", "*", "~/Dropbox (*)"},
    {"dropbox", "macos", MAC_CLOUDS "Dropbox*"},
    {"onedrive", "windows", "${OneDrive}"},
    {"onedrive", "windows", "${OneDriveConsumer}"},
    {"onedrive", "windows", "${OneDriveCommercial}"},
    {"onedrive", "*", "~/OneDrive"},
    {"onedrive", "*", "~/OneDrive - *"},
    {"onedrive", "macos", MAC_CLOUDS "OneDrive-*"},
    {"google_drive", "macos", MAC_CLOUDS "GoogleDrive-*/My Drive"},
    {"google_drive", "macos", MAC_CLOUDS "GoogleDrive-*/Meine Ablage"},
    {"google_drive", "macos", MAC_CLOUDS "GoogleDrive-*/Mon Drive"},
    {"google_drive", "macos", MAC_CLOUDS "GoogleDrive-*/Mi unidad"},
    {"google_drive", "windows", "G:/My Drive"},
    {"google_drive", "windows", "G:/Meine Ablage"},
    {"google_drive", "windows", "G:/Mon Drive"},
    {"google_drive", "windows", "G:/Mi unidad"},
    {"google_drive", "*", "~/Google Drive"},
    {"google_drive", "*", "~/GoogleDrive"},
    {"google_drive", "*", "~/My Drive"},
    {"icloud", "macos", "~/Library/Mobile Documents/com~apple~CloudDocs"},
    {"icloud", "windows", "~/iCloudDrive"},
    {"icloud", "windows", "~/iCloud Drive"},
    {"nextcloud", "*", "~/Nextcloud*"},
    {"nextcloud", "macos", MAC_CLOUDS "Nextcloud-*"},
    {"owncloud", "*", "~/ownCloud*"},
    {"owncloud", "macos", MAC_CLOUDS "ownCloud*"},
    {"pcloud", "*", "~/pCloudDrive"},
    {"pcloud", "macos", "~/pCloud Drive"},
    {"pcloud", "windows", "P:/"},
};

static void
find_known(struct detected_list *out, const struct home *h)
{
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		struct strlist found = STRLIST_INIT;
		if (home_fits(h, places[i].os))
			home_find(&found, h, places[i].pattern);
		for (size_t f = 0; f < found.n; f++)
			detected_add(out, places[i].provider, found.v[f]);
		strlist_free(&found);
	}
}

/* ---- tools that carry any folder ---- */

/* The name rclone gives a path in the names of its listings. */
static void
add_rclone_name(struct str *out, const char *path)
{
	path += strspn(path, "/");
	while (*path != '\0') {
		size_t n = strcspn(path, " \t\\/:?*");
		str_addn(out, path, n);
		path += n;
		if (*path != '\0') {
			str_addc(out, '_');
			path++;
		}
	}
}

/* Does any listing of 'rclone bisync' have the folder as one of its two? */
static bool
is_bisynced(const struct strlist *listings, const char *path)
{
	struct str name = STR_INIT, first = STR_INIT, second = STR_INIT;
	bool is = false;
	add_rclone_name(&name, path);
	str_addf(&first, "%s..", name.p);
	str_addf(&second, "..%s.path", name.p);
	for (size_t i = 0; i < listings->n && !is; i++)
		is = strncmp(listings->v[i], first.p, first.len) == 0 ||
		    strstr(listings->v[i], second.p) != NULL;
	str_free(&name);
	str_free(&first);
	str_free(&second);
	return is;
}

/* By the names a client leaves at the top of a folder it carries. */
static void
look_into(struct detected_list *out, const struct home *h,
    const struct strlist *listings, const char *path)
{
	struct strlist names = STRLIST_INIT;
	h->names(&names, h->arg, path);
	const char *provider = quirks_provider(&names, NULL);
	strlist_free(&names);
	if (strcmp(provider, "unknown") != 0)
		detected_add(out, provider, path);
	else if (is_bisynced(listings, path))
		detected_add(out, "rclone", path);
}

static void
find_carried(struct detected_list *out, const struct home *h)
{
	static const char *const caches[] = {"~/.cache/rclone/bisync",
	    "~/Library/Caches/rclone/bisync", "${LOCALAPPDATA}/rclone/bisync"};
	struct strlist dirs = STRLIST_INIT, listings = STRLIST_INIT;
	for (size_t i = 0; i < COUNT_OF(caches); i++)
		home_find(&dirs, h, caches[i]);
	for (size_t i = 0; i < dirs.n; i++)
		h->names(&listings, h->arg, dirs.v[i]);
	strlist_clear(&dirs);
	home_find(&dirs, h, "~/*");
	for (size_t i = 0; i < dirs.n; i++)
		look_into(out, h, &listings, dirs.v[i]);
	strlist_free(&dirs);
	strlist_free(&listings);
}

/* "root = /home/me/Documents" in a profile of Unison; the other root is mostly
   on another machine. */
static void
take_unison_root(
    struct detected_list *out, const struct home *h, const char *line, size_t n)
{
	static const char key[] = "root";
	struct str value = STR_INIT;
	struct strlist found = STRLIST_INIT;
	size_t at = sizeof(key) - 1;
	if (n <= at || memcmp(line, key, at) != 0)
		goto out;
	at += strspn(line + at, " \t");
	if (line[at] != '=')
		goto out;
	at++;
	at += strspn(line + at, " \t");
	if (at < n)
		str_addn(&value, line + at, n - at);
	if (strstr(value.p, "://") == NULL)
		home_find(&found, h, value.p);
	for (size_t i = 0; i < found.n; i++)
		detected_add(out, "unison", found.v[i]);
out:
	strlist_free(&found);
	str_free(&value);
}

static void
read_unison(struct detected_list *out, const struct home *h, const char *path)
{
	struct str text = STR_INIT;
	if (h->read(&text, h->arg, path))
		for (const char *line = text.p; *line != '\0';) {
			size_t n = strcspn(line, "\r\n");
			take_unison_root(out, h, line, n);
			line += n;
			line += strspn(line, "\r\n");
		}
	str_free(&text);
}

static void
find_unison(struct detected_list *out, const struct home *h)
{
	static const char *const dirs[] = {
	    "~/.unison", "~/Library/Application Support/Unison"};
	for (size_t i = 0; i < COUNT_OF(dirs); i++) {
		struct strlist found = STRLIST_INIT, names = STRLIST_INIT;
		struct str path = STR_INIT;
		home_find(&found, h, dirs[i]);
		if (found.n > 0)
			h->names(&names, h->arg, found.v[0]);
		for (size_t f = 0; f < names.n; f++) {
			str_clear(&path);
			str_addf(&path, "%s/%s", found.v[0], names.v[f]);
			if (str_ends(&path, ".prf"))
				read_unison(out, h, path.p);
		}
		str_free(&path);
		strlist_free(&names);
		strlist_free(&found);
	}
}

void
detect_clouds(struct detected_list *out, const struct home *h)
{
	find_known(out, h);
	find_carried(out, h);
	find_unison(out, h);
}
