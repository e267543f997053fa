#include "engine/write/stage.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/write/stage_fill.h"

void
stager_init(struct stager *s, const struct site sites[SIDES],
    const struct source_snapshot *kept)
{
	memset(s, 0, sizeof(*s));
	tap_init(&s->tap, sites, kept);
	s->hash = hash_open();
	s->buffer = mem_alloc(STAGE_BUFFER);
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
	int rc = plat_file_chmod(f, target_mode(job), e);
	if (rc == 0)
		rc = plat_file_touch(f, job->expected.mtime, e);
	if (rc == 1) /* its copy would look changed for ever */
		rc = err_set(
		    e, ERR_UNSUPPORTED, "a file's time cannot be set here");
	if (rc != 0)
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
    const struct stage_job *job, struct plat_file to,
    const struct stage_opened *from, struct err *e)
{
	struct plat_stat after;
	int rc = stage_fill(s, to, job->to->side, from, e);
	if (rc != 0)
		return rc < 0 ? -1 : not_as_expected(job, e);
	if (plat_file_stat(&after, from->file, e) != 0)
		return -1;
	if (!as_expected(&after, job))
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
	stage_progress(u->s, n);
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

/* From *from*, or where that is NULL, unpacked. */
static int
stage_file(struct fingerprint *put, struct stager *s,
    const struct stage_job *job, const struct stage_opened *from, struct err *e)
{
	struct plat_dir *dir = job->to->work;
	struct plat_file to;
	if (plat_create(&to, dir, job->name, e) != 0)
		return -1;
	int rc = from == NULL ? unpack(put, s, job, to, e)
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
	struct stage_opened from = {.file = PLAT_FILE_NONE};
	if (job->expected.type == ENTRY_LINK)
		return stage_link(put, s, job, e);
	int rc = source_open(&from.file, &from.st, &s->tap, &job->from, e);
	if (rc == SOURCE_PACKED)
		return stage_file(put, s, job, NULL, e);
	if (rc != 0)
		return rc;
	struct stage_job now = settled(job, &from.st);
	rc = as_expected(&from.st, &now) ? stage_file(put, s, &now, &from, e)
					 : not_as_expected(job, e);
	plat_close(&from.file, NULL);
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
