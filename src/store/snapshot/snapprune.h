/*
 * snapprune.h - removing a snapshot, and what dead runs left around one.
 *
 * A snapshot first gets a name under which nobody takes it for one; only then
 * do its files go. Whenever a crash comes, it is there whole or not at all,
 * and the next removal of leftovers ends what was begun.
 */
#ifndef STORE_SNAPSHOT_SNAPPRUNE_H
#define STORE_SNAPSHOT_SNAPPRUNE_H

#include "store/snapshot/snaplist.h"

/* snapprune: the complete snapshot *item* goes. */
int snapprune(const struct snaplist_item *item, struct plat_dir *backups,
    bool durable, struct err *e);

/* snapprune_has_leftovers: is there anything snapprune_leftovers would remove?
 */
bool snapprune_has_leftovers(const struct snaplist_item *item);

/*
 * snapprune_leftovers: what is left of a removal or of a run that died goes:
 * ….pruned, a ….zip.partial that nothing else belongs to, the digest of an
 * archive that is gone, a copy that was being made (….partial with a
 * SNAPSHOT_SAVING in it that nobody holds). What may hold the only copy of
 * anything stays. An empty ….partial goes, too.
 */
int snapprune_leftovers(const struct snaplist_item *item,
    struct plat_dir *backups, bool durable, struct err *e);

/* snapprune_tree: the directory *name* in *d* and all that is in it goes;
   links are not followed. */
int snapprune_tree(struct plat_dir *d, const char *name, struct err *e);

#endif
