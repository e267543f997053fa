#include <stddef.h>

#include "cli/cmd/sync.h"
#include "cli/command.h"
#include "cli/exitcode.h"
#include "cli/out/words.h"

struct plan_options {
	int direction, policy; /* 1 + the value; 0: as configured */
};

#define AT(member) offsetof(struct plan_options, member)

static const struct opt options[] = {
    {.name = "direction",
	.kind = OPT_CHOICE,
	.at = AT(direction),
	.arg = "both|to_local|to_cloud",
	.choices = words_direction,
	.help = "as if the config's sync.direction said so"},
    {.name = "policy",
	.kind = OPT_CHOICE,
	.at = AT(policy),
	.arg = "POLICY",
	.choices = words_policy,
	.help = "as if the config's conflict.policy said so"},
    {.name = NULL},
};

static int
plan_config(struct cli_context *c, const struct config *config)
{
	const struct plan_options *o = c->options;
	struct sync_order order = {.reason = "plan",
	    .wish = {.direction = o->direction - 1, .policy = o->policy - 1}};
	struct run run;
	struct sync_end end = sync_run(&run, c, config, &order);
	int code = sync_tell(c, &run, &end);
	run_free(&run);
	return code;
}

static int
plan_one(struct cli_context *c)
{
	return sync_profile(c, plan_config);
}

static int
run_plan(struct cli_context *c)
{
	return c->globals.all ? cli_all(c, plan_one) : plan_one(c);
}

const struct command cmd_plan = {
    .name = "plan",
    .group = COMMAND_DAILY,
    .summary = "show what 'sync' would do, and touch nothing",
    .args = "",
    .details =
	"Looks at both folders, compares them with what was agreed at the "
	"last sync, and shows what the next one would do. Ends with 2 when "
	"there is a conflict that has to be settled first.\n"
	"\n"
	"  coldsync plan\n"
	"  coldsync plan -v --direction to_local",
    .options = options,
    .options_size = sizeof(struct plan_options),
    .takes_all = true,
    .pages = true,
    .run = run_plan,
};
