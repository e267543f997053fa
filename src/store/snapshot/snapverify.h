/*
 * snapverify.h - is a snapshot still what it was when it was made?
 *
 * Everything is read: each file against the manifest's hash, the manifest or
 * the whole archive against the digest kept with it. Any flipped bit, missing
 * or extra file is found. Nothing is changed.
 */
#ifndef STORE_SNAPSHOT_SNAPVERIFY_H
#define STORE_SNAPSHOT_SNAPVERIFY_H

#include "base/err.h"
#include "base/strlist.h"
#include "platform/plat_fs.h"

/*
 * snapverify: append what is wrong with the snapshot to *problems*, each a line
 * for people (names as they are); nothing when all is well. Returns -1 only
 * when it could not be found out: ERR_NOTFOUND, ERR_CANCELLED.
 */
int snapverify(struct strlist *problems, struct plat_dir *backups,
    const char *id, struct err *e);

#endif
