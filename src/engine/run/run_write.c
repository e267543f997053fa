#include "engine/run/run_parts.h"

#include <string.h>

#include "base/num.h"
#include "engine/past/backups_prune.h"
#include "engine/write/commit.h"
#include "model/plan/plan_words.h"
#include "model/remember.h"
#include "platform/plat_env.h"
#include "platform/plat_time.h"
#include "store/journal.h"
#include "store/snapshot/snapshot.h"

static bool
has_quiet_outcomes(const struct run *r)
{
	for (size_t i = 0; i < r->plan.noutcomes; i++)
		if (r->plan.outcomes[i].action == PLAN_NO_ACTION)
			return true;
	return false;
}

/* What needs no step, but a word in the ledger. */
static void
tell_quiet(struct run *r, struct story *story)
{
	static const uint8_t kinds[] = {
	    [OUTCOME_AGREE] = INTENT_AGREE,
	    [OUTCOME_FORGET] = INTENT_FORGET,
	    [OUTCOME_SETTLE] = INTENT_SETTLE,
	};
	for (size_t i = 0; i < r->plan.noutcomes; i++) {
		const struct plan_outcome *o = &r->plan.outcomes[i];
		if (o->action != PLAN_NO_ACTION)
			continue;
		struct intent intent = {.kind = kinds[o->kind],
		    .path = o->path,
		    .path_len = o->path_len};
		if (o->entry[SIDE_LOCAL] == NULL)
			intent.side = SIDE_CLOUD;
		enum side s = (enum side)intent.side;
		intent.other = fingerprint_of(
		    o->entry[side_other(s)], r->seen[side_other(s)]);
		struct deed *d = story_add(story, &intent);
		d->now = fingerprint_of(o->entry[s], r->seen[s]);
	}
}

static int
may_go_on(void *arg, struct err *e)
{
	struct run *r = arg;
	return vigil_between(&r->vigil,
	    r->plan.nsteps > 0 ? r->sites[SIDE_LOCAL].root : NULL, e);
}

static void
pass_progress(void *arg, size_t steps, uint64_t bytes)
{
	const struct run *r = arg;
	if (r->options.progress != NULL)
		r->options.progress(r->options.progress_arg, steps, bytes);
}

static void
log_actions(struct run *r)
{
	log_gather(r->log);
	for (size_t i = 0; i < r->plan.nactions; i++) {
		const struct plan_action *a = &r->plan.actions[i];
		const struct apply_result *done = &r->results[i];
		int64_t bytes = (int64_t)a->size;
		struct log_fields f = {.side = plan_to_word(a->to),
		    .path = a->path,
		    .path_len = a->path_len,
		    .bytes = &bytes,
		    .hash = done->hashed ? &done->hash : NULL,
		    .reason = done->error};
		if (done->changed)
			f.reason = "changed during the sync";
		log_event(r->log,
		    done->status == APPLY_DONE ? CONFIG_LOG_INFO
					       : CONFIG_LOG_WARNING,
		    plan_op_word(a->op), &f);
	}
	log_let_go(r->log);
}

/* The pieces an applying run holds open. */
struct writing {
	char stage[17];
	struct journal *journal;
	struct snapshot *snapshot;
	struct story story;
};

/* A sync that was cut short is planned again; what goes back has to know that
   it was there already, and so goes as one. */
static bool
is_whole(const struct run *r)
{
	return r->options.errand != RUN_SYNC;
}

/* Until a sync has ended well its snapshot is how it could be taken back; not
   to keep one begins behind that. */
static bool
keeps_snapshot(const struct run *r)
{
	return r->config->backup.backup_before_overwrite ||
	    r->options.errand != RUN_SYNC;
}

static int
begin_writing(struct run *r, struct writing *w, struct err *e)
{
	const struct config *c = r->config;
	bool durable = c->sync.durability == CONFIG_DURABLE_FULL;
	struct stamp now = plat_now();
	unsigned char word[8];
	struct str stage = STR_INIT;
	if (plat_random(word, sizeof(word), e) != 0 ||
	    snapshot_id(&r->snapshot, now, c->identity.machine_id, e) != 0)
		return -1;
	num_hex(&stage, word, sizeof(word));
	memcpy(w->stage, stage.p, sizeof(w->stage));
	str_free(&stage);
	struct snapshot_about about = {
	    .id = r->snapshot.p,
	    .backup_dir = c->paths.backup_dir,
	    .machine = c->identity.machine_id,
	    .profile = c->profile,
	    .run_id = r->id,
	    .reason = r->options.reason,
	    .time = now,
	    .zip = keeps_snapshot(r) &&
		c->backup.compression == CONFIG_SNAPSHOT_ZIP,
	    .durable = durable,
	};
	struct story_begin begin = {
	    .run_id = r->id,
	    .snapshot_id = r->snapshot.p,
	    .stage = w->stage,
	    .roots = {r->roots[SIDE_LOCAL], r->roots[SIDE_CLOUD]},
	    .reason = r->options.reason,
	    .backup_dir = about.backup_dir,
	    .format = about.zip ? "zip" : "dir",
	    .whole = is_whole(r) ? (uint32_t)r->plan.nsteps : 0,
	};
	w->story.begin = begin;
	if (snapshot_open(&w->snapshot, &about, e) != 0)
		return err_wrap(e, "snapshot");
	return journal_open(&w->journal, r->state, &begin, durable, e);
}

static int
carry_out(struct run *r, struct writing *w, bool *stuck, struct err *e)
{
	struct apply a = {
	    .plan = &r->plan,
	    .sites = r->sites,
	    .seen = r->seen,
	    .stage = w->stage,
	    .journal = w->journal,
	    .snapshot = w->snapshot,
	    .kept = r->kept,
	    .log = r->log,
	    .threads = r->options.threads,
	    .durable = r->config->sync.durability == CONFIG_DURABLE_FULL,
	    .whole = is_whole(r),
	    .may_go_on = may_go_on,
	    .progress = pass_progress,
	    .arg = r,
	};
	return apply_plan(&a, &w->story, r->results, stuck, e);
}

/* The snapshot becomes whole, the ledger new, and the journal goes; when that
   fails, the journal stays and the next run does it. */
static int
remember_run(struct run *r, struct writing *w, struct err *e)
{
	struct commit c = {
	    .state = r->state,
	    .ledger = &r->ledger,
	    .head = &r->head,
	    .story = &w->story,
	    .snapshot = w->snapshot,
	    .journal = w->journal != NULL,
	    .durable = r->config->sync.durability == CONFIG_DURABLE_FULL,
	};
	bool made;
	w->snapshot = NULL;
	journal_close(w->journal);
	w->journal = NULL;
	if (run_note_changes(r, &w->story, e) != 0) {
		snapshot_close(c.snapshot);
		return -1;
	}
	if (commit(&c, &made, e) != 0)
		return -1;
	if (!made)
		str_clear(&r->snapshot);
	return run_publish(r, e);
}

static bool
went_well(const struct run *r)
{
	for (size_t i = 0; i < r->plan.nactions; i++)
		if (r->results[i].status != APPLY_DONE)
			return false;
	return true;
}

/* backup.backup_before_overwrite = no. */
static void
let_own_snapshot_go(struct run *r)
{
	struct err why;
	char text[ERR_TEXT_SIZE];
	if (keeps_snapshot(r) || r->snapshot.len == 0)
		return;
	if (prune_own(r->config, r->snapshot.p, &why) == 0)
		str_clear(&r->snapshot);
	else
		run_note(r, "what was replaced is still kept: %s",
		    err_text(&why, text, sizeof(text)));
}

/* Old snapshots go behind a run that ended well, and only there; what goes
   wrong with that is worth a note and no more. */
static void
let_old_snapshots_go(struct run *r)
{
	struct prune p;
	struct err why;
	char text[ERR_TEXT_SIZE];
	if (!went_well(r))
		return;
	let_own_snapshot_go(r);
	int rc = prune_judge(&p, r->config, r->state, plat_now(), &why);
	if (rc == 0)
		rc = prune_carry_out(&p, &why);
	if (p.nremoved > 0)
		log_reason(r->log, CONFIG_LOG_INFO, "prune",
		    "%zu snapshots removed", p.nremoved);
	if (rc != 0)
		run_note(r, "old snapshots could not be removed: %s",
		    err_text(&why, text, sizeof(text)));
	prune_free(&p);
}

static int
write_all(struct run *r, struct writing *w, struct err *e)
{
	bool stuck = false;
	struct err why = {.code = ERR_NONE};
	if (begin_writing(r, w, e) != 0)
		return -1;
	r->applied = true;
	int rc = carry_out(r, w, &stuck, &why);
	log_actions(r);
	if (stuck)
		return err_pass(e, &why);
	if (rc == 0)
		tell_quiet(r, &w->story);
	if (remember_run(r, w, e) != 0)
		return -1;
	if (rc != 0)
		*e = why;
	else
		let_old_snapshots_go(r);
	return rc;
}

static int
write_ledger_only(struct run *r, struct writing *w, struct err *e)
{
	w->story.begin.reason = r->options.reason;
	tell_quiet(r, &w->story);
	return remember_run(r, w, e);
}

/* Does the ledger know the folder's markers already? */
static bool
is_bound(const struct run *r)
{
	const struct strlist *known = &r->ledger.head.markers;
	const struct strlist *found = &r->head.markers;
	for (size_t i = 0; i < found->n; i++)
		if (!strlist_has(known, found->v[i]))
			return false;
	return found->n > 0 && found->n == known->n;
}

static void
tell_total(const struct run *r)
{
	uint64_t bytes = 0;
	for (size_t i = 0; i < r->plan.nactions; i++)
		if (r->plan.actions[i].op == PLAN_COPY)
			bytes += r->plan.actions[i].size;
	if (r->options.progress_total != NULL)
		r->options.progress_total(
		    r->options.progress_arg, r->plan.nsteps, bytes);
}

int
run_apply(struct run *r, struct err *e)
{
	struct writing w = {.journal = NULL};
	int rc = 0;
	if (r->plan.blocked)
		return 0;
	bool quiet = run_must_publish(r) ||
	    (r->options.errand == RUN_SYNC &&
		(has_quiet_outcomes(r) || !is_bound(r)));
	if (r->plan.nsteps == 0 && !quiet)
		return 0;
	/* What only the ledger learns is no write to either tree. */
	bool touches = r->plan.nsteps > 0 || r->head.markers.n == 0;
	if ((touches ? run_may_write(r, e) : may_go_on(r, e)) != 0)
		return -1;
	if (r->plan.nsteps > 0)
		run_history_begin(r);
	if (run_prepare_writing(r, e) != 0 || run_begin_publishing(r, e) != 0)
		return -1;
	tell_total(r);
	rc = r->plan.nsteps > 0 ? write_all(r, &w, e)
				: write_ledger_only(r, &w, e);
	journal_close(w.journal);
	snapshot_close(w.snapshot);
	story_free(&w.story);
	return rc;
}
