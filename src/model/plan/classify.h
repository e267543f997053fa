/*
 * classify.h - each path on each side against what was agreed.
 *
 * One pass over both trees and the ledger, all in tree order, finds the paths
 * at which anything is not as it was; those become items. Where time and size
 * cannot tell, an item asks for content (needs); the engine hashes and calls
 * classify_settle. Nothing here reads a file or knows a policy.
 */
#ifndef MODEL_PLAN_CLASSIFY_H
#define MODEL_PLAN_CLASSIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/agreed.h"
#include "model/entry.h"
#include "model/tree.h"

/* One side of a path, seen from the ledger (the signs are those of
   docs/cases.md). */
enum state {
	STATE_ABSENT,  /* 0  not there, never was */
	STATE_SAME,    /* =  as agreed (also: as agreed, not there) */
	STATE_CHANGED, /* ~  other content, type or exec bit */
	STATE_GONE,    /* -  was there */
	STATE_NEW,     /* +  was not */
	STATE_SUSPECT, /* =  or ~: the content will tell */
	STATE_UNKNOWN, /* ?  something we cannot judge */
};

enum classify_compare { CLASSIFY_MTIME, CLASSIFY_FALLBACK, CLASSIFY_HASH };

struct classify_rules {
	enum classify_compare compare;
	int64_t tolerance; /* seconds two mtimes may differ */
	bool exec[SIDES];  /* the side stores who may execute */
	bool ids[SIDES];   /* its inodes and ctimes mean something */
};

/* What an item asks for before it can be settled: bits for each side. */
enum {
	NEEDS_HASH = 1 << 0, /* << side */
	NEEDS_PREFIX =
	    1 << 2, /* << side: does it begin with what was agreed? */
};

struct item {
	const char *path;
	uint32_t path_len;
	uint8_t state[SIDES];   /* enum state */
	uint8_t needs;          /* NEEDS_… */
	bool refresh;           /* unchanged, but with times of its own */
	bool published;         /* some machine claims it (complete.h) */
	uint8_t unknown[SIDES]; /* enum entry_unknown, where STATE_UNKNOWN */
	struct entry *entry[SIDES];       /* NULL: nothing there */
	const struct agreed_record *base; /* NULL: nothing agreed */
};

struct items {
	struct item *v; /* in tree order */
	size_t n, cap;
	struct arena arena; /* their paths */
};

void items_free(struct items *items);

/* items_find: the item of a path, or NULL. */
struct item *items_find(const struct items *items, const char *path, size_t n);

/* classify: fill *out* (empty) with every path that is not settled. */
void classify(struct items *out, const struct tree trees[SIDES],
    const struct agreed *agreed, const struct classify_rules *rules);

/*
 * classify_settle: turn STATE_SUSPECT into SAME or CHANGED, once every entry
 * whose hash an item needs has it. An entry without one stays a change: what
 * could not be compared is not taken for equal.
 */
void classify_settle(struct items *items, const struct classify_rules *rules);

/*
 * classify_equal: do both sides hold the same? Contents compare by type, size
 * and hash; false when a hash that would tell is not known.
 */
bool classify_equal(const struct entry *a, const struct entry *b);

/* state_moved: did the side change since it was agreed? */
static inline bool
state_moved(uint8_t state)
{
	return state == STATE_CHANGED || state == STATE_GONE ||
	    state == STATE_NEW;
}

#endif
