/*
 * snapsave_work.h - what the parts of snapsave share; nobody else includes it.
 *
 *   snapsave.c       the contract; copies in a directory
 *   snapsave_zip.c   copies in an archive
 */
#ifndef STORE_SNAPSHOT_SNAPSAVE_WORK_H
#define STORE_SNAPSHOT_SNAPSAVE_WORK_H

#include "store/snapshot/snapshot_work.h"
#include "store/zip/ziphand.h"

struct snapsave {
	struct snapshot *snapshot;
	struct zipfile *zip;      /* NULL: a directory */
	struct plat_file archive; /* it is being written to */
	struct zipturns turns;    /* … by one hand after the other */
};

struct snapsave_hand {
	struct snapsave *save;
	struct snapdir from, to, base;
	bool has_base;
	struct ziphand zip;       /* of an archive */
	struct snapshot *scratch; /* only its buffer */
	struct str place;         /* of the present entry */
	struct str bytes;         /* of a file that is small enough */
};

/* snapsave_place: *place* of *h* is where *en* belongs. */
void snapsave_place(struct snapsave_hand *h, const struct snapsave_entry *en);

/* snapsave_note: *en* is a file that looks so and has that content. */
void snapsave_note(struct snapsave_entry *en, const struct plat_stat *st,
    struct stamp seen, struct hash hash);

/* snapsave_copy_open: copy *from* to the empty file *to*, until nobody wrote
   meanwhile or that was tried often enough. */
int snapsave_copy_open(struct snapsave_hand *h, struct snapsave_entry *en,
    struct plat_file from, struct plat_file to, struct err *e);

/* snapsave_clear: "<id>.partial" goes, in one step for whoever looks for it. */
int snapsave_clear(struct snapshot *s, struct err *e);

/* ---- snapsave_zip.c ------------------------------------------------------ */

int snapsave_zip_begin(struct snapsave *s, struct err *e);
int snapsave_zip_file(struct snapsave_hand *h, struct snapsave_entry *en,
    struct plat_file from, struct err *e);
int snapsave_zip_link(struct snapsave_hand *h, const struct snapsave_entry *en,
    const struct str *target, struct err *e);

/* snapsave_zip_finish: with the manifest, compared and published. */
int snapsave_zip_finish(struct snapsave *s, struct err *e);

/* snapsave_zip_abandon: nothing of it is open any more, nor there. */
void snapsave_zip_abandon(struct snapsave *s);

#endif
