/*
 * Asking before something is done.
 */
#include "cli/ask.h"
#include "cli/cmd/sync.h"
#include "cli/command.h"
#include "cli/exitcode.h"

int
sync_may_ask(struct cli_context *c, bool dry_run, bool apply)
{
	struct err e;
	if (dry_run && apply)
		err_set(&e, ERR_USAGE,
		    "--dry-run and --apply contradict each other");
	else if (!dry_run && !apply && !ask_possible(c))
		err_set(&e, ERR_USAGE,
		    "'%s' asks before it writes, and there is nobody to ask",
		    c->command->name);
	else
		return EXITCODE_OK;
	return cli_fail(c, &e,
	    "give --dry-run to see what would be done, --apply to do it");
}

static bool
has_work(const struct run *run)
{
	return run->plan.nactions > 0 || plan_view_adopted(&run->plan) > 0;
}

bool
sync_agree(int *code, struct cli_context *c, const struct config *config,
    const struct sync_order *order)
{
	struct sync_order look = *order;
	struct run run;
	struct err e;
	bool quiet = c->globals.quiet;
	look.apply = false;
	c->globals.quiet = false; /* what is agreed to must be seen */
	struct sync_end end = sync_run(&run, c, config, &look);
	*code = sync_tell(c, &run, &end);
	c->globals.quiet = quiet;
	bool ask = end.rc == 0 && !run.plan.blocked && has_work(&run);
	run_free(&run);
	if (!ask)
		return false;
	int answer = ask_yes(c, &e, "Do this now?");
	if (answer > 0)
		return true;
	if (answer < 0)
		*code = cli_fail(c, &e, NULL);
	else
		cli_done(c, "nothing was changed");
	return false;
}
