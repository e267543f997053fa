/*
 * wide.h - names between WTF-8, as we hold them, and UTF-16, as Windows does.
 *
 * A Windows name is any sequence of 16-bit units; half a surrogate pair may
 * stand alone. WTF-8 is UTF-8 that also spells such a half, in three bytes, so
 * every name survives the way there and back, and no two names become one.
 */
#ifndef PLATFORM_WIN32_WIDE_H
#define PLATFORM_WIN32_WIDE_H

#include <stddef.h>
#include <wchar.h>

#include "base/str.h"

/* wide_from: the *n* bytes as a fresh NUL-terminated UTF-16 string, which the
   caller frees; NULL when they are not WTF-8 or hold a NUL. */
wchar_t *wide_from(const char *s, size_t n);

/* wide_to: append *n* units as WTF-8. */
void wide_to(struct str *out, const wchar_t *w, size_t n);

/* wide_join: *a*, *b* and *c* behind one another, fresh. */
wchar_t *wide_join(const wchar_t *a, const wchar_t *b, const wchar_t *c);

#endif
