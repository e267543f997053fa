/*
 * What schedulers are spoken to with: their own programs, and files for them.
 */
#include <string.h>

#include "engine/schedule/scheduler.h"
#include "platform/plat_fs.h"
#include "platform/plat_proc.h"
#include "store/afile.h"

enum { OUTPUT_MOST = 1 << 20, PATIENCE = 30 * 1000 };

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

bool
schedule_agrees(const char *const *argv)
{
	struct err ignored; /* no answer is no */
	return schedule_tool(NULL, argv, &ignored) == 0;
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
