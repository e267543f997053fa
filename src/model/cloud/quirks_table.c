#include "model/cloud/quirks_table.h"

#include "base/compiler.h"

#define PRIVATE(shape)                                                         \
	{                                                                      \
		shape, QUIRKS_PRIVATE, 0                                       \
	}
#define TELLING(shape)                                                         \
	{                                                                      \
		shape, QUIRKS_PRIVATE, QUIRKS_TELLS                            \
	}
#define IN_FLIGHT(shape)                                                       \
	{                                                                      \
		shape, QUIRKS_IN_FLIGHT, 0                                     \
	}
#define TELLING_IN_FLIGHT(shape)                                               \
	{                                                                      \
		shape, QUIRKS_IN_FLIGHT, QUIRKS_TELLS                          \
	}

/* Text in parentheses that may hold a pair of its own ("Bob (work)"). With it
   a mark begins at the parenthesis its last one closes, not at an earlier one
   that belongs to the user's name. */
#define LABEL "([^()]|\\([^()]*\\))*"

/* Where two rows know a name, the earlier one speaks: the narrower pattern. */
const struct quirks_row quirks_rows[] = {
    {
	.id = "coldsync",
	.title = "coldsync",
	.shapes = {PRIVATE("~coldsync-%.tmp")},
    },
    {
	.id = "syncthing",
	.title = "Syncthing",
	.shapes =
	    {
		TELLING_IN_FLIGHT(".syncthing.*.tmp"),
		TELLING_IN_FLIGHT("~syncthing~*.tmp"),
		TELLING(".stfolder"),
		TELLING(".stversions"),
		TELLING(".stignore"),
	    },
	.marks = {{"\\.sync-conflict-\\d{8}-\\d{6}-[A-Z2-7]{7}$",
	    ".sync-conflict-", 0}},
	.folders = {"Syncthing"},
    },
    {
	.id = "nextcloud",
	.title = "Nextcloud",
	.shapes =
	    {
		PRIVATE(".*.~%"),
		TELLING("._sync_*.db"),
		TELLING("._sync_*.db-shm"),
		TELLING("._sync_*.db-wal"),
		TELLING(".sync_*.db"),
		TELLING(".sync_*.db-shm"),
		TELLING(".sync_*.db-wal"),
	    },
	.marks = {{" \\(conflicted copy \\d{4}-\\d\\d-\\d\\d \\d{6}\\)$",
	    " (conflicted copy ", 0}},
	.folders = {"Nextcloud"},
    },
    {
	.id = "owncloud", /* Nextcloud's names are its own */
	.title = "ownCloud",
	.folders = {"ownCloud"},
    },
    {
	.id = "dropbox",
	.title = "Dropbox",
	.shapes =
	    {
		TELLING(".dropbox.cache"),
		TELLING(".dropbox"),
		TELLING(".dropbox.attr"),
	    },
	.marks =
	    {
		{" \\(" LABEL "conflicted copy" LABEL "\\)$", "conflicted copy",
		    QUIRKS_ANY_CASE},
		{" \\((Case|Unicode Encoding|White Space|Selective Sync) "
		 "Conflict" LABEL "\\)$",
		    " conflict", QUIRKS_ANY_CASE},
		/* The label in other languages: "in Konflikt stehende Kopie",
		   "copie en conflit", "copia en conflicto". */
		{" \\(" LABEL "[ck]onfli" LABEL "\\d{4}-\\d\\d-\\d\\d" LABEL
		 "\\)$",
		    "onfli", QUIRKS_ANY_CASE | QUIRKS_WEAK},
	    },
	.folders = {"Dropbox"},
    },
    {
	.id = "onedrive",
	.title = "OneDrive",
	.shapes =
	    {
		PRIVATE("~$*"),
		PRIVATE(".~lock.*#"),
		{"desktop.ini", QUIRKS_PRIVATE, QUIRKS_ANY_CASE},
	    },
	.marks = {{"", "-", QUIRKS_WEAK}},
	.folders = {"OneDrive"},
    },
    {
	.id = "google_drive",
	.title = "Google Drive",
	.shapes =
	    {
		TELLING_IN_FLIGHT(".tmp.drivedownload"),
		TELLING_IN_FLIGHT(".tmp.driveupload"),
		TELLING(".shortcut-targets-by-id"),
	    },
	.marks = {{" \\(\\d+\\)$", " (", QUIRKS_WEAK}},
	.folders = {"Google Drive", "GoogleDrive", "My Drive",
	    ".shortcut-targets-by-id"},
    },
    {
	.id = "icloud",
	.title = "iCloud Drive",
	.shapes =
	    {
		{".*.icloud", QUIRKS_PLACEHOLDER, QUIRKS_TELLS},
		PRIVATE(".Trash"),
	    },
	.marks = {{" \\d{1,2}$", " ", QUIRKS_WEAK}},
	.folders = {"Mobile Documents", "com~apple~CloudDocs", "iCloudDrive",
	    "iCloud Drive"},
    },
    {
	.id = "pcloud",
	.title = "pCloud",
	.marks = {{" [(\\[]conflicted[)\\]]$", "conflicted", 0}},
	.folders = {"pCloudDrive", "pCloud Drive", "pCloud"},
    },
    {
	.id = "rclone",
	.title = "rclone",
	.shapes = {IN_FLIGHT("*.partial")},
	.marks = {{"\\.conflict\\d+$", ".conflict", QUIRKS_AT_END}},
    },
    {
	.id = "unison",
	.title = "Unison",
	.shapes = {PRIVATE(".unison.*.unison.tmp")},
	.marks = {{" \\(conflict( #\\d+)?_on_[\\d-]+(_was_deleted)?\\)$",
	    " (conflict", 0}},
    },
    {
	.id = "freefilesync",
	.title = "FreeFileSync",
	.shapes = {PRIVATE("*.ffs_tmp"), PRIVATE("*.ffs_lock")},
    },
    {
	.id = "mutagen",
	.title = "Mutagen",
	.shapes = {PRIVATE(".mutagen-temporary-*")},
    },
    {
	.id = "browser",
	.title = "a web browser",
	.shapes = {PRIVATE("*.crdownload")},
    },
};

const size_t quirks_nrows = COUNT_OF(quirks_rows);
