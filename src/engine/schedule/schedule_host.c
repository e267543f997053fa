#include "engine/schedule/schedule_host.h"

#include <string.h>

#include "engine/schedule/scheduler.h"
#include "platform/plat_env.h"

static const struct scheduler *const schedulers[] = {
    [SCHEDULE_SYSTEMD] = &scheduler_systemd,
    [SCHEDULE_CRON] = &scheduler_cron,
    [SCHEDULE_LAUNCHD] = &scheduler_launchd,
    [SCHEDULE_TASK] = &scheduler_windows,
};

void
schedule_found_free(struct schedule_found *f)
{
	for (size_t i = 0; i < COUNT_OF(f->texts); i++)
		str_free(&f->texts[i]);
}

/* A user manager has to be up: it is not in a container, or over su. */
int
schedule_pick(enum schedule_kind *out, struct err *e)
{
	const char *const manager[] = {
	    "systemctl", "--user", "show-environment", NULL};
	const char *const crontab[] = {"crontab", "-l", NULL};
	struct err why;
	if (strcmp(plat_os(), "windows") == 0)
		*out = SCHEDULE_TASK;
	else if (strcmp(plat_os(), "macos") == 0)
		*out = SCHEDULE_LAUNCHD;
	else if (schedule_agrees(manager))
		*out = SCHEDULE_SYSTEMD;
	else if (schedule_tool(NULL, crontab, &why) >= 0)
		*out = SCHEDULE_CRON;
	else
		return err_set(e, ERR_UNSUPPORTED,
		    "there is neither a systemd user manager nor cron here");
	return 0;
}

int
schedule_where(struct str *out, const char *profile, enum schedule_kind kind,
    struct err *e)
{
	return schedulers[kind]->where(out, profile, e);
}

int
schedule_find(struct schedule_found *out, const char *profile,
    enum schedule_kind kind, struct err *e)
{
	*out = (struct schedule_found){
	    {STR_INIT, STR_INIT}, {false, false}, false};
	return schedulers[kind]->find(out, profile, e);
}

int
schedule_put(const struct schedule_job *j, enum schedule_kind kind,
    const char *state, struct err *e)
{
	return schedulers[kind]->put(j, state, e);
}

int
schedule_drop(const char *profile, enum schedule_kind kind, const char *state,
    struct err *e)
{
	return schedulers[kind]->drop(profile, state, e);
}
