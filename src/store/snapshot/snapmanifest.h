/*
 * snapmanifest.h - a snapshot's manifest, read back.
 *
 * A manifest may come from anybody. It is read once, in pieces, and checked
 * wholly before anything of it is handed out: every path is a tree path of a
 * side that this system can hold as it is and that is not our own, every place
 * lies in the snapshot, no two things lie in one place or one below the other,
 * types, sizes, times and modes are ones we write. What breaks a rule is
 * ERR_CORRUPT. docs/formats.md describes the members.
 */
#ifndef STORE_SNAPSHOT_SNAPMANIFEST_H
#define STORE_SNAPSHOT_SNAPMANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json_read.h"
#include "model/story.h"

/* What became of a path. */
enum snap_what {
	SNAP_REPLACED, /* *was* gave way to *now* */
	SNAP_DELETED,
	SNAP_CREATED,
	SNAP_MOVED, /* from *from* */
	SNAP_MADE,  /* a directory */
	SNAP_REMOVED,
	SNAP_RESCUED, /* kept, though no deed displaced it */
	SNAP_SAVED,   /* nothing became of it: it was copied as it is */
	SNAP_WHATS,
};

struct snap_entry {
	uint8_t side; /* enum side */
	uint8_t what; /* enum snap_what */
	bool kept;    /* its content is in the snapshot, at *place* */
	bool raw;     /* … that is, beside the archive */
	bool missing; /* it should have been kept */
	bool unsettled;
	const char *path;
	size_t path_len;
	const char *from; /* MOVED; else NULL */
	size_t from_len;
	const char *place; /* below the snapshot's directory; NULL: not kept */
	size_t place_len;
	/* What was at *path* (MOVED: at *from*) before, and what is there
	   since; of type ENTRY_NONE where there is nothing. */
	struct fingerprint was, now;
};

/* What a manifest says first. */
struct snap_about {
	const char *id, *machine, *profile, *run, *reason;
	struct stamp time; /* to the millisecond */
	bool zip;
	uint64_t files[SIDES], bytes[SIDES]; /* kept */
};

enum { SNAPMANIFEST_ENTRIES_MAX = 4 * 1024 * 1024 };

struct snapmanifest {
	struct arena arena;
	struct snap_about about;
	struct snap_entry *v; /* in the order things were done */
	size_t n, cap;
	/* Those that are kept, by place in tree order. */
	struct snap_place {
		const struct snap_entry *entry;
	} * places;
	size_t nplaces;
};

/* snapmanifest_read: all of it. *out* is to be freed, also on failure. */
int snapmanifest_read(
    struct snapmanifest *out, json_fill_fn *fill, void *arg, struct err *e);

/* snapmanifest_head: only what stands in front of the entries; a manifest that
   breaks rules further on is not found out. */
int snapmanifest_head(
    struct snapmanifest *out, json_fill_fn *fill, void *arg, struct err *e);

void snapmanifest_free(struct snapmanifest *m);

/* snapmanifest_at: the entry that is kept at that place, or NULL. */
const struct snap_entry *snapmanifest_at(
    const struct snapmanifest *m, const char *place, size_t n);

/* snap_what_name, snap_side_name: the words of the manifest. */
const char *snap_what_name(enum snap_what what);
const char *snap_side_name(enum side side);

#endif
