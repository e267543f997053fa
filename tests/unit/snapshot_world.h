/*
 * snapshot_world.h - what a snapshot's tests play in: a tree with victims, a
 * story, a backup directory, and a platform that can be made difficult.
 */
#ifndef TESTS_SNAPSHOT_WORLD_H
#define TESTS_SNAPSHOT_WORLD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "difficult.h"
#include "model/story.h"
#include "platform/plat_fs.h"
#include "store/snapshot/snapshot.h"
#include "support/tempdir.h"

#define WORLD_ID "20261120T235137Z-m1-4f0a"
#define WORLD_NEXT "20261120T235137Z-m1-4f0b"

struct world {
	struct tempdir *temp;
	struct plat_dir *tree; /* where victims wait */
	struct str backups;    /* native path */
	struct story story;
	bool zip, durable;
	struct snapshot *snapshot; /* the one that is open */
	struct err e;
};

void world_open(struct world *w, bool zip);
void world_close(struct world *w);

/* world_begin: open the snapshot (again). */
void world_begin(struct world *w);

/* world_victim: a file *name* waits in the tree, with that mode and mtime. */
void world_victim(struct world *w, const char *name, const char *content,
    uint32_t mode, struct stamp mtime);

/* world_keep: snapshot_keep of it. */
int world_keep(
    struct world *w, const char *name, enum side side, const char *path);

/* world_tell: an applied deed; *name* is its victim as it waits now, or NULL.
 */
struct deed *world_tell(struct world *w, enum intent_kind kind, enum side side,
    const char *path, const char *name);

int world_finish(struct world *w, bool *made);

/* world_show: append everything in the backup directory, one line each. */
void world_show(struct str *out, struct world *w);

/*
 * world_as_shown, world_as_said: append what world_show and a manifest say here
 * in the place of *text*, where the modes are those of a system that stores
 * permission bits.
 */
void world_as_shown(struct str *out, const char *text);
void world_as_said(struct str *out, const char *text);

/* world_read: append what the file *path* of the backup directory holds. */
void world_read(struct str *out, struct world *w, const char *path);

/* world_has: is *path* there, in the backup directory? */
bool world_has(struct world *w, const char *path);

/* world_backups: that directory; the caller closes it. */
struct plat_dir *world_backups(struct world *w);

#endif
