#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "engine/past/undo_work.h"
#include "model/plan/unit.h"
#include "platform/plat_sig.h"

struct undos {
	const struct undo *u;
	struct undoing *v; /* in the order the run did them */
	size_t n;
	struct undoing **by_key;
};

/* ---- what goes together ---- */

static void
set_key(struct undoing *d, const struct undo *u)
{
	const struct snap_entry *en = d->en;
	bool dir = en->was.type == ENTRY_DIR || en->now.type == ENTRY_DIR;
	size_t group = unit_group(en->path, en->path_len, dir,
	    u->rules->plan.groups, u->rules->plan.ngroups);
	size_t database = unit_database(en->path, en->path_len);
	d->key = en->path;
	d->key_len = group > 0 ? group : database > 0 ? database : en->path_len;
}

static int
compare_keys(const void *a, const void *b)
{
	const struct undoing *x = *(struct undoing *const *)a;
	const struct undoing *y = *(struct undoing *const *)b;
	const struct snap_entry *p = x->en, *q = y->en;
	int order = path_cmp(x->key, x->key_len, y->key, y->key_len);
	if (order == 0)
		order = path_cmp(p->path, p->path_len, q->path, q->path_len);
	if (order == 0)
		order = (int)p->side - (int)q->side;
	return order != 0 ? order : (x > y) - (x < y);
}

static bool
same_key(const struct undoing *x, const struct undoing *y)
{
	return x->key_len == y->key_len &&
	    memcmp(x->key, y->key, x->key_len) == 0;
}

/* One refused refuses all of its key. Returns whether that was any news. */
static bool
spread(struct undos *s)
{
	bool news = false;
	for (size_t i = 0, end; i < s->n; i = end) {
		bool refused = false;
		for (end = i;
		     end < s->n && same_key(s->by_key[end], s->by_key[i]);
		     end++)
			refused |= s->by_key[end]->refused;
		for (size_t k = i; k < end && refused; k++) {
			news |= !s->by_key[k]->refused;
			s->by_key[k]->refused = true;
		}
	}
	return news;
}

static void
sort_keys(struct undos *s)
{
	s->by_key = mem_zero(s->n + 1, sizeof(struct undoing *));
	for (size_t i = 0; i < s->n; i++)
		s->by_key[i] = &s->v[i];
	if (s->n > 1)
		qsort(s->by_key, s->n, sizeof(struct undoing *), compare_keys);
}

/* ---- looking ---- */

/* What the run did later at the same path, if anything, comes next by key. */
static const struct undoing *
find_later(const struct undos *s, size_t at)
{
	if (at + 1 == s->n)
		return NULL;
	const struct snap_entry *a = s->by_key[at]->en;
	const struct snap_entry *b = s->by_key[at + 1]->en;
	bool same = a->side == b->side && a->path_len == b->path_len &&
	    memcmp(a->path, b->path, a->path_len) == 0;
	return same ? s->by_key[at + 1] : NULL;
}

static int
look_at_all(struct undos *s, struct err *e)
{
	struct back *b = s->u->b;
	for (size_t i = 0; i < s->n; i++) {
		struct undoing *d = s->by_key[i];
		if (undo_look(d, find_later(s, i), s->u, e) != 0)
			return -1;
		back_tell(b, (enum side)d->en->side, d->en->path,
		    d->en->path_len, ENTRY_NONE);
	}
	for (size_t i = 0; i < s->n; i++)
		if (undo_look_beside(&s->v[i], s->u, e) != 0)
			return -1;
	back_clear(b);
	for (size_t i = 0; i < s->n; i++)
		s->v[i].refused = s->v[i].changed;
	return 0;
}

/* ---- taking back: each answers 1 when it cannot be done ---- */

static int
is_free(struct back *b, enum side s, const char *path, size_t n, struct err *e)
{
	uint8_t type;
	if (back_type(&type, b, s, path, n, e) != 0)
		return -1;
	return type == ENTRY_NONE;
}

/* A new directory goes when nothing is left in it; what came since stays, and
   the directory with it. */
static int
take_away_dir(struct back *b, const struct snap_entry *en, struct err *e)
{
	enum side s = (enum side)en->side;
	struct strlist names = STRLIST_INIT;
	struct str path = STR_INIT;
	int rc = is_free(b, s, en->path, en->path_len, e);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (glance_names(&names, &b->glance, s, en->path, en->path_len, e) != 0)
		rc = -1;
	bool empty = true;
	for (size_t i = 0; i < names.n && rc == 0 && empty; i++) {
		str_clear(&path);
		str_addn(&path, en->path, en->path_len);
		path_join(&path, names.v[i], strlen(names.v[i]));
		int gone = is_free(b, s, path.p, path.len, e);
		rc = gone < 0 ? -1 : 0;
		empty = gone == 1;
	}
	if (rc == 0 && empty)
		rc = back_rmdir(b, s, en->path, en->path_len, e);
	strlist_free(&names);
	str_free(&path);
	return rc;
}

static int
bring_back_dir(struct back *b, const struct snap_entry *en, struct err *e)
{
	enum side s = (enum side)en->side;
	uint8_t type;
	if (back_type(&type, b, s, en->path, en->path_len, e) != 0)
		return -1;
	if (type == ENTRY_DIR)
		return 0;
	if (type != ENTRY_NONE)
		return 1;
	if (back_parents(b, s, en->path, en->path_len, e) != 0)
		return -1;
	back_mkdir(b, s, en->path, en->path_len, en->was.mode);
	return 0;
}

static int
bring_back(struct back *b, const struct undoing *d, struct err *e)
{
	const struct snap_entry *en = d->en;
	enum side s = (enum side)en->side;
	int free = is_free(b, s, en->path, en->path_len, e);
	if (free < 0)
		return -1;
	if (free == (en->what == SNAP_REPLACED) || !en->kept)
		return 1;
	if (back_parents(b, s, en->path, en->path_len, e) != 0)
		return -1;
	back_put(b, en, en->what == SNAP_REPLACED ? d->now : NULL);
	return 0;
}

static int
move_back(struct back *b, const struct undoing *d, struct err *e)
{
	const struct snap_entry *en = d->en;
	enum side s = (enum side)en->side;
	int there = is_free(b, s, en->path, en->path_len, e);
	int free = is_free(b, s, en->from, en->from_len, e);
	if (there < 0 || free < 0)
		return -1;
	if (there == 1 || free == 0 || d->now == NULL)
		return 1;
	if (back_parents(b, s, en->from, en->from_len, e) != 0)
		return -1;
	back_move(b, s, d->now, en->path, en->from);
	return 0;
}

static int
take_back(struct back *b, const struct undoing *d, struct err *e)
{
	const struct snap_entry *en = d->en;
	switch ((enum snap_what)en->what) {
	case SNAP_CREATED:
		if (d->now == NULL)
			return 1;
		back_remove(
		    b, (enum side)en->side, en->path, en->path_len, d->now);
		return 0;
	case SNAP_REPLACED:
	case SNAP_DELETED:
		return bring_back(b, d, e);
	case SNAP_MOVED:
		return move_back(b, d, e);
	case SNAP_MADE:
		return take_away_dir(b, en, e);
	case SNAP_REMOVED:
		return bring_back_dir(b, en, e);
	default:
		return 0;
	}
}

/* ---- the plan ---- */

static void
begin_again(struct back *b)
{
	struct plan *p = b->plan;
	back_clear(b);
	p->nactions = p->nsteps = p->nskipped = 0;
	p->deletes[SIDE_LOCAL] = p->deletes[SIDE_CLOUD] = 0;
}

/* Is the one before (in the plan) of the same key? */
static bool
goes_on(const struct undos *s, size_t i)
{
	return i + 1 < s->n && !s->v[i + 1].refused &&
	    same_key(&s->v[i], &s->v[i + 1]);
}

static bool
is_followed(const struct undos *s, size_t i)
{
	return i > 0 && !s->v[i - 1].refused &&
	    same_key(&s->v[i], &s->v[i - 1]);
}

/* The last first. Sets *again* when one more had to be refused. */
static int
take_all_back(struct undos *s, bool *again, struct err *e)
{
	struct back *b = s->u->b;
	*again = false;
	for (size_t i = s->n; i-- > 0;) {
		struct undoing *d = &s->v[i];
		if (d->refused) {
			back_skip(b, (enum side)d->en->side, d->en->path,
			    d->en->path_len, PLAN_SKIP_SINCE);
			continue;
		}
		if (!goes_on(s, i))
			back_end_unit(b);
		if (!goes_on(s, i) && is_followed(s, i))
			back_begin_unit(b);
		int rc = take_back(b, d, e);
		if (rc < 0)
			return -1;
		d->refused = rc == 1;
		*again |= d->refused;
	}
	back_end_unit(b);
	return 0;
}

static bool
is_deed(const struct snap_entry *en)
{
	return en->what != SNAP_RESCUED && en->what != SNAP_SAVED;
}

static void
gather(struct undos *s, const struct undo *u)
{
	const struct snapmanifest *m = u->manifest;
	s->u = u;
	s->v = mem_zero(m->n + 1, sizeof(*s->v));
	for (size_t i = 0; i < m->n; i++) {
		if (!is_deed(&m->v[i]))
			continue;
		s->v[s->n].en = &m->v[i];
		set_key(&s->v[s->n++], u);
	}
	sort_keys(s);
}

int
undo_plan(const struct undo *u, struct err *e)
{
	struct undos s = {.n = 0};
	bool again = true;
	gather(&s, u);
	int rc = look_at_all(&s, e);
	while (rc == 0 && again) {
		while (spread(&s))
			;
		begin_again(u->b);
		rc = take_all_back(&s, &again, e);
	}
	free(s.v);
	free(s.by_key);
	return rc;
}

/* ---- is it all there? ---- */

static int
read_nothing(void *arg, const void *bytes, size_t n, struct err *e)
{
	UNUSED(arg);
	UNUSED(bytes);
	UNUSED(n);
	return plat_sig_check(e);
}

int
undo_check(struct snapread *snapshot, struct err *e)
{
	const struct snapmanifest *m = snapread_manifest(snapshot);
	for (size_t i = 0; i < m->n; i++)
		if (m->v[i].kept && is_deed(&m->v[i]) &&
		    snapread_content(
			snapshot, &m->v[i], read_nothing, NULL, e) != 0)
			return err_wrap(e, "snapshot %s", m->about.id);
	return 0;
}
