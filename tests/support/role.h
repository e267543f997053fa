/*
 * role.h - a test that needs another process starts itself again, in a role.
 */
#ifndef SUPPORT_ROLE_H
#define SUPPORT_ROLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "platform/plat_proc.h"

struct role {
	const char *name;
	int (*play)(char **args); /* NULL-terminated; returns the exit code */
};

/* role_play: first thing in main. In a process that was started to play a role
   this plays it and does not return. */
void role_play(int argc, char **argv, const struct role *roles, size_t n);

/* role_how: how to start *name* with up to two arguments (the rest NULL). */
struct role_how {
	struct plat_spawn spawn;
	const char *argv[6];
};
void role_how(
    struct role_how *how, const char *name, const char *a, const char *b);

/* role_start: start it, its streams shared with ours. */
struct plat_child *role_start(const char *name, const char *a, const char *b);

/* role_finish: wait for its end, release it, and return its exit code. */
int role_finish(struct plat_child *c);

/* number: of an argument that is one. */
unsigned number(const char *text);

/* await: let time pass until *name* is there, or fail after ten seconds. */
void await(struct plat_dir *d, const char *name);

#endif
