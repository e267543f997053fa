/*
 * quirks.h - what cloud clients leave in a folder, as one table of data.
 *
 * One row for each provider: the names that are its own, those that mean it is
 * still at work, and how it names a conflict copy. docs/quirks.md is the same
 * table for people.
 */
#ifndef MODEL_CLOUD_QUIRKS_H
#define MODEL_CLOUD_QUIRKS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"
#include "base/strlist.h"

enum quirks_kind {
	QUIRKS_NONE,        /* an ordinary name */
	QUIRKS_PRIVATE,     /* a client's own; never mirrored */
	QUIRKS_IN_FLIGHT,   /* a transfer under way; never mirrored */
	QUIRKS_PLACEHOLDER, /* stands for a file that is not here */
};

struct quirks; /* the table with what the config adds */

/*
 * quirks_new: the patterns (either list may be NULL) were checked with the
 * config and are looked for anywhere in a name, in either case. What a conflict
 * pattern finds is what was added to the original's name; a name with a
 * temporary pattern is private.
 */
struct quirks *quirks_new(
    const struct strlist *extra_conflict, const struct strlist *extra_temp);
void quirks_destroy(struct quirks *q);

/*
 * quirks_name: what a name (one part) means. *at_root* tells that it lies at
 * the top of its tree, where our own directory is. For a placeholder the name
 * of the file it stands for is appended to *original* (may be NULL).
 */
enum quirks_kind quirks_name(const struct quirks *q, const char *name, size_t n,
    bool at_root, struct str *original);

struct quirks_copy {
	const char *provider; /* a row's id; "config" for an extra pattern */
	bool weak; /* could as well be somebody's real name: only warn */
};

/*
 * quirks_copy: is this the name of a conflict copy? If so, the name of what it
 * is a copy of is appended to *original* (may be NULL). *machines* are the host
 * names known to the folder (NULL: none). Our own copies are ordinary files and
 * no match. A name alone proves nothing: it is a copy only where the original
 * is, or was (docs/quirks.md).
 */
bool quirks_copy(const struct quirks *q, const char *name, size_t n,
    const struct strlist *machines, struct quirks_copy *out,
    struct str *original);

/*
 * quirks_own_copy: is it (or the last part of it, if it is a path) one of ours,
 * NAME.conflict-YYYYMMDD-HHMMSS-MACHINE[-N].EXT? Appends the original's name to
 * *original* (may be NULL). As a machine id may hold dots, what follows the
 * last one is taken for the extension.
 */
bool quirks_own_copy(const char *name, size_t n, struct str *original);

/* quirks_provider: the id of the row of the client that carries this folder, by
   the names at its root and its path (both may be NULL); "unknown" when nothing
   tells. */
const char *quirks_provider(
    const struct strlist *root_names, const char *native_path);

/* quirks_title: what people call the provider with this id; the id itself when
   no row has it. */
const char *quirks_title(const char *provider);

/* The directory of ours at the root of the cloud folder. */
#define QUIRKS_OWN_DIR ".coldsync"

#endif
