/*
 * schedule: have the system sync a profile at its times.
 */
#include "engine/schedule/schedule.h"

#include <stddef.h>
#include <string.h>

#include "base/num.h"
#include "cli/command.h"
#include "cli/exitcode.h"

enum { MINUTE = 60, USUAL = 15 * MINUTE, MOST = 31 * 24 * 60 * 60 };

struct schedule_options {
	const char *every, *daily;
	bool on_login, print;
	int mode;  /* 1: dry run, 2: apply */
	int using; /* 1 + enum schedule_kind */
};

#define AT(member) offsetof(struct schedule_options, member)

static const char *const modes[] = {"dry-run", "apply", NULL};
static const char *const kinds[] = {"systemd", "cron", "launchd", "task", NULL};

static const struct opt options[] = {
    {.name = "every",
	.kind = OPT_TEXT,
	.at = AT(every),
	.arg = "15m",
	.help = "so often: minutes (m), hours (h) or days (d); every 15m where "
		"nothing else is given"},
    {.name = "daily",
	.kind = OPT_TEXT,
	.at = AT(daily),
	.arg = "HH:MM",
	.help = "once a day, at this time"},
    {.name = "on-login",
	.kind = OPT_FLAG,
	.at = AT(on_login),
	.help = "once after logging in"},
    {.name = "mode",
	.kind = OPT_CHOICE,
	.at = AT(mode),
	.arg = "dry-run|apply",
	.choices = modes,
	.help = "only look and log (dry-run, where nothing is given), or "
		"really sync"},
    {.name = "print",
	.kind = OPT_FLAG,
	.at = AT(print),
	.help = "show what would be installed, and install nothing"},
    {.name = "using",
	.kind = OPT_CHOICE,
	.at = AT(using),
	.arg = "SCHEDULER",
	.choices = kinds,
	.help = "systemd, cron, launchd or task, instead of what this system "
		"has"},
    {.name = NULL},
};

/* ---- what is wanted ---- */

static int
wish_when(
    struct schedule_wish *w, const struct schedule_options *o, struct err *e)
{
	int64_t seconds = USUAL;
	int minutes;
	int given = (o->every != NULL) + (o->daily != NULL) + o->on_login;
	if (given > 1)
		return err_set(e, ERR_USAGE,
		    "--every, --daily and --on-login exclude each other");
	if (o->daily != NULL) {
		w->when = SCHEDULE_DAILY;
		if (num_parse_clock(&minutes, o->daily, strlen(o->daily)) != 0)
			return err_set(e, ERR_USAGE,
			    "--daily: '%s' is no time of day", o->daily);
		w->number = minutes;
		return 0;
	}
	if (o->every != NULL &&
	    (num_parse_duration(&seconds, o->every, strlen(o->every), MOST) !=
		    0 ||
		seconds < MINUTE || seconds % MINUTE != 0))
		return err_set(e, ERR_USAGE,
		    "--every: '%s' is no number of minutes, hours or days up "
		    "to 31d",
		    o->every);
	w->when = o->on_login ? SCHEDULE_LOGIN : SCHEDULE_EVERY;
	w->number = o->on_login ? 0 : seconds;
	return 0;
}

static int
make_wish(
    struct schedule_wish *w, const struct schedule_options *o, struct err *e)
{
	*w = (struct schedule_wish){
	    .kind = o->using - 1,
	    .apply = o->mode == 2,
	};
	return wish_when(w, o, e);
}

/* ---- telling ---- */

/* What the job does, as *modes* names it. */
static const char *const does[] = {"makes a dry run", "syncs"};

static void
put_job(struct cli_context *c, const struct schedule_job *j,
    enum schedule_kind kind)
{
	struct str when = STR_INIT;
	schedule_when_text(&when, j);
	json_put_string(&c->json, "scheduler", schedule_kind_name(kind));
	json_put_string(&c->json, "when", when.p);
	json_put_string(&c->json, "mode", modes[j->apply ? 1 : 0]);
	json_path(&c->json, "program", j->program, strlen(j->program));
	json_path(&c->json, "config", j->config, strlen(j->config));
	str_free(&when);
}

/* To be redirected into a file: nothing but the text, as it is. What may be in
   it was checked (schedule_check). */
static int
print_texts(struct cli_context *c, const struct schedule_made *m)
{
	json_key(&c->json, "texts");
	json_array(&c->json);
	for (int i = 0; i < schedule_texts(m->kind); i++) {
		struct str name = STR_INIT, text = STR_INIT;
		schedule_file(&name, m->job.profile, m->kind, i);
		schedule_text(&text, &m->job, m->kind, i);
		json_object(&c->json);
		json_put_string(&c->json, "file", name.p);
		json_put_string(&c->json, "text", text.p);
		json_end(&c->json);
		if (schedule_texts(m->kind) > 1)
			out_line(&c->out, "# %s", name.p);
		out_add(&c->out, text.p);
		str_free(&text);
		str_free(&name);
	}
	json_end(&c->json);
	str_set(&c->message, "this would be installed");
	return EXITCODE_OK;
}

static int
say_installed(struct cli_context *c, const struct schedule_made *m,
    const struct str *where)
{
	struct str when = STR_INIT;
	schedule_when_text(&when, &m->job);
	cli_done(c, "'%s' %s %s from now on, by %s", m->job.profile,
	    does[m->job.apply ? 1 : 0], when.p, where->p);
	if (!m->job.apply && !c->globals.quiet)
		out_line(&c->out,
		    "When the log shows what you expect, install it again "
		    "with --mode apply.");
	str_free(&when);
	return EXITCODE_OK;
}

/* ---- the three ---- */

static int
fail(struct cli_context *c, const struct err *e, enum schedule_kind kind)
{
	if (e->code == ERR_EXISTS) {
		struct err refused = *e;
		refused.code = ERR_REFUSED;
		return cli_fail(c, &refused,
		    "look at it, and move it out of the way if you do not "
		    "need it");
	}
	if (e->code == ERR_UNSUPPORTED)
		return cli_fail(c, e,
		    "'coldsync watch' needs no scheduler; --print --using "
		    "shows what to give to one of your own");
	if (e->code == ERR_NOTFOUND)
		return cli_fail(c, e,
		    "%s is not to be had here: choose another with --using",
		    schedule_kind_name(kind));
	return cli_fail(c, e, NULL);
}

static int
install(struct cli_context *c, const struct config *config)
{
	const struct schedule_options *o = c->options;
	struct schedule_wish wish;
	struct schedule_made made;
	struct str where = STR_INIT;
	struct err e;
	int code;
	if (make_wish(&wish, o, &e) != 0)
		return cli_fail(c, &e, NULL);
	int rc = schedule_make(&made, config, &wish, &e);
	if (rc == 0)
		put_job(c, &made.job, made.kind);
	if (rc == 0 && !o->print)
		rc = schedule_install(&where, &made, &e);
	if (rc != 0)
		code = fail(c, &e, made.kind);
	else
		code = o->print ? print_texts(c, &made)
				: say_installed(c, &made, &where);
	str_free(&where);
	schedule_made_free(&made);
	return code;
}

static int
take_away(struct cli_context *c, const struct config *config)
{
	const struct schedule_options *o = c->options;
	struct err e;
	int rc = schedule_remove(config, o->using - 1, &e);
	if (rc < 0)
		return fail(c, &e, SCHEDULE_SYSTEMD);
	cli_done(c,
	    rc > 0 ? "'%s' was not scheduled"
		   : "'%s' is not scheduled any more",
	    config->profile);
	return EXITCODE_OK;
}

static int
say_state(struct cli_context *c, const struct config *config,
    const struct schedule_status *s)
{
	const char *trouble = schedule_state_trouble(s->state);
	struct str when = STR_INIT;
	int code = EXITCODE_OK;
	if (s->state == SCHEDULE_NONE) {
		cli_done(c, "'%s' is not scheduled", config->profile);
		return EXITCODE_OK;
	}
	if (s->sealed) {
		schedule_when_text(&when, &s->what.job);
		cli_done(c, "'%s' %s %s, by %s", config->profile,
		    does[s->what.job.apply ? 1 : 0], when.p, s->where.p);
	}
	if (trouble != NULL) {
		struct err e;
		err_set(&e, ERR_REFUSED, "%s: %s", s->where.p, trouble);
		code = cli_fail(c, &e, "%s", schedule_state_remedy(s->state));
	}
	str_free(&when);
	return code;
}

static int
show(struct cli_context *c, const struct config *config)
{
	const struct schedule_options *o = c->options;
	struct schedule_status s;
	struct err e;
	int code;
	if (schedule_look(&s, config, o->using - 1, &e) != 0) {
		code = fail(c, &e, s.kind);
	} else {
		json_put_string(
		    &c->json, "state", schedule_state_name(s.state));
		json_put_string(&c->json, "where", s.where.p);
		if (s.sealed)
			put_job(c, &s.what.job, s.kind);
		code = say_state(c, config, &s);
	}
	schedule_status_free(&s);
	return code;
}

/* ---- from begin to end ---- */

static const struct verb {
	const char *name;
	int (*run)(struct cli_context *c, const struct config *config);
} verbs[] = {
    {"install", install},
    {"remove", take_away},
    {"status", show},
};

static int
run_schedule(struct cli_context *c)
{
	const struct verb *verb = NULL;
	struct config config;
	struct err e;
	const char *word = c->args.n > 0 ? c->args.v[0] : "";
	for (size_t i = 0; i < COUNT_OF(verbs); i++)
		if (strcmp(verbs[i].name, word) == 0)
			verb = &verbs[i];
	if (verb == NULL) {
		err_set(
		    &e, ERR_USAGE, "schedule what? '%s' is none of it", word);
		return cli_fail(
		    c, &e, "say schedule install, remove or status");
	}
	int code = cli_profile(c, &config);
	if (code == EXITCODE_OK)
		code = verb->run(c, &config);
	config_free(&config);
	return code;
}

const struct command cmd_schedule = {
    .name = "schedule",
    .group = COMMAND_JOBS,
    .summary = "have the system sync a profile at its times",
    .args = "install|remove|status",
    .details =
	"Installs a job of your own, one for each profile: a systemd user "
	"timer (lines of the crontab where there is none), a launchd agent, or "
	"a task of the Windows Task Scheduler. It is a dry run until you say "
	"--mode apply. Options are for install.\n"
	"\n"
	"Status tells whether there is such a job and whether it starts this "
	"program, and notices one that was edited, stopped or is not "
	"coldsync's.\n"
	"\n"
	"  coldsync schedule install --every 15m\n"
	"  coldsync schedule install --daily 07:30 --mode apply\n"
	"  coldsync schedule install --on-login --print\n"
	"  coldsync schedule status",
    .options = options,
    .options_size = sizeof(struct schedule_options),
    .max_args = 1,
    .run = run_schedule,
};
