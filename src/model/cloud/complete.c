#include "model/cloud/complete.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "model/cloud/heads.h"

/* ---- asking ---- */

static bool
any_of_size(const struct claim *c, uint64_t size)
{
	for (unsigned i = 0; i < c->n; i++)
		if (c->v[i].type == ENTRY_FILE && c->v[i].size == size)
			return true;
	return false;
}

/* Only a size that could be right is worth reading. */
static void
ask_item(struct item *it, const struct claim *c, enum complete_ask which)
{
	const struct entry *e = it->entry[SIDE_CLOUD];
	uint8_t state = it->state[SIDE_CLOUD];
	bool wanted = which == COMPLETE_ASK_ALL ||
	    (which == COMPLETE_ASK && e != NULL && any_of_size(c, e->size));
	it->published = true;
	if (wanted && (state == STATE_NEW || state == STATE_CHANGED) &&
	    e != NULL && e->type == ENTRY_FILE && e->u.hash == NULL)
		it->needs |= NEEDS_HASH << SIDE_CLOUD;
}

void
complete_ask(
    struct items *items, struct claims *expected, enum complete_ask which)
{
	for (size_t i = 0; i < items->n && !expected->ended;) {
		struct item *it = &items->v[i];
		const struct claim *c = &expected->now;
		int order =
		    path_cmp(it->path, it->path_len, c->path, c->path_len);
		if (order == 0)
			ask_item(it, c, which);
		if (order <= 0)
			i++;
		if (order >= 0)
			claims_next(expected);
	}
}

/* ---- what is there ---- */

enum sight {
	SIGHT_KNOWN,       /* *v* is there, or nothing (ENTRY_NONE) */
	SIGHT_UNREAD,      /* of this size; the content is not known */
	SIGHT_PLACEHOLDER, /* its content is elsewhere */
	SIGHT_HIDDEN,      /* nothing we may judge */
};

struct look {
	enum sight sight;
	struct version v;
	struct stamp mtime;
};

struct judge {
	const struct complete_input *in;
	struct complete *out;
	size_t item, record; /* the next of each */
	/* The open units met so far, and whose version each holds. */
	struct choice {
		const char *unit;
		size_t n;
		uint32_t machine;
	} * choices;
	size_t nchoices, cap_choices;
};

static struct look
look_at_record(const struct agreed_record *r)
{
	struct look l = {.sight = SIGHT_KNOWN};
	if (!agreed_present(r, SIDE_CLOUD) || r->type == ENTRY_DIR)
		return l;
	l.v = (struct version){
	    .type = r->type, .size = r->size, .hash = agreed_hash(r)};
	l.mtime.sec = r->side[SIDE_CLOUD].mtime_sec;
	l.mtime.nsec = r->side[SIDE_CLOUD].mtime_nsec;
	return l;
}

static struct look
look_at_entry(const struct entry *e)
{
	struct look l = {.sight = SIGHT_KNOWN};
	if (!entry_is_content(e))
		return l;
	l.mtime = entry_mtime(e);
	l.v = (struct version){.type = e->type, .size = e->size};
	if (e->u.hash == NULL)
		l.sight = SIGHT_UNREAD;
	else
		l.v.hash = *e->u.hash;
	return l;
}

/* Would the filter, or something unknown on the way, hide this path? */
static bool
is_hidden(const struct judge *j, const char *path, size_t n)
{
	const struct entry *dir = &j->in->cloud->root;
	for (size_t end = 0; end <= n; end++) {
		if (end < n && path[end] != '/')
			continue;
		size_t name = path_name(path, end);
		if (dir != NULL && dir->type == ENTRY_DIR)
			dir = tree_child(dir, path + name, end - name);
		else
			dir = NULL;
		if (dir != NULL && dir->type == ENTRY_UNKNOWN)
			return true;
		enum filter_verdict verdict =
		    filter_judge(j->in->filter, path, end, end < n);
		if (verdict == FILTER_OUT || verdict == FILTER_SECRET)
			return true;
	}
	return false;
}

static struct look
look_at_item(const struct item *it)
{
	struct look hidden = {.sight = SIGHT_HIDDEN};
	uint8_t state = it->state[SIDE_CLOUD];
	if (state == STATE_UNKNOWN &&
	    it->unknown[SIDE_CLOUD] == UNKNOWN_PLACEHOLDER)
		hidden.sight = SIGHT_PLACEHOLDER;
	if (state == STATE_UNKNOWN)
		return hidden;
	if (state == STATE_SAME && it->base != NULL)
		return look_at_record(it->base);
	return look_at_entry(it->entry[SIDE_CLOUD]);
}

static struct look
look(const struct judge *j, const char *path, size_t n, const struct item *it,
    const struct agreed_record *base)
{
	if (it != NULL)
		return look_at_item(it);
	if (base != NULL)
		return look_at_record(base);
	return (struct look){
	    .sight = is_hidden(j, path, n) ? SIGHT_HIDDEN : SIGHT_KNOWN};
}

/* ---- what is wrong with it ---- */

/* Files that were only allotted read as zeros. Worth finding out for the few
   that are told. */
enum { ZEROS_TOLD = 16 };

static bool
is_zeros(const struct version *v)
{
	static const char zeros[65536];
	struct hash_stream *s = hash_open();
	for (uint64_t left = v->size; left > 0;) {
		size_t n = left < sizeof(zeros) ? (size_t)left : sizeof(zeros);
		hash_feed(s, zeros, n);
		left -= n;
	}
	bool same = hash_equal(hash_end(s), v->hash);
	hash_close(s);
	return same;
}

static bool
is_as_agreed(const struct look *l, const struct agreed_record *base)
{
	struct look was;
	if (base == NULL || l->sight != SIGHT_KNOWN)
		return false;
	was = look_at_record(base);
	return version_same(&was.v, &l->v);
}

static enum complete_why
why_not(const struct judge *j, const struct look *l, const struct claim *c,
    const struct agreed_record *base)
{
	const struct version *want = &c->v[0];
	bool newer = l->mtime.sec > j->in->newest;
	if (l->sight == SIGHT_PLACEHOLDER)
		return COMPLETE_PLACEHOLDER;
	if (l->v.type == ENTRY_NONE)
		return COMPLETE_MISSING;
	if (is_as_agreed(l, base))
		return c->n > 0 && want->type != ENTRY_NONE ? COMPLETE_OLD
							    : COMPLETE_LEFT;
	if (c->n == 0 || want->type == ENTRY_NONE)
		return newer ? COMPLETE_EDITED : COMPLETE_LEFT;
	if (l->v.size == 0 && want->size > 0)
		return COMPLETE_EMPTY;
	if (l->sight == SIGHT_UNREAD && any_of_size(c, l->v.size))
		return COMPLETE_MOVING;
	if (l->sight == SIGHT_KNOWN && l->v.size == want->size &&
	    j->out->n < ZEROS_TOLD && is_zeros(&l->v))
		return COMPLETE_ZEROED;
	if (newer)
		return COMPLETE_EDITED;
	return l->v.size < want->size ? COMPLETE_SHORT : COMPLETE_OTHER;
}

static void
report(struct judge *j, const struct claim *c, const struct look *l,
    enum complete_why why)
{
	struct complete *out = j->out;
	out->v = mem_grow(out->v, &out->cap, out->n + 1, sizeof(*out->v));
	out->v[out->n++] = (struct complete_fault){
	    .path = arena_copy(&out->arena, c->path, c->path_len),
	    .path_len = c->path_len,
	    .why = why,
	    .machine = c->n > 0 ? c->v[0].machine : ROSTER_NOBODY,
	    .actual = l->v,
	    .known = l->sight == SIGHT_KNOWN};
}

/*
 * While two machines' words on a unit stand side by side, all of it must be of
 * one of them: a database of one with the log of another is neither's.
 */
static bool
is_of_one(struct judge *j, const struct claim *c, const struct version *v)
{
	size_t n =
	    heads_unit(c->path, c->path_len, j->in->groups, j->in->ngroups);
	for (size_t i = j->nchoices; i-- > 0;)
		if (j->choices[i].n == n &&
		    memcmp(j->choices[i].unit, c->path, n) == 0)
			return j->choices[i].machine == v->machine;
	j->choices = mem_grow(
	    j->choices, &j->cap_choices, j->nchoices + 1, sizeof(*j->choices));
	j->choices[j->nchoices++] =
	    (struct choice){.unit = arena_copy(&j->out->arena, c->path, n),
		.n = n,
		.machine = v->machine};
	return true;
}

static void
judge_path(struct judge *j, const struct claim *c, const struct item *it,
    const struct agreed_record *base)
{
	struct look l = look(j, c->path, c->path_len, it, base);
	if (l.sight == SIGHT_HIDDEN)
		return;
	if (l.sight == SIGHT_KNOWN) {
		if (c->n == 0 && l.v.type == ENTRY_NONE)
			return;
		for (unsigned i = 0; i < c->n; i++) {
			if (!version_same(&c->v[i], &l.v))
				continue;
			if (c->n > 1 && !is_of_one(j, c, &c->v[i]))
				report(j, c, &l, COMPLETE_MIXED);
			return;
		}
	}
	report(j, c, &l, why_not(j, &l, c, base));
}

/* ---- all of them ---- */

static const struct item *
item_at(struct judge *j, const char *path, size_t n)
{
	const struct items *items = j->in->items;
	for (; j->item < items->n; j->item++) {
		const struct item *it = &items->v[j->item];
		int order = path_cmp(it->path, it->path_len, path, n);
		if (order == 0)
			return it;
		if (order > 0)
			break;
	}
	return NULL;
}

void
complete_judge(struct complete *out, const struct complete_input *in)
{
	struct judge j = {.in = in, .out = out};
	const struct agreed *a = in->agreed;
	memset(out, 0, sizeof(*out));
	while (j.record < a->n || !in->expected->ended) {
		const struct agreed_record *r =
		    j.record < a->n ? &a->v[j.record] : NULL;
		struct claim only = {.path = ""};
		const struct claim *c = &in->expected->now;
		int order = in->expected->ended ? -1
		    : r == NULL                 ? 1
				: path_cmp(agreed_path(a, r), r->path_len,
				      c->path, c->path_len);
		if (order < 0) {
			only.path = agreed_path(a, r);
			only.path_len = r->path_len;
			c = &only;
		}
		judge_path(&j, c, item_at(&j, c->path, c->path_len),
		    order <= 0 ? r : NULL);
		if (order <= 0)
			j.record++;
		if (order >= 0)
			claims_next(in->expected);
	}
	free(j.choices);
}

const char *
complete_word(enum complete_why why)
{
	static const char *const words[] = {
	    [COMPLETE_MISSING] = "missing",
	    [COMPLETE_EMPTY] = "empty",
	    [COMPLETE_SHORT] = "in part",
	    [COMPLETE_ZEROED] = "only zeros",
	    [COMPLETE_OLD] = "still the old version",
	    [COMPLETE_LEFT] = "deleted elsewhere, still here",
	    [COMPLETE_OTHER] = "something else",
	    [COMPLETE_MIXED] = "not of the same machine as the rest",
	    [COMPLETE_MOVING] = "still being written",
	    [COMPLETE_PLACEHOLDER] = "not downloaded",
	    [COMPLETE_EDITED] = "edited",
	};
	return words[why];
}

void
complete_free(struct complete *c)
{
	free(c->v);
	arena_free(&c->arena);
	memset(c, 0, sizeof(*c));
}
