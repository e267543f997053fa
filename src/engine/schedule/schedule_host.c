#include "engine/schedule/schedule_host.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "platform/plat_env.h"
#include "platform/plat_fs.h"
#include "platform/plat_proc.h"
#include "store/afile.h"

enum { OUTPUT_MOST = 1 << 20, PATIENCE = 30 * 1000, TEXT_MOST = 1 << 20 };

void
schedule_found_free(struct schedule_found *f)
{
	for (size_t i = 0; i < COUNT_OF(f->texts); i++)
		str_free(&f->texts[i]);
}

/* ---- programs ---- */

int
schedule_tool(struct str *out, const char *const *argv, struct err *e)
{
	struct plat_spawn how = {.argv = argv, .output = PLAT_OUT_CAPTURE};
	struct plat_child *child;
	int code = 0;
	if (plat_spawn(&child, &how, e) != 0)
		return -1;
	int rc = plat_child_wait(child, PATIENCE, &code, out, OUTPUT_MOST, e);
	plat_child_end(child);
	if (rc > 0)
		return err_set(e, ERR_BUSY, "%s does not answer", argv[0]);
	return rc < 0 ? -1 : code;
}

/* The first line it said; that is mostly the point. */
static void
first_line(struct str *text)
{
	str_cut(text, strcspn(text->p, "\r\n"));
}

int
schedule_tell(const char *what, const char *const *argv, struct err *e)
{
	struct str out = STR_INIT;
	int rc = schedule_tool(&out, argv, e);
	first_line(&out);
	if (rc > 0)
		err_set(e, ERR_IO, "%s: %s", argv[0],
		    out.len > 0 ? out.p : "it failed without a word");
	str_free(&out);
	return rc == 0 ? 0 : err_wrap(e, "%s", what);
}

/* Does the program answer this question with yes? */
static bool
says_yes(const char *const *argv)
{
	struct err ignored; /* no answer is no */
	return schedule_tool(NULL, argv, &ignored) == 0;
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
	else if (says_yes(manager))
		*out = SCHEDULE_SYSTEMD;
	else if (schedule_tool(NULL, crontab, &why) >= 0)
		*out = SCHEDULE_CRON;
	else
		return err_set(e, ERR_UNSUPPORTED,
		    "there is neither a systemd user manager nor cron here");
	return 0;
}

/* ---- where texts are kept ---- */

static int
units_dir(struct str *out, enum schedule_kind kind, struct err *e)
{
	char *config = plat_getenv("XDG_CONFIG_HOME");
	int rc = 0;
	if (kind == SCHEDULE_SYSTEMD && config != NULL &&
	    plat_is_absolute(config)) {
		str_add(out, config);
		str_add(out, "/systemd/user");
	} else {
		rc = plat_home(out, e);
		str_add(out,
		    kind == SCHEDULE_SYSTEMD ? "/.config/systemd/user"
					     : "/Library/LaunchAgents");
	}
	free(config);
	return rc;
}

static void
task_name(struct str *out, const char *profile)
{
	str_add(out, "coldsync\\");
	schedule_name(out, profile);
}

int
schedule_where(struct str *out, const char *profile, enum schedule_kind kind,
    struct err *e)
{
	if (kind == SCHEDULE_CRON) {
		str_add(out, "the crontab");
		return 0;
	}
	if (kind == SCHEDULE_TASK) {
		str_add(out, "the task ");
		task_name(out, profile);
		return 0;
	}
	if (units_dir(out, kind, e) != 0)
		return -1;
	str_addc(out, '/');
	schedule_file(out, profile, kind, kind == SCHEDULE_SYSTEMD ? 1 : 0);
	return 0;
}

int
schedule_pass(struct str *path, const char *state, const char *name,
    const struct str *bytes, struct err *e)
{
	struct plat_dir *d;
	if (plat_dir_make(state, 0700, e) != 0 ||
	    plat_dir_open(&d, state, e) != 0)
		return err_wrap(e, "state directory");
	int rc = afile_replace(d, name, bytes->p, bytes->len, false, e);
	plat_dir_close(d);
	str_addf(path, "%s/%s", state, name);
	return rc;
}

void
schedule_unpass(const char *state, const char *name)
{
	struct plat_dir *d;
	if (plat_dir_open(&d, state, NULL) != 0)
		return;
	(void)plat_unlink(d, name, NULL);
	plat_dir_close(d);
}

/* ---- unit files: systemd and launchd ---- */

static int
read_units(struct schedule_found *out, const char *profile,
    enum schedule_kind kind, struct err *e)
{
	struct str path = STR_INIT, name = STR_INIT;
	struct plat_dir *d = NULL;
	struct err why;
	int rc = units_dir(&path, kind, e);
	if (rc == 0 && plat_dir_open(&d, path.p, &why) != 0 &&
	    why.code != ERR_NOTFOUND)
		rc = err_pass(e, &why);
	for (int i = 0; d != NULL && i < schedule_texts(kind); i++) {
		str_clear(&name);
		schedule_file(&name, profile, kind, i);
		int got = afile_read(&out->texts[i], d, name.p, TEXT_MOST, e);
		out->there[i] = got == 0;
		rc = got < 0 ? -1 : rc;
	}
	plat_dir_close(d);
	str_free(&name);
	str_free(&path);
	return rc;
}

static int
write_units(
    const struct schedule_job *j, enum schedule_kind kind, struct err *e)
{
	struct str path = STR_INIT;
	struct plat_dir *d = NULL;
	int rc = units_dir(&path, kind, e);
	if (rc == 0)
		rc = plat_dir_make(path.p, 0755, e);
	if (rc == 0)
		rc = plat_dir_open(&d, path.p, e);
	for (int i = 0; rc == 0 && i < schedule_texts(kind); i++) {
		struct str name = STR_INIT, text = STR_INIT;
		schedule_file(&name, j->profile, kind, i);
		schedule_text(&text, j, kind, i);
		rc = afile_replace(d, name.p, text.p, text.len, true, e);
		str_free(&text);
		str_free(&name);
	}
	plat_dir_close(d);
	str_free(&path);
	return rc;
}

static int
remove_units(const char *profile, enum schedule_kind kind, struct err *e)
{
	struct str path = STR_INIT, name = STR_INIT;
	struct plat_dir *d = NULL;
	int rc = units_dir(&path, kind, e);
	if (rc == 0)
		rc = plat_dir_open(&d, path.p, e);
	for (int i = 0; rc == 0 && i < schedule_texts(kind); i++) {
		str_clear(&name);
		schedule_file(&name, profile, kind, i);
		rc = plat_unlink(d, name.p, e) < 0 ? -1 : 0;
	}
	plat_dir_close(d);
	str_free(&name);
	str_free(&path);
	return rc;
}

/* ---- systemd ---- */

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
	bool up = says_yes(enabled) && says_yes(active);
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

/* ---- launchd ---- */

static bool
agent_is_loaded(const char *profile)
{
	struct str name = STR_INIT;
	schedule_name(&name, profile);
	const char *const list[] = {"launchctl", "list", name.p, NULL};
	bool loaded = says_yes(list);
	str_free(&name);
	return loaded;
}

static int
load_agent(const char *profile, bool load, struct err *e)
{
	struct str path = STR_INIT;
	int rc = schedule_where(&path, profile, SCHEDULE_LAUNCHD, e);
	const char *const argv[] = {
	    "launchctl", load ? "load" : "unload", "-w", path.p, NULL};
	if (rc == 0)
		rc = schedule_tell(
		    load ? "load the agent" : "unload the agent", argv, e);
	str_free(&path);
	return rc;
}

/* ---- Windows ---- */

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
find_task(struct schedule_found *out, const char *profile, struct err *e)
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
put_task(const struct schedule_job *j, const char *state, struct err *e)
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
drop_task(const char *profile, struct err *e)
{
	struct str name = STR_INIT;
	task_name(&name, profile);
	const char *const remove[] = {
	    "schtasks", "/Delete", "/TN", name.p, "/F", NULL};
	int rc = schedule_tell("delete the task", remove, e);
	str_free(&name);
	return rc;
}

/* ---- all of them ---- */

int
schedule_find(struct schedule_found *out, const char *profile,
    enum schedule_kind kind, struct err *e)
{
	*out = (struct schedule_found){
	    {STR_INIT, STR_INIT}, {false, false}, false};
	int rc;
	if (kind == SCHEDULE_CRON)
		return schedule_tab_find(out, profile, e);
	if (kind == SCHEDULE_TASK)
		return find_task(out, profile, e);
	rc = read_units(out, profile, kind, e);
	if (rc == 0 && out->there[0])
		out->heeded = kind == SCHEDULE_SYSTEMD
		    ? timer_is_up(profile)
		    : agent_is_loaded(profile);
	return rc;
}

int
schedule_put(const struct schedule_job *j, enum schedule_kind kind,
    const char *state, struct err *e)
{
	if (kind == SCHEDULE_CRON)
		return schedule_tab_put(j->profile, j, state, e);
	if (kind == SCHEDULE_TASK)
		return put_task(j, state, e);
	if (kind == SCHEDULE_LAUNCHD && agent_is_loaded(j->profile) &&
	    load_agent(j->profile, false, e) != 0)
		return -1;
	if (write_units(j, kind, e) != 0)
		return -1;
	return kind == SCHEDULE_SYSTEMD ? start_timer(j->profile, e)
					: load_agent(j->profile, true, e);
}

/* Stopped first: whoever is interrupted in between can simply do it again. */
int
schedule_drop(const char *profile, enum schedule_kind kind, const char *state,
    struct err *e)
{
	int rc = 0;
	if (kind == SCHEDULE_CRON)
		return schedule_tab_put(profile, NULL, state, e);
	if (kind == SCHEDULE_TASK)
		return drop_task(profile, e);
	if (kind == SCHEDULE_SYSTEMD)
		rc = stop_timer(profile, e);
	else if (agent_is_loaded(profile))
		rc = load_agent(profile, false, e);
	if (rc == 0)
		rc = remove_units(profile, kind, e);
	if (rc == 0 && kind == SCHEDULE_SYSTEMD)
		rc = schedule_tell("have the units read", reload, e);
	return rc;
}
