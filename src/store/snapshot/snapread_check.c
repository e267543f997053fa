#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/strlist.h"
#include "model/ascii.h"
#include "store/snapshot/snapread_work.h"
#include "store/snapshot/snapshot.h"

/* ---- an archive ---------------------------------------------------------- */

static int
check_packed(
    const struct snapread *r, const struct snap_entry *en, struct err *e)
{
	const struct zipread_entry *entry = snapread_entry(r, en->place);
	if (entry == NULL)
		return err_set(e, ERR_CORRUPT, "'%s' is missing", en->place);
	if (entry->type != ZIPREAD_FILE || entry->size != en->was.size)
		return err_set(e, ERR_CORRUPT,
		    "'%s' is not what the manifest says", en->place);
	return zipstream_check(entry, e);
}

static int
check_zip(const struct snapread *r, struct err *e)
{
	size_t want = 1; /* the manifest */
	for (size_t i = 0; i < r->m.nplaces; i++) {
		const struct snap_entry *en = r->m.places[i].entry;
		if (!en->raw && check_packed(r, en, e) != 0)
			return -1;
		want += !en->raw;
	}
	return zipread_count(r->z) == want
	    ? 0
	    : err_set(e, ERR_CORRUPT,
		  "the archive holds what the manifest does not name");
}

/* ---- what lies in a directory -------------------------------------------- */

/* What was made for things that never came may be there, and is empty; a great
   many of them are not ours. */
enum { EMPTY_MAX = 100000 };

struct listing {
	struct snapread *r;
	struct strlist dirs; /* found so far: each will be listed */
	struct str path;     /* of the one being listed; "" is the top */
	bool raw;            /* beside an archive */
	bool strict;         /* nothing may lie there that is not named */
	size_t found, empty;
	struct err *e;
};

/* Does any place lie in that directory? */
static bool
leads_somewhere(const struct snapmanifest *m, const char *dir, size_t n)
{
	size_t low = 0, high = m->nplaces;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct snap_entry *en = m->places[mid].entry;
		if (path_cmp(en->place, en->place_len, dir, n) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == m->nplaces)
		return false;
	const struct snap_entry *en = m->places[low].entry;
	return path_within(en->place, en->place_len, dir, n);
}

/* Beside what is kept; the last of them a crash may leave. */
static bool
is_ours(const char *name)
{
	return strcmp(name, SNAPSHOT_MANIFEST) == 0 ||
	    strcmp(name, SNAPSHOT_MANIFEST_DIGEST) == 0 ||
	    strcmp(name, SNAPSHOT_SAVING) == 0;
}

/* "local", "cloud", with a number or without. */
static bool
is_top(const char *name, size_t n)
{
	size_t at = 5;
	if (n < 5 ||
	    (memcmp(name, "local", 5) != 0 && memcmp(name, "cloud", 5) != 0))
		return false;
	if (n > 5 && name[at++] != '.')
		return false;
	while (at < n && ascii_is_digit(name[at]))
		at++;
	return at == n;
}

static int
check_dir(struct listing *l, const char *path, size_t n)
{
	bool known = leads_somewhere(&l->r->m, path, n);
	if (l->path.len == 0 && !is_top(path, n) && l->strict)
		return err_set(
		    l->e, ERR_CORRUPT, "'%s' does not belong there", path);
	if (!known && ++l->empty > EMPTY_MAX)
		return err_set(l->e, ERR_CORRUPT, "too many directories");
	strlist_addn(&l->dirs, path, n);
	return 0;
}

static bool
looks_right(const struct snap_entry *en, const struct plat_stat *st)
{
	if (st->type == PLAT_LINK)
		return en->was.type == ENTRY_LINK;
	return st->type == PLAT_FILE &&
	    (st->size == en->was.size || en->unsettled);
}

static int
check_file(
    struct listing *l, const char *path, size_t n, const struct plat_stat *st)
{
	const struct snap_entry *en = snapmanifest_at(&l->r->m, path, n);
	if (en != NULL && en->raw != l->raw)
		en = NULL;
	if (en == NULL && !l->strict)
		return 0;
	if (en == NULL)
		return err_set(l->e, ERR_CORRUPT,
		    "'%s' is there, and the manifest does not name it", path);
	l->found++;
	return looks_right(en, st)
	    ? 0
	    : err_set(l->e, ERR_CORRUPT, "'%s' is not what the manifest says",
		  path);
}

static int
check_listed(void *arg, const char *name, size_t len,
    const struct plat_stat *st, const struct err *why)
{
	struct listing *l = arg;
	if (st == NULL)
		return err_pass(l->e, why);
	if (l->path.len == 0 && st->type == PLAT_FILE && !l->raw &&
	    is_ours(name))
		return 0;
	struct str path = STR_INIT;
	str_addn(&path, l->path.p, l->path.len);
	path_join(&path, name, len);
	int rc = st->type == PLAT_DIR ? check_dir(l, path.p, path.len)
				      : check_file(l, path.p, path.len, st);
	str_free(&path);
	return rc;
}

static int
list_all(struct listing *l, struct plat_dir *root)
{
	int rc = plat_list(root, check_listed, l, l->e);
	for (size_t i = 0; rc == 0 && i < l->dirs.n; i++) {
		struct plat_dir *d;
		str_set(&l->path, l->dirs.v[i]);
		rc = plat_dir_sub(&d, root, l->path.p, l->e);
		if (rc == 1)
			return err_set(
			    l->e, ERR_CORRUPT, "'%s' vanished", l->path.p);
		if (rc == 0) {
			rc = plat_list(d, check_listed, l, l->e);
			plat_dir_close(d);
		}
	}
	return rc;
}

/* The first that was not found. */
static int
name_missing(struct snapread *r, struct err *e)
{
	for (size_t i = 0; i < r->m.nplaces; i++) {
		const struct snap_entry *en = r->m.places[i].entry;
		struct snapdir *in = en->raw ? &r->in_raw : &r->in_root;
		struct plat_dir *d;
		const char *name;
		struct plat_stat st;
		struct err why;
		if (r->zip && !en->raw)
			continue;
		if ((en->raw && r->raw == NULL) ||
		    snapdir_at(in, en->place, en->place_len, &d, &name, &why) !=
			0 ||
		    plat_stat(&st, d, name, &why) != 0)
			return err_set(
			    e, ERR_CORRUPT, "'%s' is missing", en->place);
	}
	return err_set(e, ERR_CORRUPT, "something is missing");
}

/* How many lie in a directory at all. */
static size_t
count_loose(const struct snapread *r)
{
	size_t n = 0;
	for (size_t i = 0; i < r->m.nplaces; i++)
		n += r->m.places[i].entry->raw || !r->zip;
	return n;
}

static int
check_loose(struct snapread *r, struct plat_dir *root, struct err *e)
{
	struct listing l = {.r = r,
	    .dirs = STRLIST_INIT,
	    .path = STR_INIT,
	    .raw = r->zip,
	    /* Beside an archive there is also what was written to after it was
	       packed. */
	    .strict = !r->zip,
	    .e = e};
	int rc = root == NULL ? 0 : list_all(&l, root);
	if (rc == 0 && l.found != count_loose(r))
		rc = name_missing(r, e);
	strlist_free(&l.dirs);
	str_free(&l.path);
	return rc;
}

int
snapread_check(struct snapread *r, struct err *e)
{
	if (!r->zip)
		return check_loose(r, r->root, e);
	return check_zip(r, e) != 0 ? -1 : check_loose(r, r->raw, e);
}
