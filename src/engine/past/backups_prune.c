#include "engine/past/backups_prune.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "engine/profile/hold.h"
#include "platform/plat_sig.h"
#include "platform/plat_time.h"
#include "store/journal.h"
#include "store/snapshot/snapprune.h"
#include "store/snapshot/snapshot.h"

/* ---- judging ------------------------------------------------------------- */

/* An id without its digits: that of a run's snapshot and of its sequels. */
static size_t
stem_of(const char *id)
{
	const char *dash = strrchr(id, '-');
	return dash != NULL ? (size_t)(dash - id) : strlen(id);
}

static void
judge_item(struct retention_item *out, const struct snaplist_item *item,
    const struct config *c, const char *needed)
{
	size_t stem = stem_of(item->id);
	*out = (struct retention_item){
	    .time = item->time,
	    .bytes = item->bytes,
	    .foreign = !backups_ours(item, c),
	    .incomplete = !backups_complete(item),
	    .needed = needed != NULL && stem == stem_of(needed) &&
		memcmp(item->id, needed, stem) == 0,
	};
}

static struct retention_rules
rules_of(const struct config *c, struct stamp now)
{
	return (struct retention_rules){
	    .now = now,
	    .days = c->backup.retention_days,
	    .max_count = c->backup.max_backups,
	    .keep_last = c->backup.keep_last,
	    .max_bytes = (uint64_t)c->backup.max_total_mb * 1000000,
	};
}

static void
count(struct prune *p)
{
	for (size_t i = 0; i < p->backups.list.n; i++) {
		const struct snaplist_item *item = &p->backups.list.v[i];
		if (!p->v[i].foreign &&
		    (snapprune_has_leftovers(item) || item->packed))
			p->leftovers++;
	}
}

int
prune_judge(struct prune *out, const struct config *c, struct plat_dir *state,
    struct stamp now, struct err *e)
{
	struct story story = {.v = NULL};
	struct retention_rules rules = rules_of(c, now);
	*out = (struct prune){.config = c};
	int rc = backups_open(&out->backups, c, e);
	int journal =
	    rc != 0 || state == NULL ? 1 : journal_read(&story, state, e);
	if (rc == 0 && journal < 0)
		rc = err_wrap(e, "an interrupted run may need snapshots");
	size_t n = out->backups.list.n;
	if (rc == 0) {
		out->v = mem_zero(n, sizeof(*out->v));
		out->removed = mem_zero(n, sizeof(*out->removed));
		for (size_t i = 0; i < n; i++)
			judge_item(&out->v[i], &out->backups.list.v[i], c,
			    journal == 0 ? story.begin.snapshot_id : NULL);
		retention_judge(out->v, n, &rules);
		count(out);
	}
	story_free(&story);
	return rc;
}

void
prune_free(struct prune *p)
{
	backups_close(&p->backups);
	free(p->v);
	free(p->removed);
	*p = (struct prune){.v = NULL};
}

/* ---- telling ------------------------------------------------------------- */

static void
add_limit(struct str *out, const char *before, int64_t n, const char *what)
{
	str_addf(
	    out, "%s %" PRId64 " %s%s", before, n, what, n == 1 ? "" : "s");
}

static void
add_foreign(struct str *out, const struct prune *p, size_t i)
{
	const struct snaplist_item *item = &p->backups.list.v[i];
	const char *machine = p->config->identity.machine_id;
	bool same = item->about_id.machine_len == strlen(machine) &&
	    memcmp(item->about_id.machine, machine, strlen(machine)) == 0;
	if (same)
		str_addf(out, "of profile '%s'", item->head.about.profile);
	else
		str_addf(out, "of machine '%.*s'",
		    (int)item->about_id.machine_len, item->about_id.machine);
}

void
prune_reason(struct str *out, const struct prune *p, size_t i)
{
	const struct snaplist_item *item = &p->backups.list.v[i];
	const struct config *c = p->config;
	switch (p->v[i].reason) {
	case RETENTION_FOREIGN:
		add_foreign(out, p, i);
		break;
	case RETENTION_INCOMPLETE:
		str_add(out,
		    item->form == SNAPREAD_PARTIAL ? "not complete"
						   : "not readable");
		break;
	case RETENTION_NEEDED:
		str_add(out, "an interrupted run needs it");
		break;
	case RETENTION_FUTURE:
		str_add(out, "dated in the future");
		break;
	case RETENTION_NEWEST:
		str_add(out, "the newest complete one");
		break;
	case RETENTION_LAST:
		add_limit(
		    out, "one of the last", c->backup.keep_last, "snapshot");
		break;
	case RETENTION_OLD:
		add_limit(out, "older than", c->backup.retention_days, "day");
		break;
	case RETENTION_MANY:
		add_limit(out, "more than", c->backup.max_backups, "snapshot");
		break;
	case RETENTION_LARGE:
		str_addf(out, "more than %" PRId64 " MB in all",
		    c->backup.max_total_mb);
		break;
	case RETENTION_WITHIN:
		str_add(out, "within the limits");
		break;
	}
}

/* ---- carrying out -------------------------------------------------------- */

static bool
is_durable(const struct prune *p)
{
	return p->config->sync.durability == CONFIG_DURABLE_FULL;
}

/* What is left of the directory an archive was made of: it goes as far as the
   archive is seen to hold it. */
static int
clear_packed(
    const struct prune *p, const struct snaplist_item *item, struct err *e)
{
	const struct config *c = p->config;
	struct snapshot_about about = {
	    .id = item->id,
	    .backup_dir = c->paths.backup_dir,
	    .machine = c->identity.machine_id,
	    .profile = c->profile,
	    .run_id = "",
	    .reason = "",
	    .zip = true,
	    .durable = is_durable(p),
	};
	return snapshot_tidy(&about, e);
}

static int
remove_leftovers(const struct prune *p, size_t i, struct err *e)
{
	const struct snaplist_item *item = &p->backups.list.v[i];
	if (p->v[i].foreign || p->v[i].needed)
		return 0;
	if (item->packed && item->form == SNAPREAD_ZIP &&
	    !retention_goes(p->v[i].reason) && clear_packed(p, item, e) != 0)
		return -1;
	return snapprune_has_leftovers(item)
	    ? snapprune_leftovers(item, p->backups.dir, is_durable(p), e)
	    : 0;
}

/* What could not be packed may be all there is of it. */
static bool
may_go(const struct prune *p, size_t i)
{
	return retention_goes(p->v[i].reason) && !p->backups.list.v[i].packed;
}

static int
remove_one(struct prune *p, size_t i, struct err *e)
{
	const struct snaplist_item *item = &p->backups.list.v[i];
	if (remove_leftovers(p, i, e) != 0)
		return -1;
	if (!may_go(p, i))
		return 0;
	if (snapprune(item, p->backups.dir, is_durable(p), e) != 0)
		return -1;
	p->removed[i] = true;
	p->nremoved++;
	p->bytes += item->bytes;
	return 0;
}

int
prune_carry_out(struct prune *p, struct err *e)
{
	int rc = 0;
	for (size_t i = 0; i < p->backups.list.n; i++) {
		struct err why = {.code = ERR_NONE};
		if (plat_sig_check(e) != 0)
			return -1;
		if (remove_one(p, i, &why) == 0)
			continue;
		err_wrap(&why, "snapshot '%s'", p->backups.list.v[i].id);
		if (rc == 0)
			rc = err_pass(e, &why);
	}
	return rc;
}

int
prune_own(const struct config *c, const char *id, struct err *e)
{
	struct backups b;
	int rc = backups_open(&b, c, e);
	const struct snaplist_item *item =
	    rc == 0 ? backups_find(&b, id, e) : NULL;
	rc = -1;
	if (item != NULL && backups_complete(item) && !item->packed)
		rc = snapprune(
		    item, b.dir, c->sync.durability == CONFIG_DURABLE_FULL, e);
	else if (item != NULL)
		err_set(e, ERR_CORRUPT, "it is not complete");
	backups_close(&b);
	return rc != 0 ? err_wrap(e, "snapshot '%s'", id) : 0;
}

int
prune_profile(
    struct prune *out, const struct config *c, bool dry, struct err *e)
{
	struct hold hold;
	*out = (struct prune){.v = NULL};
	if (hold_take(&hold, c, !dry, e) != 0)
		return -1;
	int rc = prune_judge(out, c, hold.state, plat_now(), e);
	if (rc == 0 && !dry)
		rc = prune_carry_out(out, e);
	hold_release(&hold);
	return rc;
}
