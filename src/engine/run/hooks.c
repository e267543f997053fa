#include "engine/run/hooks.h"

#include <string.h>

#include "base/str.h"
#include "base/strlist.h"
#include "platform/plat_proc.h"
#include "platform/plat_sig.h"

/* What is beyond this is not logged. */
enum { OUTPUT_MAX = 64 * 1024 };

static const char *
name_of(enum hook which)
{
	static const char *const names[] = {
	    [HOOK_BEFORE] = "before_sync",
	    [HOOK_AFTER] = "after_sync",
	    [HOOK_CONFLICT] = "on_conflict",
	};
	return names[which];
}

static const char *
command_of(enum hook which, const struct config *c)
{
	const char *const commands[] = {
	    [HOOK_BEFORE] = c->hooks.before_sync,
	    [HOOK_AFTER] = c->hooks.after_sync,
	    [HOOK_CONFLICT] = c->hooks.on_conflict,
	};
	return commands[which];
}

static void
add_variable(struct strlist *env, const char *name, const char *value)
{
	struct str text = STR_INIT;
	str_addf(&text, "COLDSYNC_%s=%s", name, value);
	strlist_add(env, text.p);
	str_free(&text);
}

static void
make_env(struct strlist *env, enum hook which, const struct hook_about *a)
{
	const struct config *c = a->config;
	struct str conflicts = STR_INIT;
	if (a->result != NULL)
		str_addf(&conflicts, "%zu", a->conflicts);
	add_variable(env, "HOOK", name_of(which));
	add_variable(env, "PROFILE", c->profile);
	add_variable(env, "MACHINE", c->identity.machine_id);
	add_variable(env, "DIRECTION", a->direction);
	add_variable(env, "RUN_ID", a->run_id);
	add_variable(env, "LOCAL_DIR", c->paths.local_state_dir);
	add_variable(env, "CLOUD_DIR", c->paths.cloud_root_dir);
	add_variable(env, "RESULT", a->result != NULL ? a->result : "");
	add_variable(env, "CONFLICTS", conflicts.p);
	str_free(&conflicts);
}

/* Each line a record of its own. */
static void
log_output(struct log *log, int level, enum hook which, const char *text)
{
	while (*text != '\0') {
		size_t n = strcspn(text, "\r\n");
		if (n > 0)
			log_reason(log, level, "hook", "%s: %.*s",
			    name_of(which), (int)n, text);
		text += n;
		text += strspn(text, "\r\n");
	}
}

/* 0 and its exit code, or -1. */
static int
execute(int *code, struct str *said, const char *command,
    const char *const *env, int64_t seconds, struct err *e)
{
	const struct plat_spawn how = {
	    .command = command, .env = env, .output = PLAT_OUT_CAPTURE};
	struct plat_child *child;
	if (plat_spawn(&child, &how, e) != 0)
		return -1;
	int rc = plat_child_wait(
	    child, (long)(seconds * 1000), code, said, OUTPUT_MAX, e);
	plat_child_end(child);
	if (rc > 0 && plat_sig_check(e) == 0)
		err_set(e, ERR_REFUSED,
		    "it took longer than %lld seconds and was ended",
		    (long long)seconds);
	return rc != 0 ? -1 : 0;
}

int
hook_run(enum hook which, const struct hook_about *about, struct err *e)
{
	const struct config *c = about->config;
	const char *command = command_of(which, c);
	struct strlist env = STRLIST_INIT;
	struct str said = STR_INIT;
	int code = 0;
	if (command == NULL || command[0] == '\0')
		return 0;
	make_env(&env, which, about);
	int rc = execute(&code, &said, command, (const char *const *)env.v,
	    c->hooks.timeout_seconds, e);
	if (rc == 0 && code != 0)
		rc = err_set(e, ERR_REFUSED, "it ended with %d", code);
	log_output(about->log, rc == 0 ? CONFIG_LOG_INFO : CONFIG_LOG_WARNING,
	    which, said.p);
	if (rc != 0) {
		err_wrap(e, "hook %s", name_of(which));
		if (e->code != ERR_CANCELLED)
			e->code = ERR_REFUSED;
	}
	log_reason(about->log, rc == 0 ? CONFIG_LOG_INFO : CONFIG_LOG_ERROR,
	    "hook", "%s %s", name_of(which), rc == 0 ? "done" : "failed");
	strlist_free(&env);
	str_free(&said);
	return rc;
}
