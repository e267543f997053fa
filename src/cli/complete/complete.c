#include "cli/complete/complete.h"

#include <string.h>

#include "cli/command.h"
#include "config/config_keys.h"

/* Reading the words that are finished. */
struct reader {
	struct complete_line line;
	struct strlist args;
	const struct opt *pending; /* whose value comes next */
	bool lost;                 /* the command is none of ours */
	bool dashes;               /* options are over */
};

static bool
has_value(const struct opt *o)
{
	return o->kind != OPT_FLAG && o->kind != OPT_COUNT;
}

/* By long name, or by letter where *name* is NULL. */
static const struct opt *
find_in(const struct opt *table, const char *name, size_t n, char letter)
{
	for (const struct opt *o = table; o != NULL && o->name != NULL; o++)
		if (name == NULL
			? o->letter == letter
			: strlen(o->name) == n && memcmp(o->name, name, n) == 0)
			return o;
	return NULL;
}

static const struct opt *
find(const struct reader *r, const char *name, size_t n, char letter)
{
	const struct opt *o = find_in(cli_global_options, name, n, letter);
	if (o == NULL && r->line.command != NULL)
		o = find_in(r->line.command->options, name, n, letter);
	return o;
}

/* The value of an option that decides what else is offered. */
static void
note_value(struct reader *r, const struct opt *o, const char *value)
{
	if (strcmp(o->name, "config") == 0)
		r->line.config = value;
	else if (strcmp(o->name, "profile") == 0)
		r->line.profile = value;
}

static void
read_long(struct reader *r, const char *name)
{
	size_t n = strcspn(name, "=");
	const struct opt *o = find(r, name, n, '\0');
	if (o == NULL || !has_value(o))
		return;
	if (name[n] == '=')
		note_value(r, o, name + n + 1);
	else
		r->pending = o;
}

static void
read_letters(struct reader *r, const char *letters)
{
	for (const char *l = letters; *l != '\0'; l++) {
		const struct opt *o = find(r, NULL, 0, *l);
		if (o == NULL || !has_value(o))
			continue;
		if (l[1] != '\0')
			note_value(r, o, l + 1);
		else
			r->pending = o;
		return;
	}
}

static void
read_argument(struct reader *r, const char *word)
{
	if (r->line.command != NULL) {
		strlist_add(&r->args, word);
		r->dashes = r->dashes || r->line.command->stop == OPT_AT_FIRST;
		return;
	}
	r->line.command = command_find(word);
	r->lost = r->line.command == NULL;
}

static void
read_word(struct reader *r, const char *word)
{
	if (r->pending != NULL) {
		note_value(r, r->pending, word);
		r->pending = NULL;
	} else if (r->dashes || word[0] != '-' || word[1] == '\0') {
		read_argument(r, word);
	} else if (strcmp(word, "--") == 0) {
		r->dashes = true;
	} else if (word[1] == '-') {
		read_long(r, word + 2);
	} else {
		read_letters(r, word + 1);
	}
}

/* ---- offering ---- */

static void
offer_commands(struct complete *out, const struct complete_line *l)
{
	const struct command *command;
	for (size_t i = 0; (command = command_at(i)) != NULL; i++) {
		if (command->group == COMMAND_HIDDEN)
			continue;
		complete_offer(out, l, command->name, command->summary);
		/* The other names only for who is typing one. */
		for (size_t a = 0;
		     l->typed[0] != '\0' && command->aliases[a] != NULL; a++)
			complete_offer(
			    out, l, command->aliases[a], command->summary);
	}
}

static void
offer_options(struct complete *out, const struct complete_line *l,
    const struct opt *table)
{
	struct str name = STR_INIT;
	for (const struct opt *o = table; o != NULL && o->name != NULL; o++) {
		str_clear(&name);
		str_addf(&name, "--%s", o->name);
		complete_offer(out, l, name.p, o->help);
	}
	str_free(&name);
}

static void
offer_sets(struct complete *out, const struct complete_line *l)
{
	const char *equals = strchr(l->typed, '=');
	struct str s = STR_INIT;
	for (size_t i = 0; i < config_keys_n; i++) {
		const struct config_key *k = &config_keys[i];
		str_clear(&s);
		str_addf(&s, "%s.%s=", k->section, k->name);
		if (equals == NULL)
			complete_offer(out, l, s.p, k->meaning);
		else if (k->words != NULL)
			for (size_t w = 0, n = s.len; k->words[w] != NULL;
			     w++, str_cut(&s, n)) {
				str_add(&s, k->words[w]);
				complete_offer(out, l, s.p, NULL);
			}
	}
	str_free(&s);
}

static void
offer_value(
    struct complete *out, const struct complete_line *l, const struct opt *o)
{
	if (o->kind == OPT_CHOICE)
		for (size_t i = 0; o->choices[i] != NULL; i++)
			complete_offer(out, l, o->choices[i], NULL);
	else if (strcmp(o->name, "set") == 0)
		offer_sets(out, l);
	else if (strcmp(o->name, "profile") == 0)
		complete_named(out, l, "PROFILE");
	else if (strcmp(o->name, "template") == 0)
		complete_named(out, l, "TEMPLATE");
	else
		complete_named(out, l, o->arg);
}

/* "--name=…" being typed. */
static void
offer_attached(struct complete *out, struct reader *r, const char *word)
{
	size_t n = strcspn(word, "=");
	const struct opt *o = find(r, word + 2, n - 2, '\0');
	struct str before = STR_INIT;
	if (o == NULL || !has_value(o))
		return;
	str_addn(&before, word, n + 1);
	r->line.before = before.p;
	r->line.typed = word + n + 1;
	offer_value(out, &r->line, o);
	r->line.before = "";
	str_free(&before);
}

static void
offer(struct complete *out, struct reader *r, const char *word)
{
	r->line.typed = word;
	if (r->lost)
		return;
	if (r->pending != NULL) {
		offer_value(out, &r->line, r->pending);
	} else if (!r->dashes && word[0] == '-') {
		if (strncmp(word, "--", 2) == 0 && strchr(word, '=') != NULL) {
			offer_attached(out, r, word);
			return;
		}
		if (r->line.command != NULL)
			offer_options(out, &r->line, r->line.command->options);
		offer_options(out, &r->line, cli_global_options);
	} else if (r->line.command == NULL) {
		offer_commands(out, &r->line);
	} else {
		complete_usage(out, &r->line);
	}
}

void
complete_line(struct complete *out, char *const *words, int n)
{
	struct reader r = {.args = STRLIST_INIT};
	*out = (struct complete){.kind = COMPLETE_WORDS};
	r.line.args = &r.args;
	r.line.before = "";
	for (int i = 0; i + 1 < n; i++)
		read_word(&r, words[i]);
	offer(out, &r, n > 0 ? words[n - 1] : "");
	strlist_free(&r.args);
}
