/*
 * doctor_schedule.c - is there a job for this profile, and does it start this
 * program?
 */
#include "engine/doctor/doctor_scene.h"
#include "engine/schedule/schedule.h"

/* A job may still be a dry run long after it was meant to be. */
static void
say_well(struct doctor_scene *s, const struct schedule_status *status)
{
	struct str when = STR_INIT;
	schedule_when_text(&when, &status->what.job);
	doctor_pass(s, "%s, %s", when.p,
	    status->what.job.apply ? "to sync" : "as a dry run");
	str_free(&when);
}

void
doctor_schedule(struct doctor_scene *s)
{
	struct schedule_status status;
	char text[ERR_TEXT_SIZE];
	struct err e;
	int rc = schedule_look(&status, s->config, -1, &e);
	if (rc != 0 && e.code == ERR_UNSUPPORTED)
		doctor_pass(s, "none: this system has no scheduler we know");
	else if (rc != 0)
		doctor_warn(s, "ask the system's scheduler itself",
		    "cannot be looked at: %s",
		    err_text(&e, text, sizeof(text)));
	else if (status.state == SCHEDULE_NONE)
		doctor_pass(s, "none");
	else if (status.state == SCHEDULE_WELL)
		say_well(s, &status);
	else
		doctor_warn(s, schedule_state_remedy(status.state), "%s: %s",
		    status.where.p, schedule_state_trouble(status.state));
	schedule_status_free(&status);
}
