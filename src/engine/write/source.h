/*
 * source.h - where new content comes from: a side's tree, or a snapshot.
 *
 * What is staged (stage.h) is opened, unpacked or read here, and looks the same
 * from there on. May: read. Never follows a link, and never trusts what a
 * snapshot says of itself: its content is compared with its manifest's hash.
 */
#ifndef ENGINE_WRITE_SOURCE_H
#define ENGINE_WRITE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"
#include "engine/write/dircache.h"
#include "engine/write/site.h"
#include "platform/plat_thread.h"
#include "store/snapshot/snapread.h"

/* One thing to be had. */
struct source {
	enum side side;
	const char *path; /* in the side's tree … */
	size_t path_len;
	const struct snap_entry *kept; /* … or, not NULL, in the snapshot */
	bool exec_bit;                 /* it is known who may execute it */
};

/* A snapshot that many threads draw from, one at a time. */
struct source_snapshot {
	struct snapread *snapshot;
	struct plat_mutex *lock;
};

/* What a thread brings along to open many. */
struct tap {
	struct dircache tree[SIDES];
	const struct source_snapshot *kept; /* NULL: there is none */
};

void tap_init(struct tap *t, const struct site sites[SIDES],
    const struct source_snapshot *kept);
void tap_forget(struct tap *t); /* close directories kept open */
void tap_free(struct tap *t);

enum { SOURCE_GONE = 1, SOURCE_PACKED };

/* source_open: a file, to be read or cloned; *st* is what it is. SOURCE_GONE:
   it is not there; SOURCE_PACKED: it can only be unpacked. */
int source_open(struct plat_file *out, struct plat_stat *st, struct tap *t,
    const struct source *s, struct err *e);

/* source_unpack: hand its content to *fn*, piece by piece; all of it is right
   only when this has returned 0. */
int source_unpack(struct tap *t, const struct source *s, zipread_fn *fn,
    void *arg, struct err *e);

/* source_target: append where a link leads; SOURCE_GONE as above. */
int source_target(
    struct str *out, struct tap *t, const struct source *s, struct err *e);

#endif
