#include "model/merge/merge.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/merge/merge_json.h"
#include "model/merge/merge_time.h"

struct line {
	const char *p; /* in its file */
	size_t n;      /* with its '\n' */
	struct merge_time time;
	bool dropped; /* the cloud side has added it as well */
};

/* What both sides added: the cloud's lines, then the local ones. That is also
   the order in memory, which tells which of two lines came first. */
struct lines {
	struct line *v;
	size_t n;
	size_t ncloud;
};

/* ---- reading ---- */

static bool
is_whole(struct merge_bytes b)
{
	return b.n == 0 || b.p[b.n - 1] == '\n';
}

static const char *
check(size_t base, struct merge_bytes cloud, struct merge_bytes local)
{
	struct merge_bytes common = {cloud.p, base};
	if (cloud.n < base || local.n < base)
		return "a side is shorter than what both began with";
	if (base > 0 && memcmp(cloud.p, local.p, base) != 0)
		return "the sides do not begin alike";
	if (!is_whole(common))
		return "what both began with does not end with a whole line";
	if (!is_whole(cloud) || !is_whole(local))
		return "a side does not end with a whole line";
	return NULL;
}

static struct merge_bytes
tail(struct merge_bytes b, size_t base)
{
	if (b.n == base)
		return (struct merge_bytes){"", 0};
	return (struct merge_bytes){b.p + base, b.n - base};
}

static size_t
count_lines(struct merge_bytes b)
{
	size_t count = 0;
	for (size_t i = 0; i < b.n; i++)
		count += b.p[i] == '\n';
	return count;
}

static void
add_lines(struct lines *l, struct merge_bytes b)
{
	while (b.n > 0) {
		const char *end = memchr(b.p, '\n', b.n);
		size_t n = (size_t)(end - b.p) + 1;
		l->v[l->n++] = (struct line){.p = b.p, .n = n};
		b.p += n;
		b.n -= n;
	}
}

/* ---- lines of both sides ---- */

static int
compare_places(const struct line *a, const struct line *b)
{
	return (a > b) - (a < b);
}

static int
compare_texts(const struct line *a, const struct line *b)
{
	int order = memcmp(a->p, b->p, a->n < b->n ? a->n : b->n);
	if (order != 0)
		return order;
	return (a->n > b->n) - (a->n < b->n);
}

static int
by_text(const void *x, const void *y)
{
	const struct line *a = *(struct line *const *)x;
	const struct line *b = *(struct line *const *)y;
	int order = compare_texts(a, b);
	return order != 0 ? order : compare_places(a, b);
}

static int
by_time(const void *x, const void *y)
{
	const struct line *a = *(struct line *const *)x;
	const struct line *b = *(struct line *const *)y;
	int order = stamp_cmp(a->time.at, b->time.at);
	return order != 0 ? order : compare_places(a, b);
}

static struct line **
sorted(const struct lines *l, int (*order)(const void *, const void *))
{
	struct line **v = mem_resize(NULL, l->n, sizeof(struct line *));
	for (size_t i = 0; i < l->n; i++)
		v[i] = &l->v[i];
	qsort(v, l->n, sizeof(struct line *), order);
	return v;
}

/*
 * Each line of the cloud's pays for one like it of the local ones, the first
 * ones first. Sorting rather than hashing: no input makes it slow. Returns how
 * many local lines are left.
 */
static size_t
drop_shared(struct lines *l)
{
	struct line **v = sorted(l, by_text);
	const struct line *first_local = l->v + l->ncloud;
	size_t left = 0;
	size_t paid = 0;
	for (size_t i = 0; i < l->n; i++) {
		if (i > 0 && compare_texts(v[i - 1], v[i]) != 0)
			paid = 0;
		if (v[i] < first_local) {
			paid++;
		} else if (paid > 0) {
			v[i]->dropped = true;
			paid--;
		} else {
			left++;
		}
	}
	free(v);
	return left;
}

/* Does every line carry a time, all of one kind? */
static bool
read_times(struct lines *l)
{
	for (size_t i = 0; i < l->n; i++) {
		struct line *line = &l->v[i];
		if (!merge_json_time(&line->time, line->p, line->n - 1) ||
		    line->time.kind != l->v[0].time.kind)
			return false;
	}
	return true;
}

/* ---- writing ---- */

static void
add_in_place(struct str *out, const struct lines *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (!l->v[i].dropped)
			str_addn(out, l->v[i].p, l->v[i].n);
}

static void
add_by_time(struct str *out, const struct lines *l)
{
	struct line **v = sorted(l, by_time);
	for (size_t i = 0; i < l->n; i++)
		if (!v[i]->dropped)
			str_addn(out, v[i]->p, v[i]->n);
	free(v);
}

bool
merge_append(struct str *out, size_t base, struct merge_bytes cloud,
    struct merge_bytes local, const char **why)
{
	*why = check(base, cloud, local);
	if (*why != NULL)
		return false;
	struct merge_bytes added[] = {tail(cloud, base), tail(local, base)};
	struct lines l = {.ncloud = count_lines(added[0])};
	size_t count = l.ncloud + count_lines(added[1]);
	if (count > MERGE_LINES_MAX) {
		*why = "too many lines were added";
		return false;
	}
	l.v = mem_resize(NULL, count, sizeof(*l.v));
	add_lines(&l, added[0]);
	add_lines(&l, added[1]);
	if (drop_shared(&l) == 0) {
		str_addn(out, cloud.p, cloud.n);
	} else if (l.ncloud == 0) {
		str_addn(out, local.p, local.n);
	} else {
		str_reserve(out, base + added[0].n + added[1].n);
		str_addn(out, cloud.p, base);
		if (read_times(&l))
			add_by_time(out, &l);
		else
			add_in_place(out, &l);
	}
	free(l.v);
	return true;
}

/* ---- without a base ---- */

size_t
merge_common(struct merge_bytes a, struct merge_bytes b)
{
	size_t n = a.n < b.n ? a.n : b.n, same = 0, whole = 0;
	if (n == 0 || memchr(a.p, '\0', a.n) != NULL ||
	    memchr(b.p, '\0', b.n) != NULL)
		return 0;
	for (; same < n && a.p[same] == b.p[same]; same++)
		if (a.p[same] == '\n')
			whole = same + 1;
	return whole;
}
