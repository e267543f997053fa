#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "platform/plat_err.h"
#include "platform/plat_proc.h"
#include "platform/posix/plat_posix.h"
#include "platform/posix/procs.h"

/* The handle is taken first and the identity asked afterwards: whatever ends
   in between, the signal meets the process we asked about or nobody. */
int
plat_proc_stop(int64_t pid, uint64_t started, bool hard, struct err *e)
{
	int number = hard ? SIGKILL : SIGTERM;
	if (pid <= 0)
		return 1;
	int handle = procs_watch_exit(pid);
	if (handle < 0 && errno == ESRCH)
		return 1;
	if (!plat_proc_alive(pid, started)) {
		unix_close_quietly(handle);
		return 1;
	}
	long rc = handle >= 0
	    ? syscall(SYS_pidfd_send_signal, handle, number, NULL, 0)
	    : kill((pid_t)pid, number);
	unix_close_quietly(handle);
	if (rc == 0)
		return 0;
	if (errno == ESRCH)
		return 1;
	return plat_fail(e, errno, "stop process %" PRId64, pid);
}
