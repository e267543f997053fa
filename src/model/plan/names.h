/*
 * names.h - which names a side cannot hold, and which it cannot tell apart.
 */
#ifndef MODEL_PLAN_NAMES_H
#define MODEL_PLAN_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/* Who will have to hold a name. */
enum {
	NAMES_WINDOWS = 1 << 0,  /* some machine of the folder runs Windows */
	NAMES_ONEDRIVE = 1 << 1, /* the cloud client is OneDrive */
	NAMES_FOLD = 1 << 2,     /* some side ignores case or composition */
};

/*
 * names_forbidden: why the last part of *path* (or, for OneDrive, the path's
 * length) is nothing those in *who* can hold, in a few words to follow the
 * name ("ends with a dot"); NULL when it is fine.
 */
const char *names_forbidden(const char *path, size_t n, unsigned who);

/* names_key: append what two paths share when a folding side cannot tell them
   apart. */
void names_key(struct str *out, const char *path, size_t n);

#endif
