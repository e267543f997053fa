/*
 * path.h - algebra on tree paths.
 *
 * A tree path names something below a root: parts joined by '/', none of them
 * empty, "." or "..", no leading or trailing '/', no NUL. The root itself is
 * the empty path. The bytes of a part are the file system's own: any bytes on
 * POSIX, WTF-8 on Windows. Length travels beside the pointer.
 *
 * Tree order sorts '/' before every other byte, so a directory is directly
 * followed by all that lies in it, and a subtree is one contiguous range.
 */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/* path_is_safe: are the *n* bytes a tree path other than the root? */
bool path_is_safe(const char *p, size_t n);

/*
 * path_normalise: append the tree path that *in* means: repeated and trailing
 * '/' and "." parts are dropped. Returns -1, appending nothing, when *in* is
 * absolute, climbs with "..", or holds NUL.
 */
int path_normalise(struct str *out, const char *in, size_t n);

/* path_cmp: <0, 0, >0 in tree order. */
int path_cmp(const char *a, size_t an, const char *b, size_t bn);

/* path_within: is *p* below the directory *dir*, or *dir* itself? Everything
   is within the root "". */
bool path_within(const char *p, size_t n, const char *dir, size_t dn);

/* path_parent: the length of the parent's path (0: the root). */
size_t path_parent(const char *p, size_t n);

/* path_name: the offset at which the last part begins. */
size_t path_name(const char *p, size_t n);

/* path_extension: the offset of the last part's extension with its dot; *n*
   when there is none. Leading dots begin a name and a trailing dot ends it;
   neither is an extension. */
size_t path_extension(const char *p, size_t n);

/* path_depth: how many parts; 0 for the root. */
size_t path_depth(const char *p, size_t n);

/* path_join: append *name* to the path in *out*, with a '/' between when
 *out* is not empty. */
void path_join(struct str *out, const char *name, size_t n);

#endif
