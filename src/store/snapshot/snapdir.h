/*
 * snapdir.h - the directory the last path lay in, kept open.
 *
 * Paths come in tree order, so most lie in the directory of the one before.
 */
#ifndef STORE_SNAPSHOT_SNAPDIR_H
#define STORE_SNAPSHOT_SNAPDIR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"
#include "platform/plat_fs.h"

struct snapdir {
	struct plat_dir *root; /* not owned */
	bool make;             /* missing directories are made, 0700 */
	bool anchored;         /* the way to *dir* is durable */
	struct plat_dir *dir;  /* of the last path; NULL: none yet */
	struct str path;       /* of *dir* */
	struct str name;       /* last part of the last path */
};

void snapdir_init(struct snapdir *d, struct plat_dir *root, bool make);

/* snapdir_close: nothing is open any more; it may be used again. */
void snapdir_close(struct snapdir *d);
void snapdir_free(struct snapdir *d);

/*
 * snapdir_at: the directory in which the tree path *path* lies, and its last
 * part as a string; both hold until the next call. Returns 1 when a file or
 * link stands where a directory would have to be, and when a directory is
 * missing that may not be made.
 */
int snapdir_at(struct snapdir *d, const char *path, size_t n,
    struct plat_dir **dir, const char **name, struct err *e);

/* snapdir_sync: the names in the present directory are durable, and so are
   those on the way to it. */
int snapdir_sync(struct snapdir *d, struct err *e);

#endif
