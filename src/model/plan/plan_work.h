/*
 * plan_work.h - the planner's own parts, one file each, and what they share.
 *
 *   plan_ask     what must be read before anything can be decided
 *   plan_held    another tool's conflict copies are left where they are ...
 *   plan_absorb  ... or go into what they are copies of
 *   plan_units   what stands or falls together ...
 *   plan_whole   ... and what becomes of it
 *   plan_decide  the case table: one item, one verdict
 *   plan_settle  what the policy, or a choice by hand, makes of a conflict
 *   plan_moves   a deletion and a creation that are one rename
 *   plan_dirs    directories live and die with what is in them
 *   plan_names   names the other side cannot hold
 *   plan_fold    names it cannot tell apart
 *   plan_both    conflict copies: their names and what they hold
 *   plan_again   a copy that an earlier run made before it failed
 *   plan_fit     whether the sides can hold a copy of a whole group
 *   plan_write   one item's action, steps and outcome
 *   plan_emit    verdicts become a plan, in the order to be done
 *
 * plan_make (plan.c) calls them. Nobody else includes this file.
 */
#ifndef MODEL_PLAN_PLAN_WORK_H
#define MODEL_PLAN_PLAN_WORK_H

#include "base/str.h"
#include "model/plan/plan.h"

enum verdict {
	VERDICT_NONE,    /* leave all as it is, the record too */
	VERDICT_AGREE,   /* both hold the same: write the record */
	VERDICT_FORGET,  /* neither has it, or it is no business of ours */
	VERDICT_TAKE,    /* make the other side like side *take* */
	VERDICT_MOVE,    /* as TAKE, by renaming *partner*'s path there */
	VERDICT_MOVED,   /* the old path of a MOVE */
	VERDICT_MERGE,   /* of another tool's copy: with its original */
	VERDICT_INSTEAD, /* another tool's copy takes its original's place */
	VERDICT_BOTH,    /* as TAKE, after the loser got a name of its own */
	VERDICT_SETTLE,  /* only side *take* has it, and that is fine */
	VERDICT_CONFLICT,
	VERDICT_SKIP,
};

enum held { HELD_NOT, HELD_COPY, HELD_BELOW };

struct decision {
	uint8_t verdict;   /* enum verdict */
	uint8_t take;      /* enum side */
	uint8_t skip;      /* enum plan_skip */
	uint8_t skip_side; /* of plan_skipped */
	uint8_t kind;      /* enum plan_kind, where contested */
	uint8_t held;      /* enum held */
	/* A directory that comes only for what comes into it, and what would
	   become of it otherwise. */
	bool for_content;
	uint8_t bare, bare_take;
	bool contested;  /* a conflict, whether the verdict settles it or not */
	bool resolved;   /* the verdict is a rule's or a user's choice */
	bool chosen;     /* the user's */
	bool in_the_way; /* its removal makes room: do it first */
	uint32_t unit;   /* 1-based; 0: none */
	uint32_t partner; /* index of the item at a MOVE's other end */
	uint32_t copy;    /* BOTH: 1-based index into copies */
	uint32_t action;  /* of a directory's MOVE, once there is one */
};

enum unit_kind { UNIT_GROUP, UNIT_FAMILY, UNIT_CLASH };

struct unit {
	enum unit_kind kind;
	const char *root; /* group: the directory; family: the database; clash:
			     the path that is a directory on one side only */
	uint32_t root_len;
	uint32_t *members; /* items, in tree order; at least one */
	size_t nmembers;
	struct decision d; /* of the whole, where it was decided as one */
	bool wiped;        /* the side it takes has no content of it any more */
	bool leaves;     /* what is done to it is only removing (plan_fold.c) */
	bool in_the_way; /* that makes room: do it first */
};

/* A conflict copy to be made. */
struct copy {
	uint32_t item; /* the conflict's item, or the unit's first */
	uint32_t unit; /* 0: a single file */
	uint8_t loser;
	bool there;       /* it has been made, and only has to be left */
	const char *name; /* tree path of the copy */
};

struct work {
	const struct items *items;
	const struct tree *trees;
	const struct agreed *agreed;
	const struct plan_rules *rules;
	struct plan *plan;
	struct plan_choice *choices; /* sorted by path */
	struct decision *d;          /* one for each item */
	struct unit *units;          /* units[0] is unused */
	size_t nunits, cap_units;
	struct copy *copies;
	size_t ncopies, cap_copies;
	struct names_taken *taken; /* by conflict copies (plan_both.c) */
};

static inline size_t
work_index(const struct work *w, const struct item *it)
{
	return (size_t)(it - w->items->v);
}

static inline bool
is_dir_entry(const struct entry *e)
{
	return e != NULL && e->type == ENTRY_DIR;
}

/* plan_ask: may this file be merged, if it can? *choice*: the user's, or NULL.
 */
bool plan_may_merge(const struct plan_rules *rules, const char *path, size_t n,
    const struct plan_choice *choice);

/* plan_held: the original's path, where the name tells one (plan_held.c) */
void plan_hold_copies(struct work *w);
bool plan_original(
    struct str *out, const struct work *w, const char *path, size_t n);

/* plan_absorb: settle item *i*, a copy, by a choice; then its action. */
void plan_settle_copy(
    struct work *w, size_t i, const struct plan_choice *choice);
void plan_write_absorbed(struct work *w, size_t i);

/* plan_units */
void plan_assign_units(struct work *w);

/* plan_whole */
void plan_decide_units(struct work *w);
void plan_drop_unit(struct work *w, uint32_t unit);

/* plan_decide */
void plan_decide_item(struct work *w, size_t i);
/* plan_is_left_out: does the filter leave it out? */
bool plan_is_left_out(const struct item *it);
/* plan_item_skips: is it unknown on a side, or held? Then it is decided. */
bool plan_item_skips(struct work *w, size_t i);
/* plan_apply_direction: what may not be written where it would be waits. */
void plan_apply_direction(const struct work *w, struct decision *d);

/* plan_settle */
struct contest {
	const char *path;
	uint32_t path_len;
	const struct plan_choice *choice; /* NULL: the policy decides */
	bool has[SIDES];                  /* something is there */
	struct stamp newest[SIDES];       /* LONG_AGO: no edit is known */
	bool pinned; /* keep_both: the winner is *winner* */
	enum side winner;
};
#define LONG_AGO ((struct stamp){.sec = INT64_MIN})
enum verdict plan_settle(
    const struct work *w, const struct contest *c, enum side *take);
void plan_sort_choices(struct work *w);
const struct plan_choice *plan_choice_for(
    const struct work *w, const char *path, size_t n);

void plan_find_moves(struct work *w);
void plan_settle_dirs(struct work *w);

/* plan_names */
void plan_check_names(struct work *w);
/* plan_comes: does the item give side *o* a name it has not? plan_goes: does
   it take one away? */
bool plan_comes(const struct work *w, size_t i, enum side o);
bool plan_goes(const struct work *w, size_t i, enum side o);
/* plan_drop: the item is not done, and so is nothing that depends on it. */
void plan_drop(struct work *w, size_t i, const struct decision *instead);

void plan_check_folding(struct work *w, enum side o);

/* plan_both */
/* plan_name_copy: find a name for the loser of a BOTH (of a whole *unit*, or
   0); where no name will do, it stays a conflict. */
void plan_name_copy(
    struct work *w, struct decision *d, size_t item, uint32_t unit);
void plan_free_copies(struct work *w);
void plan_write_copy(struct work *w, const struct copy *c);

/* plan_again: the path of a copy that the loser of *it* has already; NULL. */
const char *plan_copy_there(
    const struct work *w, const struct item *it, enum side loser_side);

/* plan_fit: could both sides hold the loser of a unit under another name? */
bool plan_copy_fits(
    const struct work *w, const struct unit *u, enum side loser);

/* plan_write: each adds to the newest action */
struct plan_action *plan_begin_action(
    struct work *w, size_t i, enum plan_op op);
struct plan_step *plan_add_step(struct plan *p, enum plan_step_kind kind,
    enum side side, const char *path, size_t n);
struct plan_step *plan_item_step(
    struct work *w, size_t i, enum plan_step_kind kind);
void plan_add_outcome(
    struct plan *p, enum plan_outcome_kind kind, const char *path, size_t n);
struct plan_outcome *plan_item_outcome(
    struct work *w, size_t i, enum plan_outcome_kind kind, uint32_t action);
void plan_write_taken(struct work *w, size_t i);
void plan_write_move(struct work *w, size_t i);
void plan_write_merge(struct work *w, size_t i);
void plan_write_both(struct work *w, size_t i);
bool plan_is_removal(const struct work *w, size_t i);

void plan_emit(struct work *w);

#endif
