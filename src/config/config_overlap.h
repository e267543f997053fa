/*
 * config_overlap.h - do two directories of the config contain each other?
 *
 * Asked by name, through every link, in whatever case; and by identity, so
 * that a bind mount or a second way to the same directory is seen for what it
 * is. Directories need not exist yet: the part that does is looked at, the
 * rest compared as it is written.
 */
#ifndef CONFIG_CONFIG_OVERLAP_H
#define CONFIG_CONFIG_OVERLAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* A directory that is there, on the way from the root down to a place. */
struct config_step {
	size_t len;        /* of its path, as a part of the place's */
	uint64_t dev, ino; /* 0, 0 where it is not known */
};

/* Where a configured directory really is. */
struct config_place {
	char *path; /* canonical, '/' between, no '/' at the end */
	struct config_step *steps;
	size_t n, cap;
	bool fold_case; /* its file system ignores case */
};

/* config_place_look: find out about *native*. Free *out* either way. */
int config_place_look(
    struct config_place *out, const char *native, struct err *e);

void config_place_free(struct config_place *p);

/* config_place_overlaps: is one of them the other, or inside it? */
bool config_place_overlaps(
    const struct config_place *a, const struct config_place *b);

#endif
