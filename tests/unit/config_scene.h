/*
 * config_scene.h - one config file in a directory of its own, and what loading
 * it gave.
 */
#ifndef TESTS_CONFIG_SCENE_H
#define TESTS_CONFIG_SCENE_H

#include <stddef.h>

#include "base/str.h"
#include "config/config.h"
#include "scratch.h"

struct config_scene {
	struct scratch dir;
	struct str file; /* its native path */
	struct config config;
	/* One a line; "FILE" for the file, "DIR" for its directory. */
	struct str problems;
	int rc;
};

/* The two paths no config can do without. */
#define PATHS "[paths]\nlocal_state_dir = /l\ncloud_root_dir = /c\n"

/* config_scene_open, config_scene_close: what cmocka calls around a test. */
int config_scene_open(void **state);
int config_scene_close(void **state);

/* config_scene_load, _bytes, _file: load a text, some bytes, or another file,
   with *sets* (NULL-terminated, or NULL). */
void config_scene_load(
    struct config_scene *s, const char *text, const char *const *sets);
void config_scene_load_bytes(struct config_scene *s, const char *text, size_t n,
    const char *const *sets);
void config_scene_load_file(
    struct config_scene *s, const char *file, const char *const *sets);

/* config_scene_replace: put *with* where *what* stands, everywhere in *s*. */
void config_scene_replace(struct str *s, const char *what, const char *with);

#endif
