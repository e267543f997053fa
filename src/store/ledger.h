/*
 * ledger.h - the memory of the last agreement, as a file.
 *
 * One checksummed, versioned file for each profile and machine, in the state
 * directory, replaced as a whole (docs/formats.md has every byte). It is read
 * by mapping: records are used where they lie. Damage of any kind reads as an
 * empty ledger with a reason, which makes every difference a conflict and
 * deletes nothing.
 */
#ifndef STORE_LEDGER_H
#define STORE_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/strlist.h"
#include "model/agreed.h"
#include "platform/plat_fs.h"

#define LEDGER_NAME "ledger"
#define LEDGER_BEFORE "ledger-before-" /* and a run's id */

/* What the ledger knows beside its records. */
struct ledger_head {
	char *roots[SIDES]; /* canonical; "" in an empty ledger */
	struct strlist
	    markers;         /* names of the cloud folder's markers it knows */
	uint64_t generation; /* of the state this machine published last */
	struct strlist seen; /* "17 laptop": other machines' generations that
				are accounted for */
	/* The last run that wrote to a folder, and its snapshot; NULL: none. */
	char *run, *snapshot;
};

struct ledger {
	struct agreed agreed; /* the records */
	struct ledger_head head;
	const void *map; /* the mapped file; NULL when empty */
	size_t map_size;
};

/*
 * ledger_load: from *state*. Where there is no ledger, *out* is empty and
 * *trouble* (a struct str) stays empty; where it is damaged or of an unknown
 * version, *out* is empty and *trouble* says why. -1 when it is there and
 * cannot be read now: it may be as good as ever, and is not to be taken for
 * lost; *out* is empty then, too.
 */
int ledger_load(struct ledger *out, struct plat_dir *state, struct str *trouble,
    struct err *e);

void ledger_free(struct ledger *l);

/*
 * The ledger before the last run that wrote to a folder is kept beside it,
 * under the run's name, for whoever undoes that run.
 *
 * ledger_keep_before: the present file is the one from before *run*; where
 * there is none, that was empty. ledger_load_before: as ledger_load.
 * ledger_drop_before: those from before any other run go.
 */
int ledger_keep_before(struct plat_dir *state, const char *run, struct err *e);
int ledger_load_before(struct ledger *out, struct plat_dir *state,
    const char *run, struct str *trouble, struct err *e);
int ledger_drop_before(struct plat_dir *state, const char *run, struct err *e);

/* Writing a new ledger: records are added in tree order. */
struct ledger_writer;

int ledger_begin(
    struct ledger_writer **out, struct plat_dir *state, struct err *e);

/* ledger_add: *r*'s path_at and path_len are filled in from *path*, which is
   copied. The first error sticks; ledger_commit reports it. */
void ledger_add(struct ledger_writer *w, const struct agreed_record *r,
    const char *path, size_t n);

/*
 * ledger_commit: the file is replaced, durably when *durable*. Releases *w*.
 * Refuses (ERR_CORRUPT) what ledger_load would not read back: records out of
 * order or not well-formed. The old ledger is freed by then: Windows replaces
 * no file that is mapped.
 */
int ledger_commit(struct ledger_writer *w, const struct ledger_head *head,
    bool durable, struct err *e);

void ledger_abandon(struct ledger_writer *w); /* NULL is fine */

/* ledger_head_free, ledger_head_copy: a head with strings of its own. */
void ledger_head_copy(struct ledger_head *out, const struct ledger_head *from);
void ledger_head_free(struct ledger_head *h);

#endif
