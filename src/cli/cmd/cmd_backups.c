#include <string.h>

#include "base/num.h"
#include "cli/command.h"
#include "cli/exitcode.h"
#include "cli/out/backups_view.h"

struct backups_options {
	bool dry_run;
};

static const struct opt options[] = {
    {.name = "dry-run",
	.kind = OPT_FLAG,
	.at = offsetof(struct backups_options, dry_run),
	.help = "prune: only say what would go, and why"},
    {.name = NULL},
};

static void
begin_array(struct cli_context *c)
{
	json_key(&c->json, "backups");
	json_array(&c->json);
}

static const char list_hint[] = "'coldsync backups list' shows which there are";

/* ---- list ---------------------------------------------------------------- */

static void
tell_others(struct cli_context *c, const struct backups *b)
{
	if (b->list.others.n == 0)
		return;
	if (c->globals.verbose == 0) {
		cli_warn(c,
		    "the backup directory holds %zu thing%s that %s not ours: "
		    "-v names them",
		    b->list.others.n, b->list.others.n == 1 ? "" : "s",
		    b->list.others.n == 1 ? "is" : "are");
		return;
	}
	for (size_t i = 0; i < b->list.others.n; i++)
		cli_warn(c, "'%s' in the backup directory is not ours",
		    b->list.others.v[i]);
}

static int
list(
    struct cli_context *c, const struct backups *b, const struct config *config)
{
	size_t n = 0;
	UNUSED(config);
	begin_array(c);
	for (size_t i = 0; i < b->list.n; i++) {
		if (!backups_worth_showing(&b->list.v[i]))
			continue;
		backups_put(&c->json, &b->list.v[i], NULL);
		n++;
	}
	json_end(&c->json);
	tell_others(c, b);
	if (n == 0) {
		cli_done(c, "there is no snapshot yet");
		return EXITCODE_OK;
	}
	backups_show_list(&c->out, b);
	str_addf(&c->message, "%zu snapshot%s", n, n == 1 ? "" : "s");
	return EXITCODE_OK;
}

/* ---- show ---------------------------------------------------------------- */

static int
show(
    struct cli_context *c, const struct backups *b, const struct config *config)
{
	struct err e;
	struct snapread *r;
	UNUSED(config);
	const struct snaplist_item *item = backups_find(b, c->args.v[1], &e);
	if (item == NULL)
		return cli_fail(c, &e, "%s", list_hint);
	if (snapread_open(&r, b->dir, item->id, &e) != 0)
		return cli_fail(
		    c, &e, "'coldsync backups verify' tells all that is wrong");
	struct backups_news news = {.shown = snapread_manifest(r)};
	begin_array(c);
	backups_put(&c->json, item, &news);
	json_end(&c->json);
	backups_show_one(&c->out, item, news.shown);
	str_set(&c->message, item->id);
	snapread_close(r);
	return EXITCODE_OK;
}

/* ---- verify -------------------------------------------------------------- */

struct tally {
	size_t good, bad, skipped;
};

static int
verify_one(struct cli_context *c, const struct backups *b,
    const struct snaplist_item *item, struct tally *t)
{
	struct strlist problems = STRLIST_INIT;
	struct backups_news news = {.problems = &problems};
	struct err e;
	int code = EXITCODE_OK;
	if (backups_verify(&problems, b, item, &e) != 0) {
		code = cli_fail(c, &e, NULL);
	} else {
		backups_put(&c->json, item, &news);
		*(problems.n == 0 ? &t->good : &t->bad) += 1;
		out_style(&c->out, problems.n == 0 ? OUT_GOOD : OUT_BAD, "%s",
		    problems.n == 0 ? "good" : "BAD ");
		out_line(&c->out, "  %s", item->id);
		for (size_t i = 0; i < problems.n; i++)
			out_line(&c->out, "      %s", problems.v[i]);
	}
	strlist_free(&problems);
	return code;
}

static int
verify_each(struct cli_context *c, const struct backups *b,
    const struct snaplist_item *only, struct tally *t)
{
	for (size_t i = 0; i < b->list.n; i++) {
		const struct snaplist_item *item = &b->list.v[i];
		if (only != NULL ? only != item : !backups_worth_showing(item))
			continue;
		if (item->form == SNAPREAD_PARTIAL) {
			t->skipped++;
			out_line(&c->out, "      %s is not complete", item->id);
			continue;
		}
		int code = verify_one(c, b, item, t);
		if (code != EXITCODE_OK)
			return code;
	}
	return EXITCODE_OK;
}

static int
verify(
    struct cli_context *c, const struct backups *b, const struct config *config)
{
	struct err e;
	struct tally t = {.good = 0};
	const struct snaplist_item *only = NULL;
	UNUSED(config);
	if (c->args.n > 1) {
		only = backups_find(b, c->args.v[1], &e);
		if (only == NULL)
			return cli_fail(c, &e, "%s", list_hint);
		if (only->form == SNAPREAD_PARTIAL) {
			err_set(
			    &e, ERR_REFUSED, "'%s' is not complete", only->id);
			return cli_fail(c, &e,
			    "the next sync finishes what was interrupted");
		}
	}
	begin_array(c);
	int code = verify_each(c, b, only, &t);
	json_end(&c->json);
	if (code != EXITCODE_OK)
		return code;
	if (t.bad > 0) {
		struct str why = STR_INIT;
		str_addf(&why, "%zu of %zu snapshots %s damaged", t.bad,
		    t.bad + t.good, t.bad == 1 ? "is" : "are");
		cli_why(c, why.p,
		    "what is damaged is listed; everything else in it can "
		    "still be copied out by hand");
		str_free(&why);
		return EXITCODE_FAILED;
	}
	cli_done(c, "%zu snapshot%s verified, all good", t.good,
	    t.good == 1 ? "" : "s");
	return EXITCODE_OK;
}

/* ---- prune --------------------------------------------------------------- */

static void
put_prune(struct cli_context *c, const struct prune *p, bool dry)
{
	size_t n = p->v != NULL ? p->backups.list.n : 0;
	begin_array(c);
	for (size_t i = 0; i < n; i++) {
		struct str why = STR_INIT;
		bool goes = retention_goes(p->v[i].reason);
		struct backups_news news = {.action = dry || !goes
			? goes ? "remove" : "keep"
			: p->removed[i] ? "removed"
					: "failed"};
		prune_reason(&why, p, i);
		news.why = why.p;
		if (backups_worth_showing(&p->backups.list.v[i]))
			backups_put(&c->json, &p->backups.list.v[i], &news);
		str_free(&why);
	}
	json_end(&c->json);
	json_put_bool(&c->json, "applied", !dry);
	json_put_uint(&c->json, "removed", p->nremoved);
	json_put_uint(&c->json, "bytes", p->bytes);
}

static void
say_pruned(struct cli_context *c, const struct prune *p, bool dry)
{
	struct str size = STR_INIT;
	size_t n = p->nremoved;
	uint64_t bytes = p->bytes;
	for (size_t i = 0; dry && i < p->backups.list.n; i++) {
		if (!retention_goes(p->v[i].reason))
			continue;
		n++;
		bytes += p->backups.list.v[i].bytes;
	}
	num_size(&size, bytes);
	cli_done(c, "%zu snapshot%s %s (%s)", n, n == 1 ? "" : "s",
	    dry ? "would go" : "removed", size.p);
	str_free(&size);
}

static int
prune(struct cli_context *c, const struct config *config)
{
	const struct backups_options *o = c->options;
	struct prune p;
	struct err e;
	int code = EXITCODE_OK;
	int rc = prune_profile(&p, config, o->dry_run, &e);
	put_prune(c, &p, o->dry_run);
	if (p.v != NULL)
		backups_show_prune(&c->out, &p, o->dry_run);
	if (rc != 0)
		code = cli_fail(c, &e, NULL);
	else
		say_pruned(c, &p, o->dry_run);
	prune_free(&p);
	return code;
}

/* ---- the command --------------------------------------------------------- */

typedef int look_fn(struct cli_context *c, const struct backups *b,
    const struct config *config);
typedef int work_fn(struct cli_context *c, const struct config *config);

/* Either of them looks; the second kind may change something. */
static const struct verb {
	const char *name;
	int min_args, max_args;
	look_fn *look;
	work_fn *work;
} verbs[] = {
    {"list", 0, 0, list, NULL},
    {"show", 1, 1, show, NULL},
    {"verify", 0, 1, verify, NULL},
    {"prune", 0, 0, NULL, prune},
    {"create", 0, 0, NULL, backups_create},
};

static int
look(struct cli_context *c, const struct config *config, look_fn *fn)
{
	struct backups b;
	struct err e;
	int code = backups_open(&b, config, &e) == 0 ? fn(c, &b, config)
						     : cli_fail(c, &e, NULL);
	backups_close(&b);
	return code;
}

static const struct verb *
find_verb(struct cli_context *c, struct err *e)
{
	const struct backups_options *o = c->options;
	const char *word = c->args.n > 0 ? c->args.v[0] : "list";
	int args = c->args.n > 0 ? c->args.n - 1 : 0;
	for (size_t i = 0; i < COUNT_OF(verbs); i++) {
		const struct verb *v = &verbs[i];
		if (strcmp(v->name, word) != 0)
			continue;
		if (args < v->min_args)
			err_set(e, ERR_USAGE, "'backups %s' needs an id", word);
		else if (args > v->max_args)
			err_set(e, ERR_USAGE,
			    "'backups %s' has no use for '%s'", word,
			    c->args.v[v->max_args + 1]);
		else if (o->dry_run && v->work != prune)
			err_set(e, ERR_USAGE,
			    "'backups %s' has no use for --dry-run", word);
		else
			return v;
		return NULL;
	}
	err_set(e, ERR_USAGE, "'backups' does not know '%s'", word);
	return NULL;
}

static int
run_backups(struct cli_context *c)
{
	struct config config;
	struct err e;
	const struct verb *v = find_verb(c, &e);
	if (v == NULL)
		return cli_fail(
		    c, &e, "'coldsync help backups' shows what is possible");
	int code = cli_profile(c, &config);
	if (code == EXITCODE_OK)
		code = v->look != NULL ? look(c, &config, v->look)
				       : v->work(c, &config);
	config_free(&config);
	return code;
}

const struct command cmd_backups = {
    .name = "backups",
    .group = COMMAND_SAFETY,
    .summary = "list, show, verify, prune and create snapshots",
    .args = "[list | show ID | verify [ID] | prune | create]",
    .details =
	"Every run that replaces or deletes something keeps what it "
	"displaced in a snapshot. 'list' tells which there are, 'show' what "
	"became of which path in one of them, 'verify' reads everything and "
	"finds any damage. 'prune' removes what the config's limits "
	"(backup.retention_days, max_backups, keep_last, max_total_mb) let "
	"go, which also happens after every successful sync; with --dry-run "
	"it only gives the reason for each. 'create' saves the whole local "
	"folder as it is now, also while the application runs; files that "
	"did not change since the last time take no room. The beginning of an "
	"id is enough "
	"where no other begins like that.\n"
	"\n"
	"  coldsync backups\n"
	"  coldsync backups show 20261120T235137Z\n"
	"  coldsync backups verify\n"
	"  coldsync backups prune --dry-run",
    .options = options,
    .options_size = sizeof(struct backups_options),
    .max_args = 2,
    .pages = true,
    .run = run_backups,
};
