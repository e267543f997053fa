/*
 * story.h - what a run meant to do, and what became of it.
 *
 * An intent is written down before anything is touched; a deed is an intent
 * with its end. The story of a run is all its deeds in order. The journal holds
 * it on disk, the snapshot's manifest and the new ledger are made from it, and
 * so a run that crashed is remembered in the same way as one that ended well.
 */
#ifndef MODEL_STORY_H
#define MODEL_STORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/stamp.h"
#include "model/entry.h"

enum intent_kind {
	INTENT_MKDIR,
	INTENT_PUT,  /* staged content takes the place of the victim or none */
	INTENT_MOVE, /* from another path of the same side */
	INTENT_REMOVE,
	INTENT_RMDIR,
	/* Of the ledger only; never in a journal. */
	INTENT_AGREE,  /* both sides are alike here */
	INTENT_SETTLE, /* only *side* has it, and that is agreed */
	INTENT_FORGET,
};

/* What something looked like. */
struct fingerprint {
	uint8_t type; /* enum entry_type; ENTRY_NONE: nothing */
	bool exec;
	bool hashed; /* *hash* is known */
	bool racy;   /* looked at too soon after its times to trust them */
	uint16_t mode;
	uint64_t size;
	uint64_t ino;
	struct stamp mtime, ctime;
	struct hash hash;
};

struct intent {
	uint8_t kind;  /* enum intent_kind */
	uint8_t side;  /* enum side: where it happens */
	uint32_t seq;  /* counts from 0 through the run */
	uint32_t unit; /* 0: stands alone */
	const char *path;
	size_t path_len;
	const char *from; /* MOVE: the old path; else NULL */
	size_t from_len;
	struct fingerprint victim; /* what is at *path* (MOVE: at *from*) */
	struct fingerprint put;    /* what will be there */
	/* What the other side has at *path*, which from now on is agreed to be
	   the same; ENTRY_NONE when this deed alone does not tell. */
	struct fingerprint other;
};

struct deed {
	struct intent intent;
	bool done;              /* carried out, or given up */
	bool applied;           /* carried out */
	bool stuck;             /* neither done nor undone: for recovery */
	bool kept;              /* its victim waits nowhere any more */
	bool aside;             /* the victim waits under the second own name */
	struct fingerprint now; /* what *path* looks like since */
};

/* What a run says of itself at its start. */
struct story_begin {
	const char *run_id;
	const char *snapshot_id;
	const char *stage;        /* what its staging names begin with */
	const char *roots[SIDES]; /* canonical */
	const char *reason;       /* "sync", "restore", ... */
	const char *backup_dir;   /* native: where its snapshot grows */
	const char *format;       /* and what becomes of it: "dir" or "zip" */
	/* So many intents are written down before the first is carried out; of
	   fewer, none was. 0: they come in batches. */
	uint32_t whole;
};

/* How the ledger follows a run. */
enum story_memory {
	STORY_AGREES, /* it brought both sides together, and that is agreed */
	STORY_LEAVES, /* restore: what it wrote is one side's change like any */
	STORY_GOES_BACK, /* undo: agreed is what was agreed before */
};

struct story {
	struct arena arena; /* its strings, where it owns them */
	struct story_begin begin;
	struct deed *v; /* by seq */
	size_t n, cap;
};

/* story_add: a deed that is not done yet; its seq is its place. The strings
   are not copied. */
struct deed *story_add(struct story *s, const struct intent *i);

void story_free(struct story *s);

/* story_memory: of a run of this reason (story_begin). */
enum story_memory story_memory(const char *reason);

/* story_changed: was anything carried out? */
bool story_changed(const struct story *s);

/* fingerprint_of: of an entry a scan begun at *seen* saw; NULL: nothing. */
struct fingerprint fingerprint_of(const struct entry *e, struct stamp seen);

/* fingerprint_is_racy: were these times too fresh at *seen*? */
bool fingerprint_is_racy(const struct fingerprint *f, struct stamp seen);

#endif
