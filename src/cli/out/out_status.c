#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "cli/out/machines_view.h"
#include "cli/out/out_plan.h"
#include "cli/out/status.h"
#include "cli/out/wrap.h"
#include "config/config_path.h"
#include "engine/handoff/machines.h"
#include "platform/plat_env.h"
#include "platform/plat_time.h"

enum { COLUMN = 14, CONFLICTS_SHOWN = 3 };

static void
row(struct out *o, const char *name, const char *value)
{
	struct str shown = STR_INIT, lines = STR_INIT;
	size_t width = out_help_width(o);
	text_show(&shown, value, strlen(value));
	wrap_pair(&lines, name, shown.p, width < 40 ? 4 : COLUMN, width);
	out_add(o, lines.p);
	str_free(&shown);
	str_free(&lines);
}

/* "2 h 4 min ago" */
static void
add_ago(struct str *out, const struct status *s, int64_t time)
{
	int64_t ago = s->now.sec - time;
	if (ago < -60) {
		str_add(out, "at a time to come");
	} else if (ago < 60) {
		str_add(out, "just now");
	} else {
		num_duration(out, (uint64_t)(ago - ago % 60) * 1000);
		str_add(out, " ago");
	}
}

/* "2 h 4 min ago (2026-11-20 23:51)" */
static void
add_when(struct str *out, const struct status *s, struct stamp t)
{
	struct stamp_parts p = stamp_parts(t.sec, plat_zone_offset(t));
	add_ago(out, s, t.sec);
	str_addf(out, " (%04d-%02d-%02d %02d:%02d)", (int)p.year, p.month,
	    p.day, p.hour, p.minute);
}

static void
show_application(struct out *o, const struct status *s)
{
	struct str text = STR_INIT;
	if (s->blind)
		str_add(&text, "cannot tell whether it is running");
	else if (s->met.n == 0)
		str_add(&text, "not running");
	else
		guard_describe(&text, &s->met);
	row(o, "application", text.p);
	str_free(&text);
}

/* Nothing where no watch is up: most people need none. */
static void
show_watch(struct out *o, const struct status *s)
{
	const struct watch_note *n = &s->watch;
	struct stamp next = {.sec = n->next};
	struct stamp_parts p = stamp_parts(n->next, plat_zone_offset(next));
	struct str text = STR_INIT;
	if (!s->watched)
		return;
	switch (n->state) {
	case WATCH_IDLE:
		str_add(&text, "waiting for a change");
		break;
	case WATCH_PAUSED:
		str_add(&text, "paused");
		break;
	case WATCH_RUNNING:
	case WATCH_NO_CLOUD:
		str_addf(&text, "waiting: %s", n->reason.p);
		break;
	case WATCH_REFUSED:
	case WATCH_BACKING_OFF:
		str_addf(&text,
		    "refused %d times in a row, next try at %02d:%02d: %s",
		    (int)n->refusals, p.hour, p.minute, n->reason.p);
		break;
	}
	row(o, "watch", text.p);
	str_free(&text);
}

static void
show_last_sync(struct out *o, const struct status *s)
{
	const struct history *h = &s->history;
	const struct history_run *newest = h->n > 0 ? &h->v[h->n - 1] : NULL;
	struct str text = STR_INIT;
	if (s->last_good == NULL)
		str_add(&text, newest == NULL ? "never" : "none went well yet");
	else
		add_when(&text, s, s->last_good->ended);
	if (newest != NULL && newest != s->last_good)
		str_addf(&text, "; the last attempt: %s",
		    newest->message != NULL      ? newest->message
			: newest->result != NULL ? newest->result
						 : "it was interrupted");
	row(o, "last sync", text.p);
	str_free(&text);
}

static void
show_pending(struct out *o, const struct status *s)
{
	struct str text = STR_INIT;
	char why[ERR_TEXT_SIZE];
	if (s->run.planned)
		out_plan_sentence(&text, &s->view);
	else
		str_addf(&text, "not known: %s",
		    err_text(&s->end.why, why, sizeof(why)));
	row(o, "pending", text.p);
	str_free(&text);
}

static void
show_conflicts(struct out *o, const struct plan *p)
{
	struct str text = STR_INIT;
	size_t n = 0;
	for (size_t i = 0; i < p->nconflicts; i++) {
		const struct plan_conflict *c = &p->conflicts[i];
		if (c->resolution != PLAN_UNRESOLVED)
			continue;
		if (n++ >= CONFLICTS_SHOWN)
			continue;
		str_add(&text, n > 1 ? ", " : "");
		str_addn(&text, c->path, c->path_len);
	}
	if (n > CONFLICTS_SHOWN)
		str_addf(&text, " and %zu more", n - CONFLICTS_SHOWN);
	if (n > 0)
		row(o, "conflicts", text.p);
	str_free(&text);
}

/* Has the cloud client brought what the machines published? */
static void
show_delivery(struct out *o, const struct run *run)
{
	struct machines_cloud c;
	struct str text = STR_INIT;
	machines_cloud(&c, run);
	if (!c.known)
		str_add(&text, "cannot tell what has arrived");
	else if (c.complete && run->folder.n == 0)
		str_add(&text, "no machine has published yet");
	else if (c.complete)
		str_add(&text, "complete");
	else if (c.missing == 0)
		str_add(&text, "not complete");
	else
		str_addf(&text, "not complete: %zu path%s not as published",
		    c.missing, c.missing == 1 ? " is" : "s are");
	row(o, "delivery", text.p);
	str_free(&text);
}

/* "desk (this one), 3 min ago; laptop, just now (newest)" */
static void
show_machines(struct out *o, const struct status *s)
{
	struct machine_row *rows;
	struct str text = STR_INIT;
	size_t n = machines_rows(&rows, &s->run);
	for (size_t i = 0; i < n; i++) {
		const struct machine_row *r = &rows[i];
		bool labelled =
		    r->manifest != NULL && r->manifest->head.label[0] != '\0';
		str_addf(&text, "%s%s", i > 0 ? "; " : "",
		    labelled ? r->manifest->head.label : r->id);
		str_add(&text, r->self ? " (this one), " : ", ");
		if (r->manifest == NULL)
			str_add(&text, "cannot be read");
		else
			add_ago(&text, s, r->manifest->head.time);
		if (r->head && n > 1)
			str_add(&text, " (newest)");
	}
	if (n > 0)
		row(o, "published by", text.p);
	free(rows);
	str_free(&text);
}

/* A folder, with "~" for the home directory. */
static void
show_place(struct out *o, const char *name, const char *path)
{
	struct str text = STR_INIT, home = STR_INIT;
	struct err ignored; /* it is shown as it is, then */
	(void)plat_home(&home, &ignored);
	config_path_short(&text, path, home.p);
	row(o, name, text.p);
	str_free(&text);
	str_free(&home);
}

static void
show_head(struct out *o, const struct config *c)
{
	out_style(o, OUT_STRONG, "%s", c->profile);
	out_add(o, " on ");
	out_name(o, c->identity.machine_id, strlen(c->identity.machine_id));
	if (c->identity.label[0] != '\0') {
		out_add(o, " (");
		out_name(o, c->identity.label, strlen(c->identity.label));
		out_add(o, ")");
	}
	out_add(o, "\n\n");
	show_place(o, "local folder", c->paths.local_state_dir);
	show_place(o, "cloud folder", c->paths.cloud_root_dir);
}

void
out_status(struct out *o, const struct status *s)
{
	show_head(o, s->config);
	if (s->paused)
		row(o, "paused", s->since.len > 0 ? s->since.p : "yes");
	show_application(o, s);
	show_watch(o, s);
	show_last_sync(o, s);
	show_pending(o, s);
	show_conflicts(o, &s->run.plan);
	show_delivery(o, &s->run);
	show_machines(o, s);
	for (size_t i = 0; i < s->run.notes.n; i++)
		row(o, "note", s->run.notes.v[i]);
	out_add(o, "\n");
}
