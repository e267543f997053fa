/*
 * guard.h - is the application really stopped?
 *
 * One look. May: list processes and what they hold open. What it cannot see it
 * does not take for absent: unknown refuses. Which process counts is
 * model/program/program.h's rule; other users' processes count by what little
 * they show. docs/guard.md tells users.
 */
#ifndef ENGINE_GUARD_GUARD_H
#define ENGINE_GUARD_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "config/config.h"
#include "platform/plat_fs.h"

/* Why somebody counts. */
enum guard_kind {
	GUARD_APPLICATION, /* one of process_names */
	GUARD_BACKGROUND,  /* one of background_process_names */
	GUARD_HOLDER,      /* has a local file open */
	GUARD_UNKNOWN      /* could be one of those named */
};

struct guard_match {
	int64_t pid;
	uint64_t started;
	char *name; /* any bytes; "" when not known */
	char *why;  /* "process name", "holds sessions/a.jsonl open", … */
	enum guard_kind kind;
	bool foreign; /* another user's */
	bool spared;  /* never terminated (model/program/protected.h) */
};

struct guard_matches {
	struct guard_match *v;
	size_t n, cap;
};

/* guard_has_names: does the config name any program? */
bool guard_has_names(const struct config *c);

/* guard_sees: can running programs be seen at all? Where not even we are (a
   sandbox without /proc), an empty list means nothing: -1. */
int guard_sees(struct err *e);

/* guard_names: who runs under one of the configured names, ourselves apart. -1
   also where nobody can be seen, as guard_sees. */
int guard_names(
    struct guard_matches *out, const struct config *c, struct err *e);

/* guard_holders: who holds a file below *root* open; nothing when the config
   does not ask for it or the system cannot tell. */
int guard_holders(struct guard_matches *out, const struct config *c,
    struct plat_dir *root, struct err *e);

/* guard_look: both, the second only where the first met nobody and *root* is
   not NULL. -1 when there is no telling, as ERR_RUNNING. */
int guard_look(struct guard_matches *out, const struct config *c,
    struct plat_dir *root, struct err *e);

/* guard_describe: append "codex (pid 12, process name)" or, of several, how
   many and the first. */
void guard_describe(struct str *out, const struct guard_matches *m);

/* guard_refuse: ERR_RUNNING that names them; 0 when there are none. */
int guard_refuse(const struct guard_matches *m, struct err *e);

void guard_matches_clear(struct guard_matches *m);
void guard_matches_free(struct guard_matches *m);

#endif
