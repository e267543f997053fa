#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/unicode.h"
#include "store/snapshot/snapshot_work.h"

/* ---- finding ------------------------------------------------------------- */

/* One directory being listed. */
struct listing {
	struct kepts *k;
	const char *dir;
	size_t tree; /* where the tree path begins behind the top directory */
	enum side side;
	unsigned layer;
	struct err *e;
};

/* Where names differ in case only and are the same, one directory may have
   been asked for under two of them. */
static const char *
make_key(struct kepts *k, const char *path, size_t n, size_t *key_len)
{
	if (!k->fold) {
		*key_len = n;
		return path;
	}
	struct str key = STR_INIT;
	unicode_fold(&key, path, n);
	const char *copy = arena_copy(&k->arena, key.p, key.len);
	*key_len = key.len;
	str_free(&key);
	return copy;
}

static void
add_dir(struct kepts *k, const char *path)
{
	k->dirs =
	    mem_grow(k->dirs, &k->dirs_cap, k->ndirs + 1, sizeof(*k->dirs));
	k->dirs[k->ndirs++] = path;
}

static int
add_listed(void *arg, const char *name, size_t len, const struct plat_stat *st,
    const struct err *why)
{
	struct listing *l = arg;
	struct kepts *k = l->k;
	if (st == NULL) {
		*l->e = *why;
		return -1;
	}
	struct str path = STR_INIT;
	str_add(&path, l->dir);
	path_join(&path, name, len);
	const char *copy = arena_copy(&k->arena, path.p, path.len);
	if (st->type == PLAT_DIR) {
		add_dir(k, copy);
	} else if (st->type != PLAT_OTHER) {
		k->v = mem_grow(k->v, &k->cap, k->n + 1, sizeof(*k->v));
		struct kept *kept = &k->v[k->n++];
		*kept = (struct kept){.path = copy,
		    .len = path.len,
		    .tree = (uint32_t)l->tree,
		    .side = (uint8_t)l->side,
		    .layer = (uint8_t)l->layer,
		    .st = *st};
		kept->key = make_key(
		    k, copy + l->tree, path.len - l->tree, &kept->key_len);
	}
	str_free(&path);
	return 0;
}

static int
list_dir(struct listing *l, struct plat_dir *root, struct err *e)
{
	struct plat_dir *d;
	int rc = plat_dir_sub(&d, root, l->dir, e);
	if (rc != 0)
		return rc;
	rc = plat_list(d, add_listed, l, e);
	plat_dir_close(d);
	return rc;
}

/* Everything below one top directory, the directories nearest to it first.
   1: there is no such top. */
static int
find_below(struct kepts *k, struct plat_dir *root, enum side side,
    unsigned layer, struct err *e)
{
	struct str top = STR_INIT;
	struct plat_stat st;
	snapshot_side(&top, side, layer);
	struct listing l = {
	    .k = k, .side = side, .layer = layer, .tree = top.len + 1, .e = e};
	int rc = plat_stat(&st, root, top.p, e);
	size_t first = k->ndirs;
	if (rc == 0)
		add_dir(k, arena_copy(&k->arena, top.p, top.len));
	for (size_t i = first; rc == 0 && i < k->ndirs; i++) {
		l.dir = k->dirs[i];
		rc = list_dir(&l, root, e);
		if (rc == 1)
			rc = err_set(e, ERR_NOTFOUND, "'%s' vanished", l.dir);
	}
	str_free(&top);
	return rc;
}

static int
by_path(const void *a, const void *b)
{
	const struct kept *x = a, *y = b;
	if (x->side != y->side)
		return (int)x->side - (int)y->side;
	int order = path_cmp(x->key, x->key_len, y->key, y->key_len);
	if (order != 0)
		return order;
	if (x->layer != y->layer)
		return (int)x->layer - (int)y->layer;
	return strcmp(x->path, y->path);
}

int
kepts_find(struct kepts *k, struct plat_dir *root, struct err *e)
{
	struct plat_volume volume;
	*k = (struct kepts){.arena = ARENA_INIT};
	if (plat_volume(&volume, root, e) != 0)
		return -1;
	k->fold = volume.fold_case;
	for (enum side side = SIDE_LOCAL; side < SIDES; side++) {
		int rc = 0;
		for (unsigned layer = 0; rc == 0 && layer <= UINT8_MAX; layer++)
			rc = find_below(k, root, side, layer, e);
		if (rc < 0) {
			kepts_free(k);
			return -1;
		}
	}
	if (k->n > 0)
		qsort(k->v, k->n, sizeof(*k->v), by_path);
	return 0;
}

void
kepts_free(struct kepts *k)
{
	free(k->v);
	free((void *)k->dirs);
	arena_free(&k->arena);
	memset(k, 0, sizeof(*k));
}

/* ---- whose it is --------------------------------------------------------- */

bool
kept_is(const struct kept *kept, const struct fingerprint *f)
{
	bool type = kept->st.type == PLAT_LINK ? f->type == ENTRY_LINK
					       : f->type == ENTRY_FILE;
	/* A link may have had to become a file; and a file system with coarse
	   times keeps them only roughly. */
	return (type || f->type == ENTRY_LINK) && kept->st.size == f->size &&
	    stamp_near(kept->st.mtime, f->mtime, 2);
}

/* The first one under the path, or behind where it would be. */
static size_t
lower_bound(const struct kepts *k, const struct kept *key)
{
	size_t low = 0, high = k->n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (by_path(&k->v[mid], key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

struct kept *
kepts_claim(struct kepts *k, const struct intent *i)
{
	struct kept key = {.side = i->side, .path = ""};
	struct kept *found = NULL;
	bool exact = false;
	key.key = make_key(k, i->path, i->path_len, &key.key_len);
	for (size_t at = lower_bound(k, &key); at < k->n && !exact; at++) {
		struct kept *kept = &k->v[at];
		if (kept->side != key.side ||
		    path_cmp(kept->key, kept->key_len, key.key, key.key_len) !=
			0)
			break;
		if (kept->claimed)
			continue;
		/* Somebody may have written to it since it was displaced: if
		   none looks as it did, it is the first. */
		exact = kept_is(kept, &i->victim);
		if (exact || found == NULL)
			found = kept;
	}
	if (found != NULL)
		found->claimed = true;
	return found;
}

/* ---- reading ------------------------------------------------------------- */

static int
missing(const struct kept *kept, struct err *e)
{
	return err_set(e, ERR_NOTFOUND, "'%s' vanished", kept->path);
}

/* What its owner may not read has to be readable here. */
static int
open_readable(
    struct plat_file *out, struct plat_dir *d, const char *name, struct err *e)
{
	struct err why;
	int rc = plat_open(out, d, name, &why);
	if (rc >= 0)
		return rc;
	if (why.code == ERR_ACCESS && plat_chmod(d, name, 0600, NULL) == 0)
		return plat_open(out, d, name, e);
	*e = why;
	return -1;
}

int
kept_open(struct plat_file *out, struct kept *kept, struct snapdir *dir,
    struct err *e)
{
	struct plat_dir *d;
	const char *name;
	uint32_t mode = kept->st.mode;
	int rc = snapdir_at(dir, kept->path, kept->len, &d, &name, e);
	if (rc == 0)
		rc = open_readable(out, d, name, e);
	if (rc != 0)
		return rc < 0 ? -1 : missing(kept, e);
	if (plat_file_stat(&kept->st, *out, e) != 0) {
		(void)plat_close(out, NULL);
		return -1;
	}
	kept->st.mode = mode;
	return 0;
}

int
kept_target(
    struct str *out, struct kept *kept, struct snapdir *dir, struct err *e)
{
	struct plat_dir *d;
	const char *name;
	int rc = snapdir_at(dir, kept->path, kept->len, &d, &name, e);
	if (rc == 0)
		rc = plat_stat(&kept->st, d, name, e);
	if (rc != 0)
		return rc < 0 ? -1 : missing(kept, e);
	if (kept->st.type != PLAT_LINK)
		return err_set(e, ERR_TYPE, "'%s' changed", kept->path);
	return plat_readlink(out, d, name, e);
}
