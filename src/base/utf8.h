/*
 * utf8.h - reading UTF-8 one character at a time.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * utf8_next: decode the character at *p* (at least one byte). Sets *cp* and
 * returns its length. For what is not UTF-8 (stray bytes, overlong forms,
 * surrogates, beyond U+10FFFF) *cp* is -1 and the length that of the maximal
 * invalid piece, so that replacing each piece by U+FFFD agrees with everybody
 * else's decoder.
 */
size_t utf8_next(const char *p, size_t n, int32_t *cp);

/* What utf8_step adds to a byte that is no character: beyond all of Unicode. */
enum { UTF8_STRAY = 0x110000 };

/*
 * utf8_step: as utf8_next, for comparing rather than showing: where it is not
 * UTF-8 each byte counts as one character, with a value no other has.
 */
size_t utf8_step(const char *p, size_t n, int32_t *cp);

/* utf8_valid: are all *n* bytes UTF-8? */
bool utf8_valid(const char *p, size_t n);

/* utf8_put: encode *cp* into *buf* (4 bytes); returns the length. */
size_t utf8_put(char *buf, int32_t cp);

#endif
