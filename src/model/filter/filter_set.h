/*
 * filter_set.h - an ordered list of gitignore patterns, asked for the last one
 * that matches.
 *
 * A scan asks for every entry, and most patterns are plain names ("Cache") or
 * endings ("*.log"). So a pattern whose last part is literal is found by that
 * part's hash, one with a single star is compared at its two ends, and only the
 * others go through glob_match each time. The answer is always glob_match's.
 */
#ifndef MODEL_FILTER_FILTER_SET_H
#define MODEL_FILTER_FILTER_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/glob.h"

struct filter_rule {
	struct glob glob;
	uint8_t kind; /* how it is tried; see filter_set.c */
	size_t part;  /* hashed: where the last part begins; ENDS: the star */
	size_t next;  /* hashed: 1 + an earlier rule of the bucket; 0: none */
};

struct filter_set {
	struct filter_rule *v; /* in the order they were added */
	size_t n, cap;
	size_t *tried; /* indices of the rules not hashed, ascending */
	size_t ntried, tried_cap;
	size_t *buckets; /* of hashed rules: 1 + the latest; 0: none */
	size_t nbuckets; /* a power of two, or 0 before the first rule */
	bool fold_case; /* set before adding: ASCII letters match either case */
};

/* filter_set_add: one line, as glob_parse reads it, and with its results. */
int filter_set_add(
    struct filter_set *s, const char *line, size_t n, const char **why);

/* filter_set_last: the last pattern to match this tree path, or NULL. Only
   reads, so that threads may ask side by side. */
const struct glob *filter_set_last(
    const struct filter_set *s, const char *path, size_t n, bool is_dir);

void filter_set_free(struct filter_set *s);

#endif
