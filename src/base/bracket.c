#include "base/bracket.h"

#include <string.h>

#include "base/compiler.h"
#include "base/utf8.h"

struct posix_class {
	const char *name;
	const char *ranges; /* pairs of first and last */
};

static const struct posix_class classes[] = {
    {"alnum", "09AZaz"},
    {"alpha", "AZaz"},
    {"blank", "\t\t  "},
    {"cntrl", "\x01\x1F\x7F\x7F"},
    {"digit", "09"},
    {"graph", "!~"},
    {"lower", "az"},
    {"print", " ~"},
    {"punct", "!/:@[`{~"},
    {"space", "\t\r  "},
    {"upper", "AZ"},
    {"xdigit", "09AFaf"},
};

/* What stands between '[' and ']', one behind the other. */
struct item {
	const struct posix_class *class; /* NULL: the range first … last */
	int32_t first, last;
};

size_t
bracket_char(const char *p, size_t n, int32_t *cp)
{
	size_t backslash = n > 0 && p[0] == '\\';
	if (n == backslash)
		return 0;
	return backslash + utf8_step(p + backslash, n - backslash, cp);
}

/* The length of the "[:name:]" at *p*, 0 when it is not written like one;
 *class* is NULL when there is none of that name. */
static size_t
class_item(const char *p, size_t n, const struct posix_class **class)
{
	if (n < 2 || p[0] != '[' || p[1] != ':')
		return 0;
	const char *end = memchr(p, ']', n);
	if (end == NULL || end - p < 3 || end[-1] != ':')
		return 0;
	size_t len = (size_t)(end - p) + 1;
	size_t name_len = len - strlen("[::]");
	*class = NULL;
	for (size_t i = 0; i < COUNT_OF(classes); i++) {
		const char *name = classes[i].name;
		if (strlen(name) == name_len &&
		    memcmp(p + 2, name, name_len) == 0)
			*class = &classes[i];
	}
	return len;
}

/* The length of the item at *p*; 0 when it is cut short, or a class there is
   not. */
static size_t
next_item(const char *p, size_t n, struct item *out)
{
	*out = (struct item){.class = NULL};
	size_t len = class_item(p, n, &out->class);
	if (len > 0)
		return out->class != NULL ? len : 0;
	len = bracket_char(p, n, &out->first);
	out->last = out->first;
	if (len == 0 || n - len < 2 || p[len] != '-' || p[len + 1] == ']')
		return len;
	len++;
	size_t last_len = bracket_char(p + len, n - len, &out->last);
	return last_len > 0 ? len + last_len : 0;
}

/* Where the items begin. */
static size_t
items_begin(const char *p, size_t n, bool *negated)
{
	*negated = n > 1 && (p[1] == '!' || p[1] == '^');
	return *negated ? 2 : 1;
}

size_t
bracket_len(const char *p, size_t n)
{
	bool negated;
	size_t at = items_begin(p, n, &negated);
	do {
		struct item item;
		size_t len = next_item(p + at, n - at, &item);
		if (len == 0)
			return 0;
		at += len;
	} while (at < n && p[at] != ']');
	return at < n ? at + 1 : 0;
}

static bool
item_holds(const struct item *item, int32_t cp)
{
	/* As git has it, a range written backwards is its first. */
	if (item->class == NULL)
		return cp == item->first ||
		    (cp >= item->first && cp <= item->last);
	for (const char *r = item->class->ranges; *r != '\0'; r += 2) {
		if (cp >= r[0] && cp <= r[1])
			return true;
	}
	return false;
}

/* The same ASCII letter in the other case; anything else itself. */
static int32_t
other_case(int32_t cp)
{
	if (cp >= 'A' && cp <= 'Z')
		return cp + ('a' - 'A');
	if (cp >= 'a' && cp <= 'z')
		return cp - ('a' - 'A');
	return cp;
}

bool
bracket_takes(const char *p, size_t n, int32_t cp, bool fold)
{
	bool negated;
	size_t at = items_begin(p, n, &negated);
	bool found = false;
	while (at < n - 1 && !found) {
		struct item item;
		at += next_item(p + at, n - at, &item);
		found = item_holds(&item, cp) ||
		    (fold && item_holds(&item, other_case(cp)));
	}
	return found != negated;
}
