/*
 * config_lines.h - an INI text as lines that any reader can take.
 *
 * inih, as Debian builds it, cuts a line at 199 bytes and a name at 49, stops
 * at a NUL, takes " ;" inside a value for a comment, gives no line numbers and
 * tells of the first bad line only. So no reader is shown a line as it stands:
 * it gets the line's *head*, which says what the line is, without the value,
 * and answers what it takes the head for. The value, of whatever length, never
 * leaves this module, which also joins the lines of a continued one.
 *
 * Heads are "[name]", "name=", " +" (begins with a blank: more of the value
 * above, if there is one) and "+" (none of these). Empty lines, comments and
 * lines that no reader could make sense of are kept back; the latter are
 * reported here.
 */
#ifndef CONFIG_CONFIG_LINES_H
#define CONFIG_CONFIG_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "config/config_ini.h"

enum { CONFIG_LINES_NAME_MAX = 48, CONFIG_LINES_HEAD_SIZE = 56 };

struct config_lines {
	const struct config_ini_sink *sink;
	const char *next, *end;            /* what was not read yet */
	unsigned number;                   /* of the present line, from 1 */
	char head[CONFIG_LINES_HEAD_SIZE]; /* of the present line */
	const char *value; /* its value, in the text, without blanks around */
	size_t value_len;
	bool skip_more; /* the line above is bad: so is its continuation */
	bool skip_keys; /* the section line above is bad */

	struct str section;
	/* The item whose value may still be continued; key "" when none. */
	struct str key;
	struct str item_value;
	unsigned key_line, last_line; /* where its key and newest line stand */
};

/* config_lines_init: begin *text*, which must outlive *l*. */
void config_lines_init(struct config_lines *l, const char *text, size_t n,
    const struct config_ini_sink *sink);

/* config_lines_next: go to the next line that has a head; false at the end,
   when everything has been handed to the sink. */
bool config_lines_next(struct config_lines *l);

/* The reader's answer to the present line, exactly one: */

/* config_lines_section: it begins the section *name*. */
void config_lines_section(struct config_lines *l, const char *name);

/* config_lines_key: it begins the value of *name*. */
void config_lines_key(struct config_lines *l, const char *name);

/* config_lines_more: it continues the value above. */
void config_lines_more(struct config_lines *l);

/* config_lines_bad: it is nothing an INI file may hold. */
void config_lines_bad(struct config_lines *l);

void config_lines_free(struct config_lines *l);

#endif
