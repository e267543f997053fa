#include "config/config_keys.h"

#include <inttypes.h>
#include <string.h>

#include "base/compiler.h"
#include "base/text.h"
#include "config/config.h"

/* The words of each enumeration, in the order of its constants. */
#define WORDS(name, ...) static const char *const name[] = {__VA_ARGS__, NULL}

WORDS(direction_words, "both", "to_local", "to_cloud");
WORDS(compare_words, "mtime", "mtime_hash_fallback", "hash");
WORDS(equal_words, "skip", "prefer_local", "prefer_cloud", "manual_abort");
WORDS(delete_words, "propagate", "never");
WORDS(session_words, "all", "last_date_only");
WORDS(symlink_words, "skip", "copy");
WORDS(durability_words, "full", "none");
WORDS(policy_words, "manual_abort", "manual_skip", "prefer_local",
    "prefer_cloud", "prefer_newer_mtime", "keep_both");
WORDS(compression_words, "none", "zip");
WORDS(verify_words, "require", "warn", "off");
WORDS(copies_words, "hold", "sync");
WORDS(placeholder_words, "refuse", "hydrate");
WORDS(provider_words, "auto", "dropbox", "onedrive", "google_drive", "icloud",
    "syncthing", "nextcloud", "owncloud", "pcloud", "rclone", "unison");
WORDS(confirm_words, "auto", "gui", "console");
WORDS(level_words, "DEBUG", "INFO", "WARNING", "ERROR");
WORDS(format_words, "text", "json", "logfmt");
WORDS(archive_words, "zip", "text");

#define KEY(section_, name_, member)                                           \
	.section = (section_), .name = (name_),                                \
	.offset = offsetof(struct config, member)
#define TYPE(type_) .type = CONFIG_KEY_##type_
#define ONE_OF(words_) .type = CONFIG_KEY_ENUM, .words = (words_)
#define RANGE(min_, max_) .type = CONFIG_KEY_INT, .min = (min_), .max = (max_)
#define DEFAULT(text) .fallback = (text)

enum {
	SECONDS_MAX = 7 * 24 * 3600, /* a week */
	DAYS_MAX = 36500,            /* a century */
	COUNT_MAX = 1000000,
	MB_MAX = 1000000000,
};

const struct config_key config_keys[] = {
    {KEY("identity", "machine_id", identity.machine_id), TYPE(MACHINE_ID),
	.otherwise = "the host name, sanitised",
	.meaning = "this machine's name among those that share the folder"},
    {KEY("identity", "label", identity.label), TYPE(TEXT), DEFAULT(""),
	.meaning = "free text about this machine, for people"},

    {KEY("paths", "local_state_dir", paths.local_state_dir), TYPE(PATH),
	.required = true,
	.meaning = "the folder the application keeps its state in"},
    {KEY("paths", "cloud_root_dir", paths.cloud_root_dir), TYPE(PATH),
	.required = true, .meaning = "the cloud-synced folder that mirrors it"},
    {KEY("paths", "state_dir", paths.state_dir), TYPE(PATH),
	.otherwise = "coldsync/PROFILE in the system's place for state",
	.meaning = "where ledger, lock, logs and history are kept"},
    {KEY("paths", "backup_dir", paths.backup_dir), TYPE(PATH),
	.otherwise = "state_dir/backups",
	.meaning = "where snapshots are kept"},

    {KEY("targets", "include_roots", targets.include_roots), TYPE(TREE_PATHS),
	.otherwise = "everything",
	.meaning = "top-level names or paths to mirror, nothing else"},

    {KEY("filters", "exclude_globs", filters.exclude_globs), TYPE(RULES),
	DEFAULT(""),
	.meaning = "what is not mirrored, as in .gitignore; ! re-includes"},
    {KEY("filters", "secret_globs", filters.secret_globs), TYPE(GLOBS),
	DEFAULT(""),
	.meaning = "what never leaves this machine, whatever else says so"},
    {KEY("filters", "ignore_file", filters.ignore_file), TYPE(TREE_PATH),
	DEFAULT(".coldsyncignore"),
	.meaning = "a file of further exclusions at the local root"},

    {KEY("sync", "direction", sync.direction), ONE_OF(direction_words),
	DEFAULT("both"), .meaning = "which side changes may go to"},
    {KEY("sync", "compare", sync.compare), ONE_OF(compare_words),
	DEFAULT("mtime_hash_fallback"),
	.meaning = "how a change is told: by time, by time then content, "
		   "by content"},
    {KEY("sync", "time_tolerance_seconds", sync.time_tolerance_seconds),
	RANGE(0, 3600), DEFAULT("2"),
	.meaning = "times this far apart count as equal"},
    {KEY("sync", "equal_mtime_action", sync.equal_mtime_action),
	ONE_OF(equal_words), DEFAULT("skip"),
	.meaning = "for files never synced that differ at equal times"},
    {KEY("sync", "delete_policy", sync.delete_policy), ONE_OF(delete_words),
	DEFAULT("propagate"),
	.meaning = "whether a deletion goes over to the other side"},
    {KEY("sync", "max_delete_percent", sync.max_delete_percent), RANGE(0, 100),
	DEFAULT("50"),
	.meaning = "refuse to delete more than this share of a side's files, "
		   "when at least 10 would go"},
    {KEY("sync", "session_mode", sync.session_mode), ONE_OF(session_words),
	DEFAULT("all"),
	.meaning = "mirror all dated session folders or the last date only"},
    {KEY("sync", "session_root", sync.session_root), TYPE(TREE_PATH),
	DEFAULT("sessions"), .meaning = "where the dated folders are"},
    {KEY("sync", "symlinks", sync.symlinks), ONE_OF(symlink_words),
	DEFAULT("skip"),
	.meaning = "leave symbolic links alone or copy them as links"},
    {KEY("sync", "empty_dirs", sync.empty_dirs), TYPE(BOOL), DEFAULT("yes"),
	.meaning = "whether directories are mirrored for their own sake"},
    {KEY("sync", "atomic_groups", sync.atomic_groups), TYPE(GLOBS), DEFAULT(""),
	.meaning = "directories that go over whole or not at all"},
    {KEY("sync", "durability", sync.durability), ONE_OF(durability_words),
	DEFAULT("full"),
	.meaning = "whether a finished run survives a power cut"},

    {KEY("conflict", "policy", conflict.policy), ONE_OF(policy_words),
	DEFAULT("manual_abort"),
	.meaning = "what to do when both sides changed a path"},
    {KEY("conflict", "append_merge", conflict.append_merge), TYPE(GLOBS),
	DEFAULT(""),
	.meaning = "append-only line files that are merged instead"},

    {KEY("backup", "backup_before_overwrite", backup.backup_before_overwrite),
	TYPE(BOOL), DEFAULT("yes"),
	.meaning = "keep whatever is replaced or deleted in a snapshot; no: "
		   "a sync keeps it only until it has ended well"},
    {KEY("backup", "i_accept_data_loss", backup.i_accept_data_loss), TYPE(BOOL),
	DEFAULT("no"),
	.meaning = "has to be yes before snapshots can be turned off"},
    {KEY("backup", "compression", backup.compression),
	ONE_OF(compression_words), DEFAULT("none"),
	.meaning = "snapshots as directories or as zip archives"},
    {KEY("backup", "retention_days", backup.retention_days), RANGE(0, DAYS_MAX),
	DEFAULT("30"), .meaning = "snapshots older than this go; 0: no limit"},
    {KEY("backup", "max_backups", backup.max_backups), RANGE(0, COUNT_MAX),
	DEFAULT("0"), .meaning = "so many snapshots are kept; 0: no limit"},
    {KEY("backup", "keep_last", backup.keep_last), RANGE(0, COUNT_MAX),
	DEFAULT("3"),
	.meaning = "so many of the newest stay whatever the other limits say"},
    {KEY("backup", "max_total_mb", backup.max_total_mb), RANGE(0, MB_MAX),
	DEFAULT("0"),
	.meaning = "megabytes all snapshots may take; 0: no limit"},

    {KEY("cloud", "verify", cloud.verify), ONE_OF(verify_words),
	DEFAULT("require"),
	.meaning = "what to do while the cloud folder is incomplete"},
    {KEY("cloud", "wait_seconds", cloud.wait_seconds), RANGE(0, SECONDS_MAX),
	DEFAULT("0"), .meaning = "how long to wait for it to be complete"},
    {KEY("cloud", "conflict_copies", cloud.conflict_copies),
	ONE_OF(copies_words), DEFAULT("hold"),
	.meaning = "hold the provider's conflict copies back or mirror them"},
    {KEY("cloud", "placeholders", cloud.placeholders),
	ONE_OF(placeholder_words), DEFAULT("refuse"),
	.meaning = "online-only files: refuse, or let reading download them"},
    {KEY("cloud", "provider", cloud.provider), TYPE(WORD),
	.words = provider_words, DEFAULT("auto"),
	.meaning = "whose folder it is; refines messages only"},
    {KEY("cloud", "extra_conflict_patterns", cloud.extra_conflict_patterns),
	TYPE(PATTERNS), DEFAULT(""),
	.meaning = "more names of conflict copies"},
    {KEY("cloud", "extra_temp_patterns", cloud.extra_temp_patterns),
	TYPE(PATTERNS), DEFAULT(""),
	.meaning = "more names of the provider's temporary files"},
    {KEY("cloud", "stale_days", cloud.stale_days), RANGE(0, DAYS_MAX),
	DEFAULT("7"),
	.meaning = "warn when nothing was synced for longer; 0: never"},

#define PROCESS(name_, member) KEY("process_detection", name_, process.member)
    {PROCESS("process_names", process_names), TYPE(PROCESSES), DEFAULT(""),
	.meaning = "the application's programs; none: no process guard"},
    {PROCESS("process_names.windows", process_names), TYPE(PROCESSES),
	DEFAULT(""), .system = "windows", .meaning = "more on Windows"},
    {PROCESS("process_names.macos", process_names), TYPE(PROCESSES),
	DEFAULT(""), .system = "macos", .meaning = "more on macOS"},
    {PROCESS("process_names.linux", process_names), TYPE(PROCESSES),
	DEFAULT(""), .system = "linux", .meaning = "more on Linux"},
    {PROCESS("background_process_names", background_process_names),
	TYPE(PROCESSES), DEFAULT(""),
	.meaning = "its helpers; waited for, never terminated"},
    {PROCESS("background_process_names.windows", background_process_names),
	TYPE(PROCESSES), DEFAULT(""), .system = "windows",
	.meaning = "more on Windows"},
    {PROCESS("background_process_names.macos", background_process_names),
	TYPE(PROCESSES), DEFAULT(""), .system = "macos",
	.meaning = "more on macOS"},
    {PROCESS("background_process_names.linux", background_process_names),
	TYPE(PROCESSES), DEFAULT(""), .system = "linux",
	.meaning = "more on Linux"},
    {PROCESS("match_open_files", match_open_files), TYPE(BOOL), DEFAULT("yes"),
	.meaning = "whoever holds a local file open counts as the application"},
    {PROCESS("grace_period_seconds", grace_period_seconds), RANGE(0, 3600),
	DEFAULT("2"),
	.meaning = "continuously stopped for so long before anything is "
		   "written"},
    {PROCESS("wait_seconds", wait_seconds), RANGE(0, SECONDS_MAX), DEFAULT("0"),
	.meaning = "how long to wait for it to stop"},
    {PROCESS("allow_terminate_if_running", allow_terminate_if_running),
	TYPE(BOOL), DEFAULT("no"),
	.meaning = "whether coldsync may ask it to stop"},
    {PROCESS("manual_terminate_confirmation", manual_terminate_confirmation),
	TYPE(BOOL), DEFAULT("yes"),
	.meaning = "ask a person before stopping it"},
    {PROCESS("terminate_confirmation_mode", terminate_confirmation_mode),
	ONE_OF(confirm_words), DEFAULT("auto"),
	.meaning = "ask in a dialog or on the terminal"},
    {PROCESS("terminate_timeout_seconds", terminate_timeout_seconds),
	RANGE(0, 3600), DEFAULT("10"),
	.meaning = "how long it has to stop before the run gives up"},
#undef PROCESS

    {KEY("hooks", "before_sync", hooks.before_sync), TYPE(TEXT), DEFAULT(""),
	.meaning = "command run first; when it fails, nothing is synced"},
    {KEY("hooks", "after_sync", hooks.after_sync), TYPE(TEXT), DEFAULT(""),
	.meaning = "command run at the end"},
    {KEY("hooks", "on_conflict", hooks.on_conflict), TYPE(TEXT), DEFAULT(""),
	.meaning = "command run when conflicts are left"},
    {KEY("hooks", "timeout_seconds", hooks.timeout_seconds), RANGE(1, 86400),
	DEFAULT("60"), .meaning = "a hook still running then has failed"},

    {KEY("watch", "settle_seconds", watch.settle_seconds), RANGE(0, 3600),
	DEFAULT("5"), .meaning = "how long changes have to have stopped"},
    {KEY("watch", "poll_seconds", watch.poll_seconds), RANGE(1, 86400),
	DEFAULT("30"),
	.meaning = "how often to look where the system does not tell"},

    {KEY("logging", "level", logging.level), ONE_OF(level_words),
	DEFAULT("INFO"), .meaning = "the least important record written"},
    {KEY("logging", "dir", logging.dir), TYPE(PATH),
	.otherwise = "state_dir/logs", .meaning = "where log files are kept"},
    {KEY("logging", "format", logging.format), ONE_OF(format_words),
	DEFAULT("text"), .meaning = "how a record is written"},
    {KEY("logging", "max_file_size_mb", logging.max_file_size_mb),
	RANGE(0, COUNT_MAX), DEFAULT("10"),
	.meaning = "a log file this large is closed; 0: no limit"},
    {KEY("logging", "retention_days", logging.retention_days),
	RANGE(0, DAYS_MAX), DEFAULT("7"),
	.meaning = "log files and archives older than this go; 0: no limit"},
    {KEY("logging", "archive_mode", logging.archive_mode),
	ONE_OF(archive_words), DEFAULT("zip"),
	.meaning = "whether closed log files are packed"},
};

const size_t config_keys_n = COUNT_OF(config_keys);

const struct config_key *
config_key_find(const char *section, const char *name)
{
	for (size_t i = 0; i < config_keys_n; i++)
		if (strcmp(config_keys[i].name, name) == 0 &&
		    strcmp(config_keys[i].section, section) == 0)
			return &config_keys[i];
	return NULL;
}

bool
config_key_is_section(const char *section)
{
	for (size_t i = 0; i < config_keys_n; i++)
		if (strcmp(config_keys[i].section, section) == 0)
			return true;
	return false;
}

bool
config_key_is_list(const struct config_key *k)
{
	return k->type >= CONFIG_KEY_LIST_BEGIN_;
}

static bool
nearest_section(struct str *out, const char *section)
{
	const char *names[COUNT_OF(config_keys) + 1] = {NULL};
	size_t n = 0;
	for (size_t i = 0; i < config_keys_n; i++)
		if (n == 0 || strcmp(names[n - 1], config_keys[i].section) != 0)
			names[n++] = config_keys[i].section;
	const char *nearest = text_nearest(section, names);
	if (nearest != NULL)
		str_add(out, nearest);
	return nearest != NULL;
}

bool
config_key_nearest(struct str *out, const char *section, const char *name)
{
	if (name == NULL)
		return nearest_section(out, section);
	const char *names[COUNT_OF(config_keys) + 1];
	size_t n = 0;
	for (size_t i = 0; i < config_keys_n; i++)
		if (strcmp(config_keys[i].section, section) == 0)
			names[n++] = config_keys[i].name;
	names[n] = NULL;
	const char *nearest = text_nearest(name, names);
	/* The right name in the wrong section is nearer than any other. */
	for (size_t i = 0; i < config_keys_n; i++) {
		if (strcmp(config_keys[i].name, name) == 0) {
			section = config_keys[i].section;
			nearest = name;
			break;
		}
	}
	if (nearest != NULL)
		str_addf(out, "%s.%s", section, nearest);
	return nearest != NULL;
}

void
config_key_allowed(struct str *out, const struct config_key *k)
{
	switch (k->type) {
	case CONFIG_KEY_TEXT:
		str_add(out, "one line of text");
		break;
	case CONFIG_KEY_MACHINE_ID:
		str_add(out, "1 to 64 letters, digits, '.', '_' or '-'");
		break;
	case CONFIG_KEY_PATH:
		str_add(out, "a path");
		break;
	case CONFIG_KEY_TREE_PATH:
		str_add(out, "a name or path inside the folder");
		break;
	case CONFIG_KEY_WORD:
	case CONFIG_KEY_ENUM:
		str_add(out, "one of ");
		for (size_t i = 0; k->words[i] != NULL; i++)
			str_addf(out, "%s%s", i > 0 ? ", " : "", k->words[i]);
		break;
	case CONFIG_KEY_BOOL:
		str_add(out, "yes or no (also true, false, on, off, 1, 0)");
		break;
	case CONFIG_KEY_INT:
		str_addf(out, "a whole number from %" PRId64 " to %" PRId64,
		    k->min, k->max);
		break;
	case CONFIG_KEY_TREE_PATHS:
		str_add(out, "a list of names or paths inside the folder");
		break;
	case CONFIG_KEY_RULES:
		str_add(out, "a list of globs; '!' re-includes");
		break;
	case CONFIG_KEY_GLOBS:
		str_add(out, "a list of globs");
		break;
	case CONFIG_KEY_PATTERNS:
		str_add(out, "a list of regular expressions");
		break;
	case CONFIG_KEY_PROCESSES:
		str_add(out, "a list of program names");
		break;
	}
}
