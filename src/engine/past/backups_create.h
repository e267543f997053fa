/*
 * backups_create.h - a snapshot of the whole local tree, as it is now.
 *
 * May: read the local tree, write below the backup directory. May not: touch
 * the local tree, wait for the application. What sync would mirror is saved;
 * what changes while it is read is read again, and told if it goes on.
 */
#ifndef ENGINE_PAST_BACKUPS_CREATE_H
#define ENGINE_PAST_BACKUPS_CREATE_H

#include "base/str.h"
#include "base/strlist.h"
#include "config/config.h"

struct create_trouble {
	char *path;
	size_t path_len;
	const char *reason; /* as JSON names it */
	char *error;        /* NULL: the reason says all */
};

struct create {
	struct str id;
	size_t files, dirs, linked; /* *linked* of the files took no room */
	uint64_t bytes, copied;     /* of all files; of those copied */
	struct create_trouble *troubles;
	size_t ntroubles, cap_troubles;
	size_t failed; /* of these, what should have been saved */
};

/* create_profile: *out* must be freed either way. 0 also when single paths
   could not be saved: *troubles*. */
int create_profile(struct create *out, const struct config *c, unsigned threads,
    struct err *e);

void create_free(struct create *c);

#endif
