#include "base/strlist.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
strlist_addn(struct strlist *l, const char *s, size_t n)
{
	l->v = mem_grow(l->v, &l->cap, l->n + 2, sizeof(*l->v));
	l->v[l->n++] = mem_copy(s, n);
	l->v[l->n] = NULL;
}

void
strlist_add(struct strlist *l, const char *s)
{
	strlist_addn(l, s, strlen(s));
}

bool
strlist_has(const struct strlist *l, const char *s)
{
	for (size_t i = 0; i < l->n; i++) {
		if (strcmp(l->v[i], s) == 0)
			return true;
	}
	return false;
}

bool
strlist_shares(const struct strlist *a, const struct strlist *b)
{
	for (size_t i = 0; i < a->n; i++)
		if (strlist_has(b, a->v[i]))
			return true;
	return false;
}

static int
cmp_strings(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void
strlist_sort(struct strlist *l)
{
	if (l->n > 1)
		qsort(l->v, l->n, sizeof(*l->v), cmp_strings);
}

void
strlist_clear(struct strlist *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i]);
	l->n = 0;
	if (l->cap > 0)
		l->v[0] = NULL;
}

void
strlist_free(struct strlist *l)
{
	strlist_clear(l);
	free(l->v);
	*l = STRLIST_INIT;
}
