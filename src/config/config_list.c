#include "config/config_list.h"

#include <stdbool.h>
#include <string.h>

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
ends_line(char c)
{
	return c == '\0' || c == '\n';
}

/* Behind the bracket that closes the one at *s*; where none does, the rest of
   the line is one item, and the mistake is its reader's to find. */
static const char *
skip_bracket(const char *s, char closing)
{
	for (s++; !ends_line(*s); s++) {
		if (*s == '\\' && !ends_line(s[1]))
			s++;
		else if (*s == closing)
			return s + 1;
	}
	return s;
}

static const char *
item_end(const char *s, enum config_list_kind kind)
{
	while (!ends_line(*s) && *s != ',') {
		if (*s == '\\' && !ends_line(s[1]))
			s += 2;
		else if (*s == '[' && kind != CONFIG_LIST_NAMES)
			s = skip_bracket(s, ']');
		else if (*s == '{' && kind == CONFIG_LIST_PATTERNS)
			s = skip_bracket(s, '}');
		else
			s++;
	}
	return s;
}

int
config_list_next(struct config_list *l)
{
	for (;;) {
		while (is_blank(*l->s) || *l->s == ',' || *l->s == '\n')
			l->line += *l->s++ == '\n';
		if (*l->s == '\0')
			return 0;
		l->item = l->s;
		l->s = item_end(l->s, l->kind);
		l->len = (size_t)(l->s - l->item);
		while (l->len > 0 && is_blank(l->item[l->len - 1]))
			l->len--;
		if (l->len > 0)
			return 1;
	}
}
