/*
 * snapread.h - a finished snapshot, opened to be read.
 *
 * A snapshot may have been damaged, and may come from anybody. Opening it reads
 * and checks its manifest (snapmanifest.h) and holds what lies there against
 * it: everything it keeps is there, of the right kind and size, and nothing
 * else is. One that breaks a rule is refused whole (ERR_CORRUPT) before
 * anything of it can be used. What files hold is checked while it is read:
 * against the size and hash of the manifest, and only the last call's success
 * vouches for it.
 *
 * A directory and an archive look the same from here. Reading changes nothing,
 * and one entry of an archive is read without the others.
 */
#ifndef STORE_SNAPSHOT_SNAPREAD_H
#define STORE_SNAPSHOT_SNAPREAD_H

#include "store/snapshot/snapmanifest.h"
#include "store/zip/zipread.h"

struct snapread;

/* In what state an id is found. */
enum snapread_form {
	SNAPREAD_NONE,
	SNAPREAD_DIR,
	SNAPREAD_ZIP,
	SNAPREAD_PARTIAL, /* still growing, or waiting for recovery */
};

/* snapread_form: what there is of that id in the backup directory. */
int snapread_form(enum snapread_form *out, struct plat_dir *backups,
    const char *id, struct err *e);

/*
 * snapread_open: *backups* stays the caller's, and open. ERR_NOTFOUND when
 * there is no snapshot of that id, ERR_BUSY when it is not complete.
 */
int snapread_open(struct snapread **out, struct plat_dir *backups,
    const char *id, struct err *e);

/* snapread_head: only what its manifest says first, into *out*, which is to be
   freed with snapmanifest_free; nothing else is looked at. */
int snapread_head(struct snapmanifest *out, struct plat_dir *backups,
    const char *id, struct err *e);

/* snapread_entries: the whole manifest of a directory, checked, though nothing
   that lies beside it is looked at. */
int snapread_entries(struct snapmanifest *out, struct plat_dir *backups,
    const char *id, struct err *e);

/* snapread_close: NULL is fine. */
void snapread_close(struct snapread *r);

const struct snap_about *snapread_about(const struct snapread *r);

/* snapread_manifest: all entries; lives as long as *r*. */
const struct snapmanifest *snapread_manifest(const struct snapread *r);

/*
 * snapread_content: hand the content of an entry that is kept (of a link: its
 * target) to *fn*, piece by piece. ERR_CORRUPT, perhaps after the last piece,
 * when it is not what the manifest says. Not from two threads at once.
 */
int snapread_content(struct snapread *r, const struct snap_entry *en,
    zipread_fn *fn, void *arg, struct err *e);

/* snapread_target: append the target of a link that is kept. */
int snapread_target(struct str *out, struct snapread *r,
    const struct snap_entry *en, struct err *e);

/* snapread_file: open the file an entry is kept in, whose content is not
   checked then: to clone it, say. Returns 1 when it is in an archive. */
int snapread_file(struct plat_file *out, struct snapread *r,
    const struct snap_entry *en, struct err *e);

#endif
