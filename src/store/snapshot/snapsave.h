/*
 * snapsave.h - a snapshot of files that stay where they are.
 *
 * A copy is made of what may be changing: it is taken when nobody wrote
 * meanwhile, or, after a few tries, as it came and told so. What is unchanged
 * since an earlier snapshot (a directory) becomes one more name of the file
 * there; that is safe because nothing ever writes to a file of a snapshot.
 *
 * While it grows, a lock is held in it: what a dead process left holds only
 * copies, and may go (snapprune.h).
 */
#ifndef STORE_SNAPSHOT_SNAPSAVE_H
#define STORE_SNAPSHOT_SNAPSAVE_H

#include "store/snapshot/snapdir.h"
#include "store/snapshot/snapshot.h"

/* One thing that was there. */
struct snapsave_entry {
	const char *path; /* tree path; NUL-terminated */
	size_t path_len;
	struct fingerprint was; /* racy: its times are not to be relied on */
	bool kept;              /* its content is in the snapshot */
	bool unsettled;         /* somebody went on writing to it */
};

struct snapsave; /* a growing snapshot of this kind */

/* snapsave_begin: as snapshot_open; its directory is there from now on. */
int snapsave_begin(
    struct snapsave **out, const struct snapshot_about *about, struct err *e);

/*
 * snapsave_finish: *v* holds everything that was saved, in tree order. The
 * snapshot becomes whole and durable. Releases *s*; on failure nothing is left
 * that counts.
 */
int snapsave_finish(struct snapsave *s, const struct snapsave_entry *v,
    size_t n, struct err *e);

/* snapsave_abandon: nothing is left. NULL is fine. */
void snapsave_abandon(struct snapsave *s);

/* ---- one worker; several may be at it, each with its own ----------------- */

struct snapsave_hand;

/* snapsave_hand: *root* is what is saved, *base* (or NULL) the directory of an
   earlier snapshot; both stay open until snapsave_hand_free. */
struct snapsave_hand *snapsave_hand(
    struct snapsave *s, struct plat_dir *root, struct plat_dir *base);
void snapsave_hand_free(struct snapsave_hand *h);

/* snapsave_run, snapsave_run_end: around the entries of one run. What is saved
   is given out in runs, which count from 0 and follow each other in tree order;
   each is begun and ended, whatever becomes of it: others wait for that. */
void snapsave_run(struct snapsave_hand *h, size_t run);
void snapsave_run_end(struct snapsave_hand *h);

/* snapsave_link: the file of *en* is what *place* in the base holds. Returns 1
   when it has to be copied after all. */
int snapsave_link(struct snapsave_hand *h, const struct snapsave_entry *en,
    const char *place, size_t n, struct err *e);

/* snapsave_copy: copy a file or link and complete what *en* says of it.
   Returns 1 when it is not there any more. */
int snapsave_copy(
    struct snapsave_hand *h, struct snapsave_entry *en, struct err *e);

#endif
