/*
 * lock.h - one run at a time.
 *
 * Two locks are taken before anything is read: one for the profile (in its
 * state directory) and one for the canonical local root (in a directory shared
 * by all profiles of the user), so that two profiles over one folder exclude
 * each other too. They are the system's own locks: a dead holder holds nothing,
 * whatever its file says. The file names pid, start time and host for people,
 * and is empty while nobody holds it.
 */
#ifndef STORE_LOCK_H
#define STORE_LOCK_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

struct lock;

/* The name of the profile's lock in its state directory. */
#define LOCK_NAME "lock"

/*
 * lock_take: *state_dir* is the profile's (native path, created when missing),
 * *shared_dir* the place of the locks on roots (created when missing), and
 * *local_root* the canonical local root. ERR_LOCKED, naming the holder, when
 * another run has one of them.
 */
int lock_take(struct lock **out, const char *state_dir, const char *shared_dir,
    const char *local_root, struct err *e);

/*
 * lock_is_held: would lock_take be refused now? Appends what is known of the
 * holder (any bytes, possibly none), or why that cannot be told. Creates and
 * writes nothing. To find out it holds a free lock for an instant; lock_take
 * waits that long before it gives up.
 */
bool lock_is_held(struct str *who, const char *state_dir,
    const char *shared_dir, const char *local_root);

void lock_release(struct lock *l); /* NULL is fine */

#endif
