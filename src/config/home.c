#include "config/home.h"

#include <string.h>

#include "base/glob.h"

enum { FINDS_MAX = 100 };

/* The pattern with its variables filled in; false when one is not set. */
static bool
expand(struct str *out, const struct home *h, const char *s)
{
	if (s[0] == '~') {
		str_add(out, h->dir);
		s++;
	}
	while (*s != '\0') {
		const char *end =
		    s[0] == '$' && s[1] == '{' ? strchr(s, '}') : NULL;
		if (end == NULL) {
			str_addc(out, *s++);
			continue;
		}
		struct str name = STR_INIT;
		size_t from = out->len;
		str_addn(&name, s + 2, (size_t)(end - s) - 2);
		bool set = h->variable(out, h->arg, name.p);
		str_free(&name);
		if (!set)
			return false;
		for (size_t i = from; i < out->len; i++)
			if (out->p[i] == '\\' && strcmp(h->os, "windows") == 0)
				out->p[i] = '/';
		s = end + 1;
	}
	return true;
}

/* A part of a pattern that is more than a name. */
static bool
is_wild(const char *part, size_t n)
{
	return memchr(part, '*', n) != NULL;
}

/* The names in *dir* the part matches become *out*, as paths. */
static void
match_part(struct strlist *out, const struct home *h, const char *dir,
    const char *part, size_t n)
{
	struct strlist names = STRLIST_INIT;
	struct glob glob;
	const char *why;
	struct str path = STR_INIT;
	if (glob_parse(&glob, part, n, &why) != 0)
		return;
	h->names(&names, h->arg, dir[0] == '\0' ? "/" : dir);
	for (size_t i = 0; i < names.n && out->n < FINDS_MAX; i++) {
		const char *name = names.v[i];
		if ((name[0] == '.' && part[0] != '.') ||
		    !glob_match(&glob, name, strlen(name), true))
			continue;
		str_clear(&path);
		str_addf(&path, "%s/%s", dir, name);
		strlist_add(out, path.p);
	}
	glob_free(&glob);
	strlist_free(&names);
	str_free(&path);
}

/* Each of the directories in *at* goes on by the part at *part*. */
static void
step(struct strlist *at, const struct home *h, const char *part, size_t n)
{
	struct strlist next = STRLIST_INIT;
	struct str path = STR_INIT;
	for (size_t i = 0; i < at->n; i++) {
		if (is_wild(part, n)) {
			match_part(&next, h, at->v[i], part, n);
			continue;
		}
		str_set(&path, at->v[i]);
		str_addc(&path, '/');
		str_addn(&path, part, n);
		strlist_add(&next, path.p);
	}
	str_free(&path);
	strlist_free(at);
	*at = next;
}

static void
add_dir(struct strlist *out, const struct home *h, const char *path)
{
	struct str whole = STR_INIT;
	str_add(&whole, path);
	if (str_ends(&whole, ":")) /* a drive alone is where one stands on it */
		str_addc(&whole, '/');
	if (h->is_dir(h->arg, whole.p))
		strlist_add(out, whole.p);
	str_free(&whole);
}

void
home_find(struct strlist *out, const struct home *h, const char *pattern)
{
	struct str expanded = STR_INIT;
	struct strlist at = STRLIST_INIT;
	if (!expand(&expanded, h, pattern))
		goto out;
	/* What stands before the first '/': nothing, or a drive. */
	const char *p = expanded.p;
	size_t n = strcspn(p, "/");
	strlist_addn(&at, p, n);
	for (p += n; *p != '\0' && at.n > 0; p += n) {
		p += strspn(p, "/");
		n = strcspn(p, "/");
		if (n > 0)
			step(&at, h, p, n);
	}
	for (size_t i = 0; i < at.n && out->n < FINDS_MAX; i++)
		add_dir(out, h, at.v[i]);
out:
	strlist_free(&at);
	str_free(&expanded);
}

bool
home_has(const struct home *h, const char *path, const char *name)
{
	struct strlist names = STRLIST_INIT;
	h->names(&names, h->arg, path);
	bool has = strlist_has(&names, name);
	strlist_free(&names);
	return has;
}

bool
home_fits(const struct home *h, const char *os)
{
	return strcmp(os, "*") == 0 || strcmp(os, h->os) == 0;
}
