/*
 * manifest.h - what one machine says the cloud folder holds, as a file.
 *
 * ".coldsync/machine-<id>.manifest" is written by that machine alone, whole and
 * last of all (docs/formats.md has every byte). It is a publication
 * (model/cloud/claims.h): a generation, what it had seen, and a claim for every
 * file and link of the folder. A file that is damaged, of an unknown version or
 * says what cannot be is refused, never read in part.
 */
#ifndef STORE_MANIFEST_H
#define STORE_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "base/strlist.h"
#include "model/cloud/claims.h"
#include "model/cloud/handcode.h"
#include "platform/plat_fs.h"

enum {
	MANIFEST_INSTALL_SIZE = 33,    /* 32 hexadecimal digits and a NUL */
	MANIFEST_TEXT_MAX = 1024,      /* bytes of a label */
	MANIFEST_MACHINES_MAX = 1000,  /* in one folder */
	MANIFEST_SIZE_MAX = 512 << 20, /* bytes of a file */
};

struct manifest_head {
	uint32_t machine; /* in the roster */
	char install[MANIFEST_INSTALL_SIZE];
	char *label, *os; /* owned; for people */
	/* Which machine and local folder, as a number without meaning: an
	   installation that lost its state knows its own work by it. 0: not
	   known. */
	uint64_t place;
	uint64_t generation; /* counts from 1 */
	int64_t time;        /* when, in seconds since 1970 UTC */
	struct hash root;    /* handcode_root of what the folder held */
	uint64_t files, bytes;
	/* Only what changed: of a run whose publication is still to come; never
	   in a cloud folder. */
	bool partial;
};

struct manifest {
	struct manifest_head head;
	struct seen seen;        /* itself included */
	struct hash sum;         /* of the file */
	struct version *origins; /* their machine and generation count */
	size_t norigins;
	char *bytes; /* the file, owned */
	size_t size;
	const unsigned char *records; /* into it */
	size_t records_size;
	uint64_t nrecords;
};

/*
 * manifest_parse: *bytes* (from malloc) become *out*'s, also on failure.
 * Everything but the records is checked, the checksum first. Machines it names
 * are added to *roster*.
 */
int manifest_parse(struct manifest *out, struct roster *roster, char *bytes,
    size_t size, struct err *e);

/* manifest_check: are the records, too, what they must be? Before it said so
   they may not be read. */
int manifest_check(const struct manifest *m, struct err *e);

void manifest_free(struct manifest *m);

/* ---- reading claims ---- */

struct manifest_cursor {
	struct claims claims; /* first, so that it is one */
	const struct manifest *from;
	const unsigned char *at;
	uint64_t left; /* records */
	struct str path, last;
	struct version v; /* of the record read ahead */
	bool ahead;
};

/* manifest_open: at the first claim of a checked manifest. */
void manifest_open(struct manifest_cursor *c, const struct manifest *m);
void manifest_close(struct manifest_cursor *c);

/* ---- writing ---- */

struct manifest_writer;

/* manifest_begin: claims are added in tree order; origins must be seen. The
   arguments are needed until the end. */
struct manifest_writer *manifest_begin(const struct manifest_head *head,
    const struct roster *roster, const struct seen *seen);

/* manifest_add: *w* is the writer (a claims_sink's function). A claim of no
   version is left out. */
void manifest_add(void *w, const struct claim *c);

/* manifest_code: the sum over the claims added so far. */
const struct handcode *manifest_code(const struct manifest_writer *w);

/* manifest_end: append the file's bytes and release *w*; root, files and bytes
   of the head are those of the claims' first versions, unless *head* was
   partial. */
void manifest_end(struct manifest_writer *w, struct str *out);

/* ---- in the cloud folder ---- */

/* manifest_list: append the ids of the machines with a manifest, sorted. */
int manifest_list(struct strlist *out, struct plat_dir *cloud, struct err *e);

/* manifest_load: that of machine *id*, not yet checked. Returns 1 when there is
   none, also when it holds that of another machine: such a file is a cloud
   client's conflict copy. */
int manifest_load(struct manifest *out, struct roster *roster,
    struct plat_dir *cloud, const char *id, struct err *e);

/* manifest_put: *bytes* are the manifest of *id* now, durably. */
int manifest_put(struct plat_dir *cloud, const char *id,
    const struct str *bytes, struct err *e);

/* manifest_remove: 1: there was none. */
int manifest_remove(struct plat_dir *cloud, const char *id, struct err *e);

#endif
