/*
 * template.h - what 'init' makes configs from.
 *
 * A template is a config like any other, so that it can be read, checked and
 * copied by hand. Lines that begin with "#:" stand above it and are facts for
 * 'init', which leaves them out of what it writes:
 *
 *   #: title TEXT                what people call the application
 *   #: find OS PATTERN           where it keeps its state (config/home.h); OS
 *                                is linux, macos, windows or *
 *   #: find OS PATTERN needs X   … if the folder holds X
 *   #: after TEXT                to be said once the config is written
 */
#ifndef CONFIG_TEMPLATE_H
#define CONFIG_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "base/strlist.h"

/* Where an application may keep its state. */
struct template_place {
	char *os, *pattern;
	char *needs; /* NULL: nothing */
};

struct template
{
	const char *name;
	struct str title;
	struct template_place *places;
	size_t nplaces, cap;
	struct strlist after;
	struct str text; /* the config, without the facts */
};

/* template_name: of the *i*-th, in the order 'init' lists them; NULL behind
   the last. */
const char *template_name(size_t i);

/* template_nearest: the one *word* may have meant, or NULL. */
const char *template_nearest(const char *word);

/* template_load: false, leaving *out* empty, when there is none of that name.
   Released by template_free either way. */
bool template_load(struct template *out, const char *name);
void template_free(struct template *t);

/* template_parse: the same from a text; template_load's inner part. */
void template_parse(
    struct template *out, const char *name, const char *text, size_t n);

/* What a person fills in; NULL leaves what the template says. */
struct template_values {
	const char *machine_id, *label;
	const char *local, *cloud; /* as they are to stand in the config */
};

/* template_fill: append the config with these values in it, each in the place
   of its key's line, a comment or not. */
void template_fill(
    struct str *out, const struct template *t, const struct template_values *v);

#endif
