/*
 * unicode.h - what needs the Unicode tables; the only includer of utf8proc.h.
 */
#ifndef BASE_UNICODE_H
#define BASE_UNICODE_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/*
 * unicode_fold: append the key under which names collide on a side that
 * ignores case and composition: NFC of the simple case folding of NFD. Bytes
 * that are not UTF-8 go through as they are.
 *
 * Simple, one character for one, because NTFS compares that way: through a
 * table of single upper-case letters. The key is never finer than that table
 * (it also unites a final sigma with a sigma and a composed letter with its
 * parts, which NTFS tells apart). APFS folds fully: to it "ß" and "ss" are one
 * name, and nothing here says so; two such names meet only when the second is
 * put in place, which never replaces what is there.
 */
void unicode_fold(struct str *out, const char *name, size_t n);

/* unicode_nfc: append the composed form; invalid bytes as they are, and a
   single part longer than 1 KiB piece by piece (fold does the same). */
void unicode_nfc(struct str *out, const char *name, size_t n);

/* unicode_width: the columns a printable character takes: 0, 1 or 2. */
int unicode_width(int32_t cp);

#endif
