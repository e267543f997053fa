/*
 * watch_walk.h - every directory of a tree, for systems that watch each.
 */
#ifndef PLATFORM_POSIX_WATCH_WALK_H
#define PLATFORM_POSIX_WATCH_WALK_H

#include "platform/plat_fs.h"

/* Given each directory, as an open descriptor that stays the walk's. Non-zero
   ends the walk. */
typedef int watch_walk_fn(void *arg, int fd);

/*
 * watch_walk: the directory *d* itself, then those below it, a directory before
 * what is in it; links are not followed. What vanishes meanwhile, or may not be
 * listed, is left out. Returns what *fn* ended it with, else 0.
 */
int watch_walk(struct plat_dir *d, watch_walk_fn *fn, void *arg);

#endif
