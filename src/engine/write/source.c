#include "engine/write/source.h"

void
tap_init(struct tap *t, const struct site sites[SIDES],
    const struct source_snapshot *kept)
{
	t->kept = kept;
	for (enum side i = SIDE_LOCAL; i < SIDES; i++)
		dircache_init(&t->tree[i], sites[i].root);
}

void
tap_forget(struct tap *t)
{
	for (enum side i = SIDE_LOCAL; i < SIDES; i++)
		dircache_forget(&t->tree[i]);
}

void
tap_free(struct tap *t)
{
	for (enum side i = SIDE_LOCAL; i < SIDES; i++)
		dircache_free(&t->tree[i]);
}

/* ---- a side's tree ---- */

static int
find(struct plat_dir **dir, const char **name, struct tap *t,
    const struct source *s, struct err *e)
{
	return dircache_at(
	    &t->tree[s->side], s->path, s->path_len, dir, name, e);
}

static int
open_in_tree(struct plat_file *out, struct plat_stat *st, struct tap *t,
    const struct source *s, struct err *e)
{
	struct plat_dir *dir;
	const char *name;
	int rc = find(&dir, &name, t, s, e);
	return rc == 0 ? plat_open_look(out, st, dir, name, e) : rc;
}

static int
read_target(
    struct str *out, struct tap *t, const struct source *s, struct err *e)
{
	struct plat_dir *dir;
	const char *name;
	int rc = find(&dir, &name, t, s, e);
	return rc == 0 ? plat_readlink(out, dir, name, e) : rc;
}

/* ---- both ---- */

int
source_open(struct plat_file *out, struct plat_stat *st, struct tap *t,
    const struct source *s, struct err *e)
{
	if (s->kept == NULL)
		return open_in_tree(out, st, t, s, e);
	plat_mutex_lock(t->kept->lock);
	int rc = snapread_file(out, t->kept->snapshot, s->kept, e);
	plat_mutex_unlock(t->kept->lock);
	if (rc == 0 && plat_file_stat(st, *out, e) < 0) {
		plat_close(out, NULL);
		return -1;
	}
	return rc == 1 ? SOURCE_PACKED : rc;
}

int
source_unpack(struct tap *t, const struct source *s, zipread_fn *fn, void *arg,
    struct err *e)
{
	plat_mutex_lock(t->kept->lock);
	int rc = snapread_content(t->kept->snapshot, s->kept, fn, arg, e);
	plat_mutex_unlock(t->kept->lock);
	return rc;
}

int
source_target(
    struct str *out, struct tap *t, const struct source *s, struct err *e)
{
	if (s->kept == NULL)
		return read_target(out, t, s, e);
	plat_mutex_lock(t->kept->lock);
	int rc = snapread_target(out, t->kept->snapshot, s->kept, e);
	plat_mutex_unlock(t->kept->lock);
	return rc;
}
