#include "store/zip/zipstream.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/zip/flate.h"
#include "store/zip/zipformat.h"

enum { BUFFER_SIZE = 64 * 1024 };

struct zipstream {
	const struct zipread *z;
	const struct zipread_entry *entry;
	uint64_t at;          /* in the archive: of the next packed byte */
	uint64_t packed_left; /* that are not in *in* yet */
	uint64_t left;        /* unpacked bytes still to come */
	uint32_t crc;         /* of those that came */
	bool over;            /* all came, and were right */
	size_t in_at, in_end; /* packed bytes at hand */
	struct inflate *inflate;
	unsigned char in[BUFFER_SIZE];
	unsigned char out[BUFFER_SIZE];
};

struct zipstream *
zipstream_new(void)
{
	struct zipstream *s = mem_alloc(sizeof(*s));
	s->z = NULL;
	s->entry = NULL;
	s->over = true;
	s->inflate = inflate_new();
	return s;
}

void
zipstream_destroy(struct zipstream *s)
{
	if (s == NULL)
		return;
	inflate_destroy(s->inflate);
	free(s);
}

/* ---- an entry's own header ----------------------------------------------- */

/* Where sizes and checksum stand in front of the data, they are these, or too
   large for their fields. */
static bool
sums_agree(const unsigned char *local, const struct zipread_entry *entry)
{
	uint32_t packed = get32(local + 18), size = get32(local + 22);
	return (entry->flags & FLAG_DESCRIPTOR) != 0 ||
	    (get32(local + 14) == entry->crc &&
		(packed == UINT32_MAX || packed == entry->packed) &&
		(size == UINT32_MAX || size == entry->size));
}

static bool
agrees(const unsigned char *local, const struct zipread_entry *entry)
{
	return get32(local) == LOCAL_MAGIC &&
	    get16(local + 6) == entry->flags &&
	    get16(local + 8) == entry->method &&
	    get16(local + 26) == entry->name_len &&
	    memcmp(local + LOCAL_SIZE, entry->name, entry->name_len) == 0 &&
	    sums_agree(local, entry);
}

/* With as much of the data as there is room for: of most entries all. */
static int
read_header(struct zipstream *s, struct err *e)
{
	static const char lie[] = "an entry is not what the directory says";
	const struct zipread_entry *entry = s->entry;
	uint64_t limit = zipread_start(s->z) - entry->offset;
	size_t least = LOCAL_SIZE + (size_t)entry->name_len, got;
	size_t n = limit < sizeof(s->in) ? (size_t)limit : sizeof(s->in);
	/* Behind the name comes what nobody needs, and is short. */
	if (n > least + 64 && n - least - 64 > entry->packed)
		n = least + 64 + (size_t)entry->packed;
	if (n < least)
		return zipread_broken(e, lie);
	struct zipread_span span = {entry->offset, least, n};
	if (zipread_part(s->z, s->in, span, &got, e) != 0)
		return -1;
	if (!agrees(s->in, entry))
		return zipread_broken(e, lie);
	uint64_t front = least + get16(s->in + 28);
	if (front > limit || entry->packed > limit - front)
		return zipread_broken(e, lie);
	s->at = entry->offset + front;
	s->packed_left = entry->packed;
	s->in_at = s->in_end = 0;
	if (got > front) {
		uint64_t have = got - front;
		have = have < s->packed_left ? have : s->packed_left;
		s->in_at = (size_t)front;
		s->in_end = s->in_at + (size_t)have;
		s->at += have;
		s->packed_left -= have;
	}
	return 0;
}

int
zipstream_check(const struct zipread_entry *entry, struct err *e)
{
	if ((entry->flags & FLAG_ENCRYPTED) != 0)
		return err_set(
		    e, ERR_UNSUPPORTED, "zip: an entry is encrypted");
	if (entry->method != METHOD_STORED && entry->method != METHOD_DEFLATED)
		return err_set(
		    e, ERR_UNSUPPORTED, "zip: an unknown kind of entry");
	if (entry->method == METHOD_STORED && entry->size != entry->packed)
		return zipread_broken(e, "an entry's size is a lie");
	return 0;
}

int
zipstream_begin(struct zipstream *s, const struct zipread *z,
    const struct zipread_entry *entry, struct err *e)
{
	s->z = z;
	s->entry = entry;
	s->left = entry->size;
	s->crc = 0;
	s->over = false;
	if (zipstream_check(entry, e) != 0)
		return -1;
	if (entry->method == METHOD_DEFLATED)
		inflate_restart(s->inflate);
	return read_header(s, e);
}

/* ---- its content --------------------------------------------------------- */

static int
refill(struct zipstream *s, struct err *e)
{
	if (s->in_at < s->in_end || s->packed_left == 0)
		return 0;
	size_t n = s->packed_left < sizeof(s->in) ? (size_t)s->packed_left
						  : sizeof(s->in);
	struct zipread_span span = {s->at, n, n};
	if (zipread_part(s->z, s->in, span, NULL, e) != 0)
		return -1;
	s->at += n;
	s->packed_left -= n;
	s->in_at = 0;
	s->in_end = n;
	return 0;
}

static int
finish(struct zipstream *s, struct err *e)
{
	if (s->left > 0)
		return zipread_broken(e, "an entry is smaller than it says");
	if (s->packed_left > 0 || s->in_at < s->in_end)
		return zipread_broken(e, "an entry takes more than it says");
	if (s->crc != s->entry->crc)
		return zipread_broken(e, "an entry's checksum is wrong");
	s->over = true;
	return 0;
}

/* One piece, at least one byte unless *done*. */
static int
unpack(struct zipstream *s, size_t *n, bool *done, struct err *e)
{
	struct inflate_step step = {.out = s->out, .out_left = sizeof(s->out)};
	do {
		if (refill(s, e) != 0)
			return -1;
		if (s->in_at == s->in_end)
			return zipread_broken(e, "an entry ends too early");
		step.in = s->in + s->in_at;
		step.in_left = s->in_end - s->in_at;
		if (inflate_go(s->inflate, &step, done, e) != 0)
			return -1;
		s->in_at = s->in_end - step.in_left;
	} while (!*done && step.out_left > 0);
	*n = sizeof(s->out) - step.out_left;
	return 0;
}

static int
copy(struct zipstream *s, size_t *n, bool *done, struct err *e)
{
	if (refill(s, e) != 0)
		return -1;
	*n = s->in_end - s->in_at;
	memcpy(s->out, s->in + s->in_at, *n);
	s->in_at = s->in_end;
	*done = s->packed_left == 0;
	return 0;
}

static int
next_piece(struct zipstream *s, size_t *n, struct err *e)
{
	bool done = false;
	int rc = s->entry->method == METHOD_STORED ? copy(s, n, &done, e)
						   : unpack(s, n, &done, e);
	if (rc != 0)
		return -1;
	if (*n > s->left)
		return zipread_broken(e, "an entry is larger than it says");
	s->left -= *n;
	s->crc = flate_crc(s->crc, s->out, *n);
	return done ? finish(s, e) : 0;
}

int
zipstream_next(
    struct zipstream *s, const void **bytes, size_t *n, struct err *e)
{
	*bytes = s->out;
	*n = 0;
	return s->over ? 0 : next_piece(s, n, e);
}
