#include "model/plan/plan_words.h"

#include <stddef.h>

const char *
plan_op_word(enum plan_op op)
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
plan_to_word(enum plan_to to)
{
	static const char *const words[] = {
	    [PLAN_TO_LOCAL] = "local",
	    [PLAN_TO_CLOUD] = "cloud",
	    [PLAN_TO_BOTH] = "both",
	};
	return words[to];
}

const char *
plan_reason_word(enum plan_reason reason)
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
plan_type_word(uint8_t type)
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
plan_kind_word(enum plan_kind kind)
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
plan_resolution_word(enum plan_resolution r)
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
plan_skip_word(enum plan_skip why)
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
	    [PLAN_SKIP_SINCE] = "changed_during_sync",
	};
	return words[why];
}

const char *
side_name(enum side side)
{
	return side == SIDE_LOCAL ? "local" : "cloud";
}
