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

/* zipproof_fn: look at the *i*th of what is to be proven: 0 to go on, -1 (with
 *e* filled) to stop. */
typedef int zipproof_fn(void *arg, struct zipproof *p, size_t i, struct err *e);

/* zipproof_each: call *fn* for each of *n* things, from several threads, each
   with a zipproof of its own. */
int zipproof_each(const struct zipread *z, size_t n, zipproof_fn *fn, void *arg,
    struct err *e);

/* zipproof_destroy: NULL is fine. */
void zipproof_destroy(struct zipproof *p);

#endif
