#include "cli/resolve/differ.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"

enum {
	EDITS_MAX = 1000,  /* the D of O(ND); its square is the memory */
	LINES_MAX = 50000, /* of each text */
	CONTEXT = 3,
	LINE_WIDTH = 200 /* columns, where the terminal sets no limit */
};

/* ---- lines ---- */

struct line {
	const char *p;
	size_t n;  /* without its line break … */
	bool open; /* … which it may not have */
	struct hash hash;
};

struct lines {
	struct line *v;
	size_t n, cap;
};

bool
differ_is_text(struct differ_text t)
{
	return t.n <= DIFFER_BYTES_MAX &&
	    (t.n == 0 || memchr(t.p, '\0', t.n) == NULL) &&
	    utf8_valid(t.p, t.n);
}

size_t
differ_first(struct differ_text a, struct differ_text b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	size_t at = 0;
	while (at < n && a.p[at] == b.p[at])
		at++;
	return at;
}

/* The break belongs to what is compared: a last line without one differs from
   the same line with it. */
static void
split(struct lines *out, struct differ_text t)
{
	size_t at = 0;
	while (at < t.n) {
		const char *p = t.p + at;
		const char *stop = memchr(p, '\n', t.n - at);
		size_t whole = stop != NULL ? (size_t)(stop - p) + 1 : t.n - at;
		out->v =
		    mem_grow(out->v, &out->cap, out->n + 1, sizeof(*out->v));
		out->v[out->n++] = (struct line){.p = p,
		    .n = whole - (stop != NULL),
		    .open = stop == NULL,
		    .hash = hash_of(p, whole)};
		at += whole;
	}
}

/* ---- the shortest way from one to the other ---- */

/*
 * Myers' greedy search: with d edits, how far can one come on each diagonal
 * (k = how many lines of *a* more than of *b* are used up)? What was reached
 * with each d is kept, so that the way can be walked back.
 */
struct search {
	const struct lines *a, *b;
	int32_t *reach;        /* on diagonal k, at k + d of the row of d */
	size_t edits;          /* found with so many */
	bool *only_a, *only_b; /* the result, for each line */
};

/* Row d holds the 2d + 1 diagonals -d … d; it begins at d². */
static int32_t *
at_row(const struct search *s, int32_t d, int32_t k)
{
	return &s->reach[(size_t)d * (size_t)d + (size_t)(d + k)];
}

/* Does the best way to diagonal *k* with *d* edits end with a line of *b* (or
   else with one of *a*)? */
static bool
comes_from_b(const struct search *s, int32_t d, int32_t k)
{
	if (k == -d)
		return true;
	return k != d && *at_row(s, d - 1, k - 1) < *at_row(s, d - 1, k + 1);
}

static int32_t
start_of(const struct search *s, int32_t d, int32_t k)
{
	if (d == 0)
		return 0;
	return comes_from_b(s, d, k) ? *at_row(s, d - 1, k + 1)
				     : *at_row(s, d - 1, k - 1) + 1;
}

/* Along what both share; returns how many lines of *a* are behind us. */
static int32_t
slide(const struct search *s, int32_t x, int32_t k)
{
	while (x >= 0 && x - k >= 0 && (size_t)x < s->a->n &&
	    (size_t)(x - k) < s->b->n &&
	    hash_equal(s->a->v[x].hash, s->b->v[x - k].hash))
		x++;
	return x;
}

/* Every diagonal with *d* edits; true when the end of both is reached. */
static bool
extend(const struct search *s, int32_t d)
{
	for (int32_t k = -d; k <= d; k += 2) {
		int32_t x = slide(s, start_of(s, d, k), k);
		*at_row(s, d, k) = x;
		if (x >= 0 && (size_t)x >= s->a->n &&
		    (int64_t)x - k >= (int64_t)s->b->n)
			return true;
	}
	return false;
}

static bool
find(struct search *s)
{
	size_t rows = 0, cap = 0;
	for (int32_t d = 0; d <= EDITS_MAX; d++) {
		rows += 2 * (size_t)d + 1;
		s->reach = mem_grow(s->reach, &cap, rows, sizeof(*s->reach));
		if (!extend(s, d))
			continue;
		s->edits = (size_t)d;
		return true;
	}
	return false;
}

/* From the end back to the beginning, an edit at a time. */
static void
walk_back(struct search *s)
{
	int32_t k = (int32_t)s->a->n - (int32_t)s->b->n;
	for (int32_t d = (int32_t)s->edits; d > 0; d--) {
		int32_t x = start_of(s, d, k);
		bool b = comes_from_b(s, d, k);
		if (b)
			s->only_b[x - k - 1] = true;
		else
			s->only_a[x - 1] = true;
		k += b ? 1 : -1;
	}
}

/* ---- telling it ---- */

/* Who is told, and where the two texts stand. */
struct teller {
	const struct search *s;
	differ_fn *fn;
	void *arg;
	size_t a, b;
};

static void
tell(struct teller *t, enum differ_kind kind, const struct line *l, size_t i)
{
	t->fn(t->arg,
	    &(struct differ_line){.kind = kind,
		.p = l->p,
		.n = l->n,
		.open = l->open,
		.number = i + 1,
		.other = t->b + 1});
}

static bool
at_edit(const struct search *s, size_t a, size_t b)
{
	return (a < s->a->n && s->only_a[a]) || (b < s->b->n && s->only_b[b]);
}

/* How many shared lines until the next edit; SIZE_MAX when there is none. */
static size_t
next_edit(const struct teller *t)
{
	for (size_t n = 0;; n++) {
		if (at_edit(t->s, t->a + n, t->b + n))
			return n;
		if (t->a + n >= t->s->a->n)
			return SIZE_MAX;
	}
}

static void
tell_edit(struct teller *t)
{
	const struct search *s = t->s;
	for (; t->a < s->a->n && s->only_a[t->a]; t->a++)
		tell(t, DIFFER_ONLY_A, &s->a->v[t->a], t->a);
	for (; t->b < s->b->n && s->only_b[t->b]; t->b++)
		tell(t, DIFFER_ONLY_B, &s->b->v[t->b], t->b);
}

/* Shared lines: a few behind the last edit, a few before the next. */
static void
tell_shared(struct teller *t, bool first)
{
	static const struct line nothing = {.p = "", .n = 0};
	size_t left = next_edit(t);
	size_t rest = t->s->a->n - t->a;
	size_t run = left < rest ? left : rest;
	size_t before = left == SIZE_MAX ? 0 : CONTEXT;
	size_t behind = first ? 0 : CONTEXT;
	bool gap = run > before + behind;
	for (size_t i = 0; i < run; i++, t->a++, t->b++) {
		if (!gap || i < behind || i >= run - before)
			tell(t, DIFFER_SHARED, &t->s->a->v[t->a], t->a);
		else if (i == behind && left != SIZE_MAX)
			tell(
			    t, DIFFER_GAP, &nothing, t->a + (run - before - i));
	}
}

static void
tell_all(const struct search *s, differ_fn *fn, void *arg)
{
	struct teller t = {s, fn, arg, 0, 0};
	bool first = true;
	while (t.a < s->a->n || t.b < s->b->n) {
		if (at_edit(s, t.a, t.b))
			tell_edit(&t);
		else
			tell_shared(&t, first);
		first = false;
	}
}

bool
differ_compare(
    differ_fn *fn, void *arg, struct differ_text a, struct differ_text b)
{
	struct lines la = {.v = NULL}, lb = {.v = NULL};
	struct search s = {.a = &la, .b = &lb};
	bool found = false;
	if (!differ_is_text(a) || !differ_is_text(b))
		return false;
	split(&la, a);
	split(&lb, b);
	if (la.n <= LINES_MAX && lb.n <= LINES_MAX && find(&s)) {
		s.only_a = mem_zero(la.n, sizeof(*s.only_a));
		s.only_b = mem_zero(lb.n, sizeof(*s.only_b));
		walk_back(&s);
		tell_all(&s, fn, arg);
		found = true;
	}
	free(s.reach);
	free(s.only_a);
	free(s.only_b);
	free(la.v);
	free(lb.v);
	return found;
}

/* ---- showing it ---- */

static void
show_line(void *arg, const struct differ_line *l)
{
	static const struct {
		char sign;
		enum out_style style;
	} looks[] = {
	    [DIFFER_SHARED] = {' ', OUT_PLAIN},
	    [DIFFER_ONLY_A] = {'-', OUT_BAD},
	    [DIFFER_ONLY_B] = {'+', OUT_GOOD},
	};
	struct out *o = arg;
	struct str text = STR_INIT;
	if (l->kind == DIFFER_GAP) {
		out_style(o, OUT_FAINT, "@ line %zu", l->number);
		out_add(o, "\n");
		return;
	}
	text_fit(&text, l->p, l->n, o->width > 2 ? o->width - 2 : LINE_WIDTH);
	out_style(
	    o, looks[l->kind].style, "%c %s", looks[l->kind].sign, text.p);
	out_add(o, "\n");
	if (l->kind != DIFFER_SHARED && l->open)
		out_style(o, OUT_FAINT, "  (no line break at its end)\n");
	str_free(&text);
}

bool
differ_show(struct out *o, struct differ_text a, struct differ_text b)
{
	return differ_compare(show_line, o, a, b);
}
