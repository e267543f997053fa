/*
 * num.h - numbers from text and back.
 *
 * Parsing takes the whole text or nothing: no leading blanks, no trailing
 * rubbish, no silent overflow.
 */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* num_parse: decimal, with an optional '-'; -1 when it is no number or lies
   outside [min, max]. */
int num_parse(int64_t *out, const char *s, size_t n, int64_t min, int64_t max);

/* num_parse_duration: "90", "90s", "15m", "2h", "1d" as seconds up to *max*. */
int num_parse_duration(int64_t *out, const char *s, size_t n, int64_t max);

/* num_parse_clock: "HH:MM", 00:00 to 23:59, as minutes after midnight. */
int num_parse_clock(int *out, const char *s, size_t n);

/* num_hex: append *n* bytes as lower-case hexadecimal digits. */
void num_hex(struct str *out, const void *bytes, size_t n);

/* num_unhex: append the bytes; -1 (nothing appended) for an odd count or a
   character that is no digit. */
int num_unhex(struct str *out, const char *hex, size_t n);

/* num_size: append "0 B", "999 B", "1.2 kB", "34 MB": 1000-based, at most
   three digits that matter. */
void num_size(struct str *out, uint64_t bytes);

/* num_count: append with thousands separated: "1,234,567". */
void num_count(struct str *out, uint64_t n);

/* num_duration: append "0.4 s", "12 s", "3 min 5 s", "2 h 4 min", "3 days";
   always rounded down. */
void num_duration(struct str *out, uint64_t milliseconds);

#endif
