#include "store/afile.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { BUFFER_SIZE = 1 << 16 };

struct afile {
	struct plat_dir *dir; /* the caller's */
	char *name;
	char *temp; /* where the new content grows */
	struct plat_file file;
	uint64_t size;   /* of all that was written, buffered bytes included */
	size_t buffered; /* bytes in buffer */
	bool failed;     /* err says why; nothing is written any more */
	struct err err;
	unsigned char buffer[BUFFER_SIZE];
};

static void
release(struct afile *f)
{
	free(f->name);
	free(f->temp);
	free(f);
}

static void
temp_name(struct str *out, const char *name)
{
	str_addf(out, "%s.new", name);
}

int
afile_tidy(struct plat_dir *d, const char *name, struct err *e)
{
	struct str temp = STR_INIT;
	temp_name(&temp, name);
	int rc = plat_unlink(d, temp.p, e) < 0 ? -1 : 0;
	str_free(&temp);
	return rc;
}

int
afile_open(
    struct afile **out, struct plat_dir *d, const char *name, struct err *e)
{
	struct str temp = STR_INIT;
	temp_name(&temp, name);
	struct plat_file file = PLAT_FILE_NONE;
	/* Made anew and never reopened: a dead run may have left anything
	   under this name, a link included. */
	if (plat_unlink(d, temp.p, e) < 0 ||
	    plat_create(&file, d, temp.p, e) < 0) {
		str_free(&temp);
		return -1;
	}
	struct afile *f = mem_alloc(sizeof(*f));
	f->dir = d;
	f->name = mem_string(name);
	f->temp = str_take(&temp);
	f->file = file;
	f->size = 0;
	f->buffered = 0;
	f->failed = false;
	err_clear(&f->err);
	*out = f;
	return 0;
}

static void
put(struct afile *f, const void *bytes, size_t n)
{
	if (!f->failed && plat_write(f->file, bytes, n, &f->err) < 0)
		f->failed = true;
}

static void
flush(struct afile *f)
{
	put(f, f->buffer, f->buffered);
	f->buffered = 0;
}

void
afile_write(struct afile *f, const void *bytes, size_t n)
{
	if (n == 0)
		return;
	f->size += n;
	if (n > BUFFER_SIZE - f->buffered)
		flush(f);
	if (n > BUFFER_SIZE) {
		put(f, bytes, n);
		return;
	}
	memcpy(f->buffer + f->buffered, bytes, n);
	f->buffered += n;
}

static void
seek(struct afile *f, uint64_t offset)
{
	if (!f->failed && plat_seek(f->file, offset, &f->err) < 0)
		f->failed = true;
}

void
afile_patch(struct afile *f, uint64_t offset, const void *bytes, size_t n)
{
	assert(offset <= f->size && n <= f->size - offset);
	flush(f);
	seek(f, offset);
	put(f, bytes, n);
	seek(f, f->size);
}

uint64_t
afile_size(const struct afile *f)
{
	return f->size;
}

/* The new content lies complete under the temporary name. */
static int
finish(struct afile *f, bool durable)
{
	flush(f);
	/* Synced before it is renamed: the name must never come to stand for
	   content that has not reached the disk. */
	if (!f->failed && durable)
		f->failed = plat_file_sync(f->file, &f->err) < 0;
	/* A network file system may report only here that it is full. */
	if (plat_close(&f->file, f->failed ? NULL : &f->err) < 0)
		f->failed = true;
	return f->failed ? err_wrap(&f->err, "'%s'", f->temp) : 0;
}

int
afile_commit(struct afile *f, bool durable, struct err *e)
{
	int rc = finish(f, durable);
	if (rc == 0)
		rc = plat_replace(f->dir, f->temp, f->dir, f->name, &f->err);
	if (rc < 0)
		(void)plat_unlink(f->dir, f->temp, NULL);
	else if (durable)
		rc = plat_dir_sync(f->dir, &f->err);
	if (rc < 0 && e != NULL)
		*e = f->err;
	release(f);
	return rc;
}

void
afile_abandon(struct afile *f)
{
	if (f == NULL)
		return;
	(void)plat_close(&f->file, NULL);
	(void)plat_unlink(f->dir, f->temp, NULL);
	release(f);
}

int
afile_replace(struct plat_dir *d, const char *name, const void *bytes, size_t n,
    bool durable, struct err *e)
{
	struct afile *f;
	if (afile_open(&f, d, name, e) < 0)
		return -1;
	afile_write(f, bytes, n);
	return afile_commit(f, durable, e);
}

/* ---- reading ---- */

static int
read_all(struct str *out, struct plat_file f, size_t limit, struct err *e)
{
	char piece[16384];
	size_t left = limit;
	for (;;) {
		size_t got;
		if (plat_read(f, piece, sizeof(piece), &got, e) < 0)
			return -1;
		if (got == 0)
			return 0;
		if (got > left)
			return err_set(
			    e, ERR_CORRUPT, "larger than %zu bytes", limit);
		str_addn(out, piece, got);
		left -= got;
	}
}

int
afile_read(struct str *out, struct plat_dir *d, const char *name, size_t limit,
    struct err *e)
{
	struct plat_file f;
	int rc = plat_open(&f, d, name, e);
	if (rc != 0)
		return rc;
	size_t begin = out->len;
	rc = read_all(out, f, limit, e);
	(void)plat_close(&f, NULL);
	if (rc == 0)
		return 0;
	str_cut(out, begin);
	return err_wrap(e, "'%s'", name);
}
