#include <stddef.h>
#include <string.h>

#include "base/mem.h"
#include "cli/ask.h"
#include "cli/cmd/sync.h"
#include "cli/command.h"
#include "cli/exitcode.h"
#include "cli/init/init.h"
#include "cli/out/doctor.h"
#include "config/config_value.h"
#include "platform/plat_env.h"

#define AT(member) offsetof(struct init_options, member)

static const struct opt options[] = {
    {.name = "template",
	.letter = 't',
	.kind = OPT_TEXT,
	.at = AT(template),
	.arg = "NAME",
	.help = "which application it is for; 'generic' for any"},
    {.name = "list-templates",
	.kind = OPT_FLAG,
	.at = AT(list_templates),
	.help = "list the templates, and do nothing else"},
    {.name = "local",
	.kind = OPT_TEXT,
	.at = AT(local),
	.arg = "DIR",
	.help = "the folder the application keeps its state in"},
    {.name = "cloud",
	.kind = OPT_TEXT,
	.at = AT(cloud),
	.arg = "DIR",
	.help = "the folder inside the cloud-synced one that mirrors it"},
    {.name = "machine-id",
	.kind = OPT_TEXT,
	.at = AT(machine_id),
	.arg = "ID",
	.help = "this machine's name among those that share the folder; the "
		"host name when left out"},
    {.name = "label",
	.kind = OPT_TEXT,
	.at = AT(label),
	.arg = "TEXT",
	.help = "what people call this machine"},
    {.name = "output",
	.letter = 'o',
	.kind = OPT_TEXT,
	.at = AT(output),
	.arg = "FILE",
	.help = "where to write the config; the config directory when left "
		"out"},
    {.name = "force",
	.kind = OPT_FLAG,
	.at = AT(force),
	.help = "replace a config that is there; the old one is kept beside "
		"it"},
    {.name = "join",
	.kind = OPT_FLAG,
	.at = AT(join),
	.help = "another machine uses this cloud folder already: never make "
		"it, wait for what that machine put there"},
    {.name = "wait",
	.kind = OPT_NUMBER,
	.at = AT(wait),
	.arg = "SECONDS",
	.max = 604800, /* a week */
	.help = "with --join: how long to wait, 600 when left out"},
    {.name = NULL},
};

/* ---- listing ---- */

static int
list_templates(struct cli_context *c)
{
	static const struct out_column columns[] = {
	    {.title = NULL}, {.title = NULL, .fits = true}};
	struct out_table table;
	const char *name;
	size_t n = 0;
	out_table_init(&table, columns, COUNT_OF(columns));
	json_key(&c->json, "templates");
	json_array(&c->json);
	for (; (name = template_name(n)) != NULL; n++) {
		struct template t;
		(void)template_load(&t, name);
		out_table_cell(&table, name);
		out_table_cell(&table, t.title.p);
		json_object(&c->json);
		json_put_string(&c->json, "name", name);
		json_put_string(&c->json, "title", t.title.p);
		json_end(&c->json);
		template_free(&t);
	}
	json_end(&c->json);
	out_table_print(&c->out, &table);
	str_addf(&c->message, "%zu templates", n);
	return EXITCODE_OK;
}

/* ---- what was not given ---- */

/* To whoever stopped answering. */
#define NOTHING_YET "nothing was written; run 'coldsync init' again"

static int
stop_asking(struct init *in, int rc, struct err *e)
{
	if (rc < 0)
		return cli_fail(in->c, e, NOTHING_YET);
	err_set(e, ERR_USAGE, "the input ended before everything was answered");
	return cli_fail(
	    in->c, e, NOTHING_YET ", or give --template, --local and --cloud");
}

static int
ask_missing(struct init *in)
{
	struct err e;
	int rc = 0;
	if (in->template.name == NULL || in->local.len == 0)
		detect_applications(&in->apps, &in->home.home);
	if (in->template.name == NULL)
		rc = init_ask_template(in, &e);
	if (rc == 0 && in->local.len == 0)
		rc = init_ask_local(in, &e);
	if (rc == 0 && in->cloud.len == 0)
		rc = init_ask_cloud(in, &e);
	if (rc == 0 && in->machine.len == 0)
		rc = init_ask_machine(in, &e);
	return rc == 0 ? EXITCODE_OK : stop_asking(in, rc, &e);
}

static void
default_machine(struct init *in)
{
	struct str host = STR_INIT;
	plat_host_name(&host);
	if (in->machine.len == 0)
		config_machine_id(&in->machine, host.p);
	str_free(&host);
}

/* Where the config goes: as said, or by the profile's name, or by the
   template's. */
static int
choose_file(struct init *in)
{
	const struct cli_globals *g = &in->c->globals;
	const char *given = in->o->output != NULL ? in->o->output : g->config;
	struct err e;
	if (given != NULL) {
		str_add(&in->file, given);
		return EXITCODE_OK;
	}
	if (config_dir(&in->file, &e) != 0)
		return cli_fail(in->c, &e, "name the file with --output");
	str_addf(&in->file, "/%s.ini",
	    g->profile != NULL ? g->profile : in->template.name);
	return EXITCODE_OK;
}

/* ---- all of it ---- */

static void
answer(struct init *in)
{
	struct cli_context *c = in->c;
	json_path(&c->json, "file", in->file.p, in->file.len);
	json_put_string(&c->json, "template", in->template.name);
	c->profile = mem_string(in->config.profile);
	c->machine = mem_string(in->config.identity.machine_id);
}

/* At a terminal nothing is written before it was seen and agreed to. */
static int
agree(bool *yes, struct init *in)
{
	struct err e;
	struct str question = STR_INIT;
	*yes = true;
	if (!in->asks)
		return EXITCODE_OK;
	init_show(in);
	str_add(&question, "Write ");
	init_short(&question, in, in->file.p);
	str_addc(&question, '?');
	int rc = ask_unless_no(in->c, &e, question.p);
	str_free(&question);
	if (rc < 0)
		return cli_fail(in->c, &e, NOTHING_YET);
	*yes = rc > 0;
	if (!*yes)
		cli_done(in->c, "nothing was written");
	return EXITCODE_OK;
}

/* Whoever sits there sees whether it is going to work, and, if they like, what
   the first sync would do. What is wrong now can be put right later: the
   profile is set up all the same. */
static int
rehearse(struct init *in)
{
	struct cli_context *c = in->c;
	struct err e;
	if (!in->asks)
		return EXITCODE_OK;
	out_add(&c->out, "\nChecking what a sync depends on:\n");
	if (doctor_show(c, &in->config, true) != EXITCODE_OK) {
		cli_warn(c, "%s; 'coldsync doctor' checks again", c->message.p);
		return EXITCODE_OK;
	}
	int yes = ask_unless_no(
	    c, &e, "Show what the first sync would do, without doing it?");
	if (yes < 0)
		return cli_fail(c, &e, "'%s' is set up all the same: %s",
		    in->config.profile, in->file.p);
	if (yes == 0)
		return EXITCODE_OK;
	struct run run;
	struct sync_order look = {.reason = "plan", .wish = SYNC_WISH};
	struct sync_end end = sync_run(&run, c, &in->config, &look);
	(void)sync_tell(c, &run, &end);
	run_free(&run);
	in->rehearsed = true;
	out_add(&c->out, "\n");
	return EXITCODE_OK;
}

static int
create(struct init *in)
{
	bool yes = false;
	int code = in->asks ? ask_missing(in) : init_refuse_missing(in);
	if (code != EXITCODE_OK)
		return code;
	default_machine(in);
	if ((code = choose_file(in)) != EXITCODE_OK ||
	    (code = init_may_write(in)) != EXITCODE_OK ||
	    (code = init_compose(in)) != EXITCODE_OK)
		return code;
	init_warn(in);
	if ((code = agree(&yes, in)) != EXITCODE_OK || !yes ||
	    (code = init_await(in)) != EXITCODE_OK ||
	    (code = init_write(in)) != EXITCODE_OK ||
	    (code = rehearse(in)) != EXITCODE_OK)
		return code;
	answer(in);
	init_next(in);
	return EXITCODE_OK;
}

static int
run(struct cli_context *c)
{
	struct init in = {.c = c,
	    .o = c->options,
	    .asks = ask_possible(c),
	    .home = {.dir = STR_INIT},
	    .template = {.title = STR_INIT, .text = STR_INIT},
	    .file = STR_INIT,
	    .local = STR_INIT,
	    .cloud = STR_INIT,
	    .machine = STR_INIT,
	    .text = STR_INIT};
	if (in.o->list_templates)
		return list_templates(c);
	int code = init_take(&in);
	if (code == EXITCODE_OK)
		code = create(&in);
	config_free(&in.config);
	template_free(&in.template);
	detected_free(&in.apps);
	detected_free(&in.clouds);
	home_close(&in.home);
	str_free(&in.file);
	str_free(&in.local);
	str_free(&in.cloud);
	str_free(&in.machine);
	str_free(&in.text);
	return code;
}

const struct command cmd_init = {
    .name = "init",
    .aliases = {"init-config"},
    .group = COMMAND_SETUP,
    .summary = "set up a profile from a template",
    .args = "",
    .details =
	"Writes the config of a new profile: which application's folder is "
	"mirrored, to which folder in the cloud, and what never leaves this "
	"machine. On a terminal it finds applications and cloud folders, asks "
	"for what is missing, and shows what it is going to do; otherwise "
	"--template, --local and --cloud have to be given. The profile is "
	"called as the template is, or as -p says.\n"
	"\n"
	"Nothing is synced by this itself.\n"
	"\n"
	"  coldsync init\n"
	"  coldsync init --template codex --local ~/.codex --cloud "
	"~/Dropbox/codex\n"
	"  coldsync init --join --template codex --local ~/.codex --cloud "
	"~/Dropbox/codex",
    .options = options,
    .options_size = sizeof(struct init_options),
    .run = run,
};
