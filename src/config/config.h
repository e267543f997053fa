/*
 * config.h - the typed configuration of one profile.
 *
 * One table (config_keys.c) says of every key its section, name, type, range,
 * default and meaning; reading, checking, --set, "did you mean" and the
 * reference in the documentation all work from it. Values of any length
 * survive. Every mistake is reported, not only the first.
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "base/strlist.h"

enum config_direction { CONFIG_BOTH, CONFIG_TO_LOCAL, CONFIG_TO_CLOUD };

enum config_compare {
	CONFIG_COMPARE_MTIME,
	CONFIG_COMPARE_MTIME_HASH,
	CONFIG_COMPARE_HASH
};

enum config_equal_mtime {
	CONFIG_EQUAL_SKIP,
	CONFIG_EQUAL_LOCAL,
	CONFIG_EQUAL_CLOUD,
	CONFIG_EQUAL_ABORT
};

enum config_policy {
	CONFIG_MANUAL_ABORT,
	CONFIG_MANUAL_SKIP,
	CONFIG_PREFER_LOCAL,
	CONFIG_PREFER_CLOUD,
	CONFIG_PREFER_NEWER,
	CONFIG_KEEP_BOTH
};

enum config_session { CONFIG_SESSION_ALL, CONFIG_SESSION_LAST_DATE };
enum config_symlinks { CONFIG_SYMLINKS_SKIP, CONFIG_SYMLINKS_COPY };
enum config_delete { CONFIG_DELETE_PROPAGATE, CONFIG_DELETE_NEVER };
enum config_durability { CONFIG_DURABLE_FULL, CONFIG_DURABLE_NONE };
enum config_compression { CONFIG_SNAPSHOT_DIR, CONFIG_SNAPSHOT_ZIP };
enum config_verify {
	CONFIG_VERIFY_REQUIRE,
	CONFIG_VERIFY_WARN,
	CONFIG_VERIFY_OFF
};
enum config_copies { CONFIG_COPIES_HOLD, CONFIG_COPIES_SYNC };
enum config_placeholders {
	CONFIG_PLACEHOLDERS_REFUSE,
	CONFIG_PLACEHOLDERS_HYDRATE
};
enum config_confirm {
	CONFIG_CONFIRM_AUTO,
	CONFIG_CONFIRM_GUI,
	CONFIG_CONFIRM_CONSOLE
};
enum config_log_level {
	CONFIG_LOG_DEBUG,
	CONFIG_LOG_INFO,
	CONFIG_LOG_WARNING,
	CONFIG_LOG_ERROR
};
enum config_log_format { CONFIG_LOG_TEXT, CONFIG_LOG_JSON, CONFIG_LOG_LOGFMT };
enum config_log_archive { CONFIG_ARCHIVE_ZIP, CONFIG_ARCHIVE_TEXT };

/*
 * One member for each key of the reference, under its section's name. Numbers
 * are int64_t, enumerations int (so that one table can fill them), texts are
 * owned strings ("" when not set), paths are native, expanded and absolute.
 */
struct config {
	char *file;    /* as the user named it, for messages */
	char *profile; /* the file's stem */

	struct {
		char *machine_id;
		char *label;
	} identity;
	struct {
		char *local_state_dir;
		char *cloud_root_dir;
		char *state_dir;
		char *backup_dir;
	} paths;
	struct {
		struct strlist include_roots;
	} targets;
	struct {
		struct strlist exclude_globs;
		struct strlist secret_globs;
		char *ignore_file;
	} filters;
	struct {
		int direction, compare, equal_mtime_action, delete_policy;
		int session_mode, symlinks, durability;
		int64_t time_tolerance_seconds, max_delete_percent;
		bool empty_dirs;
		char *session_root;
		struct strlist atomic_groups;
	} sync;
	struct {
		int policy;
		struct strlist append_merge;
	} conflict;
	struct {
		bool backup_before_overwrite, i_accept_data_loss;
		int compression;
		int64_t retention_days, max_backups, keep_last, max_total_mb;
	} backup;
	struct {
		int verify, conflict_copies, placeholders;
		int64_t wait_seconds, stale_days;
		char *provider;
		struct strlist extra_conflict_patterns, extra_temp_patterns;
	} cloud;
	struct {
		/* The plain key's names and this system's variant's together.
		 */
		struct strlist process_names, background_process_names;
		bool match_open_files, allow_terminate_if_running;
		bool manual_terminate_confirmation;
		int terminate_confirmation_mode;
		int64_t grace_period_seconds, wait_seconds;
		int64_t terminate_timeout_seconds;
	} process;
	struct {
		char *before_sync, *after_sync, *on_conflict;
		int64_t timeout_seconds;
	} hooks;
	struct {
		int64_t settle_seconds, poll_seconds;
	} watch;
	struct {
		int level, format, archive_mode;
		char *dir;
		int64_t max_file_size_mb, retention_days;
	} logging;
};

/*
 * Everything found wrong, one line each and in the order of the file:
 * "file:line: section.key: what", for --set "--set: section.key: what", for
 * the file as a whole "file: what". What a value or name holds is escaped.
 */
struct config_problems {
	struct strlist lines;
	size_t unknown; /* of these: about sections and keys nobody knows */
};

/*
 * config_load: read *file*, apply the *sets* ("section.key=value"; may be
 * NULL), fill defaults, check everything. What --set gives takes the place of
 * what the file says. A relative path begins at the file's directory, in --set
 * at the current one.
 *
 * Returns 0, or -1 when *problems* holds at least one line. The result must be
 * released either way; after a failure its texts are "" and its values
 * defaults where nothing better is known.
 */
int config_load(struct config *out, const char *file,
    const struct strlist *sets, struct config_problems *problems);

/* config_load_text: the same for a *text* of *n* bytes that *file* is going to
   hold, or might. */
int config_load_text(struct config *out, const char *file, const char *text,
    size_t n, struct config_problems *problems);

void config_free(struct config *c);

/* config_dir: append the directory profiles live in. */
int config_dir(struct str *out, struct err *e);

/* config_profiles: the names of the profiles in the config directory, sorted;
   an absent directory has none. */
int config_profiles(struct strlist *out, struct err *e);

/*
 * config_find: append the native path of the config file to use: *file* (-c),
 * else *profile* (-p), else COLDSYNC_CONFIG, else the only profile there is.
 * ERR_CONFIG, with the list of profiles, when none of these decides.
 */
int config_find(
    struct str *out, const char *file, const char *profile, struct err *e);

#endif
