#include "store/zip/inflate.h"

#include <stdlib.h>

#include <zlib.h>

#include "base/mem.h"

struct inflate {
	z_stream z;
};

/* Deflated bytes as a zip has them: without a header of zlib's own. */
enum { RAW_WINDOW = -MAX_WBITS };

/* More than this at once does not fit zlib's counters everywhere. */
enum { STEP_MAX = 1 << 30 };

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

static unsigned
clamp(size_t n)
{
	return n < STEP_MAX ? (unsigned)n : STEP_MAX;
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

uint32_t
inflate_crc(uint32_t crc, const void *bytes, size_t n)
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
