/*
 * home_scene.h - a home that is only described: tests/fixtures/homes has one
 * for each system.
 */
#ifndef TESTS_HOME_SCENE_H
#define TESTS_HOME_SCENE_H

#include "base/strlist.h"
#include "config/home.h"

struct home_scene {
	struct home home;
	struct strlist dirs, files; /* full paths, parents before children */
	struct strlist texts;       /* of the file at the same place; "" */
	struct strlist variables;   /* name, value, name, value, … */
};

/* home_scene_open: the home of *os* in the fixture of that name; *dir* is what
   "~" stands for. */
void home_scene_open(struct home_scene *s, const char *os, const char *dir);
void home_scene_close(struct home_scene *s);

/* home_scene_dir, _file: one more of them, with its parents. */
void home_scene_dir(struct home_scene *s, const char *path);
void home_scene_file(struct home_scene *s, const char *path, const char *text);

#endif
