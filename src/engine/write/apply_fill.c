/*
 * Steps of the plan become a batch of tasks.
 */
#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "engine/write/apply_batch.h"

/* A batch is one sync of the volume and one of the journal; it must not hold
   so much that the guard, asked between batches, comes too late. */
enum { BATCH_STEPS = 4096, SMALL_BATCH = 16 };
#define BATCH_BYTES ((uint64_t)256 * 1024 * 1024)

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

size_t
batch_fill(struct batch *b, size_t from)
{
	const struct plan *p = b->a->plan;
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
