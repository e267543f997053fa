#include "engine/write/apply.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/write/apply_batch.h"
#include "platform/plat_sig.h"
#include "platform/plat_time.h"

/* The run of one plan. */
struct applier {
	const struct apply *a;
	struct story *story;
	struct apply_result *results;
	struct displacer displacer;
	struct stager *stagers;
	unsigned nstagers;
	size_t next; /* the first step that no batch has taken */
	bool stuck;
};

/* ---- bundles ---- */

static size_t
task_bundle_end(const struct batch *b, size_t i)
{
	const struct plan_step *first = b->tasks[i].step;
	do
		i++;
	while (i < b->n &&
	    (first->unit != 0 ? b->tasks[i].step->unit == first->unit
			      : b->tasks[i].step->action == first->action));
	return i;
}

static void
note_end(struct applier *r, const struct task *t, enum apply_status status,
    bool changed, const struct err *why)
{
	struct apply_result *result = &r->results[t->step->action];
	if (result->status == APPLY_FAILED)
		return;
	result->status = status;
	result->changed = changed;
	if (why != NULL && why->nframes > 0) {
		char text[ERR_TEXT_SIZE];
		free(result->error);
		result->error = mem_string(err_text(why, text, sizeof(text)));
		result->code = why->code;
	}
}

static void
note_hash(struct applier *r, const struct task *t)
{
	const struct fingerprint *put = &t->deed->intent.put;
	struct apply_result *result = &r->results[t->step->action];
	if (t->deed->intent.kind == INTENT_PUT && put->hashed) {
		result->hashed = true;
		result->hash = put->hash;
	}
}

/* All of a bundle share the end of the one that could not be done. */
static void
give_up(struct applier *r, struct batch *b, size_t first, size_t end,
    const struct task *culprit)
{
	for (size_t i = first; i < end; i++)
		note_end(r, &b->tasks[i],
		    culprit->failed ? APPLY_FAILED : APPLY_SKIPPED,
		    !culprit->failed, culprit->failed ? &culprit->err : NULL);
}

static void
discard(struct applier *r, struct batch *b, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++) {
		struct task *t = &b->tasks[i];
		if (t->staged &&
		    displace_discard(&r->displacer, t->deed, NULL) != 0)
			r->stuck = true;
		t->staged = false;
	}
}

/* A bundle that was taken back. The journal knows before what was staged goes:
   without either it would look as if it had arrived and been changed since. */
static void
abandon(struct applier *r, struct batch *b, size_t first, size_t end)
{
	struct journal *j = r->a->journal;
	for (size_t i = first; i < end; i++) {
		const struct deed *deed = b->tasks[i].deed;
		if (!deed->done)
			journal_done(j, deed->intent.seq, false, &deed->now);
	}
	if (journal_sync(j, NULL) != 0)
		r->stuck = true;
	if (!r->stuck)
		discard(r, b, first, end);
}

static const struct task *
find_culprit(const struct batch *b, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++)
		if (b->tasks[i].changed || b->tasks[i].failed)
			return &b->tasks[i];
	return NULL;
}

/* Take back what was done of a bundle, the last first. */
static void
undo(struct applier *r, struct batch *b, size_t first, size_t end)
{
	struct err why;
	for (size_t i = end; i-- > first;) {
		struct deed *deed = b->tasks[i].deed;
		if (deed->applied &&
		    displace_undo(&r->displacer, deed, &why) != 0)
			r->stuck = true;
	}
}

static int
displace_bundle(struct applier *r, struct batch *b, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++) {
		struct task *t = &b->tasks[i];
		int rc = displace_do(&r->displacer, t->deed, &t->err);
		if (rc == 0)
			continue;
		t->changed = rc > 0;
		t->failed = rc < 0;
		give_up(r, b, first, end, t);
		/* What is stuck is for recovery, with all of its bundle. */
		r->stuck |= t->deed->stuck;
		if (t->deed->stuck)
			return 1;
		undo(r, b, first, i);
		abandon(r, b, first, end);
		return 1;
	}
	return 0;
}

/*
 * The victims go into the snapshot. When not even the first can be kept, all
 * is taken back; later there is no way back, and recovery will try again.
 */
static int
keep_bundle(struct applier *r, struct batch *b, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++) {
		struct task *t = &b->tasks[i];
		if (displace_keep(&r->displacer, t->deed, &t->err) == 0)
			continue;
		err_wrap(&t->err, "cannot keep what was replaced");
		t->failed = true;
		bool kept_some = false;
		for (size_t k = first; k < i; k++)
			kept_some |= b->tasks[k].deed->kept;
		give_up(r, b, first, end, t);
		if (kept_some) {
			r->stuck = true;
			return -1;
		}
		undo(r, b, first, end);
		abandon(r, b, first, end);
		return -1;
	}
	return 0;
}

static void
report_done(struct applier *r, struct batch *b, size_t first, size_t end)
{
	const struct apply *a = r->a;
	for (size_t i = first; i < end; i++) {
		note_end(r, &b->tasks[i], APPLY_DONE, false, NULL);
		note_hash(r, &b->tasks[i]);
	}
	if (a->progress != NULL)
		a->progress(a->arg, end - first, 0);
}

static void
carry_out(struct applier *r, struct batch *b, size_t first, size_t end)
{
	if (displace_bundle(r, b, first, end) == 0 &&
	    keep_bundle(r, b, first, end) == 0)
		report_done(r, b, first, end);
}

/* What the journal calls done is not looked at again: it must have reached the
   disk before. */
static int
record_done(struct applier *r, const struct batch *b, struct err *e)
{
	if (batch_settle(b, e) != 0) {
		r->stuck = true;
		return -1;
	}
	for (size_t i = 0; i < b->n; i++) {
		const struct deed *deed = b->tasks[i].deed;
		if (deed->done && !deed->stuck)
			journal_done(r->a->journal, deed->intent.seq,
			    deed->applied, &deed->now);
	}
	return 0;
}

/* ---- one batch ---- */

/* Bundles of which something could not be staged are given up. */
static void
drop_unstaged(struct applier *r, struct batch *b)
{
	for (size_t i = 0, end; i < b->n; i = end) {
		end = task_bundle_end(b, i);
		const struct task *culprit = find_culprit(b, i, end);
		if (culprit == NULL)
			continue;
		give_up(r, b, i, end, culprit);
		discard(r, b, i, end);
		for (size_t k = i; k < end; k++)
			b->tasks[k].deed->done = true;
	}
}

/* From here on a crash leaves work for recovery. */
static int
intend(struct applier *r, const struct batch *b, struct err *e)
{
	struct journal *j = r->a->journal;
	for (size_t i = 0; i < b->n; i++) {
		const struct deed *deed = b->tasks[i].deed;
		journal_intend(j, &deed->intent);
		if (deed->done)
			journal_done(j, deed->intent.seq, false, &deed->now);
	}
	return journal_sync(j, e) != 0 ? err_wrap(e, "journal") : 0;
}

/* The batch's tasks become deeds; their seq is their place in the story. */
static void
tell(struct applier *r, struct batch *b)
{
	for (size_t i = 0; i < b->n; i++)
		story_add(r->story, &b->tasks[i].intent);
	for (size_t i = 0; i < b->n; i++)
		b->tasks[i].deed = &r->story->v[b->first_seq + i];
}

/* The bundles of a staged batch, each at once. Told to stop, what was not begun
   is taken back, or left for recovery. */
static int
displace_all(struct applier *r, struct batch *b, struct err *e)
{
	for (size_t i = 0, end; i < b->n && !r->stuck; i = end) {
		end = task_bundle_end(b, i);
		if (b->tasks[i].deed->done)
			continue;
		if (r->a->may_go_on(r->a->arg, e) != 0) {
			if (r->a->whole)
				r->stuck = true;
			else
				abandon(r, b, i, b->n);
			return -1;
		}
		carry_out(r, b, i, end);
	}
	return 0;
}

static void
take_batch(struct applier *r, struct batch *b)
{
	b->first_seq = (uint32_t)r->story->n;
	r->next = batch_fill(b, r->next);
}

/* May threads read the trees meanwhile? Not where something moves or goes that
   one of them may have opened: some systems would not let it. */
static bool
leaves_directories(const struct batch *b)
{
	for (size_t i = 0; i < b->n; i++) {
		enum plan_step_kind kind = b->tasks[i].step->kind;
		if (kind == STEP_MOVE || kind == STEP_RMDIR)
			return false;
	}
	return true;
}

/* While one batch is displaced and synced, the next one is staged; its steps
   do not build on those of this one, as all were planned from one look. */
static int
run_batch(struct applier *r, struct batch *b, struct batch *next, struct err *e)
{
	struct err why = {.code = ERR_NONE};
	int rc = batch_stage_end(b, r->stagers, r->nstagers, e);
	tell(r, b);
	take_batch(r, next);
	if (rc == 0 && next->n > 0 && leaves_directories(b))
		batch_stage_begin(next, r->stagers, r->nstagers);
	drop_unstaged(r, b);
	if (rc == 0)
		rc = batch_sync(b, e);
	if (rc == 0)
		rc = r->a->may_go_on(r->a->arg, e);
	if (rc == 0)
		rc = intend(r, b, e);
	if (rc != 0) {
		discard(r, b, 0, b->n);
		return -1;
	}
	rc = displace_all(r, b, &why);
	if (record_done(r, b, e) != 0)
		return -1;
	if (r->stuck && rc == 0)
		return err_set(e, ERR_IO,
		    "a file could neither be replaced nor put back; the next "
		    "run will finish this");
	return rc != 0 ? err_pass(e, &why) : 0;
}

/* Staged ahead, and not wanted any more; no journal has heard of it. */
static void
drop_ahead(struct applier *r, struct batch *b)
{
	if (b->staging == NULL)
		return;
	batch_stage_stop(b);
	tell(r, b);
	discard(r, b, 0, b->n);
}

static int
run_batches(struct applier *r, struct err *e)
{
	struct batch b[2] = {{.a = r->a}, {.a = r->a}};
	unsigned now = 0;
	int rc = 0;
	take_batch(r, &b[now]);
	while (rc == 0 && b[now].n > 0) {
		rc = r->a->may_go_on(r->a->arg, e);
		if (rc != 0)
			break;
		rc = run_batch(r, &b[now], &b[!now], e);
		now = !now;
	}
	drop_ahead(r, &b[now]);
	free(b[0].tasks);
	free(b[1].tasks);
	return rc;
}

int
apply_plan(const struct apply *a, struct story *story,
    struct apply_result *results, bool *stuck, struct err *e)
{
	struct applier r = {.a = a,
	    .story = story,
	    .results = results,
	    .nstagers = a->threads > 0 ? a->threads : 1};
	struct source_snapshot kept = {
	    .snapshot = a->kept, .lock = plat_mutex_new()};
	displacer_init(&r.displacer, a->sites, a->stage, a->snapshot);
	r.stagers = mem_zero(r.nstagers, sizeof(*r.stagers));
	for (unsigned i = 0; i < r.nstagers; i++)
		stager_init(&r.stagers[i], a->sites, &kept);
	int rc = run_batches(&r, e);
	story_look_again(story, a->sites);
	*stuck = r.stuck;
	for (unsigned i = 0; i < r.nstagers; i++)
		stager_free(&r.stagers[i]);
	free(r.stagers);
	displacer_free(&r.displacer);
	plat_mutex_destroy(kept.lock);
	return rc;
}

void
apply_results_free(struct apply_result *results, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(results[i].error);
	free(results);
}
