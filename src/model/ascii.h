/*
 * ascii.h - letters and digits of ASCII, whatever the locale says.
 */
#ifndef MODEL_ASCII_H
#define MODEL_ASCII_H

#include <stdbool.h>
#include <stddef.h>

static inline char
ascii_lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c + ('a' - 'A'));
	return c;
}

static inline bool
ascii_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* ascii_same: are they the same *n* bytes but for the case of letters? */
static inline bool
ascii_same(const char *a, const char *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ascii_lower(a[i]) != ascii_lower(b[i]))
			return false;
	return true;
}

#endif
