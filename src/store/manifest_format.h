/*
 * manifest_format.h - the manifest's bytes (docs/formats.md), shared by the one
 * who writes them and the one who reads them. Nobody else includes this.
 */
#ifndef STORE_MANIFEST_FORMAT_H
#define STORE_MANIFEST_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

#define MANIFEST_MAGIC "coldMNFS" /* 8 bytes, no NUL */

enum {
	MANIFEST_VERSION = 1,
	MANIFEST_PARTIAL = 1, /* flag of the header */
	MANIFEST_FRONT = 120, /* bytes of the header */
	MANIFEST_SUM = 16,
	MANIFEST_ID_MAX = 64,
	/* What a record's first byte says, beside the type. */
	MANIFEST_SAME_PATH = 8, /* another version of the path before */
};

/* manifest_is_id: could it be a machine id? */
bool manifest_is_id(const void *p, size_t n);

static inline void
manifest_put_number(struct str *out, uint64_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		str_addc(out, (char)(unsigned char)(v >> (8 * i)));
}

static inline uint64_t
manifest_get_number(const unsigned char *p, int bytes)
{
	uint64_t v = 0;
	for (int i = 0; i < bytes; i++)
		v |= (uint64_t)p[i] << (8 * i);
	return v;
}

/* Seven bits a byte, the lowest first; the top bit says that more follow. */
static inline void
manifest_put_varint(struct str *out, uint64_t v)
{
	for (; v >= 128; v >>= 7)
		str_addc(out, (char)(unsigned char)(v | 128));
	str_addc(out, (char)(unsigned char)v);
}

#endif
