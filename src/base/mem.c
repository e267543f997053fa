#include "base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The one file that may call the allocators (see banned.h). */
#undef malloc
#undef calloc
#undef realloc

void
mem_exhausted(void)
{
	fputs("coldsync: out of memory\n"
	      "hint: let it have more memory, then run the same command "
	      "again: it goes on from here\n",
	    stderr);
	_Exit(1);
}

static void *
checked(void *p)
{
	if (p == NULL)
		mem_exhausted();
	return p;
}

void *
mem_alloc(size_t size)
{
	return checked(malloc(size > 0 ? size : 1));
}

void *
mem_zero(size_t count, size_t size)
{
	return checked(calloc(count > 0 ? count : 1, size > 0 ? size : 1));
}

void *
mem_resize(void *p, size_t count, size_t size)
{
	if (size > 0 && count > SIZE_MAX / size)
		mem_exhausted();
	size_t bytes = count * size;
	return checked(realloc(p, bytes > 0 ? bytes : 1));
}

void *
mem_grow(void *p, size_t *cap, size_t need, size_t size)
{
	if (need <= *cap)
		return p;
	size_t grown = *cap + *cap / 2;
	*cap = grown > need ? grown : need < 8 ? 8 : need;
	return mem_resize(p, *cap, size);
}

char *
mem_copy(const void *p, size_t n)
{
	if (n == SIZE_MAX)
		mem_exhausted();
	char *copy = mem_alloc(n + 1);
	if (n > 0)
		memcpy(copy, p, n);
	copy[n] = '\0';
	return copy;
}

char *
mem_string(const char *s)
{
	return mem_copy(s, strlen(s));
}
