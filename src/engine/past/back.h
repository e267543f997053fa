/*
 * back.h - a plan that brings things back, step by step.
 *
 * What restore and undo want is put together here in the words of
 * model/plan/plan.h, so that the engine carries it out like any other plan.
 * Each step is an action of its own; steps of one unit are done together or not
 * at all. While the plan grows it is remembered what will be at a path once it
 * is carried out as far as this: that is what the next step is judged by.
 *
 * May: look (glance.h). Nothing is touched. Paths handed in live as long as the
 * plan.
 */
#ifndef ENGINE_PAST_BACK_H
#define ENGINE_PAST_BACK_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/scan/glance.h"
#include "model/plan/plan.h"
#include "store/snapshot/snapmanifest.h"

struct back_slot;

struct back {
	struct plan *plan; /* empty in the beginning; its arena is used */
	struct glance glance;
	bool as_it_was; /* files get the very permissions they had */
	uint32_t unit;  /* of the steps to come; 0: each stands alone */
	uint32_t units; /* given out so far */
	/* What will be where (enum entry_type), by side and path. */
	struct back_slot *slots;
	size_t n, cap;
};

void back_init(struct back *b, struct plan *plan,
    const struct site sites[SIDES], bool as_it_was);
void back_free(struct back *b);

/* back_clear: forget what will be where. */
void back_clear(struct back *b);

/* back_begin_unit: the steps to come are one unit, until back_end_unit. */
void back_begin_unit(struct back *b);
void back_end_unit(struct back *b);

/* back_type: what will be there (enum entry_type); back_told: has a step, or
   back_tell, said anything about it? */
int back_type(uint8_t *out, struct back *b, enum side s, const char *path,
    size_t n, struct err *e);
bool back_told(const struct back *b, enum side s, const char *path, size_t n);

/* back_tell: it will be, whatever the plan says. */
void back_tell(
    struct back *b, enum side s, const char *path, size_t n, uint8_t type);

/* ---- steps ---- */

/* back_put: what *en* keeps, in the place of *victim* (NULL: nothing). */
void back_put(
    struct back *b, const struct snap_entry *en, const struct entry *victim);

void back_remove(struct back *b, enum side s, const char *path, size_t n,
    const struct entry *victim);
void back_mkdir(
    struct back *b, enum side s, const char *path, size_t n, uint32_t mode);
int back_rmdir(
    struct back *b, enum side s, const char *path, size_t n, struct err *e);

/* back_move: *what*, now at *from*, to *to*. */
void back_move(struct back *b, enum side s, const struct entry *what,
    const char *from, const char *to);

/* back_parents: every directory above the path that is missing is made. What
   stands there and is none has been removed before. */
int back_parents(
    struct back *b, enum side s, const char *path, size_t n, struct err *e);

/* back_skip: the path is left alone. */
void back_skip(struct back *b, enum side s, const char *path, size_t n,
    enum plan_skip why);

#endif
