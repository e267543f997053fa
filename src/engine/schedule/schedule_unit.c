/*
 * schedule_unit.c - systemd units and lines of a crontab.
 */
#include <inttypes.h>
#include <string.h>

#include "engine/schedule/schedule_text.h"

enum { MINUTE = 60, HOUR = 60, DAY = 24 };

/* ---- systemd ---- */

/* Outside of ExecStart: only specifiers begin with '%'. */
static void
add_plain(struct str *out, const char *text)
{
	for (const char *p = text; *p != '\0'; p++)
		str_add(out, *p == '%' ? "%%" : (char[]){*p, '\0'});
}

/*
 * A word of ExecStart. In the path of the program itself variables are not
 * looked for, so a '$' stays single there.
 */
static void
add_word(struct str *out, const char *text, bool program)
{
	str_addc(out, '"');
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			str_addc(out, '\\');
		else if (*p == '%' || (*p == '$' && !program))
			str_addc(out, *p);
		str_addc(out, *p);
	}
	str_addc(out, '"');
}

/*
 * systemd takes no program whose path has quotes or backslashes in it, however
 * they are written; the shell starts it then.
 */
static bool
is_odd_program(const char *path)
{
	return strpbrk(path, "\"'\\") != NULL;
}

static void
add_head(struct str *out, const struct schedule_job *j)
{
	str_add(out,
	    "# Written by 'coldsync schedule install'; 'coldsync schedule "
	    "remove' takes it away.\n# ");
	schedule_seal(out, j);
	str_add(out, "\n[Unit]\nDescription=coldsync ");
	str_add(out, j->apply ? "sync of " : "dry run of ");
	add_plain(out, j->profile);
	str_add(out, "\n");
}

static void
add_service(struct str *out, const struct schedule_job *j)
{
	struct str room = STR_INIT;
	const char *arg;
	bool odd = is_odd_program(j->program);
	str_add(out, "\n[Service]\nType=oneshot\nExecStart=");
	if (odd)
		str_add(out, "\"/bin/sh\" \"-c\" \"exec \\\"$$@\\\"\" \"sh\" ");
	for (int i = 0; (arg = schedule_arg(j, i, &room)) != NULL; i++) {
		str_add(out, i > 0 ? " " : "");
		add_word(out, arg, i == 0 && !odd);
	}
	/* 3: the application is running. The next run will do it. */
	str_add(out, "\nSuccessExitStatus=3\nNice=10\n");
	str_free(&room);
}

static void
add_timer(struct str *out, const struct schedule_job *j)
{
	str_add(out, "\n[Timer]\n");
	switch (j->when) {
	case SCHEDULE_EVERY:
		str_addf(out,
		    "OnStartupSec=60\nOnUnitInactiveSec=%" PRId64 "\n",
		    j->number);
		break;
	case SCHEDULE_DAILY:
		str_addf(out,
		    "OnCalendar=*-*-* %02d:%02d:00\nPersistent=true\n",
		    (int)(j->number / MINUTE), (int)(j->number % MINUTE));
		break;
	case SCHEDULE_LOGIN:
		str_add(out, "OnStartupSec=30\n");
		break;
	}
	str_add(out, "\n[Install]\nWantedBy=timers.target\n");
}

void
schedule_systemd(struct str *out, const struct schedule_job *j, int which)
{
	add_head(out, j);
	if (which == 0)
		add_service(out, j);
	else
		add_timer(out, j);
}

/* ---- cron ---- */

int
schedule_cron_when(struct str *out, const struct schedule_job *j)
{
	int64_t minutes = j->number / MINUTE, hours = minutes / HOUR;
	if (j->when == SCHEDULE_LOGIN) {
		str_add(out, "@reboot");
		return 0;
	}
	if (j->when == SCHEDULE_DAILY) {
		str_addf(out, "%d %d * * *", (int)(j->number % MINUTE),
		    (int)(j->number / MINUTE));
		return 0;
	}
	if (j->number <= 0 || j->number % MINUTE != 0)
		return -1;
	if (minutes < HOUR && HOUR % minutes == 0)
		str_addf(out, "*/%d * * * *", (int)minutes);
	else if (minutes % HOUR != 0 || hours > DAY || DAY % hours != 0)
		return -1;
	else if (hours == DAY)
		str_add(out, "0 0 * * *");
	else
		str_addf(out, "0 */%d * * *", (int)hours);
	return 0;
}

/* For the shell in single quotes; cron itself makes a line break of every '%'
   without a backslash, quotes or not. */
static void
add_shell(struct str *out, const char *text)
{
	str_addc(out, '\'');
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '\'')
			str_add(out, "'\\''");
		else if (*p == '%')
			str_add(out, "\\%");
		else
			str_addc(out, *p);
	}
	str_addc(out, '\'');
}

/* cron mails whatever is printed. That the application is running (3) is no
   news; what else goes wrong is. */
void
schedule_cron(struct str *out, const struct schedule_job *j)
{
	struct str room = STR_INIT;
	const char *arg;
	str_add(out, "# ");
	schedule_seal(out, j);
	str_addc(out, '\n');
	(void)schedule_cron_when(out, j);
	str_add(out, " o=$(");
	for (int i = 0; (arg = schedule_arg(j, i, &room)) != NULL; i++) {
		str_add(out, i > 0 ? " " : "");
		add_shell(out, arg);
	}
	str_add(out,
	    " 2>&1); c=$?; [ $c -eq 0 ] || [ $c -eq 3 ] || "
	    "{ printf '\\%s\\n' \"$o\"; exit $c; }\n");
	str_free(&room);
}
