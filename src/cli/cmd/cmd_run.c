/*
 * run: pull, start a program, wait until it is gone, push.
 *
 * Standard output belongs to the program; what we have to say goes to standard
 * error.
 */
#include <stddef.h>

#include "cli/cmd/application.h"
#include "cli/cmd/run_choice.h"
#include "cli/cmd/sync.h"
#include "cli/command.h"
#include "cli/exitcode.h"
#include "cli/out/json_plan.h"
#include "engine/guard/wrap.h"
#include "platform/plat_sig.h"
#include "platform/plat_time.h"

/* Another run on this profile is soon over: so often we try, a second apart. */
enum { LOCK_TRIES = 60, LOCK_PAUSE_MS = 1000 };

struct run_cmd_options {
	bool no_pull, no_push, force;
};

#define AT(member) offsetof(struct run_cmd_options, member)

static const struct opt options[] = {
    {.name = "no-pull",
	.kind = OPT_FLAG,
	.at = AT(no_pull),
	.help = "start the program without syncing first"},
    {.name = "no-push",
	.kind = OPT_FLAG,
	.at = AT(no_push),
	.help = "do not sync when the program is gone"},
    {.name = "force",
	.kind = OPT_FLAG,
	.at = AT(force),
	.help = "start the program also when the pull fails, without asking"},
    {.name = NULL},
};

/* ---- one step ---- */

/* May a run that ended like this be tried again? Waits until then. *w*: for a
   push, which an application that is back only puts off. */
static bool
can_try_again(struct cli_context *c, const struct sync_end *end,
    const struct wrap *w, int tries)
{
	struct err ignored; /* asked to stop: what is known is told */
	if (end->rc == 0 || plat_sig_asked())
		return false;
	if (end->why.code == ERR_RUNNING && w != NULL)
		return wrap_await(w, &ignored) == 0;
	if (end->why.code != ERR_LOCKED || tries == LOCK_TRIES)
		return false;
	if (tries == 1)
		cli_note(c, "waiting for another run to end");
	plat_sleep(LOCK_PAUSE_MS);
	return true;
}

static int
sync_step(
    struct cli_context *c, const struct config *config, const struct wrap *w)
{
	bool pull = w == NULL;
	struct sync_order order = {
	    .apply = true,
	    .reason = pull ? "pull" : "push",
	    .wish = {.direction = pull ? CONFIG_TO_LOCAL : CONFIG_TO_CLOUD,
		.policy = -1},
	};
	struct run run;
	int tries = 1;
	struct sync_end end = sync_run(&run, c, config, &order);
	while (can_try_again(c, &end, w, tries++)) {
		run_free(&run);
		end = sync_run(&run, c, config, &order);
	}
	int code = sync_tell(c, &run, &end);
	run_free(&run);
	return code;
}

/* The members of a step stand in an object of its own name. */
static int
step(struct cli_context *c, const struct config *config, const struct wrap *w)
{
	struct err ignored; /* kept in the sink, and told at the end */
	json_key(&c->json, w == NULL ? "pull" : "push");
	json_object(&c->json);
	int code = sync_step(c, config, w);
	json_key(&c->json, "exit_code");
	json_int(&c->json, code);
	json_end(&c->json);
	out_flush(&c->out, &ignored);
	out_flush(&c->err, &ignored);
	return code;
}

/* ---- before, within, and behind the program ---- */

/* Returns whether to start it; *code* is the pull's. */
static bool
pull_first(int *code, struct cli_context *c, const struct config *config)
{
	const struct run_cmd_options *o = c->options;
	const char *program = c->args.v[0];
	*code = step(c, config, NULL);
	while (*code != EXITCODE_OK && *code != EXITCODE_INTERRUPTED) {
		if (o->force) {
			cli_warn(c, "starting %s all the same", program);
			return true;
		}
		switch (run_choose(c, config, program, *code)) {
		case RUN_ANYWAY:
			return true;
		case RUN_CANCEL:
			cli_note(c, "%s is not started", program);
			return false;
		case RUN_AGAIN:
			*code = sync_step(c, config, NULL);
			break;
		}
	}
	return *code == EXITCODE_OK;
}

static void
tell_left(void *arg, const struct guard_matches *who)
{
	struct str text = STR_INIT;
	guard_describe(&text, who);
	application_waiting(arg, text.p);
	str_free(&text);
}

/* Push once the application is gone. */
static int
push_last(
    struct cli_context *c, const struct config *config, const struct wrap *w)
{
	struct err e;
	if (wrap_await(w, &e) == 0)
		return step(c, config, w);
	return cli_fail(
	    c, &e, "'coldsync push' does it when the application is stopped");
}

static int
tell_program(struct cli_context *c, int code)
{
	struct str why = STR_INIT;
	json_key(&c->json, "program_exit_code");
	json_int(&c->json, code);
	if (code != 0) {
		str_addf(&why, "%s ended with %d", c->args.v[0], code);
		cli_why(c, why.p,
		    "what it said itself tells why; the sync is not to blame");
	}
	str_free(&why);
	return code;
}

/* The program and what comes behind it. */
static int
run_program(
    struct cli_context *c, const struct config *config, bool paused, int pulled)
{
	const struct run_cmd_options *o = c->options;
	struct application application = {c, config};
	const struct wrap w = {
	    .config = config,
	    .argv = (const char *const *)c->args.v,
	    .to_error = c->globals.json,
	    .waiting = tell_left,
	    .arg = &application,
	};
	struct err e;
	int ended = 0, pushed = EXITCODE_OK;
	if (wrap_run(&ended, &w, &e) != 0)
		return cli_fail(c, &e,
		    e.code == ERR_CANCELLED
			? "'coldsync push' does it when the application is "
			  "stopped"
			: "see to it that the program is there and may be "
			  "run");
	if (!o->no_push && !paused)
		pushed = push_last(c, config, &w);
	int worse =
	    (int)exitcode_worse((enum exitcode)pulled, (enum exitcode)pushed);
	if (worse != EXITCODE_OK) {
		json_key(&c->json, "program_exit_code");
		json_int(&c->json, ended);
		return worse;
	}
	return tell_program(c, ended);
}

static int
run_config(struct cli_context *c, const struct config *config)
{
	const struct run_cmd_options *o = c->options;
	struct err ignored;
	int code = EXITCODE_OK;
	/* Where it cannot be told, that was said, and it is no reason to keep
	   anybody from working. */
	bool paused = sync_paused(&code, c, config);
	out_flush(&c->out, &ignored);
	if (!paused && !o->no_pull && !pull_first(&code, c, config))
		return code;
	c->result = NULL;
	code = run_program(c, config, paused, code);
	if (paused && code == EXITCODE_OK)
		c->result = "paused";
	return code;
}

static int
run_run(struct cli_context *c)
{
	struct config config;
	struct err e;
	if (c->args.n == 0) {
		err_set(&e, ERR_USAGE, "there is no program to run");
		return cli_fail(c, &e, "'coldsync run -- PROGRAM ARGUMENT…'");
	}
	c->out.to = PLAT_STDERR;
	int code = cli_profile(c, &config);
	if (code == EXITCODE_OK)
		code = run_config(c, &config);
	config_free(&config);
	return code;
}

const struct command cmd_run = {
    .name = "run",
    .group = COMMAND_DAILY,
    .summary = "pull, run a program, and push when it is gone",
    .args = "[--] PROGRAM [ARGUMENT…]",
    .details =
	"Pulls, starts the program, waits until it, everything it started and "
	"every process of the profile's application are gone, and pushes. "
	"Ends with the program's exit code, or with that of the sync that "
	"failed.\n"
	"\n"
	"When the pull fails the program is not started: on a terminal, or in "
	"a window where there is none, you choose whether to settle it, to "
	"start anyway or to cancel. While the profile is paused the program "
	"just runs.\n"
	"\n"
	"  coldsync run -- codex\n"
	"  coldsync -p game run --force -- ./start.sh --fullscreen",
    .options = options,
    .options_size = sizeof(struct run_cmd_options),
    .max_args = -1,
    .stop = OPT_AT_FIRST,
    .run = run_run,
};
