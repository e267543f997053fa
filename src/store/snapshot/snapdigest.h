/*
 * snapdigest.h - the digest of a file, kept in another one beside it: the hash,
 * two blanks, the file's name, a line feed, as xxh128sum -c reads it.
 */
#ifndef STORE_SNAPSHOT_SNAPDIGEST_H
#define STORE_SNAPSHOT_SNAPDIGEST_H

#include "base/hash.h"
#include "base/str.h"
#include "platform/plat_fs.h"

/* snapdigest_line: append what stands in it. */
void snapdigest_line(struct str *out, struct hash hash, const char *of);

/* snapdigest_check: *name* in *d* is the digest of *of*, whose hash is *hash*;
   else ERR_CORRUPT. */
int snapdigest_check(struct plat_dir *d, const char *name, const char *of,
    struct hash hash, struct err *e);

#endif
