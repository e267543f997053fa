#include "engine/write/apply.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/write/apply_batch.h"
#include "platform/plat_sig.h"
#include "platform/plat_time.h"

/* A batch is one sync of the volume and one of the journal; it must not hold
   so much that the guard, asked between batches, comes too late. */
enum { BATCH_STEPS = 4096, SMALL_BATCH = 16 };
#define BATCH_BYTES ((uint64_t)256 * 1024 * 1024)

/* The run of one plan. */
struct applier {
	const struct apply *a;
	struct story *story;
	struct apply_result *results;
	struct displacer displacer;
	struct stager *stagers;
	unsigned nstagers;
	bool stuck;
};

/* ---- batches ---- */

static struct intent
intent_of(const struct apply *a, const struct plan_step *step, uint32_t seq)
{
	static const uint8_t kinds[] = {
	    [STEP_MKDIR] = INTENT_MKDIR,
	    [STEP_COPY] = INTENT_PUT,
	    [STEP_MERGE] = INTENT_PUT,
	    [STEP_MOVE] = INTENT_MOVE,
	    [STEP_REMOVE] = INTENT_REMOVE,
	    [STEP_RMDIR] = INTENT_RMDIR,
	};
	const struct stamp *seen = a->seen;
	struct intent i = {
	    .kind = kinds[step->kind],
	    .side = (uint8_t)step->side,
	    .seq = seq,
	    .unit = step->unit,
	    .path = step->path,
	    .path_len = step->path_len,
	    .victim = fingerprint_of(step->victim, seen[step->side]),
	};
	bool same_path = step->from != NULL &&
	    strlen(step->from) == step->path_len &&
	    memcmp(step->from, step->path, step->path_len) == 0;
	if (step->kind == STEP_MOVE) {
		assert(step->from != NULL);
		i.from = step->from;
		i.from_len = strlen(step->from);
		i.victim = fingerprint_of(step->source, seen[step->side]);
		i.put = i.victim;
		i.other =
		    fingerprint_of(step->partner, seen[side_other(step->side)]);
		if (i.other.hashed) {
			i.put.hashed = true;
			i.put.hash = i.other.hash;
		}
	} else if (step->kind == STEP_MKDIR || step->kind == STEP_COPY) {
		i.put = fingerprint_of(step->source, seen[step->from_side]);
		if (same_path && step->from_side != step->side)
			i.other = i.put;
	}
	return i;
}

/* The first step behind the bundle that begins at *i*: steps that are done
   together or not at all. */
static size_t
bundle_end(const struct plan *p, size_t i)
{
	const struct plan_step *first = &p->steps[i];
	do
		i++;
	while (i < p->nsteps &&
	    (first->unit != 0 ? p->steps[i].unit == first->unit
			      : p->steps[i].action == first->action));
	return i;
}

static void
add_task(struct batch *b, const struct plan_step *step)
{
	b->tasks = mem_grow(b->tasks, &b->cap, b->n + 1, sizeof(*b->tasks));
	struct task *t = &b->tasks[b->n];
	memset(t, 0, sizeof(*t));
	t->step = step;
	t->intent = intent_of(b->a, step, b->first_seq + (uint32_t)b->n);
	b->n++;
	if (step->kind == STEP_COPY && step->source->type == ENTRY_FILE)
		b->bytes += step->source->size;
}

/* Fill *b* with whole bundles from step *from* on; returns the step behind. */
static size_t
fill_batch(struct batch *b, const struct plan *p, size_t from)
{
	size_t i = from;
	b->n = 0;
	b->bytes = 0;
	bool whole = b->a->whole;
	while (i < p->nsteps &&
	    (whole || (b->n < BATCH_STEPS && b->bytes < BATCH_BYTES))) {
		size_t end = bundle_end(p, i);
		while (i < end)
			add_task(b, &p->steps[i++]);
	}
	b->sync_each = b->a->durable && b->n <= SMALL_BATCH;
	return i;
}

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

static int
run_batch(struct applier *r, struct batch *b, struct err *e)
{
	struct err why = {.code = ERR_NONE};
	int rc = batch_stage(b, r->stagers, r->nstagers, e);
	tell(r, b);
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

static int
run_batches(struct applier *r, struct err *e)
{
	const struct plan *p = r->a->plan;
	struct batch b = {.a = r->a};
	int rc = 0;
	for (size_t i = 0; i < p->nsteps && rc == 0;) {
		b.first_seq = (uint32_t)r->story->n;
		i = fill_batch(&b, p, i);
		rc = r->a->may_go_on(r->a->arg, e);
		if (rc == 0)
			rc = run_batch(r, &b, e);
	}
	free(b.tasks);
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
