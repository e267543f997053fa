/*
 * snapid.h - what a snapshot's id says: YYYYMMDDTHHMMSSZ-<machine>-<4 hex>.
 */
#ifndef STORE_SNAPSHOT_SNAPID_H
#define STORE_SNAPSHOT_SNAPID_H

#include <stdbool.h>
#include <stddef.h>

#include "base/stamp.h"

struct snapid {
	struct stamp time;
	const char *machine; /* in the id; not NUL-terminated */
	size_t machine_len;
};

/* snapid_read: false when the *n* bytes are no id of ours. */
bool snapid_read(struct snapid *out, const char *id, size_t n);

#endif
