/*
 * world.h - two trees, a ledger and the rules, as a few lines of text.
 *
 * Each line holds a path and what is there on the local side, on the cloud side
 * and in the ledger:
 *
 *     notes.txt   B    A    A       changed on the local side
 *     dir         /    /    /
 *     dir/old     .    A@7  A       gone, and touched
 *
 *   .           nothing
 *   A … Z       a file of this content, with a size and a time that go with it
 *   A*          the same, executable      A@7   with another time
 *   A^          that begins with what the ledger remembers
 *   /           a directory
 *   >A          a link
 *   ?s          unknown: s special, y a skipped link, u unreadable, x excluded,
 *               n a bad name, p a placeholder
 *   A<   A>     (ledger) only the local, only the cloud side has it: settled
 *
 * Directories above a path are made where they are missing. B and E are of one
 * time and size; C and F are larger than the others; M is what a merge gives.
 */
#ifndef SUPPORT_WORLD_H
#define SUPPORT_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "model/plan/plan.h"

enum { WORLD_PATH_SIZE = 256 };

/* What lies at one path of one side, or is remembered of it. */
struct node {
	char path[WORLD_PATH_SIZE];
	enum entry_type type;
	enum entry_unknown unknown;
	char content;        /* file, link */
	bool exec[SIDES];    /* a side's node uses the first */
	bool present[SIDES]; /* ledger only */
	bool extends;
	int64_t mtime[SIDES]; /* likewise */
};

struct nodes {
	struct node *v; /* in no order */
	size_t n, cap;
};

struct world {
	struct nodes side[SIDES];
	struct nodes ledger;
	struct classify_rules look;
	struct plan_rules rules;
};

/* world_init: nothing anywhere; both sides may be written, conflicts are left,
   empty directories come along. */
void world_init(struct world *w);
void world_free(struct world *w);

/* world_clear: empty, with the same rules. */
void world_clear(struct world *w);
void world_copy(struct world *out, const struct world *w);

/* world_mirror: *out* is *w* with the sides exchanged, in trees and rules. */
void world_mirror(struct world *out, const struct world *w);

/* world_read: add lines in the notation above. */
void world_read(struct world *w, const char *text);

/* world_put, world_put_ledger: one cell of it. */
void world_put(
    struct world *w, enum side s, const char *path, const char *token);
void world_put_ledger(struct world *w, const char *path, const char *token);

/* world_write: append *w* in the same notation, and its rules. */
void world_write(struct str *out, const struct world *w);

struct node *nodes_find(const struct nodes *v, const char *path);
struct node *nodes_add(struct nodes *v, const struct node *n);
void nodes_remove(struct nodes *v, const char *path);

/* world_equal: the same trees and ledger. */
bool world_equal(const struct world *a, const struct world *b);

uint64_t content_size(char content);
int64_t content_time(char content);

/* What the planner is given of a world, and what it says. */
struct planned {
	struct tree trees[SIDES];
	struct agreed agreed;
	struct str names;
	struct items items;
	struct plan plan;
};

/*
 * world_plan: build, classify, answer the questions, plan. Entries are put into
 * their directories in an order that *shuffle* decides. The entry of a content
 * carries it as its number of names, for those who check.
 */
void world_plan(struct planned *out, const struct world *w, unsigned shuffle);
void planned_free(struct planned *p);

/* world_build, world_classify: only the beginning of it. What was only built
   is released with world_unbuild. */
void world_build(struct planned *out, const struct world *w, unsigned shuffle);
void world_unbuild(struct planned *p);
void world_classify(struct planned *out, const struct world *w);

struct hash hash_of_content(enum entry_type type, char content);

/* plan_write_text: the whole plan, a line for each thing; plan_write_shown:
   what people are shown of it. */
void plan_write_text(struct str *out, const struct plan *p);
void plan_write_shown(struct str *out, const struct plan *p);

#endif
