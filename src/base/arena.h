/*
 * arena.h - many small things that die together.
 *
 * One arena holds what a run knows about its trees: entries and their names
 * are packed one behind the other and released in one call. Nothing in an
 * arena is freed or resized on its own.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_chunk;

struct arena {
	struct arena_chunk *chunks; /* newest first; NULL when empty */
	char *next;                 /* first free byte of the newest chunk */
	size_t left;                /* free bytes there */
	size_t total;               /* bytes taken from the system */
};

/* An empty arena; no allocation. */
#define ARENA_INIT ((struct arena){.chunks = NULL})

/* arena_alloc: *size* bytes, aligned for pointers, 64-bit integers and doubles,
   not initialised; never NULL, also for no bytes at all. */
void *arena_alloc(struct arena *a, size_t size);

/* arena_zero: *count* elements of *size* bytes, all zero. */
void *arena_zero(struct arena *a, size_t count, size_t size);

/* arena_copy: *n* bytes and a NUL, packed without alignment. */
char *arena_copy(struct arena *a, const void *bytes, size_t n);

/*
 * arena_join: *a* takes over everything *from* holds; what pointed into *from*
 * stays valid and now lives as long as *a*. *from*, which is another arena, is
 * empty afterwards.
 */
void arena_join(struct arena *a, struct arena *from);

/* arena_free: release everything; *a* is empty again. */
void arena_free(struct arena *a);

#endif
