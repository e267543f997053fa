/*
 * progress.h - how far a run is, on one line of a terminal.
 *
 * The line goes to standard error, is drawn again at most ten times a second
 * and is gone when the run has ended. Several threads may report at once.
 */
#ifndef CLI_OUT_PROGRESS_H
#define CLI_OUT_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* What is known at one moment. */
struct progress_state {
	size_t steps, all_steps;
	uint64_t bytes, all_bytes;
	uint64_t elapsed; /* milliseconds since the first write */
};

/* progress_line: append the line for *s*, at most *width* columns wide. */
void progress_line(
    struct str *out, const struct progress_state *s, size_t width);

struct progress;

/* progress_new: NULL, which every function here takes and which shows nothing,
   unless *wanted* (CLI_PROGRESS_…, 0 as auto) and the terminal say yes. */
struct progress *progress_new(int wanted, bool quiet);

/* progress_total, progress_step: as struct run_options wants them; *arg* is
   the progress. What is reported comes on top of what was. */
void progress_total(void *arg, size_t steps, uint64_t bytes);
void progress_step(void *arg, size_t steps, uint64_t bytes);

/* progress_end: wipe the line and release it. */
void progress_end(struct progress *p);

#endif
