/*
 * marker.h - what tells one cloud folder from another.
 *
 * A marker is the file ".coldsync/id-<32 hexadecimal digits>" below the cloud
 * root. Only its name counts: it is made empty, never opened, and so never
 * downloaded. The first machine makes one; a folder may come to hold several,
 * when two machines were the first before either heard of the other.
 *
 * A name that is none of ours is somebody else's business and left alone. A
 * marker's name on anything but a regular file, or ".coldsync" on anything but
 * a directory, is refused: it would bind us to a folder that is elsewhere.
 */
#ifndef STORE_MARKER_H
#define STORE_MARKER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/strlist.h"
#include "platform/plat_fs.h"

#define MARKER_DIR ".coldsync"

enum {
	MARKER_NAME_SIZE = 36, /* "id-", the digits and a NUL */
	MARKERS_MAX = 1000,    /* in one folder; more is ERR_CORRUPT */
};

/* marker_is_name: "id-" and exactly 32 hexadecimal digits in lower case? */
bool marker_is_name(const char *name, size_t n);

/* marker_invent: write a name nobody else has into *name* of MARKER_NAME_SIZE
   bytes. */
int marker_invent(char *name, struct err *e);

/* marker_list: append the names of the markers below the root *cloud*, sorted;
   none where there is no ".coldsync". Changes nothing. */
int marker_list(struct strlist *out, struct plat_dir *cloud, struct err *e);

/* marker_put: *cloud* has the marker *name* (it is fine when it had it) when
   this returns, durably. ".coldsync" is created where it is missing. */
int marker_put(struct plat_dir *cloud, const char *name, struct err *e);

#endif
