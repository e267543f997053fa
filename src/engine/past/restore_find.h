/*
 * restore_find.h - which snapshot is meant.
 */
#ifndef ENGINE_PAST_RESTORE_FIND_H
#define ENGINE_PAST_RESTORE_FIND_H

#include "base/err.h"
#include "base/str.h"
#include "model/entry.h"
#include "platform/plat_fs.h"

/* restore_find_id: append the id that begins with *from*. ERR_USAGE when there
   is none, or more than one. *backups* is NULL where there are none at all. */
int restore_find_id(
    struct str *out, struct plat_dir *backups, const char *from, struct err *e);

/*
 * restore_find_newest: append the id of the newest complete snapshot that
 *machine* made and that keeps something of *side*, but not *but* ("": any).
 * ERR_NOTFOUND when there is none. One whose manifest cannot be read is passed
 * over.
 */
struct restore_newest {
	const char *machine;
	enum side side;
	const char *but;
};

int restore_find_newest(struct str *out, struct plat_dir *backups,
    const struct restore_newest *wanted, struct err *e);

#endif
