#include "engine/scan/glance.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "platform/plat_sig.h"

enum { BUFFER_SIZE = 256 * 1024 };

void
glance_init(
    struct glance *g, const struct site sites[SIDES], struct arena *arena)
{
	*g = (struct glance){
	    .sites = sites, .arena = arena, .hash = hash_open()};
	g->buffer = mem_alloc(BUFFER_SIZE);
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		dircache_init(&g->dirs[s], sites[s].root);
}

void
glance_free(struct glance *g)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		dircache_free(&g->dirs[s]);
	hash_close(g->hash);
	free(g->buffer);
}

/* Something found. */
struct spotted {
	struct plat_dir *dir;
	const char *name;
	struct plat_stat st;
};

/* ---- what it is ---- */

static void
be_unknown(struct entry *e, enum entry_unknown why)
{
	e->type = ENTRY_UNKNOWN;
	e->unknown = (uint8_t)why;
}

static void
set_hash(struct glance *g, struct entry *e, struct hash h)
{
	struct hash *kept = arena_alloc(g->arena, sizeof(*kept));
	*kept = h;
	e->u.hash = kept;
}

static int
hash_file(struct hash *out, struct glance *g, struct plat_file f)
{
	uint64_t at = 0;
	size_t got = 1;
	hash_restart(g->hash);
	while (got > 0) {
		if (plat_sig_asked() ||
		    plat_read_at(f, g->buffer, BUFFER_SIZE, at, &got, NULL) !=
			0)
			return -1;
		hash_feed(g->hash, g->buffer, got);
		at += got;
	}
	*out = hash_end(g->hash);
	return 0;
}

static void
read_file(
    struct glance *g, struct entry *e, struct plat_dir *dir, const char *name)
{
	struct plat_file f = PLAT_FILE_NONE;
	struct hash h;
	if (plat_open(&f, dir, name, NULL) == 0 && hash_file(&h, g, f) == 0)
		set_hash(g, e, h);
	else
		be_unknown(e, UNKNOWN_UNREADABLE);
	(void)plat_close(&f, NULL);
}

static void
read_link(
    struct glance *g, struct entry *e, struct plat_dir *dir, const char *name)
{
	struct str target = STR_INIT;
	if (plat_readlink(&target, dir, name, NULL) == 0) {
		e->size = target.len;
		set_hash(g, e, hash_of(target.p, target.len));
	} else {
		be_unknown(e, UNKNOWN_UNREADABLE);
	}
	str_free(&target);
}

static void
describe(struct glance *g, struct entry *e, const struct spotted *at)
{
	const struct plat_stat *st = &at->st;
	e->mode = (uint16_t)(st->mode & 0777);
	e->mtime_sec = st->mtime.sec;
	e->mtime_nsec = st->mtime.nsec;
	e->ctime_sec = st->ctime.sec;
	e->ctime_nsec = st->ctime.nsec;
	e->ino = st->ino;
	switch (st->type) {
	case PLAT_FILE:
		e->type = ENTRY_FILE;
		e->size = st->size;
		e->flags = (st->mode & 0100) != 0 ? ENTRY_EXEC : 0;
		if (st->placeholder)
			be_unknown(e, UNKNOWN_PLACEHOLDER);
		else
			read_file(g, e, at->dir, at->name);
		break;
	case PLAT_DIR:
		e->type = ENTRY_DIR;
		break;
	case PLAT_LINK:
		e->type = ENTRY_LINK;
		read_link(g, e, at->dir, at->name);
		break;
	case PLAT_OTHER:
		be_unknown(e, UNKNOWN_SPECIAL);
		break;
	}
}

/* ---- looking ---- */

/* Returns 1 when there is nothing, nor could be; -1 when that cannot be
   told. */
static int
find(struct spotted *out, struct glance *g, enum side s, const char *path,
    size_t n)
{
	struct err why = {.code = ERR_NONE};
	if (g->sites[s].root == NULL)
		return 1;
	int rc = dircache_at(&g->dirs[s], path, n, &out->dir, &out->name, &why);
	if (rc == 0)
		rc = plat_stat(&out->st, out->dir, out->name, &why);
	return rc < 0 && why.code == ERR_TYPE ? 1 : rc;
}

int
glance_at(const struct entry **out, struct glance *g, enum side s,
    const char *path, size_t n, struct err *e)
{
	struct spotted at;
	*out = NULL;
	if (plat_sig_check(e) != 0)
		return -1;
	int rc = find(&at, g, s, path, n);
	if (rc == 1)
		return 0;
	struct entry *entry = arena_zero(g->arena, 1, sizeof(*entry));
	entry->name = "";
	if (rc < 0)
		be_unknown(entry, UNKNOWN_UNREADABLE);
	else
		describe(g, entry, &at);
	*out = entry;
	return plat_sig_check(e);
}

int
glance_type(uint8_t *out, struct glance *g, enum side s, const char *path,
    size_t n, struct err *e)
{
	static const uint8_t types[] = {
	    [PLAT_FILE] = ENTRY_FILE,
	    [PLAT_DIR] = ENTRY_DIR,
	    [PLAT_LINK] = ENTRY_LINK,
	    [PLAT_OTHER] = ENTRY_UNKNOWN,
	};
	struct spotted at;
	int rc = find(&at, g, s, path, n);
	*out = rc < 0 ? ENTRY_UNKNOWN
	    : rc == 1 ? ENTRY_NONE
		      : types[at.st.type];
	return plat_sig_check(e);
}

static int
note_name(void *arg, const char *name, size_t n, const struct plat_stat *st,
    const struct err *why)
{
	UNUSED(st);
	UNUSED(why);
	strlist_addn(arg, name, n);
	return 0;
}

int
glance_names(struct strlist *out, struct glance *g, enum side s,
    const char *path, size_t n, struct err *e)
{
	struct plat_dir *dir;
	char *copy = mem_copy(path, n);
	int rc = plat_dir_sub(&dir, g->sites[s].root, copy, e);
	free(copy);
	if (rc == 1)
		rc = err_set(e, ERR_NOTFOUND, "it vanished");
	if (rc != 0)
		return -1;
	rc = plat_list(dir, note_name, out, e);
	plat_dir_close(dir);
	strlist_sort(out);
	return rc;
}
