/*
 * run_choice.h - the pull before a program did not work: what now?
 */
#ifndef CLI_CMD_RUN_CHOICE_H
#define CLI_CMD_RUN_CHOICE_H

#include "cli/cli.h"

enum run_choice {
	RUN_CANCEL, /* also when nobody can be asked */
	RUN_ANYWAY,
	RUN_AGAIN /* pull again: something was done about it, or may have been
		   */
};

/* run_choose: ask, at the terminal or in a window; *code* is the pull's. Where
   conflicts are left they can be settled right here. */
enum run_choice run_choose(struct cli_context *c, const struct config *config,
    const char *program, int code);

#endif
