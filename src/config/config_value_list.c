#include "config/config_value_list.h"

#include <string.h>

#include "base/glob.h"
#include "config/config_list.h"
#include "config/config_path.h"
#include "model/filter/pattern.h"

/* A check: NULL, with the item appended, or what is wrong with it. */
typedef const char *item_fn(struct strlist *out, const char *s, size_t n);

/* "a\,b" is the name "a,b". */
static void
add_unescaped(struct str *out, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '\\' && i + 1 < n && s[i + 1] == ',')
			i++;
		str_addc(out, s[i]);
	}
}

static bool
has_control(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] < 0x20 || s[i] == 0x7F)
			return true;
	return false;
}

static const char *
add_tree_path(struct strlist *out, const char *s, size_t n)
{
	const char *why = NULL;
	struct str name = STR_INIT, path = STR_INIT;
	add_unescaped(&name, s, n);
	if (config_tree_path(&path, name.p, name.len) != 0)
		why = "is not the path of something inside the folder";
	else
		strlist_addn(out, path.p, path.len);
	str_free(&name);
	str_free(&path);
	return why;
}

static const char *
add_rule(struct strlist *out, const char *s, size_t n)
{
	struct glob g;
	const char *why = "is no glob";
	int rc = glob_parse(&g, s, n, &why);
	if (rc == 1)
		return "is a comment; write \\# for the character itself";
	if (rc != 0)
		return why;
	glob_free(&g);
	strlist_addn(out, s, n);
	return NULL;
}

static const char *
add_glob(struct strlist *out, const char *s, size_t n)
{
	if (s[0] == '!')
		return "begins with '!', but nothing is taken back here; "
		       "write \\! for the character itself";
	return add_rule(out, s, n);
}

static const char *
add_pattern(struct strlist *out, const char *s, size_t n)
{
	struct pattern p;
	const char *why;
	if (pattern_compile(&p, s, n, true, &why) != 0)
		return why;
	pattern_free(&p);
	strlist_addn(out, s, n);
	return NULL;
}

static const char *
add_process(struct strlist *out, const char *s, size_t n)
{
	const char *why = NULL;
	struct str name = STR_INIT;
	add_unescaped(&name, s, n);
	if (strpbrk(name.p, "/\\") != NULL)
		why = "is a path; give the program's name alone";
	else if (has_control(name.p, name.len))
		why = "holds a control character";
	else
		strlist_addn(out, name.p, name.len);
	str_free(&name);
	return why;
}

static item_fn *
item_check(enum config_key_type type, enum config_list_kind *kind)
{
	*kind = CONFIG_LIST_GLOBS;
	switch (type) {
	case CONFIG_KEY_TREE_PATHS:
		*kind = CONFIG_LIST_NAMES;
		return add_tree_path;
	case CONFIG_KEY_RULES:
		return add_rule;
	case CONFIG_KEY_GLOBS:
		return add_glob;
	case CONFIG_KEY_PATTERNS:
		*kind = CONFIG_LIST_PATTERNS;
		return add_pattern;
	default:
		*kind = CONFIG_LIST_NAMES;
		return add_process;
	}
}

/*
 * A section or key that was indented by mistake would pass for an item of the
 * list above it, and a list that is too long can mean files not mirrored.
 */
static bool
is_indented_key(const char *line, size_t n)
{
	size_t end = 0;
	while (end < n && line[end] != '=' && line[end] != ':')
		end++;
	bool section = n > 2 && line[0] == '[' && line[n - 1] == ']';
	if (end == n && !section)
		return false;
	while (end > 0 && (line[end - 1] == ' ' || line[end - 1] == '\t'))
		end--;
	struct str name = STR_INIT;
	bool found = false;
	if (section) {
		str_addn(&name, line + 1, n - 2);
		found = config_key_is_section(name.p);
	} else {
		str_addn(&name, line, end);
		for (size_t i = 0; i < config_keys_n && !found; i++)
			found = strcmp(config_keys[i].name, name.p) == 0;
	}
	str_free(&name);
	return found;
}

bool
config_value_list(struct strlist *out, const struct config_key *k,
    const char *text, struct config_about about, struct config_complaints *c)
{
	char shown[CONFIG_SHOWN_SIZE];
	struct config_list l = {.s = text};
	item_fn *add = item_check(k->type, &l.kind);
	size_t mistakes = 0;
	while (config_list_next(&l)) {
		struct config_about at = about;
		if (at.line != CONFIG_FROM_SET && at.line != CONFIG_NO_LINE)
			at.line += l.line;
		const char *why = l.line > 0 && is_indented_key(l.item, l.len)
		    ? "begins with a blank and so continues the list; "
		      "remove the blank if it is no item of it"
		    : add(out, l.item, l.len);
		if (why == NULL)
			continue;
		mistakes++;
		config_complain(
		    c, at, "%s: %s", config_shown(shown, l.item, l.len), why);
	}
	return mistakes == 0;
}
