/*
 * strlist.h - a growable list of strings it owns.
 */
#ifndef BASE_STRLIST_H
#define BASE_STRLIST_H

#include <stdbool.h>
#include <stddef.h>

struct strlist {
	char **v; /* v[n] is NULL once anything was added */
	size_t n;
	size_t cap;
};

#define STRLIST_INIT ((struct strlist){.v = NULL})

void strlist_add(struct strlist *l, const char *s);
void strlist_addn(struct strlist *l, const char *s, size_t n);
bool strlist_has(const struct strlist *l, const char *s);
/* strlist_shares: is any of *a* in *b*? */
bool strlist_shares(const struct strlist *a, const struct strlist *b);
void strlist_sort(struct strlist *l); /* bytewise */
void strlist_clear(struct strlist *l);
void strlist_free(struct strlist *l);

#endif
