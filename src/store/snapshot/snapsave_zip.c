#include "base/compiler.h"
#include "base/path.h"
#include "platform/plat_time.h"
#include "store/snapshot/snapsave_work.h"
#include "store/zip/zipproof.h"
#include "store/zip/zipread.h"

/*
 * Nothing can be taken back from an archive, so only what held still goes in:
 * a file that is not too large is read into memory first, any other copied
 * beside the archive. "<id>.partial" is there, with the mark in it, until the
 * archive has its name and its digest.
 */

enum { SMALL = 4 * 1024 * 1024 };

static void
partial_name(struct str *out, const struct snapshot *s)
{
	snapshot_path(out, s, SNAPSHOT_ZIP SNAPSHOT_PARTIAL);
}

int
snapsave_zip_begin(struct snapsave *s, struct err *e)
{
	struct str name = STR_INIT;
	struct snapshot *snapshot = s->snapshot;
	partial_name(&name, snapshot);
	int rc = plat_create(&s->archive, snapshot->backups, name.p, e);
	str_free(&name);
	if (rc != 0 || zipfile_create(&s->zip, s->archive, e) != 0)
		return -1;
	zipturns_init(&s->turns, s->zip);
	return 0;
}

/* Also of one that has its name already: "<id>.partial" is still there, so it
   does not count yet. */
void
snapsave_zip_abandon(struct snapsave *s)
{
	static const char *const made[] = {SNAPSHOT_ZIP, SNAPSHOT_DIGEST,
	    SNAPSHOT_DIGEST ".new", SNAPSHOT_ZIP SNAPSHOT_PARTIAL};
	const struct snapshot *snapshot = s->snapshot;
	zipfile_abandon(s->zip);
	s->zip = NULL;
	zipturns_free(&s->turns);
	(void)plat_close(&s->archive, NULL);
	if (!snapshot->about.zip || snapshot->partial == NULL)
		return;
	for (size_t i = 0; i < COUNT_OF(made); i++) {
		struct str name = STR_INIT;
		snapshot_path(&name, snapshot, made[i]);
		(void)plat_unlink(snapshot->backups, name.p, NULL);
		str_free(&name);
	}
}

/* ---- one file ------------------------------------------------------------ */

/* Exactly *size* bytes; 1 when there are fewer by now. */
static int
read_all(struct str *out, struct plat_file f, size_t size, struct err *e)
{
	str_clear(out);
	str_reserve(out, size);
	while (out->len < size) {
		size_t got;
		if (plat_read_at(f, out->p + out->len, size - out->len,
			out->len, &got, e) != 0)
			return -1;
		if (got == 0)
			return 1;
		out->len += got;
	}
	return 0;
}

/* 1: somebody wrote to it meanwhile. */
static int
read_once(struct snapsave_hand *h, struct snapsave_entry *en,
    struct plat_file f, struct err *e)
{
	struct plat_stat before, after;
	struct stamp seen = plat_now();
	if (plat_file_stat(&before, f, e) != 0)
		return -1;
	if (before.size > SMALL)
		return 1;
	int rc = read_all(&h->bytes, f, (size_t)before.size, e);
	if (rc != 0)
		return rc;
	if (plat_file_stat(&after, f, e) != 0)
		return -1;
	snapsave_note(en, &before, seen, hash_of(h->bytes.p, h->bytes.len));
	return stat_same(&before, &after) ? 0 : 1;
}

static int
add_bytes(struct snapsave_hand *h, const struct snapsave_entry *en,
    const struct str *bytes, struct err *e)
{
	struct zipentry_about about = {h->place.p, 0600, en->was.mtime};
	return ziphand_add(&h->zip, &about, bytes->p, bytes->len, e);
}

static int
add_small(struct snapsave_hand *h, struct snapsave_entry *en,
    struct plat_file f, struct err *e)
{
	int rc = 1;
	for (int i = 0; rc == 1 && i < SNAPSHOT_TRIES; i++)
		rc = read_once(h, en, f, e);
	if (rc == 1 && !en->kept)
		return err_set(e, ERR_BUSY, "somebody is writing to it");
	en->unsettled = rc == 1;
	if (rc < 0)
		return -1;
	return add_bytes(h, en, &h->bytes, e);
}

static int
add_copied(struct snapsave_hand *h, const struct snapsave_entry *en,
    struct plat_file copy, struct err *e)
{
	struct zipfile *zip;
	if (ziphand_archive(&zip, &h->zip, e) != 0 ||
	    zipfile_add(zip, h->place.p, 0600, en->was.mtime, copy, e) != 0)
		return -1;
	return hash_equal(zipfile_hash(zip), en->was.hash)
	    ? 0
	    : err_set(e, ERR_IO, "the copy differs from what was written");
}

static int
add_large(struct snapsave_hand *h, struct snapsave_entry *en,
    struct plat_file f, struct err *e)
{
	struct plat_dir *d = h->save->snapshot->partial;
	struct plat_file copy = PLAT_FILE_NONE;
	struct zipfile *zip;
	/* There is one place for a copy. */
	if (ziphand_archive(&zip, &h->zip, e) != 0 ||
	    plat_create(&copy, d, SNAPSHOT_INCOMING, e) != 0)
		return -1;
	int rc = snapsave_copy_open(h, en, f, copy, e);
	if (rc == 0)
		rc = add_copied(h, en, copy, e);
	(void)plat_close(&copy, NULL);
	if (plat_unlink(d, SNAPSHOT_INCOMING, rc == 0 ? e : NULL) < 0)
		rc = -1;
	return rc;
}

int
snapsave_zip_file(struct snapsave_hand *h, struct snapsave_entry *en,
    struct plat_file from, struct err *e)
{
	struct plat_stat st;
	if (plat_file_stat(&st, from, e) != 0)
		return -1;
	snapsave_place(h, en);
	return st.size > SMALL ? add_large(h, en, from, e)
			       : add_small(h, en, from, e);
}

int
snapsave_zip_link(struct snapsave_hand *h, const struct snapsave_entry *en,
    const struct str *target, struct err *e)
{
	snapsave_place(h, en);
	return add_bytes(h, en, target, e);
}

/* ---- the end ------------------------------------------------------------- */

static int
add_manifest(struct snapsave *s, struct hash *hash, struct err *e)
{
	struct snapshot *snapshot = s->snapshot;
	struct plat_file f = PLAT_FILE_NONE;
	if (manifest_write(snapshot, NULL, NULL, e) != 0)
		return -1;
	int rc = plat_open(&f, snapshot->partial, SNAPSHOT_MANIFEST, e);
	if (rc == 1)
		rc = err_set(e, ERR_NOTFOUND, "the manifest vanished");
	if (rc == 0)
		rc = zipfile_add(s->zip, SNAPSHOT_MANIFEST, 0600,
		    snapshot->about.time, f, e);
	(void)plat_close(&f, NULL);
	if (rc == 0)
		*hash = zipfile_hash(s->zip);
	return rc;
}

static int
finish_archive(struct snapsave *s, struct err *e)
{
	struct zipfile *zip = s->zip;
	s->zip = NULL;
	zipturns_free(&s->turns);
	if (zipfile_finish(zip, e) != 0)
		return -1;
	return s->snapshot->about.durable ? plat_file_sync(s->archive, e) : 0;
}

static int
prove_one(
    struct zipproof *p, const char *place, struct hash hash, struct err *e)
{
	int rc = zipproof_holds(p, place, hash, e);
	return rc == 0
	    ? err_set(e, ERR_CORRUPT, "'%s' was not written as it is", place)
	    : rc == 1 ? 0
		      : -1;
}

static int
prove_saved(void *arg, struct zipproof *p, size_t i, struct err *e)
{
	const struct snapshot *s = arg;
	const struct snapsave_entry *en = &s->saved[i];
	struct str place = STR_INIT;
	if (!en->kept)
		return 0;
	snapshot_side(&place, SIDE_LOCAL, 0);
	path_join(&place, en->path, en->path_len);
	int rc = prove_one(p, place.p, en->was.hash, e);
	str_free(&place);
	return rc;
}

static int
compare(struct snapsave *s, struct hash manifest, struct err *e)
{
	struct zipread *z;
	struct snapshot *snapshot = s->snapshot;
	if (zipread_open(&z, s->archive, e) != 0)
		return -1;
	struct zipproof *p = zipproof_new(z);
	int rc = prove_one(p, SNAPSHOT_MANIFEST, manifest, e);
	zipproof_destroy(p);
	if (rc == 0)
		rc = zipproof_each(
		    z, snapshot->nsaved, prove_saved, snapshot, e);
	zipread_close(z);
	return rc;
}

static int
publish(struct snapsave *s, struct err *e)
{
	struct hash digest;
	int rc = snapshot_digest(&digest, s->snapshot, s->archive, e);
	if (plat_close(&s->archive, rc == 0 ? e : NULL) != 0)
		rc = -1;
	return rc == 0 ? snapshot_publish(s->snapshot, digest, e) : -1;
}

int
snapsave_zip_finish(struct snapsave *s, struct err *e)
{
	struct hash manifest;
	if (add_manifest(s, &manifest, e) != 0 || finish_archive(s, e) != 0 ||
	    compare(s, manifest, e) != 0 || publish(s, e) != 0)
		return -1;
	return snapsave_clear(s->snapshot, e);
}
