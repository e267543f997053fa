#include "store/zip/zipfile.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <archive.h>
#include <archive_entry.h>

#include "base/compiler.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "store/zip/zipname.h"

/*
 * The length of a name is a 16-bit field, and libarchive's memory for the
 * central directory comes in pieces of 64 KiB that one name must fit into.
 */
enum { NAME_MAX_BYTES = 65535 };

enum { BUFFER_SIZE = 64 * 1024 };

/* The times both of a zip's fields can hold: DOS dates begin in 1980, and the
   Unix time beside them is an unsigned 32-bit number. */
#define TIME_MIN INT64_C(315532800)
#define TIME_MAX INT64_C(4294967295)

struct zipfile {
	struct archive *a;
	struct plat_file file;
	struct err broken; /* the first failure that spoilt the archive */
	struct str name;   /* scratch */
	struct hash_stream *hash; /* of the present entry's content */
	char buffer[BUFFER_SIZE];
};

/* ---- names ---- */

/* One UTF-16 unit or two, or the whole character, as this system's wide
   strings have it. */
static size_t
put_wide(wchar_t *w, int32_t cp)
{
	if (WCHAR_MAX > 0xFFFF || cp < 0x10000) {
		w[0] = (wchar_t)cp;
		return 1;
	}
	w[0] = (wchar_t)(0xD800 + ((cp - 0x10000) >> 10));
	w[1] = (wchar_t)(0xDC00 + ((cp - 0x10000) & 0x3FF));
	return 2;
}

static void
set_wide_name(struct archive_entry *entry, const struct str *name)
{
	wchar_t *wide = mem_zero(name->len + 1, sizeof(*wide));
	size_t n = 0;
	for (size_t at = 0; at < name->len;) {
		int32_t cp;
		at += utf8_next(name->p + at, name->len - at, &cp);
		n += put_wide(wide + n, cp);
	}
	archive_entry_copy_pathname_w(entry, wide);
	free(wide);
}

/*
 * libarchive knows two ways to UTF-8 names. Where wide characters are UTF-16
 * (Windows) it converts them itself, once told that headers are UTF-8. Where
 * they are not, it would convert through the locale, and in one that is not
 * UTF-8 turn what it cannot say into '?'; but without being told anything it
 * stores a name's bytes untouched, and marks them when the locale is UTF-8.
 */
static bool
names_are_wide(void)
{
	return WCHAR_MAX <= 0xFFFF;
}

static int
set_name(struct zipfile *z, struct archive_entry *entry, const char *name,
    struct err *e)
{
	str_clear(&z->name);
	zipname_add(&z->name, name);
	if (z->name.len == 0 || z->name.len > NAME_MAX_BYTES)
		return err_set(e, ERR_NAME,
		    "a zip cannot hold a name of %zu bytes", z->name.len);
	if (names_are_wide())
		set_wide_name(entry, &z->name);
	else
		archive_entry_copy_pathname(entry, z->name.p);
	return 0;
}

/* ---- failing ---- */

/*
 * The first failure is kept; from then on nothing is written, but libarchive
 * is told that all is well. Stopped in the middle of an entry, it would not
 * give back what the compressor holds.
 */
static la_ssize_t
write_out(struct archive *a, void *arg, const void *bytes, size_t n)
{
	UNUSED(a);
	struct zipfile *z = arg;
	if (z->broken.code == ERR_NONE)
		plat_write(z->file, bytes, n, &z->broken);
	return (la_ssize_t)n;
}

/* After each step, *done* when libarchive says so: 0, or the first failure. */
static int
settle(struct zipfile *z, bool done, struct err *e)
{
	if (z->broken.code == ERR_NONE && done)
		return 0;
	if (z->broken.code == ERR_NONE) {
		if (archive_errno(z->a) == ENOMEM)
			mem_exhausted();
		const char *text = archive_error_string(z->a);
		err_set(&z->broken, ERR_IO, "zip: %s",
		    text != NULL ? text : "cannot be written");
	}
	*e = z->broken;
	return -1;
}

/* Our own failure in the middle of an entry, which *e* holds. */
static int
spoilt(struct zipfile *z, const struct err *e)
{
	z->broken = *e;
	return -1;
}

/* ---- writing ---- */

static int
begin(struct zipfile *z, struct err *e)
{
	bool done = archive_write_set_format_zip(z->a) == ARCHIVE_OK &&
	    archive_write_zip_set_compression_deflate(z->a) == ARCHIVE_OK &&
	    archive_write_set_format_option(
		z->a, "zip", "compression-level", "1") == ARCHIVE_OK &&
	    (!names_are_wide() ||
		archive_write_set_format_option(
		    z->a, "zip", "hdrcharset", "UTF-8") == ARCHIVE_OK) &&
	    archive_write_set_bytes_per_block(z->a, BUFFER_SIZE) ==
		ARCHIVE_OK &&
	    /* no padding behind the last block */
	    archive_write_set_bytes_in_last_block(z->a, 1) == ARCHIVE_OK &&
	    archive_write_open(z->a, z, NULL, write_out, NULL) == ARCHIVE_OK;
	return settle(z, done, e);
}

/*
 * libarchive sets the compressor up anew for every entry, and some allocators
 * hand its memory back to the system each time, which costs as much as packing
 * a small file does. Having seen something larger come and go, they keep it.
 */
static void
warm_up(void)
{
	enum { LARGER = 1024 * 1024 };
	free(mem_alloc(LARGER));
}

int
zipfile_create(struct zipfile **out, struct plat_file f, struct err *e)
{
	struct zipfile *z = mem_alloc(sizeof(*z));
	z->file = f;
	z->name = STR_INIT;
	z->hash = hash_open();
	err_clear(&z->broken);
	warm_up();
	z->a = archive_write_new();
	if (z->a == NULL)
		mem_exhausted();
	if (begin(z, e) != 0) {
		zipfile_abandon(z);
		return -1;
	}
	*out = z;
	return 0;
}

static int64_t
clamp_time(int64_t sec)
{
	return sec < TIME_MIN ? TIME_MIN : sec > TIME_MAX ? TIME_MAX : sec;
}

static int
put_header(struct zipfile *z, const char *name, uint32_t mode,
    struct stamp mtime, uint64_t size, struct err *e)
{
	if (settle(z, true, e) != 0)
		return -1;
	if (size > INT64_MAX)
		return err_set(e, ERR_UNSUPPORTED, "too large for a zip");
	struct archive_entry *entry = archive_entry_new();
	if (entry == NULL)
		mem_exhausted();
	int rc = set_name(z, entry, name, e);
	if (rc == 0) {
		archive_entry_set_filetype(entry, AE_IFREG);
		archive_entry_set_perm(entry, (__LA_MODE_T)(mode & 07777));
		archive_entry_set_mtime(
		    entry, (time_t)clamp_time(mtime.sec), 0);
		/* With the size known beforehand, only entries beyond 4 GiB
		   need the zip64 form, which not every unpacker reads. */
		archive_entry_set_size(entry, (la_int64_t)size);
		/* A warning would mean that the name was not stored as given.
		 */
		bool done = archive_write_header(z->a, entry) == ARCHIVE_OK;
		rc = settle(z, done, e);
	}
	archive_entry_free(entry);
	hash_restart(z->hash);
	return rc;
}

static int
put_data(struct zipfile *z, const void *bytes, size_t n, struct err *e)
{
	hash_feed(z->hash, bytes, n);
	return settle(
	    z, archive_write_data(z->a, bytes, n) == (la_ssize_t)n, e);
}

static int
finish_entry(struct zipfile *z, struct err *e)
{
	return settle(z, archive_write_finish_entry(z->a) == ARCHIVE_OK, e);
}

static int
copy_content(
    struct zipfile *z, struct plat_file from, uint64_t size, struct err *e)
{
	for (uint64_t at = 0; at < size;) {
		uint64_t left = size - at;
		size_t want = left < BUFFER_SIZE ? (size_t)left : BUFFER_SIZE;
		size_t got;
		if (plat_read_at(from, z->buffer, want, at, &got, e) != 0)
			return spoilt(z, e);
		if (got == 0) {
			err_set(e, ERR_BUSY, "shrank while it was read");
			return spoilt(z, e);
		}
		if (put_data(z, z->buffer, got, e) != 0)
			return -1;
		at += got;
	}
	return finish_entry(z, e);
}

int
zipfile_add(struct zipfile *z, const char *name, uint32_t mode,
    struct stamp mtime, struct plat_file from, struct err *e)
{
	struct plat_stat st;
	if (plat_file_stat(&st, from, e) != 0 ||
	    put_header(z, name, mode, mtime, st.size, e) != 0)
		return -1;
	return copy_content(z, from, st.size, e);
}

int
zipfile_add_text(struct zipfile *z, const char *name, struct stamp mtime,
    const struct str *text, struct err *e)
{
	if (put_header(z, name, 0600, mtime, text->len, e) != 0)
		return -1;
	if (text->len > 0 && put_data(z, text->p, text->len, e) != 0)
		return -1;
	return finish_entry(z, e);
}

struct hash
zipfile_hash(const struct zipfile *z)
{
	return hash_end(z->hash);
}

static void
release(struct zipfile *z)
{
	archive_write_free(z->a);
	hash_close(z->hash);
	str_free(&z->name);
	free(z);
}

int
zipfile_finish(struct zipfile *z, struct err *e)
{
	int rc = settle(z, true, e);
	if (rc == 0)
		rc = settle(z, archive_write_close(z->a) == ARCHIVE_OK, e);
	release(z);
	return rc;
}

void
zipfile_abandon(struct zipfile *z)
{
	if (z == NULL)
		return;
	/* Releasing completes the archive; that goes nowhere. */
	if (z->broken.code == ERR_NONE)
		err_set(&z->broken, ERR_CANCELLED, "the archive was abandoned");
	release(z);
}
