/*
 * config_keys.h - every key of the config, in one table.
 *
 * Reading a file, --set, checking, "did you mean" and the reference in the
 * documentation all work from config_keys. To add a key: add a member to
 * struct config and one row here.
 */
#ifndef CONFIG_CONFIG_KEYS_H
#define CONFIG_CONFIG_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* What a key's value is, and what struct config has for it. */
enum config_key_type {
	CONFIG_KEY_TEXT,       /* char *: one line of UTF-8 */
	CONFIG_KEY_MACHINE_ID, /* char * */
	CONFIG_KEY_PATH,       /* char *: native, made absolute */
	CONFIG_KEY_TREE_PATH,  /* char *: below a root */
	CONFIG_KEY_WORD,       /* char *: one of words */
	CONFIG_KEY_ENUM,       /* int: the index into words */
	CONFIG_KEY_BOOL,       /* bool */
	CONFIG_KEY_INT,        /* int64_t: min … max */

	CONFIG_KEY_LIST_BEGIN_,
	CONFIG_KEY_TREE_PATHS = CONFIG_KEY_LIST_BEGIN_, /* struct strlist … */
	CONFIG_KEY_RULES,     /* globs; '!' takes back */
	CONFIG_KEY_GLOBS,     /* globs without '!' */
	CONFIG_KEY_PATTERNS,  /* regular expressions (model/filter/pattern.h) */
	CONFIG_KEY_PROCESSES, /* base names of programs */
};

struct config_key {
	const char *section, *name;
	const char *fallback;  /* the default as text; NULL: see *otherwise* */
	const char *otherwise; /* what the default is, where it is computed */
	const char *const *words; /* what may stand there, NULL-terminated */
	/* "windows", "macos", "linux": adds to the plain key there, and is
	   only checked elsewhere. */
	const char *system;
	const char *meaning; /* one line */
	size_t offset;       /* of its member in struct config */
	int64_t min, max;
	enum config_key_type type;
	bool required;
};

/* The table, grouped by section, and its number of rows. */
extern const struct config_key config_keys[];
extern const size_t config_keys_n;

/* config_key_find: the row of "section", "name"; NULL when there is none. */
const struct config_key *config_key_find(const char *section, const char *name);

/* config_key_is_section: is there any key in it? */
bool config_key_is_section(const char *section);

/* config_key_is_list: does its value hold several items? */
bool config_key_is_list(const struct config_key *k);

/*
 * config_key_nearest: append what was meant by a name that is not in the
 * table: "section.key" or, with *name* NULL, a section's name. False, with
 * nothing appended, when nothing is near.
 */
bool config_key_nearest(struct str *out, const char *section, const char *name);

/* config_key_allowed: append what values the key takes: "yes or no", "a whole
   number from 0 to 100", "one of both, to_local, to_cloud", … */
void config_key_allowed(struct str *out, const struct config_key *k);

#endif
