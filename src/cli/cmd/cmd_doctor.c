#include <string.h>

#include "base/text.h"
#include "cli/command.h"
#include "cli/exitcode.h"
#include "cli/out/doctor.h"
#include "cli/out/wrap.h"
#include "engine/doctor/doctor.h"

static const struct {
	const char *word, *shown;
	enum out_style style;
} words[] = {
    [DOCTOR_PASS] = {"pass", "ok    ", OUT_GOOD},
    [DOCTOR_WARN] = {"warn", "warn  ", OUT_WARN},
    [DOCTOR_FAIL] = {"fail", "FAIL  ", OUT_BAD},
};

enum { INDENT = 6, ID_WIDTH = 19 };

/* ---- for programs ---- */

static void
add_json(struct json *j, const struct doctor *d)
{
	json_key(j, "checks");
	json_array(j);
	for (size_t i = 0; i < d->n; i++) {
		json_object(j);
		json_put_string(j, "id", d->v[i].id);
		json_put_string(j, "status", words[d->v[i].status].word);
		json_put_string(j, "detail", d->v[i].detail);
		json_put_string(j, "remedy", d->v[i].remedy);
		json_end(j);
	}
	json_end(j);
}

/* ---- for people ---- */

static void
add_wrapped(struct out *o, const char *text, size_t from, size_t indent)
{
	struct str shown = STR_INIT, lines = STR_INIT;
	text_show(&shown, text, strlen(text));
	wrap_text(&lines, shown.p, indent, out_help_width(o));
	out_add(o, lines.p + (from < lines.len ? from : lines.len));
	str_free(&shown);
	str_free(&lines);
}

/* On a narrow terminal the name stands on a line of its own. */
static void
show_check(struct out *o, const struct doctor_check *check)
{
	bool narrow = out_help_width(o) < 60;
	size_t column = narrow ? INDENT : INDENT + ID_WIDTH;
	out_style(
	    o, words[check->status].style, "%s", words[check->status].shown);
	if (narrow)
		out_line(o, "%s", check->id);
	else
		out_style(o, OUT_PLAIN, "%-*s", ID_WIDTH, check->id);
	add_wrapped(o, check->detail, narrow ? 0 : column, column);
	if (check->remedy == NULL)
		return;
	struct str remedy = STR_INIT;
	str_addf(&remedy, "-> %s.", check->remedy);
	add_wrapped(o, remedy.p, 0, column);
	str_free(&remedy);
}

static void
show_all(struct cli_context *c, const struct doctor *d, bool only_trouble)
{
	for (size_t i = 0; i < d->n; i++)
		if (!only_trouble || d->v[i].status != DOCTOR_PASS)
			show_check(&c->out, &d->v[i]);
}

/* Which failed, for who reads one line only. */
static void
name_failures(struct cli_context *c, const struct doctor *d, size_t failed)
{
	str_clear(&c->message);
	str_addf(&c->message, "%zu check%s failed: ", failed,
	    failed == 1 ? "" : "s");
	size_t begin = c->message.len;
	for (size_t i = 0; i < d->n; i++)
		if (d->v[i].status == DOCTOR_FAIL)
			str_addf(&c->message, "%s%s",
			    c->message.len > begin ? ", " : "", d->v[i].id);
}

static void
sum_up(struct cli_context *c, const struct doctor *d)
{
	size_t warnings = doctor_count(d, DOCTOR_WARN);
	struct str text = STR_INIT;
	str_addf(&text, "%zu checks: ", d->n);
	if (warnings > 0)
		str_addf(&text, "%zu warning%s, no failure", warnings,
		    warnings == 1 ? "" : "s");
	else
		str_add(&text, "all is well");
	cli_done(c, "%s", text.p);
	str_free(&text);
}

int
doctor_show(
    struct cli_context *c, const struct config *config, bool only_trouble)
{
	const struct cli_globals *g = &c->globals;
	struct doctor d = {.v = NULL};
	doctor_look(&d, config, cli_threads(g));
	size_t failed = doctor_count(&d, DOCTOR_FAIL);
	if (g->json)
		add_json(&c->json, &d);
	if (!g->quiet || failed > 0)
		show_all(c, &d, only_trouble || g->quiet);
	if (failed == 0)
		sum_up(c, &d);
	else
		name_failures(c, &d, failed);
	doctor_free(&d);
	return failed == 0 ? EXITCODE_OK : EXITCODE_REFUSED;
}

/* ---- the command ---- */

/* A config that cannot be read is a finding, too. */
static void
add_bad_config(struct cli_context *c)
{
	struct doctor d = {.v = NULL};
	struct str unknown = STR_INIT;
	doctor_add(&d, "config", DOCTOR_FAIL, c->message.p,
	    "correct what is named, and check it with 'coldsync validate'");
	str_addf(&unknown, "%zu name%s in it %s not known", c->unknown,
	    c->unknown == 1 ? "" : "s", c->unknown == 1 ? "is" : "are");
	if (c->unknown > 0)
		doctor_add(&d, "unknown_keys", DOCTOR_FAIL, unknown.p,
		    "'coldsync validate' names them, and the nearest known "
		    "ones");
	add_json(&c->json, &d);
	doctor_free(&d);
	str_free(&unknown);
}

static int
doctor_one(struct cli_context *c)
{
	struct config config;
	int code = cli_profile(c, &config);
	if (code != EXITCODE_OK) {
		add_bad_config(c);
	} else if ((code = doctor_show(c, &config, false)) != EXITCODE_OK) {
		struct str why = STR_INIT;
		str_add(&why, c->message.p);
		cli_why(c, why.p,
		    "do what stands behind '->' below each FAIL, then run "
		    "'coldsync doctor' again");
		str_free(&why);
	}
	config_free(&config);
	return code;
}

static int
run(struct cli_context *c)
{
	return c->globals.all ? cli_all(c, doctor_one) : doctor_one(c);
}

const struct command cmd_doctor = {
    .name = "doctor",
    .aliases = {"preflight"},
    .group = COMMAND_SETUP,
    .summary = "check everything a sync depends on, and say what to do",
    .args = "",
    .details =
	"Looks at the config, both folders, their disks, the application, what "
	"earlier runs left and what the cloud folder holds. Each check says "
	"what it found and, where that is not good, what to do. Changes "
	"nothing, and opens no file to see whether it could be written. Ends "
	"with 5 when "
	"a check failed; warnings are no failure.\n"
	"\n"
	"  coldsync doctor\n"
	"  coldsync doctor --all --json",
    .takes_all = true,
    .run = run,
};
