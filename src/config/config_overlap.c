/*
 * Two places overlap when there is a directory that lies on the way to both,
 * and behind it the rest of one is where the rest of the other begins. That
 * the two ways to that directory differ in name does not matter, so a bind
 * mount needs no rule of its own; and "the same name" is the case where the
 * directory is the root.
 */
#include "config/config_overlap.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "base/unicode.h"
#include "platform/plat_fs.h"

/* So deep a directory is looked at; what is deeper is known by name only. */
enum { STEPS_MAX = 1000 };

static void
open_step(struct plat_dir **dir, const struct config_place *p, size_t len,
    struct err *e)
{
	struct str native = STR_INIT;
	str_addn(&native, p->path, len);
	if (len == 0 || p->path[len - 1] == ':')
		str_addc(&native, '/');
	if (plat_dir_open(dir, native.p, e) != 0)
		*dir = NULL;
	str_free(&native);
}

/* Note what is known of the directory that the first *len* bytes of the path
   name. False when there is nothing, and so nothing behind it either. */
static bool
add_step(struct config_place *p, size_t len)
{
	struct err e;
	struct plat_dir *dir;
	struct plat_stat st;
	struct plat_volume volume;
	struct config_step step = {.len = len};
	open_step(&dir, p, len, &e);
	if (dir == NULL && e.code != ERR_ACCESS && len > 0)
		return false;
	if (dir != NULL && plat_dir_stat(&st, dir, NULL) == 0) {
		step.dev = st.dev;
		step.ino = st.ino;
	}
	/* The last one that is there decides: the rest will be made on it. */
	if (dir != NULL && plat_volume(&volume, dir, NULL) == 0)
		p->fold_case = volume.fold_case;
	plat_dir_close(dir);
	p->steps = mem_grow(p->steps, &p->cap, p->n + 1, sizeof(*p->steps));
	p->steps[p->n++] = step;
	return p->n < STEPS_MAX;
}

int
config_place_look(struct config_place *out, const char *native, struct err *e)
{
	struct str path = STR_INIT;
	*out = (struct config_place){.path = NULL};
	if (plat_canonical(&path, native, e) != 0) {
		str_free(&path);
		return -1;
	}
	while (path.len > 0 && path.p[path.len - 1] == '/')
		str_cut(&path, path.len - 1);
	size_t n = path.len;
	out->path = str_take(&path);
	bool more = add_step(out, 0);
	for (size_t i = 1; i <= n && more; i++)
		if (i == n || out->path[i] == '/')
			more = add_step(out, i);
	return 0;
}

void
config_place_free(struct config_place *p)
{
	free(p->path);
	free(p->steps);
	*p = (struct config_place){.path = NULL};
}

/* Do the two steps stand for one directory? The root does not need to be
   looked at to be the root. */
static bool
is_same_step(const struct config_step *a, const struct config_step *b)
{
	if (a->len == 0 && b->len == 0)
		return true;
	return a->ino != 0 && a->ino == b->ino && a->dev == b->dev;
}

/* What of the place's path stands behind the step, in the form in which two
   of them can be compared. */
static void
add_rest(struct str *out, const struct config_place *p,
    const struct config_step *step, bool fold_case)
{
	const char *rest = p->path + step->len;
	while (*rest == '/')
		rest++;
	if (fold_case)
		unicode_fold(out, rest, strlen(rest));
	else
		str_add(out, rest);
}

static bool
rests_nest(const struct config_place *a, const struct config_step *as,
    const struct config_place *b, const struct config_step *bs)
{
	bool fold_case = a->fold_case || b->fold_case;
	struct str x = STR_INIT, y = STR_INIT;
	add_rest(&x, a, as, fold_case);
	add_rest(&y, b, bs, fold_case);
	bool nest = path_within(x.p, x.len, y.p, y.len) ||
	    path_within(y.p, y.len, x.p, x.len);
	str_free(&x);
	str_free(&y);
	return nest;
}

bool
config_place_overlaps(
    const struct config_place *a, const struct config_place *b)
{
	for (size_t i = 0; i < a->n; i++)
		for (size_t k = 0; k < b->n; k++)
			if (is_same_step(&a->steps[i], &b->steps[k]) &&
			    rests_nest(a, &a->steps[i], b, &b->steps[k]))
				return true;
	return false;
}
