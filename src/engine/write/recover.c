#include "engine/write/recover.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/strlist.h"
#include "engine/cloud/unpublished.h"
#include "engine/write/commit.h"
#include "engine/write/displace.h"
#include "model/plan/plan_words.h"
#include "platform/plat_time.h"
#include "store/journal.h"

bool
recover_is_pending(struct plat_dir *state)
{
	struct plat_stat st;
	return plat_stat(&st, state, JOURNAL_NAME, NULL) == 0;
}

/* ---- the deeds ---- */

static size_t
bundle_end(const struct story *s, size_t i)
{
	uint32_t unit = s->v[i].intent.unit;
	do
		i++;
	while (unit != 0 && i < s->n && s->v[i].intent.unit == unit);
	return i;
}

/* A unit of which a member cannot be finished is taken back, as far as its
   victims still wait. */
static int
undo_bundle(struct displacer *d, struct story *s, size_t first, size_t end,
    struct err *e)
{
	for (size_t i = end; i-- > first;) {
		struct deed *deed = &s->v[i];
		if (deed->applied && !deed->kept &&
		    displace_undo(d, deed, e) != 0)
			return -1;
	}
	return 0;
}

static int
finish_bundle(struct displacer *d, struct story *s, size_t first, size_t end,
    struct err *e)
{
	bool whole = true;
	for (size_t i = first; i < end; i++) {
		int rc = displace_resume(d, &s->v[i], e);
		if (rc < 0)
			return -1;
		whole &= rc == 0;
	}
	if (!whole)
		return undo_bundle(d, s, first, end, e);
	for (size_t i = first; i < end; i++)
		if (displace_keep(d, &s->v[i], e) != 0)
			return -1;
	return 0;
}

/* It died before all of it was written down, and so before the first deed. */
static void
give_up_unbegun(struct story *s)
{
	for (size_t i = 0; i < s->n && s->n < s->begin.whole; i++)
		s->v[i].done = true;
}

/* What was staged goes last: as long as it is there, this can be begun again
   and will find the same. */
static int
finish_deeds(struct displacer *d, struct story *s, struct err *e)
{
	for (size_t i = 0, end; i < s->n; i = end) {
		end = bundle_end(s, i);
		if (finish_bundle(d, s, i, end, e) != 0)
			return -1;
	}
	for (size_t i = 0; i < s->n; i++)
		if (!s->v[i].applied && displace_discard(d, &s->v[i], e) != 0)
			return -1;
	return 0;
}

/* ---- leftovers ---- */

struct leftovers {
	struct str prefix; /* of the dead run's staging names */
	struct strlist names;
};

static int
note_leftover(void *arg, const char *name, size_t n, const struct plat_stat *st,
    const struct err *why)
{
	struct leftovers *l = arg;
	UNUSED(why);
	if (st != NULL && n >= l->prefix.len &&
	    memcmp(name, l->prefix.p, l->prefix.len) == 0)
		strlist_addn(&l->names, name, n);
	return 0;
}

/*
 * What now lies under the dead run's staging names was prepared and never
 * intended, so it never traded places with anything: it is a copy of ours. The
 * names carry 64 random bits of that run; nobody else's file has them.
 */
static int
remove_leftovers(const struct site *site, const char *stage, struct err *e)
{
	struct leftovers l = {.prefix = STR_INIT, .names = STRLIST_INIT};
	str_addf(&l.prefix, "~coldsync-%s", stage);
	int rc = plat_list(site->work, note_leftover, &l, e);
	for (size_t i = 0; i < l.names.n && rc == 0; i++)
		rc = plat_unlink(site->work, l.names.v[i], e) < 0 ? -1 : 0;
	str_free(&l.prefix);
	strlist_free(&l.names);
	return rc;
}

/* ---- all of it ---- */

static int
same_folders(const struct recover *r, const struct story *s, struct err *e)
{
	for (enum side i = SIDE_LOCAL; i < SIDES; i++)
		if (strcmp(s->begin.roots[i], r->roots[i]) != 0)
			return err_set(e, ERR_REFUSED,
			    "a run over another %s folder was interrupted; it "
			    "must be finished first: %s",
			    side_name(i), s->begin.roots[i]);
	return 0;
}

/* Where and how the run began it, whatever the config says by now. */
static int
open_snapshot(struct snapshot **out, const struct recover *r,
    const struct story *s, struct err *e)
{
	const struct config *c = r->config;
	struct snapshot_about about = {
	    .id = s->begin.snapshot_id,
	    .backup_dir = s->begin.backup_dir,
	    .machine = c->identity.machine_id,
	    .profile = c->profile,
	    .run_id = s->begin.run_id,
	    .reason = s->begin.reason,
	    .time = plat_now(),
	    .zip = strcmp(s->begin.format, "zip") == 0,
	    .durable = c->sync.durability == CONFIG_DURABLE_FULL,
	};
	return snapshot_open(out, &about, e);
}

static int
finish_story(const struct recover *r, struct story *s, struct err *e)
{
	struct snapshot *snapshot;
	struct displacer d;
	bool made;
	if (open_snapshot(&snapshot, r, s, e) != 0)
		return -1;
	displacer_init(&d, r->sites, s->begin.stage, snapshot);
	give_up_unbegun(s);
	int rc = finish_deeds(&d, s, e);
	displacer_free(&d);
	for (enum side i = SIDE_LOCAL; i < SIDES && rc == 0; i++)
		rc = remove_leftovers(&r->sites[i], s->begin.stage, e);
	if (rc != 0) {
		snapshot_close(snapshot);
		return -1;
	}
	bool durable = r->config->sync.durability == CONFIG_DURABLE_FULL;
	if (unpublished_extend(r->state, s, durable, &r->head->generation, e) !=
	    0) {
		snapshot_close(snapshot);
		return -1;
	}
	struct commit c = {
	    .state = r->state,
	    .ledger = r->ledger,
	    .head = r->head,
	    .story = s,
	    .snapshot = snapshot,
	    .journal = true,
	    .durable = durable,
	};
	if (commit(&c, &made, e) != 0)
		return -1;
	struct recovered run = {.id = s->begin.run_id,
	    .reason = s->begin.reason,
	    .snapshot = made ? s->begin.snapshot_id : NULL,
	    .changed = story_changed(s)};
	r->finished(r->arg, &run);
	return 0;
}

int
recover(const struct recover *r, struct err *e)
{
	struct story s = {.v = NULL};
	int rc = journal_read(&s, r->state, e);
	if (rc == 1) {
		rc = recover_is_pending(r->state) ? journal_remove(r->state, e)
						  : 0;
		return rc == 0 ? 1 : -1;
	}
	if (rc == 0)
		rc = same_folders(r, &s, e);
	if (rc == 0) {
		log_reason(r->log, CONFIG_LOG_WARNING, "recover",
		    "finishing run %s, which was interrupted", s.begin.run_id);
		rc = finish_story(r, &s, e);
	}
	story_free(&s);
	return rc != 0 ? err_wrap(e, "recover") : 0;
}
