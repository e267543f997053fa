#include "platform/posix/dialog.h"

#include "platform/plat_proc.h"
#include "platform/plat_sig.h"

enum { ANSWER_MAX = 4096 };

int
dialog_run(int *code, struct str *said, const char *const *argv,
    unsigned timeout_seconds, struct err *e)
{
	struct plat_child *child;
	const struct plat_spawn how = {
	    .argv = argv, .output = PLAT_OUT_CAPTURE};
	if (plat_spawn(&child, &how, e) != 0)
		return -1;
	int rc = plat_child_wait(
	    child, (long)timeout_seconds * 1000, code, said, ANSWER_MAX, e);
	plat_child_end(child);
	if (rc > 0 && plat_sig_check(e) == 0)
		err_set(e, ERR_CANCELLED, "nobody answered in time");
	while (said->len > 0 && said->p[said->len - 1] == '\n')
		str_cut(said, said->len - 1);
	return rc != 0 ? -1 : 0;
}
