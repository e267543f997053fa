/*
 * config_value.h - one value of the config, from text to its type.
 */
#ifndef CONFIG_CONFIG_VALUE_H
#define CONFIG_CONFIG_VALUE_H

#include "config/config.h"
#include "config/config_complaints.h"
#include "config/config_keys.h"

/* A value as it was written, and where. */
struct config_text {
	const char *s;
	unsigned line;    /* of its key; as in struct config_about */
	const char *base; /* relative paths begin here */
};

/*
 * config_value_set: check the text by the key's row and put it into its member
 * of *out*; what was there (of a list: nothing) is released. Everything wrong
 * with it is complained about, with its own line where a list has several; the
 * member then keeps what it held. True when all is well.
 */
bool config_value_set(struct config *out, const struct config_key *k,
    const struct config_text *text, struct config_complaints *c);

/* config_value_free: release the member. */
void config_value_free(struct config *c, const struct config_key *k);

/* config_machine_id: append *host* with everything that may not be in a
   machine's id taken out; never empty. */
void config_machine_id(struct str *out, const char *host);

#endif
