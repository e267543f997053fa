/*
 * report.h - all there is to tell about one profile, gathered at one moment.
 *
 * A look: the current plan with both versions of what is in conflict, the runs
 * there were, the snapshots, and where the space goes. Nothing is changed.
 * What cannot be had is left out with a note; only an interruption ends it.
 */
#ifndef ENGINE_REPORT_REPORT_H
#define ENGINE_REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "base/strlist.h"
#include "config/config.h"
#include "engine/past/backups.h"
#include "engine/past/history.h"
#include "engine/run/run.h"

enum {
	REPORT_CONTENT_MAX = 256 * 1024, /* of one version in conflict */
	REPORT_CONFLICTS_MAX = 200,      /* so many are looked into */
};

/* Both versions of what is in conflict. */
struct report_conflict {
	const struct plan_conflict *conflict; /* the run's */
	bool read;                 /* both sides are files, small enough */
	struct str content[SIDES]; /* where *read* */
};

/* What something takes on its disk. */
struct report_space {
	char *name;
	size_t name_len;
	bool dir;
	uint64_t bytes;
	size_t files;
};

struct report_spaces {
	struct report_space *v; /* the largest first */
	size_t n, cap;
	uint64_t bytes; /* of them all */
	size_t files;
};

struct report {
	const struct config *config;
	struct stamp when;

	int rc; /* of the look … */
	struct err why;
	struct run run; /* … and what it found */
	bool paused;
	struct str paused_since;

	struct report_conflict *conflicts;
	size_t nconflicts;

	struct history history;
	struct backups backups;
	uint64_t snapshots_bytes;

	struct report_spaces sides[SIDES]; /* by what is at the top */
	uint64_t logs_bytes;

	struct strlist notes; /* what is missing, and why */
};

/* report_gather: *out* must be released either way. */
int report_gather(struct report *out, const struct config *c, unsigned threads,
    struct err *e);
void report_free(struct report *r);

/* report_check_place: would a file at the native path *file* lie in one of the
   profile's folders, and be mirrored? Then ERR_REFUSED. */
int report_check_place(const struct report *r, const char *file, struct err *e);

/* report_save: *text* becomes the file at the native path *file*. One that is
   there is replaced only if it begins with *mark*: ERR_EXISTS otherwise. */
int report_save(
    const char *file, const char *mark, const struct str *text, struct err *e);

#endif
