/*
 * str.h - a growable byte string.
 *
 * Always NUL-terminated behind its length, also when empty, so that s.p can be
 * handed to a C function at any time; may hold NUL bytes itself. What is added
 * may not lie in the string itself, which moves as it grows.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"

struct str {
	char *p; /* the bytes and a NUL; points at a constant "" when empty */
	size_t len; /* without the NUL */
	size_t cap; /* allocated bytes; 0 when nothing is */
};

/* An empty string; no allocation. */
#define STR_INIT ((struct str){.p = (char *)"", .len = 0, .cap = 0})

/* str_free: release the memory; *s* is an empty string again. */
void str_free(struct str *s);

/* str_clear: empty, keeping the memory for reuse. */
void str_clear(struct str *s);

/* str_reserve: make room for *more* bytes behind the present ones. */
void str_reserve(struct str *s, size_t more);

/* str_add, str_addn, str_addc: append a string, n bytes, one byte. */
void str_add(struct str *s, const char *text);
void str_addn(struct str *s, const void *bytes, size_t n);
void str_addc(struct str *s, char c);

/* str_addf, str_vaddf: append formatted text. */
void str_addf(struct str *s, const char *fmt, ...) PRINTF_LIKE(2, 3);
void str_vaddf(struct str *s, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);

/* str_set: replace the content by *text*. */
void str_set(struct str *s, const char *text);

/* str_cut: shorten to *len* bytes; *len* is at most the present length. */
void str_cut(struct str *s, size_t len);

/* str_take: hand the bytes to the caller, who frees them; *s* is empty. */
char *str_take(struct str *s);

/* str_ends: does *s* end with *tail*? */
bool str_ends(const struct str *s, const char *tail);

#endif
