#include <errno.h>
#include <inttypes.h>
#include <signal.h>

#include "platform/plat_err.h"
#include "platform/plat_proc.h"

/* There is no handle to hold on to: asking who it is just before is the best
   that can be had. */
int
plat_proc_stop(int64_t pid, uint64_t started, bool hard, struct err *e)
{
	if (pid <= 0 || !plat_proc_alive(pid, started))
		return 1;
	if (kill((pid_t)pid, hard ? SIGKILL : SIGTERM) == 0)
		return 0;
	if (errno == ESRCH)
		return 1;
	return plat_fail(e, errno, "stop process %" PRId64, pid);
}
