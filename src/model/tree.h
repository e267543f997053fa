/*
 * tree.h - everything one scan saw below one root.
 *
 * A tree is built once and then only read, but for two things learnt later:
 * the content hash of an entry, and that an entry turned out to be unknown.
 * Entries hold only their own name; a cursor that visits them in tree order
 * (path.h) puts the path together as it goes, so that a million entries cost
 * no million paths.
 */
#ifndef MODEL_TREE_H
#define MODEL_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"
#include "model/entry.h"

/* The entries of one directory, sorted bytewise by name. */
struct tree_dir {
	struct entry *v;
	size_t n;
};

struct tree {
	struct arena arena; /* entries, names, hashes */
	struct entry root;  /* a directory; its name is "" */
	size_t entries;     /* known ones, the root not counted */
	size_t files;       /* of these, files and links */
};

/* tree_init: an empty tree: a root with nothing in it. */
void tree_init(struct tree *t);

void tree_free(struct tree *t);

/* tree_sort: bring a freshly filled directory into order. */
void tree_sort(struct tree_dir *d);

/* tree_drop_twins: of two entries of one name in a sorted directory (a file
   and the stub that stands for it) the known one stays. */
void tree_drop_twins(struct tree_dir *d);

/* tree_prune: directories that only lead to include roots, and to nothing that
   is there, are left out. */
void tree_prune(struct tree *t);

/*
 * tree_finish: to be called once when all is in place: counts, and marks every
 * directory that has something unknown below it.
 */
void tree_finish(struct tree *t);

/* tree_find: the entry at a tree path, or NULL. "" is the root. */
struct entry *tree_find(const struct tree *t, const char *path, size_t n);

/* tree_child: the entry of this name in a directory entry, or NULL. */
struct entry *tree_child(const struct entry *dir, const char *name, size_t n);

/* tree_set_hash: the content of *e* (a file or link of *t*) is known now. */
void tree_set_hash(struct tree *t, struct entry *e, struct hash h);

/*
 * A walk over all entries of a tree but its root, in tree order. After
 * tree_next returned true, *entry* and *path* say where it stands; both hold
 * until the next call.
 */
struct tree_level {
	const struct tree_dir *dir;
	size_t next;     /* index of the entry to visit next */
	size_t path_len; /* of the directory's own path */
};

struct tree_cursor {
	struct entry *entry; /* NULL before the first and behind the last */
	struct str path;
	struct tree_level *levels;
	size_t depth, cap;
};

/* tree_begin: a cursor before the first entry below *dir*, whose path is
 *path* (of *n* bytes). */
void tree_begin(
    struct tree_cursor *c, const struct entry *dir, const char *path, size_t n);

bool tree_next(struct tree_cursor *c);

void tree_end(struct tree_cursor *c);

#endif
