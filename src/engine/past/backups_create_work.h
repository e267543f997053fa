/*
 * backups_create_work.h - what the parts of backups_create share; nobody else
 * includes it.
 *
 *   backups_create.c       the contract: from one end to the other
 *   backups_create_look.c  what is to be saved, and what of it there is
 *   backups_create_save.c  the workers: each path is linked or copied
 */
#ifndef ENGINE_PAST_BACKUPS_CREATE_WORK_H
#define ENGINE_PAST_BACKUPS_CREATE_WORK_H

#include "engine/past/backups.h"
#include "engine/past/backups_create.h"
#include "engine/scan/rules.h"
#include "engine/scan/scan.h"
#include "platform/plat_thread.h"
#include "store/snapshot/snapsave.h"

/* One path, and what became of it. */
struct create_load {
	struct snapsave_entry entry;
	bool linked;
	bool vanished;
	struct err *why; /* NULL: it was saved */
};

struct create_work {
	struct create *out;
	const struct config *config;
	struct site sites[SIDES]; /* the local one */
	struct rules rules;
	struct tree trees[SIDES];
	struct stamp seen;
	struct arena paths;
	struct create_load *v;
	size_t n, cap;
	/* The snapshot that what is unchanged is taken from. */
	struct backups backups;
	struct snapmanifest base;
	struct plat_dir *base_dir; /* NULL: there is none */
	struct err base_error; /* why the snapshots could not be looked at */
	struct snapsave *save;
	/* Shared by the workers. */
	struct plat_mutex *mutex;
	size_t next;
};

/* create_trouble_add: a path that is not, or not quite, in the snapshot; *why*
   may be NULL. */
void create_trouble_add(struct create *c, const char *path, size_t n,
    const char *reason, const struct err *why);

/* create_look: list what is to be saved, and find what it can be taken from. */
int create_look(struct create_work *w, unsigned threads, struct err *e);

/* create_save: save all of it. */
void create_save(struct create_work *w, unsigned threads);

#endif
