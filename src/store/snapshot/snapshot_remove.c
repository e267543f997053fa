#include <string.h>

#include "store/snapshot/snapshot_work.h"

/* Where what may not go yet goes: made when the first comes. */
struct refuge {
	struct plat_dir *root;
	struct snapdir places;
};

static int
open_refuge(struct refuge *r, struct snapshot *s, struct err *e)
{
	struct err why;
	struct str name = STR_INIT;
	snapshot_path(&name, s, SNAPSHOT_RAW);
	int rc = plat_mkdir(s->backups, name.p, 0700, &why);
	if (rc != 0 && why.code != ERR_EXISTS)
		*e = why;
	else
		rc = plat_dir_sub(&r->root, s->backups, name.p, e);
	if (rc == 0)
		snapdir_init(&r->places, r->root, true);
	str_free(&name);
	return rc;
}

static int
save(struct refuge *r, struct snapshot *s, const struct kept *kept,
    struct plat_dir *from, const char *name, struct err *e)
{
	struct plat_dir *d;
	const char *to;
	if (r->root == NULL && open_refuge(r, s, e) != 0)
		return -1;
	int rc = snapdir_at(&r->places, kept->path, kept->len, &d, &to, e);
	if (rc == 1)
		return err_set(
		    e, ERR_TYPE, "'%s': no place to leave it", kept->path);
	if (rc != 0 || snapshot_move(from, name, d, to, e) != 0)
		return -1;
	if (kept->st.type == PLAT_FILE)
		(void)plat_chmod(d, to, 0600, NULL);
	return s->about.durable ? snapdir_sync(&r->places, e) : 0;
}

static int
remove_kept(struct refuge *r, struct snapshot *s, const struct kept *kept,
    struct snapdir *dir, struct err *e)
{
	struct plat_dir *d;
	const char *name;
	struct plat_stat now;
	int rc = snapdir_at(dir, kept->path, kept->len, &d, &name, e);
	if (rc == 0)
		rc = plat_stat(&now, d, name, e);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (!kept->proven || !stat_same(&kept->st, &now))
		return save(r, s, kept, d, name, e);
	return plat_unlink(d, name, e) < 0 ? -1 : 0;
}

/* From the innermost out. One that is not empty holds something that is not
   ours: it stays. */
static int
remove_dirs(const struct kepts *k, struct plat_dir *root, struct err *e)
{
	struct snapdir dir;
	int rc = 0;
	snapdir_init(&dir, root, false);
	for (size_t i = k->ndirs; rc == 0 && i-- > 0;) {
		struct plat_dir *d;
		const char *name, *path = k->dirs[i];
		rc = snapdir_at(&dir, path, strlen(path), &d, &name, e);
		if (rc == 0)
			rc = plat_rmdir(d, name, e) < 0 ? -1 : 0;
		/* The next may be the one that is open. */
		snapdir_close(&dir);
	}
	snapdir_free(&dir);
	return rc < 0 ? -1 : 0;
}

static int
remove_own(struct plat_dir *root, struct err *e)
{
	static const char *const own[] = {SNAPSHOT_MANIFEST,
	    SNAPSHOT_MANIFEST ".new", SNAPSHOT_MANIFEST_DIGEST,
	    SNAPSHOT_MANIFEST_DIGEST ".new", SNAPSHOT_INCOMING,
	    SNAPSHOT_SAVING};
	for (size_t i = 0; i < COUNT_OF(own); i++) {
		if (plat_unlink(root, own[i], e) < 0)
			return -1;
	}
	return 0;
}

int
kepts_remove(
    struct kepts *k, struct snapshot *s, struct plat_dir *root, struct err *e)
{
	struct refuge r = {.root = NULL};
	struct snapdir dir;
	int rc = 0;
	snapdir_init(&dir, root, false);
	for (size_t i = 0; rc == 0 && i < k->n; i++)
		rc = remove_kept(&r, s, &k->v[i], &dir, e);
	snapdir_free(&dir);
	if (r.root != NULL)
		snapdir_free(&r.places);
	plat_dir_close(r.root);
	if (rc == 0)
		rc = remove_own(root, e);
	return rc == 0 ? remove_dirs(k, root, e) : -1;
}
