/*
 * extract.h - a snapshot's content into a directory that is nobody's yet.
 *
 * Nothing there is ever replaced. While it is being filled the directory holds
 * a marker that names the snapshot; one that was left half filled is gone on
 * with, and whatever else is in a directory makes it one of somebody's.
 */
#ifndef ENGINE_PAST_EXTRACT_H
#define ENGINE_PAST_EXTRACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "engine/write/apply.h"
#include "model/plan/plan.h"
#include "store/snapshot/snapread.h"

struct extract {
	const struct plan *plan; /* directories and copies alone */
	const char *to;          /* native */
	struct snapread *kept;
	bool durable;
	void (*progress)(void *arg, size_t steps, uint64_t bytes);
	void *arg;
};

/* extract_check: is the directory missing, empty, or half filled from this
   snapshot? ERR_REFUSED when not. */
int extract_check(const char *to, struct snapread *kept, struct err *e);

/* extract_folds: will the directory *to*, which may not be there yet, ignore
   the case of names? */
int extract_folds(bool *out, const char *to, struct err *e);

/* extract: one result for each action. */
int extract(
    const struct extract *x, struct apply_result *results, struct err *e);

#endif
