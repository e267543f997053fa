#include "cli/cli.h"

#include <stdlib.h>

#include "base/mem.h"
#include "cli/command.h"
#include "cli/exitcode.h"
#include "cli/out/out_json.h"
#include "cli/out/pager.h"

/* How the command line was understood. */
struct request {
	const struct command *named; /* whose options were parsed */
	const char *word; /* what stands where a command should; NULL: none */
	const char *nearest; /* the option or command it may have meant */
	const char *dashes;  /* what *nearest* begins with: "--" or "" */
	bool wrong;          /* *why* is filled */
	struct err why;
};

/*
 * Parse one stretch of the command line by the global options and, once it is
 * known, the command's. The first mistake of all is the one that is told.
 */
static void
parse(struct cli_context *c, struct request *r, int argc, char *const *argv)
{
	const struct command *command = c->command;
	bool own = command != NULL && command->options != NULL;
	const struct opt_set sets[] = {
	    {cli_global_options, &c->globals},
	    {own ? command->options : NULL, c->options},
	    {NULL, NULL},
	};
	enum opt_stop stop = r->word == NULL ? OPT_AT_FIRST
	    : command == NULL                ? OPT_ANYWHERE
					     : command->stop;
	struct err e;
	int rc = opt_parse(&c->args, argc, argv, sets, stop, &e);
	if (rc != 0 && !r->wrong) {
		r->wrong = true;
		r->why = e;
		r->nearest = c->args.nearest;
		r->dashes = "--";
	}
}

static void
choose_command(struct cli_context *c, struct request *r)
{
	c->command = command_find(r->word);
	if (c->command == NULL && !r->wrong) {
		r->wrong = true;
		err_set(&r->why, ERR_USAGE, "unknown command '%s'", r->word);
		r->nearest = command_nearest(r->word);
		r->dashes = "";
	}
	r->named = c->command;
	if (r->named != NULL)
		c->options = mem_zero(1, r->named->options_size);
}

/* [GLOBAL OPTIONS] COMMAND [OPTIONS] [ARGS], all of it whatever is wrong with
   it, because a "--json" far behind a mistake decides how that is told. */
static void
understand(
    struct cli_context *c, struct request *r, int argc, char *const *argv)
{
	parse(c, r, argc, argv);
	if (c->args.n == 0)
		return;
	struct opt_args head = c->args;
	r->word = head.v[0];
	choose_command(c, r);
	parse(c, r, head.n - 1, head.v + 1);
	opt_args_free(&head);
}

/* What each option alone cannot know. */
static void
check(const struct cli_context *c, struct request *r)
{
	const struct cli_globals *g = &c->globals;
	const struct command *command = c->command;
	if (r->wrong)
		return;
	int rc = 0;
	if (g->quiet && g->verbose > 0)
		rc = err_set(&r->why, ERR_USAGE,
		    "--quiet and --verbose contradict each other");
	else if (g->manual_terminate_confirmation &&
	    g->auto_terminate_without_confirmation)
		rc = err_set(&r->why, ERR_USAGE,
		    "--manual-terminate-confirmation and "
		    "--auto-terminate-without-confirmation contradict each "
		    "other");
	else if (command == NULL)
		rc = err_set(&r->why, ERR_USAGE, "no command given");
	else if (g->all && !command->takes_all)
		rc = err_set(&r->why, ERR_USAGE,
		    "'%s' works on one profile and takes no --all",
		    command->name);
	else if (g->all && (g->config != NULL || g->profile != NULL))
		rc = err_set(&r->why, ERR_USAGE,
		    "--all and a profile of your choice contradict each "
		    "other");
	else if (command->max_args >= 0 && c->args.n > command->max_args)
		rc = err_set(&r->why, ERR_USAGE,
		    "'%s' has no use for the argument '%s'", command->name,
		    c->args.v[command->max_args]);
	r->wrong = rc != 0;
}

static int
refuse(struct cli_context *c, const struct request *r)
{
	const char *topic = c->command != NULL ? c->command->name : "";
	const char *gap = c->command != NULL ? " " : "";
	if (r->word == NULL && r->nearest == NULL)
		cmd_help_short(&c->err);
	if (r->word == NULL && r->nearest == NULL && c->command == NULL)
		return cli_fail(c, &r->why,
		    "'coldsync init' sets up a profile, 'coldsync help' lists "
		    "what else there is");
	if (r->nearest == NULL)
		return cli_fail(c, &r->why,
		    "'coldsync help%s%s' shows what is possible", gap, topic);
	return cli_fail(c, &r->why,
	    "did you mean '%s%s'? 'coldsync help%s%s' shows what is possible",
	    r->dashes, r->nearest, gap, topic);
}

static int
execute(struct cli_context *c, struct request *r)
{
	const struct cli_globals *g = &c->globals;
	bool lost = r->word != NULL && c->command == NULL;
	if (g->help && !lost) {
		const struct command *topic = c->command;
		c->command = &cmd_help;
		pager_use(&c->out);
		cmd_help_show(c, topic);
		return EXITCODE_OK;
	}
	if (g->version && !lost) {
		c->command = &cmd_version;
		return cmd_version.run(c);
	}
	check(c, r);
	if (r->wrong || c->command == NULL)
		return refuse(c, r);
	if (c->command->pages && !g->all)
		pager_use(&c->out);
	return c->command->run(c);
}

/* Into the sink for standard output, whichever text that carries. */
static void
add_document(struct cli_context *c, struct out *o, int code)
{
	json_end_all(&c->json);
	out_json(&o->buf,
	    &(struct out_envelope){
		.command = c->command != NULL ? c->command->name : NULL,
		.profile = c->profile,
		.machine = c->machine,
		.code = (enum exitcode)code,
		.result = c->result,
		.message = c->message.p,
	    },
	    &c->members);
}

/* An answer that did not reach its reader is no success. */
static int
deliver(struct cli_context *c, int code)
{
	struct out document;
	struct out *answer = &c->out;
	struct err e;
	if (c->globals.json) {
		(void)out_flush(&c->out, &e);
		out_init(&document, PLAT_STDOUT, OUT_COLOR_NEVER);
		answer = &document;
		add_document(c, answer, code);
	}
	if (out_flush(answer, &e) != 0) {
		err_wrap(&e, "standard output");
		int lost = cli_fail(c, &e,
		    "see to it that the output can be written, then ask "
		    "again");
		code = (int)exitcode_worse(
		    (enum exitcode)code, (enum exitcode)lost);
	}
	if (answer == &document)
		out_free(&document);
	(void)out_flush(&c->err, &e);
	return code;
}

static void
release(struct cli_context *c, const struct request *r)
{
	if (r->named != NULL && r->named->options != NULL)
		opt_values_free(r->named->options, c->options);
	opt_values_free(cli_global_options, &c->globals);
	free(c->options);
	opt_args_free(&c->args);
	out_free(&c->out);
	out_free(&c->err);
	str_free(&c->members);
	str_free(&c->message);
	free(c->profile);
	free(c->machine);
}

int
cli_main(int argc, char **argv)
{
	struct cli_context c = {.members = STR_INIT, .message = STR_INIT};
	struct request r = {.word = NULL};
	if (argc > 0)
		understand(&c, &r, argc - 1, argv + 1);
	const struct cli_globals *g = &c.globals;
	out_init(&c.out, g->json ? PLAT_STDERR : PLAT_STDOUT, g->color);
	out_init(&c.err, PLAT_STDERR, g->color);
	json_init(&c.json, &c.members);
	json_object(&c.json);
	int code = deliver(&c, execute(&c, &r));
	release(&c, &r);
	return code;
}
