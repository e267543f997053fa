#include "store/zip/flate.h"

#include <stdlib.h>

#include <zlib.h>

#include "base/mem.h"

struct inflate {
	z_stream z;
};

struct deflate {
	z_stream z;
};

/* Deflated bytes as a zip has them: without a header of zlib's own. */
enum { RAW_WINDOW = -MAX_WBITS };

/* More than this at once does not fit zlib's counters everywhere. */
enum { STEP_MAX = 1 << 30 };

static unsigned
clamp(size_t n)
{
	return n < STEP_MAX ? (unsigned)n : STEP_MAX;
}

/* ---- packing ------------------------------------------------------------- */

/* zlib's own choice. Smaller tables are cleared faster between two files, and
   cost more than that in what collides in them. */
enum { MEMORY = 8 };

struct deflate *
deflate_new(void)
{
	struct deflate *d = mem_zero(1, sizeof(*d));
	if (deflateInit2(&d->z, Z_BEST_SPEED, Z_DEFLATED, RAW_WINDOW, MEMORY,
		Z_DEFAULT_STRATEGY) != Z_OK)
		mem_exhausted();
	return d;
}

void
deflate_begin(struct deflate *d)
{
	/* Fails only when it was never begun. */
	(void)deflateReset(&d->z);
}

/* One step; whether there may be more to come out. */
static bool
pack(z_stream *z, struct str *out, const unsigned char **in, size_t *left,
    bool last)
{
	enum { ROOM = 64 * 1024 };
	unsigned n = clamp(*left);
	/* What is never compared with anything larger fits in one go. */
	uLong bound = n < ROOM ? deflateBound(z, n) : ROOM;
	str_reserve(out, bound);
	/* zlib's type for input is not const everywhere; it only reads. */
	z->next_in = (z_const Bytef *)*in;
	z->avail_in = n;
	z->next_out = (Bytef *)out->p + out->len;
	z->avail_out = (uInt)bound;
	int rc = deflate(z, last && n == *left ? Z_FINISH : Z_NO_FLUSH);
	out->len += bound - z->avail_out;
	out->p[out->len] = '\0';
	*in += n - z->avail_in;
	*left -= n - z->avail_in;
	return last ? rc != Z_STREAM_END : *left > 0 || z->avail_out == 0;
}

void
deflate_next(
    struct deflate *d, struct str *out, const void *bytes, size_t n, bool last)
{
	const unsigned char *in = bytes;
	while (pack(&d->z, out, &in, &n, last))
		continue;
}

void
deflate_all(struct deflate *d, struct str *out, const void *bytes, size_t n)
{
	deflate_begin(d);
	deflate_next(d, out, bytes, n, true);
}

void
deflate_destroy(struct deflate *d)
{
	if (d == NULL)
		return;
	(void)deflateEnd(&d->z);
	free(d);
}

/* ---- unpacking ----------------------------------------------------------- */

struct inflate *
inflate_new(void)
{
	struct inflate *i = mem_zero(1, sizeof(*i));
	if (inflateInit2(&i->z, RAW_WINDOW) != Z_OK)
		mem_exhausted();
	return i;
}

void
inflate_restart(struct inflate *i)
{
	/* Fails only when it was never begun. */
	(void)inflateReset(&i->z);
}

int
inflate_go(
    struct inflate *i, struct inflate_step *step, bool *done, struct err *e)
{
	unsigned in = clamp(step->in_left), out = clamp(step->out_left);
	/* zlib's type for input is not const everywhere; it only reads. */
	i->z.next_in = (z_const Bytef *)step->in;
	i->z.avail_in = in;
	i->z.next_out = step->out;
	i->z.avail_out = out;
	int rc = inflate(&i->z, Z_NO_FLUSH);
	step->in += in - i->z.avail_in;
	step->in_left -= in - i->z.avail_in;
	step->out += out - i->z.avail_out;
	step->out_left -= out - i->z.avail_out;
	*done = rc == Z_STREAM_END;
	if (rc == Z_MEM_ERROR)
		mem_exhausted();
	/* Z_BUF_ERROR: nothing to do it with, or no room. */
	return rc == Z_OK || rc == Z_STREAM_END || rc == Z_BUF_ERROR
	    ? 0
	    : err_set(e, ERR_CORRUPT, "zip: it cannot be unpacked");
}

void
inflate_destroy(struct inflate *i)
{
	if (i == NULL)
		return;
	(void)inflateEnd(&i->z);
	free(i);
}

/* ---- the checksum -------------------------------------------------------- */

uint32_t
flate_crc(uint32_t crc, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	uLong sum = crc;
	while (n > 0) {
		unsigned step = clamp(n);
		sum = crc32(sum, p, step);
		p += step;
		n -= step;
	}
	return (uint32_t)sum;
}
