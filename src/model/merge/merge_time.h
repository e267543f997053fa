/*
 * merge_time.h - the time of a line, as logs write it.
 *
 * Times of one kind can be compared with each other, those of different kinds
 * cannot: nothing says in which unit a number is or in which zone a time of day
 * without one.
 */
#ifndef MODEL_MERGE_MERGE_TIME_H
#define MODEL_MERGE_MERGE_TIME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/stamp.h"

enum merge_time_kind {
	MERGE_TIME_NUMBER, /* of seconds, milliseconds, … since whenever */
	MERGE_TIME_LOCAL,  /* ISO 8601 without a zone */
	MERGE_TIME_ZONED,  /* ISO 8601 with one */
};

struct merge_time {
	enum merge_time_kind kind;
	struct stamp at; /* a number's whole part is in *sec* */
};

/*
 * merge_time_number: from the text of a JSON number; exact to nine digits
 * behind the point. Returns false when it is too large for any time.
 */
bool merge_time_number(struct merge_time *out, const char *s, size_t n);

/*
 * merge_time_iso: from a date of ISO 8601, with or without a time of day behind
 * 'T' or a blank, with or without separators, fraction and zone:
 * "2026-11-20T23:51:37.123+01:00", "20261120T235137Z", "2026-11-20 23:51".
 * Returns false for everything else, and for dates there never were.
 */
bool merge_time_iso(struct merge_time *out, const char *s, size_t n);

#endif
