/*
 * config_list.h - the items of a list value.
 *
 * Commas and line ends separate. A comma does not where it is part of an item:
 * behind a '\', in globs and patterns between [ and ], in patterns between
 * { and }. Blanks around an item and empty items are dropped.
 */
#ifndef CONFIG_CONFIG_LIST_H
#define CONFIG_CONFIG_LIST_H

#include <stddef.h>

/* What the items are, and so which brackets keep a comma. */
enum config_list_kind {
	CONFIG_LIST_NAMES,
	CONFIG_LIST_GLOBS,
	CONFIG_LIST_PATTERNS,
};

/* Where a list is being read; begin with s at the value, line 0. */
struct config_list {
	const char *s;
	enum config_list_kind kind;
	unsigned line; /* of the value, from 0: the present item's */
	const char *item;
	size_t len;
};

/* config_list_next: go to the next item; 0 at the end, else 1. */
int config_list_next(struct config_list *l);

#endif
