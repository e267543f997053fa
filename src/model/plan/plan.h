/*
 * plan.h - from what is to what shall be done.
 *
 * A pure function of the classified trees and the rules: the same input gives
 * the same plan on every machine, whatever the clock, the locale or the order
 * in which directories were read. docs/cases.md numbers the cases; the code
 * cites the rows.
 *
 * A plan has two faces. Actions are what people and programs are shown. Steps
 * are what the engine does, in order; each belongs to an action, and the steps
 * of one unit (a group, an SQLite family) are done together or not at all.
 * Outcomes say what the ledger will remember once the steps have succeeded.
 */
#ifndef MODEL_PLAN_PLAN_H
#define MODEL_PLAN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/stamp.h"
#include "model/entry.h"
#include "model/plan/classify.h"

enum plan_policy {
	PLAN_MANUAL_ABORT,
	PLAN_MANUAL_SKIP,
	PLAN_PREFER_LOCAL,
	PLAN_PREFER_CLOUD,
	PLAN_PREFER_NEWER,
	PLAN_KEEP_BOTH,
};

enum plan_equal_mtime {
	PLAN_EQUAL_SKIP,
	PLAN_EQUAL_LOCAL,
	PLAN_EQUAL_CLOUD,
	PLAN_EQUAL_CONFLICT,
};

struct plan_rules {
	bool may_write[SIDES]; /* the direction */
	enum plan_policy policy;
	enum plan_equal_mtime equal_mtime;
	bool never_delete;
	bool empty_dirs;
	int64_t tolerance;   /* seconds two mtimes may differ */
	unsigned who[SIDES]; /* NAMES_…: who must hold a name on this side */
	const struct glob *groups; /* directories that are one unit */
	size_t ngroups;
	const struct glob *append_merge;
	size_t nappend_merge;
	struct stamp now;            /* for names of conflict copies */
	const char *machine;         /* likewise */
	const struct quirks *quirks; /* where hold_copies */
	bool hold_copies; /* other tools' conflict copies stay where they are */
	/* Conflicts the user has settled by hand (resolve), or NULL; at most
	   one for each path. */
	const struct plan_choice *choices;
	size_t nchoices;
	bool only_choices; /* plan these and what they need, nothing else */
	const struct plan_common *common; /* of copies chosen to be merged */
	size_t ncommon;
};

enum plan_take {
	PLAN_TAKE_LOCAL,
	PLAN_TAKE_CLOUD,
	PLAN_TAKE_NEWER,
	PLAN_TAKE_BOTH,
	PLAN_TAKE_MERGE
};

struct plan_choice {
	const char *path; /* of the conflict, or of anything in its unit */
	enum plan_take take;
};

/* Another tool's copy that can be merged with its original, and how many bytes
   both begin with (engine/scan/common.h). */
struct plan_common {
	const char *path; /* of the copy */
	uint64_t size;
};

/* ---- what people are shown ---- */

enum plan_op {
	PLAN_COPY,
	PLAN_DELETE,
	PLAN_MKDIR,
	PLAN_RMDIR,
	PLAN_MERGE,
	PLAN_MOVE,
	PLAN_BOTH, /* keep_both */
};

enum plan_to { PLAN_TO_LOCAL, PLAN_TO_CLOUD, PLAN_TO_BOTH };

enum plan_reason {
	PLAN_NEW,
	PLAN_CHANGED,
	PLAN_DELETED,
	PLAN_RESOLVED,
	PLAN_RESTORED
};

struct plan_action {
	enum plan_op op;
	enum plan_to to;
	enum plan_reason reason;
	uint8_t type; /* enum entry_type of what is written or removed */
	uint32_t path_len;
	const char *path;
	const char *other; /* move: the old path; keep_both: the copy's */
	uint64_t size;
	uint32_t first, count; /* its steps */
};

enum plan_kind {
	PLAN_BOTH_MODIFIED,
	PLAN_BOTH_CREATED,
	PLAN_MODIFIED_DELETED, /* local edit, cloud deletion */
	PLAN_DELETED_MODIFIED,
	PLAN_TYPE_CHANGED,
	PLAN_CASE_COLLISION,
	PLAN_GROUP,
	PLAN_PROVIDER_COPY,
};

enum plan_resolution {
	PLAN_UNRESOLVED,
	PLAN_USED_LOCAL,
	PLAN_USED_CLOUD,
	PLAN_KEPT_BOTH,
	PLAN_MERGED,
};

struct plan_conflict {
	enum plan_kind kind;
	enum plan_resolution resolution;
	const char *path; /* of a group: its root */
	uint32_t path_len;
	bool group;
	const char *original; /* of another tool's copy: what it is a copy of */
	const struct entry *entry[SIDES]; /* NULL: not there */
};

enum plan_skip {
	PLAN_SKIP_SYMLINK,
	PLAN_SKIP_SPECIAL,
	PLAN_SKIP_UNREADABLE,
	PLAN_SKIP_CHANGED, /* changed_during_sync: only while applying */
	PLAN_SKIP_INVALID_NAME,
	PLAN_SKIP_EQUAL_MTIME,
	PLAN_SKIP_PLACEHOLDER,
	PLAN_SKIP_HELD_COPY,
	PLAN_SKIP_DIRECTION,
	PLAN_SKIP_POLICY,
	PLAN_SKIP_SINCE, /* undo: changed since that run */
};

/* How much is not as it should be, the lightest first. */
enum plan_weight {
	PLAN_FINE,
	PLAN_OPEN,    /* the user has something to decide */
	PLAN_PARTIAL, /* something was not done that should have been */
	PLAN_REFUSED, /* something must happen elsewhere first */
};

/* plan_skip_weight: of one thing that was skipped. */
enum plan_weight plan_skip_weight(enum plan_skip why);

/*
 * Something that was left alone, on the side it lies on: the thing that could
 * not be judged, taken over or read, or the change that the other side did not
 * get. Of two files of equal times that is the cloud's. What lies in a snapshot
 * (restore, undo) is told for the side it would have gone to.
 */
struct plan_skipped {
	enum plan_skip reason;
	enum side side;
	const char *path;
	uint32_t path_len;
};

/* ---- what the engine does ---- */

enum plan_step_kind {
	STEP_MKDIR,
	STEP_COPY,  /* from (from_side, from), or a snapshot, to (side, path) */
	STEP_MERGE, /* of (from_side, from) and (side, path) into the latter */
	STEP_MOVE,  /* from (side, from) to (side, path) */
	STEP_REMOVE, /* a file or link */
	STEP_RMDIR,
};

struct snap_entry;

struct plan_step {
	enum plan_step_kind kind;
	enum side side;
	uint32_t path_len;
	const char *path;
	enum side from_side;
	const char *from;           /* COPY, MERGE, MOVE */
	const struct entry *source; /* what the plan saw there */
	const struct entry
	    *victim; /* what it saw at (side, path); NULL: nothing */
	const struct entry
	    *partner; /* MOVE: what has *path* on the other side */
	/* COPY: not from a tree, but what a snapshot keeps
	 *(store/snapshot/snapread.h); from* is then the same as *path*. */
	const struct snap_entry *kept;
	bool as_it_was;     /* likewise: with the very permissions it had */
	uint64_t base_size; /* MERGE: of what both begin with */
	uint32_t action;
	uint32_t unit; /* 0: stands alone */
};

enum plan_outcome_kind {
	OUTCOME_AGREE,  /* both sides hold the same now */
	OUTCOME_FORGET, /* no record any more */
	OUTCOME_SETTLE, /* one side has it, the other not, and that is fine */
};

struct plan_outcome {
	enum plan_outcome_kind kind;
	const char *path;
	uint32_t path_len;
	uint32_t action; /* must have succeeded; PLAN_NO_ACTION: none needed */
	/* What is there where no step wrote; of something moved, or carried
	   along by a directory that was, as it was before. */
	const struct entry *entry[SIDES];
	const struct agreed_record *base;
};

#define PLAN_NO_ACTION UINT32_MAX

struct plan {
	struct arena arena;
	struct plan_action *actions;
	size_t nactions, cap_actions;
	struct plan_step *steps; /* in the order to be done */
	size_t nsteps, cap_steps;
	struct plan_conflict *conflicts;
	size_t nconflicts, cap_conflicts;
	struct plan_skipped *skipped;
	size_t nskipped, cap_skipped;
	struct plan_outcome *outcomes; /* in tree order */
	size_t noutcomes, cap_outcomes;
	size_t unresolved; /* conflicts nothing settles ... */
	size_t held; /* ... and, of these, other tools' copies: they never block
		      */
	bool blocked;          /* manual_abort: nothing may be done */
	size_t deletes[SIDES]; /* files that would go, and nothing come */
};

/*
 * plan_ask: add to what the items need (classify.h) what only the plan wants
 * to know: might a new file be a gone one renamed, can a file be merged. To be
 * called between classify and the reading of files.
 */
void plan_ask(struct items *items, const struct plan_rules *rules);

/*
 * plan_make: fill *out* (empty). Everything it holds points into the items,
 * the trees, the ledger or its own arena.
 */
void plan_make(struct plan *out, const struct items *items,
    const struct tree trees[SIDES], const struct agreed *agreed,
    const struct plan_rules *rules);

void plan_free(struct plan *p);

/* plan_too_many_deletes: would more than *percent* of a side's files go (and
   at least ten)? */
bool plan_too_many_deletes(const struct plan *p, const struct tree trees[SIDES],
    int64_t percent, enum side *which);

#endif
