#include <string.h>

#include "cli/command.h"
#include "cli/exitcode.h"
#include "engine/past/history.h"
#include "platform/plat_time.h"

/* So many runs people are shown unless they ask for more. */
enum { FEW = 30 };

/* ---- for programs ---- */

static void
put_time(struct json *j, const char *key, struct stamp t, bool known)
{
	char text[STAMP_ISO_SIZE];
	json_put_string(j, key, known ? stamp_iso(text, t, 0, 0) : NULL);
}

/* The members of a run, into the open object. */
static void
put_run(struct json *j, const struct history_run *run)
{
	json_put_string(j, "run_id", run->id);
	json_put_string(j, "command", run->command);
	put_time(j, "time", run->began, true);
	put_time(j, "ended", run->ended, run->finished);
	json_put_bool(j, "finished", run->finished);
	json_put_string(
	    j, "result", run->finished ? run->result : "unfinished");
	json_put_string(j, "message", run->message);
	json_put_string(j, "finished_by", run->finished_by);
	json_put_bool(j, "changed", run->changed);
	json_put_string(j, "snapshot", run->snapshot);
	json_key(j, "summary");
	json_object(j);
	totals_json(j, &run->totals);
	json_end(j);
}

static void
put_paths(struct json *j, const struct history_run *run)
{
	json_key(j, "paths");
	json_array(j);
	for (size_t i = 0; i < run->npaths; i++) {
		const struct history_path *p = &run->paths[i];
		json_object(j);
		json_path(j, "path", p->path, p->path_len);
		json_put_string(j, "op", p->op);
		json_put_string(j, "to", p->to);
		json_end(j);
	}
	json_end(j);
	json_put_uint(j, "more_paths", run->more_paths);
}

/* ---- for people ---- */

static void
add_time(struct str *out, struct stamp t)
{
	struct stamp_parts p = stamp_parts(t.sec, plat_zone_offset(t));
	str_addf(out, "%04d-%02d-%02d %02d:%02d", (int)p.year, p.month, p.day,
	    p.hour, p.minute);
}

static void
add_count(struct str *out, size_t n, const char *what)
{
	if (n > 0)
		str_addf(out, "%s%zu %s", out->len > 0 ? ", " : "", n, what);
}

/* What a run came to, in a few words. */
static void
add_what(struct str *out, const struct history_run *run)
{
	const struct totals *t = &run->totals;
	add_count(out, t->to_side[SIDE_CLOUD], "to the cloud");
	add_count(out, t->to_side[SIDE_LOCAL], "to local");
	add_count(out, t->deleted[SIDE_CLOUD], "deleted in the cloud");
	add_count(out, t->deleted[SIDE_LOCAL], "deleted in local");
	add_count(out, t->merged, "merged");
	add_count(out, t->conflicts, "conflicting");
	add_count(out, t->failed, "failed");
	if (run->finished_by != NULL)
		str_addf(out, "%sfinished by %s", out->len > 0 ? ", " : "",
		    run->finished_by);
	if (out->len == 0 && run->message != NULL)
		str_add(out, run->message);
	else if (out->len == 0 && run->finished)
		str_add(out, "nothing to do");
}

static const char *
result_of(const struct history_run *run)
{
	if (!run->finished)
		return "not finished";
	return run->result != NULL ? run->result : "?";
}

static void
show_list(struct out *o, const struct history *h, bool all)
{
	static const struct out_column columns[] = {{.title = "when"},
	    {.title = "run"}, {.title = "command"}, {.title = "result"},
	    {.title = "what", .fits = true}};
	struct out_table t;
	struct str text = STR_INIT;
	size_t first = !all && h->n > FEW ? h->n - FEW : 0;
	if (first > 0)
		out_style(
		    o, OUT_FAINT, "%zu earlier runs: -v shows all\n", first);
	out_table_init(&t, columns, COUNT_OF(columns));
	for (size_t i = first; i < h->n; i++) {
		const struct history_run *run = &h->v[i];
		str_clear(&text);
		add_time(&text, run->began);
		out_table_cell(&t, text.p);
		out_table_cell(&t, run->id);
		out_table_cell(&t, run->command != NULL ? run->command : "?");
		out_table_cell(&t, result_of(run));
		str_clear(&text);
		add_what(&text, run);
		out_table_cell(&t, text.p);
	}
	out_table_print(o, &t);
	str_free(&text);
}

static void
add_row(struct out_table *t, const char *name, const char *value)
{
	out_table_cell(t, name);
	out_table_cell(t, value);
}

static void
show_paths(struct out *o, const struct history_run *run, bool all)
{
	static const struct out_column columns[] = {
	    {.title = "op"}, {.title = "to"}, {.title = "path", .fits = true}};
	struct out_table t;
	size_t n = all || run->npaths < FEW ? run->npaths : FEW;
	if (n == 0)
		return;
	out_add(o, "\n");
	out_table_init(&t, columns, COUNT_OF(columns));
	for (size_t i = 0; i < n; i++) {
		const struct history_path *p = &run->paths[i];
		out_table_cell(&t, p->op);
		out_table_cell(&t, p->to);
		out_table_cell(&t, p->path);
	}
	out_table_print(o, &t);
	if (n < run->npaths)
		out_style(o, OUT_FAINT, "%zu more: -v shows all\n",
		    run->npaths - n + run->more_paths);
	else if (run->more_paths > 0)
		out_style(o, OUT_FAINT, "and %zu more\n", run->more_paths);
}

static void
show_run(struct out *o, const struct history_run *run, bool all)
{
	static const struct out_column columns[] = {
	    {.title = NULL}, {.title = NULL}};
	struct out_table t;
	struct str began = STR_INIT, ended = STR_INIT, what = STR_INIT;
	add_time(&began, run->began);
	add_what(&what, run);
	out_table_init(&t, columns, COUNT_OF(columns));
	add_row(&t, "run", run->id);
	add_row(&t, "command", run->command != NULL ? run->command : "?");
	add_row(&t, "began", began.p);
	if (run->finished) {
		add_time(&ended, run->ended);
		add_row(&t, "ended", ended.p);
	}
	add_row(&t, "result", result_of(run));
	if (run->message != NULL)
		add_row(&t, "because", run->message);
	add_row(&t, "what", what.p);
	if (run->snapshot != NULL)
		add_row(&t, "snapshot", run->snapshot);
	out_table_print(o, &t);
	show_paths(o, run, all);
	str_free(&began);
	str_free(&ended);
	str_free(&what);
}

/* ---- the command ---- */

static int
list(struct cli_context *c, const struct history *h)
{
	json_key(&c->json, "history");
	json_array(&c->json);
	for (size_t i = 0; i < h->n; i++) {
		json_object(&c->json);
		put_run(&c->json, &h->v[i]);
		json_end(&c->json);
	}
	json_end(&c->json);
	if (h->n == 0)
		cli_done(c, "there was no run yet");
	else
		str_addf(&c->message, "%zu run%s", h->n, h->n == 1 ? "" : "s");
	if (h->n > 0)
		show_list(&c->out, h, c->globals.verbose > 0);
	return EXITCODE_OK;
}

static int
show(struct cli_context *c, const struct config *config,
    const struct history *h, const char *id)
{
	struct err e;
	struct history_run *run = history_find(h, id, &e);
	if (run == NULL)
		return cli_fail(
		    c, &e, "'coldsync history' shows which runs there are");
	history_learn_paths(run, config);
	json_key(&c->json, "history");
	json_array(&c->json);
	json_object(&c->json);
	put_run(&c->json, run);
	put_paths(&c->json, run);
	json_end(&c->json);
	json_end(&c->json);
	show_run(&c->out, run, c->globals.verbose > 0);
	str_set(&c->message, run->id);
	return EXITCODE_OK;
}

static int
tell(struct cli_context *c, const struct config *config, const char *id)
{
	struct history h;
	struct err e;
	int code;
	if (history_load(&h, config, &e) != 0) {
		code = cli_fail(c, &e, NULL);
	} else {
		for (size_t i = 0; i < h.notes.n; i++)
			cli_warn(c, "%s", h.notes.v[i]);
		code = id != NULL ? show(c, config, &h, id) : list(c, &h);
	}
	history_free(&h);
	return code;
}

static int
run_history(struct cli_context *c)
{
	struct config config;
	struct err e;
	const char *const *args = (const char *const *)c->args.v;
	if (c->args.n == 1 || (c->args.n > 1 && strcmp(args[0], "show") != 0)) {
		err_set(&e, ERR_USAGE,
		    c->args.n > 1 || strcmp(args[0], "show") != 0
			? "'history' knows 'show RUN' and nothing else"
			: "'history show' needs a run");
		return cli_fail(
		    c, &e, "'coldsync history' shows which runs there are");
	}
	int code = cli_profile(c, &config);
	if (code == EXITCODE_OK)
		code = tell(c, &config, c->args.n > 1 ? args[1] : NULL);
	config_free(&config);
	return code;
}

const struct command cmd_history = {
    .name = "history",
    .group = COMMAND_SAFETY,
    .summary = "show past runs and what became of them",
    .args = "[show RUN]",
    .details =
	"Lists the runs of this profile on this machine, the newest last: "
	"when, what for, how it ended, how much was done. A run that never "
	"finished, because the machine or the program stopped, says so; the "
	"next sync finishes it.\n"
	"\n"
	"'show RUN' tells what one run did to which paths; the beginning of "
	"its name is enough where no other begins like that.\n"
	"\n"
	"  coldsync history\n"
	"  coldsync history show 20261120T235137Z-4f0a",
    .max_args = 2,
    .run = run_history,
};
