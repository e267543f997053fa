/*
 * log_look.h - a dry run that leaves word of itself in the log: for scheduled
 * jobs, which nobody watches.
 */
#ifndef CLI_CMD_LOG_LOOK_H
#define CLI_CMD_LOG_LOOK_H

#include <stdbool.h>

#include "cli/cli.h"
#include "engine/run/run.h"

/* log_look: what *run*, a look, would do, and what was said of it. */
void log_look(struct cli_context *c, const struct config *config,
    const struct run *run, bool well);

#endif
