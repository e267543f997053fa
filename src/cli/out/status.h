/*
 * status.h - what there is to know of a profile at a glance.
 */
#ifndef CLI_OUT_STATUS_H
#define CLI_OUT_STATUS_H

#include <stdbool.h>

#include "base/json.h"
#include "cli/cmd/sync.h"
#include "cli/out/out_text.h"
#include "engine/guard/guard.h"
#include "engine/past/history.h"
#include "engine/run/run.h"
#include "engine/watch/watch_note.h"

struct status {
	const struct config *config;
	struct stamp now;
	bool paused;
	struct str since;         /* when and by whom, as pause_is tells */
	struct guard_matches met; /* who runs */
	bool blind;               /* that could not be found out */
	bool watched;             /* a watch is up: *watch* */
	struct watch_note watch;
	struct history history; /* empty where it cannot be read */
	const struct history_run *last_good;
	struct run run;      /* a glance at what a sync would do */
	struct sync_end end; /* how far that glance came */
	struct plan_view view;
};

/* out_status: one screen of it. */
void out_status(struct out *o, const struct status *s);

/* json_status: its members, into the open object. */
void json_status(struct json *j, const struct status *s);

#endif
