/*
 * hash.h - the content hash as a value (XXH3, 128 bits); the only includer of
 * xxhash.h.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hash {
	uint64_t hi, lo;
};

struct hash_stream; /* a hash in the making */

/* hash_of: the hash of *n* bytes. */
struct hash hash_of(const void *bytes, size_t n);

/* A stream: begin, feed any number of pieces, end (which may be followed by
   more feeding: it gives the hash so far). hash_close releases it. */
struct hash_stream *hash_open(void);
void hash_restart(struct hash_stream *s);
void hash_feed(struct hash_stream *s, const void *bytes, size_t n);
struct hash hash_end(const struct hash_stream *s);
void hash_close(struct hash_stream *s);

bool hash_equal(struct hash a, struct hash b);

/* 32 hexadecimal digits and a NUL. */
enum { HASH_HEX_SIZE = 33 };

/* hash_hex: into *buf* of HASH_HEX_SIZE bytes; returns *buf*. */
char *hash_hex(char *buf, struct hash h);

/* hash_parse: from exactly 32 hexadecimal digits of either case; -1 when they
   are not. */
int hash_parse(struct hash *out, const char *hex, size_t n);

/* hash_put, hash_get: the 16 bytes of the canonical (big-endian) form. */
void hash_put(unsigned char *buf, struct hash h);
struct hash hash_get(const unsigned char *buf);

#endif
