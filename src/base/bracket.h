/*
 * bracket.h - what a glob may write between '[' and ']'.
 *
 * Behind '[' and, to negate, '!' or '^' stand characters, ranges such as
 * "a-z", and the POSIX classes such as "[:digit:]" (of ASCII). A ']' in the
 * first place stands for itself, and so does what follows a '\'.
 */
#ifndef BASE_BRACKET_H
#define BASE_BRACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* bracket_len: the length of the bracket that begins at *p* with '['; 0 when
   it has no end or names a class that does not exist. */
size_t bracket_len(const char *p, size_t n);

/* bracket_takes: is *cp* (as utf8_step gives it) in the bracket, which is all
   of *p*? With *fold* an ASCII letter is tried in both cases. */
bool bracket_takes(const char *p, size_t n, int32_t cp, bool fold);

/* bracket_char: the character at *p*, or behind the '\' there: in a bracket
   and outside. Returns its length with the '\'; 0 when there is none. */
size_t bracket_char(const char *p, size_t n, int32_t *cp);

#endif
