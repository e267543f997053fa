/*
 * describe - what the tables of coldsync say, as documents. A tool of the
 * build, never installed.
 *
 *   describe man IN OUT        the man pages, as scdoc wants them: those with
 *                              a text of their own from IN/NAME.scd.in, the
 *                              commands' from their tables, into OUT
 *   describe configuration     docs/configuration.md
 *   describe commands          docs/commands.md
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/str.h"
#include "cli/command.h"
#include "config/config_keys.h"

/* How a document is marked up. */
struct markup {
	void (*text)(struct str *out, const char *text); /* escaped */
	void (*code)(struct str *out, const char *text); /* as one types it */
	const char *heading;                             /* "# " */
	const char *fence;                               /* around examples */
};

static const char *const exit_codes[][2] = {
    {"0", "everything asked for was done"},
    {"1", "an error; some paths failed, the rest is done"},
    {"2", "a conflict is left"},
    {"3", "the application is running"},
    {"4", "the config or the command line is wrong"},
    {"5", "a guard refused; nothing was changed"},
    {"130", "interrupted"},
};

/* ---- scdoc ---- */

static void
man_text(struct str *out, const char *text)
{
	for (const char *p = text; *p != '\0'; p++) {
		bool first = p == text || p[-1] == '\n';
		if (strchr("\\_*", *p) != NULL ||
		    (first && strchr("#-.;|[]`", *p) != NULL) ||
		    (p[0] == '+' && p[1] == '+'))
			str_addc(out, '\\');
		str_addc(out, *p);
	}
}

static void
man_code(struct str *out, const char *text)
{
	str_addc(out, '*');
	for (const char *p = text; *p != '\0'; p++) {
		if (strchr("\\_*", *p) != NULL)
			str_addc(out, '\\');
		str_addc(out, *p);
	}
	str_addc(out, '*');
}

static const struct markup man = {man_text, man_code, "# ", "```\n"};

/* ---- Markdown ---- */

static void
md_text(struct str *out, const char *text)
{
	for (const char *p = text; *p != '\0'; p++) {
		if (strchr("\\_*|<>`", *p) != NULL)
			str_addc(out, '\\');
		str_addc(out, *p);
	}
}

/* Within a table, where a bar would end the cell. */
static void
md_code(struct str *out, const char *text)
{
	str_addc(out, '`');
	for (const char *p = text; *p != '\0'; p++)
		str_addf(out, "%s%c", *p == '|' ? "\\" : "", *p);
	str_addc(out, '`');
}

static const struct markup md = {md_text, md_code, "#### ", "```\n"};

/* ---- what both show ---- */

/* A help text: each line a paragraph; those that begin with blanks are
   examples. */
static void
add_details(struct str *out, const struct markup *m, const char *text)
{
	struct str line = STR_INIT;
	bool example = false;
	for (const char *p = text; *p != '\0';) {
		size_t n = strcspn(p, "\n");
		str_clear(&line);
		str_addn(&line, p, n);
		bool indented = line.p[0] == ' ';
		if (indented != example)
			str_addf(out, "%s%s", m->fence, indented ? "" : "\n");
		example = indented;
		if (indented)
			str_addf(out, "%s\n", line.p + strspn(line.p, " "));
		else if (n > 0) {
			m->text(out, line.p);
			str_add(out, "\n\n");
		}
		p += n + (p[n] == '\n' ? 1 : 0);
	}
	if (example)
		str_add(out, m->fence);
	str_free(&line);
}

/* The words an option takes, where neither its usage nor its help has them. */
static void
add_choices(struct str *out, const struct markup *m, const struct opt *o)
{
	if (o->choices == NULL || strchr(o->arg, '|') != NULL ||
	    strstr(o->help, o->choices[0]) != NULL)
		return;
	str_add(out, ": ");
	for (size_t i = 0; o->choices[i] != NULL; i++) {
		str_add(out, i > 0 ? ", " : "");
		m->code(out, o->choices[i]);
	}
}

static void
add_option_name(struct str *out, const struct markup *m, const struct opt *o)
{
	struct str name = STR_INIT;
	if (o->letter != 0) {
		str_addf(&name, "-%c", o->letter);
		m->code(out, name.p);
		str_add(out, ", ");
		str_clear(&name);
	}
	str_addf(&name, "--%s", o->name);
	m->code(out, name.p);
	if (o->arg != NULL) {
		str_addc(out, ' ');
		m->code(out, o->arg);
	}
	str_free(&name);
}

static void
add_usage(struct str *out, const struct command *command)
{
	str_addf(out, "coldsync [GLOBAL OPTIONS] %s%s%s%s", command->name,
	    command->options != NULL ? " [OPTIONS]" : "",
	    command->args[0] != '\0' ? " " : "", command->args);
}

static bool
is_shown(const struct command *command)
{
	return command->group != COMMAND_HIDDEN;
}

/* ---- man pages ---- */

static void
man_options(struct str *out, const struct opt *table)
{
	for (const struct opt *o = table; o != NULL && o->name != NULL; o++) {
		add_option_name(out, &man, o);
		str_add(out, "\n\t");
		man_text(out, o->help);
		add_choices(out, &man, o);
		str_add(out, "\n\n");
	}
}

static void
man_commands(struct str *out)
{
	const struct command *command;
	struct str name = STR_INIT;
	for (size_t i = 0; (command = command_at(i)) != NULL; i++) {
		if (!is_shown(command))
			continue;
		str_clear(&name);
		str_add(&name, command->name);
		for (size_t a = 0; command->aliases[a] != NULL; a++)
			str_addf(&name, ", %s", command->aliases[a]);
		man_code(out, name.p);
		str_add(out, "\n\t");
		man_text(out, command->summary);
		str_add(out, "\n\n");
	}
	str_free(&name);
}

static void
man_exit_codes(struct str *out)
{
	for (size_t i = 0; i < COUNT_OF(exit_codes); i++)
		str_addf(
		    out, "*%s*\n\t%s\n\n", exit_codes[i][0], exit_codes[i][1]);
}

/* "Default: …" of a key. */
static void
add_default(struct str *out, const struct markup *m, const struct config_key *k)
{
	if (k->required)
		str_add(out, "required");
	else if (k->otherwise != NULL)
		m->text(out, k->otherwise);
	else if (k->fallback == NULL || k->fallback[0] == '\0')
		str_add(out, "none");
	else
		m->code(out, k->fallback);
}

static void
man_keys(struct str *out)
{
	const char *section = "";
	struct str allowed = STR_INIT;
	for (size_t i = 0; i < config_keys_n; i++) {
		const struct config_key *k = &config_keys[i];
		if (strcmp(section, k->section) != 0)
			str_addf(out, "# [%s]\n\n", k->section);
		section = k->section;
		man_code(out, k->name);
		str_add(out, "\n\t");
		man_text(out, k->meaning);
		str_add(out, "++\n\t");
		str_clear(&allowed);
		config_key_allowed(&allowed, k);
		man_text(out, allowed.p);
		str_add(out, "; default: ");
		add_default(out, &man, k);
		str_add(out, "\n\n");
	}
	str_free(&allowed);
}

static void
man_page(struct str *out, const struct command *command)
{
	str_addf(out, "coldsync-%s(1) \"coldsync %s\"\n\n# NAME\n\n",
	    command->name, COLDSYNC_VERSION);
	str_addf(out, "coldsync-%s - ", command->name);
	man_text(out, command->summary);
	str_add(out, "\n\n# SYNOPSIS\n\n");
	struct str usage = STR_INIT;
	add_usage(&usage, command);
	man_text(out, usage.p);
	str_add(out, "\n\n");
	for (size_t a = 0; command->aliases[a] != NULL; a++) {
		str_add(out, a == 0 ? "also called " : ", ");
		man_code(out, command->aliases[a]);
	}
	str_add(out, "\n\n# DESCRIPTION\n\n");
	add_details(out, &man, command->details);
	if (command->options != NULL) {
		str_add(out, "\n# OPTIONS\n\n");
		man_options(out, command->options);
		str_add(out, "The global options are in *coldsync*(1).\n");
	}
	str_add(out,
	    "\n# EXIT STATUS\n\n0 when everything asked for was done; "
	    "*coldsync*(1) has the others.\n\n# SEE ALSO\n\n*coldsync*(1), "
	    "*coldsync.ini*(5)\n");
	str_free(&usage);
}

/* ---- files ---- */

static void
die(const char *what, const char *name)
{
	fprintf(stderr, "describe: %s %s\n", what, name);
	exit(1);
}

static void
read_file(struct str *out, const char *name)
{
	char piece[4096];
	FILE *f = fopen(name, "rb");
	if (f == NULL)
		die("cannot read", name);
	for (size_t n; (n = fread(piece, 1, sizeof(piece), f)) > 0;)
		str_addn(out, piece, n);
	fclose(f);
}

static void
write_file(const struct str *text, const char *name)
{
	FILE *f = fopen(name, "wb");
	if (f == NULL || fwrite(text->p, 1, text->len, f) != text->len ||
	    fclose(f) != 0)
		die("cannot write", name);
}

/* IN/NAME.scd.in with its marks replaced, as OUT/NAME.scd. */
static void
fill_page(const char *in, const char *dir, const char *name)
{
	static const char version[] = "@version@";
	struct str from = STR_INIT, path = STR_INIT, out = STR_INIT;
	str_addf(&path, "%s/%s.scd.in", in, name);
	read_file(&from, path.p);
	for (const char *p = from.p; *p != '\0';) {
		if (strncmp(p, version, sizeof(version) - 1) == 0) {
			str_add(&out, COLDSYNC_VERSION);
			p += sizeof(version) - 1;
			continue;
		}
		if (*p != '@') {
			str_addc(&out, *p++);
			continue;
		}
		size_t n = strcspn(p + 1, "@") + 2;
		if (strncmp(p, "@commands@", n) == 0)
			man_commands(&out);
		else if (strncmp(p, "@global-options@", n) == 0)
			man_options(&out, cli_global_options);
		else if (strncmp(p, "@exit-codes@", n) == 0)
			man_exit_codes(&out);
		else if (strncmp(p, "@keys@", n) == 0)
			man_keys(&out);
		else
			die("unknown mark in", path.p);
		p += n;
	}
	str_clear(&path);
	str_addf(&path, "%s/%s.scd", dir, name);
	write_file(&out, path.p);
	str_free(&from);
	str_free(&path);
	str_free(&out);
}

static void
make_man(const char *in, const char *dir)
{
	const struct command *command;
	struct str page = STR_INIT, path = STR_INIT;
	fill_page(in, dir, "coldsync.1");
	fill_page(in, dir, "coldsync.ini.5");
	for (size_t i = 0; (command = command_at(i)) != NULL; i++) {
		if (!is_shown(command))
			continue;
		str_clear(&page);
		str_clear(&path);
		man_page(&page, command);
		str_addf(&path, "%s/coldsync-%s.1.scd", dir, command->name);
		write_file(&page, path.p);
	}
	str_free(&page);
	str_free(&path);
}

/* ---- Markdown pages ---- */

static const char generated[] =
    "<!-- Made by scripts/docs from the tables of the program. -->\n\n";

static void
make_configuration(struct str *out)
{
	const char *section = "";
	struct str allowed = STR_INIT;
	str_add(out, "# Configuration\n\n");
	str_add(out, generated);
	str_add(out,
	    "A profile is an INI file; its name without `.ini` is the "
	    "profile's name.\nLists are separated by commas or stand one to a "
	    "line, indented; only whole\nlines are comments (`#` or `;`). In "
	    "paths `~` and `${NAME}` are expanded, on\nWindows also `%NAME%`. "
	    "`coldsync validate` names every mistake at once, and\n`--set "
	    "SECTION.KEY=VALUE` overrides any key for one command.\n");
	for (size_t i = 0; i < config_keys_n; i++) {
		const struct config_key *k = &config_keys[i];
		if (strcmp(section, k->section) != 0)
			str_addf(out,
			    "\n## [%s]\n\n| key | meaning | values | default "
			    "|\n|---|---|---|---|\n",
			    k->section);
		section = k->section;
		str_add(out, "| ");
		md_code(out, k->name);
		str_add(out, " | ");
		md_text(out, k->meaning);
		str_add(out, " | ");
		str_clear(&allowed);
		config_key_allowed(&allowed, k);
		md_text(out, allowed.p);
		str_add(out, " | ");
		add_default(out, &md, k);
		str_add(out, " |\n");
	}
	str_free(&allowed);
}

static void
md_options(struct str *out, const struct opt *table)
{
	str_add(out, "\n| option | does |\n|---|---|\n");
	for (const struct opt *o = table; o->name != NULL; o++) {
		str_add(out, "| ");
		add_option_name(out, &md, o);
		str_add(out, " | ");
		md_text(out, o->help);
		add_choices(out, &md, o);
		str_add(out, " |\n");
	}
}

static void
make_commands(struct str *out)
{
	const struct command *command;
	str_add(out, "# Commands\n\n");
	str_add(out, generated);
	str_add(out,
	    "`coldsync [GLOBAL OPTIONS] COMMAND [OPTIONS] [ARGS]`; `coldsync "
	    "help COMMAND` and\n`man coldsync-COMMAND` tell the same.\n");
	for (size_t i = 0; (command = command_at(i)) != NULL; i++) {
		if (!is_shown(command))
			continue;
		str_addf(out, "\n## %s\n\n", command->name);
		str_add(out, "```\n");
		add_usage(out, command);
		str_add(out, "\n```\n\n");
		add_details(out, &md, command->details);
		for (size_t a = 0; command->aliases[a] != NULL; a++)
			str_addf(
			    out, "\nAlso called `%s`.\n", command->aliases[a]);
		if (command->options != NULL)
			md_options(out, command->options);
	}
	str_add(out, "\n## Global options\n");
	md_options(out, cli_global_options);
	str_add(out, "\n## Exit codes\n\n| code | means |\n|---|---|\n");
	for (size_t i = 0; i < COUNT_OF(exit_codes); i++)
		str_addf(
		    out, "| %s | %s |\n", exit_codes[i][0], exit_codes[i][1]);
}

int
main(int argc, char **argv)
{
	struct str out = STR_INIT;
	const char *what = argc > 1 ? argv[1] : "";
	if (strcmp(what, "man") == 0 && argc == 4)
		make_man(argv[2], argv[3]);
	else if (strcmp(what, "configuration") == 0)
		make_configuration(&out);
	else if (strcmp(what, "commands") == 0)
		make_commands(&out);
	else
		die("man IN OUT, configuration or commands, not", what);
	bool good =
	    fwrite(out.p, 1, out.len, stdout) == out.len && fflush(stdout) == 0;
	str_free(&out);
	return good ? 0 : 1;
}
