/*
 * mounts.h - the mount table.
 */
#ifndef PLATFORM_LINUX_MOUNTS_H
#define PLATFORM_LINUX_MOUNTS_H

#include <sys/types.h>

#include "base/str.h"

/* mounts_type: append the type of the mounted device *dev*, as in "fuse.sshfs";
   -1 when the table does not list it or cannot be read. */
int mounts_type(struct str *out, dev_t dev);

/* mounts_type_of: the same for one line of /proc/self/mountinfo. */
int mounts_type_of(struct str *out, const char *line, dev_t dev);

#endif
