/*
 * totals.h - what a plan, or what became of it, comes to.
 */
#ifndef ENGINE_WRITE_TOTALS_H
#define ENGINE_WRITE_TOTALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"
#include "engine/write/apply.h"
#include "model/plan/plan.h"

/* Files, links and directories alike. Something kept from both sides counts on
   each, something merged only as merged. */
struct totals {
	size_t to_side[SIDES]; /* written: copied, made, moved */
	size_t dirs[SIDES];    /* of these, directories */
	size_t deleted[SIDES];
	size_t merged;
	size_t conflicts; /* settled ones too */
	size_t skipped;
	size_t failed;
	size_t left; /* not come to, as the run ended before */
	uint64_t bytes[SIDES];
};

/*
 * totals_of: what was done, where the plan was carried out (*applied*), else
 * what there is to do. *results* (NULL: a look) has one for each action.
 */
void totals_of(struct totals *out, const struct plan *p,
    const struct apply_result *results, bool applied);

/* totals_weight: the worst of it all. */
enum plan_weight totals_weight(
    const struct plan *p, const struct apply_result *results);

/* totals_json: as members of the object *j* is in. */
void totals_json(struct json *j, const struct totals *t);

#endif
