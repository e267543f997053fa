#include "cli/differ.h"

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

/* ---- showing it ---- */

static void
show_line(struct out *o, char sign, const struct line *l)
{
	struct str text = STR_INIT;
	size_t width = o->width > 2 ? o->width - 2 : LINE_WIDTH;
	text_fit(&text, l->p, l->n, width);
	enum out_style style = sign == '-' ? OUT_BAD
	    : sign == '+'                  ? OUT_GOOD
					   : OUT_PLAIN;
	out_style(o, style, "%c %s", sign, text.p);
	out_add(o, "\n");
	if (sign != ' ' && l->open)
		out_style(o, OUT_FAINT, "  (no line break at its end)\n");
	str_free(&text);
}

/* Where the two texts stand while they are shown side by side. */
struct place {
	size_t a, b;
};

static bool
at_edit(const struct search *s, struct place at)
{
	return (at.a < s->a->n && s->only_a[at.a]) ||
	    (at.b < s->b->n && s->only_b[at.b]);
}

/* How many shared lines until the next edit; SIZE_MAX when there is none. */
static size_t
next_edit(const struct search *s, struct place at)
{
	for (size_t n = 0;; n++) {
		if (at_edit(s, (struct place){at.a + n, at.b + n}))
			return n;
		if (at.a + n >= s->a->n)
			return SIZE_MAX;
	}
}

static void
show_edit(struct out *o, const struct search *s, struct place *at)
{
	while (at->a < s->a->n && s->only_a[at->a])
		show_line(o, '-', &s->a->v[at->a++]);
	while (at->b < s->b->n && s->only_b[at->b])
		show_line(o, '+', &s->b->v[at->b++]);
}

/* Shared lines: a few behind the last edit, a few before the next. */
static void
show_shared(struct out *o, const struct search *s, struct place *at, bool first)
{
	size_t left = next_edit(s, *at);
	size_t rest = s->a->n - at->a;
	size_t run = left < rest ? left : rest;
	size_t before = left == SIZE_MAX ? 0 : CONTEXT;
	size_t behind = first ? 0 : CONTEXT;
	bool gap = run > before + behind;
	for (size_t i = 0; i < run; i++, at->a++, at->b++) {
		if (!gap || i < behind || i >= run - before)
			show_line(o, ' ', &s->a->v[at->a]);
		else if (i == behind && left != SIZE_MAX) {
			out_style(o, OUT_FAINT, "@ line %zu",
			    at->a + (run - before - i) + 1);
			out_add(o, "\n");
		}
	}
}

static void
show(struct out *o, const struct search *s)
{
	struct place at = {0, 0};
	bool first = true;
	while (at.a < s->a->n || at.b < s->b->n) {
		if (at_edit(s, at))
			show_edit(o, s, &at);
		else
			show_shared(o, s, &at, first);
		first = false;
	}
}

bool
differ_show(struct out *o, struct differ_text a, struct differ_text b)
{
	struct lines la = {.v = NULL}, lb = {.v = NULL};
	struct search s = {.a = &la, .b = &lb};
	bool shown = false;
	if (!differ_is_text(a) || !differ_is_text(b))
		return false;
	split(&la, a);
	split(&lb, b);
	if (la.n <= LINES_MAX && lb.n <= LINES_MAX && find(&s)) {
		s.only_a = mem_zero(la.n, sizeof(*s.only_a));
		s.only_b = mem_zero(lb.n, sizeof(*s.only_b));
		walk_back(&s);
		show(o, &s);
		shown = true;
	}
	free(s.reach);
	free(s.only_a);
	free(s.only_b);
	free(la.v);
	free(lb.v);
	return shown;
}
