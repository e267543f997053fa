/*
 * watch: stay up and sync whenever there is reason to. What there is to tell
 * goes out at once: under --json one object a line, each in the envelope of
 * every answer, with "event" and "time" and, for a sync, the plan's members.
 */
#include "engine/watch/watch.h"

#include <stddef.h>

#include "cli/cmd/sync.h"
#include "cli/command.h"
#include "cli/exitcode.h"
#include "cli/out/out_json.h"
#include "platform/plat_sig.h"
#include "platform/plat_time.h"

struct watch_options {
	bool once_idle;
};

static const struct opt options[] = {
    {.name = "once-idle",
	.kind = OPT_FLAG,
	.at = offsetof(struct watch_options, once_idle),
	.help = "end after the first sync that finds nothing to do"},
    {.name = NULL},
};

/* What the loop hands back to us. */
struct watcher {
	struct cli_context *c;
	const struct config *config;
	int code; /* of the sync that ended it all; 0: none did */
};

/* ---- one line each ---- */

static void
begin_line(struct cli_context *c)
{
	str_clear(&c->members);
	str_clear(&c->message);
	c->result = NULL;
	json_init(&c->json, &c->members);
	json_object(&c->json);
}

static void
put_event(struct cli_context *c, const char *event)
{
	char text[STAMP_ISO_SIZE];
	struct stamp now = plat_now();
	json_put_string(&c->json, "event", event);
	json_put_string(
	    &c->json, "time", stamp_iso(text, now, plat_zone_offset(now), 0));
}

/* The line goes out now; false when nobody takes it any more. */
static bool
end_line(struct cli_context *c, enum exitcode code)
{
	struct err
	    ignored; /* the sink remembers it, and it is told at the end */
	bool well = out_flush(&c->out, &ignored) == 0;
	(void)out_flush(&c->err, &ignored);
	if (!c->globals.json)
		return well;
	struct out line;
	out_init(&line, PLAT_STDOUT, OUT_COLOR_NEVER);
	json_end_all(&c->json);
	out_json(&line.buf,
	    &(struct out_envelope){
		.command = c->command->name,
		.profile = c->profile,
		.machine = c->machine,
		.code = code,
		.result = c->result,
		.message = c->message.p,
	    },
	    &c->members);
	well = out_flush(&line, &ignored) == 0;
	out_free(&line);
	return well;
}

static void
put_clock(struct cli_context *c)
{
	struct stamp now = plat_now();
	struct stamp_parts p = stamp_parts(now.sec, plat_zone_offset(now));
	if (!c->globals.quiet)
		out_style(&c->out, OUT_FAINT, "%02d:%02d:%02d ", p.hour,
		    p.minute, p.second);
}

/* ---- what it waits for ---- */

static void
describe(struct cli_context *c, const struct watch_note *n)
{
	const char *profile = c->profile != NULL ? c->profile : "";
	int64_t delay = n->next - n->since;
	switch (n->state) {
	case WATCH_IDLE:
		cli_done(c, "watching '%s'", profile);
		break;
	case WATCH_PAUSED:
		cli_done(
		    c, "'%s' is paused; 'coldsync resume' ends that", profile);
		break;
	case WATCH_RUNNING:
	case WATCH_NO_CLOUD:
		cli_done(c, "waiting: %s", n->reason.p);
		break;
	case WATCH_REFUSED:
		cli_done(c, "trying again in %d s, or when something changes",
		    (int)delay);
		break;
	case WATCH_BACKING_OFF:
		cli_done(c, "that was %d times in a row: trying again in %d s",
		    (int)n->refusals, (int)delay);
		break;
	}
}

static void
put_note(struct cli_context *c, const struct watch_note *n)
{
	char text[STAMP_ISO_SIZE];
	struct stamp next = {.sec = n->next};
	put_event(c, watch_state_name(n->state));
	json_key(&c->json, "reason");
	json_bytes(&c->json, n->reason.p, n->reason.len);
	json_put_uint(&c->json, "refusals", n->refusals);
	json_put_string(&c->json, "next",
	    n->next == 0 ? NULL
			 : stamp_iso(text, next, plat_zone_offset(next), 0));
}

static bool
tell(const struct watch_note *n, void *arg)
{
	struct watcher *w = arg;
	struct cli_context *c = w->c;
	begin_line(c);
	put_clock(c);
	describe(c, n);
	if (n->state == WATCH_PAUSED)
		c->result = "paused";
	if (c->globals.json)
		put_note(c, n);
	return end_line(c, EXITCODE_OK);
}

/* ---- syncing ---- */

static enum watch_sync
judge(const struct run *run, const struct sync_end *end, enum exitcode code)
{
	if (code == EXITCODE_INTERRUPTED)
		return WATCH_SYNC_STOPPED;
	if (code == EXITCODE_RUNNING)
		return WATCH_SYNC_RUNNING;
	if (code != EXITCODE_OK || end->rc != 0)
		return WATCH_SYNC_REFUSED;
	return run->applied || run->recovered ? WATCH_SYNC_DID
					      : WATCH_SYNC_QUIET;
}

/* A sync that found nothing is of no interest to people. */
static bool
is_dull(const struct cli_context *c, const struct run *run,
    const struct sync_end *end)
{
	struct plan_view v = sync_view(run, end, false);
	return !c->globals.json && c->globals.verbose == 0 && end->rc == 0 &&
	    plan_view_exitcode(&v) == EXITCODE_OK && !run->applied &&
	    !run->recovered;
}

static enum watch_sync
sync_now(struct str *why, void *arg)
{
	struct watcher *w = arg;
	struct cli_context *c = w->c;
	/* What is not so yet is waited for outside of the run, where a pause or
	   a request to stop is heard. */
	struct sync_order order = {.apply = true,
	    .reason = "watch",
	    .wish = SYNC_WISH,
	    .wait = {.given = true, .value = 0}};
	struct run run;
	begin_line(c);
	if (c->globals.json)
		put_event(c, "sync");
	struct sync_end end = sync_run(&run, c, w->config, &order);
	if (is_dull(c, &run, &end)) {
		run_free(&run);
		return WATCH_SYNC_QUIET;
	}
	put_clock(c);
	out_add(&c->out, c->globals.quiet ? "" : "syncing\n");
	int code = sync_tell(c, &run, &end);
	enum watch_sync result = judge(&run, &end, (enum exitcode)code);
	run_free(&run);
	str_add(why, c->message.p);
	if (result == WATCH_SYNC_STOPPED)
		w->code = code;
	if (!end_line(c, (enum exitcode)code))
		return WATCH_SYNC_STOPPED;
	return result;
}

/* ---- from begin to end ---- */

static int
watch_config(struct cli_context *c, const struct config *config)
{
	const struct watch_options *o = c->options;
	struct watcher w = {.c = c, .config = config};
	struct watch watch = {.config = config,
	    .once_idle = o->once_idle,
	    .sync = sync_now,
	    .tell = tell,
	    .arg = &w};
	struct err e;
	int code = EXITCODE_OK;
	if (watch_run(&watch, &e) != 0) {
		code = e.code == ERR_LOCKED
		    ? cli_fail(c, &e,
			  "one watch a profile is enough; end the other one "
			  "first")
		    : cli_fail(c, &e, NULL);
		return code;
	}
	begin_line(c);
	put_event(c, "end");
	if (w.code != 0) {
		plat_sig_check(&e);
		return cli_fail(c, &e, NULL);
	}
	put_clock(c);
	cli_done(c, plat_sig_asked() ? "asked to stop" : "nothing left to do");
	return code;
}

static int
run_watch(struct cli_context *c)
{
	struct config config;
	int code = cli_profile(c, &config);
	/* Nobody asked for this sync just now, so nobody's work is ended for
	   it: not even that of a program begun a moment ago. */
	config.process.allow_terminate_if_running = false;
	if (code == EXITCODE_OK)
		code = watch_config(c, &config);
	config_free(&config);
	return code;
}

const struct command cmd_watch = {
    .name = "watch",
    .group = COMMAND_JOBS,
    .summary = "stay up, and sync whenever something has changed",
    .args = "",
    .details =
	"Syncs, without asking, when the application has ended and either "
	"folder has changed and been left alone for watch.settle_seconds. "
	"Between two syncs it sleeps; watch.poll_seconds is how often it looks "
	"for what the system does not tell. A cloud folder that is not there "
	"is waited for. What is refused is tried again, less and less often. "
	"While the profile is paused nothing is done.\n"
	"\n"
	"Ends well on Ctrl-C, or with --once-idle as soon as there is nothing "
	"to do. With --json every event is a line of its own.\n"
	"\n"
	"  coldsync watch\n"
	"  coldsync watch --once-idle --json",
    .options = options,
    .options_size = sizeof(struct watch_options),
    .run = run_watch,
};
