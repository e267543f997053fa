#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/afile.h"
#include "store/snapshot/snapdigest.h"
#include "store/snapshot/snapshot_work.h"
#include "store/zip/zipproof.h"
#include "store/zip/zipread.h"

/*
 * The end of an archive, in an order that is safe at every line:
 *
 *   1. everything kept goes into "<id>.zip.partial", manifest.json last;
 *   2. that is synced, reopened and compared;
 *   3. it becomes "<id>.zip", with its digest beside it. Until the next step a
 *      crash begins anew, because "<id>.partial" still holds everything;
 *   4. "<id>.partial" becomes "<id>.packed": the archive is the snapshot now;
 *   5. "<id>.packed" goes, file by file, each only if the archive holds the
 *      same. A crash leaves the rest to snapshot_clear_packed.
 */

struct packer {
	struct snapshot *s;
	struct kepts *kepts;
	struct zipfile *zip;
	struct hash manifest; /* of the entry */
	struct hash digest;   /* of the archive */
};

/* ---- writing ------------------------------------------------------------- */

static int
add_manifest(struct packer *p, const struct story *story, struct err *e)
{
	struct snapshot *s = p->s;
	struct plat_file f = PLAT_FILE_NONE;
	for (size_t i = 0; i < p->kepts->n; i++)
		p->kepts->v[i].claimed = false;
	if (manifest_write(s, p->kepts, story, e) != 0)
		return -1;
	int rc = plat_open(&f, s->partial, SNAPSHOT_MANIFEST, e);
	if (rc == 1)
		rc = err_set(e, ERR_NOTFOUND, "the manifest vanished");
	if (rc == 0)
		rc = zipfile_add(
		    p->zip, SNAPSHOT_MANIFEST, 0600, s->about.time, f, e);
	(void)plat_close(&f, NULL);
	if (rc == 0)
		p->manifest = zipfile_hash(p->zip);
	return rc;
}

static int
write_archive(struct packer *p, struct plat_file f, const struct story *story,
    struct err *e)
{
	if (zipfile_create(&p->zip, f, e) != 0)
		return -1;
	int rc = snapshot_pack_kept(p->s, p->kepts, p->zip, e);
	if (rc == 0)
		rc = add_manifest(p, story, e);
	if (rc == 0)
		return zipfile_finish(p->zip, e);
	zipfile_abandon(p->zip);
	return rc;
}

/* ---- comparing ----------------------------------------------------------- */

static int
prove_kept(void *arg, struct zipproof *p, size_t i, struct err *e)
{
	struct kept *kept = &((struct kepts *)arg)->v[i];
	int rc = kept->raw || !kept->hashed
	    ? 0
	    : zipproof_holds(p, kept->path, kept->hash, e);
	kept->proven = rc == 1;
	return rc < 0 ? -1 : 0;
}

static int
prove(struct kepts *k, const struct zipread *z, struct err *e)
{
	return zipproof_each(z, k->n, prove_kept, k, e);
}

static int
compare_all(struct packer *p, const struct zipread *z, struct err *e)
{
	struct kepts *k = p->kepts;
	struct zipproof *proof = zipproof_new(z);
	size_t want = 1;
	int rc = prove(k, z, e);
	for (size_t i = 0; rc == 0 && i < k->n; i++) {
		want += !k->v[i].raw;
		if (!k->v[i].raw && !k->v[i].proven)
			rc = err_set(e, ERR_CORRUPT,
			    "'%s' was not written as it is", k->v[i].path);
	}
	if (rc == 0)
		rc = zipproof_holds(proof, SNAPSHOT_MANIFEST, p->manifest, e);
	zipproof_destroy(proof);
	if (rc < 0)
		return -1;
	return rc == 1 && zipread_count(z) == want
	    ? 0
	    : err_set(e, ERR_CORRUPT, "the archive is not as written");
}

static int
compare(struct packer *p, struct plat_file f, struct err *e)
{
	struct zipread *z;
	if (zipread_open(&z, f, e) != 0)
		return -1;
	int rc = compare_all(p, z, e);
	zipread_close(z);
	return rc;
}

/* ---- the archive --------------------------------------------------------- */

int
snapshot_digest(
    struct hash *out, struct snapshot *s, struct plat_file f, struct err *e)
{
	struct plat_stat st;
	return plat_file_stat(&st, f, e) != 0
	    ? -1
	    : content_hash(out, s, f, st.size, e);
}

static int
open_again(
    struct plat_file *f, struct snapshot *s, const char *name, struct err *e)
{
	int rc = plat_open(f, s->backups, name, e);
	return rc == 1 ? err_set(e, ERR_NOTFOUND, "'%s' vanished", name) : rc;
}

/* 1: begin anew. */
static int
make_archive(struct packer *p, const char *name, const struct story *story,
    struct err *e)
{
	struct snapshot *s = p->s;
	struct plat_file f = PLAT_FILE_NONE;
	if (plat_unlink(s->backups, name, e) < 0 ||
	    plat_create(&f, s->backups, name, e) != 0)
		return -1;
	int rc = write_archive(p, f, story, e);
	if (rc == 0 && s->about.durable)
		rc = plat_file_sync(f, e);
	if (plat_close(&f, rc == 0 ? e : NULL) != 0)
		rc = -1;
	if (rc != 0)
		return rc;
	if (open_again(&f, s, name, e) != 0)
		return -1;
	rc = compare(p, f, e);
	if (rc == 0)
		rc = snapshot_digest(&p->digest, s, f, e);
	(void)plat_close(&f, NULL);
	return rc;
}

static int
pack(struct packer *p, const char *name, const struct story *story,
    struct err *e)
{
	int rc = 1;
	for (int i = 0; rc == 1 && i < SNAPSHOT_TRIES; i++)
		rc = make_archive(p, name, story, e);
	if (rc == 1)
		rc =
		    err_set(e, ERR_BUSY, "somebody is writing to what is kept");
	/* Of no use to anybody; and where room is short, room. */
	if (rc != 0)
		(void)plat_unlink(p->s->backups, name, NULL);
	return rc;
}

int
snapshot_publish(struct snapshot *s, struct hash digest, struct err *e)
{
	struct str from = STR_INIT, name = STR_INIT, digest_name = STR_INIT;
	struct str line = STR_INIT;
	snapshot_path(&from, s, SNAPSHOT_ZIP SNAPSHOT_PARTIAL);
	snapshot_path(&name, s, SNAPSHOT_ZIP);
	snapshot_path(&digest_name, s, SNAPSHOT_DIGEST);
	snapdigest_line(&line, digest, name.p);
	int rc = plat_replace(s->backups, from.p, s->backups, name.p, e);
	if (rc == 0)
		rc = afile_replace(s->backups, digest_name.p, line.p, line.len,
		    s->about.durable, e);
	str_free(&line);
	str_free(&digest_name);
	str_free(&name);
	str_free(&from);
	return rc;
}

/* ---- the directory it was made from -------------------------------------- */

static int
open_packed(struct plat_dir **out, struct snapshot *s, struct err *e)
{
	struct str name = STR_INIT;
	snapshot_path(&name, s, SNAPSHOT_PACKED);
	int rc = plat_dir_sub(out, s->backups, name.p, e);
	str_free(&name);
	return rc;
}

static int
remove_packed(
    struct snapshot *s, struct kepts *k, struct plat_dir *packed, struct err *e)
{
	struct str name = STR_INIT;
	int rc = kepts_remove(k, s, packed, e);
	plat_dir_close(packed);
	snapshot_path(&name, s, SNAPSHOT_PACKED);
	if (rc == 0)
		rc = plat_rmdir(s->backups, name.p, e) < 0 ? -1 : 0;
	if (rc == 0 && s->about.durable)
		rc = plat_dir_sync(s->backups, e);
	str_free(&name);
	return rc;
}

int
snapshot_pack(struct snapshot *s, struct kepts *k, const struct story *story,
    struct err *e)
{
	struct packer p = {.s = s, .kepts = k};
	struct str partial = STR_INIT;
	struct plat_dir *packed;
	snapshot_path(&partial, s, SNAPSHOT_ZIP SNAPSHOT_PARTIAL);
	int rc = pack(&p, partial.p, story, e);
	if (rc == 0)
		rc = snapshot_publish(s, p.digest, e);
	str_free(&partial);
	if (rc != 0 ||
	    snapshot_rename(s, SNAPSHOT_PARTIAL, SNAPSHOT_PACKED, e) != 0)
		return -1;
	rc = open_packed(&packed, s, e);
	if (rc != 0)
		return rc < 0 ? -1 : err_set(e, ERR_NOTFOUND, "it vanished");
	return remove_packed(s, k, packed, e);
}

/* Which of what is left does the archive hold? */
static int
prove_again(
    struct snapshot *s, struct kepts *k, struct plat_dir *packed, struct err *e)
{
	struct str name = STR_INIT;
	struct plat_file f = PLAT_FILE_NONE;
	struct zipread *z = NULL;
	struct snapdir dir;
	snapdir_init(&dir, packed, false);
	snapshot_path(&name, s, SNAPSHOT_ZIP);
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < k->n; i++)
		rc = kept_hash(s, &k->v[i], &dir, e);
	if (rc == 0)
		rc = open_again(&f, s, name.p, e);
	if (rc == 0)
		rc = zipread_open(&z, f, e);
	if (rc == 0)
		rc = prove(k, z, e);
	zipread_close(z);
	(void)plat_close(&f, NULL);
	snapdir_free(&dir);
	str_free(&name);
	return rc;
}

int
snapshot_clear_packed(struct snapshot *s, struct err *e)
{
	struct plat_dir *packed;
	struct kepts k;
	int rc = open_packed(&packed, s, e);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (kepts_find(&k, packed, e) != 0) {
		plat_dir_close(packed);
		return -1;
	}
	if (prove_again(s, &k, packed, e) == 0)
		rc = remove_packed(s, &k, packed, e);
	else {
		plat_dir_close(packed);
		rc = -1;
	}
	kepts_free(&k);
	return rc;
}
