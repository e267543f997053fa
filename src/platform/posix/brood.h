/*
 * brood.h - what a child we started has started in turn.
 *
 * Where orphans come to us (Linux), nothing a child leaves behind can get lost:
 * whatever is then our child and is not one we started ourselves was left by
 * one that we did. Elsewhere we look often, remember whom we have seen, and
 * know the rest by the process group of the child.
 */
#ifndef PLATFORM_POSIX_BROOD_H
#define PLATFORM_POSIX_BROOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/posix/procs.h"

struct brood {
	int64_t child;         /* the one we started */
	uint64_t started;      /* its start; no descendant is older */
	int64_t adopter;       /* where orphans go: procs_adopter */
	int64_t group;         /* the child's own process group; 0: ours */
	struct procs_row *kin; /* its descendants that ran when last looked */
	size_t n;
};

/* Tells whether *pid* is a child we started ourselves. */
typedef bool brood_ours_fn(int64_t pid);

/* brood_look: find out who runs now; orphans that have ended are collected.
 *child_lives*: the child itself has not been collected yet. */
void brood_look(struct brood *b, bool child_lives, brood_ours_fn *ours);

/* brood_free: forget them all. */
void brood_free(struct brood *b);

#endif
