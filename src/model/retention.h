/*
 * retention.h - which snapshots may go.
 *
 * Snapshots go by age, by number and by size, the oldest first; the newest few
 * stay whatever the limits say, and so does everything this machine has no
 * business with. Each verdict has one reason, which can be told.
 */
#ifndef MODEL_RETENTION_H
#define MODEL_RETENTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/stamp.h"

enum retention_reason {
	/* kept, the first that applies */
	RETENTION_FOREIGN,    /* another machine's, or another profile's */
	RETENTION_INCOMPLETE, /* still growing, or not readable */
	RETENTION_NEEDED,     /* an interrupted run needs it */
	RETENTION_FUTURE,     /* dated later than now */
	RETENTION_NEWEST,     /* the newest complete one */
	RETENTION_LAST,       /* one of the last keep_last */
	/* going */
	RETENTION_OLD,    /* older than the days */
	RETENTION_MANY,   /* more than the number */
	RETENTION_LARGE,  /* more than the size */
	RETENTION_WITHIN, /* kept: within every limit */
};

struct retention_item {
	struct stamp time;
	uint64_t bytes;
	bool foreign, incomplete, needed;
	enum retention_reason reason; /* the verdict */
};

/* 0: no limit. */
struct retention_rules {
	struct stamp now;
	int64_t days, max_count, keep_last;
	uint64_t max_bytes;
};

/* retention_judge: the *n* items come oldest first. */
void retention_judge(
    struct retention_item *v, size_t n, const struct retention_rules *rules);

static inline bool
retention_goes(enum retention_reason reason)
{
	return reason == RETENTION_OLD || reason == RETENTION_MANY ||
	    reason == RETENTION_LARGE;
}

#endif
