/*
 * agreed.h - what both sides were when this machine last agreed with itself.
 *
 * The ledger as a value: records in tree order, read in place from wherever
 * they lie (a mapped file, store/ledger.h, or memory). A record says what was
 * agreed at a path and, for each side, how this machine saw it then.
 *
 * The two sides need not have been alike: a record may say that one of them
 * had nothing there and that this is settled (a survivor under delete_policy =
 * never; a directory that stayed for the unknown things in it).
 */
#ifndef MODEL_AGREED_H
#define MODEL_AGREED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "model/entry.h"

/* How one side was seen. */
struct agreed_side {
	int64_t mtime_sec, ctime_sec;
	uint32_t mtime_nsec, ctime_nsec;
	uint64_t ino;
};

enum {
	/* Each for one side, shifted left by it. */
	AGREED_PRESENT = 1 << 0, /* it had the path */
	AGREED_RACY = 1 << 2,    /* its times were too fresh to be trusted */
	AGREED_EXEC = 1 << 4,    /* it let its owner execute the file */
};

/* One record, as it lies in the ledger file (docs/formats.md). */
struct agreed_record {
	uint64_t path_at; /* offset of the path among the names */
	uint32_t path_len;
	uint8_t type; /* ENTRY_FILE, ENTRY_DIR or ENTRY_LINK */
	uint8_t flags;
	uint16_t reserved; /* 0 */
	uint64_t size;
	uint64_t hash_hi, hash_lo;
	struct agreed_side side[SIDES];
};

struct agreed {
	const struct agreed_record *v;
	size_t n;
	const char *names;
};

static inline const char *
agreed_path(const struct agreed *a, const struct agreed_record *r)
{
	return a->names + r->path_at;
}

static inline struct hash
agreed_hash(const struct agreed_record *r)
{
	return (struct hash){.hi = r->hash_hi, .lo = r->hash_lo};
}

static inline bool
agreed_present(const struct agreed_record *r, enum side s)
{
	return (r->flags & (AGREED_PRESENT << s)) != 0;
}

/* agreed_settled: one side has it, the other not, and that is agreed. */
static inline bool
agreed_settled(const struct agreed_record *r)
{
	return agreed_present(r, SIDE_LOCAL) != agreed_present(r, SIDE_CLOUD);
}

static inline bool
agreed_racy(const struct agreed_record *r, enum side s)
{
	return (r->flags & (AGREED_RACY << s)) != 0;
}

static inline bool
agreed_exec(const struct agreed_record *r, enum side s)
{
	return (r->flags & (AGREED_EXEC << s)) != 0;
}

/* agreed_find: the record at a path, or NULL. */
const struct agreed_record *agreed_find(
    const struct agreed *a, const char *path, size_t n);

#endif
