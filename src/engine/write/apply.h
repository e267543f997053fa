/*
 * apply.h - carry out a plan: stage, intend, displace, verify, keep.
 *
 * Steps are taken in batches: everything a batch needs is staged and synced,
 * the journal says what is about to happen and is synced, then each path is
 * displaced, one after the other. Before each batch, once more when it is
 * staged, and before each path the guard is asked again.
 * The members of a unit are in one batch and done together or not at all.
 * Trouble at one path is written down and the rest goes on.
 */
#ifndef ENGINE_WRITE_APPLY_H
#define ENGINE_WRITE_APPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "engine/log/log.h"
#include "engine/write/site.h"
#include "model/plan/plan.h"
#include "model/story.h"
#include "store/journal.h"
#include "store/snapshot/snapread.h"
#include "store/snapshot/snapshot.h"

/* What became of an action. */
enum apply_status { APPLY_PLANNED, APPLY_DONE, APPLY_FAILED, APPLY_SKIPPED };

struct apply_result {
	enum apply_status status;
	bool changed; /* skipped: somebody wrote there meanwhile */
	bool hashed;  /* done: *hash* is that of the content now there */
	struct hash hash;
	char *error;        /* failed: why; owned */
	enum err_code code; /* failed: what kind of failure that is */
};

/* What the run brings along. */
struct apply {
	const struct plan *plan;
	const struct site *sites; /* SIDES of them */
	const struct stamp *seen; /* when each side's scan began */
	const char *stage;        /* what staging names begin with */
	struct journal *journal;
	struct snapshot *snapshot;
	struct snapread *kept; /* what STEP_COPY may take from; NULL */
	struct log *log;
	unsigned threads;
	bool durable;
	/* All in one batch: once it has begun to be carried out, whoever stops
	   it leaves the rest for recovery. */
	bool whole;
	/* Asked between any two steps: 0 to go on, -1 to stop there. */
	int (*may_go_on)(void *arg, struct err *e);
	/* Told as work proceeds, from any thread; may be NULL. */
	void (*progress)(void *arg, size_t steps, uint64_t bytes);
	void *arg;
};

/*
 * apply_plan: *story* gains a deed for each step carried out or given up,
 * *results* (one for each action, zeroed by the caller) their end. Returns 0
 * when the end was reached, whatever became of single paths; -1 when the run
 * had to stop: what was done until then stands and is in the story. *stuck* is
 * set when something was left for recovery, which needs the journal.
 */
int apply_plan(const struct apply *a, struct story *story,
    struct apply_result *results, bool *stuck, struct err *e);

void apply_results_free(struct apply_result *results, size_t n);

#endif
