/*
 * config_show.h - what a member of struct config holds, as a text to compare.
 */
#ifndef TESTS_CONFIG_SHOW_H
#define TESTS_CONFIG_SHOW_H

#include "config/config.h"
#include "config/config_keys.h"

/* config_show: append the member of the key; a list's items with " & " between
   them. */
void config_show(
    struct str *out, const struct config *c, const struct config_key *k);

#endif
