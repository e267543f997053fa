/*
 * child.h - a program we started, shared by those who start it (plat_spawn.c)
 * and those who wait for it (plat_child.c).
 */
#ifndef PLATFORM_POSIX_CHILD_H
#define PLATFORM_POSIX_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "platform/posix/brood.h"

struct plat_child {
	pid_t pid;
	bool ended; /* collected: *status* holds, the pid means nothing */
	int status; /* as waitpid gave it */
	bool pass;  /* what asks us to stop goes to it */
	uint64_t next_look; /* at its descendants, once it has ended (ticks) */
	int output;   /* our end of its output; -1: not captured, or at end */
	size_t taken; /* captured bytes handed over so far */
	int watch;    /* turns readable when who we wait for ends; -1: none */
	struct brood brood;
	struct plat_child *next; /* in the list of all there are */
};

/* child_is_ours: brood_ours_fn over all there are. */
bool child_is_ours(int64_t pid);

/* child_forget: take *c* out of the list of all there are. */
void child_forget(struct plat_child *c);

#endif
