#include <string.h>

#include "base/path.h"
#include "store/snapshot/snapshot_work.h"

/* So many things of one path no run displaces. */
enum { LAYERS = 100 };

/* A victim on its way to its place. */
struct coming {
	struct snapshot *s;
	struct snapshot_victim v;
};

/* ---- the very same ------------------------------------------------------- */

static int
hash_file(struct hash *out, struct snapshot *s, struct plat_dir *d,
    const char *name, const struct plat_stat *st, struct err *e)
{
	struct plat_file f = PLAT_FILE_NONE;
	int rc = plat_open(&f, d, name, e);
	if (rc == 1)
		return err_set(e, ERR_NOTFOUND, "'%s' vanished", name);
	if (rc == 0)
		rc = content_hash(out, s, f, st->size, e);
	(void)plat_close(&f, NULL);
	return rc;
}

static int
same_content(const struct coming *c, struct plat_dir *d, const char *name,
    const struct plat_stat *st, struct err *e)
{
	struct hash a = {0}, b = {0};
	if (hash_file(&a, c->s, c->v.dir, c->v.name, st, e) != 0 ||
	    hash_file(&b, c->s, d, name, st, e) != 0)
		return -1;
	return hash_equal(a, b);
}

static int
same_target(
    const struct coming *c, struct plat_dir *d, const char *name, struct err *e)
{
	struct str a = STR_INIT, b = STR_INIT;
	int rc = plat_readlink(&a, c->v.dir, c->v.name, e);
	if (rc == 0)
		rc = plat_readlink(&b, d, name, e);
	if (rc == 0)
		rc = a.len == b.len && memcmp(a.p, b.p, a.len) == 0;
	str_free(&a);
	str_free(&b);
	return rc;
}

/* Is what is kept there already this very thing? Then an earlier try ended
   after it was copied and before its first name was removed. */
static int
same(
    const struct coming *c, struct plat_dir *d, const char *name, struct err *e)
{
	struct plat_stat a, b;
	int ra = plat_stat(&a, c->v.dir, c->v.name, e);
	int rb = ra < 0 ? -1 : plat_stat(&b, d, name, e);
	if (ra != 0 || rb != 0)
		return ra < 0 || rb < 0 ? -1 : 0;
	if (a.type != b.type || a.size != b.size || a.mode != b.mode ||
	    stamp_cmp(a.mtime, b.mtime) != 0)
		return 0;
	if (a.type == PLAT_LINK)
		return same_target(c, d, name, e);
	return a.type == PLAT_FILE ? same_content(c, d, name, &a, e) : 0;
}

/* ---- its place ----------------------------------------------------------- */

/* 1: the place is taken by something else. */
static int
place_in(const struct coming *c, unsigned layer, struct err *e)
{
	struct plat_dir *d;
	const char *name;
	struct str path = STR_INIT;
	struct err why = {.code = ERR_NONE};
	snapshot_side(&path, c->v.side, layer);
	path_join(&path, c->v.path, c->v.path_len);
	int rc = snapdir_at(&c->s->places, path.p, path.len, &d, &name, e);
	str_free(&path);
	if (rc != 0)
		return rc;
	rc = snapshot_move(c->v.dir, c->v.name, d, name, &why);
	if (rc == 0)
		return 0;
	if (why.code != ERR_EXISTS) {
		*e = why;
		return -1;
	}
	rc = same(c, d, name, e);
	if (rc != 1)
		return rc < 0 ? -1 : 1;
	if (c->s->about.durable && snapdir_sync(&c->s->places, e) != 0)
		return -1;
	return plat_unlink(c->v.dir, c->v.name, e) < 0 ? -1 : 0;
}

static int
place(const struct coming *c, struct err *e)
{
	int rc = 1;
	for (unsigned layer = 0; rc == 1 && layer < LAYERS; layer++)
		rc = place_in(c, layer, e);
	if (rc == 1)
		return err_set(
		    e, ERR_EXISTS, "too much was kept there already");
	return rc;
}

/* ---- copying ------------------------------------------------------------- */

static int
dress(struct plat_file to, const struct plat_stat *st, bool durable,
    struct err *e)
{
	if (plat_file_chmod(to, st->mode & 0777, e) != 0 ||
	    plat_file_touch(to, st->mtime, e) < 0)
		return -1;
	return durable ? plat_file_sync(to, e) : 0;
}

/* Copy, then read back what has come to lie there. */
static int
copy_open(struct snapshot *s, struct plat_file to, struct plat_file from,
    const struct plat_stat *st, struct err *e)
{
	struct hash was, is;
	if (content_copy(&was, s, to, from, st->size, e) != 0 ||
	    dress(to, st, s->about.durable, e) != 0 ||
	    content_hash(&is, s, to, st->size, e) != 0)
		return -1;
	return hash_equal(was, is)
	    ? 0
	    : err_set(e, ERR_IO, "the copy differs from what was written");
}

/* 1: somebody wrote to it meanwhile. */
static int
copy_once(const struct coming *c, struct plat_file from, struct err *e)
{
	struct snapshot *s = c->s;
	struct plat_stat before, after;
	struct plat_file to = PLAT_FILE_NONE;
	if (plat_file_stat(&before, from, e) != 0 ||
	    plat_unlink(s->partial, SNAPSHOT_INCOMING, e) < 0 ||
	    plat_create(&to, s->partial, SNAPSHOT_INCOMING, e) != 0)
		return -1;
	struct err why = {.code = ERR_NONE};
	int rc = copy_open(s, to, from, &before, &why);
	if (plat_close(&to, rc == 0 ? &why : NULL) != 0)
		rc = -1;
	if (rc != 0 && why.code == ERR_BUSY)
		return 1;
	if (rc != 0) {
		*e = why;
		return -1;
	}
	if (plat_file_stat(&after, from, e) != 0)
		return -1;
	return stat_same(&before, &after) ? 0 : 1;
}

static int
copy_file(const struct coming *c, struct err *e)
{
	struct plat_file from = PLAT_FILE_NONE;
	int rc = plat_open(&from, c->v.dir, c->v.name, e);
	if (rc == 1)
		return err_set(e, ERR_NOTFOUND, "it vanished");
	if (rc == 0)
		rc = 1;
	for (int i = 0; rc == 1 && i < SNAPSHOT_TRIES; i++)
		rc = copy_once(c, from, e);
	(void)plat_close(&from, NULL);
	return rc == 1 ? err_set(e, ERR_BUSY, "somebody is writing to it") : rc;
}

/* Where a file system has no links, a file says what the link said: the
   manifest knows that it was one. */
static int
write_target(struct snapshot *s, const struct str *target,
    const struct plat_stat *st, struct err *e)
{
	struct plat_file f = PLAT_FILE_NONE;
	struct plat_stat plain = *st;
	plain.mode = 0600;
	if (plat_create(&f, s->partial, SNAPSHOT_INCOMING, e) != 0)
		return -1;
	int rc = plat_write(f, target->p, target->len, e);
	if (rc == 0)
		rc = dress(f, &plain, s->about.durable, e);
	if (plat_close(&f, rc == 0 ? e : NULL) != 0)
		rc = -1;
	return rc;
}

static int
copy_link(const struct coming *c, const struct plat_stat *st, struct err *e)
{
	struct snapshot *s = c->s;
	struct str target = STR_INIT;
	int rc = plat_readlink(&target, c->v.dir, c->v.name, e);
	if (rc == 0 && plat_unlink(s->partial, SNAPSHOT_INCOMING, e) < 0)
		rc = -1;
	if (rc == 0)
		rc = plat_symlink(s->partial, SNAPSHOT_INCOMING, target.p, e);
	if (rc == 1)
		rc = write_target(s, &target, st, e);
	else if (rc == 0 &&
	    plat_touch(s->partial, SNAPSHOT_INCOMING, st->mtime, e) < 0)
		rc = -1;
	str_free(&target);
	return rc;
}

/* The copy is complete, in its place and durable before the original goes. */
static int
keep_copy(const struct coming *c, const struct plat_stat *st, struct err *e)
{
	struct snapshot *s = c->s;
	struct coming copy = *c;
	copy.v.dir = s->partial;
	copy.v.name = SNAPSHOT_INCOMING;
	int rc = st->type == PLAT_LINK ? copy_link(c, st, e) : copy_file(c, e);
	if (rc == 0)
		rc = place(&copy, e);
	if (rc == 0 && s->about.durable)
		rc = snapdir_sync(&s->places, e);
	if (rc != 0) {
		(void)plat_unlink(s->partial, SNAPSHOT_INCOMING, NULL);
		return -1;
	}
	return plat_unlink(c->v.dir, c->v.name, e) < 0 ? -1 : 0;
}

/* ---- the contract -------------------------------------------------------- */

static int
look_at(struct plat_stat *st, struct plat_dir *from, const char *name,
    struct err *e)
{
	int rc = plat_stat(st, from, name, e);
	if (rc == 1)
		return err_set(e, ERR_NOTFOUND, "it is not there");
	if (rc != 0)
		return -1;
	if (st->type != PLAT_FILE && st->type != PLAT_LINK)
		return err_set(e, ERR_TYPE, "neither a file nor a link");
	if (st->placeholder)
		return err_set(
		    e, ERR_REFUSED, "its content is not on this machine");
	return 0;
}

static int
keep(const struct coming *c, struct err *e)
{
	struct plat_stat st;
	struct err why = {.code = ERR_NONE};
	if (look_at(&st, c->v.dir, c->v.name, e) != 0 ||
	    snapshot_start(c->s, e) != 0)
		return -1;
	if (st.type == PLAT_FILE && st.nlink > 1)
		return keep_copy(c, &st, e);
	if (place(c, &why) == 0)
		return 0;
	if (why.code == ERR_UNSUPPORTED)
		return keep_copy(c, &st, e);
	*e = why;
	return -1;
}

int
snapshot_keep(
    struct snapshot *s, const struct snapshot_victim *v, struct err *e)
{
	struct coming c = {.s = s, .v = *v};
	if (!path_is_safe(v->path, v->path_len))
		return err_set(e, ERR_NAME, "no path below a root");
	return keep(&c, e);
}
