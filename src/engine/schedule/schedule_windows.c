/*
 * The Task Scheduler, by way of schtasks.
 */
#include <string.h>

#include "base/utf8.h"
#include "engine/schedule/scheduler.h"

static void
task_name(struct str *out, const char *profile)
{
	str_add(out, "coldsync\\");
	schedule_name(out, profile);
}

static int
where(struct str *out, const char *profile, struct err *e)
{
	(void)e;
	str_add(out, "the task ");
	task_name(out, profile);
	return 0;
}

/* UTF-16 with its mark: what schtasks reads whatever the code page. */
static void
widen(struct str *out, const char *text)
{
	size_t n = strlen(text);
	str_addn(out, "\xff\xfe", 2);
	while (n > 0) {
		int32_t cp;
		size_t step = utf8_next(text, n, &cp);
		uint32_t units[2] = {(uint32_t)cp, 0};
		if (cp > 0xffff) {
			uint32_t high = (uint32_t)cp - 0x10000;
			units[0] = 0xd800 + (high >> 10);
			units[1] = 0xdc00 + (high & 0x3ff);
		}
		for (int i = 0; i < 2 && (i == 0 || units[i] != 0); i++) {
			str_addc(out, (char)(units[i] & 0xff));
			str_addc(out, (char)(units[i] >> 8));
		}
		text += step;
		n -= step;
	}
}

static int
find(struct schedule_found *out, const char *profile, struct err *e)
{
	struct str name = STR_INIT;
	task_name(&name, profile);
	const char *const query[] = {
	    "schtasks", "/Query", "/TN", name.p, "/XML", NULL};
	int rc = schedule_tool(&out->texts[0], query, e);
	str_free(&name);
	out->there[0] = rc == 0;
	out->heeded = rc == 0 &&
	    strstr(out->texts[0].p, "<Enabled>false</Enabled>") == NULL;
	return rc < 0 ? -1 : 0;
}

static int
put(const struct schedule_job *j, const char *state, struct err *e)
{
	static const char file[] = "task.xml";
	struct str text = STR_INIT, wide = STR_INIT, path = STR_INIT,
		   name = STR_INIT;
	schedule_task(&text, j);
	widen(&wide, text.p);
	task_name(&name, j->profile);
	int rc = schedule_pass(&path, state, file, &wide, e);
	const char *const create[] = {
	    "schtasks", "/Create", "/TN", name.p, "/XML", path.p, "/F", NULL};
	if (rc == 0)
		rc = schedule_tell("create the task", create, e);
	schedule_unpass(state, file);
	str_free(&name);
	str_free(&path);
	str_free(&wide);
	str_free(&text);
	return rc;
}

static int
drop(const char *profile, const char *state, struct err *e)
{
	(void)state;
	struct str name = STR_INIT;
	task_name(&name, profile);
	const char *const remove[] = {
	    "schtasks", "/Delete", "/TN", name.p, "/F", NULL};
	int rc = schedule_tell("delete the task", remove, e);
	str_free(&name);
	return rc;
}

const struct scheduler scheduler_windows = {where, find, put, drop};
