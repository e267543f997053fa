#include "cli/out/words.h"

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

const char *const words_sides[] = {"local", "cloud", NULL};

const char *const words_take[] = {
    [PLAN_TAKE_LOCAL] = "local",
    [PLAN_TAKE_CLOUD] = "cloud",
    [PLAN_TAKE_NEWER] = "newer",
    [PLAN_TAKE_BOTH] = "both",
    [PLAN_TAKE_MERGE] = "merge",
    NULL,
};

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
