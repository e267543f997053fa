/*
 * snapmanifest_work.h - what the parts of snapmanifest share; nobody else
 * includes it.
 *
 *   snapmanifest.c        the document
 *   snapmanifest_entry.c  one entry
 *   snapmanifest_path.c   what it says of paths
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

/* ---- snapmanifest_path.c ------------------------------------------------- */

/* snapmanifest_path, snapmanifest_hex: the next value, as text or in
   hexadecimal digits, in place of what *out* was. */
int snapmanifest_path(struct str *out, struct json_read *json, struct err *e);
int snapmanifest_hex(struct str *out, struct json_read *json, struct err *e);

/* snapmanifest_settle: *path* becomes the exact bytes, when they are given
   (*exact*); they have to say the same as the text does. */
int snapmanifest_settle(
    struct str *path, const struct str *hex, bool exact, struct err *e);

/* snapmanifest_check_path: is it a tree path that this system can hold as it
   is, and not our own? snapmanifest_check_place: does it lie in the snapshot,
   where that side's things do? */
int snapmanifest_check_path(const struct str *path, struct err *e);
int snapmanifest_check_place(
    const struct str *place, enum side side, struct err *e);

/* ---- the others ---------------------------------------------------------- */

/* snapmanifest_entry: read one into *out*. */
int snapmanifest_entry(
    struct snap_entry *out, struct snapmanifest_reader *r, struct err *e);

/* snapmanifest_check: do they agree with each other and with the totals? */
int snapmanifest_check(struct snapmanifest *m, struct err *e);

#endif
