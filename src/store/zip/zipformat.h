/*
 * zipformat.h - the numbers of the zip format; of zipread and zipstream
 * only.
 */
#ifndef STORE_ZIP_ZIPFORMAT_H
#define STORE_ZIP_ZIPFORMAT_H

#include <stdint.h>

#include "store/zip/zipread.h"

/* The parts of a zip, by the numbers they begin with. */
#define LOCAL_MAGIC UINT32_C(0x04034b50)
#define ENTRY_MAGIC UINT32_C(0x02014b50)
#define END_MAGIC UINT32_C(0x06054b50)
#define END64_MAGIC UINT32_C(0x06064b50)
#define LOCATOR_MAGIC UINT32_C(0x07064b50)
#define DESCRIPTOR_MAGIC UINT32_C(0x08074b50)

enum {
	LOCAL_SIZE = 30,
	ENTRY_SIZE = 46,
	END_SIZE = 22,
	END64_SIZE = 56,
	LOCATOR_SIZE = 20,
	COMMENT_MAX = 65535,
	EXTRA_ZIP64 = 1,
	EXTRA_TIME = 0x5455,
	FLAG_ENCRYPTED = 1,
	FLAG_DESCRIPTOR = 8, /* sizes and checksum follow the data */
	FLAG_UTF8 = 0x800,   /* the name is UTF-8 */
	METHOD_STORED = 0,
	METHOD_DEFLATED = 8,
	MADE_ON_UNIX = 3,
	VERSION_PLAIN = 20, /* what unpacking needs */
	VERSION_ZIP64 = 45,
};

static inline uint16_t
get16(const unsigned char *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t
get32(const unsigned char *p)
{
	return (uint32_t)get16(p) | (uint32_t)get16(p + 2) << 16;
}

static inline uint64_t
get64(const unsigned char *p)
{
	return (uint64_t)get32(p) | (uint64_t)get32(p + 4) << 32;
}

/* zipread_broken: ERR_CORRUPT, because of *what*. */
int zipread_broken(struct err *e, const char *what);

/* zipread_part: at least *least* and at most *n* bytes at *at* into *buf*;
   fewer are ERR_CORRUPT. *got* may be NULL when *least* is *n*. */
struct zipread_span {
	uint64_t at;
	size_t least, n;
};
int zipread_part(const struct zipread *z, void *buf, struct zipread_span span,
    size_t *got, struct err *e);

/* zipread_start: where the entries end and the directory begins. */
uint64_t zipread_start(const struct zipread *z);

#endif
