/*
 * ledger_format.h - the ledger's bytes (docs/formats.md), shared by the one who
 * writes them and the one who reads them. Nobody else includes this.
 *
 * Header, records, names, meta, one behind the other. The records are used
 * where they are mapped, so numbers are in the machine's own order; a mark in
 * the header tells a file from a machine of the other order apart.
 */
#ifndef STORE_LEDGER_FORMAT_H
#define STORE_LEDGER_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"
#include "model/agreed.h"
#include "store/ledger.h"

#define LEDGER_MAGIC "coldLEDG" /* 8 bytes, no NUL */

enum { LEDGER_VERSION = 1, LEDGER_ORDER = 0x01020304 };

struct ledger_header {
	char magic[8];
	uint32_t order; /* LEDGER_ORDER */
	uint32_t version;
	uint64_t file_size;
	uint64_t records; /* how many */
	uint64_t names_size;
	uint32_t meta_size;
	uint32_t record_size;
	uint64_t hash_hi, hash_lo; /* ledger_checksum */
};

/* Where each part lies in a file; ledger_read has checked that it is there. */
struct ledger_parts {
	const struct agreed_record *records;
	size_t n;
	const char *names;
	size_t names_size;
	const unsigned char *meta;
	size_t meta_size;
};

/* ledger_checksum: over the body (all behind the header), fed to *s* before,
   and then the header with no hash in it. */
struct hash ledger_checksum(
    struct hash_stream *s, const struct ledger_header *h);

struct ledger_path {
	const char *p;
	size_t n;
};

/* ledger_record_fault: what is wrong with the record *r* of *path*, which comes
   behind *last* (of length 0: *path* is the first); NULL when nothing is. */
const char *ledger_record_fault(const struct agreed_record *r,
    struct ledger_path path, struct ledger_path last);

/* ledger_put_meta: append the meta part that says *head*. */
void ledger_put_meta(struct str *out, const struct ledger_head *head);

/* ledger_get_meta: *out*, which is empty, from a meta part. What it holds is
   the caller's to free, also on failure. */
int ledger_get_meta(struct ledger_head *out, const unsigned char *meta,
    size_t n, struct err *e);

/* ledger_load_file: ledger_load, from the file *name*. */
int ledger_load_file(struct ledger *out, struct plat_dir *state,
    const char *name, struct str *trouble, struct err *e);

/* ledger_read: check every byte of a file and say where its parts lie.
 *bytes* is aligned for 64-bit integers. */
int ledger_read(
    struct ledger_parts *out, const void *bytes, size_t size, struct err *e);

#endif
