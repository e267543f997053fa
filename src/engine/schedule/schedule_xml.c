/*
 * schedule_xml.c - a launchd property list and a Windows task.
 */
#include <inttypes.h>
#include <string.h>

#include "base/markup.h"
#include "engine/schedule/schedule_text.h"

enum { MINUTE = 60 };

static void
add_element(
    struct str *out, const char *indent, const char *name, const char *text)
{
	str_addf(out, "%s<%s>", indent, name);
	markup_text(out, text, strlen(text));
	str_addf(out, "</%s>\n", name);
}

/* ---- launchd ---- */

static void
add_interval(struct str *out, const struct schedule_job *j)
{
	switch (j->when) {
	case SCHEDULE_EVERY:
		str_addf(out,
		    "\t<key>StartInterval</key>\n\t<integer>%" PRId64
		    "</integer>\n",
		    j->number);
		break;
	case SCHEDULE_DAILY:
		str_addf(out,
		    "\t<key>StartCalendarInterval</key>\n\t<dict>\n"
		    "\t\t<key>Hour</key>\n\t\t<integer>%d</integer>\n"
		    "\t\t<key>Minute</key>\n\t\t<integer>%d</integer>\n"
		    "\t</dict>\n",
		    (int)(j->number / MINUTE), (int)(j->number % MINUTE));
		break;
	case SCHEDULE_LOGIN:
		str_add(out, "\t<key>RunAtLoad</key>\n\t<true/>\n");
		break;
	}
}

void
schedule_launchd(struct str *out, const struct schedule_job *j)
{
	struct str room = STR_INIT, name = STR_INIT;
	const char *arg;
	schedule_name(&name, j->profile);
	str_add(out,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
	    "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
	    "<!-- ");
	schedule_seal(out, j);
	str_add(out,
	    " -->\n<plist version=\"1.0\">\n<dict>\n"
	    "\t<key>Label</key>\n");
	add_element(out, "\t", "string", name.p);
	str_add(out, "\t<key>ProgramArguments</key>\n\t<array>\n");
	for (int i = 0; (arg = schedule_arg(j, i, &room)) != NULL; i++)
		add_element(out, "\t\t", "string", arg);
	str_add(out, "\t</array>\n");
	add_interval(out, j);
	str_add(out,
	    "\t<key>ProcessType</key>\n\t<string>Background</string>\n"
	    "</dict>\n</plist>\n");
	str_free(&name);
	str_free(&room);
}

/* ---- Windows ---- */

/* As programs there take their command line apart: backslashes count only
   before a quote. */
static void
add_argument(struct str *out, const char *text)
{
	if (text[0] != '\0' && strpbrk(text, " \t\"") == NULL) {
		str_add(out, text);
		return;
	}
	size_t backslashes = 0;
	str_addc(out, '"');
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '"')
			for (size_t i = 0; i <= backslashes; i++)
				str_addc(out, '\\');
		backslashes = *p == '\\' ? backslashes + 1 : 0;
		str_addc(out, *p);
	}
	for (size_t i = 0; i < backslashes; i++)
		str_addc(out, '\\');
	str_addc(out, '"');
}

static void
add_trigger(struct str *out, const struct schedule_job *j)
{
	static const char *const names[] = {
	    [SCHEDULE_EVERY] = "TimeTrigger",
	    [SCHEDULE_DAILY] = "CalendarTrigger",
	    [SCHEDULE_LOGIN] = "LogonTrigger",
	};
	bool daily = j->when == SCHEDULE_DAILY;
	int minutes = daily ? (int)j->number : 0;
	str_addf(out, "  <Triggers>\n    <%s>\n", names[j->when]);
	str_add(out, "      <Enabled>true</Enabled>\n");
	if (j->when != SCHEDULE_LOGIN)
		str_addf(out,
		    "      <StartBoundary>2020-01-01T%02d:%02d:00"
		    "</StartBoundary>\n",
		    minutes / MINUTE, minutes % MINUTE);
	if (j->when == SCHEDULE_EVERY)
		str_addf(out,
		    "      <Repetition>\n        <Interval>PT%" PRId64
		    "M</Interval>\n      </Repetition>\n",
		    j->number / MINUTE);
	if (j->when == SCHEDULE_LOGIN && j->user[0] != '\0')
		add_element(out, "      ", "UserId", j->user);
	if (daily)
		str_add(out,
		    "      <ScheduleByDay>\n        "
		    "<DaysInterval>1</DaysInterval>\n"
		    "      </ScheduleByDay>\n");
	str_addf(out, "    </%s>\n  </Triggers>\n", names[j->when]);
}

/* As the user, when logged on, without asking for more rights. */
static void
add_principal(struct str *out, const struct schedule_job *j)
{
	str_add(out, "  <Principals>\n    <Principal id=\"Author\">\n");
	if (j->user[0] != '\0')
		add_element(out, "      ", "UserId", j->user);
	str_add(out,
	    "      <LogonType>InteractiveToken</LogonType>\n"
	    "      <RunLevel>LeastPrivilege</RunLevel>\n"
	    "    </Principal>\n  </Principals>\n");
}

static void
add_action(struct str *out, const struct schedule_job *j)
{
	struct str room = STR_INIT, line = STR_INIT, program = STR_INIT;
	const char *arg;
	for (int i = 1; (arg = schedule_arg(j, i, &room)) != NULL; i++) {
		str_add(&line, i > 1 ? " " : "");
		add_argument(&line, arg);
	}
	str_add(&program, j->program);
	for (size_t i = 0; i < program.len; i++)
		if (program.p[i] == '/')
			program.p[i] = '\\';
	str_add(out, "  <Actions Context=\"Author\">\n    <Exec>\n");
	add_element(out, "      ", "Command", program.p);
	add_element(out, "      ", "Arguments", line.p);
	str_add(out, "    </Exec>\n  </Actions>\n");
	str_free(&program);
	str_free(&line);
	str_free(&room);
}

void
schedule_task(struct str *out, const struct schedule_job *j)
{
	struct str seal = STR_INIT;
	schedule_seal(&seal, j);
	str_add(out,
	    "<?xml version=\"1.0\"?>\n<Task version=\"1.2\" "
	    "xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">\n"
	    "  <RegistrationInfo>\n"
	    "    <Description>Written by 'coldsync schedule install'; "
	    "'coldsync schedule remove' takes it away.</Description>\n");
	add_element(out, "    ", "Documentation", seal.p);
	str_add(out, "  </RegistrationInfo>\n");
	add_trigger(out, j);
	add_principal(out, j);
	str_add(out,
	    "  <Settings>\n"
	    "    <MultipleInstancesPolicy>IgnoreNew"
	    "</MultipleInstancesPolicy>\n"
	    "    <DisallowStartIfOnBatteries>false"
	    "</DisallowStartIfOnBatteries>\n"
	    "    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>\n"
	    "    <StartWhenAvailable>true</StartWhenAvailable>\n"
	    "    <Enabled>true</Enabled>\n"
	    "    <ExecutionTimeLimit>PT12H</ExecutionTimeLimit>\n"
	    "  </Settings>\n");
	add_action(out, j);
	str_add(out, "</Task>\n");
	str_free(&seal);
}
