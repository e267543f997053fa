/*
 * apply_batch.h - one batch of steps, as the parts of apply share it; nobody
 * else includes it.
 */
#ifndef ENGINE_WRITE_APPLY_BATCH_H
#define ENGINE_WRITE_APPLY_BATCH_H

#include "engine/write/apply.h"
#include "engine/write/displace.h"
#include "engine/write/stage.h"

/* One step of a batch on its way. */
struct task {
	const struct plan_step *step;
	struct intent intent;
	struct deed *deed; /* once it stands in the story */
	bool staged;       /* content lies under the staging name */
	bool changed;      /* the source is not what the plan saw */
	bool failed;
	struct err err;
};

struct batch {
	const struct apply *a;
	struct task *tasks;
	size_t n, cap;
	uint64_t bytes;
	uint32_t first_seq; /* seq of tasks[0] */
	bool sync_each; /* too few to be worth a call for the whole volume */
	struct staging *staging; /* begun and not ended; NULL: nothing is */
};

/* batch_fill: whole bundles from step *from* on; returns the step behind. */
size_t batch_fill(struct batch *b, size_t from);

/*
 * batch_stage_begin: the threads but for the caller's own begin to stage what
 * the batch needs; with one stager nothing happens yet. batch_stage_end: all of
 * it, begun or not; each task then knows how it went. -1 only when asked to
 * stop. batch_stage_stop: what is not staged by now will not be.
 */
void batch_stage_begin(struct batch *b, struct stager *stagers, unsigned n);
int batch_stage_end(
    struct batch *b, struct stager *stagers, unsigned n, struct err *e);
void batch_stage_stop(struct batch *b);

/* batch_sync: what was staged is durable. */
int batch_sync(const struct batch *b, struct err *e);

/* batch_settle: what was displaced is durable, and so is where it went. */
int batch_settle(const struct batch *b, struct err *e);

/*
 * story_look_again: right after a rename the change time is as fresh as a time
 * can be, and would not be trusted by the next run. A tick of the clock later
 * it can be, if it has not moved since.
 */
void story_look_again(struct story *story, const struct site sites[SIDES]);

#endif
