#include "store/ledger_format.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "base/path.h"

/* The file is the memory: a compiler that lays these out in another way must
   not build us. */
static_assert(sizeof(struct ledger_header) == 64, "ledger header");
static_assert(offsetof(struct ledger_header, hash_hi) == 48, "ledger header");
static_assert(sizeof(struct agreed_side) == 32, "agreed side");
static_assert(offsetof(struct agreed_side, mtime_nsec) == 16, "agreed side");
static_assert(offsetof(struct agreed_side, ino) == 24, "agreed side");
static_assert(sizeof(struct agreed_record) == 104, "agreed record");
static_assert(offsetof(struct agreed_record, path_len) == 8, "agreed record");
static_assert(offsetof(struct agreed_record, type) == 12, "agreed record");
static_assert(offsetof(struct agreed_record, flags) == 13, "agreed record");
static_assert(offsetof(struct agreed_record, size) == 16, "agreed record");
static_assert(offsetof(struct agreed_record, hash_hi) == 24, "agreed record");
static_assert(offsetof(struct agreed_record, side) == 40, "agreed record");

struct hash
ledger_checksum(struct hash_stream *s, const struct ledger_header *h)
{
	struct ledger_header bare = *h;
	bare.hash_hi = bare.hash_lo = 0;
	hash_feed(s, &bare, sizeof(bare));
	return hash_end(s);
}

/* ---- one record ---- */

/* What is known of a side that did not have the path? Nothing. */
static bool
flags_are_valid(unsigned flags)
{
	unsigned both =
	    AGREED_PRESENT << SIDE_LOCAL | AGREED_PRESENT << SIDE_CLOUD;
	unsigned present = flags & both;
	unsigned racy = flags / AGREED_RACY & both;
	unsigned exec = flags / AGREED_EXEC & both;
	unsigned all = both | both * AGREED_RACY | both * AGREED_EXEC;
	return (flags & ~all) == 0 && present != 0 &&
	    ((racy | exec) & ~present) == 0;
}

static bool
times_are_valid(const struct agreed_record *r)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		if (r->side[s].mtime_nsec >= 1000000000 ||
		    r->side[s].ctime_nsec >= 1000000000)
			return false;
	}
	return true;
}

const char *
ledger_record_fault(const struct agreed_record *r, struct ledger_path path,
    struct ledger_path last)
{
	if (r->type != ENTRY_FILE && r->type != ENTRY_DIR &&
	    r->type != ENTRY_LINK)
		return "of an unknown type";
	if (!flags_are_valid(r->flags) || r->reserved != 0)
		return "with impossible flags";
	if (!times_are_valid(r))
		return "with an impossible time";
	if (!path_is_safe(path.p, path.n))
		return "with an unsafe path";
	if (last.n > 0 && path_cmp(last.p, last.n, path.p, path.n) >= 0)
		return "out of order";
	return NULL;
}

/* ---- a whole file ---- */

static int
damaged(struct err *e, const char *how)
{
	return err_set(e, ERR_CORRUPT, "damaged: %s", how);
}

/* Is this a file we can read, whatever is in it? */
static int
check_kind(
    struct ledger_header *h, const void *bytes, size_t size, struct err *e)
{
	if (size == 0)
		return err_set(e, ERR_CORRUPT, "damaged: empty");
	if (size < sizeof(*h))
		return damaged(e, "cut short");
	memcpy(h, bytes, sizeof(*h));
	if (memcmp(h->magic, LEDGER_MAGIC, sizeof(h->magic)) != 0)
		return err_set(e, ERR_CORRUPT, "not a ledger");
	if (h->order != LEDGER_ORDER)
		return err_set(e, ERR_UNSUPPORTED,
		    "written by a machine of another byte order");
	if (h->version > LEDGER_VERSION)
		return err_set(e, ERR_UNSUPPORTED,
		    "written by a newer coldsync (format %u, not %u)",
		    (unsigned)h->version, (unsigned)LEDGER_VERSION);
	if (h->version != LEDGER_VERSION)
		return damaged(e, "of no known version");
	return 0;
}

/* Do the parts fill the file exactly? */
static int
find_parts(struct ledger_parts *out, const struct ledger_header *h,
    const unsigned char *bytes, size_t size, struct err *e)
{
	if (h->file_size != size)
		return damaged(e, "not of the size it should have");
	size_t left = size - sizeof(*h);
	if (h->record_size != sizeof(struct agreed_record) ||
	    h->records > left / sizeof(struct agreed_record))
		return damaged(e, "too many records for its size");
	left -= (size_t)h->records * sizeof(struct agreed_record);
	if (h->names_size > left || h->meta_size != left - h->names_size)
		return damaged(e, "parts of the wrong size");
	const unsigned char *at = bytes + sizeof(*h);
	out->records = (const void *)at;
	out->n = (size_t)h->records;
	at += out->n * sizeof(struct agreed_record);
	out->names = (const char *)at;
	out->names_size = (size_t)h->names_size;
	out->meta = at + out->names_size;
	out->meta_size = h->meta_size;
	return 0;
}

static int
check_sum(const struct ledger_header *h, const unsigned char *bytes,
    size_t size, struct err *e)
{
	struct hash_stream *s = hash_open();
	hash_feed(s, bytes + sizeof(*h), size - sizeof(*h));
	struct hash sum = ledger_checksum(s, h);
	hash_close(s);
	if (sum.hi != h->hash_hi || sum.lo != h->hash_lo)
		return damaged(e, "wrong checksum");
	return 0;
}

/* The paths lie one behind the other, in the order of the records. */
static int
check_records(const struct ledger_parts *parts, struct err *e)
{
	struct ledger_path last = {.p = "", .n = 0};
	size_t at = 0;
	for (size_t i = 0; i < parts->n; i++) {
		const struct agreed_record *r = &parts->records[i];
		const char *fault = "with its path elsewhere";
		if (r->path_at == at && r->path_len <= parts->names_size - at) {
			struct ledger_path path = {
			    .p = parts->names + at, .n = r->path_len};
			fault = ledger_record_fault(r, path, last);
			last = path;
			at += path.n;
		}
		if (fault != NULL)
			return err_set(
			    e, ERR_CORRUPT, "damaged: record %zu %s", i, fault);
	}
	return at == parts->names_size ? 0 : damaged(e, "names of no record");
}

int
ledger_read(
    struct ledger_parts *out, const void *bytes, size_t size, struct err *e)
{
	struct ledger_header h = {.version = 0};
	if (check_kind(&h, bytes, size, e) < 0 ||
	    find_parts(out, &h, bytes, size, e) < 0 ||
	    check_sum(&h, bytes, size, e) < 0)
		return -1;
	return check_records(out, e);
}
