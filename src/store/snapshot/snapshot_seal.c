#include "store/snapshot/snapshot_work.h"

static int
hash_all(struct snapshot *s, struct kepts *k, struct err *e)
{
	struct snapdir dir;
	int rc = 0;
	snapdir_init(&dir, s->partial, false);
	for (size_t i = 0; rc == 0 && i < k->n; i++)
		rc = kept_hash(s, &k->v[i], &dir, e);
	snapdir_free(&dir);
	return rc;
}

/* From here on the manifest alone knows the modes. */
static int
make_private(struct snapshot *s, const struct kepts *k, struct err *e)
{
	struct snapdir dir;
	int rc = 0;
	snapdir_init(&dir, s->partial, false);
	for (size_t i = 0; rc == 0 && i < k->n; i++) {
		const struct kept *kept = &k->v[i];
		struct plat_dir *d;
		const char *name;
		struct err why;
		if (kept->st.type == PLAT_LINK)
			continue;
		rc = snapdir_at(&dir, kept->path, kept->len, &d, &name, e);
		/* Another user's file, whose mode only he may change, is
		   private by the directories it lies in. */
		if (rc == 0 && plat_chmod(d, name, 0600, &why) != 0 &&
		    why.code != ERR_ACCESS) {
			*e = why;
			rc = -1;
		}
	}
	snapdir_free(&dir);
	return rc == 1 ? err_set(e, ERR_NOTFOUND, "a directory vanished") : rc;
}

static int
sync_dirs(struct snapshot *s, const struct kepts *k, struct err *e)
{
	for (size_t i = 0; i < k->ndirs; i++) {
		struct plat_dir *d;
		int rc = plat_dir_sub(&d, s->partial, k->dirs[i], e);
		if (rc == 1)
			rc = err_set(
			    e, ERR_NOTFOUND, "'%s' vanished", k->dirs[i]);
		if (rc == 0) {
			rc = plat_dir_sync(d, e);
			plat_dir_close(d);
		}
		if (rc != 0)
			return -1;
	}
	return plat_dir_sync(s->partial, e);
}

/* 1: that has to be done name by name. */
static int
sync_volume(struct snapshot *s, struct err *e)
{
	struct plat_volume volume;
	if (!s->about.durable)
		return 0;
	if (plat_volume(&volume, s->partial, e) != 0)
		return -1;
	return volume.remote ? 1 : plat_volume_sync(s->partial, e);
}

static int
sync_manifest(struct snapshot *s, struct err *e)
{
	static const char *const own[] = {
	    SNAPSHOT_MANIFEST, SNAPSHOT_MANIFEST_DIGEST};
	for (size_t i = 0; i < COUNT_OF(own); i++) {
		struct plat_file f = PLAT_FILE_NONE;
		int rc = plat_open(&f, s->partial, own[i], e);
		if (rc == 0)
			rc = plat_file_sync(f, e);
		(void)plat_close(&f, NULL);
		if (rc < 0)
			return -1;
	}
	return 0;
}

/* What was kept came synced, or is a rename. */
static int
make_durable(struct snapshot *s, const struct kepts *k, struct err *e)
{
	int rc = sync_volume(s, e);
	if (rc != 1)
		return rc;
	return sync_manifest(s, e) != 0 ? -1 : sync_dirs(s, k, e);
}

/* Copies were not synced when they were made. */
static int
sync_files(struct snapshot *s, const struct kepts *k, struct err *e)
{
	struct snapdir dir;
	int rc = 0;
	snapdir_init(&dir, s->partial, false);
	for (size_t i = 0; rc == 0 && i < k->n; i++) {
		struct plat_dir *d;
		const char *name;
		struct plat_file f = PLAT_FILE_NONE;
		const struct kept *kept = &k->v[i];
		rc = snapdir_at(&dir, kept->path, kept->len, &d, &name, e);
		if (rc == 0)
			rc = plat_open(&f, d, name, e);
		if (rc == 0)
			rc = plat_file_sync(f, e);
		(void)plat_close(&f, NULL);
	}
	snapdir_free(&dir);
	return rc == 1 ? err_set(e, ERR_NOTFOUND, "a file vanished") : rc;
}

int
snapshot_seal_saved(struct snapshot *s, struct err *e)
{
	struct kepts k;
	int rc = sync_volume(s, e);
	if (rc == 1) {
		if (kepts_find(&k, s->partial, e) != 0)
			return -1;
		rc = sync_files(s, &k, e) != 0 || sync_manifest(s, e) != 0 ||
			sync_dirs(s, &k, e) != 0
		    ? -1
		    : 0;
		kepts_free(&k);
	}
	return rc == 0 ? snapshot_rename(s, SNAPSHOT_PARTIAL, "", e) : -1;
}

int
snapshot_seal(struct snapshot *s, struct kepts *k, const struct story *story,
    struct err *e)
{
	if (hash_all(s, k, e) != 0 || manifest_write(s, k, story, e) != 0 ||
	    make_private(s, k, e) != 0 || make_durable(s, k, e) != 0)
		return -1;
	return snapshot_rename(s, SNAPSHOT_PARTIAL, "", e);
}
