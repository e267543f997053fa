#include "cli/resolve/resolve.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "model/plan/unit.h"
#include "platform/plat_env.h"

/* ---- the list ---- */

static struct resolve_item *
add(struct resolve_list *l, const char *path, size_t n)
{
	l->v = mem_grow(l->v, &l->cap, l->n + 1, sizeof(*l->v));
	struct resolve_item *item = &l->v[l->n++];
	memset(item, 0, sizeof(*item));
	item->path = path;
	item->path_len = n;
	return item;
}

/* A file of equal times is a conflict in all but name. */
static void
add_equal(
    struct resolve_list *l, const struct run *run, const struct plan_skipped *s)
{
	struct plan_conflict c = {.kind = PLAN_BOTH_CREATED,
	    .path = s->path,
	    .path_len = s->path_len};
	for (enum side side = SIDE_LOCAL; side < SIDES; side++)
		c.entry[side] =
		    tree_find(&run->trees[side], s->path, s->path_len);
	add(l, s->path, s->path_len)->conflict = c;
}

void
resolve_list(struct resolve_list *out, const struct run *run)
{
	const struct plan *p = &run->plan;
	*out = (struct resolve_list){.v = NULL};
	for (size_t i = 0; i < p->nconflicts; i++) {
		const struct plan_conflict *c = &p->conflicts[i];
		add(out, c->path, c->path_len)->conflict = *c;
	}
	for (size_t i = 0; i < p->nskipped; i++)
		if (p->skipped[i].reason == PLAN_SKIP_EQUAL_MTIME)
			add_equal(out, run, &p->skipped[i]);
}

void
resolve_list_free(struct resolve_list *l)
{
	free(l->v);
	*l = (struct resolve_list){.v = NULL};
}

/* ---- finding what is named ---- */

/* The part of *arg* below one of the roots it names in full, or all of it. */
static const char *
below_root(const char *arg, char *const *roots)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		size_t n = roots[s] != NULL ? strlen(roots[s]) : 0;
		if (n > 0 && strncmp(arg, roots[s], n) == 0 &&
		    (arg[n] == '/' || arg[n] == '\0'))
			return arg + n + (arg[n] == '/');
	}
	return arg;
}

int
resolve_path(struct str *out, const char *arg, char *const *roots)
{
	char *text = mem_string(arg);
	if (strcmp(plat_os(), "windows") == 0)
		for (char *p = text; *p != '\0'; p++)
			*p = (char)(*p == '\\' ? '/' : *p);
	const char *path = below_root(text, roots);
	int rc = path_normalise(out, path, strlen(path));
	free(text);
	return rc;
}

static bool
is_meant(const struct resolve_item *item, const struct str *path)
{
	size_t database = unit_database(path->p, path->len);
	if (path_within(item->path, item->path_len, path->p, path->len))
		return true;
	return item->conflict.group &&
	    (path_within(path->p, path->len, item->path, item->path_len) ||
		(database == item->path_len &&
		    memcmp(path->p, item->path, database) == 0));
}

static int
unknown(const struct resolve_list *l, const char *arg, struct err *e)
{
	const char **names = mem_zero(l->n + 1, sizeof(*names));
	for (size_t i = 0; i < l->n; i++)
		names[i] = l->v[i].path;
	const char *nearest = text_nearest(arg, names);
	if (nearest == NULL && l->n > 0)
		nearest = names[0];
	if (nearest == NULL)
		err_set(e, ERR_USAGE,
		    "there is no conflict at '%s', nor anywhere else", arg);
	else
		err_set(e, ERR_USAGE,
		    "there is no conflict at '%s'; the nearest is '%s'", arg,
		    nearest);
	free(names);
	return -1;
}

int
resolve_pick(struct resolve_list *l, const char *arg, enum plan_take take,
    char *const *roots, struct err *e)
{
	struct str path = STR_INIT;
	bool any = false;
	bool named = resolve_path(&path, arg, roots) == 0;
	for (size_t i = 0; i < l->n && named; i++) {
		if (!is_meant(&l->v[i], &path))
			continue;
		l->v[i].picked = any = true;
		l->v[i].take = take;
	}
	str_free(&path);
	return any ? 0 : unknown(l, arg, e);
}
