/*
 * plan_scene.h - a plan made by hand, and a terminal to show it on.
 */
#ifndef TESTS_PLAN_SCENE_H
#define TESTS_PLAN_SCENE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "cli/out/out_text.h"
#include "cli/out/plan_view.h"

enum { SCENE_MAX = 32 };

struct scene {
	struct plan plan;
	struct plan_view view;
	struct plan_action actions[SCENE_MAX];
	struct apply_result results[SCENE_MAX];
	struct plan_conflict conflicts[SCENE_MAX];
	struct plan_skipped skipped[SCENE_MAX];
	struct entry entries[SCENE_MAX];
	size_t nentries;
};

/* scene_init: a look at nothing. */
void scene_init(struct scene *s);

/* scene_act: one more action; a directory's path ends with '/'. */
struct plan_action *scene_act(struct scene *s, enum plan_op op, enum plan_to to,
    enum plan_reason reason, const char *path, uint64_t size);

/* scene_end: what became of action *i*; from now on it is no look any more. */
void scene_end(
    struct scene *s, size_t i, enum apply_status status, char *error);

/* scene_conflict: one more; unsettled unless *r* says so. */
struct plan_conflict *scene_conflict(struct scene *s, enum plan_kind kind,
    enum plan_resolution r, const char *path);

/* scene_file: what a side of a conflict has, modified at *sec*. */
const struct entry *scene_file(struct scene *s, uint64_t size, int64_t sec);

void scene_skip(
    struct scene *s, enum plan_skip why, enum side side, const char *path);

#endif
