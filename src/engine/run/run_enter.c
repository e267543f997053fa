/*
 * Is anybody there? What a run does about it before it looks at anything.
 */
#include "engine/guard/guard_wait.h"
#include "engine/run/run_parts.h"

static void
tell_waiting(void *arg, const struct guard_matches *who)
{
	struct run *r = arg;
	const struct run_options *o = &r->options;
	struct str text = STR_INIT;
	guard_describe(&text, who);
	log_reason(r->log, CONFIG_LOG_INFO, "waiting", "for %s", text.p);
	if (o->waiting != NULL)
		o->waiting(o->ask_arg, text.p);
	str_free(&text);
}

/* A look does not wait unless it was told to. */
static int64_t
seconds(const struct run *r)
{
	if (r->options.wait_given)
		return r->options.wait_seconds;
	return r->options.apply ? r->config->process.wait_seconds : 0;
}

int
run_await_stop(struct run *r, struct err *e)
{
	struct guard_matches left = {.v = NULL};
	const struct guard_wait w = {
	    .config = r->config,
	    .root = r->roots[SIDE_LOCAL],
	    .seconds = seconds(r),
	    .waiting = tell_waiting,
	    .arg = r,
	};
	if (w.seconds == 0)
		return 0;
	/* Who is still there when the time is over is met by the guard. */
	int rc = guard_wait(&left, &w, e);
	guard_matches_free(&left);
	return rc < 0 ? -1 : 0;
}

/* What the guard said, and why that could not be helped. */
static int
refuse(const struct guard_matches *met, const struct str *why, struct err *e)
{
	struct str text = STR_INIT;
	guard_describe(&text, met);
	err_set(e, ERR_RUNNING, "the application is running: %s; %s", text.p,
	    why->p);
	str_free(&text);
	return -1;
}

static int
look_after_terminating(struct run *r, struct err *e)
{
	log_reason(r->log, CONFIG_LOG_WARNING, "terminated",
	    "the application has ended");
	if (vigil_look(&r->vigil, e) == 0)
		return 0;
	if (r->vigil.met.n > 0) {
		err_wrap(e, "it was terminated, but");
		e->code = ERR_REFUSED;
	}
	return -1;
}

int
run_guard_names(struct run *r, struct err *e)
{
	const struct run_options *o = &r->options;
	const struct terminate how = {
	    .config = r->config,
	    .confirm = o->terminate,
	    .agreed = o->agreed,
	    .arg = o->ask_arg,
	};
	struct str why = STR_INIT;
	struct vigil *v = &r->vigil;
	if (o->glance)
		return 0;
	int rc = vigil_look(v, e);
	if (rc == 0 || !o->apply || v->met.n == 0)
		return rc;
	int ended = terminate(&v->met, &how, &why, e);
	if (ended == 0)
		rc = look_after_terminating(r, e);
	else if (ended > 0 && why.len > 0)
		rc = refuse(&v->met, &why, e);
	str_free(&why);
	return rc;
}
