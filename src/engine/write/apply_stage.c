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
struct staging {
	struct batch *b;
	struct plat_mutex *lock;
	size_t next; /* the first task nobody has taken */
	struct worker *workers;
	unsigned n;
};

struct worker {
	struct staging *staging;
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
	const struct batch *b = w->staging->b;
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
	struct staging *staging = w->staging;
	while (!plat_sig_asked()) {
		plat_mutex_lock(staging->lock);
		size_t i = staging->next++;
		plat_mutex_unlock(staging->lock);
		if (i >= staging->b->n)
			return;
		struct task *t = &staging->b->tasks[i];
		if (!needs_staging(t))
			continue;
		int rc = stage_task(w, t);
		t->staged = rc == 0;
		t->changed = rc > 0;
		t->failed = rc < 0;
	}
}

void
batch_stage_begin(struct batch *b, struct stager *stagers, unsigned n)
{
	struct staging *s = mem_zero(1, sizeof(*s));
	s->b = b;
	s->lock = plat_mutex_new();
	s->workers = mem_zero(n, sizeof(*s->workers));
	s->n = n;
	b->staging = s;
	for (unsigned i = 0; i < n; i++) {
		s->workers[i] = (struct worker){
		    .staging = s, .stager = &stagers[i], .name = STR_INIT};
		if (i > 0 && b->n > 1)
			s->workers[i].thread =
			    plat_thread_start(run_worker, &s->workers[i]);
	}
}

static void
dismiss(struct batch *b)
{
	struct staging *s = b->staging;
	for (unsigned i = 0; i < s->n; i++) {
		plat_thread_join(s->workers[i].thread);
		str_free(&s->workers[i].name);
		stager_forget(s->workers[i].stager);
	}
	free(s->workers);
	plat_mutex_destroy(s->lock);
	free(s);
	b->staging = NULL;
}

int
batch_stage_end(
    struct batch *b, struct stager *stagers, unsigned n, struct err *e)
{
	if (b->staging == NULL)
		batch_stage_begin(b, stagers, n);
	run_worker(&b->staging->workers[0]);
	dismiss(b);
	return plat_sig_check(e);
}

void
batch_stage_stop(struct batch *b)
{
	struct staging *s = b->staging;
	plat_mutex_lock(s->lock);
	s->next = b->n;
	plat_mutex_unlock(s->lock);
	dismiss(b);
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
