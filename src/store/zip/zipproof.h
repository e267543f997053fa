/*
 * zipproof.h - does an archive hold what it is to hold? For whoever has written
 * one, and means to remove what it was made of.
 */
#ifndef STORE_ZIP_ZIPPROOF_H
#define STORE_ZIP_ZIPPROOF_H

#include "base/hash.h"
#include "store/zip/zipread.h"

struct zipproof;

/* zipproof_new: *z* stays open until zipproof_destroy. */
struct zipproof *zipproof_new(const struct zipread *z);

/* zipproof_holds: 1 when the file called *path* (zipname_add is applied to it)
   unpacks to content with that hash; 0 when it is not there, or differs. */
int zipproof_holds(
    struct zipproof *p, const char *path, struct hash want, struct err *e);

/* zipproof_destroy: NULL is fine. */
void zipproof_destroy(struct zipproof *p);

#endif
