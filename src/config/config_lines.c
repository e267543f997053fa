#include "config/config_lines.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
is_name(const char *s, size_t n)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_-.";
	for (size_t i = 0; i < n; i++)
		if (s[i] == '\0' || strchr(allowed, s[i]) == NULL)
			return false;
	return n > 0 && n <= CONFIG_LINES_NAME_MAX;
}

static void
trim(const char **s, size_t *n)
{
	while (*n > 0 && is_blank(**s)) {
		++*s;
		--*n;
	}
	while (*n > 0 && is_blank((*s)[*n - 1]))
		--*n;
}

static void
report(const struct config_lines *l, const char *what)
{
	l->sink->bad_line(l->sink->arg, l->number, what);
}

/*
 * A file some editors call "Unicode": its first character, an ASCII one, is
 * half a NUL. (Two NULs are a file whose bytes never arrived.)
 */
static bool
is_utf16(const char *s, size_t n)
{
	if (n < 2)
		return false;
	return memcmp(s, "\xFF\xFE", 2) == 0 || memcmp(s, "\xFE\xFF", 2) == 0 ||
	    (s[0] == '\0') != (s[1] == '\0');
}

void
config_lines_init(struct config_lines *l, const char *text, size_t n,
    const struct config_ini_sink *sink)
{
	*l = (struct config_lines){
	    .sink = sink,
	    .next = text,
	    .end = text + n,
	    .section = STR_INIT,
	    .key = STR_INIT,
	    .item_value = STR_INIT,
	};
	if (is_utf16(text, n)) {
		l->number = 1;
		report(l, "the file is UTF-16; save it as UTF-8");
		l->next = l->end;
	} else if (n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
		l->next += 3;
	}
}

void
config_lines_free(struct config_lines *l)
{
	str_free(&l->section);
	str_free(&l->key);
	str_free(&l->item_value);
}

/* Hand over the item whose value has come to its end, if there is one. */
static void
finish_item(struct config_lines *l)
{
	if (l->key.len == 0)
		return;
	struct config_ini_item item = {
	    .line = l->key_line,
	    .section = l->section.p,
	    .key = l->key.p,
	    .value = l->item_value.p,
	};
	l->sink->item(l->sink->arg, &item);
	str_clear(&l->key);
}

/* The next line of the text without its end; its number becomes ours. */
static void
take_line(struct config_lines *l, const char **line, size_t *n)
{
	const char *p = l->next;
	while (p < l->end && *p != '\n' && *p != '\r')
		p++;
	*line = l->next;
	*n = (size_t)(p - l->next);
	if (l->end - p >= 2 && p[0] == '\r' && p[1] == '\n')
		p++;
	l->next = p < l->end ? p + 1 : p;
	l->number++;
}

/* The head "[name]" of a section line that is one. */
static bool
read_section(struct config_lines *l, const char *s, size_t n)
{
	const char *end = memchr(s, ']', n);
	l->skip_keys = true;
	if (end == NULL) {
		report(l,
		    "the section's name has no ']' behind it; what "
		    "stands below it is not checked");
		return false;
	}
	const char *rest = end + 1;
	size_t rest_len = n - (size_t)(rest - s);
	trim(&rest, &rest_len);
	const char *name = s + 1;
	size_t name_len = (size_t)(end - name);
	trim(&name, &name_len);
	if (rest_len > 0 && *rest != ';' && *rest != '#')
		report(l, "only a comment may stand behind a section's ']'");
	else if (!is_name(name, name_len))
		report(l,
		    "this is no section's name (letters, digits, '_', "
		    "'-' and '.'); what stands below it is not checked");
	else
		l->skip_keys = false;
	if (l->skip_keys)
		return false;
	snprintf(l->head, sizeof(l->head), "[%.*s]", (int)name_len, name);
	return true;
}

/* The head "name=" of a key's line, or "+" where no '=' is found. */
static bool
read_key(struct config_lines *l, const char *s, size_t n)
{
	size_t name_len = 0;
	while (name_len < n && s[name_len] != '=' && s[name_len] != ':')
		name_len++;
	if (name_len == n) {
		snprintf(l->head, sizeof(l->head), "+");
		return true;
	}
	l->value = s + name_len + 1;
	l->value_len = n - name_len - 1;
	trim(&l->value, &l->value_len);
	trim(&s, &name_len);
	if (is_name(s, name_len)) {
		snprintf(l->head, sizeof(l->head), "%.*s=", (int)name_len, s);
		return true;
	}
	report(l,
	    "what stands before the '=' is no key's name (letters, "
	    "digits, '_', '-' and '.')");
	l->skip_more = true;
	return false;
}

static bool
read_line(struct config_lines *l, const char *s, size_t n)
{
	bool indented = n > 0 && is_blank(*s);
	if (memchr(s, '\0', n) != NULL) {
		report(l, "the line holds a NUL byte; this is no text file");
		l->skip_more = true;
		return false;
	}
	trim(&s, &n);
	if (n == 0 || *s == ';' || *s == '#')
		return false;
	if (indented) {
		if (l->skip_more || l->skip_keys)
			return false;
		l->value = s;
		l->value_len = n;
		snprintf(l->head, sizeof(l->head), " +");
		return true;
	}
	finish_item(l);
	l->skip_more = false;
	if (*s == '[')
		return read_section(l, s, n);
	return !l->skip_keys && read_key(l, s, n);
}

bool
config_lines_next(struct config_lines *l)
{
	while (l->next < l->end) {
		const char *line;
		size_t n;
		take_line(l, &line, &n);
		if (read_line(l, line, n))
			return true;
	}
	finish_item(l);
	return false;
}

void
config_lines_section(struct config_lines *l, const char *name)
{
	str_set(&l->section, name);
	l->sink->section(l->sink->arg, l->number, name);
}

void
config_lines_key(struct config_lines *l, const char *name)
{
	str_set(&l->key, name);
	str_clear(&l->item_value);
	str_addn(&l->item_value, l->value, l->value_len);
	l->key_line = l->last_line = l->number;
}

void
config_lines_more(struct config_lines *l)
{
	assert(l->key.len > 0);
	for (; l->last_line < l->number; l->last_line++)
		str_addc(&l->item_value, '\n');
	str_addn(&l->item_value, l->value, l->value_len);
}

void
config_lines_bad(struct config_lines *l)
{
	report(l,
	    l->head[0] == ' '
		? "the line begins with a blank, but there is no value "
		  "above it that it could continue"
		: "the line is neither '[section]' nor 'key = value'");
	l->skip_more = true;
}
