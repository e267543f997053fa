/*
 * journal_format.h - the journal's bytes (docs/formats.md), shared by the one
 * who writes them and the one who reads them. Nobody else includes this.
 *
 * A header, then records. All numbers are little-endian. The checksum of a
 * record covers the 16 bytes in front of it as well: those are the checksum of
 * the record before, or the header, and so no record can be missing, come from
 * another journal or stand in another place.
 */
#ifndef STORE_JOURNAL_FORMAT_H
#define STORE_JOURNAL_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "model/story.h"

#define JOURNAL_MAGIC "coldJRNL" /* 8 bytes, no NUL */

enum {
	JOURNAL_VERSION = 1,
	JOURNAL_HEADER_SIZE = 16, /* magic, version, 4 zero bytes */
	JOURNAL_LINK_SIZE = 16,   /* what a checksum takes from before */
	JOURNAL_FRONT_SIZE = 5,   /* length of the payload, type */
	JOURNAL_SUM_SIZE = 16,
	JOURNAL_SIZE_MAX = 1
	    << 30, /* of a file; what lies beyond is not read */
};

enum journal_type {
	JOURNAL_BEGIN = 1, /* the first record, and only that */
	JOURNAL_INTENT,
	JOURNAL_DONE,
};

struct journal_outcome {
	uint32_t seq;
	bool applied;
	struct fingerprint now;
};

/* ---- payloads: appended, and read back from exactly *n* bytes (-1: they are
   not well-formed). Strings read are copied into *a*. */

void journal_put_header(struct str *out);

void journal_put_begin(struct str *out, const struct story_begin *b);
int journal_get_begin(
    struct story_begin *out, struct arena *a, const unsigned char *p, size_t n);

void journal_put_intent(struct str *out, const struct intent *i);
int journal_get_intent(
    struct intent *out, struct arena *a, const unsigned char *p, size_t n);

void journal_put_done(struct str *out, const struct journal_outcome *o);
int journal_get_done(
    struct journal_outcome *out, const unsigned char *p, size_t n);

/* journal_intent_is_valid: may a journal hold it? */
bool journal_intent_is_valid(const struct intent *i);

/* journal_fingerprint_is_valid: may a journal hold it? */
bool journal_fingerprint_is_valid(const struct fingerprint *f);

/* ---- records ---- */

/* journal_open_record, journal_close_record: around the payload: *at* is where
   the record begins in *out*, which holds at least the 16 bytes before. */
size_t journal_open_record(struct str *out, enum journal_type type);
void journal_close_record(struct str *out, size_t at);

/* A record that was read. */
struct journal_record {
	enum journal_type type;
	const unsigned char *payload;
	size_t n;
	size_t end; /* offset of what follows */
};

/* journal_get_record: the record at *at* of *size* bytes; false when no whole
   and undamaged one is there. */
bool journal_get_record(struct journal_record *out, const unsigned char *bytes,
    size_t size, size_t at);

/* ---- all of it ---- */

/* journal_parse: journal_read, from memory. */
int journal_parse(
    struct story *out, const unsigned char *bytes, size_t size, struct err *e);

#endif
