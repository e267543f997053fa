/*
 * merge.h - one file out of two that were only appended to.
 *
 * Two machines wrote to the same log, each at its end. When both files still
 * begin with what they once had in common and hold nothing but whole lines
 * behind it, nothing has to be chosen: the merged file has them all. Whatever
 * does not fit this exactly is refused, and stays a conflict.
 *
 * The result is the common beginning, the lines the cloud side added, and
 * those the local side added, without the ones both added. Lines are counted,
 * not only compared: a line that stands twice on one side and once on the other
 * stands twice in the result, because only one of the two can be the other
 * side's. So no line of either side is ever lost, and merging a file with
 * itself changes nothing.
 *
 * JSON lines are instead put in the order of their times, those of equal times
 * as above, when every added line is an object with a time of the same kind
 * (merge_time.h).
 *
 * Where the local side added nothing that the cloud side did not, or the cloud
 * side nothing at all, the other file as it stands is the result.
 */
#ifndef MODEL_MERGE_MERGE_H
#define MODEL_MERGE_MERGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct merge_bytes {
	const char *p;
	size_t n;
};

/* More added lines than these are refused: each costs memory. */
enum { MERGE_LINES_MAX = 1 << 20 };

/*
 * merge_append: append the merged file to *out*. The first *base* bytes of both
 * are what they had in common. Returns false, appending nothing, when they
 * cannot be merged, with *why* saying so in a few words.
 */
bool merge_append(struct str *out, size_t base, struct merge_bytes cloud,
    struct merge_bytes local, const char **why);

/*
 * merge_common: how many bytes of whole lines both texts begin with, where it
 * is not known what they once had in common; 0 also for what is no text.
 */
size_t merge_common(struct merge_bytes a, struct merge_bytes b);

#endif
