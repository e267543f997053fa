#include "cli/command.h"
#include "cli/exitcode.h"
#include "cli/out/wrap.h"

static const char about[] =
    "coldsync mirrors an application's state folder with a cloud-synced "
    "folder while the application is not running.";

static const char *const group_titles[COMMAND_GROUPS] = {
    [COMMAND_SETUP] = "Setting up",
    [COMMAND_DAILY] = "Every day",
    [COMMAND_MACHINES] = "From machine to machine",
    [COMMAND_SAFETY] = "Getting things back",
    [COMMAND_JOBS] = "Pausing and scheduling",
    [COMMAND_ABOUT] = "About coldsync",
};

enum { NAME_COLUMN = 14 };

static void
add_title(struct out *o, const char *title)
{
	out_add(o, "\n");
	out_style(o, OUT_STRONG, "%s", title);
	out_add(o, "\n");
}

static void
add_wrapped(struct out *o, const char *text, size_t indent)
{
	struct str wrapped = STR_INIT;
	wrap_text(&wrapped, text, indent, out_help_width(o));
	out_add(o, wrapped.p);
	str_free(&wrapped);
}

static void
add_options(struct out *o, const struct opt *table)
{
	struct str usage = STR_INIT;
	opt_usage(&usage, table, out_help_width(o));
	out_add(o, usage.p);
	str_free(&usage);
}

static void
add_group(struct out *o, enum command_group group)
{
	const struct command *command;
	bool titled = false;
	for (size_t i = 0; (command = command_at(i)) != NULL; i++) {
		if (command->group != group)
			continue;
		if (!titled)
			add_title(o, group_titles[group]);
		titled = true;
		struct str left = STR_INIT;
		struct str line = STR_INIT;
		str_addf(&left, "  %s", command->name);
		wrap_pair(&line, left.p, command->summary, NAME_COLUMN,
		    out_help_width(o));
		out_add(o, line.p);
		str_free(&line);
		str_free(&left);
	}
}

static void
show_program(struct out *o)
{
	add_wrapped(o, about, 0);
	add_title(o, "Usage");
	add_wrapped(o, "coldsync [GLOBAL OPTIONS] COMMAND [OPTIONS] [ARGS]", 2);
	for (int group = 0; group < COMMAND_GROUPS; group++)
		add_group(o, (enum command_group)group);
	add_title(o, "Global options");
	add_options(o, cli_global_options);
	out_add(o, "\n");
	add_wrapped(o,
	    "They may stand before or behind the command. 'coldsync help "
	    "COMMAND' tells more about one.",
	    0);
}

static void
show_aliases(struct out *o, const struct command *command)
{
	if (command->aliases[0] == NULL)
		return;
	struct str line = STR_INIT;
	str_add(&line, "also called ");
	for (size_t i = 0; command->aliases[i] != NULL; i++)
		str_addf(
		    &line, "%s'%s'", i > 0 ? ", " : "", command->aliases[i]);
	add_wrapped(o, line.p, 2);
	str_free(&line);
}

static void
show_command(struct out *o, const struct command *command)
{
	struct str line = STR_INIT;
	str_addf(&line, "coldsync %s - %s", command->name, command->summary);
	add_wrapped(o, line.p, 0);
	add_title(o, "Usage");
	str_clear(&line);
	str_addf(&line, "coldsync [GLOBAL OPTIONS] %s%s%s%s", command->name,
	    command->options != NULL ? " [OPTIONS]" : "",
	    command->args[0] != '\0' ? " " : "", command->args);
	add_wrapped(o, line.p, 2);
	show_aliases(o, command);
	str_free(&line);
	out_add(o, "\n");
	add_wrapped(o, command->details, 0);
	if (command->options != NULL) {
		add_title(o, "Options");
		add_options(o, command->options);
	}
	out_add(o, "\n");
	add_wrapped(o, "'coldsync help' lists the global options.", 0);
}

void
cmd_help_show(struct cli_context *c, const struct command *topic)
{
	if (topic != NULL)
		show_command(&c->out, topic);
	else
		show_program(&c->out);
	str_set(&c->message, topic != NULL ? topic->summary : about);
}

void
cmd_help_short(struct out *o)
{
	add_wrapped(o, about, 0);
	add_wrapped(
	    o, "Usage: coldsync [GLOBAL OPTIONS] COMMAND [OPTIONS] [ARGS]", 0);
}

static int
unknown_topic(struct cli_context *c, const char *word)
{
	const char *nearest = command_nearest(word);
	struct err e;
	err_set(&e, ERR_USAGE, "unknown command '%s'", word);
	if (nearest == NULL)
		return cli_fail(c, &e, NULL);
	return cli_fail(c, &e, "did you mean 'coldsync help %s'?", nearest);
}

static int
run(struct cli_context *c)
{
	const char *word = c->args.n > 0 ? c->args.v[0] : NULL;
	const struct command *topic = word != NULL ? command_find(word) : NULL;
	if (word != NULL && topic == NULL)
		return unknown_topic(c, word);
	cmd_help_show(c, topic);
	return EXITCODE_OK;
}

const struct command cmd_help = {
    .name = "help",
    .group = COMMAND_ABOUT,
    .summary = "show help, of one command or of all",
    .args = "[COMMAND]",
    .details = "Without COMMAND lists every command and the global options. "
	       "The same as '-h', which may stand anywhere:\n"
	       "  coldsync help pause\n"
	       "  coldsync pause -h",
    .max_args = 1,
    .pages = true,
    .run = run,
};
