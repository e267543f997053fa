/*
 * snapshot_work.h - what the parts of snapshot share; nobody else includes it.
 *
 *   snapshot.c           the contract: where it grows, what its end is
 *   snapshot_keep.c      one file moves in
 *   snapshot_content.c   reading and copying what files hold
 *   snapshot_kept.c      what has been kept, found on disk
 *   snapshot_remove.c    and taken away again
 *   snapshot_manifest.c  manifest.json
 *   snapshot_seal.c      the end of a directory
 *   snapshot_pack.c      the end of an archive
 *   snapshot_pack_kept.c … and how what was kept gets into it
 *   snapsave.c           copies, instead of what a run displaced
 */
#ifndef STORE_SNAPSHOT_SNAPSHOT_WORK_H
#define STORE_SNAPSHOT_SNAPSHOT_WORK_H

#include <stdint.h>

#include "base/arena.h"
#include "base/hash.h"
#include "store/snapshot/snapdir.h"
#include "store/snapshot/snapsave.h"
#include "store/snapshot/snapshot.h"
#include "store/zip/zipfile.h"

/* While a file is being copied in; what a dead run left there is worth
   nothing. */
#define SNAPSHOT_INCOMING "incoming"

/* How often a file that somebody is writing to is read again. */
enum { SNAPSHOT_TRIES = 3 };

enum { SNAPSHOT_BUFFER = 64 * 1024 };

struct snapshot {
	struct snapshot_about about; /* its strings are owned */
	char *id;                    /* about.id, or that of a sequel */
	bool sequel;                 /* the run's own snapshot is complete */
	bool looked; /* *id, backups and partial say what there is */
	struct plat_dir *backups; /* NULL: there is no such directory */
	struct plat_dir *partial; /* NULL: nothing was kept */
	struct snapdir places;    /* in *partial* */
	/* Of one that only copies (snapsave.h); NULL: of a run. */
	const struct snapsave_entry *saved;
	size_t nsaved;
	struct plat_file saving; /* the lock on SNAPSHOT_SAVING */
	unsigned char buffer[SNAPSHOT_BUFFER];
};

/* snapshot_path: append "<id><suffix>". */
void snapshot_path(
    struct str *out, const struct snapshot *s, const char *suffix);

/* snapshot_start: from now on *partial* is there. */
int snapshot_start(struct snapshot *s, struct err *e);

/* snapshot_rename: in the backup directory, "<id><from>" becomes "<id><to>",
   which is free, durably; nothing below it is open any more. */
int snapshot_rename(
    struct snapshot *s, const char *from, const char *to, struct err *e);

/* snapshot_side: append the top directory for the *layer*th thing kept under
   one path: "local", "local.1", … */
void snapshot_side(struct str *out, enum side side, unsigned layer);

/* snapshot_move: as plat_move, also where the file system cannot promise not
   to replace: nobody else writes here. */
int snapshot_move(struct plat_dir *from_dir, const char *from,
    struct plat_dir *to_dir, const char *to, struct err *e);

/* ---- snapshot_content.c -------------------------------------------------- */

/* content_hash: of the first *size* bytes; fewer are ERR_BUSY. */
int content_hash(struct hash *out, struct snapshot *s, struct plat_file f,
    uint64_t size, struct err *e);

/* content_copy: the same, while they are written to *to*, which is empty;
   holes stay holes. */
int content_copy(struct hash *out, struct snapshot *s, struct plat_file to,
    struct plat_file from, uint64_t size, struct err *e);

/* stat_same: has nobody written between these two looks? */
bool stat_same(const struct plat_stat *a, const struct plat_stat *b);

/* ---- snapshot_kept.c ----------------------------------------------------- */

/* One file or link that lies in the snapshot. */
struct kept {
	const char *path; /* below the snapshot's directory */
	size_t len;
	const char *key; /* what its path is found by */
	size_t key_len;
	uint32_t tree; /* where in *path* the tree path begins */
	uint8_t side;
	uint8_t layer;
	bool claimed;   /* a deed accounts for it */
	bool raw;       /* it stays outside the archive */
	bool hashed;    /* *hash* is known */
	bool unsettled; /* it would not hold still to be read */
	bool proven;    /* the archive was seen to hold the same */
	struct plat_stat st;
	struct hash hash;
};

struct kepts {
	struct arena arena;
	struct kept *v; /* by side, key and layer */
	size_t n, cap;
	const char **dirs; /* paths; each before what lies in it */
	size_t ndirs, dirs_cap;
	bool fold; /* the backup directory ignores case */
};

/* kepts_find: all that lies in *root*. */
int kepts_find(struct kepts *k, struct plat_dir *root, struct err *e);
void kepts_free(struct kepts *k);

/* kepts_claim: the victim of *i*, which nobody else claims from now on; NULL
   when it is not there. */
struct kept *kepts_claim(struct kepts *k, const struct intent *i);

/* kept_is: does what lies there look like *f*? */
bool kept_is(const struct kept *kept, const struct fingerprint *f);

/* kept_open, kept_target: read one: the file, opened, with *st* as it is now;
   or what the link says. Paths come in order, so *dir* helps. */
int kept_open(struct plat_file *out, struct kept *kept, struct snapdir *dir,
    struct err *e);
int kept_target(
    struct str *out, struct kept *kept, struct snapdir *dir, struct err *e);

/* kept_hash: of what it holds now. One that somebody goes on writing to is
   marked unsettled, which is not a failure. */
int kept_hash(
    struct snapshot *s, struct kept *kept, struct snapdir *dir, struct err *e);

/* kepts_remove: what lies in *root* goes; what is not proven to be in the
   archive, or has changed since, moves to "<id>.raw" instead. */
int kepts_remove(
    struct kepts *k, struct snapshot *s, struct plat_dir *root, struct err *e);

/* ---- snapshot_manifest.c ------------------------------------------------- */

/* manifest_write: into *partial*; whoever seals a directory makes it durable.
   Their hashes are known. Of a
   snapshot of copies, neither *k* nor *story* is looked at. */
int manifest_write(struct snapshot *s, struct kepts *k,
    const struct story *story, struct err *e);

/* manifest_tells: is *d* of the kind that a manifest names? */
bool manifest_tells(const struct deed *d);

/* ---- the two ends -------------------------------------------------------- */

int snapshot_seal(struct snapshot *s, struct kepts *k,
    const struct story *story, struct err *e);
/* snapshot_seal_saved: the same for copies, whose manifest is written. */
int snapshot_seal_saved(struct snapshot *s, struct err *e);
int snapshot_pack(struct snapshot *s, struct kepts *k,
    const struct story *story, struct err *e);

/* snapshot_pack_kept: all that was kept goes into *zip*, but for what is raw,
   or turns out to be. 1: begin anew, because the archive is spoilt by what is
   now known to be raw. */
int snapshot_pack_kept(
    struct snapshot *s, struct kepts *k, struct zipfile *zip, struct err *e);

/* snapshot_digest: of all of the archive *f*. snapshot_publish: it gets its
   name, and the digest its file. */
int snapshot_digest(
    struct hash *out, struct snapshot *s, struct plat_file f, struct err *e);
int snapshot_publish(struct snapshot *s, struct hash digest, struct err *e);

/* snapshot_clear_packed: what a crash left of a directory whose archive is
   complete. */
int snapshot_clear_packed(struct snapshot *s, struct err *e);

#endif
