#include <string.h>

#include "cli/exitcode.h"
#include "cli/init/init.h"
#include "engine/handoff/await.h"
#include "engine/profile/pause.h"
#include "engine/profile/setup.h"
#include "platform/plat_fs.h"

/* ---- is the place free? ---- */

/* Is the profile that is there paused? Who cannot read it does not know. */
static bool
is_paused(const char *file)
{
	struct config config = {.file = NULL};
	struct config_problems problems = {.lines = STRLIST_INIT};
	struct err ignored;
	bool paused = config_load(&config, file, NULL, &problems) == 0 &&
	    pause_is(NULL, &config, &ignored) > 0;
	config_free(&config);
	strlist_free(&problems.lines);
	return paused;
}

/* The profile in the config directory that mirrors *local* already. */
static bool
find_same_folder(struct str *out, const char *local, const char *but)
{
	struct strlist names = STRLIST_INIT;
	struct str want = STR_INIT;
	struct err ignored;
	if (plat_canonical(&want, local, &ignored) == 0)
		(void)config_profiles(&names, &ignored);
	for (size_t i = 0; i < names.n && out->len == 0; i++) {
		struct config config = {.file = NULL};
		struct config_problems problems = {.lines = STRLIST_INIT};
		struct str file = STR_INIT, have = STR_INIT;
		if (config_find(&file, NULL, names.v[i], &ignored) == 0 &&
		    strcmp(file.p, but) != 0) {
			(void)config_load(&config, file.p, NULL, &problems);
			if (plat_canonical(&have, config.paths.local_state_dir,
				&ignored) == 0 &&
			    strcmp(have.p, want.p) == 0)
				str_add(out, names.v[i]);
			config_free(&config);
		}
		strlist_free(&problems.lines);
		str_free(&file);
		str_free(&have);
	}
	strlist_free(&names);
	str_free(&want);
	return out->len > 0;
}

static int
refuse_twice(struct init *in)
{
	struct str other = STR_INIT;
	struct err e;
	int code = EXITCODE_OK;
	if (find_same_folder(&other, in->local.p, in->file.p)) {
		err_set(&e, ERR_REFUSED, "the profile '%s' mirrors %s already",
		    other.p, in->local.p);
		code = cli_fail(in->c, &e,
		    "use it: 'coldsync -p %s plan'; or add --force if the "
		    "folder is to have two mirrors",
		    other.p);
	}
	str_free(&other);
	return code;
}

int
init_may_write(struct init *in)
{
	struct err e;
	if (in->o->force)
		return EXITCODE_OK;
	if (!setup_exists(in->file.p))
		return refuse_twice(in);
	if (is_paused(in->file.p)) {
		err_set(&e, ERR_REFUSED,
		    "%s is there already, and its profile is paused",
		    in->file.p);
		return cli_fail(in->c, &e,
		    "'coldsync resume' takes it up again with all it knows; "
		    "--force writes a new one");
	}
	err_set(&e, ERR_REFUSED, "%s is there already", in->file.p);
	return cli_fail(in->c, &e,
	    "add --force to replace it (the old one is kept beside it), or "
	    "give the new profile a name with -p NAME");
}

/* ---- the text ---- */

/* What was filled in is what the config says: a path may hold what a config
   takes for a variable, or begin with a blank. */
static bool
reads_back(const struct init *in)
{
	const char *label = in->o->label != NULL ? in->o->label : "";
	return strcmp(in->config.identity.label, label) == 0 &&
	    strcmp(in->config.paths.local_state_dir, in->local.p) == 0 &&
	    strcmp(in->config.paths.cloud_root_dir, in->cloud.p) == 0 &&
	    strcmp(in->config.identity.machine_id, in->machine.p) == 0;
}

static int
complain(struct init *in, const struct strlist *problems)
{
	struct err e;
	for (size_t i = 0; i < problems->n; i++)
		out_line(&in->c->err, "%s", problems->v[i]);
	if (problems->n > 0)
		err_set(&e, ERR_CONFIG,
		    "this would be no valid config; nothing was written");
	else
		err_set(&e, ERR_CONFIG,
		    "what is given cannot be written into a config: it holds "
		    "'${', a line break, or blanks at an end");
	return cli_fail(in->c, &e,
	    "give other values for what is named, then run 'coldsync init' "
	    "again");
}

int
init_compose(struct init *in)
{
	struct config_problems problems = {.lines = STRLIST_INIT};
	struct str local = STR_INIT, cloud = STR_INIT;
	init_short(&local, in, in->local.p);
	init_short(&cloud, in, in->cloud.p);
	struct template_values values = {.machine_id = in->machine.p,
	    .label = in->o->label,
	    .local = local.p,
	    .cloud = cloud.p};
	template_fill(&in->text, &in->template, &values);
	int rc = config_load_text(
	    &in->config, in->file.p, in->text.p, in->text.len, &problems);
	int code = rc == 0 && reads_back(in) ? EXITCODE_OK
					     : complain(in, &problems.lines);
	strlist_free(&problems.lines);
	str_free(&local);
	str_free(&cloud);
	return code;
}

/* ---- joining ---- */

/* Somebody who set up another machine a minute ago waits so long. */
enum { JOIN_SECONDS = 600 };

int
init_await(struct init *in)
{
	const struct opt_number *wait = &in->o->wait;
	struct cli_context *c = in->c;
	struct err e;
	if (!in->o->join)
		return EXITCODE_OK;
	int64_t seconds = wait->given ? wait->value : JOIN_SECONDS;
	int rc = await_marker(in->cloud.p, 0, &e);
	if (rc > 0 && seconds > 0) {
		if (!c->globals.quiet)
			out_line(&c->out,
			    "waiting for what the other machine put into %s …",
			    in->cloud.p);
		(void)out_flush(&c->out, &e);
		rc = await_marker(in->cloud.p, seconds, &e);
	}
	if (rc == 0)
		return EXITCODE_OK;
	if (rc > 0)
		err_set(&e, ERR_REFUSED,
		    "no other machine has put anything into %s yet; nothing "
		    "was written",
		    in->cloud.p);
	return cli_fail(c, &e,
	    "sync the other machine first and let the cloud client deliver; "
	    "if this is the first machine, leave --join out");
}

/* ---- writing ---- */

/* The cloud folder is made for who sets up the first machine; not where more
   than its last part is missing, which is how a typing mistake looks, nor for
   who joins: that folder has to arrive. */
static void
make_cloud(struct init *in)
{
	struct err e;
	bool all;
	char why[ERR_TEXT_SIZE];
	if (in->o->join)
		return;
	bool carried = init_carrier(in, in->cloud.p, &all) != NULL;
	int rc = setup_folder(in->cloud.p, carried, &e);
	if (rc < 0)
		cli_warn(in->c, "the cloud folder could not be made: %s",
		    err_text(&e, why, sizeof(why)));
	else if (rc == 2)
		cli_warn(in->c,
		    "there is no folder %s, nor the one above it: is the path "
		    "right, and the cloud client set up on this machine?",
		    in->cloud.p);
	else if (rc == 0 && !in->c->globals.quiet)
		out_line(&in->c->out, "made the folder %s", in->cloud.p);
}

int
init_write(struct init *in)
{
	struct err e;
	if (setup_write(in->file.p, &in->text, in->o->force, &e) != 0)
		return cli_fail(in->c, &e,
		    "name another file with --output, or see who may write "
		    "there");
	make_cloud(in);
	return EXITCODE_OK;
}
