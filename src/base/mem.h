/*
 * mem.h - allocation that never returns NULL.
 *
 * When the system has no memory left, one line is printed and the process ends
 * at once. That is honest here: a run may be killed at any instant anyway, and
 * the next one recovers. Sizes that come from a file are range-checked before
 * they reach this module.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

#include "base/compiler.h"

/* mem_alloc: *size* bytes, not initialised (at least one byte is given). */
void *mem_alloc(size_t size);

/* mem_zero: *count* elements of *size* bytes, all zero. */
void *mem_zero(size_t count, size_t size);

/* mem_resize: *p* (or NULL) resized to *count* elements of *size* bytes. */
void *mem_resize(void *p, size_t count, size_t size);

/*
 * mem_grow: make room for *need* elements of *size* bytes in the array *p*
 * that has room for *\*cap*; grows by half at least, so that appending one
 * element at a time stays linear.
 */
void *mem_grow(void *p, size_t *cap, size_t need, size_t size);

/* mem_copy: a fresh copy of *n* bytes with a NUL behind them. */
char *mem_copy(const void *p, size_t n);

/* mem_string: a fresh copy of the string *s*. */
char *mem_string(const char *s);

/* mem_exhausted: say that memory ran out, and end the process. */
NORETURN void mem_exhausted(void);

#endif
