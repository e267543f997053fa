/*
 * flate.h - packing bytes as a zip has them, unpacking them, and the checksum
 * zip uses; the only includer of zlib.h.
 */
#ifndef STORE_ZIP_FLATE_H
#define STORE_ZIP_FLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

/* ---- packing ------------------------------------------------------------- */

struct deflate; /* the state of one packing, as fast as that goes */

struct deflate *deflate_new(void);

/* deflate_all: append the packed form of *n* bytes to *out*. */
void deflate_all(
    struct deflate *d, struct str *out, const void *bytes, size_t n);

/* deflate_begin, deflate_next: the same in pieces, the last of which says so;
 *out* may be emptied between them. */
void deflate_begin(struct deflate *d);
void deflate_next(
    struct deflate *d, struct str *out, const void *bytes, size_t n, bool last);

/* deflate_destroy: NULL is fine. */
void deflate_destroy(struct deflate *d);

/* ---- unpacking ----------------------------------------------------------- */

struct inflate; /* the state of one unpacking */

/* What one step has before it: packed bytes, and room for unpacked ones. */
struct inflate_step {
	const unsigned char *in;
	size_t in_left;
	unsigned char *out;
	size_t out_left;
};

struct inflate *inflate_new(void);

/* inflate_restart: begin with other bytes. */
void inflate_restart(struct inflate *i);

/*
 * inflate_go: unpack as far as bytes and room go; *step* moves on. *done* when
 * the packed bytes have come to their end, which need not be that of *in*.
 * ERR_CORRUPT when they are no deflated bytes.
 */
int inflate_go(
    struct inflate *i, struct inflate_step *step, bool *done, struct err *e);

/* inflate_destroy: NULL is fine. */
void inflate_destroy(struct inflate *i);

/* ---- the checksum -------------------------------------------------------- */

/* flate_crc: of what *crc* is of (0: of nothing), followed by these bytes. */
uint32_t flate_crc(uint32_t crc, const void *bytes, size_t n);

#endif
