#include "cli/out/json_plan.h"
#include "cli/out/machines_view.h"
#include "cli/out/status.h"

static void
put_running(struct json *j, const struct status *s)
{
	json_key(j, "app_running");
	if (s->blind) {
		json_null(j);
		return;
	}
	json_array(j);
	for (size_t i = 0; i < s->met.n; i++) {
		const struct guard_match *m = &s->met.v[i];
		json_object(j);
		json_put_int(j, "pid", m->pid);
		json_put_string(j, "name", m->name);
		json_put_string(j, "why", m->why);
		json_end(j);
	}
	json_end(j);
}

static void
put_last_sync(struct json *j, const struct status *s)
{
	char text[STAMP_ISO_SIZE];
	json_put_string(j, "last_sync",
	    s->last_good == NULL ? NULL
				 : stamp_iso(text, s->last_good->ended, 0, 0));
}

static void
put_pending(struct json *j, const struct status *s)
{
	char why[ERR_TEXT_SIZE];
	if (s->run.planned) {
		json_summary(j, "pending", &s->view);
	} else {
		json_key(j, "pending");
		json_null(j);
	}
	json_put_string(j, "trouble",
	    s->end.rc == 0 ? NULL : err_text(&s->end.why, why, sizeof(why)));
}

/* What the watch of the profile is doing; null where none is up. */
static void
put_watch(struct json *j, const struct status *s)
{
	char text[STAMP_ISO_SIZE];
	const struct watch_note *n = &s->watch;
	struct stamp since = {.sec = n->since}, next = {.sec = n->next};
	json_key(j, "watch");
	if (!s->watched) {
		json_null(j);
		return;
	}
	json_object(j);
	json_put_string(j, "state", watch_state_name(n->state));
	json_put_int(j, "pid", n->pid);
	json_put_string(j, "since", stamp_iso(text, since, 0, 0));
	json_put_string(
	    j, "next", n->next == 0 ? NULL : stamp_iso(text, next, 0, 0));
	json_put_uint(j, "refusals", n->refusals);
	json_key(j, "reason");
	json_bytes(j, n->reason.p, n->reason.len);
	json_end(j);
}

void
json_status(struct json *j, const struct status *s)
{
	json_put_bool(j, "paused", s->paused);
	put_running(j, s);
	put_last_sync(j, s);
	put_pending(j, s);
	json_cloud(j, &s->run);
	json_machines(j, &s->run);
	put_watch(j, s);
	json_key(j, "notes");
	json_array(j);
	for (size_t i = 0; i < s->run.notes.n; i++)
		json_string(j, s->run.notes.v[i]);
	json_end(j);
}
