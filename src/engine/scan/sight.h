/*
 * sight.h - have the two folders of a profile changed?
 *
 * Told by the system where it tells of everything below a folder, else by
 * looking at names, sizes and times. Folders may go and come back. Nothing is
 * written, and no content is read.
 */
#ifndef ENGINE_SCAN_SIGHT_H
#define ENGINE_SCAN_SIGHT_H

#include <stdbool.h>
#include <stdint.h>

#include "config/config.h"
#include "model/entry.h"
#include "platform/plat_watch.h"

struct sight_side {
	const char *path;  /* the config's */
	bool there;        /* it was, at the last look */
	uint64_t dev, ino; /* which directory that was */
	bool polled;       /* the system does not tell of everything */
	uint64_t sum;      /* what it looked like, when *polled* */
};

struct sight {
	struct sight_side side[SIDES];
	struct plat_watch *watch;
};

enum {
	SIGHT_SAME,
	SIGHT_CHANGED,
	SIGHT_MOVED /* a folder came, went, or is another one now */
};

/* sight_open: begin to look. sight_close: zero-safe. */
void sight_open(struct sight *s, const struct config *c);
void sight_close(struct sight *s);

/* sight_wait: sleep until the system tells of a change, at most *ms*, or until
   we are asked to stop. */
int sight_wait(struct sight *s, long ms);

/* sight_look: what the system does not tell: are the folders there, and has one
   that needs looking at changed since the last look? */
int sight_look(struct sight *s);

#endif
