/*
 * zipread.h - reading a zip archive back.
 *
 * The directory at the archive's end says what there is, so that one entry is
 * read without the others. Names are the bytes that are stored, exactly, and
 * not to be trusted: whoever makes files of them checks path_is_safe. Whatever
 * the archive says, reading stays within it and within what it declares: an
 * entry that unpacks to more than its size is ERR_CORRUPT, and so are two
 * entries of one name or in one place.
 */
#ifndef STORE_ZIP_ZIPREAD_H
#define STORE_ZIP_ZIPREAD_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "platform/plat_fs.h"

struct zipread; /* an archive being read */

enum zipread_type {
	ZIPREAD_FILE,
	ZIPREAD_DIR,
	ZIPREAD_LINK,
	ZIPREAD_OTHER, /* a device, or with setuid and the like */
};

struct zipread_entry {
	const char *name; /* not NUL-terminated; lives as long as the reader */
	uint16_t name_len;
	uint16_t mode;   /* permission bits, 0777; 0 when not stored */
	uint16_t method; /* how it is packed */
	uint16_t flags;
	uint8_t type; /* enum zipread_type */
	uint32_t crc; /* CRC-32 of its content */
	uint64_t size;
	uint64_t packed; /* bytes it takes in the archive */
	uint64_t offset; /* of its header */
};

/* zipread_open: read the directory of the archive *f*, which the caller keeps
   open until the end. ERR_CORRUPT when it is none, or a broken one. */
int zipread_open(struct zipread **out, struct plat_file f, struct err *e);

/* zipread_count, zipread_at: the entries as they lie in the archive. */
size_t zipread_count(const struct zipread *z);
const struct zipread_entry *zipread_at(const struct zipread *z, size_t i);

/* zipread_find: the entry of that name; NULL when there is none. */
const struct zipread_entry *zipread_find(
    const struct zipread *z, const char *name, size_t n);

/* A piece of an entry's content: 0 to go on, -1 (with *e* filled) to stop. */
typedef int zipread_fn(void *arg, const void *bytes, size_t n, struct err *e);

/* zipread_content: hand the content of *entry* to *fn*, piece by piece. What
   zipstream.h says of it holds only when this has returned 0. */
int zipread_content(const struct zipread *z, const struct zipread_entry *entry,
    zipread_fn *fn, void *arg, struct err *e);

/* zipread_close: NULL is fine. */
void zipread_close(struct zipread *z);

#endif
