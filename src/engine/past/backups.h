/*
 * backups.h - the snapshots a profile has, found and looked into.
 *
 * Nothing here changes anything, and a backup directory that is not there holds
 * nothing. Others' snapshots may lie beside ours; what lies there and is no
 * snapshot at all is named and otherwise left alone.
 */
#ifndef ENGINE_PAST_BACKUPS_H
#define ENGINE_PAST_BACKUPS_H

#include "config/config.h"
#include "store/snapshot/snaplist.h"

struct backups {
	struct plat_dir *dir; /* NULL: there is none */
	struct snaplist list; /* oldest first */
};

/* backups_open: *out* must be closed either way. */
int backups_open(struct backups *out, const struct config *c, struct err *e);
void backups_close(struct backups *b);

/* backups_complete: finished, and with a manifest that says what it is. */
bool backups_complete(const struct snaplist_item *item);

/* backups_ours: of this machine and, where that is known, of this profile? */
bool backups_ours(const struct snaplist_item *item, const struct config *c);

/* backups_find: the snapshot of that id, or the only one whose id begins so.
   ERR_NOTFOUND; ERR_USAGE when there are several. */
const struct snaplist_item *backups_find(
    const struct backups *b, const char *prefix, struct err *e);

/* backups_newest: the newest complete one of this machine and profile that
   keeps something of *side*; NULL when there is none. */
const struct snaplist_item *backups_newest(
    const struct backups *b, const struct config *c, enum side side);

/* backups_verify: append what is wrong with *item* to *problems*
   (store/snapshot/snapverify.h). */
int backups_verify(struct strlist *problems, const struct backups *b,
    const struct snaplist_item *item, struct err *e);

#endif
