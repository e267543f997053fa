/*
 * When the user's commands are run.
 */
#include <string.h>

#include "engine/run/hooks.h"
#include "engine/run/run_parts.h"

static struct hook_about
about(const struct run *r)
{
	static const char *const directions[] = {
	    [CONFIG_BOTH] = "both",
	    [CONFIG_TO_LOCAL] = "to_local",
	    [CONFIG_TO_CLOUD] = "to_cloud",
	};
	int wish = r->options.wish.direction;
	return (struct hook_about){.config = r->config,
	    .run_id = r->id,
	    .direction =
		directions[wish >= 0 ? wish : r->config->sync.direction],
	    .conflicts = r->plan.unresolved,
	    .log = r->log};
}

int
run_hook_before(struct run *r, struct err *e)
{
	const struct hook_about a = about(r);
	if (!r->options.apply)
		return 0;
	if (hook_run(HOOK_BEFORE, &a, e) != 0)
		return -1;
	r->hooked = true;
	return 0;
}

/* The lock is free by now: a hook may look at what was done. */
int
run_hooks_after(struct run *r, int rc, struct err *e)
{
	struct hook_about a = about(r);
	struct err why;
	if (!r->hooked || (rc != 0 && e->code == ERR_CANCELLED))
		return rc;
	lock_release(r->lock);
	r->lock = NULL;
	a.result = run_result(r, rc, e);
	bool left = r->plan.unresolved > 0 || strcmp(a.result, "conflict") == 0;
	if (rc == 0 && left && hook_run(HOOK_CONFLICT, &a, &why) != 0) {
		char text[ERR_TEXT_SIZE];
		run_note(r, "%s", err_text(&why, text, sizeof(text)));
	}
	if (hook_run(HOOK_AFTER, &a, &why) == 0 || rc != 0)
		return rc;
	err_pass(e, &why);
	if (e->code != ERR_CANCELLED)
		e->code = ERR_IO;
	return -1;
}
