/*
 * snaplist.h - which snapshots a backup directory holds, and what else.
 *
 * Of each, only what its manifest says first is read: that there is one, and
 * that it could be read so far, is all that is promised (snapverify.h knows
 * more). Nothing is changed.
 */
#ifndef STORE_SNAPSHOT_SNAPLIST_H
#define STORE_SNAPSHOT_SNAPLIST_H

#include "base/strlist.h"
#include "store/snapshot/snapid.h"
#include "store/snapshot/snapread.h"

struct snaplist_item {
	char *id;
	struct snapid about_id; /* points into *id* */
	struct stamp time;      /* the id's, as exactly as the manifest tells */
	enum snapread_form form;
	bool readable; /* *head* says what it is; else *why* tells */
	struct snapmanifest head;
	struct err why;
	uint64_t bytes; /* it takes; of a directory, what its files hold */
	/* What else lies there under its id. */
	bool packed;      /* ….packed */
	bool raw;         /* ….raw */
	bool digest;      /* ….zip.xxh3 */
	bool zip_partial; /* ….zip.partial */
	bool empty;       /* nothing is in its ….partial */
	bool saving;      /* a SNAPSHOT_SAVING in it */
	bool pruned;      /* on its way out: ….pruned or ….zip.pruned */
};

struct snaplist {
	struct snaplist_item *v; /* by time, then id */
	size_t n, cap;
	struct strlist others; /* names that are none of ours */
};

/* snaplist_read: *out* is to be freed, also on failure. *backups* may be NULL:
   there is nothing. */
int snaplist_read(
    struct snaplist *out, struct plat_dir *backups, struct err *e);

void snaplist_free(struct snaplist *l);

#endif
