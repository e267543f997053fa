#include "engine/watch/watch_note.h"

#include <inttypes.h>
#include <string.h>

#include "base/num.h"
#include "platform/plat_proc.h"
#include "platform/plat_time.h"
#include "store/afile.h"

static const char note_name[] = "watch";
static const char lock_name[] = "watch-lock";

enum { NOTE_MOST = 64 * 1024 };

static const char *const states[] = {
    [WATCH_IDLE] = "idle",
    [WATCH_PAUSED] = "paused",
    [WATCH_RUNNING] = "running",
    [WATCH_NO_CLOUD] = "no_cloud",
    [WATCH_REFUSED] = "refused",
    [WATCH_BACKING_OFF] = "backing_off",
};

const char *
watch_state_name(enum watch_state s)
{
	return states[s];
}

void
watch_note_free(struct watch_note *n)
{
	str_free(&n->reason);
}

/* ---- its text: a line for each value, the reason last ---- */

static void
format(struct str *out, const struct watch_note *n)
{
	str_addf(out,
	    "coldsync watch 1\nstate %s\npid %" PRId64 "\nstarted %" PRIu64
	    "\nsince %" PRId64 "\nnext %" PRId64 "\nrefusals %" PRIu64
	    "\nreason %s",
	    states[n->state], n->pid, n->started, n->since, n->next,
	    n->refusals, n->reason.p);
}

/* The rest of the line that begins with *key*; steps behind it. */
static int
take(const char **value, size_t *len, const char **at, const char *key)
{
	size_t n = strlen(key);
	const char *end = strchr(*at, '\n');
	if (strncmp(*at, key, n) != 0 || (*at)[n] != ' ' || end == NULL)
		return -1;
	*value = *at + n + 1;
	*len = (size_t)(end - *value);
	*at = end + 1;
	return 0;
}

static int
take_number(int64_t *out, const char **at, const char *key)
{
	const char *value;
	size_t n;
	if (take(&value, &n, at, key) != 0)
		return -1;
	return num_parse(out, value, n, 0, INT64_MAX);
}

static int
take_state(enum watch_state *out, const char **at)
{
	const char *value;
	size_t n;
	if (take(&value, &n, at, "state") != 0)
		return -1;
	for (size_t i = 0; i < COUNT_OF(states); i++) {
		if (strlen(states[i]) == n &&
		    memcmp(states[i], value, n) == 0) {
			*out = (enum watch_state)i;
			return 0;
		}
	}
	return -1;
}

static int
parse(struct watch_note *n, const struct str *text)
{
	static const char last[] = "reason ";
	const char *at = text->p;
	const char *version;
	size_t len;
	int64_t started, refusals;
	if (take(&version, &len, &at, "coldsync watch") != 0 || len != 1 ||
	    version[0] != '1' || take_state(&n->state, &at) != 0 ||
	    take_number(&n->pid, &at, "pid") != 0 ||
	    take_number(&started, &at, "started") != 0 ||
	    take_number(&n->since, &at, "since") != 0 ||
	    take_number(&n->next, &at, "next") != 0 ||
	    take_number(&refusals, &at, "refusals") != 0 ||
	    strncmp(at, last, strlen(last)) != 0)
		return -1;
	n->started = (uint64_t)started;
	n->refusals = (uint64_t)refusals;
	at += strlen(last);
	str_addn(&n->reason, at, text->len - (size_t)(at - text->p));
	return 0;
}

int
watch_note_read(struct watch_note *out, const struct config *c, struct err *e)
{
	struct plat_dir *d;
	struct str text = STR_INIT;
	struct err why;
	*out = (struct watch_note){.reason = STR_INIT};
	if (plat_dir_open(&d, c->paths.state_dir, &why) != 0) {
		if (why.code == ERR_NOTFOUND)
			return 1;
		err_pass(e, &why);
		return err_wrap(e, "state directory");
	}
	int rc = afile_read(&text, d, note_name, NOTE_MOST, e);
	plat_dir_close(d);
	/* What is no note of ours tells of no watch. */
	if (rc == 0)
		rc = parse(out, &text) != 0 ||
		    !plat_proc_alive(out->pid, out->started);
	str_free(&text);
	return rc;
}

/* ---- the watch's own side ---- */

/* Somebody may hold the lock only to ask whether anybody does. */
static int
take_lock(struct watch_post *p, struct err *e)
{
	enum { TRIES = 5, PAUSE = 100 };
	int rc = 1;
	for (int i = 0; i < TRIES && rc > 0; i++) {
		if (i > 0)
			plat_sleep(PAUSE);
		rc = plat_lock(&p->lock, p->state, lock_name, e);
	}
	return rc > 0
	    ? err_set(e, ERR_LOCKED, "this profile is watched already")
	    : rc;
}

int
watch_post_take(struct watch_post *out, const struct config *c, struct err *e)
{
	*out = (struct watch_post){.lock = PLAT_FILE_NONE};
	if (plat_dir_make(c->paths.state_dir, 0700, e) != 0 ||
	    plat_dir_open(&out->state, c->paths.state_dir, e) != 0)
		return err_wrap(e, "state directory");
	if (take_lock(out, e) == 0)
		return 0;
	plat_dir_close(out->state);
	out->state = NULL;
	return -1;
}

int
watch_post_write(
    struct watch_post *p, const struct watch_note *n, struct err *e)
{
	struct str text = STR_INIT;
	format(&text, n);
	int rc = afile_replace(p->state, note_name, text.p, text.len, false, e);
	str_free(&text);
	return rc;
}

void
watch_post_leave(struct watch_post *p)
{
	if (p->state == NULL)
		return;
	(void)plat_unlink(p->state, note_name, NULL);
	(void)plat_close(&p->lock, NULL);
	plat_dir_close(p->state);
	p->state = NULL;
}
