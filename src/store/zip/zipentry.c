#include "store/zip/zipentry.h"

#include "platform/plat_time.h"
#include "store/zip/zipformat.h"
#include "store/zip/zipname.h"

/* The times both of a zip's fields can hold: DOS dates begin in 1980, and the
   Unix time beside them is an unsigned 32-bit number. */
#define TIME_MIN INT64_C(315532800)
#define TIME_MAX INT64_C(4294967295)

enum { DOS_YEAR_MIN = 1980, REGULAR_FILE = 0100000 };

/* ---- numbers ------------------------------------------------------------- */

static void
put(struct str *out, uint64_t v, unsigned bytes)
{
	char p[8];
	for (unsigned i = 0; i < bytes; i++)
		p[i] = (char)(unsigned char)(v >> (8 * i));
	str_addn(out, p, bytes);
}

static void
put16(struct str *out, uint64_t v)
{
	put(out, v, 2);
}

static void
put32(struct str *out, uint64_t v)
{
	put(out, v, 4);
}

/* A number too large for its field says so, and stands elsewhere. */
static uint32_t
narrow(uint64_t v)
{
	return v < UINT32_MAX ? (uint32_t)v : UINT32_MAX;
}

/* ---- names and times ----------------------------------------------------- */

int
zipentry_name(struct str *out, const char *name, struct err *e)
{
	str_clear(out);
	zipname_add(out, name);
	return out->len > 0 && out->len <= ZIPENTRY_NAME_MAX
	    ? 0
	    : err_set(e, ERR_NAME, "a zip cannot hold a name of %zu bytes",
		  out->len);
}

/* Names are UTF-8; one that needs it is marked so. */
static uint16_t
flags_of(const struct zipentry *entry)
{
	uint16_t flags = entry->streamed ? FLAG_DESCRIPTOR : 0;
	for (size_t i = 0; i < entry->name_len; i++)
		if ((unsigned char)entry->name[i] >= 0x80)
			return (uint16_t)(flags | FLAG_UTF8);
	return flags;
}

/* DOS had the time of the place, to two seconds. */
static uint32_t
dos_time(int64_t sec)
{
	int offset = plat_zone_offset((struct stamp){.sec = sec});
	struct stamp_parts p = stamp_parts(sec, offset);
	if (p.year < DOS_YEAR_MIN)
		p = (struct stamp_parts){.year = DOS_YEAR_MIN, 1, 1, 0, 0, 0};
	uint32_t date = (uint32_t)(p.year - DOS_YEAR_MIN) << 9 |
	    (uint32_t)p.month << 5 | (uint32_t)p.day;
	uint32_t time = (uint32_t)p.hour << 11 | (uint32_t)p.minute << 5 |
	    (uint32_t)p.second / 2;
	return date << 16 | time;
}

void
zipentry_time(struct zipentry *entry, struct stamp t)
{
	int64_t sec = t.sec < TIME_MIN ? TIME_MIN
	    : t.sec > TIME_MAX         ? TIME_MAX
				       : t.sec;
	entry->unix_time = (uint32_t)sec;
	entry->dos = dos_time(sec);
}

static void
put_time(struct str *out, const struct zipentry *entry)
{
	put16(out, EXTRA_TIME);
	put16(out, 5);
	put(out, 1, 1); /* the time of the last change, and no other */
	put32(out, entry->unix_time);
}

enum { TIME_SIZE = 9, LARGE_SIZE = 20 };

/* ---- around the content -------------------------------------------------- */

/* What both of an entry's headers have in common. */
static void
put_common(struct str *out, const struct zipentry *entry, bool large)
{
	put16(out, large ? VERSION_ZIP64 : VERSION_PLAIN);
	put16(out, flags_of(entry));
	put16(out, entry->method);
	put32(out, entry->dos);
}

void
zipentry_front(struct str *out, const struct zipentry *entry)
{
	bool told = !entry->streamed;
	put32(out, LOCAL_MAGIC);
	put_common(out, entry, entry->large);
	put32(out, told ? entry->crc : 0);
	put32(out, entry->large ? UINT32_MAX : told ? entry->packed : 0);
	put32(out, entry->large ? UINT32_MAX : told ? entry->size : 0);
	put16(out, entry->name_len);
	put16(out, TIME_SIZE + (entry->large ? LARGE_SIZE : 0));
	str_addn(out, entry->name, entry->name_len);
	if (entry->large) {
		put16(out, EXTRA_ZIP64);
		put16(out, LARGE_SIZE - 4);
		put(out, told ? entry->size : 0, 8);
		put(out, told ? entry->packed : 0, 8);
	}
	put_time(out, entry);
}

void
zipentry_behind(struct str *out, const struct zipentry *entry)
{
	unsigned width = entry->large ? 8 : 4;
	put32(out, DESCRIPTOR_MAGIC);
	put32(out, entry->crc);
	put(out, entry->packed, width);
	put(out, entry->size, width);
}

/* ---- the directory ------------------------------------------------------- */

void
zipentry_listed(struct str *out, const struct zipentry *entry)
{
	const uint64_t wide[] = {entry->size, entry->packed, entry->offset};
	unsigned n = 0;
	for (unsigned i = 0; i < 3; i++)
		n += wide[i] >= UINT32_MAX;
	put32(out, ENTRY_MAGIC);
	put(out, VERSION_ZIP64, 1);
	put(out, MADE_ON_UNIX, 1);
	put_common(out, entry, entry->large || n > 0);
	put32(out, entry->crc);
	put32(out, narrow(entry->packed));
	put32(out, narrow(entry->size));
	put16(out, entry->name_len);
	put16(out, TIME_SIZE + (n > 0 ? 4 + 8 * n : 0));
	put(out, 0, 8); /* no comment, one disk, no attributes but Unix's */
	put16(out, REGULAR_FILE | (entry->mode & 07777));
	put32(out, narrow(entry->offset));
	str_addn(out, entry->name, entry->name_len);
	if (n > 0) {
		put16(out, EXTRA_ZIP64);
		put16(out, (uint64_t)8 * n);
	}
	for (unsigned i = 0; i < 3; i++)
		if (wide[i] >= UINT32_MAX)
			put(out, wide[i], 8);
	put_time(out, entry);
}

static void
put_end64(struct str *out, uint64_t count, uint64_t start, uint64_t length)
{
	put32(out, END64_MAGIC);
	put(out, END64_SIZE - 12, 8); /* of what follows */
	put(out, VERSION_ZIP64, 1);
	put(out, MADE_ON_UNIX, 1);
	put16(out, VERSION_ZIP64);
	put(out, 0, 8); /* this disk and that of the directory */
	put(out, count, 8);
	put(out, count, 8);
	put(out, length, 8);
	put(out, start, 8);
	put32(out, LOCATOR_MAGIC);
	put32(out, 0);
	put(out, start + length, 8);
	put32(out, 1);
}

void
zipentry_end(struct str *out, uint64_t count, uint64_t start, uint64_t length)
{
	if (count >= UINT16_MAX || start >= UINT32_MAX || length >= UINT32_MAX)
		put_end64(out, count, start, length);
	uint64_t few = count < UINT16_MAX ? count : UINT16_MAX;
	put32(out, END_MAGIC);
	put32(out, 0);
	put16(out, few);
	put16(out, few);
	put32(out, narrow(length));
	put32(out, narrow(start));
	put16(out, 0);
}
