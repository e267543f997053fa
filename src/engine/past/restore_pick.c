/*
 * What is meant by the paths and globs somebody gave.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "engine/past/restore.h"
#include "model/plan/unit.h"
#include "platform/plat_sig.h"

/* ---- what could be brought back ---- */

static bool
is_usable(const struct snap_entry *en, enum side side)
{
	if (en->side != side)
		return false;
	if (en->what == SNAP_MOVED)
		return false;
	return en->kept || en->missing || en->was.type == ENTRY_DIR;
}

static int
compare_entries(const void *a, const void *b)
{
	const struct snap_entry *x = *(const struct snap_entry *const *)a;
	const struct snap_entry *y = *(const struct snap_entry *const *)b;
	int order = path_cmp(x->path, x->path_len, y->path, y->path_len);
	/* What a run displaced stands before what came between. */
	if (order == 0)
		order = (x->what == SNAP_RESCUED) - (y->what == SNAP_RESCUED);
	if (order == 0)
		order = (x > y) - (x < y);
	return order;
}

/* One for each path: the first. */
static size_t
drop_twins(const struct snap_entry **v, size_t n)
{
	size_t kept = 0;
	for (size_t i = 0; i < n; i++)
		if (kept == 0 ||
		    path_cmp(v[kept - 1]->path, v[kept - 1]->path_len,
			v[i]->path, v[i]->path_len) != 0)
			v[kept++] = v[i];
	return kept;
}

static void
gather(struct restore_picks *out, const struct snapmanifest *m, enum side side)
{
	out->all = mem_zero(m->n + 1, sizeof(*out->all));
	for (size_t i = 0; i < m->n; i++)
		if (is_usable(&m->v[i], side))
			out->all[out->n++] = &m->v[i];
	if (out->n > 1)
		qsort(out->all, out->n, sizeof(*out->all), compare_entries);
	out->n = drop_twins(out->all, out->n);
	out->picked = mem_zero(out->n + 1, sizeof(*out->picked));
}

/* ---- what is wanted ---- */

static bool
pick_path(struct restore_picks *p, const char *path, size_t n)
{
	bool any = false;
	for (size_t i = 0; i < p->n; i++) {
		const struct snap_entry *en = p->all[i];
		if (!path_within(en->path, en->path_len, path, n))
			continue;
		p->picked[i] = any = true;
	}
	return any;
}

/* Does the glob match it, or a directory it lies in? */
static bool
is_matched(const struct glob *g, const struct snap_entry *en)
{
	if (glob_match(g, en->path, en->path_len, en->was.type == ENTRY_DIR))
		return true;
	for (size_t n = path_parent(en->path, en->path_len); n > 0;
	     n = path_parent(en->path, n))
		if (glob_match(g, en->path, n, true))
			return true;
	return false;
}

static bool
pick_glob(struct restore_picks *p, const char *pattern)
{
	struct glob g;
	const char *why;
	bool any = false;
	if (glob_parse(&g, pattern, strlen(pattern), &why) != 0)
		return false;
	for (size_t i = 0; i < p->n; i++)
		if (is_matched(&g, p->all[i]))
			p->picked[i] = any = true;
	glob_free(&g);
	return any;
}

/* A name that is there is meant as it is, whatever characters it has. */
static bool
pick_one(struct restore_picks *p, const char *arg)
{
	struct str path = STR_INIT;
	bool any = path_normalise(&path, arg, strlen(arg)) == 0 &&
	    pick_path(p, path.p, path.len);
	str_free(&path);
	return any || pick_glob(p, arg);
}

/* ---- databases come back whole ---- */

static size_t
find(const struct restore_picks *p, const char *path, size_t n)
{
	size_t low = 0, high = p->n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct snap_entry *en = p->all[mid];
		if (path_cmp(en->path, en->path_len, path, n) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < p->n &&
		path_cmp(p->all[low]->path, p->all[low]->path_len, path, n) == 0
	    ? low
	    : p->n;
}

static void
pick_family(struct restore_picks *p, size_t i)
{
	const struct snap_entry *en = p->all[i];
	size_t database = unit_database(en->path, en->path_len);
	struct str member = STR_INIT;
	if (database == 0)
		database = en->path_len;
	/* A file that is merely named like a companion has no database. */
	if (database < en->path_len && find(p, en->path, database) == p->n)
		return;
	for (size_t m = 0; m < UNIT_MEMBERS; m++) {
		unit_member(&member, en->path, database, m);
		size_t at = find(p, member.p, member.len);
		if (at < p->n)
			p->picked[at] = true;
	}
	str_free(&member);
}

/* ---- all of it ---- */

int
restore_pick(struct restore_picks *out, const struct snapread *snapshot,
    const struct restore_wish *wish, struct err *e)
{
	const struct snapmanifest *m = snapread_manifest(snapshot);
	const char *side = wish->side == SIDE_LOCAL ? "local" : "cloud";
	*out = (struct restore_picks){.all = NULL};
	gather(out, m, wish->side);
	if (out->n == 0)
		return err_set(e, ERR_USAGE,
		    "snapshot %s holds nothing of the %s side", m->about.id,
		    side);
	for (size_t i = 0; i < wish->npaths; i++)
		if (!pick_one(out, wish->paths[i]))
			return err_set(e, ERR_USAGE,
			    "snapshot %s holds nothing at '%s' on the %s side",
			    m->about.id, wish->paths[i], side);
	for (size_t i = 0; i < out->n && wish->npaths == 0; i++)
		out->picked[i] = true;
	for (size_t i = 0; i < out->n; i++)
		if (out->picked[i] && out->all[i]->was.type == ENTRY_FILE)
			pick_family(out, i);
	return 0;
}

void
restore_picks_free(struct restore_picks *p)
{
	free(p->all);
	free(p->picked);
	*p = (struct restore_picks){.all = NULL};
}

/* ---- is it what it says? ---- */

static int
read_nothing(void *arg, const void *bytes, size_t n, struct err *e)
{
	UNUSED(arg);
	UNUSED(bytes);
	UNUSED(n);
	return plat_sig_check(e);
}

int
restore_check(
    const struct restore_picks *p, struct snapread *snapshot, struct err *e)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct snap_entry *en = p->all[i];
		if (!p->picked[i] || en->was.type == ENTRY_DIR)
			continue;
		if (en->missing)
			return err_set(e, ERR_CORRUPT,
			    "'%s' is not in the snapshot, though it should be",
			    en->path);
		if (snapread_content(snapshot, en, read_nothing, NULL, e) != 0)
			return err_wrap(
			    e, "snapshot %s", snapread_about(snapshot)->id);
	}
	return 0;
}
