/*
 * backups_view.h - snapshots, shown: as tables for people (backups_text.c), as
 * JSON for programs (backups_json.c).
 */
#ifndef CLI_OUT_BACKUPS_VIEW_H
#define CLI_OUT_BACKUPS_VIEW_H

#include "base/json.h"
#include "cli/out/out_text.h"
#include "engine/past/backups.h"
#include "engine/past/backups_prune.h"

/* What becomes of one snapshot, beside what it is; all may be absent. */
struct backups_news {
	const struct strlist *problems;   /* verify */
	const char *action;               /* prune: "keep", "remove", … */
	const char *why;                  /* … because of this */
	const struct snapmanifest *shown; /* show: what is in it */
};

/* backups_worth_showing: is it more than a dead run's leftovers? */
bool backups_worth_showing(const struct snaplist_item *item);

/* backups_state: "complete", "incomplete", or what else it is. */
const char *backups_state(const struct snaplist_item *item);

/* ---- for programs ---- */

/* backups_put: one, as an element of the open array. */
void backups_put(struct json *j, const struct snaplist_item *item,
    const struct backups_news *news);

/* ---- for people ---- */

void backups_show_list(struct out *o, const struct backups *b);

/* backups_show_one: *m* is its whole manifest. */
void backups_show_one(struct out *o, const struct snaplist_item *item,
    const struct snapmanifest *m);

/* backups_show_prune: each snapshot, and why it stays or goes. */
void backups_show_prune(struct out *o, const struct prune *p, bool dry);

/* backups_create: the whole of 'backups create'; returns the exit code.
   (backups_create.c) */
struct cli_context;
int backups_create(struct cli_context *c, const struct config *config);

/* backups_add_time: append the local date and time. */
void backups_add_time(struct str *out, struct stamp t);

#endif
