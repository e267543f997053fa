#include "engine/schedule/scheduler.h"

static int
where(struct str *out, const char *profile, struct err *e)
{
	return schedule_files_where(out, profile, SCHEDULE_LAUNCHD, e);
}

static bool
agent_is_loaded(const char *profile)
{
	struct str name = STR_INIT;
	schedule_name(&name, profile);
	const char *const list[] = {"launchctl", "list", name.p, NULL};
	bool loaded = schedule_agrees(list);
	str_free(&name);
	return loaded;
}

static int
load_agent(const char *profile, bool load, struct err *e)
{
	struct str path = STR_INIT;
	int rc = where(&path, profile, e);
	const char *const argv[] = {
	    "launchctl", load ? "load" : "unload", "-w", path.p, NULL};
	if (rc == 0)
		rc = schedule_tell(
		    load ? "load the agent" : "unload the agent", argv, e);
	str_free(&path);
	return rc;
}

static int
find(struct schedule_found *out, const char *profile, struct err *e)
{
	int rc = schedule_files_read(out, profile, SCHEDULE_LAUNCHD, e);
	out->heeded = rc == 0 && out->there[0] && agent_is_loaded(profile);
	return rc;
}

static int
put(const struct schedule_job *j, const char *state, struct err *e)
{
	(void)state;
	if (agent_is_loaded(j->profile) &&
	    load_agent(j->profile, false, e) != 0)
		return -1;
	return schedule_files_write(j, SCHEDULE_LAUNCHD, e) == 0
	    ? load_agent(j->profile, true, e)
	    : -1;
}

/* Stopped first: whoever is interrupted in between can simply do it again. */
static int
drop(const char *profile, const char *state, struct err *e)
{
	(void)state;
	if (agent_is_loaded(profile) && load_agent(profile, false, e) != 0)
		return -1;
	return schedule_files_remove(profile, SCHEDULE_LAUNCHD, e);
}

const struct scheduler scheduler_launchd = {where, find, put, drop};
