#include "engine/watch/watch.h"

#include "engine/guard/guard_wait.h"
#include "engine/log/log.h"
#include "engine/profile/pause.h"
#include "engine/profile/run_id.h"
#include "engine/scan/sight.h"
#include "platform/plat_proc.h"
#include "platform/plat_sig.h"
#include "platform/plat_thread.h"
#include "platform/plat_time.h"

enum {
	PATIENCE = 3,      /* so many refusals are not unusual */
	SELDOM = 15 * 60,  /* seconds: the longest delay */
	SETTLE_STEPS = 4,  /* looks while changes settle */
	MAX_DOUBLINGS = 20 /* keeps the shift in range */
};

struct loop {
	const struct watch *w;
	struct sight sight;
	struct watch_post post;
	struct watch_note note;
	bool told;         /* *note* has been, at least once */
	bool dirty;        /* there may be something to do */
	bool held;         /* somebody held a file open at the last try */
	bool over;         /* there is nothing more to do, ever */
	uint64_t retry_at; /* plat_ticks(); 0: nothing to repeat */
};

int64_t
watch_delay(uint64_t refusals, int64_t poll)
{
	int64_t most = poll > SELDOM ? poll : SELDOM;
	if (refusals < PATIENCE)
		return poll;
	uint64_t doublings = refusals - PATIENCE + 1;
	if (doublings > MAX_DOUBLINGS)
		return most;
	int64_t delay = poll << doublings;
	return delay < most ? delay : most;
}

/* ---- telling ---- */

static void
record(const struct loop *l)
{
	char id[RUN_ID_SIZE];
	const struct watch_note *n = &l->note;
	struct str text = STR_INIT;
	int level = CONFIG_LOG_INFO;
	str_add(&text, watch_state_name(n->state));
	if (n->reason.len > 0)
		str_addf(&text, ": %s", n->reason.p);
	if (n->state == WATCH_BACKING_OFF) {
		level = CONFIG_LOG_WARNING;
		str_addf(&text, " (%zu times in a row; next try in %zu s)",
		    (size_t)n->refusals, (size_t)(n->next - n->since));
	}
	/* Opened for each record: a watch may be up for months. */
	struct log *log = log_open(l->w->config, run_id_make(id, plat_now()));
	log_reason(log, level, "watch", "%s", text.p);
	log_close(log);
	str_free(&text);
}

/* From now on in *state* (for *reason*), trying again in *seconds* (0: open).
   Said only when it is news. */
static void
enter(
    struct loop *l, enum watch_state state, const char *reason, int64_t seconds)
{
	struct watch_note *n = &l->note;
	int64_t now = plat_now().sec;
	if (l->told && n->state == state && seconds == 0)
		return;
	n->state = state;
	n->since = now;
	n->next = seconds > 0 ? now + seconds : 0;
	str_set(&n->reason, reason);
	l->told = true;
	/* Only for people to read: a full disk must not end the watch. */
	(void)watch_post_write(&l->post, n, NULL);
	record(l);
	if (!l->w->tell(n, l->w->arg))
		l->over = true;
}

/* ---- sleeping ---- */

static void
rest(uint64_t ms)
{
	plat_watch_wait(NULL, (long)ms);
}

static uint64_t
poll_ms(const struct loop *l)
{
	return (uint64_t)l->w->config->watch.poll_seconds * 1000;
}

static void
forgive(struct loop *l)
{
	l->note.refusals = 0;
	l->retry_at = 0;
}

/* Nothing to do: until something changes, or it is time to try again. */
static void
await_change(struct loop *l)
{
	uint64_t ms = poll_ms(l), now = plat_ticks();
	if (l->note.refusals == 0)
		enter(l, WATCH_IDLE, "", 0);
	if (l->retry_at > 0 && l->retry_at < now + ms)
		ms = l->retry_at > now ? l->retry_at - now : 0;
	int seen = sight_wait(&l->sight, (long)ms);
	if (seen == SIGHT_SAME)
		seen = sight_look(&l->sight);
	if (seen == SIGHT_MOVED)
		forgive(l);
	l->dirty = seen != SIGHT_SAME ||
	    (l->retry_at > 0 && plat_ticks() >= l->retry_at);
}

/*
 * Have the changes stopped for watch.settle_seconds? False when we were asked
 * to stop meanwhile. While they last we wake at a steady pace, not at each.
 */
static bool
settle(struct loop *l)
{
	uint64_t need = (uint64_t)l->w->config->watch.settle_seconds * 1000;
	uint64_t quiet = 0;
	(void)sight_wait(&l->sight, 0);
	while (!plat_sig_asked()) {
		if (quiet >= need && sight_look(&l->sight) == SIGHT_SAME)
			return true;
		rest(need / SETTLE_STEPS);
		quiet += need / SETTLE_STEPS;
		if (sight_wait(&l->sight, 0) != SIGHT_SAME)
			quiet = 0;
	}
	return false;
}

/* ---- reasons to wait ---- */

/* A profile of which that cannot be told is left alone. */
static bool
is_paused(struct loop *l)
{
	struct str reason = STR_INIT;
	char text[ERR_TEXT_SIZE];
	struct err e;
	int rc = pause_is(&reason, l->w->config, &e);
	if (rc < 0)
		str_set(&reason, err_text(&e, text, sizeof(text)));
	if (rc != 0)
		enter(l, WATCH_PAUSED, reason.p, 0);
	str_free(&reason);
	return rc != 0;
}

/* Is the application running? Then sleep until it has ended, or it is time to
   look again: who holds a file may close it and live on. */
static bool
await_app(struct loop *l)
{
	char text[ERR_TEXT_SIZE];
	struct plat_dir *root = NULL;
	struct guard_matches matches = {.v = NULL};
	struct err e;
	if (l->held)
		(void)plat_dir_open(
		    &root, l->w->config->paths.local_state_dir, NULL);
	int rc = guard_look(&matches, l->w->config, root, &e);
	plat_dir_close(root);
	if (rc == 0)
		rc = guard_refuse(&matches, &e);
	l->held = rc != 0 && l->held;
	if (rc != 0) {
		enter(l, WATCH_RUNNING, err_text(&e, text, sizeof(text)), 0);
		if (matches.n > 0)
			guard_await(&matches, (unsigned)poll_ms(l));
		else
			rest(poll_ms(l));
	}
	guard_matches_free(&matches);
	return rc != 0;
}

static bool
cloud_is_gone(struct loop *l)
{
	if (l->sight.side[SIDE_CLOUD].there)
		return false;
	enter(l, WATCH_NO_CLOUD, "the cloud folder is not there", 0);
	return true;
}

/* After several refusals not even a change is reason enough. */
static bool
is_too_early(const struct loop *l, uint64_t *ms)
{
	uint64_t now = plat_ticks();
	if (l->note.refusals < PATIENCE || now >= l->retry_at)
		return false;
	*ms = l->retry_at - now;
	return true;
}

/* ---- syncing ---- */

static void
be_refused(struct loop *l, const char *why)
{
	l->note.refusals++;
	int64_t delay =
	    watch_delay(l->note.refusals, l->w->config->watch.poll_seconds);
	l->retry_at = plat_ticks() + (uint64_t)delay * 1000;
	l->dirty = false;
	enter(l,
	    l->note.refusals < PATIENCE ? WATCH_REFUSED : WATCH_BACKING_OFF,
	    why, delay);
}

static void
sync_now(struct loop *l)
{
	struct str why = STR_INIT;
	switch (l->w->sync(&why, l->w->arg)) {
	case WATCH_SYNC_QUIET:
		forgive(l);
		l->dirty = false;
		l->over = l->w->once_idle;
		break;
	case WATCH_SYNC_DID:
		forgive(l);
		break;
	case WATCH_SYNC_RUNNING:
		l->held = true;
		break;
	case WATCH_SYNC_REFUSED:
		be_refused(l, why.p);
		break;
	case WATCH_SYNC_STOPPED:
		l->over = true;
		break;
	}
	plat_memory_trim();
	str_free(&why);
}

/* What it waited for has come to pass. */
static void
stop_waiting(struct loop *l)
{
	enum watch_state s = l->note.state;
	if (s == WATCH_PAUSED || s == WATCH_RUNNING || s == WATCH_NO_CLOUD)
		enter(l, WATCH_IDLE, "", 0);
}

/* Asked about the pause once more: whoever has paused it while the changes
   settled counts on that. */
static void
settle_and_sync(struct loop *l)
{
	stop_waiting(l);
	if (settle(l) && !is_paused(l))
		sync_now(l);
}

static void
step(struct loop *l)
{
	uint64_t ms = poll_ms(l);
	if (is_paused(l)) {
		rest(ms);
		l->dirty = true;
	} else if (!l->dirty) {
		await_change(l);
	} else if (cloud_is_gone(l)) {
		rest(ms);
		if (sight_look(&l->sight) == SIGHT_MOVED)
			forgive(l);
	} else if (is_too_early(l, &ms)) {
		rest(ms < poll_ms(l) ? ms : poll_ms(l));
		if (sight_look(&l->sight) == SIGHT_MOVED)
			forgive(l);
	} else if (!await_app(l)) {
		settle_and_sync(l);
	}
}

int
watch_run(const struct watch *w, struct err *e)
{
	struct loop l = {.w = w, .dirty = true};
	l.note.reason = STR_INIT;
	if (watch_post_take(&l.post, w->config, e) != 0)
		return -1;
	l.note.pid = plat_proc_self(&l.note.started);
	sight_open(&l.sight, w->config);
	enter(&l, WATCH_IDLE, "", 0);
	while (!l.over && !plat_sig_asked())
		step(&l);
	sight_close(&l.sight);
	watch_post_leave(&l.post);
	watch_note_free(&l.note);
	return 0;
}
