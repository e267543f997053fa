/*
 * doctor.h - showing what the doctor found.
 */
#ifndef CLI_OUT_DOCTOR_H
#define CLI_OUT_DOCTOR_H

#include "cli/cli.h"

/* doctor_show: make the checks and show them, in JSON too. Returns the exit
   code; for one that is not 0 the context's message names the failed checks,
   and nobody was told why yet. */
int doctor_show(
    struct cli_context *c, const struct config *config, bool only_trouble);

#endif
