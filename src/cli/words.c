#include "cli/words.h"

#include <stddef.h>

#include "config/config.h"

const char *const words_direction[] = {
    [CONFIG_BOTH] = "both",
    [CONFIG_TO_LOCAL] = "to_local",
    [CONFIG_TO_CLOUD] = "to_cloud",
    NULL,
};

const char *const words_policy[] = {
    [CONFIG_MANUAL_ABORT] = "manual_abort",
    [CONFIG_MANUAL_SKIP] = "manual_skip",
    [CONFIG_PREFER_LOCAL] = "prefer_local",
    [CONFIG_PREFER_CLOUD] = "prefer_cloud",
    [CONFIG_PREFER_NEWER] = "prefer_newer_mtime",
    [CONFIG_KEEP_BOTH] = "keep_both",
    NULL,
};

const char *const words_take[] = {
    [PLAN_TAKE_LOCAL] = "local",
    [PLAN_TAKE_CLOUD] = "cloud",
    [PLAN_TAKE_NEWER] = "newer",
    [PLAN_TAKE_BOTH] = "both",
    [PLAN_TAKE_MERGE] = "merge",
    NULL,
};

const char *
words_op(enum plan_op op)
{
	static const char *const words[] = {
	    [PLAN_COPY] = "copy",
	    [PLAN_DELETE] = "delete",
	    [PLAN_MKDIR] = "mkdir",
	    [PLAN_RMDIR] = "rmdir",
	    [PLAN_MERGE] = "merge",
	    [PLAN_MOVE] = "move",
	    [PLAN_BOTH] = "keep_both",
	};
	return words[op];
}

const char *
words_to(enum plan_to to)
{
	static const char *const words[] = {
	    [PLAN_TO_LOCAL] = "local",
	    [PLAN_TO_CLOUD] = "cloud",
	    [PLAN_TO_BOTH] = "both",
	};
	return words[to];
}

const char *
words_reason(enum plan_reason reason)
{
	static const char *const words[] = {
	    [PLAN_NEW] = "new",
	    [PLAN_CHANGED] = "changed",
	    [PLAN_DELETED] = "deleted",
	    [PLAN_RESOLVED] = "resolved",
	    [PLAN_RESTORED] = "restored",
	};
	return words[reason];
}

const char *
words_type(uint8_t type)
{
	static const char *const words[] = {
	    [ENTRY_NONE] = "none",
	    [ENTRY_FILE] = "file",
	    [ENTRY_DIR] = "dir",
	    [ENTRY_LINK] = "link",
	    [ENTRY_UNKNOWN] = "unknown",
	};
	return words[type];
}

const char *
words_kind(enum plan_kind kind)
{
	static const char *const words[] = {
	    [PLAN_BOTH_MODIFIED] = "both_modified",
	    [PLAN_BOTH_CREATED] = "both_created",
	    [PLAN_MODIFIED_DELETED] = "modified_deleted",
	    [PLAN_DELETED_MODIFIED] = "deleted_modified",
	    [PLAN_TYPE_CHANGED] = "type_changed",
	    [PLAN_CASE_COLLISION] = "case_collision",
	    [PLAN_GROUP] = "group",
	    [PLAN_PROVIDER_COPY] = "provider_copy",
	};
	return words[kind];
}

const char *
words_resolution(enum plan_resolution r)
{
	static const char *const words[] = {
	    [PLAN_UNRESOLVED] = NULL,
	    [PLAN_USED_LOCAL] = "local",
	    [PLAN_USED_CLOUD] = "cloud",
	    [PLAN_KEPT_BOTH] = "both",
	    [PLAN_MERGED] = "merged",
	};
	return words[r];
}

const char *
words_skip(enum plan_skip why)
{
	static const char *const words[] = {
	    [PLAN_SKIP_SYMLINK] = "symlink",
	    [PLAN_SKIP_SPECIAL] = "special",
	    [PLAN_SKIP_UNREADABLE] = "unreadable",
	    [PLAN_SKIP_CHANGED] = "changed_during_sync",
	    [PLAN_SKIP_INVALID_NAME] = "invalid_name",
	    [PLAN_SKIP_EQUAL_MTIME] = "equal_mtime",
	    [PLAN_SKIP_PLACEHOLDER] = "placeholder",
	    [PLAN_SKIP_HELD_COPY] = "held_copy",
	    [PLAN_SKIP_DIRECTION] = "direction",
	    [PLAN_SKIP_POLICY] = "policy",
	};
	return words[why];
}

const char *
words_side(enum side side)
{
	return side == SIDE_LOCAL ? "local" : "cloud";
}

const char *
words_status(enum apply_status status)
{
	static const char *const words[] = {
	    [APPLY_PLANNED] = "planned",
	    [APPLY_DONE] = "done",
	    [APPLY_FAILED] = "failed",
	    [APPLY_SKIPPED] = "skipped",
	};
	return words[status];
}
