#include "engine/write/stage.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { BUFFER_SIZE = 256 * 1024 };

void
stager_init(struct stager *s, const struct site sites[SIDES],
    const struct source_snapshot *kept)
{
	memset(s, 0, sizeof(*s));
	tap_init(&s->tap, sites, kept);
	s->hash = hash_open();
	s->buffer = mem_alloc(BUFFER_SIZE);
}

void
stager_free(struct stager *s)
{
	tap_free(&s->tap);
	hash_close(s->hash);
	free(s->buffer);
}

void
stager_forget(struct stager *s)
{
	tap_forget(&s->tap);
}

/*
 * What the new file may do: what the old one could, and no more than its
 * source where the source knows; its own owner can always be served. Who may
 * execute comes from the source where both sides can say.
 */
static uint32_t
target_mode(const struct stage_job *job)
{
	uint32_t source = job->expected.mode & 0777;
	if (!job->from.exec_bit)
		return job->has_victim ? job->victim_mode & 0777 : 0600;
	if (!job->has_victim)
		return source;
	uint32_t mode = job->victim_mode & (source | 0600) & 0777;
	if (!job->expected.exec)
		return mode & ~(uint32_t)0111;
	return mode | 0100 | ((mode & 0044) >> 2 & source);
}

/* A kept file may have lost its time on the way; its hash is known. */
static bool
as_expected(const struct plat_stat *st, const struct stage_job *job)
{
	const struct fingerprint *f = &job->expected;
	if (st->type != PLAT_FILE || st->size != f->size)
		return false;
	if (job->from.kept != NULL)
		return true;
	return stamp_cmp(st->mtime, f->mtime) == 0 &&
	    (f->ino == 0 || st->ino == 0 || st->ino == f->ino);
}

/* What it means that the source is not what it was said to be. */
static int
not_as_expected(const struct stage_job *job, struct err *e)
{
	return job->from.kept == NULL ? 1
				      : err_set(e, ERR_CORRUPT,
					    "the snapshot does not hold what "
					    "its manifest says");
}

/* ---- content ---- */

static void
tell_progress(struct stager *s, uint64_t bytes)
{
	if (s->progress != NULL)
		s->progress(s->progress_arg, bytes);
}

/* A hole counts in the hash as the zeros it reads as. */
static void
feed_zeros(struct stager *s, uint64_t n)
{
	memset(s->buffer, 0, BUFFER_SIZE);
	while (n > 0) {
		size_t part = n < BUFFER_SIZE ? (size_t)n : BUFFER_SIZE;
		hash_feed(s->hash, s->buffer, part);
		n -= part;
	}
}

/* Copy [at, end); what the file turns out not to have is the caller's to find
   by the total. */
static int
copy_run(struct stager *s, struct plat_file to, struct plat_file from,
    uint64_t at, uint64_t end, struct err *e)
{
	if (plat_seek(to, at, e) != 0)
		return -1;
	while (at < end) {
		size_t want =
		    end - at < BUFFER_SIZE ? (size_t)(end - at) : BUFFER_SIZE;
		size_t got;
		if (plat_read_at(from, s->buffer, want, at, &got, e) != 0)
			return -1;
		if (got == 0)
			return 1;
		hash_feed(s->hash, s->buffer, got);
		if (plat_write(to, s->buffer, got, e) != 0)
			return -1;
		at += got;
		tell_progress(s, got);
	}
	return 0;
}

/* Nothing but a hole follows; or zeros, where a file cannot be extended. */
static int
end_with_hole(struct stager *s, struct plat_file to, uint64_t at, uint64_t size,
    struct err *e)
{
	if (plat_truncate(to, size, NULL) == 0)
		return 0;
	memset(s->buffer, 0, BUFFER_SIZE);
	if (plat_seek(to, at, e) != 0)
		return -1;
	while (at < size) {
		size_t part =
		    size - at < BUFFER_SIZE ? (size_t)(size - at) : BUFFER_SIZE;
		if (plat_write(to, s->buffer, part, e) != 0)
			return -1;
		at += part;
	}
	return 0;
}

/* Returns 1 when the file is shorter than it was said to be. */
static int
copy_content(struct stager *s, struct plat_file to, struct plat_file from,
    uint64_t size, struct err *e)
{
	uint64_t at = 0, written = 0;
	while (at < size) {
		uint64_t start, end;
		if (plat_next_data(from, at, &start, &end, e) != 0)
			return -1;
		if (start > size)
			start = size;
		if (end > size)
			end = size;
		feed_zeros(s, start - at);
		int rc = start < end ? copy_run(s, to, from, start, end, e) : 0;
		if (rc != 0)
			return rc;
		written = start < end ? end : written;
		at = end > start ? end : size;
	}
	return written < size ? end_with_hole(s, to, written, size, e) : 0;
}

/* The hash of a clone is read from the clone: it is what will be there. */
static int
hash_content(struct stager *s, struct plat_file f, uint64_t size, struct err *e)
{
	uint64_t at = 0;
	while (at < size) {
		size_t got;
		if (plat_read_at(f, s->buffer, BUFFER_SIZE, at, &got, e) != 0)
			return -1;
		if (got == 0)
			return 1;
		hash_feed(s->hash, s->buffer, got);
		at += got;
		tell_progress(s, got);
	}
	return 0;
}

static int
fill(struct stager *s, struct plat_file to, struct plat_file from,
    uint64_t size, struct err *e)
{
	hash_restart(s->hash);
	int cloned = size > 0 ? plat_clone(to, from, e) : 1;
	if (cloned < 0)
		return -1;
	return cloned == 0 ? hash_content(s, to, size, e)
			   : copy_content(s, to, from, size, e);
}

/* ---- what it looks like ---- */

static void
describe(struct fingerprint *put, const struct plat_stat *st, struct hash h)
{
	*put = (struct fingerprint){
	    .type = ENTRY_FILE,
	    .exec = (st->mode & 0100) != 0,
	    .mode = (uint16_t)(st->mode & 0777),
	    .size = st->size,
	    .ino = st->ino,
	    .mtime = st->mtime,
	    .ctime = st->ctime,
	    .hashed = true,
	    .hash = h,
	};
}

/* Give the filled file its looks, make it durable, and see what it is. */
static int
finish(struct fingerprint *put, struct stager *s, const struct stage_job *job,
    struct plat_file f, struct err *e)
{
	struct plat_stat st;
	if (plat_file_chmod(f, target_mode(job), e) != 0 ||
	    plat_file_touch(f, job->expected.mtime, e) != 0)
		return -1;
	if (job->sync_each && plat_file_sync(f, e) != 0)
		return -1;
	if (plat_file_stat(&st, f, e) != 0)
		return -1;
	describe(put, &st, hash_end(s->hash));
	return 0;
}

/* Fill, and look at the source again: a file that changed while it was read is
   no copy of anything. */
static int
copy_checked(struct fingerprint *put, struct stager *s,
    const struct stage_job *job, struct plat_file to, struct plat_file from,
    struct err *e)
{
	struct plat_stat st;
	int rc = fill(s, to, from, job->expected.size, e);
	if (rc != 0)
		return rc < 0 ? -1 : not_as_expected(job, e);
	if (plat_file_stat(&st, from, e) != 0)
		return -1;
	if (!as_expected(&st, job))
		return not_as_expected(job, e);
	if (job->expected.hashed &&
	    !hash_equal(hash_end(s->hash), job->expected.hash))
		return not_as_expected(job, e);
	return finish(put, s, job, to, e);
}

/* ---- unpacked ---- */

struct unpacking {
	struct stager *s;
	struct plat_file to;
};

static int
write_piece(void *arg, const void *bytes, size_t n, struct err *e)
{
	struct unpacking *u = arg;
	hash_feed(u->s->hash, bytes, n);
	if (plat_write(u->to, bytes, n, e) != 0)
		return -1;
	tell_progress(u->s, n);
	return 0;
}

static int
unpack(struct fingerprint *put, struct stager *s, const struct stage_job *job,
    struct plat_file to, struct err *e)
{
	struct unpacking u = {.s = s, .to = to};
	hash_restart(s->hash);
	if (source_unpack(&s->tap, &job->from, write_piece, &u, e) != 0)
		return -1;
	return finish(put, s, job, to, e);
}

/* ---- one staged thing ---- */

/* From *from*, or where that is nothing, unpacked. */
static int
stage_file(struct fingerprint *put, struct stager *s,
    const struct stage_job *job, struct plat_file from, struct err *e)
{
	struct plat_dir *dir = job->to->work;
	struct plat_file to;
	if (plat_create(&to, dir, job->name, e) != 0)
		return -1;
	int rc = from.h == PLAT_FILE_NONE.h
	    ? unpack(put, s, job, to, e)
	    : copy_checked(put, s, job, to, from, e);
	if (plat_close(&to, rc == 0 ? e : NULL) != 0)
		rc = -1;
	if (rc != 0)
		plat_unlink(dir, job->name, NULL);
	return rc;
}

static int
stage_link(struct fingerprint *put, struct stager *s,
    const struct stage_job *job, struct err *e)
{
	struct plat_dir *dir = job->to->work;
	struct str target = STR_INIT;
	struct plat_stat st;
	int rc = source_target(&target, &s->tap, &job->from, e);
	if (rc != 0)
		goto out;
	struct hash h = hash_of(target.p, target.len);
	rc = 1;
	if (job->expected.hashed && !hash_equal(h, job->expected.hash))
		goto out;
	rc = plat_symlink(dir, job->name, target.p, e);
	if (rc == 1)
		rc = err_set(
		    e, ERR_UNSUPPORTED, "symbolic links cannot be made here");
	if (rc != 0)
		goto out;
	rc = -1;
	if (plat_touch(dir, job->name, job->expected.mtime, e) < 0 ||
	    plat_stat(&st, dir, job->name, e) != 0) {
		plat_unlink(dir, job->name, NULL);
		goto out;
	}
	describe(put, &st, h);
	put->type = ENTRY_LINK;
	put->exec = false;
	put->size = target.len;
	rc = 0;
out:
	str_free(&target);
	return rc;
}

/* Where nobody could say how much there is, it is what there is now. */
static struct stage_job
settled(const struct stage_job *job, const struct plat_stat *st)
{
	struct stage_job now = *job;
	if (job->from.kept != NULL && job->from.kept->unsettled)
		now.expected.size = st->size;
	return now;
}

int
stage(struct fingerprint *put, struct stager *s, const struct stage_job *job,
    struct err *e)
{
	struct plat_file from = PLAT_FILE_NONE;
	struct plat_stat st;
	if (job->expected.type == ENTRY_LINK)
		return stage_link(put, s, job, e);
	int rc = source_open(&from, &s->tap, &job->from, e);
	if (rc == SOURCE_PACKED)
		return stage_file(put, s, job, PLAT_FILE_NONE, e);
	if (rc != 0)
		return rc;
	rc = plat_file_stat(&st, from, e);
	struct stage_job now = settled(job, &st);
	if (rc == 0 && !as_expected(&st, &now))
		rc = not_as_expected(job, e);
	if (rc == 0)
		rc = stage_file(put, s, &now, from, e);
	plat_close(&from, NULL);
	return rc;
}

int
stage_bytes(struct fingerprint *put, struct stager *s,
    const struct stage_job *job, const void *bytes, size_t n, struct err *e)
{
	struct plat_dir *dir = job->to->work;
	struct plat_file f;
	if (plat_create(&f, dir, job->name, e) != 0)
		return -1;
	hash_restart(s->hash);
	hash_feed(s->hash, bytes, n);
	int rc = plat_write(f, bytes, n, e);
	if (rc == 0)
		rc = finish(put, s, job, f, e);
	if (plat_close(&f, rc == 0 ? e : NULL) != 0)
		rc = -1;
	if (rc != 0)
		plat_unlink(dir, job->name, NULL);
	return rc;
}
