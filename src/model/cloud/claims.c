#include "model/cloud/claims.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/ascii.h"

/* ---- machines ---- */

uint32_t
roster_find(const struct roster *r, const char *id)
{
	size_t n = strlen(id);
	for (size_t i = 0; i < r->ids.n; i++)
		if (strlen(r->ids.v[i]) == n && ascii_same(r->ids.v[i], id, n))
			return (uint32_t)i;
	return ROSTER_NOBODY;
}

uint32_t
roster_add(struct roster *r, const char *id)
{
	uint32_t found = roster_find(r, id);
	if (found != ROSTER_NOBODY)
		return found;
	strlist_add(&r->ids, id);
	return (uint32_t)(r->ids.n - 1);
}

void
roster_free(struct roster *r)
{
	strlist_free(&r->ids);
}

uint64_t
seen_get(const struct seen *s, uint32_t machine)
{
	return machine < s->n ? s->v[machine] : 0;
}

void
seen_raise(struct seen *s, uint32_t machine, uint64_t generation)
{
	if (machine >= s->n) {
		s->v = mem_resize(s->v, machine + 1, sizeof(*s->v));
		while (s->n <= machine)
			s->v[s->n++] = 0;
	}
	if (s->v[machine] < generation)
		s->v[machine] = generation;
}

void
seen_join(struct seen *s, const struct seen *from)
{
	for (size_t i = 0; i < from->n; i++)
		if (from->v[i] > 0)
			seen_raise(s, (uint32_t)i, from->v[i]);
}

void
seen_free(struct seen *s)
{
	free(s->v);
	*s = (struct seen){.v = NULL};
}

/* ---- claims ---- */

bool
version_same(const struct version *a, const struct version *b)
{
	return a->type == b->type && a->size == b->size &&
	    hash_equal(a->hash, b->hash);
}

bool
claim_has(const struct claim *c, const struct version *v)
{
	for (unsigned i = 0; i < c->n; i++)
		if (version_same(&c->v[i], v))
			return true;
	return false;
}

void
claim_add(struct claim *c, const struct version *v)
{
	if (c->n < CLAIM_VERSIONS && !claim_has(c, v))
		c->v[c->n++] = *v;
}

void
claims_begin(struct claims *c)
{
	c->ended = !c->next(c);
}

void
claims_next(struct claims *c)
{
	if (!c->ended)
		c->ended = !c->next(c);
}
