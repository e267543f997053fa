/*
 * zippiece.h - some entries of an archive, packed and ready to be written.
 *
 * Packing costs far more than writing: several threads pack, each a piece of
 * its own, and the archive takes one piece after the other
 * (zipfile_add_piece).
 */
#ifndef STORE_ZIP_ZIPPIECE_H
#define STORE_ZIP_ZIPPIECE_H

#include <stddef.h>

#include "store/zip/flate.h"
#include "store/zip/zipentry.h"

struct zippiece {
	struct str bytes; /* of the archive */
	struct str names;
	struct zipentry *v; /* their offsets count from the piece's start */
	size_t n, cap;
	struct str name, front; /* scratch: of the entry being added */
	struct deflate *deflate;
};

void zippiece_init(struct zippiece *p);
void zippiece_free(struct zippiece *p);

/* zippiece_clear: it has no entries any more. */
void zippiece_clear(struct zippiece *p);

/* What an entry is called and says beside its content. */
struct zipentry_about {
	const char *name; /* zipname_add is applied to it */
	uint32_t mode;    /* permission bits */
	struct stamp mtime;
};

/* zippiece_add: one more, with *n* bytes of content. ERR_NAME when no archive
   can hold the name: then nothing was added. */
int zippiece_add(struct zippiece *p, const struct zipentry_about *about,
    const void *bytes, size_t n, struct err *e);

/* zippiece_list: append the entries' part of the directory of an archive in
   which the piece begins at *start*. */
void zippiece_list(
    struct str *directory, const struct zippiece *p, uint64_t start);

#endif
