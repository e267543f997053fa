/*
 * config_check.h - what no single value shows: do they fit together?
 */
#ifndef CONFIG_CONFIG_CHECK_H
#define CONFIG_CONFIG_CHECK_H

#include "config/config.h"
#include "config/config_complaints.h"
#include "config/config_given.h"

/* config_check: complain about every pair that does not. *c* is filled; a path
   that was not understood is NULL and left out. */
void config_check(const struct config *c, struct config_given *given,
    struct config_complaints *complaints);

#endif
