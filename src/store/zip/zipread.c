#include "store/zip/zipread.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/zip/zipformat.h"
#include "store/zip/zipstream.h"

/* No archive of ours comes near; so much memory one may cost. */
#define DIRECTORY_MAX (UINT64_C(512) << 20)
enum { ENTRIES_MAX = 4 * 1024 * 1024 };

struct zipread {
	struct plat_file file;
	uint64_t size;
	uint64_t start;  /* of the directory: where the entries end */
	uint64_t length; /* of the directory */
	uint64_t said;   /* how many entries there are to be */
	unsigned char *directory;
	struct zipread_entry *v;
	size_t n, cap;
	struct named {
		const struct zipread_entry *entry;
	} * by_name;
};

int
zipread_broken(struct err *e, const char *what)
{
	err_set(e, ERR_CORRUPT, "zip: %s", what);
	return -1;
}

int
zipread_part(const struct zipread *z, void *buf, struct zipread_span span,
    size_t *got, struct err *e)
{
	unsigned char *p = buf;
	size_t have = 0, piece = 1;
	if (span.at > z->size || span.least > z->size - span.at)
		return zipread_broken(e, "it ends too early");
	while (have < span.n && piece > 0) {
		if (plat_read_at(z->file, p + have, span.n - have,
			span.at + have, &piece, e) != 0)
			return -1;
		have += piece;
		/* Past what has to be there one look is enough. */
		if (have >= span.least)
			break;
	}
	if (have < span.least)
		return zipread_broken(e, "it ends too early");
	if (got != NULL)
		*got = have;
	return 0;
}

/* Exactly *n* bytes at *at*. */
static int
read_part(
    const struct zipread *z, void *buf, size_t n, uint64_t at, struct err *e)
{
	return zipread_part(z, buf, (struct zipread_span){at, n, n}, NULL, e);
}

/* ---- the end ------------------------------------------------------------- */

/* Large archives say in a second, larger end where their directory is. */
static int
read_end64(struct zipread *z, uint64_t end, struct err *e)
{
	unsigned char locator[LOCATOR_SIZE] = {0}, end64[END64_SIZE] = {0};
	if (end < LOCATOR_SIZE)
		return 0;
	if (read_part(z, locator, LOCATOR_SIZE, end - LOCATOR_SIZE, e) != 0)
		return -1;
	if (get32(locator) != LOCATOR_MAGIC)
		return 0;
	if (read_part(z, end64, END64_SIZE, get64(locator + 8), e) != 0)
		return -1;
	if (get32(end64) != END64_MAGIC)
		return zipread_broken(e, "its directory cannot be found");
	z->said = get64(end64 + 32);
	z->length = get64(end64 + 40);
	z->start = get64(end64 + 48);
	return 0;
}

static int
use_end(struct zipread *z, const unsigned char *p, uint64_t at, struct err *e)
{
	z->said = get16(p + 10);
	z->length = get32(p + 12);
	z->start = get32(p + 16);
	if (read_end64(z, at, e) != 0)
		return -1;
	if (z->start > at || z->length > at - z->start)
		return zipread_broken(e, "its directory lies beyond its end");
	if (z->length > DIRECTORY_MAX || z->said > ENTRIES_MAX)
		return err_set(e, ERR_UNSUPPORTED, "zip: too many entries");
	return 0;
}

/* The last thing in the file, with at most a comment behind it. */
static int
find_end(struct zipread *z, struct err *e)
{
	size_t n = END_SIZE + COMMENT_MAX;
	if (n > z->size)
		n = (size_t)z->size;
	unsigned char *tail = mem_alloc(n);
	int rc = read_part(z, tail, n, z->size - n, e);
	bool found = false;
	for (size_t i = n; rc == 0 && !found && i >= END_SIZE; i--) {
		const unsigned char *p = tail + (i - END_SIZE);
		found = get32(p) == END_MAGIC && get16(p + 20) == n - i;
		if (found)
			rc = use_end(z, p, z->size - n + (i - END_SIZE), e);
	}
	free(tail);
	return rc != 0 || found ? rc : zipread_broken(e, "it has no directory");
}

/* ---- the directory ------------------------------------------------------- */

/* A number too large for its field stands in the extra field instead. */
static int
take64(uint64_t *v, const unsigned char **p, const unsigned char *end)
{
	if (*v != UINT32_MAX)
		return 0;
	if (end - *p < 8)
		return -1;
	*v = get64(*p);
	*p += 8;
	return 0;
}

static int
read_extra(struct zipread_entry *entry, const unsigned char *p, size_t n)
{
	while (n >= 4) {
		size_t field = get16(p + 2);
		if (field > n - 4)
			return -1;
		if (get16(p) == EXTRA_ZIP64) {
			const unsigned char *v = p + 4, *end = v + field;
			return take64(&entry->size, &v, end) != 0 ||
				take64(&entry->packed, &v, end) != 0 ||
				take64(&entry->offset, &v, end) != 0
			    ? -1
			    : 0;
		}
		p += 4 + field;
		n -= 4 + field;
	}
	return 0;
}

static enum zipread_type
type_of(const struct zipread_entry *entry, uint32_t unix_mode)
{
	if (entry->name_len > 0 && entry->name[entry->name_len - 1] == '/')
		return ZIPREAD_DIR;
	/* What would act as somebody else is no ordinary file. */
	if ((unix_mode & 07000) != 0)
		return ZIPREAD_OTHER;
	switch (unix_mode & 0170000) {
	case 0: /* not said */
	case 0100000:
		return ZIPREAD_FILE;
	case 0040000:
		return ZIPREAD_DIR;
	case 0120000:
		return ZIPREAD_LINK;
	default:
		return ZIPREAD_OTHER;
	}
}

/* The entry described at *p*, of at most *left* bytes; *used* are its. In the
   archive it lies behind *taken*, which moves on. */
static int
read_entry(struct zipread *z, const unsigned char *p, size_t left, size_t *used,
    uint64_t *taken, struct err *e)
{
	if (left < ENTRY_SIZE || get32(p) != ENTRY_MAGIC)
		return zipread_broken(e, "its directory is damaged");
	size_t name = get16(p + 28), extra = get16(p + 30);
	*used = ENTRY_SIZE + name + extra + get16(p + 32);
	if (*used > left)
		return zipread_broken(e, "its directory is damaged");
	struct zipread_entry entry = {
	    .name = (const char *)p + ENTRY_SIZE,
	    .name_len = (uint16_t)name,
	    .flags = get16(p + 8),
	    .method = get16(p + 10),
	    .crc = get32(p + 16),
	    .packed = get32(p + 20),
	    .size = get32(p + 24),
	    .offset = get32(p + 42),
	};
	uint32_t unix_mode = p[5] == MADE_ON_UNIX ? get32(p + 38) >> 16 : 0;
	entry.type = (uint8_t)type_of(&entry, unix_mode);
	entry.mode = (uint16_t)(unix_mode & 0777);
	if (read_extra(&entry, p + ENTRY_SIZE + name, extra) != 0 ||
	    entry.offset > z->start || entry.packed > z->start - entry.offset ||
	    memchr(entry.name, '\0', name) != NULL)
		return zipread_broken(e, "its directory is damaged");
	/* One that shared its bytes with another would be a way to unpack more
	   than there is. */
	if (entry.offset < *taken)
		return zipread_broken(e, "its entries overlap");
	*taken = entry.offset + LOCAL_SIZE + name + entry.packed;
	z->v = mem_grow(z->v, &z->cap, z->n + 1, sizeof(*z->v));
	z->v[z->n++] = entry;
	return 0;
}

static int
read_directory(struct zipread *z, struct err *e)
{
	size_t end = 0;
	z->directory = mem_alloc((size_t)z->length);
	if (read_part(z, z->directory, (size_t)z->length, z->start, e) != 0)
		return -1;
	uint64_t taken = 0;
	for (size_t at = 0, used = 0; at < z->length && z->n < z->said;
	     at += used) {
		size_t left = (size_t)z->length - at;
		if (read_entry(z, z->directory + at, left, &used, &taken, e) !=
		    0)
			return -1;
		end = at + used;
	}
	if (z->n != z->said || end != z->length)
		return zipread_broken(e, "its directory is not complete");
	return 0;
}

static int
compare_names(const struct zipread_entry *a, const struct zipread_entry *b)
{
	size_t n = a->name_len < b->name_len ? a->name_len : b->name_len;
	int order = memcmp(a->name, b->name, n);
	return order != 0 ? order : (int)a->name_len - (int)b->name_len;
}

static int
by_name(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	return compare_names(x->entry, y->entry);
}

static int
sort_names(struct zipread *z, struct err *e)
{
	z->by_name = mem_zero(z->n, sizeof(*z->by_name));
	for (size_t i = 0; i < z->n; i++)
		z->by_name[i].entry = &z->v[i];
	if (z->n > 0)
		qsort(z->by_name, z->n, sizeof(*z->by_name), by_name);
	for (size_t i = 1; i < z->n; i++) {
		if (by_name(&z->by_name[i - 1], &z->by_name[i]) == 0)
			return zipread_broken(e, "two entries have one name");
	}
	return 0;
}

/* ---- the contract -------------------------------------------------------- */

int
zipread_open(struct zipread **out, struct plat_file f, struct err *e)
{
	struct plat_stat st;
	if (plat_file_stat(&st, f, e) != 0)
		return -1;
	struct zipread *z = mem_zero(1, sizeof(*z));
	z->file = f;
	z->size = st.size;
	if (find_end(z, e) != 0 || read_directory(z, e) != 0 ||
	    sort_names(z, e) != 0) {
		zipread_close(z);
		return -1;
	}
	*out = z;
	return 0;
}

void
zipread_close(struct zipread *z)
{
	if (z == NULL)
		return;
	free(z->directory);
	free(z->v);
	free(z->by_name);
	free(z);
}

size_t
zipread_count(const struct zipread *z)
{
	return z->n;
}

const struct zipread_entry *
zipread_at(const struct zipread *z, size_t i)
{
	return &z->v[i];
}

const struct zipread_entry *
zipread_find(const struct zipread *z, const char *name, size_t n)
{
	if (n > UINT16_MAX || z->n == 0)
		return NULL;
	struct zipread_entry key = {.name = name, .name_len = (uint16_t)n};
	const struct named k = {.entry = &key};
	const struct named *found =
	    bsearch(&k, z->by_name, z->n, sizeof(*z->by_name), by_name);
	return found != NULL ? found->entry : NULL;
}

uint64_t
zipread_start(const struct zipread *z)
{
	return z->start;
}

int
zipread_content(const struct zipread *z, const struct zipread_entry *entry,
    zipread_fn *fn, void *arg, struct err *e)
{
	const void *bytes;
	size_t n = 1;
	struct zipstream *s = zipstream_new();
	int rc = zipstream_begin(s, z, entry, e);
	while (rc == 0 && n > 0) {
		rc = zipstream_next(s, &bytes, &n, e);
		if (rc == 0 && n > 0)
			rc = fn(arg, bytes, n, e);
	}
	zipstream_destroy(s);
	return rc;
}
