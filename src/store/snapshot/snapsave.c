#include "store/snapshot/snapsave.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "platform/plat_time.h"
#include "store/snapshot/snapprune.h"
#include "store/snapshot/snapsave_work.h"

/* ---- begin --------------------------------------------------------------- */

int
snapsave_begin(
    struct snapsave **out, const struct snapshot_about *about, struct err *e)
{
	struct snapsave *s = mem_zero(1, sizeof(*s));
	s->archive = PLAT_FILE_NONE;
	if (snapshot_open(&s->snapshot, about, e) != 0) {
		free(s);
		return -1;
	}
	int rc = snapshot_start(s->snapshot, e);
	if (rc == 0)
		rc = plat_lock(&s->snapshot->saving, s->snapshot->partial,
		    SNAPSHOT_SAVING, e);
	if (rc == 0 && about->zip)
		rc = snapsave_zip_begin(s, e);
	if (rc == 0) {
		*out = s;
		return 0;
	}
	snapsave_abandon(s);
	return rc < 0 ? -1 : err_set(e, ERR_LOCKED, "somebody is at it");
}

static void
release(struct snapsave *s)
{
	snapshot_close(s->snapshot);
	free(s);
}

int
snapsave_clear(struct snapshot *s, struct err *e)
{
	struct str name = STR_INIT;
	/* Half of it would hide the archive, or be taken for a run's. */
	if (snapshot_rename(s, SNAPSHOT_PARTIAL, SNAPSHOT_PRUNED, e) != 0)
		return -1;
	snapshot_path(&name, s, SNAPSHOT_PRUNED);
	int rc = snapprune_tree(s->backups, name.p, e);
	str_free(&name);
	return rc;
}

void
snapsave_abandon(struct snapsave *s)
{
	if (s == NULL)
		return;
	snapsave_zip_abandon(s);
	/* What cannot go now, goes with the next pruning. */
	if (s->snapshot->partial != NULL)
		(void)snapsave_clear(s->snapshot, NULL);
	release(s);
}

/* ---- end ----------------------------------------------------------------- */

/* The mark goes last: as long as it is there and nobody holds it, what it lies
   in is either whole, or worth nothing. */
static int
seal(struct snapshot *s, struct err *e)
{
	struct plat_dir *d;
	if (manifest_write(s, NULL, NULL, e) != 0 ||
	    snapshot_seal_saved(s, e) != 0)
		return -1;
	int rc = plat_dir_sub(&d, s->backups, s->id, e);
	if (rc != 0)
		return rc < 0 ? -1 : err_set(e, ERR_NOTFOUND, "it vanished");
	rc = plat_unlink(d, SNAPSHOT_SAVING, e);
	plat_dir_close(d);
	return rc < 0 ? -1 : 0;
}

int
snapsave_finish(
    struct snapsave *s, const struct snapsave_entry *v, size_t n, struct err *e)
{
	struct snapshot *snapshot = s->snapshot;
	snapshot->saved = v;
	snapshot->nsaved = n;
	snapdir_close(&snapshot->places);
	int rc = s->zip != NULL ? snapsave_zip_finish(s, e) : seal(snapshot, e);
	if (rc != 0) {
		snapsave_abandon(s);
		return -1;
	}
	release(s);
	return 0;
}

/* ---- a worker ------------------------------------------------------------ */

struct snapsave_hand *
snapsave_hand(struct snapsave *s, struct plat_dir *root, struct plat_dir *base)
{
	struct snapsave_hand *h = mem_zero(1, sizeof(*h));
	h->save = s;
	h->scratch = mem_zero(1, sizeof(*h->scratch));
	h->has_base = base != NULL;
	h->place = STR_INIT;
	h->bytes = STR_INIT;
	snapdir_init(&h->from, root, false);
	snapdir_init(&h->to, s->snapshot->partial, true);
	snapdir_init(&h->base, base, false);
	if (s->zip != NULL)
		ziphand_init(&h->zip, &s->turns);
	return h;
}

void
snapsave_hand_free(struct snapsave_hand *h)
{
	snapdir_free(&h->from);
	snapdir_free(&h->to);
	snapdir_free(&h->base);
	if (h->save->zip != NULL)
		ziphand_free(&h->zip);
	str_free(&h->place);
	str_free(&h->bytes);
	free(h->scratch);
	free(h);
}

void
snapsave_run(struct snapsave_hand *h, size_t run)
{
	if (h->save->zip != NULL)
		ziphand_begin(&h->zip, run);
}

void
snapsave_run_end(struct snapsave_hand *h)
{
	if (h->save->zip != NULL)
		ziphand_end(&h->zip);
}

void
snapsave_place(struct snapsave_hand *h, const struct snapsave_entry *en)
{
	str_clear(&h->place);
	snapshot_side(&h->place, SIDE_LOCAL, 0);
	path_join(&h->place, en->path, en->path_len);
}

static int
find_place(struct snapsave_hand *h, const struct snapsave_entry *en,
    struct plat_dir **d, const char **name, struct err *e)
{
	snapsave_place(h, en);
	int rc = snapdir_at(&h->to, h->place.p, h->place.len, d, name, e);
	return rc == 1 ? err_set(e, ERR_TYPE, "something is in the way") : rc;
}

int
snapsave_link(struct snapsave_hand *h, const struct snapsave_entry *en,
    const char *place, size_t n, struct err *e)
{
	struct plat_dir *from, *to;
	const char *from_name, *to_name;
	struct err why;
	if (!h->has_base)
		return 1;
	int rc = snapdir_at(&h->base, place, n, &from, &from_name, e);
	if (rc != 0)
		return rc;
	if (find_place(h, en, &to, &to_name, e) != 0)
		return -1;
	/* No links here, too many of them, not there any more: a copy will do,
	   or tell what is wrong. */
	rc = plat_link(from, from_name, to, to_name, &why);
	return rc == 0 ? 0 : 1;
}

/* ---- copying ------------------------------------------------------------- */

void
snapsave_note(struct snapsave_entry *en, const struct plat_stat *st,
    struct stamp seen, struct hash hash)
{
	en->was.type = ENTRY_FILE;
	en->was.exec = (st->mode & 0100) != 0;
	en->was.mode = (uint16_t)(st->mode & 0777);
	en->was.size = st->size;
	en->was.ino = st->ino;
	en->was.mtime = st->mtime;
	en->was.ctime = st->ctime;
	en->was.hashed = true;
	en->was.hash = hash;
	en->was.racy = fingerprint_is_racy(&en->was, seen);
	en->kept = true;
}

/* 1: somebody wrote to it meanwhile; what came is noted all the same. */
static int
copy_once(struct snapsave_hand *h, struct snapsave_entry *en,
    struct plat_file from, struct plat_file to, struct err *e)
{
	struct plat_stat before, after;
	struct hash hash;
	struct stamp seen = plat_now();
	if (plat_truncate(to, 0, e) != 0 || plat_seek(to, 0, e) != 0 ||
	    plat_file_stat(&before, from, e) != 0)
		return -1;
	struct err why = {.code = ERR_NONE};
	int rc = content_copy(&hash, h->scratch, to, from, before.size, &why);
	if (rc != 0 && why.code == ERR_BUSY)
		return 1;
	if (rc != 0)
		return err_pass(e, &why);
	if (plat_file_stat(&after, from, e) != 0)
		return -1;
	snapsave_note(en, &before, seen, hash);
	return stat_same(&before, &after) ? 0 : 1;
}

int
snapsave_copy_open(struct snapsave_hand *h, struct snapsave_entry *en,
    struct plat_file from, struct plat_file to, struct err *e)
{
	int rc = 1;
	for (int i = 0; rc == 1 && i < SNAPSHOT_TRIES; i++)
		rc = copy_once(h, en, from, to, e);
	if (rc == 1 && !en->kept)
		return err_set(e, ERR_BUSY, "somebody is writing to it");
	en->unsettled = rc == 1;
	return rc < 0 ? -1 : 0;
}

static int
copy_into_dir(struct snapsave_hand *h, struct snapsave_entry *en,
    struct plat_file f, struct err *e)
{
	struct plat_dir *d;
	const char *name;
	struct plat_file to = PLAT_FILE_NONE;
	if (find_place(h, en, &d, &name, e) != 0 ||
	    plat_create(&to, d, name, e) != 0)
		return -1;
	int rc = snapsave_copy_open(h, en, f, to, e);
	if (rc == 0 && plat_file_touch(to, en->was.mtime, e) < 0)
		rc = -1;
	if (plat_close(&to, rc == 0 ? e : NULL) != 0)
		rc = -1;
	if (rc != 0)
		(void)plat_unlink(d, name, NULL);
	return rc;
}

static int
copy_file(struct snapsave_hand *h, struct snapsave_entry *en,
    struct plat_dir *from, const char *name, struct err *e)
{
	struct plat_file f = PLAT_FILE_NONE;
	int rc = plat_open(&f, from, name, e);
	if (rc != 0)
		return rc;
	rc = h->save->zip != NULL ? snapsave_zip_file(h, en, f, e)
				  : copy_into_dir(h, en, f, e);
	(void)plat_close(&f, NULL);
	if (rc != 0)
		en->kept = false;
	return rc;
}

/* A file says what the link said: every file system can hold that. */
static int
write_link(struct snapsave_hand *h, const struct snapsave_entry *en,
    const struct str *target, struct err *e)
{
	struct plat_dir *d;
	const char *name;
	struct plat_file to = PLAT_FILE_NONE;
	if (find_place(h, en, &d, &name, e) != 0 ||
	    plat_create(&to, d, name, e) != 0)
		return -1;
	int rc = plat_write(to, target->p, target->len, e);
	if (plat_close(&to, rc == 0 ? e : NULL) != 0)
		rc = -1;
	return rc;
}

static int
copy_link(struct snapsave_hand *h, struct snapsave_entry *en,
    struct plat_dir *from, const char *name, struct err *e)
{
	struct str target = STR_INIT;
	int rc = plat_readlink(&target, from, name, e);
	if (rc == 0)
		rc = h->save->zip != NULL ? snapsave_zip_link(h, en, &target, e)
					  : write_link(h, en, &target, e);
	en->was.size = target.len;
	en->was.hashed = true;
	en->was.hash = hash_of(target.p, target.len);
	en->kept = rc == 0;
	str_free(&target);
	return rc;
}

int
snapsave_copy(struct snapsave_hand *h, struct snapsave_entry *en, struct err *e)
{
	struct plat_dir *from;
	const char *name;
	struct plat_stat st = {.type = PLAT_OTHER};
	int rc = snapdir_at(&h->from, en->path, en->path_len, &from, &name, e);
	if (rc == 0)
		rc = plat_stat(&st, from, name, e);
	if (rc != 0)
		return rc;
	if (st.placeholder)
		return err_set(
		    e, ERR_REFUSED, "its content is not on this machine");
	if (en->was.type == ENTRY_LINK && st.type == PLAT_LINK)
		return copy_link(h, en, from, name, e);
	if (en->was.type == ENTRY_FILE && st.type == PLAT_FILE)
		return copy_file(h, en, from, name, e);
	return err_set(e, ERR_BUSY, "it became something else");
}
