#include "cli/command.h"
#include "cli/exitcode.h"
#include "cli/out/out_plan.h"
#include "cli/out/status.h"
#include "engine/profile/pause.h"
#include "platform/plat_time.h"

/* ---- finding out ---- */

static void
look(struct status *s, struct cli_context *c, const struct config *config)
{
	struct sync_order glance = {
	    .glance = true, .reason = "status", .wish = SYNC_WISH};
	struct err ignored; /* what cannot be found out is shown as unknown */
	*s = (struct status){
	    .config = config, .now = plat_now(), .since = STR_INIT};
	s->paused = pause_is(&s->since, config, &ignored) != 0;
	while (s->since.len > 0 && s->since.p[s->since.len - 1] == '\n')
		str_cut(&s->since, s->since.len - 1);
	s->end = sync_run(&s->run, c, config, &glance);
	s->view = sync_view(&s->run, &s->end, c->globals.json);
	s->blind = guard_look(&s->met, config, s->run.sites[SIDE_LOCAL].root,
		       &ignored) != 0;
	s->watched = watch_note_read(&s->watch, config, &ignored) == 0;
	if (history_load(&s->history, config, &ignored) == 0)
		s->last_good = history_last_good(&s->history);
}

static void
release(struct status *s)
{
	run_free(&s->run);
	history_free(&s->history);
	guard_matches_free(&s->met);
	watch_note_free(&s->watch);
	str_free(&s->since);
}

/* ---- what it comes to ---- */

/* One sentence; what stands in the way comes first. */
static void
sum_up(struct cli_context *c, const struct status *s)
{
	struct str text = STR_INIT;
	char why[ERR_TEXT_SIZE];
	if (s->paused)
		str_add(&text, "paused; 'coldsync resume' ends that");
	else if (s->end.rc != 0 && !s->run.planned)
		str_add(&text,
		    "a sync would be refused; 'coldsync doctor' says what to "
		    "do");
	else if (s->end.rc != 0)
		str_addf(&text, "a sync would be refused: %s",
		    err_text(&s->end.why, why, sizeof(why)));
	else if (s->run.plan.unresolved > 0)
		str_add(&text,
		    "conflicts wait; 'coldsync resolve' goes "
		    "through them");
	else if (s->met.n > 0)
		str_add(&text, "close the application, then 'coldsync sync'");
	else if (s->run.plan.nactions > 0)
		str_add(&text, "'coldsync sync' brings both sides together");
	else if (plan_view_exitcode(&s->view) != EXITCODE_OK)
		str_add(&text,
		    "some paths need a look; 'coldsync plan' shows "
		    "which, and why");
	else
		str_add(&text, "both sides are in step");
	cli_done(c, "%s", text.p);
	str_free(&text);
}

static int
status_one(struct cli_context *c)
{
	struct config config;
	int code = cli_profile(c, &config);
	if (code == EXITCODE_OK) {
		struct status s;
		look(&s, c, &config);
		if (c->globals.json)
			json_status(&c->json, &s);
		if (!c->globals.quiet)
			out_status(&c->out, &s);
		if (s.paused)
			c->result = "paused";
		sum_up(c, &s);
		release(&s);
	}
	config_free(&config);
	return code;
}

static int
run(struct cli_context *c)
{
	return c->globals.all ? cli_all(c, status_one) : status_one(c);
}

const struct command cmd_status = {
    .name = "status",
    .group = COMMAND_DAILY,
    .summary = "how things stand, on one screen",
    .args = "",
    .details =
	"Shows whether the profile is paused, whether the application is "
	"running, when the last sync went well, what the next one would bring "
	"to each side, and what waits to be settled. Looks at both folders as "
	"'plan' does, also while the application is running, and touches "
	"nothing. Ends with 0 whatever there is to show; 'coldsync doctor' "
	"tells what is wrong.\n"
	"\n"
	"  coldsync status\n"
	"  coldsync status --all",
    .takes_all = true,
    .run = run,
};
