#include "config/config_complaints.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"

enum { SHOWN_WIDTH = 60 };

bool
config_complaints_full(const struct config_complaints *c)
{
	return c->n == CONFIG_COMPLAINTS_MAX;
}

void
config_complain(struct config_complaints *c, struct config_about about,
    const char *fmt, ...)
{
	if (config_complaints_full(c)) {
		c->left_out++;
		return;
	}
	struct str text = STR_INIT;
	if (about.line == CONFIG_FROM_SET)
		str_add(&text, "--set: ");
	else if (about.line == CONFIG_NO_LINE)
		str_addf(&text, "%s: ", c->file);
	else
		str_addf(&text, "%s:%u: ", c->file, about.line);
	if (about.name != NULL)
		str_addf(&text, "%s: ", about.name);
	va_list ap;
	va_start(ap, fmt);
	str_vaddf(&text, fmt, ap);
	va_end(ap);

	c->v = mem_grow(c->v, &c->cap, c->n + 1, sizeof(*c->v));
	c->v[c->n] = (struct config_complaint){
	    .line = about.line,
	    .order = c->n,
	    .text = str_take(&text),
	};
	c->n++;
}

void
config_complain_key(struct config_complaints *c, const struct config_key *k,
    unsigned line, const char *what)
{
	struct str name = STR_INIT;
	str_addf(&name, "%s.%s", k->section, k->name);
	struct config_about about = {.line = line, .name = name.p};
	config_complain(c, about, "%s", what);
	str_free(&name);
}

static int
by_line(const void *a, const void *b)
{
	const struct config_complaint *x = a, *y = b;
	/* --set comes last: 0 less one is the largest. */
	unsigned xl = x->line - 1, yl = y->line - 1;
	if (xl != yl)
		return xl < yl ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

void
config_complaints_write(struct config_complaints *c, struct strlist *lines)
{
	if (c->n > 1)
		qsort(c->v, c->n, sizeof(*c->v), by_line);
	for (size_t i = 0; i < c->n; i++)
		strlist_add(lines, c->v[i].text);
	if (c->left_out == 0)
		return;
	struct str rest = STR_INIT;
	str_addf(
	    &rest, "%s: %zu more mistakes are not shown", c->file, c->left_out);
	strlist_add(lines, rest.p);
	str_free(&rest);
}

void
config_complaints_free(struct config_complaints *c)
{
	for (size_t i = 0; i < c->n; i++)
		free(c->v[i].text);
	free(c->v);
	*c = (struct config_complaints){.file = NULL};
}

char *
config_shown(char buf[CONFIG_SHOWN_SIZE], const char *s, size_t n)
{
	struct str shown = STR_INIT;
	text_fit(&shown, s, n, SHOWN_WIDTH);
	snprintf(buf, CONFIG_SHOWN_SIZE, "'%s'", shown.p);
	str_free(&shown);
	return buf;
}
