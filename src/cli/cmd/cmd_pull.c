/*
 * pull and push: sync in one direction, without asking.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/cmd/sync.h"
#include "cli/command.h"
#include "cli/exitcode.h"
#include "cli/out/json_plan.h"
#include "cli/out/words.h"
#include "platform/plat_fs.h"

struct pull_options {
	bool dry_run;
	int policy; /* 1 + the value; 0: as configured */
	bool allow_deletes, accept_cloud;
	struct opt_number wait;
	const char *folder;
};

#define AT(member) offsetof(struct pull_options, member)

static const struct opt options[] = {
    {.name = "dry-run",
	.kind = OPT_FLAG,
	.at = AT(dry_run),
	.help = "show what would be done, and do nothing"},
    {.name = "folder",
	.kind = OPT_TEXT,
	.at = AT(folder),
	.arg = "DIR",
	.help = "the profile whose local folder is DIR; where there is none "
		"that is fine, and nothing is said"},
    {.name = "policy",
	.kind = OPT_CHOICE,
	.at = AT(policy),
	.arg = "POLICY",
	.choices = words_policy,
	.help = "what to do about conflicts, instead of the config's "
		"conflict.policy"},
    {.name = "allow-deletes",
	.kind = OPT_FLAG,
	.at = AT(allow_deletes),
	.help = "also where unusually many files would be deleted, or one "
		"side is empty"},
    {.name = "wait",
	.kind = OPT_NUMBER,
	.at = AT(wait),
	.arg = "SECONDS",
	.min = 0,
	.max = 31536000,
	.help = "for the application to end and the cloud folder to be "
		"complete"},
    {.name = "accept-cloud",
	.kind = OPT_FLAG,
	.at = AT(accept_cloud),
	.help = "take the cloud folder as it is, also incomplete or without "
		"its marker; with '-- PATH...', only what is there"},
    {.name = NULL},
};

/* ---- which profile ---- */

/* Is the local folder of the profile *name* the one at *canonical*? A config
   with mistakes counts as far as it says so. */
static bool
is_folder(struct cli_context *c, const char *name, const char *canonical)
{
	struct str file = STR_INIT, local = STR_INIT;
	struct config config = {.file = NULL};
	struct config_problems problems = {.lines = STRLIST_INIT};
	struct err ignored; /* what cannot be found out is another folder */
	bool same = false;
	if (config_find(&file, NULL, name, &ignored) == 0) {
		(void)config_load(&config, file.p, &c->globals.sets, &problems);
		const char *dir = config.paths.local_state_dir;
		same = dir != NULL && dir[0] != '\0' &&
		    plat_canonical(&local, dir, &ignored) == 0 &&
		    strcmp(local.p, canonical) == 0;
		config_free(&config);
	}
	strlist_free(&problems.lines);
	str_free(&local);
	str_free(&file);
	return same;
}

/* The profile of the folder; NULL when there is none. */
static int
find_folder(
    char **out, struct cli_context *c, const char *folder, struct err *e)
{
	struct strlist names = STRLIST_INIT;
	struct str canonical = STR_INIT;
	int rc = plat_canonical(&canonical, folder, e);
	if (rc == 0)
		rc = config_profiles(&names, e);
	*out = NULL;
	for (size_t i = 0; i < names.n && rc == 0; i++) {
		if (!is_folder(c, names.v[i], canonical.p))
			continue;
		if (*out != NULL)
			rc = err_set(e, ERR_CONFIG,
			    "both '%s' and '%s' mirror %s", *out, names.v[i],
			    canonical.p);
		else
			*out = mem_string(names.v[i]);
	}
	str_free(&canonical);
	strlist_free(&names);
	return rc;
}

/* ---- one profile ---- */

static int
transfer(struct cli_context *c, const struct config *config)
{
	const struct pull_options *o = c->options;
	bool pull = c->command == &cmd_pull;
	struct sync_order order = {
	    .apply = !o->dry_run,
	    .reason = pull ? "pull" : "push",
	    .wish = {.direction = pull ? CONFIG_TO_LOCAL : CONFIG_TO_CLOUD,
		.policy = o->policy - 1},
	    .allow_deletes = o->allow_deletes,
	    .accept_cloud = o->accept_cloud,
	    .wait = o->wait,
	};
	struct strlist paths = STRLIST_INIT;
	struct run run;
	int code;
	if (sync_paused(&code, c, config))
		return code;
	code = sync_accept(
	    &order.accept_paths, &paths, c, config, o->accept_cloud);
	if (code == EXITCODE_OK) {
		struct sync_end end = sync_run(&run, c, config, &order);
		code = sync_tell(c, &run, &end);
		run_free(&run);
	} else {
		json_plan_none(&c->json, NULL);
	}
	strlist_free(&paths);
	return code;
}

static int
transfer_one(struct cli_context *c)
{
	return sync_profile(c, transfer);
}

static int
transfer_folder(struct cli_context *c, const char *folder)
{
	struct cli_globals *g = &c->globals;
	struct err e;
	char *name;
	int code = EXITCODE_OK;
	if (g->all || g->profile != NULL || g->config != NULL) {
		err_set(&e, ERR_USAGE,
		    "--folder chooses the profile, and so do -c, -p and --all");
		return cli_fail(c, &e, "give only one of them");
	}
	if (find_folder(&name, c, folder, &e) != 0) {
		err_wrap(&e, "--folder");
		code = cli_fail(c, &e, "name the profile with -p NAME");
	} else if (name == NULL) {
		str_set(&c->message, "no profile mirrors this folder");
		json_plan_none(&c->json, NULL);
	} else {
		g->profile = name;
		code = transfer_one(c);
		g->profile = NULL;
	}
	free(name);
	return code;
}

static int
run_transfer(struct cli_context *c)
{
	const struct pull_options *o = c->options;
	if (o->folder != NULL)
		return transfer_folder(c, o->folder);
	return c->globals.all ? cli_all(c, transfer_one) : transfer_one(c);
}

const struct command cmd_pull = {
    .name = "pull",
    .group = COMMAND_DAILY,
    .summary = "bring the cloud folder's changes to the local folder",
    .args = "[--accept-cloud -- PATH...]",
    .details =
	"As 'coldsync sync --apply --direction to_local': nothing is written "
	"to the cloud folder but what coldsync notes there for itself. What "
	"only changed here stays for the next sync "
	"or push.\n"
	"\n"
	"  coldsync pull\n"
	"  coldsync pull --folder ~/.local/share/my-app --quiet",
    .options = options,
    .options_size = sizeof(struct pull_options),
    .max_args = -1,
    .takes_all = true,
    .run = run_transfer,
};

const struct command cmd_push = {
    .name = "push",
    .group = COMMAND_DAILY,
    .summary = "bring the local folder's changes to the cloud folder",
    .args = "[--accept-cloud -- PATH...]",
    .details =
	"As 'coldsync sync --apply --direction to_cloud': nothing is written "
	"to the local folder. What only changed in the cloud stays for the "
	"next sync or pull.\n"
	"\n"
	"  coldsync push\n"
	"  coldsync push --dry-run -v",
    .options = options,
    .options_size = sizeof(struct pull_options),
    .max_args = -1,
    .takes_all = true,
    .run = run_transfer,
};
