#include "store/zipread.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* The parts of a zip, by the numbers they begin with. */
#define LOCAL_MAGIC UINT32_C(0x04034b50)
#define ENTRY_MAGIC UINT32_C(0x02014b50)
#define END_MAGIC UINT32_C(0x06054b50)
#define END64_MAGIC UINT32_C(0x06064b50)
#define LOCATOR_MAGIC UINT32_C(0x07064b50)

enum {
	LOCAL_SIZE = 30,
	ENTRY_SIZE = 46,
	END_SIZE = 22,
	END64_SIZE = 56,
	LOCATOR_SIZE = 20,
	DESCRIPTOR_SIZE = 24, /* behind the data, at most */
	COMMENT_MAX = 65535,
	EXTRA_ZIP64 = 1,
	FLAG_ENCRYPTED = 1,
	METHOD_STORED = 0,
	METHOD_DEFLATED = 8,
	MADE_ON_UNIX = 3,
};

/* No directory of ours comes near. */
#define DIRECTORY_MAX (UINT64_C(1) << 30)

struct zipread {
	struct plat_file file;
	uint64_t size;
	uint64_t start;  /* of the directory: where the entries end */
	uint64_t length; /* of the directory */
	uint64_t said;   /* how many entries there are to be */
	unsigned char *directory;
	struct zipread_entry *v;
	size_t n, cap;
	const struct zipread_entry **by_name;
};

static uint16_t
get16(const unsigned char *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static uint32_t
get32(const unsigned char *p)
{
	return (uint32_t)get16(p) | (uint32_t)get16(p + 2) << 16;
}

static uint64_t
get64(const unsigned char *p)
{
	return (uint64_t)get32(p) | (uint64_t)get32(p + 4) << 32;
}

static int
broken(struct err *e, const char *what)
{
	return err_set(e, ERR_CORRUPT, "zip: %s", what);
}

/* Exactly *n* bytes at *at*. */
static int
read_part(
    const struct zipread *z, void *buf, size_t n, uint64_t at, struct err *e)
{
	unsigned char *p = buf;
	if (at > z->size || n > z->size - at)
		return broken(e, "it ends too early");
	while (n > 0) {
		size_t got;
		if (plat_read_at(z->file, p, n, at, &got, e) != 0)
			return -1;
		if (got == 0)
			return broken(e, "it ends too early");
		p += got;
		n -= got;
		at += got;
	}
	return 0;
}

/* ---- the end ------------------------------------------------------------- */

/* Large archives say in a second, larger end where their directory is. */
static int
read_end64(struct zipread *z, uint64_t end, struct err *e)
{
	unsigned char locator[LOCATOR_SIZE], end64[END64_SIZE];
	if (end < LOCATOR_SIZE)
		return 0;
	if (read_part(z, locator, LOCATOR_SIZE, end - LOCATOR_SIZE, e) != 0)
		return -1;
	if (get32(locator) != LOCATOR_MAGIC)
		return 0;
	if (read_part(z, end64, END64_SIZE, get64(locator + 8), e) != 0)
		return -1;
	if (get32(end64) != END64_MAGIC)
		return broken(e, "its directory cannot be found");
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
		return broken(e, "its directory lies beyond its end");
	if (z->length > DIRECTORY_MAX)
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
	return rc != 0 || found ? rc : broken(e, "it has no directory");
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

/* The entry described at *p*, of at most *left* bytes; *used* are its. */
static int
read_entry(struct zipread *z, const unsigned char *p, size_t left, size_t *used,
    struct err *e)
{
	if (left < ENTRY_SIZE || get32(p) != ENTRY_MAGIC)
		return broken(e, "its directory is damaged");
	size_t name = get16(p + 28), extra = get16(p + 30);
	*used = ENTRY_SIZE + name + extra + get16(p + 32);
	if (*used > left)
		return broken(e, "its directory is damaged");
	struct zipread_entry entry = {
	    .name = (const char *)p + ENTRY_SIZE,
	    .name_len = (uint16_t)name,
	    .flags = get16(p + 8),
	    .method = get16(p + 10),
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
		return broken(e, "its directory is damaged");
	z->v = mem_grow(z->v, &z->cap, z->n + 1, sizeof(*z->v));
	z->v[z->n++] = entry;
	return 0;
}

static int
read_directory(struct zipread *z, struct err *e)
{
	z->directory = mem_alloc((size_t)z->length);
	if (read_part(z, z->directory, (size_t)z->length, z->start, e) != 0)
		return -1;
	for (size_t at = 0, used; at < z->length; at += used) {
		size_t left = (size_t)z->length - at;
		if (read_entry(z, z->directory + at, left, &used, e) != 0)
			return -1;
	}
	if (z->n != z->said)
		return broken(e, "its directory is not complete");
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
	return compare_names(*(const struct zipread_entry *const *)a,
	    *(const struct zipread_entry *const *)b);
}

static int
sort_names(struct zipread *z, struct err *e)
{
	z->by_name = mem_zero(z->n, sizeof(*z->by_name));
	for (size_t i = 0; i < z->n; i++)
		z->by_name[i] = &z->v[i];
	if (z->n > 0)
		qsort(z->by_name, z->n, sizeof(*z->by_name), by_name);
	for (size_t i = 1; i < z->n; i++) {
		if (by_name(&z->by_name[i - 1], &z->by_name[i]) == 0)
			return broken(e, "two entries have one name");
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
	free((void *)z->by_name);
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
	const struct zipread_entry *k = &key;
	const struct zipread_entry **found =
	    bsearch(&k, z->by_name, z->n, sizeof(*z->by_name), by_name);
	return found != NULL ? *found : NULL;
}

/* Never more than the directory declares. */
struct limited {
	uint64_t left;
	zipfile_fn *fn;
	void *arg;
};

static int
pass_on(void *arg, const void *bytes, size_t n, struct err *e)
{
	struct limited *l = arg;
	if (n > l->left)
		return broken(e, "an entry is larger than it says");
	l->left -= n;
	return l->fn(l->arg, bytes, n, e);
}

/* Where the entry ends, once its own header says the same as the directory. */
static int
find_range(const struct zipread *z, const struct zipread_entry *entry,
    uint64_t range[2], struct err *e)
{
	unsigned char local[LOCAL_SIZE];
	char *name = mem_alloc(entry->name_len);
	int rc = read_part(z, local, LOCAL_SIZE, entry->offset, e);
	if (rc == 0)
		rc = read_part(
		    z, name, entry->name_len, entry->offset + LOCAL_SIZE, e);
	if (rc == 0 &&
	    (get32(local) != LOCAL_MAGIC ||
		get16(local + 26) != entry->name_len ||
		memcmp(name, entry->name, entry->name_len) != 0))
		rc = broken(e, "an entry is not what the directory says");
	free(name);
	if (rc != 0)
		return -1;
	range[0] = entry->offset;
	range[1] = entry->offset + LOCAL_SIZE + entry->name_len +
	    get16(local + 28) + entry->packed + DESCRIPTOR_SIZE;
	/* libarchive looks as far as the longest descriptor would reach, even
	   where that is the directory already. */
	if (range[1] > z->size)
		range[1] = z->size;
	return 0;
}

int
zipread_content(const struct zipread *z, const struct zipread_entry *entry,
    zipfile_fn *fn, void *arg, struct err *e)
{
	struct limited l = {.left = entry->size, .fn = fn, .arg = arg};
	uint64_t range[2];
	if ((entry->flags & FLAG_ENCRYPTED) != 0 ||
	    (entry->method != METHOD_STORED &&
		entry->method != METHOD_DEFLATED))
		return err_set(
		    e, ERR_UNSUPPORTED, "zip: an unknown kind of entry");
	if (find_range(z, entry, range, e) != 0 ||
	    zipfile_unpack(z->file, range, pass_on, &l, e) != 0)
		return -1;
	return l.left == 0 ? 0 : broken(e, "an entry is smaller than it says");
}
