#include "store/snapshot/snapread.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/snapshot/snapdigest.h"
#include "store/snapshot/snapid.h"
#include "store/snapshot/snapread_work.h"
#include "store/snapshot/snapshot.h"
#include "store/zip/zipname.h"

/* ---- what there is ------------------------------------------------------- */

static int
is_there(struct plat_dir *backups, const char *id, const char *suffix,
    enum plat_type type, struct err *e)
{
	struct plat_stat st;
	struct str name = STR_INIT;
	str_addf(&name, "%s%s", id, suffix);
	int rc = plat_stat(&st, backups, name.p, e);
	str_free(&name);
	return rc < 0 ? -1 : rc == 0 && st.type == type;
}

int
snapread_form(enum snapread_form *out, struct plat_dir *backups, const char *id,
    struct err *e)
{
	struct snapid read;
	*out = SNAPREAD_NONE;
	if (!snapid_read(&read, id, strlen(id)))
		return 0;
	int partial = is_there(backups, id, SNAPSHOT_PARTIAL, PLAT_DIR, e);
	int dir = partial < 0 ? -1 : is_there(backups, id, "", PLAT_DIR, e);
	int zip =
	    dir < 0 ? -1 : is_there(backups, id, SNAPSHOT_ZIP, PLAT_FILE, e);
	if (zip < 0)
		return -1;
	if (dir && zip)
		return err_set(
		    e, ERR_CORRUPT, "it is a directory and an archive");
	*out = partial ? SNAPREAD_PARTIAL
	    : dir      ? SNAPREAD_DIR
	    : zip      ? SNAPREAD_ZIP
		       : SNAPREAD_NONE;
	return 0;
}

/* ---- the manifest -------------------------------------------------------- */

typedef int manifest_fn(
    struct snapmanifest *out, json_fill_fn *fill, void *arg, struct err *e);

struct hashed {
	struct plat_file file;
	struct hash_stream *hash;
};

static int
fill_from_file(void *arg, void *buf, size_t room, size_t *got, struct err *e)
{
	const struct hashed *h = arg;
	if (plat_read(h->file, buf, room, got, e) != 0)
		return -1;
	hash_feed(h->hash, buf, *got);
	return 0;
}

/* Who reads only the head has not seen what the digest is of. */
static int
check_manifest(
    struct snapread *r, manifest_fn *read, struct hash hash, struct err *e)
{
	if (read == snapmanifest_head)
		return 0;
	return snapdigest_check(
	    r->root, SNAPSHOT_MANIFEST_DIGEST, SNAPSHOT_MANIFEST, hash, e);
}

static int
read_from_dir(struct snapread *r, manifest_fn *read, struct err *e)
{
	struct hashed h = {.file = PLAT_FILE_NONE};
	int rc = plat_open(&h.file, r->root, SNAPSHOT_MANIFEST, e);
	if (rc == 1)
		return err_set(e, ERR_CORRUPT, "it has no manifest");
	if (rc != 0)
		return -1;
	h.hash = hash_open();
	rc = read(&r->m, fill_from_file, &h, e);
	if (rc == 0)
		rc = check_manifest(r, read, hash_end(h.hash), e);
	hash_close(h.hash);
	(void)plat_close(&h.file, NULL);
	return rc;
}

/* An archive's pieces are larger than what the reader takes at once. */
struct pieces {
	struct zipstream *stream;
	const unsigned char *p;
	size_t left;
};

static int
fill_from_zip(void *arg, void *buf, size_t room, size_t *got, struct err *e)
{
	struct pieces *s = arg;
	const void *bytes = s->p;
	if (s->left == 0 && zipstream_next(s->stream, &bytes, &s->left, e) != 0)
		return -1;
	size_t n = s->left < room ? s->left : room;
	memcpy(buf, bytes, n);
	s->p = (const unsigned char *)bytes + n;
	s->left -= n;
	*got = n;
	return 0;
}

static int
read_from_zip(struct snapread *r, manifest_fn *read, struct err *e)
{
	const struct zipread_entry *entry =
	    snapread_entry(r, SNAPSHOT_MANIFEST);
	struct pieces s = {.stream = r->stream};
	if (entry == NULL || entry->type != ZIPREAD_FILE)
		return err_set(e, ERR_CORRUPT, "it has no manifest");
	if (zipstream_begin(r->stream, r->z, entry, e) != 0)
		return -1;
	return read(&r->m, fill_from_zip, &s, e);
}

const struct zipread_entry *
snapread_entry(const struct snapread *r, const char *place)
{
	struct str name = STR_INIT;
	zipname_add(&name, place);
	const struct zipread_entry *entry =
	    zipread_find(r->z, name.p, name.len);
	str_free(&name);
	return entry;
}

/* ---- begin and end ------------------------------------------------------- */

static int
open_dir(struct snapread *r, struct err *e)
{
	int rc = plat_dir_sub(&r->root, r->backups, r->id, e);
	if (rc == 1)
		return err_set(e, ERR_NOTFOUND, "it vanished");
	if (rc == 0)
		snapdir_init(&r->in_root, r->root, false);
	return rc;
}

static int
open_raw(struct snapread *r, struct err *e)
{
	struct str name = STR_INIT;
	str_addf(&name, "%s%s", r->id, SNAPSHOT_RAW);
	int rc = plat_dir_sub(&r->raw, r->backups, name.p, e);
	str_free(&name);
	if (rc == 0)
		snapdir_init(&r->in_raw, r->raw, false);
	return rc < 0 ? -1 : 0;
}

static int
open_zip(struct snapread *r, struct err *e)
{
	struct str name = STR_INIT;
	str_addf(&name, "%s%s", r->id, SNAPSHOT_ZIP);
	int rc = plat_open(&r->file, r->backups, name.p, e);
	str_free(&name);
	if (rc == 1)
		return err_set(e, ERR_NOTFOUND, "it vanished");
	if (rc != 0)
		return -1;
	r->stream = zipstream_new();
	return zipread_open(&r->z, r->file, e) != 0 ? -1 : open_raw(r, e);
}

/* Everything but the manifest. */
static int
open_form(struct snapread *r, struct err *e)
{
	enum snapread_form form;
	if (snapread_form(&form, r->backups, r->id, e) != 0)
		return -1;
	switch (form) {
	case SNAPREAD_DIR:
		return open_dir(r, e);
	case SNAPREAD_ZIP:
		r->zip = true;
		return open_zip(r, e);
	case SNAPREAD_PARTIAL:
		return err_set(e, ERR_BUSY, "it is not complete");
	default:
		return err_set(e, ERR_NOTFOUND, "there is no such snapshot");
	}
}

static struct snapread *
new_reader(struct plat_dir *backups, const char *id)
{
	struct snapread *r = mem_zero(1, sizeof(*r));
	r->backups = backups;
	r->id = mem_string(id);
	r->file = PLAT_FILE_NONE;
	r->m.arena = ARENA_INIT;
	return r;
}

static int
read_manifest(struct snapread *r, manifest_fn *read, struct err *e)
{
	int rc = r->zip ? read_from_zip(r, read, e) : read_from_dir(r, read, e);
	if (rc != 0)
		return -1;
	if (strcmp(r->m.about.id, r->id) != 0 || r->m.about.zip != r->zip)
		return err_set(
		    e, ERR_CORRUPT, "its manifest is another snapshot's");
	return 0;
}

int
snapread_open(struct snapread **out, struct plat_dir *backups, const char *id,
    struct err *e)
{
	struct snapread *r = new_reader(backups, id);
	if (open_form(r, e) != 0 ||
	    read_manifest(r, snapmanifest_read, e) != 0 ||
	    snapread_check(r, e) != 0) {
		snapread_close(r);
		return err_wrap(e, "snapshot '%s'", id);
	}
	*out = r;
	return 0;
}

static int
read_only_manifest(struct snapmanifest *out, struct snapread *r,
    manifest_fn *read, struct err *e)
{
	int rc = open_form(r, e);
	if (rc == 0)
		rc = read_manifest(r, read, e);
	if (rc == 0) {
		*out = r->m;
		r->m = (struct snapmanifest){.arena = ARENA_INIT};
	} else {
		err_wrap(e, "snapshot '%s'", r->id);
	}
	snapread_close(r);
	return rc;
}

int
snapread_head(struct snapmanifest *out, struct plat_dir *backups,
    const char *id, struct err *e)
{
	return read_only_manifest(
	    out, new_reader(backups, id), snapmanifest_head, e);
}

int
snapread_entries(struct snapmanifest *out, struct plat_dir *backups,
    const char *id, struct err *e)
{
	return read_only_manifest(
	    out, new_reader(backups, id), snapmanifest_read, e);
}

void
snapread_close(struct snapread *r)
{
	if (r == NULL)
		return;
	if (r->root != NULL)
		snapdir_free(&r->in_root);
	plat_dir_close(r->root);
	if (r->raw != NULL)
		snapdir_free(&r->in_raw);
	plat_dir_close(r->raw);
	zipstream_destroy(r->stream);
	zipread_close(r->z);
	(void)plat_close(&r->file, NULL);
	snapmanifest_free(&r->m);
	free(r->id);
	free(r);
}

const struct snap_about *
snapread_about(const struct snapread *r)
{
	return &r->m.about;
}

const struct snapmanifest *
snapread_manifest(const struct snapread *r)
{
	return &r->m;
}
