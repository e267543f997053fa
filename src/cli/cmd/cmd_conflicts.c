#include <stddef.h>

#include "cli/cmd/sync.h"
#include "cli/command.h"
#include "cli/exitcode.h"
#include "cli/out/json_plan.h"
#include "cli/out/out_plan.h"

static int
show(struct cli_context *c, const struct run *run, const struct sync_end *end)
{
	/* Only of the conflicts: what else a plan has to tell is its own
	   business. */
	struct plan conflicts = {.conflicts = run->plan.conflicts,
	    .nconflicts = run->plan.nconflicts,
	    .unresolved = run->plan.unresolved,
	    .blocked = run->plan.blocked};
	struct plan_view v = {.plan = &conflicts};
	struct str sentence = STR_INIT;
	json_conflicts(&c->json, &conflicts);
	if (!c->globals.quiet)
		out_plan_conflicts(&c->out, &conflicts, c->globals.verbose > 0);
	if (end->rc == 0 && conflicts.unresolved == 0) {
		str_add(&sentence, "no conflicts that are left to you");
		out_add(&c->out, conflicts.nconflicts > 0 ? "\n" : "");
		cli_done(c, "%s", sentence.p);
	}
	str_free(&sentence);
	return sync_judge(c, run, end, &v);
}

static int
look(struct cli_context *c, const struct config *config)
{
	/* Nothing is deleted by looking. */
	struct sync_order order = {
	    .reason = "plan", .wish = SYNC_WISH, .allow_deletes = true};
	struct run run;
	struct sync_end end = sync_run(&run, c, config, &order);
	int code = show(c, &run, &end);
	run_free(&run);
	return code;
}

static int
run_conflicts(struct cli_context *c)
{
	return sync_profile(c, look);
}

const struct command cmd_conflicts = {
    .name = "conflicts",
    .group = COMMAND_DAILY,
    .summary = "list what changed on both sides",
    .args = "",
    .details =
	"Shows each conflict of the next sync with what both sides have, and "
	"what became of those the config's conflict.policy settles. Touches "
	"nothing; ends with 2 when there are some left to settle.\n"
	"\n"
	"  coldsync conflicts\n"
	"  coldsync resolve",
    .pages = true,
    .run = run_conflicts,
};
