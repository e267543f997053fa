#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "store/snapshot/snapmanifest_work.h"

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
	return check_places(m, e) != 0 ? -1 : check_totals(m, e);
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
