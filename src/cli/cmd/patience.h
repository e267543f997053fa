/*
 * patience.h - what a person is told while a run waits.
 */
#ifndef CLI_CMD_PATIENCE_H
#define CLI_CMD_PATIENCE_H

#include "cli/cli.h"
#include "engine/handoff/await.h"

struct patience {
	struct cli_context *c;
	struct str last; /* what was said last: nothing is said twice */
};

/* patience_tell: as struct await wants it; *arg* is a struct patience. */
void patience_tell(void *arg, const struct err *why, int64_t left);

#endif
