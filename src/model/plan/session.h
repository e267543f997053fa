/*
 * session.h - sync.session_mode = last_date_only.
 *
 * Some applications keep each day's work in a folder of its own,
 * ROOT/YYYY-MM-DD/… or ROOT/YYYY/MM/DD/…, and only the last day is worth
 * carrying about. Both layouts count, also side by side. What lies in ROOT
 * under any other name is no day's work and stays mirrored.
 */
#ifndef MODEL_PLAN_SESSION_H
#define MODEL_PLAN_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "model/tree.h"

/* A date of the calendar; all zero: none. */
struct session_date {
	int year, month, day;
};

/*
 * session_keep_latest: find the latest date over both trees below the tree path
 * *root* ("" is the root of the trees) and mark the folders of all other dates
 * UNKNOWN_EXCLUDED in both, with the months and years that hold nothing else.
 * To be called with both trees sorted and before tree_finish.
 *
 * Only a folder with something in it makes a date: one that an application put
 * there at its start does not send the last day's work away. Returns false, and
 * marks nothing, when there is no date at all; else *out* (may be NULL) is the
 * date kept.
 */
bool session_keep_latest(struct session_date *out, struct tree *local,
    struct tree *cloud, const char *root, size_t n);

#endif
