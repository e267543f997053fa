/*
 * config_path.h - a path as a person writes it, made native and absolute.
 *
 * "~" and "~/…" is the home directory; "${NAME}" and, on Windows, "%NAME%" a
 * variable of the environment. A variable that is not set or empty is an error
 * and not nothing: "${X}/state" must never become "/state". A relative path
 * begins at *base*.
 */
#ifndef CONFIG_CONFIG_PATH_H
#define CONFIG_CONFIG_PATH_H

#include "base/err.h"
#include "base/str.h"

/* config_path: append what *text* means. *base* is the absolute directory that
   relative paths begin at, "" when there is none. No path ends in a separator
   but a root. */
int config_path(
    struct str *out, const char *text, const char *base, struct err *e);

/* config_tree_path: append the tree path (base/path.h) that *text* means; -1
   when it means none, or the root. */
int config_tree_path(struct str *out, const char *text, size_t n);

/* config_path_dir: append the absolute directory the file *native* is in. */
int config_path_dir(struct str *out, const char *native, struct err *e);

/* config_path_short: append an absolute path for people to read, with "~" for
   the home directory *home* (NULL or empty: none is known). */
void config_path_short(struct str *out, const char *path, const char *home);

#endif
