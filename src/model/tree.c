#include "model/tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"

void
tree_init(struct tree *t)
{
	memset(t, 0, sizeof(*t));
	t->arena = ARENA_INIT;
	t->root.name = "";
	t->root.type = ENTRY_DIR;
	t->root.u.dir = arena_zero(&t->arena, 1, sizeof(*t->root.u.dir));
}

void
tree_free(struct tree *t)
{
	arena_free(&t->arena);
	memset(t, 0, sizeof(*t));
}

static int
compare_names(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	size_t n = x->name_len < y->name_len ? x->name_len : y->name_len;
	int order = memcmp(x->name, y->name, n);
	if (order != 0)
		return order;
	return (x->name_len > y->name_len) - (x->name_len < y->name_len);
}

void
tree_sort(struct tree_dir *d)
{
	if (d->n > 1)
		qsort(d->v, d->n, sizeof(*d->v), compare_names);
}

void
tree_drop_twins(struct tree_dir *d)
{
	size_t kept = 0;
	for (size_t i = 0; i < d->n; i++) {
		bool twin =
		    kept > 0 && compare_names(&d->v[kept - 1], &d->v[i]) == 0;
		if (!twin)
			d->v[kept++] = d->v[i];
		else if (d->v[kept - 1].type == ENTRY_UNKNOWN)
			d->v[kept - 1] = d->v[i];
	}
	d->n = kept;
}

/* Does it lead to anything? Include roots are few and short, so are the ways
   to them. */
static bool
leads_nowhere(struct entry *dir)
{
	bool any = false;
	for (size_t i = 0; i < dir->u.dir->n; i++) {
		struct entry *e = &dir->u.dir->v[i];
		if (e->type == ENTRY_DIR && (e->flags & ENTRY_ON_THE_WAY) &&
		    leads_nowhere(e)) {
			e->type = ENTRY_UNKNOWN;
			e->unknown = UNKNOWN_EXCLUDED;
			e->u.hash = NULL;
		}
		any |= e->type != ENTRY_UNKNOWN;
	}
	return !any;
}

void
tree_prune(struct tree *t)
{
	leads_nowhere(&t->root);
}

static struct entry *
search(const struct tree_dir *d, const char *name, size_t n)
{
	struct entry key = {.name = name, .name_len = (uint16_t)n};
	if (n > UINT16_MAX || d->n == 0)
		return NULL;
	return bsearch(&key, d->v, d->n, sizeof(*d->v), compare_names);
}

struct entry *
tree_child(const struct entry *dir, const char *name, size_t n)
{
	if (dir == NULL || dir->type != ENTRY_DIR)
		return NULL;
	return search(dir->u.dir, name, n);
}

struct entry *
tree_find(const struct tree *t, const char *path, size_t n)
{
	const struct entry *at = &t->root;
	struct entry *found = (struct entry *)at;
	while (n > 0 && found != NULL) {
		const char *slash = memchr(path, '/', n);
		size_t part = slash != NULL ? (size_t)(slash - path) : n;
		found = tree_child(found, path, part);
		if (slash == NULL)
			break;
		path += part + 1;
		n -= part + 1;
	}
	return found;
}

void
tree_set_hash(struct tree *t, struct entry *e, struct hash h)
{
	struct hash *kept = arena_alloc(&t->arena, sizeof(*kept));
	*kept = h;
	e->u.hash = kept;
}

void
tree_begin(
    struct tree_cursor *c, const struct entry *dir, const char *path, size_t n)
{
	memset(c, 0, sizeof(*c));
	c->path = STR_INIT;
	str_addn(&c->path, path, n);
	c->levels = mem_grow(NULL, &c->cap, 1, sizeof(*c->levels));
	c->levels[0] = (struct tree_level){.dir = dir->u.dir, .path_len = n};
	c->depth = 1;
}

static void
descend(struct tree_cursor *c)
{
	c->levels =
	    mem_grow(c->levels, &c->cap, c->depth + 1, sizeof(*c->levels));
	c->levels[c->depth++] = (struct tree_level){
	    .dir = c->entry->u.dir, .path_len = c->path.len};
}

bool
tree_next(struct tree_cursor *c)
{
	if (c->entry != NULL && c->entry->type == ENTRY_DIR)
		descend(c);
	while (c->depth > 0) {
		struct tree_level *top = &c->levels[c->depth - 1];
		str_cut(&c->path, top->path_len);
		if (top->next < top->dir->n) {
			c->entry = &top->dir->v[top->next++];
			path_join(&c->path, c->entry->name, c->entry->name_len);
			return true;
		}
		c->depth--;
	}
	c->entry = NULL;
	return false;
}

void
tree_end(struct tree_cursor *c)
{
	str_free(&c->path);
	free(c->levels);
	memset(c, 0, sizeof(*c));
	c->path = STR_INIT;
}

/* The directories above the entry a cursor stands at. */
static void
mark_ancestors(struct tree *t, const struct tree_cursor *c)
{
	t->root.flags |= ENTRY_HOLDS_UNKNOWN;
	for (size_t i = 0; i + 1 < c->depth; i++) {
		const struct tree_level *l = &c->levels[i];
		l->dir->v[l->next - 1].flags |= ENTRY_HOLDS_UNKNOWN;
	}
}

void
tree_finish(struct tree *t)
{
	struct tree_cursor c;
	tree_begin(&c, &t->root, "", 0);
	t->entries = t->files = 0;
	while (tree_next(&c)) {
		if (c.entry->type == ENTRY_UNKNOWN) {
			mark_ancestors(t, &c);
			continue;
		}
		t->entries++;
		if (entry_is_content(c.entry))
			t->files++;
	}
	tree_end(&c);
}
