/*
 * scratch.h - a directory of a test's own, gone when the test is over.
 *
 * Helpers fail the running test when something goes wrong, so that no caller
 * has to look.
 */
#ifndef TESTS_SCRATCH_H
#define TESTS_SCRATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "base/strlist.h"
#include "platform/plat_fs.h"

struct scratch {
	char *path; /* native, absolute */
	struct plat_dir *dir;
};

void scratch_open(struct scratch *s);

/* scratch_close: the directory and everything below it is removed. */
void scratch_close(struct scratch *s);

/* scratch_write: the file *name* now holds these bytes. */
void scratch_write(
    const struct scratch *s, const char *name, const void *bytes, size_t n);

/* scratch_put: scratch_write of a string. */
void scratch_put(const struct scratch *s, const char *name, const char *text);

/* scratch_read: append what the file holds. */
void scratch_read(struct str *out, const struct scratch *s, const char *name);

bool scratch_has(const struct scratch *s, const char *name);

/* scratch_names: append all names but hidden ones (".x"), sorted. */
void scratch_names(struct strlist *out, const struct scratch *s);

/* scratch_join: the names, with a blank between each two: "a b c". */
void scratch_join(struct str *out, const struct scratch *s);

/* scratch_run: run a program with up to three arguments (the rest NULL); its
   output, unless *out* is NULL, is appended. Returns its exit code. */
int scratch_run(struct str *out, const char *program, const char *a,
    const char *b, const char *c);

/* scratch_check_zip: does *name* hold together, as far as there is a program
   to ask? */
void scratch_check_zip(const struct scratch *s, const char *name);

#endif
