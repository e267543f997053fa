/*
 * plan_case.h - a world, and what is shown of the plan for it.
 */
#ifndef SUPPORT_PLAN_CASE_H
#define SUPPORT_PLAN_CASE_H

#include "support/world.h"

struct plan_case {
	const char *title;
	const char *world; /* in the notation of world.h */
	enum plan_policy policy;
	void (*set_up)(
	    struct plan_rules *r); /* the rules, or NULL: the usual */
	const char *shown;
};

/* plan_cases_run: fails the running test after all cases, showing those that
   came out otherwise; each is held to the laws (laws.h) too. */
void plan_cases_run(const struct plan_case *cases, size_t n);

/* For cmocka: what the rules below stand on. */
int plan_cases_set_up(void **state);
int plan_cases_tear_down(void **state);

/* ---- rules -----------------------------------------------------------------
 */

void never_delete(struct plan_rules *r);
void only_to_local(struct plan_rules *r);
void with_group(struct plan_rules *r); /* "g" directories */
void with_logs(struct plan_rules *r);  /* "*.log" files are merged */
void cloud_folds(struct plan_rules *r);
void cloud_is_windows(struct plan_rules *r);
void hold_copies(struct plan_rules *r);

#endif
