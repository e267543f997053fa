#include "model/remember.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"

/* All that the story says of one path. */
struct news {
	const char *path;
	size_t path_len;
	bool forget;
	uint32_t seq;                   /* of the newest deed in it */
	struct fingerprint side[SIDES]; /* ENTRY_NONE: not told */
	bool settled;
};

struct gazette {
	struct news *v;
	size_t n, cap;
};

static struct news *
add(struct gazette *g, const char *path, size_t n, uint32_t seq)
{
	g->v = mem_grow(g->v, &g->cap, g->n + 1, sizeof(*g->v));
	struct news *news = &g->v[g->n++];
	*news = (struct news){.path = path, .path_len = n, .seq = seq};
	return news;
}

static void
tell(struct gazette *g, const struct deed *d)
{
	const struct intent *i = &d->intent;
	bool quiet = i->kind == INTENT_AGREE || i->kind == INTENT_SETTLE ||
	    i->kind == INTENT_FORGET;
	if (!quiet && !d->applied)
		return;
	struct news *news = add(g, i->path, i->path_len, i->seq);
	switch ((enum intent_kind)i->kind) {
	case INTENT_MKDIR:
	case INTENT_PUT:
	case INTENT_AGREE:
	case INTENT_SETTLE:
		break;
	case INTENT_MOVE:
		add(g, i->from, i->from_len, i->seq)->forget = true;
		news = &g->v[g->n - 2];
		break;
	case INTENT_REMOVE:
	case INTENT_RMDIR:
	case INTENT_FORGET:
		news->forget = true;
		return;
	}
	news->settled = i->kind == INTENT_SETTLE;
	news->side[i->side] = d->now;
	news->side[side_other((enum side)i->side)] = i->other;
}

static int
compare_news(const void *a, const void *b)
{
	const struct news *x = a, *y = b;
	int order = path_cmp(x->path, x->path_len, y->path, y->path_len);
	if (order != 0)
		return order;
	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

/*
 * The last word on a path counts; but two deeds that each put one side's half
 * (a conflict copy, a merge) make one record together.
 */
static struct news
last_word(const struct news *v, size_t n)
{
	struct news word = v[0];
	for (size_t i = 1; i < n; i++) {
		struct news next = v[i];
		for (enum side s = SIDE_LOCAL; s < SIDES; s++)
			if (!next.forget && !word.forget &&
			    next.side[s].type == ENTRY_NONE)
				next.side[s] = word.side[s];
		word = next;
	}
	return word;
}

/* ---- one record ---- */

static void
set_side(struct agreed_record *r, enum side s, const struct fingerprint *f)
{
	struct agreed_side *side = &r->side[s];
	r->flags |= (uint8_t)(AGREED_PRESENT << s);
	if (f->exec)
		r->flags |= (uint8_t)(AGREED_EXEC << s);
	if (f->type == ENTRY_FILE && f->racy)
		r->flags |= (uint8_t)(AGREED_RACY << s);
	side->mtime_sec = f->mtime.sec;
	side->mtime_nsec = f->mtime.nsec;
	side->ctime_sec = f->ctime.sec;
	side->ctime_nsec = f->ctime.nsec;
	side->ino = f->ino;
}

static void
set_content(struct agreed_record *r, const struct fingerprint *f)
{
	r->type = f->type;
	r->size = f->type == ENTRY_DIR ? 0 : f->size;
	if (f->hashed) {
		r->hash_hi = f->hash.hi;
		r->hash_lo = f->hash.lo;
	}
}

/* A record needs to know what both sides have, and the content's hash. */
static bool
make_record(struct agreed_record *r, const struct news *news,
    const struct agreed_record *last)
{
	memset(r, 0, sizeof(*r));
	if (last != NULL) {
		r->hash_hi = last->hash_hi;
		r->hash_lo = last->hash_lo;
	}
	bool hashed = last != NULL, whole = true;
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		const struct fingerprint *f = &news->side[s];
		if (f->type == ENTRY_NONE) {
			whole = false;
			continue;
		}
		set_content(r, f);
		set_side(r, s, f);
		hashed |= f->hashed || f->type == ENTRY_DIR;
	}
	return hashed && (whole || news->settled);
}

/* ---- all of them ---- */

static void
pass_on(const struct remember_sink *sink, const struct agreed *last, size_t i)
{
	const struct agreed_record *r = &last->v[i];
	sink->record(sink->arg, r, agreed_path(last, r), r->path_len);
}

static void
announce(const struct remember_sink *sink, const struct news *news,
    const struct agreed_record *last)
{
	struct agreed_record r;
	if (news->forget)
		return;
	/* Of one half alone nothing is agreed that was not before: what both
	   sides come from is still what they once were. */
	if (make_record(&r, news, last))
		sink->record(sink->arg, &r, news->path, news->path_len);
	else if (last != NULL)
		sink->record(sink->arg, last, news->path, news->path_len);
}

void
remember(const struct agreed *last, const struct story *story,
    const struct remember_sink *sink)
{
	struct gazette g = {.v = NULL};
	for (size_t i = 0; i < story->n; i++)
		tell(&g, &story->v[i]);
	if (g.n > 1)
		qsort(g.v, g.n, sizeof(*g.v), compare_news);
	size_t at = 0;
	for (size_t i = 0, end; i < g.n; i = end) {
		const struct news *first = &g.v[i];
		for (end = i + 1; end < g.n &&
		     path_cmp(g.v[end].path, g.v[end].path_len, first->path,
			 first->path_len) == 0;)
			end++;
		int order = -1;
		while (at < last->n &&
		    (order = path_cmp(agreed_path(last, &last->v[at]),
			 last->v[at].path_len, first->path, first->path_len)) <
			0)
			pass_on(sink, last, at++);
		bool had = at < last->n && order == 0;
		struct news word = last_word(first, end - i);
		announce(sink, &word, had ? &last->v[at] : NULL);
		at += had;
	}
	while (at < last->n)
		pass_on(sink, last, at++);
	free(g.v);
}

/* ---- back ---- */

/* A path that an undo did something about. */
struct undone {
	const char *path;
	size_t len;
	bool whole; /* and about all that is in it */
};

struct undones {
	struct undone *v; /* in tree order */
	size_t n, cap;
	bool any_whole;
};

static void
add_undone(struct undones *u, const char *path, size_t n, bool whole)
{
	u->v = mem_grow(u->v, &u->cap, u->n + 1, sizeof(*u->v));
	u->v[u->n++] = (struct undone){.path = path, .len = n, .whole = whole};
	u->any_whole |= whole;
}

static int
compare_undone(const void *a, const void *b)
{
	const struct undone *x = a, *y = b;
	int order = path_cmp(x->path, x->len, y->path, y->len);
	/* A whole one comes first among its like. */
	return order != 0 ? order : (int)y->whole - (int)x->whole;
}

static void
find_undone(struct undones *out, const struct story *story)
{
	for (size_t i = 0; i < story->n; i++) {
		const struct deed *d = &story->v[i];
		const struct intent *it = &d->intent;
		bool whole =
		    it->kind == INTENT_MOVE && it->victim.type == ENTRY_DIR;
		if (!d->applied)
			continue;
		add_undone(out, it->path, it->path_len, whole);
		if (it->kind == INTENT_MOVE)
			add_undone(out, it->from, it->from_len, whole);
	}
	if (out->n > 1)
		qsort(out->v, out->n, sizeof(*out->v), compare_undone);
}

/* The first of those about this very path; NULL. */
static const struct undone *
find_at(const struct undones *u, const char *path, size_t n)
{
	size_t low = 0, high = u->n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (path_cmp(u->v[mid].path, u->v[mid].len, path, n) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	const struct undone *at = &u->v[low];
	return low < u->n && at->len == n && memcmp(at->path, path, n) == 0
	    ? at
	    : NULL;
}

static bool
is_undone(const struct undones *u, const char *path, size_t n)
{
	if (find_at(u, path, n) != NULL)
		return true;
	/* Any directory above may have been renamed. */
	for (size_t dir = path_parent(path, n); u->any_whole && dir > 0;
	     dir = path_parent(path, dir)) {
		const struct undone *above = find_at(u, path, dir);
		if (above != NULL && above->whole)
			return true;
	}
	return false;
}

void
remember_back(const struct agreed *last, const struct agreed *before,
    const struct story *story, const struct remember_sink *sink)
{
	struct undones u = {.v = NULL};
	size_t i = 0, k = 0;
	find_undone(&u, story);
	while (i < last->n || k < before->n) {
		const struct agreed_record *a = &last->v[i];
		const struct agreed_record *b = &before->v[k];
		int order = i == last->n ? 1
		    : k == before->n
		    ? -1
		    : path_cmp(agreed_path(last, a), a->path_len,
			  agreed_path(before, b), b->path_len);
		const char *path =
		    order <= 0 ? agreed_path(last, a) : agreed_path(before, b);
		size_t n = order <= 0 ? a->path_len : b->path_len;
		bool undone = is_undone(&u, path, n);
		if (undone && order >= 0)
			pass_on(sink, before, k);
		if (!undone && order <= 0)
			pass_on(sink, last, i);
		i += order <= 0;
		k += order >= 0;
	}
	free(u.v);
}

bool
remember_changes(const struct story *story)
{
	for (size_t i = 0; i < story->n; i++) {
		const struct deed *d = &story->v[i];
		if (d->applied || d->intent.kind >= INTENT_AGREE)
			return true;
	}
	return false;
}
