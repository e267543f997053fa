#include "base/hash.h"

#include <string.h>
#include <xxhash.h>

#include "base/mem.h"

/* The library's state wants an alignment of its own, so it allocates. */
static XXH3_state_t *
state_of(struct hash_stream *s)
{
	return (XXH3_state_t *)s;
}

static struct hash
from_xxh(XXH128_hash_t h)
{
	return (struct hash){.hi = h.high64, .lo = h.low64};
}

struct hash
hash_of(const void *bytes, size_t n)
{
	return from_xxh(XXH3_128bits(bytes, n));
}

struct hash_stream *
hash_open(void)
{
	XXH3_state_t *state = XXH3_createState();
	if (state == NULL)
		mem_exhausted();
	XXH3_128bits_reset(state);
	return (struct hash_stream *)state;
}

void
hash_restart(struct hash_stream *s)
{
	XXH3_128bits_reset(state_of(s));
}

void
hash_feed(struct hash_stream *s, const void *bytes, size_t n)
{
	if (n > 0)
		XXH3_128bits_update(state_of(s), bytes, n);
}

struct hash
hash_end(const struct hash_stream *s)
{
	return from_xxh(XXH3_128bits_digest((const XXH3_state_t *)s));
}

void
hash_close(struct hash_stream *s)
{
	XXH3_freeState(state_of(s));
}

bool
hash_equal(struct hash a, struct hash b)
{
	return a.hi == b.hi && a.lo == b.lo;
}

static void
put_u64(unsigned char *buf, uint64_t v)
{
	for (int i = 7; i >= 0; i--) {
		buf[i] = (unsigned char)v;
		v >>= 8;
	}
}

static uint64_t
get_u64(const unsigned char *buf)
{
	uint64_t v = 0;
	for (int i = 0; i < 8; i++)
		v = v << 8 | buf[i];
	return v;
}

void
hash_put(unsigned char *buf, struct hash h)
{
	put_u64(buf, h.hi);
	put_u64(buf + 8, h.lo);
}

struct hash
hash_get(const unsigned char *buf)
{
	return (struct hash){.hi = get_u64(buf), .lo = get_u64(buf + 8)};
}

char *
hash_hex(char *buf, struct hash h)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char bytes[16];
	hash_put(bytes, h);
	for (size_t i = 0; i < sizeof(bytes); i++) {
		buf[2 * i] = digits[bytes[i] >> 4];
		buf[2 * i + 1] = digits[bytes[i] & 15];
	}
	buf[2 * sizeof(bytes)] = '\0';
	return buf;
}

/* Sixteen digits of either case. */
static int
parse_u64(uint64_t *out, const char *hex)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	uint64_t v = 0;
	for (int i = 0; i < 16; i++) {
		const char *at = memchr(digits, hex[i], sizeof(digits) - 1);
		if (at == NULL)
			return -1;
		uint64_t digit = (uint64_t)(at - digits);
		v = v << 4 | (digit < 16 ? digit : digit - 6);
	}
	*out = v;
	return 0;
}

int
hash_parse(struct hash *out, const char *hex, size_t n)
{
	struct hash h;
	if (n != HASH_HEX_SIZE - 1 || parse_u64(&h.hi, hex) < 0 ||
	    parse_u64(&h.lo, hex + 16) < 0)
		return -1;
	*out = h;
	return 0;
}
