/*
 * What earlier runs left to go back to, and how long ago the last good one was.
 */
#include "base/num.h"
#include "engine/doctor/doctor_scene.h"
#include "engine/past/backups.h"
#include "engine/past/history.h"
#include "engine/write/recover.h"
#include "platform/plat_time.h"

/* ---- snapshots ---- */

/* What the newest snapshot may take, so that reading it is quick. */
enum { QUICK_BYTES = 16 * 1000 * 1000 };

/* A run that is not over yet, or has to be finished first, is still writing
   its own. */
static bool
is_being_written(struct doctor_scene *s)
{
	return s->state != NULL && recover_is_pending(s->state);
}

static size_t
count_broken(
    struct doctor_scene *s, const struct backups *b, const char **first)
{
	size_t n = 0;
	bool writing = is_being_written(s);
	for (size_t i = 0; i < b->list.n; i++) {
		const struct snaplist_item *item = &b->list.v[i];
		if (backups_complete(item) || item->pruned || writing)
			continue;
		if (n++ == 0)
			*first = item->id;
	}
	return n;
}

static const struct snaplist_item *
newest_small(const struct backups *b)
{
	for (size_t i = b->list.n; i-- > 0;)
		if (backups_complete(&b->list.v[i]))
			return b->list.v[i].bytes <= QUICK_BYTES ? &b->list.v[i]
								 : NULL;
	return NULL;
}

static void
judge_snapshots(struct doctor_scene *s, const struct backups *b)
{
	struct strlist problems = STRLIST_INIT;
	struct err ignored; /* what cannot be read is a problem by itself */
	const char *first = "";
	size_t broken = count_broken(s, b, &first);
	const struct snaplist_item *newest = newest_small(b);
	if (newest != NULL &&
	    backups_verify(&problems, b, newest, &ignored) != 0)
		strlist_add(&problems, "it cannot be read");
	if (problems.n > 0)
		doctor_fail(s,
		    "'coldsync backups verify' looks at all of them; do not "
		    "restore from one that is damaged",
		    "the newest snapshot, %s, is damaged: %s", newest->id,
		    problems.v[0]);
	else if (broken > 0)
		doctor_warn(s,
		    "'coldsync backups list' shows them, 'coldsync backups "
		    "verify' what is wrong",
		    "%zu of %zu snapshots %s not complete, the first is %s",
		    broken, b->list.n, broken == 1 ? "is" : "are", first);
	else if (b->list.n == 0)
		doctor_pass(s, "there is none yet");
	else
		doctor_pass(s, "%zu, all complete%s", b->list.n,
		    newest != NULL ? "; the newest was read whole" : "");
	strlist_free(&problems);
}

void
doctor_snapshots(struct doctor_scene *s)
{
	struct backups b;
	struct err e;
	char why[ERR_TEXT_SIZE];
	if (backups_open(&b, s->config, &e) == 0)
		judge_snapshots(s, &b);
	else
		doctor_fail(s, "see who may read the folder, and its disk",
		    "snapshots cannot be listed: %s",
		    err_text(&e, why, sizeof(why)));
	backups_close(&b);
}

/* ---- when ---- */

void
doctor_last_sync(struct doctor_scene *s)
{
	struct history h = {.v = NULL};
	struct err e;
	char why[ERR_TEXT_SIZE];
	struct str age = STR_INIT;
	if (history_load(&h, s->config, &e) != 0) {
		doctor_warn(s, "see who may read the state directory",
		    "past runs cannot be read: %s",
		    err_text(&e, why, sizeof(why)));
		history_free(&h);
		return;
	}
	const struct history_run *last = history_last_good(&h);
	int64_t ago = last == NULL ? 0 : plat_now().sec - last->ended.sec;
	if (ago >= 60) {
		num_duration(&age, (uint64_t)ago * 1000);
		str_add(&age, " ago");
	} else {
		str_add(&age, "just now");
	}
	int64_t limit = s->config->cloud.stale_days * 24 * 3600;
	if (last == NULL && h.n > 0)
		doctor_warn(s,
		    "'coldsync history' shows how each ended, 'coldsync plan' "
		    "what is in the way",
		    "no sync has gone well yet");
	else if (last == NULL)
		doctor_pass(s, "nothing was synced yet");
	else if (limit > 0 && ago > limit)
		doctor_warn(s,
		    "sync now, and see whether the schedule still runs",
		    "the last sync that went well was %s", age.p);
	else
		doctor_pass(s, "the last one went well, %s", age.p);
	str_free(&age);
	history_free(&h);
}
