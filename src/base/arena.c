#include "base/arena.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Big enough that a tree of a million entries needs few, small enough that a
   profile of twenty files wastes nothing anybody would notice. */
enum { CHUNK_SIZE = 256 * 1024 };

/* The strictest of the types we store; max_align_t would say more than any of
   them needs, and MSVC's C mode lacks it. */
union aligned {
	void *p;
	int64_t i;
	double d;
};

struct arena_chunk {
	struct arena_chunk *older;
	union aligned data[];
};

static void
add_chunk(struct arena *a, size_t size)
{
	if (size > SIZE_MAX - sizeof(struct arena_chunk))
		mem_exhausted();
	struct arena_chunk *c = mem_alloc(sizeof(*c) + size);
	c->older = a->chunks;
	a->chunks = c;
	a->next = (char *)c->data;
	a->left = size;
	a->total += sizeof(*c) + size;
}

/* A thing larger than a chunk gets one of its own, placed behind the newest so
   that the newest keeps its free bytes. */
static void *
alloc_large(struct arena *a, size_t size)
{
	struct arena_chunk *newest = a->chunks;
	char *next = a->next;
	size_t left = a->left;
	add_chunk(a, size);
	struct arena_chunk *large = a->chunks;
	if (newest == NULL) {
		a->left = 0;
		return large->data;
	}
	large->older = newest->older;
	newest->older = large;
	a->chunks = newest;
	a->next = next;
	a->left = left;
	return large->data;
}

static char *
take(struct arena *a, size_t size)
{
	if (size > a->left) {
		if (size > CHUNK_SIZE / 4)
			return alloc_large(a, size);
		add_chunk(a, CHUNK_SIZE);
	}
	char *p = a->next;
	a->next += size;
	a->left -= size;
	return p;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	size_t odd = (uintptr_t)a->next % sizeof(union aligned);
	if (odd > 0) {
		size_t pad = sizeof(union aligned) - odd;
		if (pad > a->left)
			pad = a->left;
		a->next += pad;
		a->left -= pad;
	}
	/* At least one byte, so that nothing is a pointer like any other. */
	return take(a, size > 0 ? size : 1);
}

void *
arena_zero(struct arena *a, size_t count, size_t size)
{
	if (size > 0 && count > SIZE_MAX / size)
		mem_exhausted();
	void *p = arena_alloc(a, count * size);
	memset(p, 0, count * size);
	return p;
}

char *
arena_copy(struct arena *a, const void *bytes, size_t n)
{
	if (n == SIZE_MAX)
		mem_exhausted();
	char *p = take(a, n + 1);
	if (n > 0)
		memcpy(p, bytes, n);
	p[n] = '\0';
	return p;
}

void
arena_join(struct arena *a, struct arena *from)
{
	assert(a != from);
	struct arena_chunk **oldest = &a->chunks;
	while (*oldest != NULL)
		oldest = &(*oldest)->older;
	*oldest = from->chunks;
	a->total += from->total;
	*from = ARENA_INIT;
}

void
arena_free(struct arena *a)
{
	for (struct arena_chunk *c = a->chunks; c != NULL;) {
		struct arena_chunk *older = c->older;
		free(c);
		c = older;
	}
	*a = ARENA_INIT;
}
