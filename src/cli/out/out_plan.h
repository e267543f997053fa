/*
 * out_plan.h - a plan, and what became of it, as people read it.
 *
 * Grouped by where things go; long lists are folded, unless everything is
 * asked for. Names are escaped, tables fit the terminal.
 */
#ifndef CLI_OUT_OUT_PLAN_H
#define CLI_OUT_OUT_PLAN_H

#include <stdbool.h>

#include "cli/out/out_text.h"
#include "cli/out/plan_view.h"

/* out_plan: everything but the sentence that sums it up. Nothing is written
   where there is nothing to tell. */
void out_plan(struct out *o, const struct plan_view *v, bool all);

/* out_plan_conflicts: what is in conflict, and what each side has. */
void out_plan_conflicts(struct out *o, const struct plan *p, bool all);

/* out_plan_conflict: one of them. */
void out_plan_conflict(struct out *o, const struct plan_conflict *c);

/* out_plan_skipped, out_plan_failed: what was left alone, what went wrong. */
void out_plan_skipped(struct out *o, const struct plan_view *v, bool all);
void out_plan_failed(struct out *o, const struct plan_view *v, bool all);

/* out_plan_sentence: append the one line it all comes to. */
void out_plan_sentence(struct str *out, const struct plan_view *v);

/* ---- what these share ---- */

/* A list shows so many lines before it is folded. */
enum { OUT_PLAN_FEW = 10 };

/* out_plan_title: a heading, set off from what stands before it. */
void out_plan_title(struct out *o, enum out_style style, const char *title);

/* out_plan_more: say how many of *n* lines a folded list leaves out. */
void out_plan_more(struct out *o, size_t n, bool all);

#endif
