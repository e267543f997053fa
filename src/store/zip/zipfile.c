#include "store/zip/zipfile.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "store/zip/zipformat.h"

/* What is larger is packed in pieces of this size, and written as it comes. */
enum { BUFFER_SIZE = 64 * 1024 };

/* Small entries are written together. */
enum { GATHERED = 256 * 1024 };

struct zipfile {
	struct plat_file file;
	uint64_t at;           /* so much is written */
	uint64_t count;        /* … of so many entries */
	struct str directory;  /* what it says of them */
	struct zippiece piece; /* what is not written yet */
	struct err broken;     /* the first failure that spoilt the archive */
	struct hash_stream *hash; /* of the present entry's content */
	char buffer[BUFFER_SIZE];
};

/* ---- writing ------------------------------------------------------------- */

/* The first failure is kept: from then on nothing is written. */
static int
spoilt(struct zipfile *z, const struct err *e)
{
	z->broken = *e;
	return -1;
}

static int
check(const struct zipfile *z, struct err *e)
{
	return z->broken.code == ERR_NONE ? 0 : err_pass(e, &z->broken);
}

static int
put(struct zipfile *z, const struct str *bytes, struct err *e)
{
	if (bytes->len == 0)
		return 0;
	if (plat_write(z->file, bytes->p, bytes->len, e) != 0)
		return spoilt(z, e);
	z->at += bytes->len;
	return 0;
}

static int
put_piece(struct zipfile *z, const struct zippiece *p, struct err *e)
{
	uint64_t start = z->at;
	if (put(z, &p->bytes, e) != 0)
		return -1;
	zippiece_list(&z->directory, p, start);
	z->count += p->n;
	return 0;
}

static int
flush(struct zipfile *z, struct err *e)
{
	int rc = put_piece(z, &z->piece, e);
	zippiece_clear(&z->piece);
	return rc;
}

int
zipfile_create(struct zipfile **out, struct plat_file f, struct err *e)
{
	struct zipfile *z = mem_alloc(sizeof(*z));
	(void)e;
	z->file = f;
	z->at = 0;
	z->count = 0;
	z->directory = STR_INIT;
	z->hash = hash_open();
	zippiece_init(&z->piece);
	err_clear(&z->broken);
	*out = z;
	return 0;
}

int
zipfile_add_piece(struct zipfile *z, const struct zippiece *p, struct err *e)
{
	return check(z, e) != 0 || flush(z, e) != 0 ? -1 : put_piece(z, p, e);
}

/* ---- content at hand ----------------------------------------------------- */

static int
add_bytes(struct zipfile *z, const struct zipentry_about *about,
    const void *bytes, size_t n, struct err *e)
{
	hash_restart(z->hash);
	hash_feed(z->hash, bytes, n);
	if (zippiece_add(&z->piece, about, bytes, n, e) != 0)
		return -1;
	return z->piece.bytes.len < GATHERED ? 0 : flush(z, e);
}

int
zipfile_add_text(struct zipfile *z, const char *name, struct stamp mtime,
    const struct str *text, struct err *e)
{
	struct zipentry_about about = {name, 0600, mtime};
	return check(z, e) != 0 ? -1
				: add_bytes(z, &about, text->p, text->len, e);
}

/* ---- content of a file --------------------------------------------------- */

/* *want* bytes at *at* into the buffer. */
static int
read_part(struct zipfile *z, struct plat_file from, uint64_t at, size_t want,
    struct err *e)
{
	size_t have = 0, got;
	while (have < want) {
		if (plat_read_at(from, z->buffer + have, want - have, at + have,
			&got, e) != 0)
			return -1;
		if (got == 0)
			return err_set(e, ERR_BUSY, "shrank while it was read");
		have += got;
	}
	return 0;
}

static int
stream_content(struct zipfile *z, struct zipentry *entry, struct plat_file from,
    struct err *e)
{
	struct str *out = &z->piece.bytes;
	struct deflate *deflate = z->piece.deflate;
	uint64_t begin = z->at;
	deflate_begin(deflate);
	for (uint64_t at = 0; at < entry->size;) {
		uint64_t left = entry->size - at;
		size_t n = left < BUFFER_SIZE ? (size_t)left : BUFFER_SIZE;
		if (read_part(z, from, at, n, e) != 0)
			return -1;
		at += n;
		hash_feed(z->hash, z->buffer, n);
		entry->crc = flate_crc(entry->crc, z->buffer, n);
		str_clear(out);
		deflate_next(deflate, out, z->buffer, n, at == entry->size);
		if (put(z, out, e) != 0)
			return -1;
	}
	entry->packed = z->at - begin;
	return 0;
}

/* Could it be 4 GiB or more, packed or not? What cannot be packed becomes a
   little larger when it is. */
static bool
is_large(uint64_t size)
{
	return size >= UINT32_MAX - UINT32_MAX / 256;
}

static int
stream(struct zipfile *z, struct zipentry *entry, struct plat_file from,
    struct err *e)
{
	struct str *out = &z->piece.bytes;
	zipentry_front(out, entry);
	int rc = put(z, out, e);
	if (rc == 0)
		rc = stream_content(z, entry, from, e);
	if (rc == 0) {
		str_clear(out);
		zipentry_behind(out, entry);
		rc = put(z, out, e);
	}
	str_clear(out);
	if (rc != 0)
		return spoilt(z, e);
	zipentry_listed(&z->directory, entry);
	z->count++;
	return 0;
}

static int
add_streamed(struct zipfile *z, const struct zipentry_about *about,
    struct plat_file from, uint64_t size, struct err *e)
{
	struct str name = STR_INIT;
	int rc = zipentry_name(&name, about->name, e);
	if (rc == 0)
		rc = flush(z, e);
	if (rc == 0) {
		struct zipentry entry = {
		    .name = name.p,
		    .name_len = (uint16_t)name.len,
		    .mode = (uint16_t)(about->mode & 07777),
		    .method = METHOD_DEFLATED,
		    .streamed = true,
		    .large = is_large(size),
		    .size = size,
		    .offset = z->at,
		};
		zipentry_time(&entry, about->mtime);
		hash_restart(z->hash);
		rc = stream(z, &entry, from, e);
	}
	str_free(&name);
	return rc;
}

int
zipfile_add(struct zipfile *z, const char *name, uint32_t mode,
    struct stamp mtime, struct plat_file from, struct err *e)
{
	struct zipentry_about about = {name, mode, mtime};
	struct plat_stat st;
	if (check(z, e) != 0 || plat_file_stat(&st, from, e) != 0)
		return -1;
	if (st.size > INT64_MAX)
		return err_set(e, ERR_UNSUPPORTED, "too large for a zip");
	if (st.size > BUFFER_SIZE)
		return add_streamed(z, &about, from, st.size, e);
	if (read_part(z, from, 0, (size_t)st.size, e) != 0)
		return -1;
	return add_bytes(z, &about, z->buffer, (size_t)st.size, e);
}

struct hash
zipfile_hash(const struct zipfile *z)
{
	return hash_end(z->hash);
}

/* ---- the end ------------------------------------------------------------- */

void
zipfile_abandon(struct zipfile *z)
{
	if (z == NULL)
		return;
	zippiece_free(&z->piece);
	hash_close(z->hash);
	str_free(&z->directory);
	free(z);
}

int
zipfile_finish(struct zipfile *z, struct err *e)
{
	int rc = check(z, e);
	if (rc == 0)
		rc = flush(z, e);
	if (rc == 0) {
		struct str *directory = &z->directory;
		zipentry_end(directory, z->count, z->at, directory->len);
		rc = put(z, directory, e);
	}
	zipfile_abandon(z);
	return rc;
}
