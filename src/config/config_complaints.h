/*
 * config_complaints.h - gathering everything that is wrong with a config.
 *
 * Checks run in whatever order suits them; the lines come out in the order of
 * the file, those about --set behind them. What a value holds is shown
 * escaped and shortened, so that no config can garble its own diagnosis.
 */
#ifndef CONFIG_CONFIG_COMPLAINTS_H
#define CONFIG_CONFIG_COMPLAINTS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "base/strlist.h"
#include "config/config_keys.h"

/* More than this many are counted, not kept. */
enum { CONFIG_COMPLAINTS_MAX = 1000 };

/* Where a value came from, when not from a line of the file. */
#define CONFIG_FROM_SET 0U
#define CONFIG_NO_LINE UINT_MAX /* a default, or the file as a whole */

/* What a complaint is about. */
struct config_about {
	unsigned line;    /* of the file, or one of the above */
	const char *name; /* "section.key", "[section]"; NULL: the line */
};

struct config_complaint {
	unsigned line;
	size_t order; /* as they came, to keep a line's own in order */
	char *text;
};

struct config_complaints {
	const char *file; /* as the user named it */
	struct config_complaint *v;
	size_t n, cap;
	size_t left_out;
	size_t unknown; /* of all: about names that nobody knows */
};

/* config_complain: keep one. */
void config_complain(struct config_complaints *c, struct config_about about,
    const char *fmt, ...) PRINTF_LIKE(3, 4);

/* config_complaints_full: would another one only be counted? Then the work of
   finding words for it can be spared. */
bool config_complaints_full(const struct config_complaints *c);

/* config_complain_key: keep one about the value of a key. */
void config_complain_key(struct config_complaints *c,
    const struct config_key *k, unsigned line, const char *what);

/* config_complaints_write: append them all, in order. */
void config_complaints_write(
    struct config_complaints *c, struct strlist *lines);

void config_complaints_free(struct config_complaints *c);

/* Room for what config_shown writes. */
enum { CONFIG_SHOWN_SIZE = 256 };

/* config_shown: *s* of *n* bytes, quoted, escaped and shortened for a message,
   in *buf*, which is returned. */
char *config_shown(char buf[CONFIG_SHOWN_SIZE], const char *s, size_t n);

#endif
