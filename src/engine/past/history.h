/*
 * history.h - which runs there were, and what became of them.
 *
 * One JSON object a line in the state directory (docs/formats.md): a line when
 * a run is about to write, and one when it has ended; a run that changed
 * nothing has only the second. A first line without a second is a run that
 * never finished. What a recovered run came to is told by the run that finished
 * it, under the dead one's id.
 *
 * The history is for people and never stops a run: what goes wrong while it is
 * written is a note. It is bounded: a full file makes room for a new one, and
 * only one full file is kept.
 */
#ifndef ENGINE_PAST_HISTORY_H
#define ENGINE_PAST_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/stamp.h"
#include "base/strlist.h"
#include "config/config.h"
#include "engine/write/totals.h"
#include "platform/plat_fs.h"

/* One path a run did something about. */
struct history_path {
	char *path; /* NULL: it is not told any more */
	size_t path_len;
	char *op; /* as JSON names it: "copy", "delete", … */
	char *to; /* "local", "cloud", "both" */
};

struct history_run {
	char *id;
	char *command;      /* "sync", "restore", … */
	struct stamp began; /* to the second */
	struct stamp ended;
	bool finished;     /* it, or a later run in its place, came to an end */
	char *result;      /* as JSON names it; NULL where it is not known */
	char *message;     /* why it did not end well; NULL */
	char *snapshot;    /* id; NULL: none */
	char *finished_by; /* the run that recovered it; NULL */
	bool changed;      /* it wrote to a folder */
	struct totals totals;
	struct history_path *paths; /* the first of them */
	size_t npaths, cap_paths;
	size_t more_paths; /* and so many that are not listed */
};

/* ---- writing: by whoever holds the profile's lock ---- */

/* history_begin: *run*'s id, command and began; before its first write. */
int history_begin(struct plat_dir *state, const struct history_run *run,
    bool durable, struct err *e);

/* history_end: all of *run*. */
int history_end(struct plat_dir *state, const struct history_run *run,
    bool durable, struct err *e);

/* history_add_path: to *run*, as long as there is room. */
void history_add_path(struct history_run *run, const char *path, size_t n,
    const char *op, const char *to);

/* ---- reading ---- */

struct history {
	struct history_run *v; /* the oldest first */
	size_t n, cap;
	struct strlist notes; /* lines that could not be read */
};

/*
 * history_load: what is known of *c*'s runs. Lines that are damaged are passed
 * over with a note that names file and line. Fails only where there is a state
 * directory, or a file in it, that cannot be read.
 */
int history_load(struct history *out, const struct config *c, struct err *e);
void history_free(struct history *h);

/* history_find: the run whose id begins with *id*. NULL, and *e* says why, when
   there is none or more than one. */
struct history_run *history_find(
    const struct history *h, const char *id, struct err *e);

/* history_learn_paths: all its paths, if its snapshot is still there to tell.
 */
void history_learn_paths(struct history_run *run, const struct config *c);

/* history_last_good: the newest applying run that did all that was asked;
   NULL. */
const struct history_run *history_last_good(const struct history *h);

void history_run_free(struct history_run *run);

#endif
