/*
 * zipentry.h - one entry of an archive being written, and its bytes in front of
 * its content and in the archive's directory; of zippiece and zipfile only.
 */
#ifndef STORE_ZIP_ZIPENTRY_H
#define STORE_ZIP_ZIPENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/stamp.h"
#include "base/str.h"

/* The length of a name is a 16-bit field. */
enum { ZIPENTRY_NAME_MAX = 65535 };

struct zipentry {
	const char *name; /* as it is stored */
	uint16_t name_len;
	uint16_t mode; /* permission bits */
	uint16_t method;
	bool streamed; /* what follows its content says how large it is */
	bool large;    /* … in 64-bit numbers */
	uint32_t dos;  /* its time, and the date above it */
	uint32_t unix_time;
	uint32_t crc;
	uint64_t size, packed;
	uint64_t offset; /* of its bytes in the archive */
};

/* zipentry_name: what *name* is called in an archive, in place of what *out*
   said. ERR_NAME when no archive can hold it. */
int zipentry_name(struct str *out, const char *name, struct err *e);

/* zipentry_time: the times a zip can hold that are nearest to *t*. */
void zipentry_time(struct zipentry *entry, struct stamp t);

/* zipentry_front, zipentry_behind: append what stands in front of its content,
   and behind that of a streamed one. */
void zipentry_front(struct str *out, const struct zipentry *entry);
void zipentry_behind(struct str *out, const struct zipentry *entry);

/* zipentry_listed: append its part of the directory. */
void zipentry_listed(struct str *out, const struct zipentry *entry);

/* zipentry_end: append what ends an archive of *count* entries whose directory
   begins at *start* and is *length* bytes long. */
void zipentry_end(
    struct str *out, uint64_t count, uint64_t start, uint64_t length);

#endif
