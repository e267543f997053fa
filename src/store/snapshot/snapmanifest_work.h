/*
 * snapmanifest_work.h - what the parts of snapmanifest share; nobody else
 * includes it.
 *
 *   snapmanifest.c        the document
 *   snapmanifest_entry.c  one entry
 *   snapmanifest_check.c  all of them together
 */
#ifndef STORE_SNAPSHOT_SNAPMANIFEST_WORK_H
#define STORE_SNAPSHOT_SNAPMANIFEST_WORK_H

#include "store/snapshot/snapmanifest.h"

struct snapmanifest_reader {
	struct json_read json;
	struct snapmanifest *m;
	/* Of the entry being read. */
	struct str path, path_hex, from, from_hex, kept_as, kept_as_hex;
};

/* snapmanifest_broken: ERR_CORRUPT. */
int snapmanifest_broken(struct err *e, const char *what);

/* snapmanifest_member: the number of *json*'s key among *names* (*n* of them),
   which is noted in *seen*; *n* when it is none of them; -1 when it comes for
   the second time. */
int snapmanifest_member(const struct json_read *json, const char *const *names,
    int n, unsigned *seen, struct err *e);

/* snapmanifest_word: which of *words* (*n* of them) the next value is. */
int snapmanifest_word(uint8_t *out, struct json_read *json,
    const char *const *words, size_t n, struct err *e);

/* snapmanifest_entry: read one into *out*. */
int snapmanifest_entry(
    struct snap_entry *out, struct snapmanifest_reader *r, struct err *e);

/* snapmanifest_check: do they agree with each other and with the totals? */
int snapmanifest_check(struct snapmanifest *m, struct err *e);

#endif
