/*
 * unit.h - which paths stand or fall together, by their names alone.
 *
 * An SQLite database X and its companions X-wal, X-shm and X-journal are only
 * whole together, and so is a directory the config names as a group.
 */
#ifndef MODEL_PLAN_UNIT_H
#define MODEL_PLAN_UNIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/glob.h"
#include "base/str.h"

/* The database itself and its companions. */
enum { UNIT_MEMBERS = 4 };

/* unit_database: the length of the database's path when *path* is named like
   a companion; 0 when it is not. */
size_t unit_database(const char *path, size_t n);

/* unit_member: *out* becomes the path of a database's member 0 … 3. */
void unit_member(
    struct str *out, const char *database, size_t n, size_t member);

/* unit_group: the length of the outermost directory on the way to *path* (or
   *path* itself, when it is a directory) that one of the globs names; 0 when
   there is none. */
size_t unit_group(const char *path, size_t n, bool is_dir,
    const struct glob *groups, size_t ngroups);

#endif
