/*
 * forked.h - part of a POSIX test in a process of its own, for what it does to
 * itself: signals, limits, who it is.
 *
 * cmocka's assertions jump; there they would jump out of the wrong process.
 */
#ifndef SUPPORT_FORKED_H
#define SUPPORT_FORKED_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* CHECK: say where, and end the process, unless *condition*. */
#define CHECK(condition)                                                       \
	do {                                                                   \
		if (!(condition)) {                                            \
			fprintf(stderr, "%s:%d: not true: %s\n", __FILE__,     \
			    __LINE__, #condition);                             \
			exit(1);                                               \
		}                                                              \
	} while (0)

/* forked: run *fn* in a copy of this process and fail the test unless it comes
   back. */
void forked(void (*fn)(void *arg), void *arg);

/* forked_as_nobody: the same as a user without any rights. Skips the test when
   we are not root, and so cannot become that user. */
void forked_as_nobody(void (*fn)(void *arg), void *arg);

/* forked_nobody_gets_here: can that user get to the current directory by its
   path? Some build directories lie where only their owner may go. */
bool forked_nobody_gets_here(void);

#endif
