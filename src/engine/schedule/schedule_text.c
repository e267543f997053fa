#include "engine/schedule/schedule_text.h"

#include <string.h>

#include "base/num.h"
#include "base/utf8.h"

enum { MINUTE = 60, HOUR = 3600, NAME_MOST = 200, CRON_LINE_MOST = 990 };

void
schedule_when_text(struct str *out, const struct schedule_job *j)
{
	switch (j->when) {
	case SCHEDULE_EVERY:
		str_add(out, "every ");
		num_duration(out, (uint64_t)j->number * 1000);
		break;
	case SCHEDULE_DAILY:
		str_addf(out, "daily at %02d:%02d", (int)(j->number / MINUTE),
		    (int)(j->number % MINUTE));
		break;
	case SCHEDULE_LOGIN:
		str_add(out, "at login");
		break;
	}
}

/* ---- what can be said ---- */

/* No scheduler has a quoting for control characters that all of its versions
   read alike, and none takes what is not UTF-8. */
static int
check_text(const char *what, const char *text, struct err *e)
{
	size_t n = strlen(text);
	while (n > 0) {
		int32_t cp;
		size_t step = utf8_next(text, n, &cp);
		if (cp < 0x20 || cp == 0x7f || cp == 0xfffe || cp == 0xffff)
			return err_set(e, ERR_NAME,
			    "no scheduler can be told of the %s: its name has "
			    "characters none of them takes",
			    what);
		text += step;
		n -= step;
	}
	return 0;
}

static int
check_cron(const struct schedule_job *j, struct err *e)
{
	struct str text = STR_INIT;
	int rc = 0;
	if (schedule_cron_when(&text, j) != 0)
		rc = err_set(e, ERR_USAGE,
		    "cron knows only what divides an hour or a day evenly: "
		    "1, 5, 10, 15, 20, 30 minutes, 1, 2, 3, 4, 6, 8, 12 hours, "
		    "1 day");
	str_clear(&text);
	if (rc == 0)
		schedule_cron(&text, j);
	/* Comments may be of any length, the line below may not. */
	const char *line = strchr(text.p, '\n');
	if (line != NULL && strlen(line) > CRON_LINE_MOST)
		rc = err_set(e, ERR_NAME,
		    "the paths are too long for a line of a crontab");
	str_free(&text);
	return rc;
}

int
schedule_check(
    const struct schedule_job *j, enum schedule_kind kind, struct err *e)
{
	struct str name = STR_INIT;
	schedule_name(&name, j->profile);
	bool long_name = name.len > NAME_MOST;
	str_free(&name);
	if (long_name)
		return err_set(e, ERR_NAME,
		    "the profile's name is too long for a scheduler");
	if (check_text("profile", j->profile, e) != 0 ||
	    check_text("program", j->program, e) != 0 ||
	    check_text("config", j->config, e) != 0 ||
	    check_text("state directory", j->state, e) != 0 ||
	    check_text("user", j->user, e) != 0)
		return -1;
	return kind == SCHEDULE_CRON ? check_cron(j, e) : 0;
}

/* ---- texts ---- */

int
schedule_texts(enum schedule_kind kind)
{
	return kind == SCHEDULE_SYSTEMD ? 2 : 1;
}

void
schedule_file(
    struct str *out, const char *profile, enum schedule_kind kind, int which)
{
	static const char *const tails[SCHEDULE_KINDS] = {
	    [SCHEDULE_SYSTEMD] = ".service",
	    [SCHEDULE_CRON] = ".crontab",
	    [SCHEDULE_LAUNCHD] = ".plist",
	    [SCHEDULE_TASK] = ".xml",
	};
	schedule_name(out, profile);
	str_add(out, which == 1 ? ".timer" : tails[kind]);
}

void
schedule_text(struct str *out, const struct schedule_job *j,
    enum schedule_kind kind, int which)
{
	switch (kind) {
	case SCHEDULE_SYSTEMD:
		schedule_systemd(out, j, which);
		break;
	case SCHEDULE_CRON:
		schedule_cron(out, j);
		break;
	case SCHEDULE_LAUNCHD:
		schedule_launchd(out, j);
		break;
	case SCHEDULE_TASK:
		schedule_task(out, j);
		break;
	case SCHEDULE_KINDS:
		break;
	}
}
