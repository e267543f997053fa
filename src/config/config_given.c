#include "config/config_given.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/str.h"
#include "base/text.h"
#include "config/config_ini.h"
#include "platform/plat_fs.h"

/* The columns of a name from the user in a message. */
enum { NAME_WIDTH = 60 };

struct config_given *
config_given_new(void)
{
	return mem_zero(config_keys_n, sizeof(struct config_given));
}

void
config_given_destroy(struct config_given *given)
{
	for (size_t i = 0; i < config_keys_n; i++)
		free(given[i].value);
	free(given);
}

struct config_given *
config_given_of(struct config_given *given, const struct config_key *k)
{
	return &given[k - config_keys];
}

/* ---- unknown names ---- */

static void
complain_section(
    struct config_complaints *c, unsigned line, const char *section)
{
	struct str name = STR_INIT, nearest = STR_INIT;
	str_addc(&name, '[');
	text_fit(&name, section, strlen(section), NAME_WIDTH);
	str_addc(&name, ']');
	struct config_about about = {.line = line, .name = name.p};
	c->unknown++;
	if (!config_complaints_full(c) &&
	    config_key_nearest(&nearest, section, NULL))
		config_complain(c, about,
		    "there is no such section; did you mean [%s]?", nearest.p);
	else
		config_complain(c, about, "there is no such section");
	str_free(&name);
	str_free(&nearest);
}

static void
complain_key(struct config_complaints *c, unsigned line, const char *section,
    const char *key)
{
	struct str name = STR_INIT, nearest = STR_INIT;
	text_fit(&name, section, strlen(section), NAME_WIDTH);
	str_addc(&name, '.');
	text_fit(&name, key, strlen(key), NAME_WIDTH);
	struct config_about about = {.line = line, .name = name.p};
	c->unknown++;
	if (!config_complaints_full(c) &&
	    config_key_nearest(&nearest, section, key))
		config_complain(c, about,
		    "there is no such key; did you mean %s?", nearest.p);
	else
		config_complain(c, about, "there is no such key");
	str_free(&name);
	str_free(&nearest);
}

/* ---- the file ---- */

/* What the sink's functions are handed. */
struct gathering {
	struct config_given *given;
	struct config_complaints *complaints;
};

static void
take_section(void *arg, unsigned line, const char *name)
{
	struct gathering *g = arg;
	if (!config_key_is_section(name)) {
		complain_section(g->complaints, line, name);
		return;
	}
	for (size_t i = 0; i < config_keys_n; i++)
		if (g->given[i].section_line == 0 &&
		    strcmp(config_keys[i].section, name) == 0)
			g->given[i].section_line = line;
}

static void
take_item(void *arg, const struct config_ini_item *item)
{
	struct gathering *g = arg;
	struct config_about about = {.line = item->line, .name = item->key};
	if (item->section[0] == '\0') {
		config_complain(
		    g->complaints, about, "stands above the first [section]");
		return;
	}
	/* Of a section that is not known, its own line said enough. */
	if (!config_key_is_section(item->section))
		return;
	const struct config_key *k = config_key_find(item->section, item->key);
	if (k == NULL) {
		complain_key(
		    g->complaints, item->line, item->section, item->key);
		return;
	}
	struct config_given *given = config_given_of(g->given, k);
	if (given->value != NULL) {
		struct str name = STR_INIT;
		str_addf(&name, "%s.%s", k->section, k->name);
		about.name = name.p;
		config_complain(g->complaints, about,
		    "stands here again; it was given in line %u", given->line);
		str_free(&name);
		return;
	}
	given->value = mem_string(item->value);
	given->line = item->line;
}

static void
take_bad_line(void *arg, unsigned line, const char *what)
{
	struct gathering *g = arg;
	config_complain(
	    g->complaints, (struct config_about){.line = line}, "%s", what);
}

/* The file's size is looked at first, but is not to be trusted: it may grow,
   and some have none. */
static int
read_text(struct str *out, struct plat_file f, struct err *e)
{
	enum { PIECE = 64 * 1024 };
	struct plat_stat st;
	if (plat_file_stat(&st, f, e) != 0)
		return -1;
	for (size_t got = 1; got > 0;) {
		if (st.size > CONFIG_INI_MAX_BYTES ||
		    out->len > CONFIG_INI_MAX_BYTES)
			return err_set(e, ERR_CONFIG,
			    "is larger than %d MB; that is no config",
			    CONFIG_INI_MAX_BYTES / 1024 / 1024);
		str_reserve(out, PIECE);
		if (plat_read(f, out->p + out->len, PIECE, &got, e) != 0)
			return -1;
		out->len += got;
		out->p[out->len] = '\0';
	}
	return 0;
}

void
config_given_text(struct config_given *given, const char *text, size_t n,
    struct config_complaints *c)
{
	struct gathering g = {.given = given, .complaints = c};
	struct config_ini_sink sink = {.section = take_section,
	    .item = take_item,
	    .bad_line = take_bad_line,
	    .arg = &g};
	config_ini_parse(text, n, &sink);
}

int
config_given_file(struct config_given *given, const char *file,
    struct config_complaints *c, struct err *e)
{
	struct plat_file f = PLAT_FILE_NONE;
	struct str text = STR_INIT;
	int rc = plat_open_native(&f, file, e);
	if (rc != 0)
		return rc == 1 ? err_set(e, ERR_CONFIG, "there is no such file")
			       : -1;
	rc = read_text(&text, f, e);
	plat_close(&f, NULL);
	if (rc == 0)
		config_given_text(given, text.p, text.len, c);
	str_free(&text);
	return rc;
}

/* ---- --set ---- */

static void
trim(const char **s, size_t *n)
{
	while (*n > 0 && (**s == ' ' || **s == '\t')) {
		++*s;
		--*n;
	}
	while (*n > 0 && ((*s)[*n - 1] == ' ' || (*s)[*n - 1] == '\t'))
		--*n;
}

/* "section.key" in its two parts; -1 when it is no such thing. A key's name
   may hold a dot, a section's does not. */
static int
split_name(struct str *section, struct str *key, const char *name, size_t n)
{
	trim(&name, &n);
	const char *dot = memchr(name, '.', n);
	if (dot == NULL)
		return -1;
	str_addn(section, name, (size_t)(dot - name));
	str_addn(key, dot + 1, n - section->len - 1);
	return section->len > 0 && key->len > 0 ? 0 : -1;
}

static void
set_one(
    struct config_given *given, const char *set, struct config_complaints *c)
{
	struct str section = STR_INIT, key = STR_INIT;
	const char *equals = strchr(set, '=');
	const struct config_key *k = NULL;
	if (equals == NULL ||
	    split_name(&section, &key, set, (size_t)(equals - set)) != 0) {
		char shown[CONFIG_SHOWN_SIZE];
		config_complain(c,
		    (struct config_about){.line = CONFIG_FROM_SET},
		    "%s is not SECTION.KEY=VALUE",
		    config_shown(shown, set, strlen(set)));
	} else if (!config_key_is_section(section.p)) {
		complain_section(c, CONFIG_FROM_SET, section.p);
	} else if ((k = config_key_find(section.p, key.p)) == NULL) {
		complain_key(c, CONFIG_FROM_SET, section.p, key.p);
	} else {
		const char *value = equals + 1;
		size_t n = strlen(value);
		struct config_given *g = config_given_of(given, k);
		trim(&value, &n);
		free(g->value);
		g->value = mem_copy(value, n);
		g->line = CONFIG_FROM_SET;
	}
	str_free(&section);
	str_free(&key);
}

void
config_given_sets(struct config_given *given, const struct strlist *sets,
    struct config_complaints *c)
{
	for (size_t i = 0; sets != NULL && i < sets->n; i++)
		set_one(given, sets->v[i], c);
}
