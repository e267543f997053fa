#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "store/snapshot/snapmanifest_work.h"

/* ---- where things are kept ----------------------------------------------- */

static int
by_place(const void *a, const void *b)
{
	const struct snap_place *p = a, *q = b;
	const struct snap_entry *x = p->entry, *y = q->entry;
	return path_cmp(x->place, x->place_len, y->place, y->place_len);
}

static void
sort_places(struct snapmanifest *m)
{
	m->places = mem_zero(m->n, sizeof(*m->places));
	for (size_t i = 0; i < m->n; i++)
		if (m->v[i].kept)
			m->places[m->nplaces++].entry = &m->v[i];
	if (m->nplaces > 0)
		qsort(m->places, m->nplaces, sizeof(*m->places), by_place);
}

/* Tree order puts a directory in front of all that lies in it. */
static int
check_places(const struct snapmanifest *m, struct err *e)
{
	for (size_t i = 1; i < m->nplaces; i++) {
		const struct snap_entry *a = m->places[i - 1].entry;
		const struct snap_entry *b = m->places[i].entry;
		if (path_within(b->place, b->place_len, a->place, a->place_len))
			return snapmanifest_broken(
			    e, "two things are kept in one place");
	}
	return 0;
}

/* ---- the state before the run -------------------------------------------- */

struct before {
	const struct snap_entry *entry;
};

static const char *
before_path(size_t *n, const struct snap_entry *en)
{
	*n = en->what == SNAP_MOVED ? en->from_len : en->path_len;
	return en->what == SNAP_MOVED ? en->from : en->path;
}

static int
by_before(const void *a, const void *b)
{
	const struct before *x = a, *y = b;
	size_t n, m;
	const char *p = before_path(&n, x->entry);
	const char *q = before_path(&m, y->entry);
	if (x->entry->side != y->entry->side)
		return x->entry->side < y->entry->side ? -1 : 1;
	return path_cmp(p, n, q, m);
}

/* Was there once a tree in which both were? */
static bool
go_together(const struct snap_entry *a, const struct snap_entry *b)
{
	size_t n, m;
	const char *p = before_path(&n, a), *q = before_path(&m, b);
	if (a->side != b->side || !path_within(q, m, p, n))
		return true;
	return n < m && a->was.type == ENTRY_DIR;
}

/* What was there before the run was one tree: a path was one thing, and nothing
   lay in a file or behind a link. What came between may be anything. */
static int
check_before(const struct snapmanifest *m, struct err *e)
{
	struct before *v = mem_zero(m->n + 1, sizeof(*v));
	size_t n = 0;
	bool good = true;
	for (size_t i = 0; i < m->n; i++)
		if (m->v[i].was.type != ENTRY_NONE &&
		    m->v[i].what != SNAP_RESCUED)
			v[n++].entry = &m->v[i];
	if (n > 1)
		qsort(v, n, sizeof(*v), by_before);
	for (size_t i = 1; i < n && good; i++)
		good = go_together(v[i - 1].entry, v[i].entry);
	free(v);
	return good ? 0
		    : snapmanifest_broken(e, "two things were in one place");
}

/* ---- the whole ----------------------------------------------------------- */

static int
check_totals(const struct snapmanifest *m, struct err *e)
{
	uint64_t files[SIDES] = {0}, bytes[SIDES] = {0};
	const struct snap_about *about = &m->about;
	for (size_t i = 0; i < m->nplaces; i++) {
		const struct snap_entry *en = m->places[i].entry;
		if (en->raw && !about->zip)
			return snapmanifest_broken(
			    e, "it keeps something beside no archive");
		if (en->was.size > UINT64_MAX - bytes[en->side])
			return snapmanifest_broken(e, "it says too much");
		files[en->side]++;
		bytes[en->side] += en->was.size;
	}
	for (int side = 0; side < SIDES; side++)
		if (files[side] != about->files[side] ||
		    bytes[side] != about->bytes[side])
			return snapmanifest_broken(
			    e, "it does not keep what it says");
	return 0;
}

int
snapmanifest_check(struct snapmanifest *m, struct err *e)
{
	sort_places(m);
	if (check_places(m, e) != 0 || check_before(m, e) != 0)
		return -1;
	return check_totals(m, e);
}

const struct snap_entry *
snapmanifest_at(const struct snapmanifest *m, const char *place, size_t n)
{
	const struct snap_entry key = {.place = place, .place_len = n};
	const struct snap_place k = {.entry = &key};
	if (m->nplaces == 0)
		return NULL;
	const struct snap_place *found =
	    bsearch(&k, m->places, m->nplaces, sizeof(*m->places), by_place);
	return found != NULL ? found->entry : NULL;
}
