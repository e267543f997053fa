#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "cli/ask.h"
#include "cli/cmd/sync.h"
#include "cli/command.h"
#include "cli/exitcode.h"
#include "cli/out/words.h"
#include "platform/plat_env.h"

struct restore_options {
	bool dry_run, apply, accept_cloud;
	const char *from, *to;
	int target; /* 1 + enum side; 0: not given */
};

#define AT(member) offsetof(struct restore_options, member)

static const struct opt options[] = {
    {.name = "from",
	.kind = OPT_TEXT,
	.at = AT(from),
	.arg = "ID",
	.help = "the snapshot whose name begins like this, instead of the "
		"newest complete one of this machine that holds something of "
		"the target"},
    {.name = "target",
	.kind = OPT_CHOICE,
	.at = AT(target),
	.arg = "local|cloud",
	.choices = words_sides,
	.help = "the folder whose files come back, and where to; local unless "
		"told otherwise"},
    {.name = "to",
	.kind = OPT_TEXT,
	.at = AT(to),
	.arg = "DIR",
	.help = "into this directory instead, which is empty or not there "
		"yet"},
    {.name = "dry-run",
	.kind = OPT_FLAG,
	.at = AT(dry_run),
	.help = "show what would be done, and do nothing"},
    {.name = "apply",
	.letter = 'y',
	.kind = OPT_FLAG,
	.at = AT(apply),
	.help = "do it without asking"},
    {.name = "accept-cloud",
	.kind = OPT_FLAG,
	.at = AT(accept_cloud),
	.help = "with --target cloud: take that folder as it is, though it "
		"is not what the machines published"},
    {.name = NULL},
};

/* ---- what is wanted ---- */

/* A path named in full, below the folder that is meant, is one in it. */
static char *
below_root(const char *arg, const char *root)
{
	struct str text = STR_INIT, canonical = STR_INIT;
	struct err ignored; /* then it is taken as it stands */
	str_add(&text, arg);
	if (strcmp(plat_os(), "windows") == 0)
		for (char *p = text.p; *p != '\0'; p++)
			*p = (char)(*p == '\\' ? '/' : *p);
	if (plat_canonical(&canonical, root, &ignored) == 0 &&
	    path_within(text.p, text.len, canonical.p, canonical.len)) {
		const char *rest = text.p + canonical.len;
		str_clear(&canonical);
		str_add(&canonical, rest[0] == '/' ? rest + 1 : ".");
		str_free(&text);
		return str_take(&canonical);
	}
	str_free(&canonical);
	return str_take(&text);
}

static void
read_paths(struct strlist *out, const struct cli_context *c,
    const struct config *config, enum side side)
{
	const char *root = side == SIDE_LOCAL ? config->paths.local_state_dir
					      : config->paths.cloud_root_dir;
	for (int i = 0; i < c->args.n; i++) {
		char *path = below_root(c->args.v[i], root);
		strlist_add(out, path);
		free(path);
	}
}

/* ---- doing it ---- */

/* Neither side has a part in what goes elsewhere. */
static bool
is_paused(int *code, struct cli_context *c, const struct config *config)
{
	const struct restore_options *o = c->options;
	return o->to == NULL && sync_paused(code, c, config);
}

static int
carry_out(
    struct cli_context *c, const struct config *config, struct sync_order *o)
{
	const struct restore_options *opt = c->options;
	struct run run;
	int code;
	if (is_paused(&code, c, config))
		return code;
	o->apply = !opt->dry_run;
	if (!opt->dry_run && !opt->apply && !sync_agree(&code, c, config, o))
		return code;
	struct sync_end end = sync_run(&run, c, config, o);
	code = sync_tell(c, &run, &end);
	run_free(&run);
	return code;
}

static int
restore(struct cli_context *c, const struct config *config)
{
	const struct restore_options *o = c->options;
	struct strlist paths = STRLIST_INIT;
	struct restore_wish wish = {.from = o->from,
	    .side = o->target > 0 ? (enum side)(o->target - 1) : SIDE_LOCAL,
	    .to = o->to};
	struct sync_order order = {
	    .errand = o->to != NULL ? RUN_EXTRACT : RUN_RESTORE,
	    .reason = "restore",
	    .wish = SYNC_WISH,
	    .restore = &wish,
	    .accept_cloud = o->accept_cloud};
	read_paths(&paths, c, config, wish.side);
	wish.paths = (const char *const *)paths.v;
	wish.npaths = paths.n;
	int code = carry_out(c, config, &order);
	strlist_free(&paths);
	return code;
}

static int
run_restore(struct cli_context *c)
{
	const struct restore_options *o = c->options;
	struct err e;
	bool cloud = o->target == 1 + SIDE_CLOUD && o->to == NULL;
	if (o->accept_cloud && !cloud) {
		err_set(&e, ERR_USAGE,
		    "--accept-cloud is about what goes into the cloud folder");
		return cli_fail(c, &e, "leave it out, or add --target cloud");
	}
	int code = sync_may_ask(c, o->dry_run, o->apply);
	return code == EXITCODE_OK ? sync_profile(c, restore) : code;
}

const struct command cmd_restore = {
    .name = "restore",
    .group = COMMAND_SAFETY,
    .summary = "bring files back from a snapshot",
    .args = "[PATH...]",
    .details =
	"Brings back what a snapshot keeps: all of it, or what the paths and "
	"globs name, as it was then. Everything is read and checked before "
	"anything is written; what gives way is kept in a new snapshot; "
	"files the snapshot does not know stay. A database comes back with "
	"its companions. While the application is running nothing is done.\n"
	"\n"
	"What comes back into the local folder is a change like any other: "
	"the next sync brings it to the cloud. Into the cloud folder nothing "
	"is brought back while that is not complete. Without --dry-run and "
	"--apply "
	"shows what would be done, and asks.\n"
	"\n"
	"  coldsync restore notes/todo.md\n"
	"  coldsync restore --from 20261120T2351 --dry-run 'sessions/*.jsonl'\n"
	"  coldsync restore --target cloud --to /tmp/look --apply",
    .options = options,
    .options_size = sizeof(struct restore_options),
    .max_args = -1,
    .run = run_restore,
};
