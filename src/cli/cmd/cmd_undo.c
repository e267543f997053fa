#include <stddef.h>

#include "cli/cmd/sync.h"
#include "cli/command.h"
#include "cli/exitcode.h"

struct undo_options {
	bool dry_run, apply, accept_cloud;
};

#define AT(member) offsetof(struct undo_options, member)

static const struct opt options[] = {
    {.name = "dry-run",
	.kind = OPT_FLAG,
	.at = AT(dry_run),
	.help = "show what would be done, and do nothing"},
    {.name = "apply",
	.letter = 'y',
	.kind = OPT_FLAG,
	.at = AT(apply),
	.help = "do it, as it is done without this too"},
    {.name = "accept-cloud",
	.kind = OPT_FLAG,
	.at = AT(accept_cloud),
	.help = "take the cloud folder as it is, though it is not what the "
		"machines published"},
    {.name = NULL},
};

static int
undo(struct cli_context *c, const struct config *config)
{
	const struct undo_options *o = c->options;
	struct sync_order order = {.errand = RUN_UNDO,
	    .apply = !o->dry_run,
	    .reason = "undo",
	    .wish = SYNC_WISH,
	    .accept_cloud = o->accept_cloud};
	struct run run;
	int code;
	if (sync_paused(&code, c, config))
		return code;
	struct sync_end end = sync_run(&run, c, config, &order);
	code = sync_tell(c, &run, &end);
	run_free(&run);
	return code;
}

static int
run_undo(struct cli_context *c)
{
	const struct undo_options *o = c->options;
	struct err e;
	if (o->dry_run && o->apply) {
		err_set(&e, ERR_USAGE,
		    "--dry-run and --apply contradict each other");
		return cli_fail(c, &e, "give only one of them");
	}
	return sync_profile(c, undo);
}

const struct command cmd_undo = {
    .name = "undo",
    .group = COMMAND_SAFETY,
    .summary = "put both folders back to before the last run",
    .args = "",
    .details =
	"Takes back what the last run that wrote something did, be it a sync, "
	"a restore or an undo: what it replaced or deleted comes back, what "
	"it created goes, on both sides, and what was agreed before is agreed "
	"again. So the next 'plan' shows what it showed then, and undoing the "
	"undo is possible.\n"
	"\n"
	"What has changed since that run is left as it is and listed; the "
	"rest is done. While the cloud folder is not complete nothing is. "
	"Whatever gives way is kept in a new snapshot. Goes to "
	"work without asking; --dry-run shows what it would do.\n"
	"\n"
	"  coldsync undo\n"
	"  coldsync undo --dry-run",
    .options = options,
    .options_size = sizeof(struct undo_options),
    .run = run_undo,
};
