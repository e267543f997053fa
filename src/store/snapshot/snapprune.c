#include "store/snapshot/snapprune.h"

#include <string.h>

#include "base/path.h"
#include "store/snapshot/snapshot.h"

/* ---- a directory and all that is in it ----------------------------------- */

struct listing {
	struct plat_dir *d;
	struct strlist dirs;
	struct err *e;
};

static int
remove_listed(void *arg, const char *name, size_t len,
    const struct plat_stat *st, const struct err *why)
{
	struct listing *l = arg;
	if (st == NULL)
		return err_pass(l->e, why);
	if (st->type == PLAT_DIR) {
		strlist_addn(&l->dirs, name, len);
		return 0;
	}
	return plat_unlink(l->d, name, l->e) < 0 ? -1 : 0;
}

/* The files of one directory go; *below* gets its directories' paths. */
static int
empty_dir(struct strlist *below, struct plat_dir *root, const char *path,
    struct err *e)
{
	struct listing l = {.dirs = STRLIST_INIT, .e = e};
	int rc = plat_dir_sub(&l.d, root, path, e);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	rc = plat_list(l.d, remove_listed, &l, e);
	plat_dir_close(l.d);
	for (size_t i = 0; rc == 0 && i < l.dirs.n; i++) {
		struct str sub = STR_INIT;
		str_add(&sub, path);
		path_join(&sub, l.dirs.v[i], strlen(l.dirs.v[i]));
		strlist_add(below, sub.p);
		str_free(&sub);
	}
	strlist_free(&l.dirs);
	return rc;
}

static int
remove_dir(struct plat_dir *root, const char *path, struct err *e)
{
	struct plat_dir *d;
	struct str dir = STR_INIT;
	size_t n = strlen(path);
	str_addn(&dir, path, path_parent(path, n));
	int rc = plat_dir_sub(&d, root, dir.p, e);
	str_free(&dir);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	rc = plat_rmdir(d, path + path_name(path, n), e);
	plat_dir_close(d);
	return rc < 0 ? -1 : 0;
}

int
snapprune_tree(struct plat_dir *d, const char *name, struct err *e)
{
	struct strlist dirs = STRLIST_INIT;
	strlist_add(&dirs, name);
	int rc = 0;
	/* Each directory stands in front of those below it. */
	for (size_t i = 0; rc == 0 && i < dirs.n; i++)
		rc = empty_dir(&dirs, d, dirs.v[i], e);
	for (size_t i = dirs.n; rc == 0 && i-- > 0;)
		rc = remove_dir(d, dirs.v[i], e);
	strlist_free(&dirs);
	return rc;
}

/* ---- names --------------------------------------------------------------- */

static int
is_there(
    struct plat_dir *backups, const char *id, const char *suffix, struct err *e)
{
	struct plat_stat st;
	struct str name = STR_INIT;
	str_addf(&name, "%s%s", id, suffix);
	int rc = plat_stat(&st, backups, name.p, e);
	str_free(&name);
	return rc < 0 ? -1 : rc == 0;
}

static int
remove_file(
    struct plat_dir *backups, const char *id, const char *suffix, struct err *e)
{
	struct str name = STR_INIT;
	str_addf(&name, "%s%s", id, suffix);
	int rc = plat_unlink(backups, name.p, e) < 0 ? -1 : 0;
	str_free(&name);
	return rc;
}

static int
remove_tree(
    struct plat_dir *backups, const char *id, const char *suffix, struct err *e)
{
	struct str name = STR_INIT;
	str_addf(&name, "%s%s", id, suffix);
	int rc = is_there(backups, id, suffix, e);
	if (rc == 1)
		rc = snapprune_tree(backups, name.p, e);
	str_free(&name);
	return rc;
}

/* ---- a snapshot ---------------------------------------------------------- */

/* From here on it is none any more. */
static int
condemn(struct plat_dir *backups, const char *id, const char *suffix,
    bool durable, struct err *e)
{
	struct str from = STR_INIT, to = STR_INIT;
	str_addf(&from, "%s%s", id, suffix);
	str_addf(&to, "%s%s", from.p, SNAPSHOT_PRUNED);
	int rc = plat_replace(backups, from.p, backups, to.p, e);
	if (rc == 0 && durable)
		rc = plat_dir_sync(backups, e);
	str_free(&from);
	str_free(&to);
	return rc;
}

/* Of an archive, the name that says it is on its way out goes last: what else
   belongs to it is known by that. */
static int
finish_zip(struct plat_dir *backups, const char *id, struct err *e)
{
	if (remove_tree(backups, id, SNAPSHOT_RAW, e) != 0 ||
	    remove_file(backups, id, SNAPSHOT_DIGEST, e) != 0 ||
	    remove_file(backups, id, SNAPSHOT_DIGEST ".new", e) != 0)
		return -1;
	return remove_file(backups, id, SNAPSHOT_ZIP SNAPSHOT_PRUNED, e);
}

int
snapprune(const struct snaplist_item *item, struct plat_dir *backups,
    bool durable, struct err *e)
{
	bool zip = item->form == SNAPREAD_ZIP;
	const char *suffix = zip ? SNAPSHOT_ZIP : "";
	if (condemn(backups, item->id, suffix, durable, e) != 0)
		return -1;
	return zip ? finish_zip(backups, item->id, e)
		   : remove_tree(backups, item->id, SNAPSHOT_PRUNED, e);
}

/* ---- leftovers ----------------------------------------------------------- */

static bool
is_gone(const struct snaplist_item *item)
{
	return item->form == SNAPREAD_NONE && !item->packed;
}

bool
snapprune_has_leftovers(const struct snaplist_item *item)
{
	return item->pruned || item->saving || item->empty ||
	    (item->zip_partial && item->form != SNAPREAD_PARTIAL) ||
	    (item->digest && !item->raw && is_gone(item));
}

/* Who makes one of copies holds a lock in it: 1. */
static int
is_held(struct plat_dir *d, struct err *e)
{
	struct plat_file lock = PLAT_FILE_NONE;
	int rc = plat_lock(&lock, d, SNAPSHOT_SAVING, e);
	(void)plat_close(&lock, NULL);
	return rc;
}

/* Whatever there is of its archive was not finished either. */
static int
remove_copies(struct plat_dir *backups, const char *id, struct err *e)
{
	if (remove_file(backups, id, SNAPSHOT_ZIP, e) != 0 ||
	    remove_file(backups, id, SNAPSHOT_DIGEST, e) != 0 ||
	    remove_file(backups, id, SNAPSHOT_DIGEST ".new", e) != 0 ||
	    remove_file(backups, id, SNAPSHOT_ZIP SNAPSHOT_PARTIAL, e) != 0)
		return -1;
	struct str from = STR_INIT, to = STR_INIT;
	str_addf(&from, "%s%s", id, SNAPSHOT_PARTIAL);
	str_addf(&to, "%s%s", id, SNAPSHOT_PRUNED);
	int rc = plat_replace(backups, from.p, backups, to.p, e);
	str_free(&from);
	str_free(&to);
	return rc == 0 ? remove_tree(backups, id, SNAPSHOT_PRUNED, e) : -1;
}

static int
remove_saving(
    const struct snaplist_item *item, struct plat_dir *backups, struct err *e)
{
	struct plat_dir *d;
	struct str name = STR_INIT;
	bool partial = item->form == SNAPREAD_PARTIAL;
	str_addf(&name, "%s%s", item->id, partial ? SNAPSHOT_PARTIAL : "");
	int rc = plat_dir_sub(&d, backups, name.p, e);
	str_free(&name);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	rc = is_held(d, e);
	if (rc == 0 && !partial)
		rc = plat_unlink(d, SNAPSHOT_SAVING, e) < 0 ? -1 : 0;
	plat_dir_close(d);
	if (rc == 0 && partial)
		rc = remove_copies(backups, item->id, e);
	return rc < 0 ? -1 : 0;
}

/* Only as long as it is. */
static int
remove_empty(struct plat_dir *backups, const char *id, struct err *e)
{
	struct str name = STR_INIT;
	str_addf(&name, "%s%s", id, SNAPSHOT_PARTIAL);
	int rc = plat_rmdir(backups, name.p, e);
	str_free(&name);
	return rc < 0 ? -1 : 0;
}

int
snapprune_leftovers(const struct snaplist_item *item, struct plat_dir *backups,
    bool durable, struct err *e)
{
	const char *id = item->id;
	if (item->saving && remove_saving(item, backups, e) != 0)
		return -1;
	/* Made, and then nothing came. */
	if (item->empty && remove_empty(backups, id, e) != 0)
		return -1;
	if (item->zip_partial && item->form != SNAPREAD_PARTIAL &&
	    remove_file(backups, id, SNAPSHOT_ZIP SNAPSHOT_PARTIAL, e) != 0)
		return -1;
	if (item->pruned && remove_tree(backups, id, SNAPSHOT_PRUNED, e) != 0)
		return -1;
	if (item->pruned && is_gone(item) && finish_zip(backups, id, e) != 0)
		return -1;
	if (item->digest && !item->raw && is_gone(item) &&
	    (remove_file(backups, id, SNAPSHOT_DIGEST, e) != 0 ||
		remove_file(backups, id, SNAPSHOT_DIGEST ".new", e) != 0))
		return -1;
	return durable ? plat_dir_sync(backups, e) : 0;
}
