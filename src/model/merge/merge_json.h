/*
 * merge_json.h - the time in one line of JSON.
 */
#ifndef MODEL_MERGE_MERGE_JSON_H
#define MODEL_MERGE_MERGE_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "model/merge/merge_time.h"

/*
 * merge_json_time: when the line (without its '\n') is one JSON object and
 * nothing else, and has a member of its own "ts", "timestamp", "time" or
 * "created_at" that is a number or an ISO 8601 string: its time. Of several
 * such members the first of this list counts; of two with one name the last.
 *
 * Strict: what is not JSON to the letter, or nests deeper than any log does,
 * has no time.
 */
bool merge_json_time(struct merge_time *out, const char *line, size_t n);

#endif
