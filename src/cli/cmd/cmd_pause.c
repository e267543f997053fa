#include "cli/command.h"
#include "cli/exitcode.h"
#include "engine/log/log.h"
#include "engine/profile/pause.h"
#include "engine/profile/run_id.h"
#include "platform/plat_time.h"

/* The log of a profile is where to look for why it was not synced. */
static void
record(struct cli_context *c, const struct config *config, const char *event)
{
	char run_id[RUN_ID_SIZE];
	struct log *log = log_open(config, run_id_make(run_id, plat_now()));
	log_event(log, CONFIG_LOG_INFO, event, NULL);
	const char *trouble = log_trouble(log);
	if (trouble != NULL)
		cli_warn(c, "%s", trouble);
	log_close(log);
}

static void
say_paused(struct cli_context *c, const struct config *config)
{
	struct str since = STR_INIT;
	struct err ignored; /* who paused it is worth a try only */
	(void)pause_is(&since, config, &ignored);
	cli_done(c, "'%s' was paused already%s%s", config->profile,
	    since.len > 0 ? ": " : "", since.p);
	str_free(&since);
}

static int
set_aside(struct cli_context *c, const struct config *config)
{
	struct err e;
	int rc = pause_set(config, &e);
	if (rc < 0) {
		err_wrap(&e, "pause '%s'", config->profile);
		return cli_fail(c, &e, NULL);
	}
	c->result = "paused";
	if (rc > 0) {
		say_paused(c, config);
		return EXITCODE_OK;
	}
	record(c, config, "paused");
	cli_done(
	    c, "'%s' is paused; 'coldsync resume' ends that", config->profile);
	return EXITCODE_OK;
}

static int
take_up(struct cli_context *c, const struct config *config)
{
	struct err e;
	int rc = pause_clear(config, &e);
	if (rc < 0) {
		err_wrap(&e, "resume '%s'", config->profile);
		return cli_fail(c, &e, NULL);
	}
	if (rc == 0)
		record(c, config, "resumed");
	cli_done(c, rc > 0 ? "'%s' was not paused" : "'%s' syncs again",
	    config->profile);
	return EXITCODE_OK;
}

static int
with_profile(struct cli_context *c,
    int (*work)(struct cli_context *c, const struct config *config))
{
	struct config config;
	int code = cli_profile(c, &config);
	if (code == EXITCODE_OK)
		code = work(c, &config);
	config_free(&config);
	return code;
}

static int
run_pause(struct cli_context *c)
{
	return with_profile(c, set_aside);
}

static int
run_resume(struct cli_context *c)
{
	return with_profile(c, take_up);
}

const struct command cmd_pause = {
    .name = "pause",
    .aliases = {"disable"},
    .group = COMMAND_JOBS,
    .summary = "stop syncing a profile until 'resume'",
    .args = "",
    .details =
	"While a profile is paused, sync, pull, push, run and watch touch "
	"neither side, say so and succeed. What coldsync remembers of the "
	"profile stays.",
    .run = run_pause,
};

const struct command cmd_resume = {
    .name = "resume",
    .aliases = {"enable"},
    .group = COMMAND_JOBS,
    .summary = "sync a paused profile again",
    .args = "",
    .details = "Ends what 'coldsync pause' began. Nothing is synced by this "
	       "itself.",
    .run = run_resume,
};
