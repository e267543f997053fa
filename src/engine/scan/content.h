/*
 * content.h - read what the items want to know.
 *
 * May: open and read files of both trees. May not: write. A file that changes
 * while it is read stays without a hash, which makes it a change; one that
 * cannot be read becomes unknown.
 */
#ifndef ENGINE_SCAN_CONTENT_H
#define ENGINE_SCAN_CONTENT_H

#include "base/err.h"
#include "engine/write/site.h"
#include "model/plan/classify.h"

/* content_learn: answer the needs of all items, on *threads* threads. Only
   being asked to stop is a failure. */
int content_learn(struct items *items, struct tree trees[SIDES],
    const struct site sites[SIDES], unsigned threads, struct err *e);

#endif
