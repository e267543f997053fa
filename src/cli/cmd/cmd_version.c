#include "cli/command.h"
#include "cli/exitcode.h"

static int
run(struct cli_context *c)
{
	out_line(&c->out, "coldsync %s", COLDSYNC_VERSION);
	json_put_string(&c->json, "version", COLDSYNC_VERSION);
	str_set(&c->message, "coldsync " COLDSYNC_VERSION);
	return EXITCODE_OK;
}

const struct command cmd_version = {
    .name = "version",
    .group = COMMAND_ABOUT,
    .summary = "show the version",
    .args = "",
    .details = "Shows which coldsync this is. The same as 'coldsync -V'.",
    .run = run,
};
