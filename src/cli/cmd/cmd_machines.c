#include <string.h>

#include "base/num.h"
#include "cli/cmd/sync.h"
#include "cli/command.h"
#include "cli/exitcode.h"
#include "cli/out/machines_view.h"
#include "platform/plat_time.h"

enum { DAY = 86400 };

/* ---- listing ---- */

/* Nobody has published for long: perhaps nobody syncs any more. */
static void
warn_of_age(struct cli_context *c, const struct run *run)
{
	struct machines_cloud cloud;
	struct str age = STR_INIT;
	int64_t days = run->config->cloud.stale_days;
	machines_cloud(&cloud, run);
	int64_t seconds = plat_now().sec - cloud.time;
	if (cloud.machine != NULL && days > 0 && seconds > days * DAY) {
		num_duration(&age, (uint64_t)seconds * 1000);
		cli_warn(c, "nothing was published for %s", age.p);
	}
	str_free(&age);
}

static int
list(struct cli_context *c, const struct config *config)
{
	struct sync_order glance = {
	    .glance = true, .reason = "machines", .wish = SYNC_WISH};
	struct machines_cloud cloud;
	struct str text = STR_INIT;
	struct run run;
	struct sync_end end = sync_run(&run, c, config, &glance);
	machines_cloud(&cloud, &run);
	json_machines(&c->json, &run);
	json_cloud(&c->json, &run);
	if (!c->globals.quiet) {
		out_machines(&c->out, &run);
		out_faults(&c->out, &run, c->globals.verbose > 0);
		out_add(&c->out, c->out.buf.len > 0 ? "\n" : "");
	}
	warn_of_age(c, &run);
	int code = EXITCODE_OK;
	if (end.rc != 0 && run.sites[SIDE_CLOUD].root == NULL) {
		code = cli_fail(c, &end.why, NULL);
	} else {
		cloud_sentence(&text, &run);
		cli_done(c, "the cloud folder: %s%s", text.p,
		    cloud.unpublished
			? "; this machine has work that is not published"
			: "");
	}
	str_free(&text);
	run_free(&run);
	return code;
}

/* ---- forgetting ---- */

static int
forget(struct cli_context *c, const struct config *config, const char *id)
{
	struct err e;
	int rc = machines_forget(config, id, &e);
	if (rc == 1)
		err_set(
		    &e, ERR_USAGE, "no machine '%s' has published here", id);
	if (rc != 0)
		return cli_fail(c, &e,
		    rc == 1 ? "'coldsync machines' lists "
			      "those that have"
			    : NULL);
	cli_done(c,
	    "'%s' is forgotten; what it published goes on under this "
	    "machine's name",
	    id);
	return EXITCODE_OK;
}

static int
run_machines(struct cli_context *c)
{
	struct config config;
	struct err e;
	bool forgets = c->args.n > 0 && strcmp(c->args.v[0], "forget") == 0;
	if (c->args.n > 0 && (!forgets || c->args.n != 2)) {
		err_set(&e, ERR_USAGE,
		    forgets ? "'machines forget' wants one machine's id"
			    : "'machines' knows 'forget ID' only");
		return cli_fail(c, &e, "'coldsync machines' lists the ids");
	}
	int code = cli_profile(c, &config);
	if (code == EXITCODE_OK)
		code = forgets ? forget(c, &config, c->args.v[1])
			       : list(c, &config);
	config_free(&config);
	return code;
}

const struct command cmd_machines = {
    .name = "machines",
    .group = COMMAND_MACHINES,
    .summary = "who shares the cloud folder, and who published what when",
    .args = "[forget ID]",
    .details =
	"Lists the machines that published in this cloud folder: their last "
	"generation and when, what system they are, whether all of their work "
	"is here, who has the newest and who is behind.\n"
	"\n"
	"'forget ID' retires a machine that is gone for good. Given this "
	"machine's own id, it takes that back from another installation that "
	"publishes under it.\n"
	"\n"
	"  coldsync machines\n"
	"  coldsync machines forget old-laptop",
    .max_args = 2,
    .run = run_machines,
};
