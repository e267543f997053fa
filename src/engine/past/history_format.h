/*
 * history_format.h - the history's names and lines, shared by the one who
 * writes them and the one who reads them. Nobody else includes this.
 */
#ifndef ENGINE_PAST_HISTORY_FORMAT_H
#define ENGINE_PAST_HISTORY_FORMAT_H

#include "engine/past/history.h"

#define HISTORY_NAME "history.jsonl"
#define HISTORY_OLD_NAME "history.1.jsonl" /* the one before */

enum {
	HISTORY_SIZE = 1024 * 1024, /* of a file that is full */
	/* A line that begins in a full file may still be longer. */
	HISTORY_READ = 4 * HISTORY_SIZE,
	HISTORY_PATHS = 200,        /* listed with a run … */
	HISTORY_PATH_BYTES = 16384, /* … and how long all of them may be */
};

/* history_parse: take in one line: a run of its own, or more about one that is
   there. -1 when it is none of ours. */
int history_parse(struct history *h, const char *line, size_t n, struct err *e);

#endif
