/*
 * Two files that were appended to, in one input: their common beginning, what
 * the cloud side added, what the local side added, with form feeds between.
 */
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "fuzz.h"
#include "model/merge/merge.h"

/* ---- lines ---- */

static int
by_text(const void *x, const void *y)
{
	const struct merge_bytes *a = x;
	const struct merge_bytes *b = y;
	int order = memcmp(a->p, b->p, a->n < b->n ? a->n : b->n);
	if (order != 0)
		return order;
	return (a->n > b->n) - (a->n < b->n);
}

struct lines {
	struct merge_bytes *v;
	size_t n, cap;
};

static void
add_lines(struct lines *l, const char *p, size_t n)
{
	while (n > 0) {
		const char *end = memchr(p, '\n', n);
		size_t len = (size_t)(end - p) + 1;
		l->v = mem_grow(l->v, &l->cap, l->n + 1, sizeof(*l->v));
		l->v[l->n++] = (struct merge_bytes){p, len};
		p += len;
		n -= len;
	}
	if (l->n > 1)
		qsort(l->v, l->n, sizeof(*l->v), by_text);
}

/* Is every line of *b* in *a*, at least as many times? */
static int
covers(const struct lines *a, const struct lines *b)
{
	size_t at = 0;
	for (size_t i = 0; i < b->n; i++, at++) {
		while (at < a->n && by_text(&a->v[at], &b->v[i]) < 0)
			at++;
		if (at == a->n || by_text(&a->v[at], &b->v[i]) != 0)
			return 0;
	}
	return 1;
}

static struct lines
lines_of(const struct str *s, size_t base)
{
	struct lines l = {.v = NULL};
	add_lines(&l, s->p + base, s->len - base);
	return l;
}

/* ---- what must hold ---- */

/* Merges anew; the caller frees. */
static struct str
merged(size_t base, const struct str *cloud, const struct str *local)
{
	struct str out = STR_INIT;
	const char *why;
	CHECK(
	    merge_append(&out, base, (struct merge_bytes){cloud->p, cloud->len},
		(struct merge_bytes){local->p, local->len}, &why));
	CHECK(why == NULL);
	return out;
}

static void
check_same(struct str got, const struct str *expected)
{
	CHECK(got.len == expected->len);
	CHECK(memcmp(got.p, expected->p, got.len) == 0);
	str_free(&got);
}

/* No line of either side is lost, none is made up, none doubled. */
static void
check_lines(size_t base, const struct str *out, const struct str *cloud,
    const struct str *local)
{
	struct lines all = lines_of(out, base);
	struct lines c = lines_of(cloud, base);
	struct lines l = lines_of(local, base);
	CHECK(covers(&all, &c));
	CHECK(covers(&all, &l));
	if (covers(&c, &l))
		CHECK(all.n == c.n);
	if (covers(&l, &c))
		CHECK(all.n == l.n);
	add_lines(&c, local->p + base, local->len - base);
	CHECK(covers(&c, &all));
	free(all.v);
	free(c.v);
	free(l.v);
}

/* The other way round the lines are the same, if in another order. */
static void
check_commutes(size_t base, const struct str *out, const struct str *cloud,
    const struct str *local)
{
	struct str swapped = merged(base, local, cloud);
	struct lines a = lines_of(out, base);
	struct lines b = lines_of(&swapped, base);
	CHECK(a.n == b.n && covers(&a, &b));
	free(a.v);
	free(b.v);
	str_free(&swapped);
}

static void
check_merge(size_t base, const struct str *cloud, const struct str *local)
{
	struct str out = merged(base, cloud, local);
	CHECK(memcmp(out.p, cloud->p, base) == 0);
	check_lines(base, &out, cloud, local);
	check_commutes(base, &out, cloud, local);
	check_same(merged(base, cloud, cloud), cloud);
	check_same(merged(base, local, local), local);
	/* Merging once more changes nothing. */
	check_same(merged(base, &out, cloud), &out);
	check_same(merged(base, &out, local), &out);
	str_free(&out);
}

static int
is_whole(const struct str *s)
{
	return s->len == 0 || s->p[s->len - 1] == '\n';
}

/* The piece up to the next form feed; *p* and *n* move behind it. */
static struct merge_bytes
next_piece(const char **p, size_t *n)
{
	const char *end = *n > 0 ? memchr(*p, '\f', *n) : NULL;
	struct merge_bytes piece = {*p, end != NULL ? (size_t)(end - *p) : *n};
	size_t taken = piece.n + (end != NULL);
	*p += taken;
	*n -= taken;
	return piece;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p = (const char *)data;
	struct merge_bytes base = next_piece(&p, &size);
	struct merge_bytes cloud_tail = next_piece(&p, &size);
	struct str cloud = STR_INIT;
	struct str local = STR_INIT;
	str_addn(&cloud, base.p, base.n);
	int whole = is_whole(&cloud);
	str_addn(&local, base.p, base.n);
	str_addn(&cloud, cloud_tail.p, cloud_tail.n);
	str_addn(&local, p, size);
	if (whole && is_whole(&cloud) && is_whole(&local)) {
		check_merge(base.n, &cloud, &local);
	} else {
		struct str out = STR_INIT;
		const char *why;
		CHECK(!merge_append(&out, base.n,
		    (struct merge_bytes){cloud.p, cloud.len},
		    (struct merge_bytes){local.p, local.len}, &why));
		CHECK(why != NULL && out.len == 0);
	}
	str_free(&cloud);
	str_free(&local);
	return 0;
}
