/*
 * tempdir.h - a directory of a test's own, below the one the test runs in (the
 * build tree), removed with everything in it.
 *
 * Every helper fails the running test when the system refuses.
 */
#ifndef SUPPORT_TEMPDIR_H
#define SUPPORT_TEMPDIR_H

#include <stdbool.h>

#include "base/str.h"
#include "platform/plat_fs.h"

struct tempdir {
	char *path; /* native and absolute */
	struct plat_dir *dir;
};

/* tempdir_setup, tempdir_teardown: for cmocka; *state* is the tempdir. */
int tempdir_setup(void **state);
int tempdir_teardown(void **state);

/* tempdir_path: append the native path of *name* in *t*. */
void tempdir_path(struct str *out, const struct tempdir *t, const char *name);

/* ---- in any directory ---------------------------------------------------- */

/* put_file: *name* now holds *text*. put_dir: *name* is a new directory. */
void put_file(struct plat_dir *d, const char *name, const char *text);
void put_dir(struct plat_dir *d, const char *name);

/* put_link: false when this system does not let us make links. */
bool put_link(struct plat_dir *d, const char *name, const char *target);

/* sub: open the directory below *d*; the caller closes it. */
struct plat_dir *sub(struct plat_dir *d, const char *path);

/* has: is there anything of that name? */
bool has(struct plat_dir *d, const char *name);

/* assert_holds: *name* is a file that holds *text*. */
void assert_holds(struct plat_dir *d, const char *name, const char *text);

/* remove_all: empty the directory. */
void remove_all(struct plat_dir *d);

/* on_windows: is this the system with rules of its own about names, without
   permission bits? */
bool on_windows(void);

/* ---- errors -------------------------------------------------------------- */

/* assert_done: *rc* is 0; says what *e* says if not. */
void assert_done(int rc, const struct err *e);

/* assert_failed: *rc* is -1 and *e* is of the kind *code*, with a message. */
void assert_failed(int rc, const struct err *e, enum err_code code);

#endif
