/*
 * config_value_list.h - list values: their items checked, one by one.
 */
#ifndef CONFIG_CONFIG_VALUE_LIST_H
#define CONFIG_CONFIG_VALUE_LIST_H

#include <stdbool.h>

#include "base/strlist.h"
#include "config/config_complaints.h"
#include "config/config_keys.h"

/*
 * config_value_list: append the items of *text* to *out*, in the form their
 * users take them. Bad items are left out and complained about, each with its
 * own line; *about* is the key's. True when all are well.
 */
bool config_value_list(struct strlist *out, const struct config_key *k,
    const char *text, struct config_about about, struct config_complaints *c);

#endif
