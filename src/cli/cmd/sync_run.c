/*
 * Running what a command ordered: how long it waits, what is shown meanwhile.
 */
#include "cli/cmd/application.h"
#include "cli/cmd/patience.h"
#include "cli/cmd/sync.h"
#include "cli/exitcode.h"
#include "cli/out/progress.h"
#include "cli/resolve/resolve.h"

/* Logging never stops a run, but its trouble is told. */
static void
warn_of_log(struct cli_context *c, const struct run *run)
{
	const char *trouble = run->log != NULL ? log_trouble(run->log) : NULL;
	if (trouble != NULL)
		cli_warn(c, "%s", trouble);
}

struct sync_end
sync_run(struct run *run, struct cli_context *c, const struct config *config,
    const struct sync_order *order)
{
	const struct cli_globals *g = &c->globals;
	struct sync_end end = {.why = {.code = ERR_NONE}};
	struct application application = {c, config};
	struct progress *progress =
	    order->apply ? progress_new(g->progress, g->quiet) : NULL;
	struct run_options options = {
	    .errand = order->errand,
	    .restore = order->restore,
	    .apply = order->apply,
	    .glance = order->glance,
	    .wish = order->wish,
	    .reason = order->reason,
	    .allow_deletes = order->allow_deletes,
	    .accept_cloud = order->accept_cloud,
	    .accept_paths = order->accept_paths,
	    .threads = cli_threads(g),
	    .wait_given = order->wait.given,
	    .wait_seconds = order->wait.value,
	    .terminate = g->manual_terminate_confirmation ? TERMINATE_ASK
		: g->auto_terminate_without_confirmation  ? TERMINATE_UNASKED
							 : TERMINATE_CONFIGURED,
	    .waiting = application_waiting,
	    .agreed = application_agreed,
	    .ask_arg = &application,
	    .progress = progress_step,
	    .progress_total = progress_total,
	    .progress_arg = progress,
	};
	struct patience patience = {.c = c, .last = STR_INIT};
	struct await await = {
	    .seconds = !order->apply ? 0
		: order->wait.given  ? order->wait.value
				     : config->cloud.wait_seconds,
	    .tell = patience_tell,
	    .tell_arg = &patience,
	    .ready = order->ready,
	    .give_up = order->give_up,
	    .ready_arg = order->ready_arg,
	};
	end.rc = await_run(run, config, &options, &await, &end.why);
	str_free(&patience.last);
	progress_end(progress);
	warn_of_log(c, run);
	if (g->verbose > 0)
		application_list(c, &run->vigil.met);
	return end;
}

int
sync_accept(const struct strlist **accept, struct strlist *out,
    struct cli_context *c, const struct config *config, bool accept_cloud)
{
	char *const roots[SIDES] = {
	    config->paths.local_state_dir, config->paths.cloud_root_dir};
	struct str path = STR_INIT;
	struct err e = {.code = ERR_NONE};
	*accept = c->args.n > 0 ? out : NULL;
	if (c->args.n > 0 && !accept_cloud)
		err_set(&e, ERR_USAGE,
		    "'%s' is of no use without "
		    "--accept-cloud",
		    c->args.v[0]);
	for (int i = 0; i < c->args.n && e.code == ERR_NONE; i++) {
		str_clear(&path);
		if (resolve_path(&path, c->args.v[i], roots) != 0)
			err_set(&e, ERR_USAGE, "'%s' is no path in the folders",
			    c->args.v[i]);
		strlist_addn(out, path.p, path.len);
	}
	str_free(&path);
	return e.code == ERR_NONE ? EXITCODE_OK
				  : cli_fail(c, &e,
					"name paths as 'coldsync plan' shows "
					"them, behind --accept-cloud --");
}
