#include "model/filter/filter_set.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/utf8.h"
#include "model/ascii.h"

enum kind {
	LITERAL, /* all of it */
	NAMED,   /* the last part is */
	ENDS,    /* one '*' in a pattern of one part, tried at every depth */
	GENERAL, /* none of these */
};

static bool
same(const char *a, const char *b, size_t n, bool fold)
{
	return fold ? ascii_same(a, b, n) : memcmp(a, b, n) == 0;
}

/* FNV-1a; names that differ only in case share a bucket, folding or not. */
static uint32_t
hash_name(const char *name, size_t n)
{
	uint32_t h = 2166136261U;
	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)ascii_lower(name[i])) * 16777619U;
	return h;
}

/* ---- adding ---- */

/* A double star and a slash before a single part say no more than that part
   alone does. */
static void
shorten(struct glob *g)
{
	size_t skip = 0;
	while (g->len - skip > 3 && memcmp(g->pattern + skip, "**/", 3) == 0)
		skip += 3;
	if (skip == 0 || memchr(g->pattern + skip, '/', g->len - skip) != NULL)
		return;
	g->len -= skip;
	memmove(g->pattern, g->pattern + skip, g->len + 1);
	g->anchored = false;
}

/*
 * Comparing the two ends bytewise is what comparing characters comes to only
 * where the ends are whole characters.
 */
static bool
is_whole(const struct glob *g, size_t star)
{
	return utf8_valid(g->pattern, star) &&
	    utf8_valid(g->pattern + star + 1, g->len - star - 1);
}

/* What is more than itself in a pattern of this text. */
static size_t
count_magic(const char *s, size_t n, const char *magic)
{
	size_t count = 0;
	for (size_t i = 0; i < n; i++)
		count += s[i] != '\0' && strchr(magic, s[i]) != NULL;
	return count;
}

/* With a bracket or a backslash about, not every '/' ends a part. */
static enum kind
classify(const struct glob *g, size_t *part)
{
	const char *p = g->pattern;
	*part = path_name(p, g->len);
	if (count_magic(p, g->len, "[\\") > 0)
		return GENERAL;
	size_t magic = count_magic(p, g->len, "*?");
	if (magic == 0)
		return LITERAL;
	if (count_magic(p + *part, g->len - *part, "*?") == 0)
		return NAMED;
	const char *star = memchr(p, '*', g->len);
	if (magic > 1 || star == NULL || g->anchored)
		return GENERAL;
	*part = (size_t)(star - p);
	return is_whole(g, *part) ? ENDS : GENERAL;
}

static bool
is_hashed(const struct filter_rule *r)
{
	return r->kind == LITERAL || r->kind == NAMED;
}

static void
link_rule(struct filter_set *s, size_t i)
{
	struct filter_rule *r = &s->v[i];
	uint32_t h =
	    hash_name(r->glob.pattern + r->part, r->glob.len - r->part);
	size_t *bucket = &s->buckets[h & (s->nbuckets - 1)];
	r->next = *bucket;
	*bucket = i + 1;
}

/* Room for one rule more, with at most every other bucket in use. */
static void
make_buckets(struct filter_set *s)
{
	if ((s->n + 1) * 2 <= s->nbuckets)
		return;
	free(s->buckets);
	s->nbuckets = s->nbuckets > 0 ? s->nbuckets * 4 : 64;
	s->buckets = mem_zero(s->nbuckets, sizeof(*s->buckets));
	/* In order, so that each bucket begins with its latest rule. */
	for (size_t i = 0; i < s->n; i++)
		if (is_hashed(&s->v[i]))
			link_rule(s, i);
}

int
filter_set_add(
    struct filter_set *s, const char *line, size_t n, const char **why)
{
	struct filter_rule r = {.next = 0};
	int rc = glob_parse(&r.glob, line, n, why);
	if (rc != 0)
		return rc;
	r.glob.fold_case = s->fold_case;
	shorten(&r.glob);
	r.kind = (uint8_t)classify(&r.glob, &r.part);
	make_buckets(s);
	s->v = mem_grow(s->v, &s->cap, s->n + 1, sizeof(*s->v));
	s->v[s->n++] = r;
	if (is_hashed(&r)) {
		link_rule(s, s->n - 1);
		return 0;
	}
	s->tried =
	    mem_grow(s->tried, &s->tried_cap, s->ntried + 1, sizeof(*s->tried));
	s->tried[s->ntried++] = s->n - 1;
	return 0;
}

/* ---- asking ---- */

struct question {
	const char *path;
	size_t n;
	size_t name; /* where the last part begins */
	bool is_dir;
};

static bool
hashed_matches(const struct filter_rule *r, const struct question *q)
{
	const struct glob *g = &r->glob;
	size_t len = g->len - r->part;
	if (r->kind == NAMED)
		return len == q->n - q->name &&
		    same(g->pattern + r->part, q->path + q->name, len,
			g->fold_case) &&
		    glob_match(g, q->path, q->n, q->is_dir);
	size_t from = g->anchored ? 0 : q->name;
	return g->len == q->n - from && (q->is_dir || !g->dirs_only) &&
	    same(g->pattern, q->path + from, g->len, g->fold_case);
}

/* 1 + the index of the last hashed rule that matches; 0: none. */
static size_t
last_hashed(const struct filter_set *s, const struct question *q)
{
	uint32_t h = hash_name(q->path + q->name, q->n - q->name);
	size_t at = s->buckets[h & (s->nbuckets - 1)];
	while (at > 0 && !hashed_matches(&s->v[at - 1], q))
		at = s->v[at - 1].next;
	return at;
}

static bool
ends_match(const struct filter_rule *r, const struct question *q)
{
	const struct glob *g = &r->glob;
	const char *name = q->path + q->name;
	size_t n = q->n - q->name;
	size_t tail = g->len - r->part - 1;
	return n >= r->part + tail && (q->is_dir || !g->dirs_only) &&
	    same(g->pattern + r->part + 1, name + n - tail, tail,
		g->fold_case) &&
	    same(g->pattern, name, r->part, g->fold_case);
}

static bool
rule_matches(const struct filter_rule *r, const struct question *q)
{
	if (r->kind == ENDS)
		return ends_match(r, q);
	return glob_match(&r->glob, q->path, q->n, q->is_dir);
}

const struct glob *
filter_set_last(
    const struct filter_set *s, const char *path, size_t n, bool is_dir)
{
	if (s->n == 0 || n == 0)
		return NULL;
	struct question q = {path, n, path_name(path, n), is_dir};
	size_t last = last_hashed(s, &q);
	/* Of the others, only a later one could still win. */
	for (size_t i = s->ntried; i > 0 && s->tried[i - 1] >= last; i--) {
		size_t rule = s->tried[i - 1];
		if (rule_matches(&s->v[rule], &q))
			return &s->v[rule].glob;
	}
	return last > 0 ? &s->v[last - 1].glob : NULL;
}

void
filter_set_free(struct filter_set *s)
{
	for (size_t i = 0; i < s->n; i++)
		glob_free(&s->v[i].glob);
	free(s->v);
	free(s->tried);
	free(s->buckets);
	*s = (struct filter_set){.v = NULL};
}
