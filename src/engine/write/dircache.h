/*
 * dircache.h - the directory the last path lay in, kept open.
 *
 * Paths come in tree order, so most lie in the directory of the one before.
 * Each thread has its own.
 */
#ifndef ENGINE_WRITE_DIRCACHE_H
#define ENGINE_WRITE_DIRCACHE_H

#include <stddef.h>

#include "base/err.h"
#include "base/str.h"
#include "platform/plat_fs.h"

struct dircache {
	struct plat_dir *root; /* not owned */
	struct plat_dir *dir;  /* NULL: none yet */
	struct str path;       /* of *dir* */
	struct str name;       /* of the last path asked for */
};

void dircache_init(struct dircache *c, struct plat_dir *root);
void dircache_free(struct dircache *c);

/*
 * dircache_at: the directory in which the tree path *path* lies, and its last
 * part as a string; both hold until the next call. Returns 1 when a directory
 * on the way does not exist.
 */
int dircache_at(struct dircache *c, const char *path, size_t n,
    struct plat_dir **dir, const char **name, struct err *e);

/* dircache_forget: the cached directory may be another one by now. */
void dircache_forget(struct dircache *c);

#endif
