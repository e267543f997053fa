/*
 * log_scene.h - a log in a scratch directory, with a clock that stands still.
 */
#ifndef TESTS_LOG_SCENE_H
#define TESTS_LOG_SCENE_H

#include "base/stamp.h"
#include "engine/log/log.h"
#include "engine/log/log_private.h"
#include "scratch.h"

enum { NOON = 1795262400 }; /* 2026-11-21T12:00:00Z */

/* What the log takes for the time and the zone. */
extern struct stamp scene_now;
extern int scene_offset;

/* scene_setup: a log in *dir*, from noon on. */
struct log_setup scene_setup(const char *dir);

/* The names, joined by blanks, or the text of one file, are exactly this. */
void scene_expect_names(const struct scratch *s, const char *want);
void scene_expect_file(
    const struct scratch *s, const char *name, const char *want);

/* The records such a log writes. */
#define WHO " run_id=run profile=work machine=laptop"
#define LINE(time, event, more)                                                \
	"time=2026-11-" time " level=INFO event=" event WHO more "\n"

#endif
