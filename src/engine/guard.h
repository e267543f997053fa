/*
 * guard.h - is the application really stopped?
 *
 * May: list processes and what they hold open. What it cannot see it does not
 * take for absent: unknown refuses.
 */
#ifndef ENGINE_GUARD_H
#define ENGINE_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "config/config.h"
#include "platform/plat_fs.h"

struct guard_match {
	int64_t pid;
	uint64_t started;
	char *name;
	char *why; /* "process name", "holds sessions/a.jsonl open", … */
	bool background; /* one of background_process_names */
};

struct guard_matches {
	struct guard_match *v;
	size_t n, cap;
};

/* guard_names: who runs under one of the configured names. */
int guard_names(
    struct guard_matches *out, const struct config *c, struct err *e);

/* guard_holders: who holds a file below *root* open; nothing when the config
   does not ask for it or the system cannot tell. */
int guard_holders(struct guard_matches *out, const struct config *c,
    struct plat_dir *root, struct err *e);

void guard_matches_free(struct guard_matches *m);

/*
 * guard_check: ERR_RUNNING, naming them, when anybody is there; with *root*
 * (may be NULL) open files count too.
 */
int guard_check(const struct config *c, struct plat_dir *root, struct err *e);

#endif
