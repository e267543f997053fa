#include <stddef.h>
#include <stdlib.h>

#include "base/mem.h"
#include "cli/ask.h"
#include "cli/cmd/sync.h"
#include "cli/command.h"
#include "cli/exitcode.h"
#include "cli/out/json_plan.h"
#include "cli/out/words.h"
#include "cli/resolve/resolve.h"
#include "engine/profile/pause.h"

struct resolve_options {
	int take; /* 1 + enum plan_take; 0: not given */
};

static const struct opt options[] = {
    {.name = "take",
	.kind = OPT_CHOICE,
	.at = offsetof(struct resolve_options, take),
	.arg = "local|cloud|newer|both|merge",
	.choices = words_take,
	.help = "which side's content stays; what loses is kept in a "
		"snapshot"},
    {.name = NULL},
};

/* ---- doing it ---- */

/* The paths are copies, as the look they come from ends before. */
struct choices {
	struct strlist paths;
	struct plan_choice *v;
	size_t n;
	size_t open; /* what is left for another time */
};

static void
take_choices(struct choices *out, const struct resolve_list *l)
{
	*out = (struct choices){
	    .paths = STRLIST_INIT, .v = mem_zero(l->n, sizeof(*out->v))};
	for (size_t i = 0; i < l->n; i++) {
		const struct resolve_item *item = &l->v[i];
		if (item->picked) {
			strlist_addn(&out->paths, item->path, item->path_len);
			out->v[out->n] = (struct plan_choice){
			    .path = out->paths.v[out->n], .take = item->take};
			out->n++;
		} else if (item->conflict.resolution == PLAN_UNRESOLVED) {
			out->open++;
		}
	}
}

static void
free_choices(struct choices *ch)
{
	strlist_free(&ch->paths);
	free(ch->v);
}

static int
settle(struct cli_context *c, const struct config *config,
    const struct choices *ch)
{
	struct run run;
	struct sync_order order = {
	    .apply = true, .reason = "resolve", .wish = SYNC_WISH};
	order.wish.choices = ch->v;
	order.wish.nchoices = ch->n;
	order.wish.only_choices = true;
	struct sync_end end = sync_run(&run, c, config, &order);
	int code = sync_tell(c, &run, &end);
	run_free(&run);
	return code;
}

/* ---- choosing ---- */

/* What the arguments name; without a --take whoever sits there is asked. */
static int
choose(struct resolve_list *l, struct cli_context *c, const struct run *run,
    struct err *e)
{
	const struct resolve_options *o = c->options;
	enum plan_take take =
	    o->take > 0 ? (enum plan_take)(o->take - 1) : PLAN_TAKE_LOCAL;
	for (int i = 0; i < c->args.n; i++)
		if (resolve_pick(l, c->args.v[i], take, run->roots, e) != 0)
			return -1;
	return o->take > 0 ? 0 : resolve_walk(l, c, run, e);
}

/* Those that were skipped are conflicts as before. */
static int
tell_left(struct cli_context *c, size_t n)
{
	struct str why = STR_INIT;
	str_addf(&why, "%zu conflict%s left", n, n == 1 ? " is" : "s are");
	cli_why(c, why.p, "'coldsync resolve' goes on with them");
	str_free(&why);
	return EXITCODE_CONFLICT;
}

static int
tell_nothing(struct cli_context *c, size_t open)
{
	json_plan_none(&c->json, NULL);
	if (open > 0)
		return tell_left(c, open);
	cli_done(c, "there is no conflict to settle");
	return EXITCODE_OK;
}

static int
resolve_planned(
    struct choices *ch, struct cli_context *c, const struct run *run)
{
	struct resolve_list l;
	struct err e;
	int code = EXITCODE_OK;
	resolve_list(&l, run);
	if (choose(&l, c, run, &e) != 0) {
		code = e.code == ERR_USAGE
		    ? cli_fail(c, &e, "'coldsync conflicts' lists them")
		    : cli_fail(c, &e, NULL);
	} else {
		take_choices(ch, &l);
	}
	resolve_list_free(&l);
	return code;
}

static int
resolve_config(struct cli_context *c, const struct config *config)
{
	const struct resolve_options *o = c->options;
	/* The guard against many deletions is for the run that makes them. */
	struct sync_order look = {
	    .reason = "plan", .wish = SYNC_WISH, .allow_deletes = true};
	struct choices ch = {.v = NULL};
	struct run run;
	struct sync_end end = sync_run(&run, c, config, &look);
	int code;
	if (end.rc != 0) {
		struct plan_view v = sync_view(&run, &end, false);
		code = sync_judge(c, &run, &end, &v);
	} else {
		code = resolve_planned(&ch, c, &run);
	}
	run_free(&run);
	if (code != EXITCODE_OK)
		json_plan_none(&c->json, NULL);
	else if (ch.n == 0)
		code = tell_nothing(c, ch.open);
	else
		code = settle(c, config, &ch);
	if (code == EXITCODE_OK && ch.n > 0 && o->take == 0 && ch.open > 0)
		code = tell_left(c, ch.open);
	free_choices(&ch);
	return code;
}

/* The other command's options and arguments are put aside meanwhile. */
int
resolve_now(struct cli_context *c, const struct config *config, int take)
{
	static char all[] = ".";
	char *names[] = {all, NULL};
	struct resolve_options o = {.take = take};
	void *given = c->options;
	struct opt_args args = c->args;
	/* cppcheck-suppress autoVariables ; what was there is put back below */
	c->options = &o;
	c->args = (struct opt_args){.v = names, .n = take > 0 ? 1 : 0};
	int code = resolve_config(c, config);
	c->options = given;
	c->args = args;
	return code;
}

static int
resolve_one(struct cli_context *c)
{
	struct config config;
	struct err e;
	int code = cli_profile(c, &config);
	int paused = code == EXITCODE_OK ? pause_is(NULL, &config, &e) : 0;
	if (paused > 0) {
		err_set(&e, ERR_REFUSED, "'%s' is paused", config.profile);
		code = cli_fail(c, &e, "'coldsync resume' ends that");
	} else if (paused < 0) {
		code = cli_fail(c, &e, NULL);
	}
	if (code == EXITCODE_OK)
		code = resolve_config(c, &config);
	else
		json_plan_none(&c->json, NULL);
	config_free(&config);
	return code;
}

static int
run_resolve(struct cli_context *c)
{
	const struct resolve_options *o = c->options;
	struct err e;
	if (o->take == 0 && !ask_possible(c))
		err_set(
		    &e, ERR_USAGE, "there is nobody to ask which side to take");
	else if (o->take > 0 && c->args.n == 0)
		err_set(&e, ERR_USAGE, "--take without a path to take");
	else
		return resolve_one(c);
	return cli_fail(c, &e,
	    "name the paths, or '.' for every conflict, and give --take "
	    "local|cloud|newer|both|merge");
}

const struct command cmd_resolve = {
    .name = "resolve",
    .group = COMMAND_DAILY,
    .summary = "settle conflicts",
    .args = "[PATH...]",
    .details =
	"Settles the conflicts at the paths now, as --take says, and nothing "
	"else; what loses is kept in a snapshot. A PATH is as 'coldsync "
	"conflicts' shows it, or a folder of such, or '.' for all of them. "
	"Without --take goes through them one by one, and can show what "
	"differs. For a conflict copy that a cloud client has made, 'local' "
	"discards it, 'cloud' takes it in its original's place, 'merge' adds "
	"its lines to the original and 'both' keeps it as a file.\n"
	"\n"
	"  coldsync resolve\n"
	"  coldsync resolve notes/todo.md --take local\n"
	"  coldsync resolve . --take both",
    .options = options,
    .options_size = sizeof(struct resolve_options),
    .max_args = -1,
    .run = run_resolve,
};
