/*
 * json_plan.h - a plan, and what became of it, as programs are told
 * (docs/formats.md).
 */
#ifndef CLI_OUT_JSON_PLAN_H
#define CLI_OUT_JSON_PLAN_H

#include "base/json.h"
#include "cli/out/plan_view.h"

/* json_plan: the members of plan, sync, pull, push and resolve, into the open
   object. */
void json_plan(struct json *j, const struct plan_view *v);

/* json_plan_none: the same members for who had no plan to show. *run_id* is
   NULL where there was no run either. */
void json_plan_none(struct json *j, const char *run_id);

/* json_conflicts: the member "conflicts" alone. */
void json_conflicts(struct json *j, const struct plan *p);

/* json_summary: the member *key* with what a view comes to. */
void json_summary(struct json *j, const char *key, const struct plan_view *v);

#endif
