/*
 * Afterwards: what a batch did is made durable, and what a run left in the
 * trees is looked at once more for the ledger.
 */
#include <string.h>

#include "base/path.h"
#include "engine/write/apply_batch.h"
#include "model/plan/plan_words.h"
#include "platform/plat_time.h"

/* ---- durable ---- */

/* A directory in which names have come, gone or changed. */
static int
sync_parent(struct dircache *dirs, struct str *last, const char *path, size_t n,
    struct err *e)
{
	struct plat_dir *dir;
	const char *name;
	size_t parent = path_parent(path, n);
	if (last->p != NULL && last->len == parent &&
	    memcmp(last->p, path, parent) == 0)
		return 0;
	str_clear(last);
	str_addn(last, path, parent);
	int rc = dircache_at(dirs, path, n, &dir, &name, NULL);
	/* A directory that went later has no names to be kept. */
	return rc != 0 ? 0 : plat_dir_sync(dir, e);
}

static int
sync_parents(const struct batch *b, const struct site *site, struct err *e)
{
	struct dircache dirs;
	struct str last = STR_INIT;
	int rc = plat_dir_sync(site->work, e);
	dircache_init(&dirs, site->root);
	for (size_t i = 0; i < b->n && rc == 0; i++) {
		const struct deed *deed = b->tasks[i].deed;
		const struct intent *it = &deed->intent;
		if (!deed->applied || it->side != site->side)
			continue;
		rc = sync_parent(&dirs, &last, it->path, it->path_len, e);
		if (rc == 0 && it->kind == INTENT_MOVE)
			rc = sync_parent(
			    &dirs, &last, it->from, it->from_len, e);
	}
	dircache_free(&dirs);
	str_free(&last);
	return rc;
}

int
batch_settle(const struct batch *b, struct err *e)
{
	bool touched[SIDES] = {false, false};
	if (!b->a->durable)
		return 0;
	for (size_t i = 0; i < b->n; i++)
		if (b->tasks[i].deed->applied)
			touched[b->tasks[i].deed->intent.side] = true;
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		const struct site *site = &b->a->sites[s];
		if (!touched[s])
			continue;
		int rc = 1;
		if (!b->sync_each && !site->volume.remote)
			rc = plat_volume_sync(site->work, e);
		if (rc == 1)
			rc = sync_parents(b, site, e);
		if (rc < 0)
			return err_wrap(e, "%s folder", side_name(s));
	}
	return 0;
}

/* ---- looked at again ---- */

enum { CLOCK_TICK_MS = 25 };

static bool
any_applied(const struct story *story)
{
	for (size_t i = 0; i < story->n; i++)
		if (story->v[i].applied)
			return true;
	return false;
}

static void
look_at(struct deed *d, struct dircache *dirs, struct stamp now)
{
	const struct intent *i = &d->intent;
	struct plat_dir *dir;
	const char *name;
	struct plat_stat st;
	if (!d->applied || d->now.type != ENTRY_FILE)
		return;
	d->now.racy = true;
	if (dircache_at(
		&dirs[i->side], i->path, i->path_len, &dir, &name, NULL) == 0 &&
	    plat_stat(&st, dir, name, NULL) == 0 &&
	    stamp_cmp(st.ctime, d->now.ctime) == 0)
		d->now.racy = fingerprint_is_racy(&d->now, now);
}

void
story_look_again(struct story *story, const struct site sites[SIDES])
{
	struct dircache dirs[SIDES];
	if (!any_applied(story))
		return;
	plat_sleep(CLOCK_TICK_MS);
	struct stamp now = plat_now();
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		dircache_init(&dirs[s], sites[s].root);
	for (size_t i = 0; i < story->n; i++)
		look_at(&story->v[i], dirs, now);
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		dircache_free(&dirs[s]);
}
