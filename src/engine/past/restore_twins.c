/*
 * Names that are two in the snapshot and one where it is to go.
 *
 * A machine that tells case and composition apart may well have had "A" and
 * "a". Where the folder cannot hold both, one would come back over the other.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/path.h"
#include "engine/past/restore.h"
#include "model/plan/names.h"

struct twin {
	const char *key; /* what the folder makes of the path */
	size_t key_len;
	const struct snap_entry *entry;
};

static int
by_key(const void *a, const void *b)
{
	const struct twin *x = a, *y = b;
	return path_cmp(x->key, x->key_len, y->key, y->key_len);
}

/* The length of the path's first part behind *at*, to its end. */
static size_t
part_end(const char *p, size_t n, size_t at)
{
	while (at < n && p[at] != '/')
		at++;
	return at;
}

/* Is there a part by which they are one, though they are written differently?
   Both have as many parts as their keys. */
static bool
are_twins(const struct twin *a, const struct twin *b)
{
	const struct snap_entry *x = a->entry, *y = b->entry;
	size_t ka = 0, kb = 0, pa = 0, pb = 0;
	while (ka < a->key_len && kb < b->key_len) {
		size_t ea = part_end(a->key, a->key_len, ka);
		size_t eb = part_end(b->key, b->key_len, kb);
		size_t na = part_end(x->path, x->path_len, pa);
		size_t nb = part_end(y->path, y->path_len, pb);
		if (ea - ka != eb - kb ||
		    memcmp(a->key + ka, b->key + kb, ea - ka) != 0)
			return false;
		if (na - pa != nb - pb ||
		    memcmp(x->path + pa, y->path + pb, na - pa) != 0)
			return true;
		ka = ea + 1;
		kb = eb + 1;
		pa = na + 1;
		pb = nb + 1;
	}
	return false;
}

static struct twin
twin_of(const struct snap_entry *en, struct arena *keys)
{
	struct str key = STR_INIT;
	names_key(&key, en->path, en->path_len);
	struct twin t = {.key = arena_copy(keys, key.p, key.len),
	    .key_len = key.len,
	    .entry = en};
	str_free(&key);
	return t;
}

/* Sorted by key, all below what one part folds to stand together: whoever has
   a twin has one beside it. */
int
restore_check_twins(const struct restore_picks *p, struct err *e)
{
	struct arena keys = ARENA_INIT;
	struct twin *v = mem_zero(p->n + 1, sizeof(*v));
	size_t n = 0;
	int rc = 0;
	for (size_t i = 0; i < p->n; i++)
		if (p->picked[i])
			v[n++] = twin_of(p->all[i], &keys);
	if (n > 1)
		qsort(v, n, sizeof(*v), by_key);
	for (size_t i = 1; i < n && rc == 0; i++)
		if (are_twins(&v[i - 1], &v[i]))
			rc = err_set(e, ERR_REFUSED,
			    "'%s' and '%s' would be one name in this folder, "
			    "which ignores case; nothing was restored",
			    v[i - 1].entry->path, v[i].entry->path);
	free(v);
	arena_free(&keys);
	return rc;
}
