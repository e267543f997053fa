/*
 * filter.h - which paths are mirrored.
 *
 * A walk asks about every entry it meets, parents before children, and does
 * not enter a directory that is out; so nothing below an excluded directory
 * comes back, as in gitignore. The same rules judge both sides.
 */
#ifndef MODEL_FILTER_FILTER_H
#define MODEL_FILTER_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/strlist.h"

enum filter_verdict {
	FILTER_IN,
	FILTER_PASS,   /* a directory on the way to an include root: walked, but
			  not mirrored for its own sake */
	FILTER_OUT,    /* excluded */
	FILTER_SECRET, /* never leaves the machine */
};

struct filter_rules {
	const struct strlist *include_roots; /* tree paths; empty: everything */
	const struct strlist *exclude;       /* patterns, in order */
	const struct strlist *secret;
	const char *ignore_text; /* the ignore file's content; NULL: none */
	size_t ignore_len;
	const char *ignore_file; /* its tree path, which no include root has to
				    name: the rules go with the folder */
};

struct filter;

/*
 * filter_new: compile the rules. Any member may be NULL; nothing of *rules* is
 * needed afterwards. Patterns of the ignore file come after those of the
 * config, so they win. A bad pattern in the ignore file is skipped and
 * described in *warnings* ("line 3: …"; of very many only the first ones);
 * those of the config were checked with it.
 *
 * Secret patterns are tried at every depth a gitignore pattern would be, but
 * letters match either case and nothing takes them back: withholding a file
 * too many is seen and mended, one too few is not.
 */
struct filter *filter_new(
    const struct filter_rules *rules, struct strlist *warnings);

void filter_destroy(struct filter *f);

/* filter_judge: of an entry whose parent is IN or PASS. Thread-safe. */
enum filter_verdict filter_judge(
    const struct filter *f, const char *path, size_t n, bool is_dir);

#endif
