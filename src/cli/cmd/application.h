/*
 * application.h - what people are told and asked about the application while
 * it runs.
 */
#ifndef CLI_CMD_APPLICATION_H
#define CLI_CMD_APPLICATION_H

#include <stdbool.h>

#include "cli/cli.h"
#include "engine/guard/guard.h"

struct application {
	struct cli_context *c;
	const struct config *config;
};

/* application_waiting, application_agreed: for struct run_options; *arg* is a
   struct application. */
void application_waiting(void *arg, const char *who);
bool application_agreed(void *arg, const char *question);

/* application_list: who was met, one line each. */
void application_list(struct cli_context *c, const struct guard_matches *met);

#endif
