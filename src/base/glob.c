#include "base/glob.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/bracket.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/utf8.h"

struct span {
	const char *p;
	size_t n;
};

static struct span
skip(struct span s, size_t n)
{
	return (struct span){s.p + n, s.n - n};
}

static int32_t
lower(int32_t cp)
{
	return cp >= 'A' && cp <= 'Z' ? cp + ('a' - 'A') : cp;
}

/* What a pattern is made of. */
struct token {
	enum { TOKEN_CHAR, TOKEN_ANY, TOKEN_STAR, TOKEN_SET, TOKEN_SLASH } kind;
	size_t len;
	int32_t cp; /* of TOKEN_CHAR */
};

/* Returns the length of the token at *s*; 0 when it is cut short. */
static size_t
next_token(struct span s, struct token *out)
{
	*out = (struct token){.len = 1};
	switch (s.p[0]) {
	case '/':
		out->kind = TOKEN_SLASH;
		break;
	case '?':
		out->kind = TOKEN_ANY;
		break;
	case '*':
		out->kind = TOKEN_STAR;
		break;
	case '[':
		out->kind = TOKEN_SET;
		out->len = bracket_len(s.p, s.n);
		break;
	default:
		out->kind = TOKEN_CHAR;
		out->len = bracket_char(s.p, s.n, &out->cp);
		break;
	}
	return out->len;
}

static bool
token_takes(const struct token *t, struct span pattern, int32_t cp, bool fold)
{
	switch (t->kind) {
	case TOKEN_ANY:
		return true;
	case TOKEN_SET:
		return bracket_takes(pattern.p, t->len, cp, fold);
	default:
		return t->cp == cp || (fold && lower(t->cp) == lower(cp));
	}
}

/*
 * One part of a pattern against one part of a path. When something does not
 * fit, the last '*' takes one character more; an earlier one never has to,
 * since whatever it could take now, the last one can take as well. So only the
 * stretch of the pattern behind one star is ever tried again, once for each
 * character of the name.
 */
static bool
match_part(struct span pattern, struct span part, bool fold)
{
	struct span star = {NULL, 0}; /* the pattern behind the last '*' … */
	struct span rest = part;      /* … and what it has not taken */
	for (;;) {
		struct token t = {.len = 0};
		int32_t cp;
		if (pattern.n > 0 && next_token(pattern, &t) > 0 &&
		    t.kind == TOKEN_STAR) {
			pattern = skip(pattern, 1);
			star = pattern;
			rest = part;
			if (pattern.n == 0)
				return true;
			continue;
		}
		if (part.n == 0)
			return pattern.n == 0;
		size_t len = utf8_step(part.p, part.n, &cp);
		if (pattern.n > 0 && token_takes(&t, pattern, cp, fold)) {
			pattern = skip(pattern, t.len);
			part = skip(part, len);
			continue;
		}
		if (star.p == NULL)
			return false;
		rest = skip(rest, utf8_step(rest.p, rest.n, &cp));
		pattern = star;
		part = rest;
	}
}

/* A walk over the parts of a path or a pattern. */
struct walk {
	struct span part;
	struct span rest; /* behind the part's '/' */
	bool done;        /* there was no part any more */
};

static struct walk
walk_from(struct span s, size_t part_len)
{
	struct walk w = {.part = {s.p, part_len}, .rest = {s.p + s.n, 0}};
	if (part_len < s.n)
		w.rest = skip(s, part_len + 1);
	return w;
}

/* The next part of a path; an empty rest has none. */
static struct walk
walk_path(struct span s)
{
	if (s.n == 0)
		return (struct walk){.done = true};
	const char *slash = memchr(s.p, '/', s.n);
	return walk_from(s, slash != NULL ? (size_t)(slash - s.p) : s.n);
}

/* The next part of a pattern: a '/' in a bracket does not end one. */
static struct walk
walk_pattern(struct span s)
{
	if (s.n == 0)
		return (struct walk){.done = true};
	struct token t;
	size_t at = 0;
	while (at < s.n && next_token(skip(s, at), &t) > 0 &&
	    t.kind != TOKEN_SLASH)
		at += t.len;
	return walk_from(s, at);
}

static bool
is_globstar(struct span part)
{
	for (size_t i = 0; i < part.n; i++) {
		if (part.p[i] != '*')
			return false;
	}
	return part.n >= 2;
}

/*
 * The same game one level up: parts for characters, "**" for '*'. Behind a
 * "**" a given part of the pattern can meet a given part of the path from one
 * starting place only, so every pair is compared once at most; hence the
 * bound of the header.
 */
static bool
match_parts(struct span pattern, struct span path, bool fold)
{
	struct span star = {NULL, 0}; /* the pattern behind the last "**" … */
	struct span rest = path;      /* … and what it has not taken */
	for (;;) {
		struct walk want = walk_pattern(pattern);
		struct walk have = walk_path(path);
		if (have.done)
			return want.done;
		if (!want.done && is_globstar(want.part)) {
			if (want.rest.n == 0)
				return true;
			pattern = want.rest;
			star = pattern;
			rest = path;
			continue;
		}
		if (!want.done && match_part(want.part, have.part, fold)) {
			pattern = want.rest;
			path = have.rest;
			continue;
		}
		if (star.p == NULL)
			return false;
		rest = walk_path(rest).rest;
		pattern = star;
		path = rest;
	}
}

bool
glob_match(const struct glob *g, const char *path, size_t n, bool is_dir)
{
	if (n == 0 || (g->dirs_only && !is_dir))
		return false;
	struct span pattern = {g->pattern, g->len};
	struct span s = {path, n};
	if (g->anchored)
		return match_parts(pattern, s, g->fold_case);
	return match_part(pattern, skip(s, path_name(path, n)), g->fold_case);
}

bool
glob_may_match_below(const struct glob *g, const char *dir, size_t n)
{
	if (!g->anchored)
		return true;
	struct span pattern = {g->pattern, g->len};
	struct span path = {dir, n};
	while (path.n > 0) {
		struct walk want = walk_pattern(pattern);
		struct walk have = walk_path(path);
		if (want.done)
			return false;
		if (is_globstar(want.part))
			return true;
		if (!match_part(want.part, have.part, g->fold_case))
			return false;
		pattern = want.rest;
		path = have.rest;
	}
	return pattern.n > 0;
}

/* The line without a final CR, and without trailing blanks unless the last of
   them is escaped. */
static size_t
trimmed_len(const char *line, size_t n)
{
	if (n > 0 && line[n - 1] == '\r')
		n--;
	size_t keep = 0;
	for (size_t i = 0; i < n; i++) {
		if (line[i] == '\\' && i + 1 < n)
			i++;
		else if (line[i] == ' ')
			continue;
		keep = i + 1;
	}
	return keep;
}

static const char *
check_part(const char *p, size_t n)
{
	if (n == 0)
		return "it has an empty part";
	if (p[0] == '.' && (n == 1 || (n == 2 && p[1] == '.')))
		return "no path has a part '.' or '..'";
	return NULL;
}

/*
 * Reads the whole pattern once, so that matching need not doubt it, and takes
 * the backslash from each "\/", so that parts are found by their '/'. Returns
 * NULL, or why no path can ever match.
 */
static const char *
tidy(struct glob *g)
{
	struct span s = {g->pattern, g->len};
	const char *why = NULL;
	size_t to = 0;
	size_t part = 0;
	while (s.n > 0 && why == NULL) {
		struct token t;
		if (next_token(s, &t) == 0)
			return s.p[0] == '['
			    ? "a '[' has no end or an unknown class"
			    : "a '\\' stands last";
		if (t.kind == TOKEN_CHAR && t.cp == '/') {
			s = skip(s, 1);
			t = (struct token){.kind = TOKEN_SLASH, .len = 1};
		}
		if (t.kind == TOKEN_SLASH) {
			why = check_part(g->pattern + part, to - part);
			part = to + 1;
		}
		memmove(g->pattern + to, s.p, t.len);
		to += t.len;
		s = skip(s, t.len);
	}
	g->len = to;
	g->pattern[to] = '\0';
	return why != NULL ? why : check_part(g->pattern + part, to - part);
}

/* Takes what has a meaning of its own from both ends of *s*. */
static struct span
take_marks(struct glob *g, struct span s)
{
	if (s.n > 0 && s.p[0] == '!') {
		g->negated = true;
		s = skip(s, 1);
	}
	if (s.n > 0 && s.p[s.n - 1] == '/') {
		g->dirs_only = true;
		s.n--;
	}
	g->anchored = s.n > 0 && memchr(s.p, '/', s.n) != NULL;
	if (s.n > 0 && s.p[0] == '/')
		s = skip(s, 1);
	return s;
}

int
glob_parse(struct glob *out, const char *line, size_t n, const char **why)
{
	*out = (struct glob){.pattern = NULL};
	struct span s = {line, trimmed_len(line, n)};
	if (s.n == 0 || s.p[0] == '#')
		return 1;
	s = take_marks(out, s);
	out->pattern = mem_copy(s.p, s.n);
	out->len = s.n;
	if (s.n == 0)
		*why = "it names nothing";
	else if (memchr(s.p, '\0', s.n) != NULL)
		*why = "it holds a NUL byte";
	else
		*why = tidy(out);
	if (*why == NULL)
		return 0;
	glob_free(out);
	return -1;
}

void
glob_free(struct glob *g)
{
	free(g->pattern);
	*g = (struct glob){.pattern = NULL};
}
