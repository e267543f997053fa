/*
 * scan.h - walk both roots into trees.
 *
 * May: list directories, look at entries, read the targets of links. May not:
 * open a file, follow a link, enter what the filter leaves out, block on a
 * device. What it cannot look at is unknown in the tree, never missing from it.
 */
#ifndef ENGINE_SCAN_SCAN_H
#define ENGINE_SCAN_SCAN_H

#include <stdbool.h>

#include "base/err.h"
#include "base/strlist.h"
#include "engine/write/site.h"
#include "model/cloud/quirks.h"
#include "model/filter/filter.h"
#include "model/tree.h"

struct scan_rules {
	const struct filter *filter;
	const struct quirks *quirks;
	bool copy_symlinks; /* sync.symlinks = copy */
	unsigned threads;   /* at least 1; 1 makes the order of calls fixed */
};

/* What a scan saw of a cloud client at work. */
struct scan_news {
	size_t in_flight;    /* transfers under way on the cloud side */
	struct strlist some; /* the first few of their paths */
};

/*
 * scan: fill *out* (to be released with tree_free also on failure; tree_finish
 * is the caller's). The roots must be readable; whatever below them is not
 * becomes unknown. ERR_CANCELLED when asked to stop.
 */
int scan(struct tree out[SIDES], struct scan_news *news,
    const struct site sites[SIDES], const struct scan_rules *rules,
    struct err *e);

#endif
