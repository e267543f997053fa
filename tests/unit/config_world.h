/*
 * config_world.h - the system the config layer's tests believe to be on.
 *
 * The build puts these in the place of the platform's functions of the same
 * name with plat_, so that one machine can show what happens on any system,
 * with any environment.
 */
#ifndef TESTS_CONFIG_WORLD_H
#define TESTS_CONFIG_WORLD_H

#include <stdbool.h>

#include "base/str.h"

struct config_world {
	const char *os;         /* "linux", "macos", "windows" */
	const char *host;       /* the host name */
	const char *home;       /* NULL: there is none */
	const char *state_home; /* NULL: there is none */
	const char *config_home;
	/* The environment: name, value, name, value, …, NULL. */
	const char *const *env;
};

extern struct config_world config_world;

/* config_world_reset: Linux, home "/home/me", nothing in the environment. */
void config_world_reset(void);

/* config_world_runs_on_windows: what we really are on. */
bool config_world_runs_on_windows(void);

#endif
