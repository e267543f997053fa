#include <stddef.h>

#include "cli/cmd/log_look.h"
#include "cli/cmd/sync.h"
#include "cli/command.h"
#include "cli/exitcode.h"
#include "cli/out/json_plan.h"
#include "cli/out/words.h"

/* As process_detection.wait_seconds. */
#define WAIT_MAX 604800

struct sync_options {
	bool dry_run, apply;
	int direction, policy; /* 1 + the value; 0: as configured */
	bool allow_deletes, accept_cloud;
	struct opt_number wait;
	bool log;
};

#define AT(member) offsetof(struct sync_options, member)

static const struct opt options[] = {
    {.name = "dry-run",
	.kind = OPT_FLAG,
	.at = AT(dry_run),
	.help = "show what would be done, and do nothing"},
    {.name = "apply",
	.letter = 'y',
	.kind = OPT_FLAG,
	.at = AT(apply),
	.help = "do it without asking"},
    {.name = "log",
	.kind = OPT_FLAG,
	.at = AT(log),
	.help = "with --dry-run: leave word of it in the log, as scheduled "
		"dry runs do"},
    {.name = "direction",
	.kind = OPT_CHOICE,
	.at = AT(direction),
	.arg = "both|to_local|to_cloud",
	.choices = words_direction,
	.help = "instead of the config's sync.direction"},
    {.name = "policy",
	.kind = OPT_CHOICE,
	.at = AT(policy),
	.arg = "POLICY",
	.choices = words_policy,
	.help = "what to do about conflicts, instead of the config's "
		"conflict.policy: manual_abort, manual_skip, prefer_local, "
		"prefer_cloud, prefer_newer_mtime, keep_both"},
    {.name = "wait",
	.kind = OPT_NUMBER,
	.at = AT(wait),
	.arg = "SECONDS",
	.max = WAIT_MAX,
	.help = "wait so long for the application to stop and for the cloud "
		"folder to be complete, instead of the config's "
		"process_detection.wait_seconds and cloud.wait_seconds"},
    {.name = "allow-deletes",
	.kind = OPT_FLAG,
	.at = AT(allow_deletes),
	.help = "also where unusually many files would be deleted, or one "
		"side is empty"},
    {.name = "accept-cloud",
	.kind = OPT_FLAG,
	.at = AT(accept_cloud),
	.help = "take the cloud folder as it is, also incomplete or without "
		"its marker; with '-- PATH...', only what is there"},
    {.name = NULL},
};

/* ---- doing it ---- */

static void
make_order(struct sync_order *order, const struct sync_options *o)
{
	*order = (struct sync_order){
	    .apply = !o->dry_run,
	    .reason = "sync",
	    .wish = {.direction = o->direction - 1, .policy = o->policy - 1},
	    .allow_deletes = o->allow_deletes,
	    .accept_cloud = o->accept_cloud,
	    .wait = o->wait,
	};
}

static int
sync_config(struct cli_context *c, const struct config *config)
{
	const struct sync_options *o = c->options;
	struct sync_order order;
	struct strlist paths = STRLIST_INIT;
	struct run run;
	int code;
	make_order(&order, o);
	if (sync_paused(&code, c, config))
		return code;
	code = sync_accept(
	    &order.accept_paths, &paths, c, config, o->accept_cloud);
	if (code != EXITCODE_OK)
		json_plan_none(&c->json, NULL);
	else if (o->dry_run || o->apply ||
	    sync_agree(&code, c, config, &order)) {
		struct sync_end end = sync_run(&run, c, config, &order);
		code = sync_tell(c, &run, &end);
		if (o->dry_run && o->log)
			log_look(c, config, &run, code == EXITCODE_OK);
		run_free(&run);
	}
	strlist_free(&paths);
	return code;
}

static int
sync_one(struct cli_context *c)
{
	return sync_profile(c, sync_config);
}

static int
run_sync(struct cli_context *c)
{
	const struct sync_options *o = c->options;
	int code = sync_may_ask(c, o->dry_run, o->apply);
	if (code != EXITCODE_OK)
		return code;
	return c->globals.all ? cli_all(c, sync_one) : sync_one(c);
}

const struct command cmd_sync = {
    .name = "sync",
    .group = COMMAND_DAILY,
    .summary = "bring both folders to the same state",
    .args = "[--accept-cloud -- PATH...]",
    .details =
	"Brings what changed on one side to the other. What changed on both "
	"is a conflict: it is shown and left to conflict.policy. Whatever is "
	"replaced or deleted is kept in a snapshot. While the application is "
	"running nothing is done; nor before the cloud folder holds all that "
	"the other machines published.\n"
	"\n"
	"Without --dry-run and --apply shows what would be done, asks, and "
	"looks again after a yes.\n"
	"\n"
	"  coldsync sync\n"
	"  coldsync sync --apply\n"
	"  coldsync sync --all --apply --quiet",
    .options = options,
    .options_size = sizeof(struct sync_options),
    .max_args = -1,
    .takes_all = true,
    .run = run_sync,
};
