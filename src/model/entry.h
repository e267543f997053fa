/*
 * entry.h - what one scan saw at one path.
 *
 * An entry says what is there, never what to do about it. "Unknown" is a state
 * of its own: something is there that we may not or cannot judge; it is neither
 * absent nor ours to change.
 */
#ifndef MODEL_ENTRY_H
#define MODEL_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/stamp.h"

enum entry_type {
	ENTRY_NONE, /* nothing there */
	ENTRY_FILE,
	ENTRY_DIR,
	ENTRY_LINK,
	ENTRY_UNKNOWN, /* entry_unknown says why */
};

/* The two trees. Arrays over both are indexed by side. */
enum side { SIDE_LOCAL, SIDE_CLOUD, SIDES };

static inline enum side
side_other(enum side s)
{
	return s == SIDE_LOCAL ? SIDE_CLOUD : SIDE_LOCAL;
}

/* Why an entry is unknown. */
enum entry_unknown {
	UNKNOWN_EXCLUDED,     /* by the filter: not listed anywhere */
	UNKNOWN_PRIVATE,      /* a cloud client's or our own name: not listed */
	UNKNOWN_SECRET,       /* never leaves this machine: not listed */
	UNKNOWN_SYMLINK,      /* sync.symlinks = skip */
	UNKNOWN_SPECIAL,      /* FIFO, socket, device */
	UNKNOWN_UNREADABLE,   /* the system would not let us look */
	UNKNOWN_INVALID_NAME, /* no tree path, or none the other side may hold
			       */
	UNKNOWN_HELD_COPY,    /* another tool's conflict copy */
	UNKNOWN_PLACEHOLDER,  /* not downloaded, and its content is needed */
	UNKNOWN_COLLISION, /* a name the other side cannot tell from another */
};

/* unknown_is_listed: is it told, or nobody's business? */
static inline bool
unknown_is_listed(uint8_t why)
{
	return why != UNKNOWN_EXCLUDED && why != UNKNOWN_PRIVATE &&
	    why != UNKNOWN_SECRET;
}

/* Facts about an entry. */
enum {
	ENTRY_EXEC = 1 << 0,          /* may be executed by its owner */
	ENTRY_PLACEHOLDER = 1 << 1,   /* content is not on this machine */
	ENTRY_HOLDS_UNKNOWN = 1 << 2, /* directory: something unknown in it */
	ENTRY_EXTENDS = 1 << 3,       /* file: begins with what was agreed */
	ENTRY_ON_THE_WAY = 1 << 4,    /* directory: only leads to a root */
};

/*
 * Two million of these fit in the memory a run may use, so the members are
 * packed by size. The path is not here: a tree knows it (tree.h).
 */
struct entry {
	const char *name; /* last part of the path; NUL-terminated */
	uint16_t name_len;
	uint8_t type;    /* enum entry_type */
	uint8_t flags;   /* ENTRY_… */
	uint16_t mode;   /* permission bits, 0777 */
	uint8_t unknown; /* enum entry_unknown */
	uint8_t nlink;   /* names the file has, at most 255 */
	uint32_t mtime_nsec, ctime_nsec;
	int64_t mtime_sec, ctime_sec;
	uint64_t size; /* of a file; of a link's target */
	uint64_t ino;
	union {
		const struct hash
		    *hash;            /* file, link: NULL until it is known */
		struct tree_dir *dir; /* directory: what is in it */
	} u;
};

static inline struct stamp
entry_mtime(const struct entry *e)
{
	return (struct stamp){.sec = e->mtime_sec, .nsec = e->mtime_nsec};
}

static inline struct stamp
entry_ctime(const struct entry *e)
{
	return (struct stamp){.sec = e->ctime_sec, .nsec = e->ctime_nsec};
}

/* entry_is_content: does it hold bytes we mirror (a file or a link)? */
static inline bool
entry_is_content(const struct entry *e)
{
	return e != NULL && (e->type == ENTRY_FILE || e->type == ENTRY_LINK);
}

#endif
