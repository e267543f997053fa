/*
 * Staging a batch: many threads, each with a stager of its own, take one task
 * after the other. Nothing a user can see is touched here.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/write/apply_batch.h"
#include "platform/plat_sig.h"
#include "platform/plat_thread.h"

/* Work shared by the threads. */
struct share {
	struct batch *b;
	struct plat_mutex *lock;
	size_t next; /* the first task nobody has taken */
};

struct worker {
	struct share *share;
	struct stager *stager;
	struct str name; /* the staging name in use */
	struct plat_thread *thread;
};

static bool
needs_staging(const struct task *t)
{
	return t->step->kind == STEP_COPY || t->step->kind == STEP_MERGE;
}

/* What a task stages, in the words of stage.h. */
static struct stage_job
job_of(const struct batch *b, const struct task *t, const char *name)
{
	const struct plan_step *step = t->step;
	const struct site *sites = b->a->sites;
	enum side from = step->from_side;
	return (struct stage_job){
	    .from = {.side = from,
		.path = step->from,
		.path_len = strlen(step->from),
		.kept = step->kept,
		.exec_bit = sites[from].volume.exec_bit},
	    .to = &sites[step->side],
	    .beside = step->path,
	    .beside_len = step->path_len,
	    .expected = fingerprint_of(step->source, b->a->seen[from]),
	    .victim_mode = t->intent.victim.mode,
	    .has_victim =
		t->intent.victim.type == ENTRY_FILE && !step->as_it_was,
	    .name = name,
	    .sync_each = b->sync_each || sites[step->side].volume.remote,
	};
}

static int
stage_task(struct worker *w, struct task *t)
{
	const struct batch *b = w->share->b;
	str_clear(&w->name);
	site_stage_name(&w->name, b->a->stage, t->intent.seq);
	struct stage_job job = job_of(b, t, w->name.p);
	struct fingerprint *put = &t->intent.put;
	if (t->step->kind == STEP_MERGE)
		return stage_merge(put, w->stager, &job, &t->intent.victim,
		    t->step->base_size, &t->err);
	return stage(put, w->stager, &job, &t->err);
}

static void
run_worker(void *arg)
{
	struct worker *w = arg;
	struct share *share = w->share;
	while (!plat_sig_asked()) {
		plat_mutex_lock(share->lock);
		size_t i = share->next++;
		plat_mutex_unlock(share->lock);
		if (i >= share->b->n)
			return;
		struct task *t = &share->b->tasks[i];
		if (!needs_staging(t))
			continue;
		int rc = stage_task(w, t);
		t->staged = rc == 0;
		t->changed = rc > 0;
		t->failed = rc < 0;
	}
}

int
batch_stage(struct batch *b, struct stager *stagers, unsigned n, struct err *e)
{
	struct share share = {.b = b, .lock = plat_mutex_new()};
	struct worker *workers = mem_zero(n, sizeof(*workers));
	for (unsigned i = 0; i < n; i++) {
		workers[i] = (struct worker){
		    .share = &share, .stager = &stagers[i], .name = STR_INIT};
		if (i > 0 && b->n > 1)
			workers[i].thread =
			    plat_thread_start(run_worker, &workers[i]);
	}
	run_worker(&workers[0]);
	for (unsigned i = 0; i < n; i++) {
		plat_thread_join(workers[i].thread);
		str_free(&workers[i].name);
		stager_forget(&stagers[i]);
	}
	free(workers);
	plat_mutex_destroy(share.lock);
	return plat_sig_check(e);
}

int
batch_sync(const struct batch *b, struct err *e)
{
	bool staged[SIDES] = {false, false};
	if (!b->a->durable)
		return 0;
	for (size_t i = 0; i < b->n; i++)
		if (b->tasks[i].staged)
			staged[b->tasks[i].step->side] = true;
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		const struct site *site = &b->a->sites[s];
		if (!staged[s])
			continue;
		if (b->sync_each || site->volume.remote) {
			if (plat_dir_sync(site->work, e) != 0)
				return -1;
			continue;
		}
		if (plat_volume_sync(site->work, e) < 0)
			return -1;
	}
	return 0;
}
