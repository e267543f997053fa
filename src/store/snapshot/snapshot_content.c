#include "store/snapshot/snapshot_work.h"

/* All of what a hole reads as. */
static const unsigned char zeros[SNAPSHOT_BUFFER];

bool
stat_same(const struct plat_stat *a, const struct plat_stat *b)
{
	return a->type == b->type && a->size == b->size && a->ino == b->ino &&
	    stamp_cmp(a->mtime, b->mtime) == 0 &&
	    stamp_cmp(a->ctime, b->ctime) == 0;
}

/* Content on its way: hashed, and where *to* is open, written. */
struct reader {
	struct snapshot *s; /* for its buffer */
	struct plat_file from, to;
	struct hash_stream *hash;
};

static void
read_hole(struct reader *r, uint64_t n)
{
	while (n > 0) {
		size_t step = n < sizeof(zeros) ? (size_t)n : sizeof(zeros);
		hash_feed(r->hash, zeros, step);
		n -= step;
	}
}

static int
read_data(struct reader *r, uint64_t at, uint64_t end, struct err *e)
{
	unsigned char *buffer = r->s->buffer;
	if (r->to.h != -1 && plat_seek(r->to, at, e) != 0)
		return -1;
	while (at < end) {
		size_t got;
		size_t want = end - at < SNAPSHOT_BUFFER ? (size_t)(end - at)
							 : SNAPSHOT_BUFFER;
		if (plat_read_at(r->from, buffer, want, at, &got, e) != 0)
			return -1;
		if (got == 0)
			return err_set(e, ERR_BUSY, "shrank while it was read");
		hash_feed(r->hash, buffer, got);
		if (r->to.h != -1 && plat_write(r->to, buffer, got, e) != 0)
			return -1;
		at += got;
	}
	return 0;
}

static int
read_all(struct reader *r, uint64_t size, struct err *e)
{
	for (uint64_t at = 0; at < size;) {
		uint64_t start, end;
		if (plat_next_data(r->from, at, &start, &end, e) != 0)
			return -1;
		if (end <= at || (start == end && start < size))
			return err_set(e, ERR_BUSY, "shrank while it was read");
		start = start < size ? start : size;
		end = end < size ? end : size;
		read_hole(r, start - at);
		if (read_data(r, start, end, e) != 0)
			return -1;
		at = end;
	}
	return 0;
}

static int
read_content(struct hash *out, struct reader *r, uint64_t size, struct err *e)
{
	r->hash = hash_open();
	int rc = read_all(r, size, e);
	if (rc == 0)
		*out = hash_end(r->hash);
	hash_close(r->hash);
	return rc;
}

int
content_hash(struct hash *out, struct snapshot *s, struct plat_file f,
    uint64_t size, struct err *e)
{
	struct reader r = {.s = s, .from = f, .to = PLAT_FILE_NONE};
	return read_content(out, &r, size, e);
}

int
content_copy(struct hash *out, struct snapshot *s, struct plat_file to,
    struct plat_file from, uint64_t size, struct err *e)
{
	struct reader r = {.s = s, .from = from, .to = to};
	if (read_content(out, &r, size, e) != 0)
		return -1;
	return plat_truncate(to, size, e);
}

/* ---- what is kept -------------------------------------------------------- */

/* 1: somebody wrote to it meanwhile. */
static int
hash_once(
    struct snapshot *s, struct kept *kept, struct snapdir *dir, struct err *e)
{
	struct plat_file f = PLAT_FILE_NONE;
	struct plat_stat after;
	struct err why = {.code = ERR_NONE};
	if (kept_open(&f, kept, dir, e) != 0)
		return -1;
	int rc = content_hash(&kept->hash, s, f, kept->st.size, &why);
	kept->hashed = rc == 0;
	if (rc == 0)
		rc = plat_file_stat(&after, f, &why);
	(void)plat_close(&f, NULL);
	if (rc == 0)
		return stat_same(&kept->st, &after) ? 0 : 1;
	if (why.code == ERR_BUSY)
		return 1;
	*e = why;
	return err_wrap(e, "'%s'", kept->path);
}

static int
hash_link(struct kept *kept, struct snapdir *dir, struct err *e)
{
	struct str target = STR_INIT;
	int rc = kept_target(&target, kept, dir, e);
	kept->hash = hash_of(target.p, target.len);
	kept->hashed = rc == 0;
	str_free(&target);
	return rc;
}

int
kept_hash(
    struct snapshot *s, struct kept *kept, struct snapdir *dir, struct err *e)
{
	if (kept->st.type == PLAT_LINK)
		return hash_link(kept, dir, e);
	int rc = 1;
	for (int i = 0; rc == 1 && i < SNAPSHOT_TRIES; i++)
		rc = hash_once(s, kept, dir, e);
	kept->unsettled = rc == 1;
	return rc < 0 ? -1 : 0;
}
