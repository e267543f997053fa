#include "engine/schedule/scheduler.h"

static void
timer_name(struct str *out, const char *profile)
{
	schedule_file(out, profile, SCHEDULE_SYSTEMD, 1);
}

static bool
timer_is_up(const char *profile)
{
	struct str timer = STR_INIT;
	timer_name(&timer, profile);
	const char *const enabled[] = {
	    "systemctl", "--user", "--quiet", "is-enabled", timer.p, NULL};
	const char *const active[] = {
	    "systemctl", "--user", "--quiet", "is-active", timer.p, NULL};
	bool up = schedule_agrees(enabled) && schedule_agrees(active);
	str_free(&timer);
	return up;
}

static const char *const reload[] = {
    "systemctl", "--user", "daemon-reload", NULL};

/* Restarted rather than started: one that runs goes by the old times. */
static int
start_timer(const char *profile, struct err *e)
{
	struct str timer = STR_INIT;
	timer_name(&timer, profile);
	const char *const enable[] = {
	    "systemctl", "--user", "--quiet", "enable", timer.p, NULL};
	const char *const start[] = {
	    "systemctl", "--user", "--quiet", "restart", timer.p, NULL};
	int rc = schedule_tell("have the units read", reload, e);
	if (rc == 0)
		rc = schedule_tell("enable the timer", enable, e);
	if (rc == 0)
		rc = schedule_tell("start the timer", start, e);
	str_free(&timer);
	return rc;
}

static int
stop_timer(const char *profile, struct err *e)
{
	struct str timer = STR_INIT;
	timer_name(&timer, profile);
	const char *const disable[] = {"systemctl", "--user", "--quiet",
	    "disable", "--now", timer.p, NULL};
	int rc = schedule_tell("stop the timer", disable, e);
	str_free(&timer);
	return rc;
}

static int
where(struct str *out, const char *profile, struct err *e)
{
	return schedule_files_where(out, profile, SCHEDULE_SYSTEMD, e);
}

static int
find(struct schedule_found *out, const char *profile, struct err *e)
{
	int rc = schedule_files_read(out, profile, SCHEDULE_SYSTEMD, e);
	out->heeded = rc == 0 && out->there[0] && timer_is_up(profile);
	return rc;
}

static int
put(const struct schedule_job *j, const char *state, struct err *e)
{
	(void)state;
	return schedule_files_write(j, SCHEDULE_SYSTEMD, e) == 0
	    ? start_timer(j->profile, e)
	    : -1;
}

/* Stopped first: whoever is interrupted in between can simply do it again. */
static int
drop(const char *profile, const char *state, struct err *e)
{
	(void)state;
	int rc = stop_timer(profile, e);
	if (rc == 0)
		rc = schedule_files_remove(profile, SCHEDULE_SYSTEMD, e);
	if (rc == 0)
		rc = schedule_tell("have the units read", reload, e);
	return rc;
}

const struct scheduler scheduler_systemd = {where, find, put, drop};
