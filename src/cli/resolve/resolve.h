/*
 * resolve.h - what can be settled by hand, and how it shall be.
 */
#ifndef CLI_RESOLVE_RESOLVE_H
#define CLI_RESOLVE_RESOLVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/strlist.h"
#include "cli/cli.h"
#include "engine/run/run.h"
#include "model/plan/plan.h"

/* A conflict, or a file skipped because both sides are of one time. */
struct resolve_item {
	const char *path; /* the plan's */
	size_t path_len;
	struct plan_conflict conflict;
	bool picked;         /* it is to be settled … */
	enum plan_take take; /* … like this */
};

struct resolve_list {
	struct resolve_item *v;
	size_t n, cap;
};

/* resolve_list: everything of a run's plan that can be settled; points into
   it. */
void resolve_list(struct resolve_list *out, const struct run *run);
void resolve_list_free(struct resolve_list *l);

/*
 * resolve_pick: pick what *arg* names: a conflict, anything in its group, or a
 * directory of them ("." for all). ERR_USAGE, with the nearest path there is,
 * when that is nothing. *roots* (SIDES of them, canonical) let it be named in
 * full.
 */
int resolve_pick(struct resolve_list *l, const char *arg, enum plan_take take,
    char *const *roots, struct err *e);

/* resolve_path: append the tree path a person means by *arg*, which may be
   named in full below one of the *roots*; -1 when it is none. */
int resolve_path(struct str *out, const char *arg, char *const *roots);

/* resolve_walk: ask about those that are picked (all that are left open where
   none is), one by one; afterwards those are picked that were decided. */
int resolve_walk(struct resolve_list *l, struct cli_context *c,
    const struct run *run, struct err *e);

/*
 * resolve_now: what the command resolve does, within another one: every
 * conflict by *take* (1 + enum plan_take), or, where that is 0, by asking at
 * the terminal. Returns the exit code.
 */
int resolve_now(struct cli_context *c, const struct config *config, int take);

/* resolve_diff: show what both sides have between them. */
void resolve_diff(
    struct out *o, const struct run *run, const struct resolve_item *item);

#endif
