/*
 * glance.h - what lies at single paths, for who needs no scan of all.
 *
 * May: look and read, never following a link. What it finds are entries as a
 * scan would make them, with their content's hash, but nothing in directories.
 * They live in the glance's arena.
 */
#ifndef ENGINE_SCAN_GLANCE_H
#define ENGINE_SCAN_GLANCE_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/strlist.h"
#include "engine/write/dircache.h"
#include "engine/write/site.h"
#include "model/entry.h"

struct glance {
	const struct site *sites; /* SIDES of them; a root may be NULL */
	struct dircache dirs[SIDES];
	struct arena *arena;
	struct hash_stream *hash;
	char *buffer;
};

void glance_init(
    struct glance *g, const struct site sites[SIDES], struct arena *arena);
void glance_free(struct glance *g);

/*
 * glance_at: *out* is what lies there; NULL where there is nothing, nor could
 * be because a file or link stands above. What cannot be judged (a device, a
 * placeholder, what may not be read) is ENTRY_UNKNOWN, as everywhere. -1 only
 * when asked to stop.
 */
int glance_at(const struct entry **out, struct glance *g, enum side s,
    const char *path, size_t n, struct err *e);

/* glance_type: its type alone (enum entry_type). */
int glance_type(uint8_t *out, struct glance *g, enum side s, const char *path,
    size_t n, struct err *e);

/* glance_names: the names in a directory; -1 when it cannot be listed. */
int glance_names(struct strlist *out, struct glance *g, enum side s,
    const char *path, size_t n, struct err *e);

#endif
