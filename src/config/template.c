#include "config/template.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/mem.h"
#include "base/text.h"
#include "config/template_files.h"

/* ---- which there are ---- */

const char *
template_name(size_t i)
{
	return i < template_files_n ? template_files[i].name : NULL;
}

const char *
template_nearest(const char *word)
{
	struct strlist names = STRLIST_INIT;
	const char *found = NULL;
	for (size_t i = 0; template_name(i) != NULL; i++)
		strlist_add(&names, template_name(i));
	const char *nearest = text_nearest(word, (const char *const *)names.v);
	for (size_t i = 0; nearest != NULL && found == NULL; i++)
		if (strcmp(template_name(i), nearest) == 0)
			found = template_name(i);
	strlist_free(&names);
	return found;
}

/* ---- reading one ---- */

/* A piece of a line of the template. */
struct piece {
	const char *s;
	size_t n;
};

/* The next word of *p*, which then begins behind the blanks after it. */
static struct piece
take_word(struct piece *p)
{
	struct piece word = {p->s, 0};
	while (word.n < p->n && p->s[word.n] != ' ')
		word.n++;
	size_t skip = word.n;
	while (skip < p->n && p->s[skip] == ' ')
		skip++;
	p->s += skip;
	p->n -= skip;
	return word;
}

static bool
is(struct piece p, const char *word)
{
	return p.n == strlen(word) && memcmp(p.s, word, p.n) == 0;
}

static void
add_place(struct template *t, struct piece os, struct piece rest)
{
	static const char needs[] = " needs ";
	size_t gap = sizeof(needs) - 1, n = rest.n;
	struct template_place place = {.os = mem_copy(os.s, os.n)};
	for (size_t i = 0; i + gap < rest.n && n == rest.n; i++)
		if (memcmp(rest.s + i, needs, gap) == 0)
			n = i;
	if (n < rest.n)
		place.needs = mem_copy(rest.s + n + gap, rest.n - n - gap);
	place.pattern = mem_copy(rest.s, n);
	t->places = mem_grow(t->places, &t->cap, t->nplaces + 1, sizeof(place));
	t->places[t->nplaces++] = place;
}

/* The templates are ours: a fact nobody understands is our mistake. */
static void
take_fact(struct template *t, struct piece fact)
{
	(void)take_word(&fact); /* "#:" */
	struct piece kind = take_word(&fact);
	if (is(kind, "title")) {
		str_addn(&t->title, fact.s, fact.n);
	} else if (is(kind, "find")) {
		struct piece os = take_word(&fact);
		add_place(t, os, fact);
	} else {
		assert(is(kind, "after"));
		strlist_addn(&t->after, fact.s, fact.n);
	}
}

/* The line at *p*, without its end, and *p* moved behind it. */
static struct piece
take_line(struct piece *p)
{
	const char *end = memchr(p->s, '\n', p->n);
	struct piece line = {p->s, end == NULL ? p->n : (size_t)(end - p->s)};
	size_t skip = line.n + (end != NULL);
	p->s += skip;
	p->n -= skip;
	return line;
}

void
template_parse(
    struct template *out, const char *name, const char *text, size_t n)
{
	struct piece rest = {text, n};
	*out = (struct template){.name = name,
	    .title = STR_INIT,
	    .after = STRLIST_INIT,
	    .text = STR_INIT};
	while (rest.n >= 2 && memcmp(rest.s, "#:", 2) == 0)
		take_fact(out, take_line(&rest));
	str_addn(&out->text, rest.s, rest.n);
}

bool
template_load(struct template *out, const char *name)
{
	for (size_t i = 0; i < template_files_n; i++) {
		const struct template_file *f = &template_files[i];
		if (strcmp(f->name, name) != 0)
			continue;
		template_parse(out, f->name, (const char *)f->text, f->n);
		return true;
	}
	template_parse(out, NULL, "", 0);
	return false;
}

void
template_free(struct template *t)
{
	for (size_t i = 0; i < t->nplaces; i++) {
		free(t->places[i].os);
		free(t->places[i].pattern);
		free(t->places[i].needs);
	}
	free(t->places);
	str_free(&t->title);
	strlist_free(&t->after);
	str_free(&t->text);
	*t = (struct template){.name = NULL};
}

/* ---- filling one in ---- */

/* A key and what it is to say. */
struct filling {
	const char *section, *key, *value;
	bool done;
};

/* Does the line set *key*, or show as a comment how to? */
static bool
is_line_of(struct piece line, const char *key)
{
	if (line.n >= 2 && memcmp(line.s, "# ", 2) == 0) {
		line.s += 2;
		line.n -= 2;
	}
	size_t n = strlen(key);
	return line.n >= n + 2 && memcmp(line.s, key, n) == 0 &&
	    memcmp(line.s + n, " =", 2) == 0;
}

static bool
is_section(struct piece line, const char *name)
{
	return line.n == strlen(name) + 2 && line.s[0] == '[' &&
	    memcmp(line.s + 1, name, line.n - 2) == 0;
}

static struct filling *
filling_of(struct filling *f, size_t n, const char *section, struct piece line)
{
	for (size_t i = 0; i < n; i++)
		if (f[i].value != NULL && !f[i].done && section != NULL &&
		    strcmp(f[i].section, section) == 0 &&
		    is_line_of(line, f[i].key))
			return &f[i];
	return NULL;
}

void
template_fill(
    struct str *out, const struct template *t, const struct template_values *v)
{
	struct filling f[] = {
	    {"identity", "machine_id", v->machine_id, false},
	    {"identity", "label", v->label, false},
	    {"paths", "local_state_dir", v->local, false},
	    {"paths", "cloud_root_dir", v->cloud, false},
	};
	struct piece rest = {t->text.p, t->text.len};
	const char *section = NULL;
	while (rest.n > 0) {
		struct piece line = take_line(&rest);
		if (line.n > 0 && line.s[0] == '[')
			section = NULL;
		for (size_t i = 0; i < COUNT_OF(f); i++)
			if (is_section(line, f[i].section))
				section = f[i].section;
		struct filling *fill =
		    filling_of(f, COUNT_OF(f), section, line);
		if (fill != NULL) {
			str_addf(out, "%s = %s\n", fill->key, fill->value);
			fill->done = true;
		} else {
			str_addn(out, line.s, line.n);
			str_addc(out, '\n');
		}
	}
}
