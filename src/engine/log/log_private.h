/*
 * log_private.h - a log with nothing taken from the configuration or the
 * system's clock, for tests.
 */
#ifndef ENGINE_LOG_LOG_PRIVATE_H
#define ENGINE_LOG_LOG_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/stamp.h"
#include "engine/log/log.h"

struct log_setup {
	const char *dir; /* native path */
	const char *profile;
	const char *machine;
	const char *run_id;
	int level;          /* CONFIG_LOG_DEBUG, … */
	int format;         /* CONFIG_LOG_TEXT, … */
	uint64_t max_bytes; /* of one file */
	int64_t keep_days;  /* 0: for ever */
	bool pack;          /* finished files become zip archives */
	struct stamp (*now)(void);
	int (*zone)(struct stamp t); /* seconds ahead of UTC */
};

/* log_start: what log_open does, once it knows all this. */
struct log *log_start(const struct log_setup *s);

#endif
