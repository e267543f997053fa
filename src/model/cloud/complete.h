/*
 * complete.h - does the cloud folder hold what the machines say it holds
 * (docs/handoff.md, H6-H9)?
 *
 * Every path in the ledger or claimed by a head is judged, absence included.
 * What did not change on the cloud side is judged by the ledger, unread. What
 * the filter hides from us, or we cannot read, is not ours to judge. No
 * directory counts and no time.
 */
#ifndef MODEL_CLOUD_COMPLETE_H
#define MODEL_CLOUD_COMPLETE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/glob.h"
#include "base/stamp.h"
#include "model/cloud/claims.h"
#include "model/filter/filter.h"
#include "model/plan/classify.h"

/* How the folder differs from what it must be. */
enum complete_why {
	COMPLETE_MISSING,     /* not there */
	COMPLETE_EMPTY,       /* no byte of it */
	COMPLETE_SHORT,       /* some bytes of it */
	COMPLETE_ZEROED,      /* its size, but nothing written into it */
	COMPLETE_OLD,         /* still as it was at our last sync */
	COMPLETE_LEFT,        /* deleted elsewhere, still here */
	COMPLETE_OTHER,       /* something nobody published */
	COMPLETE_MIXED,       /* of another machine than the rest of its unit */
	COMPLETE_MOVING,      /* it changed while it was read */
	COMPLETE_PLACEHOLDER, /* not on this machine */
	COMPLETE_EDITED,      /* whole, and newer than all that was published */
};

struct complete_fault {
	const char *path;
	size_t path_len;
	enum complete_why why;
	uint32_t machine; /* whose word it is not; ROSTER_NOBODY: all heads' */
	struct version actual; /* ENTRY_NONE: nothing */
	bool known;            /* *actual*'s hash is */
};

struct complete {
	struct complete_fault *v; /* in tree order */
	size_t n, cap;
	struct arena arena;
};

struct complete_input {
	const struct items *items;
	const struct agreed *agreed;
	const struct tree *cloud;
	const struct filter *filter;
	struct claims *expected; /* at its beginning */
	int64_t newest;          /* when the newest head was published */
	const struct glob *groups;
	size_t ngroups;
};

enum complete_ask {
	COMPLETE_ASK_NONE, /* nothing will be judged */
	COMPLETE_ASK,      /* whatever may turn out to be right */
	COMPLETE_ASK_ALL,  /* whatever is there: it will be taken as it is */
};

/*
 * complete_ask: add to what the items need (classify.h) the contents that
 * complete_judge wants to compare, and mark what is claimed (item.published).
 */
void complete_ask(
    struct items *items, struct claims *expected, enum complete_ask which);

/* complete_word: "missing", "still the old version": for people. */
const char *complete_word(enum complete_why why);

/* complete_judge: fill *out* (empty) with every path that is not as claimed;
   to be called when all needs are answered. */
void complete_judge(struct complete *out, const struct complete_input *in);

void complete_free(struct complete *c);

#endif
