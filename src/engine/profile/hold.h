/*
 * hold.h - a profile held by a command that is no run: its lock and its state
 * directory.
 */
#ifndef ENGINE_PROFILE_HOLD_H
#define ENGINE_PROFILE_HOLD_H

#include "config/config.h"
#include "platform/plat_fs.h"
#include "store/lock.h"

struct hold {
	struct lock *lock;
	struct plat_dir *state; /* NULL: there is none yet */
};

/* hold_take: with *lock* nobody else works on the profile until hold_release;
   without, only the state directory is opened, where there is one, and nothing
   is created. */
int hold_take(
    struct hold *out, const struct config *c, bool lock, struct err *e);

void hold_release(struct hold *h);

#endif
