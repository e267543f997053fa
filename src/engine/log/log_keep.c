#include "engine/log/log_keep.h"

#include "base/str.h"
#include "store/zip/zipfile.h"

/*
 * Packing a file that others may be appending to.
 *
 * Every process finds its file by name and keeps it open, so one that is behind
 * (a short record still fitted where ours did not; midnight has passed and it
 * had nothing to say since) can append to a file that is finished for us. No
 * record is lost all the same:
 *
 *   1. The archive is written under another name, from the file's content up
 *      to a size S, and made durable. If the file has grown by then, it is in
 *      use: the archive is dropped, and a later time will do.
 *   2. The archive gets its name, then the file loses its own.
 *   3. Only now, through our handle, the size is read again. What lies behind
 *      S was written before the file lost its name, and goes to the file that
 *      is in use now.
 *   4. Whoever writes after step 3 finds, looking behind its write
 *      (log_writer.h), that the name is gone, and writes once more.
 *
 * Whoever writes before 2 is in the archive or rescued by 3; between 2 and 3,
 * rescued and written twice; after 3, written again. A crash between the two
 * halves of 2 leaves archive and file: the file is then packed once more,
 * under the next free name.
 *
 * The lock keeps two processes from packing at once, so there is only ever one
 * unfinished archive, under a fixed name, and one left by a crash is replaced.
 */

struct keeper {
	const struct log_place *place;
	struct plat_dir *dir;
	struct log_writer *writer;
	int64_t today;
	int64_t last;       /* part of today that is in use */
	struct str partial; /* the name of an archive being written */
	struct str file;    /* scratch: the name of the file in hand */
	struct str archive; /* scratch: the name its archive gets */
};

/* ---- one archive ---- */

static int
fill(struct plat_file zip, struct plat_file from, const char *name,
    const struct plat_stat *st, struct err *e)
{
	struct zipfile *z;
	if (zipfile_create(&z, zip, e) != 0)
		return -1;
	if (zipfile_add(z, name, 0600, st->mtime, from, e) != 0) {
		zipfile_abandon(z);
		return -1;
	}
	if (zipfile_finish(z, e) != 0)
		return -1;
	return plat_file_sync(zip, e);
}

/* The file's content as an archive under the name k->partial. */
static int
write_archive(struct keeper *k, struct plat_file from,
    const struct plat_stat *st, struct err *e)
{
	struct plat_file zip;
	if (plat_create(&zip, k->dir, k->partial.p, e) != 0)
		return -1;
	if (fill(zip, from, k->file.p, st, e) == 0)
		return plat_close(&zip, e);
	struct err ignored;
	plat_close(&zip, &ignored);
	return -1;
}

/* Rename without replacing. 1: the name is taken. */
static int
claim(struct keeper *k, struct err *e)
{
	struct plat_stat st;
	int rc = plat_stat(&st, k->dir, k->archive.p, e);
	if (rc <= 0)
		return rc < 0 ? -1 : 1;
	rc = plat_move(k->dir, k->partial.p, k->dir, k->archive.p, e);
	if (rc == 1) /* cannot promise; but we hold the lock, and have looked */
		rc =
		    plat_replace(k->dir, k->partial.p, k->dir, k->archive.p, e);
	return rc < 0 && e->code == ERR_EXISTS ? 1 : rc;
}

static int
name_archive(struct keeper *k, const struct log_name *of, struct err *e)
{
	struct log_name name = *of;
	name.kind = LOG_ARCHIVE;
	for (name.copy = 1; name.copy <= LOG_NUMBER_MAX; name.copy++) {
		str_clear(&k->archive);
		log_name_put(&k->archive, k->place->stem, &name);
		int rc = claim(k, e);
		if (rc <= 0)
			return rc;
	}
	return err_set(e, ERR_EXISTS, "no name is left for the archive");
}

/* ---- one file ---- */

/* What was appended behind *packed*, into the file in use. */
static int
rescue(struct keeper *k, struct plat_file f, uint64_t packed, struct err *e)
{
	struct plat_stat st;
	if (plat_file_stat(&st, f, e) != 0)
		return -1;
	struct str lines = STR_INIT;
	int rc = 0;
	while (rc == 0 && packed + lines.len < st.size) {
		char piece[1024];
		size_t got = 0;
		rc = plat_read_at(
		    f, piece, sizeof(piece), packed + lines.len, &got, e);
		str_addn(&lines, piece, got);
		if (got == 0)
			break;
	}
	if (rc == 0 && lines.len > 0 &&
	    log_writer_put(k->writer, k->today, &lines, e) < 0)
		rc = -1;
	str_free(&lines);
	return rc;
}

/* Steps 2 and 3 above. */
static int
replace_by_archive(struct keeper *k, const struct log_name *name,
    struct plat_file f, uint64_t packed, struct err *e)
{
	if (name_archive(k, name, e) != 0)
		return -1;
	if (plat_dir_sync(k->dir, e) != 0 ||
	    plat_unlink(k->dir, k->file.p, e) < 0) {
		/* The file stays, so it is packed again: next time, not twice.
		 */
		struct err ignored;
		plat_unlink(k->dir, k->archive.p, &ignored);
		return -1;
	}
	return rescue(k, f, packed, e);
}

static int
pack_open(struct keeper *k, const struct log_name *name, struct plat_file f,
    struct err *e)
{
	struct plat_stat before, after;
	if (plat_file_stat(&before, f, e) != 0 ||
	    write_archive(k, f, &before, e) != 0 ||
	    plat_file_stat(&after, f, e) != 0)
		return -1;
	if (after.size != before.size)
		return 0;
	return replace_by_archive(k, name, f, before.size, e);
}

static int
pack(struct keeper *k, const struct log_name *name, struct err *e)
{
	struct plat_file f = PLAT_FILE_NONE;
	int rc = plat_open(&f, k->dir, k->file.p, e);
	if (rc != 0)
		return rc < 0 ? -1 : 0; /* gone is fine */
	rc = pack_open(k, name, f, e);
	struct err ignored;
	plat_unlink(k->dir, k->partial.p, &ignored);
	plat_close(&f, &ignored);
	return rc;
}

/* ---- all of them ---- */

static bool
is_expired(const struct keeper *k, const struct log_file *f)
{
	return k->place->keep_days > 0 &&
	    k->today - f->name.day > k->place->keep_days;
}

static bool
is_finished(const struct keeper *k, const struct log_file *f)
{
	return f->name.kind == LOG_PLAIN &&
	    (f->name.day < k->today ||
		(f->name.day == k->today && f->name.part < k->last));
}

static int
keep_file(struct keeper *k, const struct log_file *f, struct err *e)
{
	if (!f->regular)
		return 0;
	str_clear(&k->file);
	log_name_put(&k->file, k->place->stem, &f->name);
	int rc = 0;
	if (is_expired(k, f))
		rc = plat_unlink(k->dir, k->file.p, e) < 0 ? -1 : 0;
	else if (k->place->pack && is_finished(k, f))
		rc = pack(k, &f->name, e);
	return rc == 0 ? 0 : err_wrap(e, "'%s'", k->file.p);
}

static int
keep_all(struct keeper *k, struct err *e)
{
	struct log_files files;
	int rc = log_files_list(&files, k->dir, k->place->stem, e);
	struct err again;
	if (plat_unlink(k->dir, k->partial.p, rc == 0 ? e : &again) < 0)
		rc = -1; /* what a crash has left */
	k->last = log_files_last(&files, k->today);
	for (size_t i = 0; i < files.n; i++) {
		if (keep_file(k, &files.v[i], rc == 0 ? e : &again) != 0)
			rc = -1;
	}
	log_files_free(&files);
	return rc;
}

/* 1: another process holds it. */
static int
lock(struct plat_file *out, struct keeper *k, struct err *e)
{
	struct str name = STR_INIT;
	str_addf(&name, ".%s.lock", k->place->stem);
	int rc = plat_lock(out, k->dir, name.p, e);
	str_free(&name);
	return rc;
}

int
log_keep(const struct log_place *place, struct log_writer *w, int64_t today,
    struct err *e)
{
	struct keeper k = {.place = place,
	    .writer = w,
	    .today = today,
	    .partial = STR_INIT,
	    .file = STR_INIT,
	    .archive = STR_INIT};
	if (log_place_open(&k.dir, place, e) != 0)
		return -1;
	struct plat_file held = PLAT_FILE_NONE;
	int rc = lock(&held, &k, e);
	if (rc == 0) {
		str_addf(&k.partial, ".%s.zip.partial", place->stem);
		rc = keep_all(&k, e);
		str_free(&k.partial);
		str_free(&k.file);
		str_free(&k.archive);
	}
	struct err ignored;
	plat_close(&held, &ignored);
	plat_dir_close(k.dir);
	return rc < 0 ? -1 : 0;
}
