/*
 * zipstream.h - the content of one entry of an archive, piece by piece.
 *
 * A stream is used for one entry after another; several threads may read one
 * archive, each with a stream of its own.
 */
#ifndef STORE_ZIP_ZIPSTREAM_H
#define STORE_ZIP_ZIPSTREAM_H

#include "store/zip/zipread.h"

struct zipstream;

struct zipstream *zipstream_new(void);

/* zipstream_check: ERR_UNSUPPORTED when *entry* is encrypted or packed in
   another way than zip tools do by default; ERR_CORRUPT when its sizes do not
   go together. Nothing of it is read. */
int zipstream_check(const struct zipread_entry *entry, struct err *e);

/*
 * zipstream_begin: from now on it reads *entry* of *z*. ERR_CORRUPT when the
 * entry's own header does not say what the archive's directory says of it, and
 * whatever zipstream_check finds.
 */
int zipstream_begin(struct zipstream *s, const struct zipread *z,
    const struct zipread_entry *entry, struct err *e);

/*
 * zipstream_next: the next piece, which lives until the next call; *n* is 0 at
 * the end, and only then is the content known to have the size and checksum it
 * is said to have. Never more than that size is handed out.
 */
int zipstream_next(
    struct zipstream *s, const void **bytes, size_t *n, struct err *e);

/* zipstream_destroy: NULL is fine. */
void zipstream_destroy(struct zipstream *s);

#endif
