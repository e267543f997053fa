/*
 * config_given.h - what the user wrote: for each key the text, from the file
 * or from --set, not yet judged.
 */
#ifndef CONFIG_CONFIG_GIVEN_H
#define CONFIG_CONFIG_GIVEN_H

#include "base/err.h"
#include "base/strlist.h"
#include "config/config_complaints.h"
#include "config/config_keys.h"

struct config_given {
	char *value;           /* NULL: nothing was given */
	unsigned line;         /* as in struct config_about */
	unsigned section_line; /* where its section begins; 0: nowhere */
};

/* config_given_new: one for each row of config_keys; released by
   config_given_destroy. */
struct config_given *config_given_new(void);
void config_given_destroy(struct config_given *given);

/* config_given_of: that of one row. */
struct config_given *config_given_of(
    struct config_given *given, const struct config_key *k);

/*
 * config_given_file: read *file*. What is no INI, unknown or there twice is
 * complained about; -1 only when the file cannot be read.
 */
int config_given_file(struct config_given *given, const char *file,
    struct config_complaints *c, struct err *e);

/* config_given_text: the same from what a file would hold. */
void config_given_text(struct config_given *given, const char *text, size_t n,
    struct config_complaints *c);

/* config_given_sets: "section.key=value" each; overrides the file, and the
   last of several for one key counts. */
void config_given_sets(struct config_given *given, const struct strlist *sets,
    struct config_complaints *c);

#endif
