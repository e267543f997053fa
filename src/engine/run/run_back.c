/*
 * The stages of a run that brings things back: restore and undo.
 */
#include <string.h>

#include "base/mem.h"
#include "engine/past/extract.h"
#include "engine/past/history.h"
#include "engine/past/restore_find.h"
#include "engine/past/undo.h"
#include "engine/run/run_parts.h"
#include "platform/plat_time.h"

int
run_hear_if_cloud(struct run *r, struct err *e)
{
	return r->options.restore->side == SIDE_CLOUD ? run_hear_machines(r, e)
						      : 0;
}

/* ---- the snapshot ---- */

/* There need not be a backup directory. */
static int
open_backups(struct run *r, struct err *e)
{
	struct err why = {.code = ERR_NONE};
	const char *dir = r->config->paths.backup_dir;
	if (plat_dir_open(&r->backups, dir, &why) == 0)
		return 0;
	r->backups = NULL;
	if (why.code == ERR_NOTFOUND)
		return 0;
	*e = why;
	return err_wrap(e, "backups");
}

static int
open_snapshot(struct run *r, const char *id, struct err *e)
{
	if (r->backups == NULL)
		return err_set(e, ERR_NOTFOUND, "there is no snapshot %s", id);
	return snapread_open(&r->kept, r->backups, id, e);
}

/* Was nobody told how the run ended? Whoever finished it may have died, too. */
static bool
is_untold(const struct history *h, const struct history_run *run)
{
	const struct history_run *by;
	struct err ignored;
	if (run->command == NULL)
		return false;
	if (!run->finished)
		return true;
	if (run->finished_by == NULL)
		return false;
	by = history_find(h, run->finished_by, &ignored);
	return by == NULL || !by->finished;
}

/*
 * A run may also have died when all was done but the word of it. Nobody was
 * told, so whoever asks again asks for that.
 */
static void
notice_finished(struct run *r)
{
	const struct ledger_head *last = &r->ledger.head;
	struct history h;
	struct err ignored; /* what is not known has not died */
	if (!r->options.apply || r->finished.len > 0 || last->run == NULL)
		return;
	const struct history_run *run = NULL;
	if (history_load(&h, r->config, &ignored) == 0)
		run = history_find(&h, last->run, &ignored);
	if (run != NULL && is_untold(&h, run)) {
		struct recovered done = {.id = last->run,
		    .reason = run->command,
		    .snapshot = last->snapshot,
		    .changed = true};
		run_finished(r, &done);
	}
	history_free(&h);
}

static bool
is_undone(const struct run *r)
{
	return strcmp(r->finished.p, "undo") == 0;
}

int
run_find_snapshot(struct run *r, struct err *e)
{
	const struct restore_wish *wish = r->options.restore;
	struct str id = STR_INIT;
	struct restore_newest wanted = {
	    .machine = r->config->identity.machine_id, .side = wish->side};
	notice_finished(r);
	/* Who says the same again means what was meant the first time. */
	wanted.but =
	    strcmp(r->finished.p, "restore") == 0 ? r->finished_snapshot.p : "";
	int rc = open_backups(r, e);
	if (rc == 0)
		rc = wish->from != NULL
		    ? restore_find_id(&id, r->backups, wish->from, e)
		    : restore_find_newest(&id, r->backups, &wanted, e);
	if (rc == 0)
		rc = open_snapshot(r, id.p, e);
	if (rc == 0)
		run_note(r, "from snapshot %s", id.p);
	str_free(&id);
	return rc;
}

int
run_find_last(struct run *r, struct err *e)
{
	const struct ledger_head *last = &r->ledger.head;
	notice_finished(r);
	if (is_undone(r)) {
		run_note(r, "the interrupted undo is done now");
		return 0;
	}
	if (last->run == NULL)
		return err_set(e, ERR_NOTFOUND,
		    "there is nothing to undo: no run is known that wrote to "
		    "a folder");
	if (last->snapshot == NULL)
		return err_set(e, ERR_NOTFOUND,
		    "the last run, %s, left no snapshot and cannot be undone",
		    last->run);
	if (open_backups(r, e) != 0)
		return -1;
	if (open_snapshot(r, last->snapshot, e) != 0)
		return err_wrap(
		    e, "the last run, %s, cannot be undone", last->run);
	if (strcmp(snapread_about(r->kept)->run, last->run) != 0)
		return err_set(e, ERR_CORRUPT,
		    "snapshot %s is not that of the last run, %s",
		    last->snapshot, last->run);
	run_note(r, "back to before run %s", last->run);
	return 0;
}

/* ---- the plan ---- */

static void
begin_looking(struct run *r)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		r->seen[s] = plat_now();
}

static void
have_plan(struct run *r)
{
	r->results = mem_zero(r->plan.nactions, sizeof(*r->results));
	r->planned = true;
}

static int
plan_restore(struct run *r, const struct site sites[SIDES],
    const struct rules *rules, bool folds, struct err *e)
{
	const struct restore_wish *wish = r->options.restore;
	struct restore_picks picks;
	struct back back;
	int rc = restore_pick(&picks, r->kept, wish, e);
	if (rc == 0 && folds)
		rc = restore_check_twins(&picks, e);
	if (rc == 0)
		rc = restore_check(&picks, r->kept, e);
	if (rc == 0) {
		begin_looking(r);
		back_init(&back, &r->plan, sites, false);
		rc = restore_plan(&back, &picks, wish->side, rules, e);
		back_free(&back);
	}
	restore_picks_free(&picks);
	if (rc == 0)
		have_plan(r);
	return rc;
}

int
run_plan_restore(struct run *r, struct err *e)
{
	const struct site *site = &r->sites[r->options.restore->side];
	return plan_restore(r, r->sites, &r->rules, site->volume.fold_case, e);
}

int
run_plan_extract(struct run *r, struct err *e)
{
	static const struct site nowhere[SIDES];
	const char *to = r->options.restore->to;
	bool folds = false;
	if (extract_check(to, r->kept, e) != 0 ||
	    extract_folds(&folds, to, e) != 0)
		return -1;
	return plan_restore(r, nowhere, NULL, folds, e);
}

int
run_plan_undo(struct run *r, struct err *e)
{
	struct back back;
	struct undo undo = {.b = &back,
	    .manifest = snapread_manifest(r->kept),
	    .agreed = &r->ledger.agreed,
	    .rules = &r->rules};
	if (is_undone(r)) {
		have_plan(r);
		return 0;
	}
	if (undo_check(r->kept, e) != 0)
		return -1;
	begin_looking(r);
	back_init(&back, &r->plan, r->sites, true);
	int rc = undo_plan(&undo, e);
	back_free(&back);
	if (rc == 0)
		have_plan(r);
	return rc;
}

/* ---- is the folder complete? ---- */

/* What comes back into the local folder alone says nothing of the cloud's, and
   must be had also while that is broken. */
static bool
needs_whole_folder(const struct run *r)
{
	const struct run_options *o = &r->options;
	if (r->config->cloud.verify == CONFIG_VERIFY_OFF && !o->accept_cloud)
		return false;
	return r->plan.nsteps > 0 &&
	    (o->errand == RUN_UNDO || o->restore->side == SIDE_CLOUD);
}

/* The steps were planned by what was looked at for them, and are judged by
   when that was, not by this later scan. */
int
run_check_back(struct run *r, struct err *e)
{
	struct stamp seen[SIDES];
	if (!needs_whole_folder(r))
		return 0;
	memcpy(seen, r->seen, sizeof(seen));
	int rc = run_scan(r, e);
	if (rc == 0)
		rc = run_classify(r, e);
	if (rc == 0)
		rc = run_check_complete(r, e);
	memcpy(r->seen, seen, sizeof(seen));
	return rc;
}

/* ---- into a directory of its own ---- */

int
run_extract(struct run *r, struct err *e)
{
	const struct run_options *o = &r->options;
	struct extract x = {.plan = &r->plan,
	    .to = o->restore->to,
	    .kept = r->kept,
	    .durable = r->config->sync.durability == CONFIG_DURABLE_FULL,
	    .progress = o->progress,
	    .arg = o->progress_arg};
	r->applied = true;
	return extract(&x, r->results, e);
}
