/*
 * A world as trees and a ledger.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "support/world.h"

/* ---- trees -----------------------------------------------------------------
 */

struct hash
hash_of_content(enum entry_type type, char content)
{
	char bytes[2] = {type == ENTRY_LINK ? '>' : '=', content};
	return hash_of(bytes, sizeof(bytes));
}

static bool
is_child(const struct node *n, const char *dir)
{
	size_t parent = path_parent(n->path, strlen(n->path));
	return parent == strlen(dir) && memcmp(n->path, dir, parent) == 0;
}

static void
fill_entry(struct tree *t, struct entry *e, const struct node *n)
{
	size_t len = strlen(n->path), name = path_name(n->path, len);
	e->name = arena_copy(&t->arena, n->path + name, len - name);
	e->name_len = (uint16_t)(len - name);
	e->type = (uint8_t)n->type;
	e->unknown = (uint8_t)n->unknown;
	e->mtime_sec = n->mtime[0];
	e->ino = e->nlink = (uint8_t)n->content;
	if (n->exec[0])
		e->flags |= ENTRY_EXEC;
	if (n->extends)
		e->flags |= ENTRY_EXTENDS;
	if (n->content != '\0')
		e->size = content_size(n->content);
	if (n->type == ENTRY_LINK)
		tree_set_hash(t, e, hash_of_content(n->type, n->content));
}

/* A small generator, the same everywhere. */
static unsigned
next_number(unsigned *state)
{
	*state = *state * 1103515245U + 12345U;
	return *state >> 16;
}

static void
shuffle_entries(struct tree_dir *d, unsigned *state)
{
	for (size_t i = d->n; i > 1; i--) {
		size_t k = next_number(state) % i;
		struct entry e = d->v[i - 1];
		d->v[i - 1] = d->v[k];
		d->v[k] = e;
	}
}

static struct tree_dir *
build_dir(
    struct tree *t, const struct nodes *v, const char *dir, unsigned *shuffle)
{
	struct tree_dir *d = arena_zero(&t->arena, 1, sizeof(*d));
	d->v = arena_zero(&t->arena, v->n, sizeof(*d->v));
	for (size_t i = 0; i < v->n; i++) {
		if (!is_child(&v->v[i], dir))
			continue;
		struct entry *e = &d->v[d->n++];
		fill_entry(t, e, &v->v[i]);
		if (e->type == ENTRY_DIR)
			e->u.dir = build_dir(t, v, v->v[i].path, shuffle);
	}
	shuffle_entries(d, shuffle);
	tree_sort(d);
	return d;
}

/* ---- ledger ----------------------------------------------------------------
 */

static int
compare_nodes(const void *a, const void *b)
{
	const struct node *x = a, *y = b;
	return path_cmp(x->path, strlen(x->path), y->path, strlen(y->path));
}

static void
build_record(struct agreed_record *r, struct str *names, const struct node *n)
{
	r->path_at = names->len;
	r->path_len = (uint32_t)strlen(n->path);
	str_addn(names, n->path, r->path_len);
	r->type = (uint8_t)n->type;
	if (n->content != '\0') {
		struct hash h = hash_of_content(n->type, n->content);
		r->size = content_size(n->content);
		r->hash_hi = h.hi;
		r->hash_lo = h.lo;
	}
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		r->side[s].mtime_sec = n->mtime[s];
		r->side[s].ino = (uint8_t)n->content;
		if (n->present[s])
			r->flags |= (uint8_t)(AGREED_PRESENT << s);
		if (n->exec[s])
			r->flags |= (uint8_t)(AGREED_EXEC << s);
	}
}

static void
build_ledger(struct planned *out, const struct nodes *ledger)
{
	struct nodes sorted = {.v = NULL};
	sorted.v = mem_zero(ledger->n, sizeof(*sorted.v));
	sorted.n = ledger->n;
	if (sorted.n > 0)
		memcpy(sorted.v, ledger->v, sorted.n * sizeof(*sorted.v));
	if (sorted.n > 1)
		qsort(sorted.v, sorted.n, sizeof(*sorted.v), compare_nodes);
	struct agreed_record *v = mem_zero(sorted.n, sizeof(*v));
	out->names = STR_INIT;
	for (size_t i = 0; i < sorted.n; i++)
		build_record(&v[i], &out->names, &sorted.v[i]);
	out->agreed =
	    (struct agreed){.v = v, .n = sorted.n, .names = out->names.p};
	free(sorted.v);
}

/* ---- both -----------------------------------------------------------------
 */

void
world_build(struct planned *out, const struct world *w, unsigned shuffle)
{
	memset(out, 0, sizeof(*out));
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		struct tree *t = &out->trees[s];
		tree_init(t);
		t->root.u.dir = build_dir(t, &w->side[s], "", &shuffle);
		tree_finish(t);
	}
	build_ledger(out, &w->ledger);
}

void
world_unbuild(struct planned *p)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		tree_free(&p->trees[s]);
	free((void *)p->agreed.v);
	str_free(&p->names);
	memset(p, 0, sizeof(*p));
}
