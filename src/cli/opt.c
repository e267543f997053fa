#include "cli/opt.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"

/* A parse under way. */
struct parser {
	int argc;
	char *const *argv;
	int next; /* the first argument not looked at yet */
	const struct opt_set *sets;
	struct opt_args *args;
	struct err *e;
	bool failed; /* *e* is filled */
};

/* An option that was found. */
struct hit {
	const struct opt *opt;
	void *value;
	char label[64]; /* as the user wrote it: "--json", "-c" */
};

/* Where a mistake goes: only the first is kept. */
static struct err *
blame(struct parser *p)
{
	bool first = !p->failed;
	p->failed = true;
	return first ? p->e : NULL;
}

static bool
has_argument(const struct opt *o)
{
	return o->kind != OPT_FLAG && o->kind != OPT_COUNT;
}

static bool
is_named(const struct opt *o, const char *name, size_t n)
{
	return strlen(o->name) == n && memcmp(o->name, name, n) == 0;
}

/* By long name, or by letter where *name* is NULL. */
static bool
find(struct hit *out, const struct parser *p, const char *name, size_t n,
    char letter)
{
	for (const struct opt_set *s = p->sets; s->table != NULL; s++) {
		for (const struct opt *o = s->table; o->name != NULL; o++) {
			if (name != NULL ? !is_named(o, name, n)
					 : o->letter != letter)
				continue;
			out->opt = o;
			out->value = (char *)s->values + o->at;
			if (name != NULL)
				snprintf(out->label, sizeof(out->label), "--%s",
				    o->name);
			else
				snprintf(out->label, sizeof(out->label), "-%c",
				    letter);
			return true;
		}
	}
	return false;
}

static bool
is_option(const struct parser *p, const char *arg)
{
	struct hit ignored;
	if (strcmp(arg, "--") == 0)
		return true;
	if (strncmp(arg, "--", 2) == 0)
		return find(&ignored, p, arg + 2, strcspn(arg + 2, "="), '\0');
	return arg[0] == '-' && arg[1] != '\0' && arg[2] == '\0' &&
	    find(&ignored, p, NULL, 0, arg[1]);
}

/*
 * The argument of an option that has it apart. Where another option follows
 * instead, it was forgotten: nobody means "-c --json" to read a file of that
 * name (and who does writes "--config=--json").
 */
static const char *
take_argument(struct parser *p)
{
	if (p->next >= p->argc || is_option(p, p->argv[p->next]))
		return NULL;
	return p->argv[p->next++];
}

static void
store_number(struct parser *p, const struct hit *h, const char *text)
{
	struct opt_number *number = h->value;
	assert(text != NULL);
	if (num_parse(&number->value, text, strlen(text), h->opt->min,
		h->opt->max) == 0)
		number->given = true;
	else
		err_set(blame(p), ERR_USAGE,
		    "%s: '%s' is not a number from %lld to %lld", h->label,
		    text, (long long)h->opt->min, (long long)h->opt->max);
}

static void
store_choice(struct parser *p, const struct hit *h, const char *text)
{
	const char *const *choices = h->opt->choices;
	struct str known = STR_INIT;
	int *choice = h->value;
	assert(text != NULL);
	for (int i = 0; choices[i] != NULL && *choice == 0; i++) {
		if (strcmp(choices[i], text) == 0)
			*choice = 1 + i;
		str_addf(&known, "%s%s", i > 0 ? "|" : "", choices[i]);
	}
	if (*choice == 0)
		err_set(blame(p), ERR_USAGE, "%s: '%s' is none of %s", h->label,
		    text, known.p);
	str_free(&known);
}

static bool
was_given(const struct hit *h)
{
	switch (h->opt->kind) {
	case OPT_TEXT:
		return *(const char **)h->value != NULL;
	case OPT_NUMBER:
		return ((struct opt_number *)h->value)->given;
	case OPT_CHOICE:
		return *(int *)h->value != 0;
	case OPT_FLAG:
	case OPT_COUNT:
	case OPT_LIST:
		break;
	}
	return false;
}

static void
store(struct parser *p, const struct hit *h, const char *text)
{
	if (was_given(h)) {
		err_set(blame(p), ERR_USAGE, "%s is given twice", h->label);
		return;
	}
	switch (h->opt->kind) {
	case OPT_FLAG:
		*(bool *)h->value = true;
		break;
	case OPT_COUNT:
		++*(int *)h->value;
		break;
	case OPT_TEXT:
		*(const char **)h->value = text;
		break;
	case OPT_LIST:
		strlist_add(h->value, text);
		break;
	case OPT_NUMBER:
		store_number(p, h, text);
		break;
	case OPT_CHOICE:
		store_choice(p, h, text);
		break;
	}
}

static void
store_argument(struct parser *p, const struct hit *h, const char *text)
{
	if (text == NULL)
		err_set(blame(p), ERR_USAGE, "%s needs a value: %s", h->label,
		    h->opt->arg);
	else
		store(p, h, text);
}

/* The known long name that *word* most likely meant. */
static const char *
nearest(const struct parser *p, const char *word)
{
	const char **names = NULL;
	size_t n = 0, cap = 0;
	for (const struct opt_set *s = p->sets; s->table != NULL; s++) {
		for (const struct opt *o = s->table; o->name != NULL; o++) {
			names = mem_grow(names, &cap, n + 2, sizeof(*names));
			names[n++] = o->name;
		}
	}
	if (n == 0)
		return NULL;
	names[n] = NULL;
	const char *found = text_nearest(word, names);
	free(names);
	return found;
}

static void
unknown_long(struct parser *p, const char *name, size_t n)
{
	if (p->failed)
		return;
	char *word = mem_copy(name, n);
	err_set(blame(p), ERR_USAGE, "unknown option '--%s'", word);
	p->args->nearest = nearest(p, word);
	free(word);
}

static void
parse_long(struct parser *p, const char *name)
{
	size_t n = strcspn(name, "=");
	const char *attached = name[n] == '=' ? name + n + 1 : NULL;
	struct hit h;
	if (!find(&h, p, name, n, '\0'))
		unknown_long(p, name, n);
	else if (has_argument(h.opt))
		store_argument(
		    p, &h, attached != NULL ? attached : take_argument(p));
	else if (attached != NULL)
		err_set(blame(p), ERR_USAGE, "%s takes no value", h.label);
	else
		store(p, &h, NULL);
}

/* A group of letters; one that wants an argument takes the rest of it. */
static void
parse_letters(struct parser *p, const char *letters)
{
	for (const char *l = letters; *l != '\0'; l++) {
		struct hit h;
		if (!find(&h, p, NULL, 0, *l)) {
			err_set(blame(p), ERR_USAGE, "unknown option '-%s'", l);
			return;
		}
		if (has_argument(h.opt)) {
			const char *text =
			    l[1] != '\0' ? l + 1 : take_argument(p);
			store_argument(p, &h, text);
			return;
		}
		store(p, &h, NULL);
	}
}

static void
take_rest(struct parser *p)
{
	while (p->next < p->argc)
		p->args->v[p->args->n++] = p->argv[p->next++];
}

int
opt_parse(struct opt_args *args, int argc, char *const *argv,
    const struct opt_set *sets, enum opt_stop stop, struct err *e)
{
	assert(argc >= 0);
	struct parser p = {argc, argv, 0, sets, args, e, false};
	*args = (struct opt_args){.dashes = -1};
	args->v = mem_zero((size_t)argc + 1, sizeof(*args->v));
	while (p.next < argc) {
		const char *arg = argv[p.next];
		if (arg[0] != '-' || arg[1] == '\0') {
			if (stop == OPT_AT_FIRST)
				break;
			args->v[args->n++] = argv[p.next++];
			continue;
		}
		p.next++;
		if (strcmp(arg, "--") == 0) {
			args->dashes = args->n;
			break;
		}
		if (arg[1] == '-')
			parse_long(&p, arg + 2);
		else
			parse_letters(&p, arg + 1);
	}
	take_rest(&p);
	if (args->dashes < 0)
		args->dashes = args->n;
	return p.failed ? -1 : 0;
}

void
opt_args_free(struct opt_args *args)
{
	free(args->v);
	*args = (struct opt_args){.v = NULL};
}

void
opt_values_free(const struct opt *table, void *values)
{
	for (const struct opt *o = table; o->name != NULL; o++)
		if (o->kind == OPT_LIST)
			strlist_free((void *)((char *)values + o->at));
}
