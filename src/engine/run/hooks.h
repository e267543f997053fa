/*
 * hooks.h - the user's own commands around a run.
 *
 * A hook is a line for the system's shell. It runs for hooks.timeout_seconds at
 * most, with all it has started: whoever is left then is ended. What it writes
 * goes to the log, line by line; it reads nothing. It is told by variables:
 *
 *   COLDSYNC_HOOK       before_sync, after_sync or on_conflict
 *   COLDSYNC_PROFILE    the profile's name
 *   COLDSYNC_MACHINE    this machine's id
 *   COLDSYNC_DIRECTION  both, to_local or to_cloud
 *   COLDSYNC_RUN_ID     as in the log and in the history
 *   COLDSYNC_LOCAL_DIR, COLDSYNC_CLOUD_DIR   the two folders
 *   COLDSYNC_RESULT     how the run ended, as in the history; empty before
 *   COLDSYNC_CONFLICTS  conflicts that are left; empty before
 */
#ifndef ENGINE_RUN_HOOKS_H
#define ENGINE_RUN_HOOKS_H

#include <stddef.h>

#include "base/err.h"
#include "config/config.h"
#include "engine/log/log.h"

enum hook { HOOK_BEFORE, HOOK_AFTER, HOOK_CONFLICT };

struct hook_about {
	const struct config *config;
	const char *run_id;
	const char *direction;
	const char *result; /* NULL: it has not begun */
	size_t conflicts;
	struct log *log;
};

/* hook_run: run it, if there is one. ERR_REFUSED when it fails, ERR_CANCELLED
   when we were asked to stop: it was then ended. */
int hook_run(enum hook which, const struct hook_about *about, struct err *e);

#endif
