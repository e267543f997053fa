/*
 * snapread_work.h - what the parts of snapread share; nobody else includes it.
 *
 *   snapread.c          opening and closing
 *   snapread_check.c    is everything there, and nothing else
 *   snapread_content.c  what entries hold
 */
#ifndef STORE_SNAPSHOT_SNAPREAD_WORK_H
#define STORE_SNAPSHOT_SNAPREAD_WORK_H

#include "store/snapshot/snapdir.h"
#include "store/snapshot/snapread.h"
#include "store/zip/zipstream.h"

enum { SNAPREAD_BUFFER = 64 * 1024 };

struct snapread {
	struct plat_dir *backups; /* the caller's */
	char *id;
	bool zip;
	struct snapmanifest m;
	/* Of a directory. */
	struct plat_dir *root;
	struct snapdir in_root;
	/* Of an archive. */
	struct plat_file file;
	struct zipread *z;
	struct zipstream *stream;
	struct plat_dir *raw; /* beside it; NULL: there is none */
	struct snapdir in_raw;
	unsigned char buffer[SNAPREAD_BUFFER];
};

/* snapread_entry: of the archive: the one that *place* is in; NULL when there
   is none. */
const struct zipread_entry *snapread_entry(
    const struct snapread *r, const char *place);

int snapread_check(struct snapread *r, struct err *e);

#endif
