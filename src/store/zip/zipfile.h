/*
 * zipfile.h - writing a zip archive in one pass.
 *
 * Names are UTF-8 in the archive, and marked so, on every system. Entries are
 * deflated, as fast as that goes, or stored where that makes them no smaller.
 * Archives and entries may be as large as they like; only what needs the
 * 64-bit form of the format is written in it. A zip holds no time before 1980:
 * earlier ones are clamped, and whoever needs them exactly keeps them beside
 * (the snapshot's manifest does).
 */
#ifndef STORE_ZIP_ZIPFILE_H
#define STORE_ZIP_ZIPFILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/stamp.h"
#include "base/str.h"
#include "platform/plat_fs.h"
#include "store/zip/zippiece.h"

struct zipfile; /* an archive being written */

/* zipfile_create: begin an archive in the new, empty file *f*, which the
   caller keeps and closes. */
int zipfile_create(struct zipfile **out, struct plat_file f, struct err *e);

/*
 * zipfile_add: one regular file: name (zipname_add is applied to it),
 * permission bits and mtime, and the content of *from*, from its start to the
 * end it has now: what others append meanwhile stays out. A file that shrinks
 * while it is read is ERR_BUSY. After a failure in the middle of an entry the
 * archive can only be abandoned; zipfile_finish then reports the same error.
 */
int zipfile_add(struct zipfile *z, const char *name, uint32_t mode,
    struct stamp mtime, struct plat_file from, struct err *e);

/* zipfile_add_text: as zipfile_add, with the content at hand. */
int zipfile_add_text(struct zipfile *z, const char *name, struct stamp mtime,
    const struct str *text, struct err *e);

/* zipfile_add_piece: all entries of *p*, which stays as it is. */
int zipfile_add_piece(
    struct zipfile *z, const struct zippiece *p, struct err *e);

/* zipfile_hash: of the content of the entry added last by one of the first two,
   as it was read. */
struct hash zipfile_hash(const struct zipfile *z);

/* zipfile_finish: write the directory; releases *z*, also on failure. The
   caller syncs the file. */
int zipfile_finish(struct zipfile *z, struct err *e);

/* zipfile_abandon: release *z* without finishing. NULL is fine. */
void zipfile_abandon(struct zipfile *z);

#endif
