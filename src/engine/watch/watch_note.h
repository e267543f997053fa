/*
 * watch_note.h - what a watch is doing, for whoever asks from outside.
 *
 * The file "watch" in the profile's state directory, written when that changes
 * and removed when the watch ends. The file names the process, so that one left
 * behind by a crash fools nobody. A lock beside it ("watch-lock") keeps a
 * profile from being watched twice; a sync needs another one, and only while it
 * is at work.
 */
#ifndef ENGINE_WATCH_WATCH_NOTE_H
#define ENGINE_WATCH_WATCH_NOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "config/config.h"
#include "platform/plat_fs.h"

enum watch_state {
	WATCH_IDLE,       /* nothing to do: waiting for a change */
	WATCH_PAUSED,     /* the profile is */
	WATCH_RUNNING,    /* waiting for the application to end */
	WATCH_NO_CLOUD,   /* waiting for the cloud folder to come back */
	WATCH_REFUSED,    /* the last sync did not end well; trying again */
	WATCH_BACKING_OFF /* it did not several times; trying seldom */
};

struct watch_note {
	enum watch_state state;
	int64_t pid;
	uint64_t started;  /* of the process */
	int64_t since;     /* seconds since 1970: in this state */
	int64_t next;      /* when it tries again; 0 where that is open */
	uint64_t refusals; /* in a row */
	struct str reason; /* why, any bytes; may be empty */
};

/* watch_state_name: "idle", "paused", "running", "no_cloud", "refused",
   "backing_off". */
const char *watch_state_name(enum watch_state s);

/*
 * watch_note_read: what the watch of this profile is doing. Returns 1 when
 * none is up. Changes nothing. *out* must be released either way.
 */
int watch_note_read(
    struct watch_note *out, const struct config *c, struct err *e);

void watch_note_free(struct watch_note *n);

/* ---- for the watch itself ---- */

/* A watch's place in the state directory. */
struct watch_post {
	struct plat_dir *state;
	struct plat_file lock;
};

/* watch_post_take: ERR_LOCKED when the profile is watched already. */
int watch_post_take(
    struct watch_post *out, const struct config *c, struct err *e);

/* watch_post_write: *n* is what is so now. */
int watch_post_write(
    struct watch_post *p, const struct watch_note *n, struct err *e);

/* watch_post_leave: there is no watch any more. */
void watch_post_leave(struct watch_post *p);

#endif
