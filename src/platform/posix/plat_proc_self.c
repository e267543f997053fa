#include <unistd.h>

#include "platform/plat_proc.h"
#include "platform/posix/procs.h"

int64_t
plat_proc_self(uint64_t *started)
{
	struct procs_row row;
	*started = procs_row(&row, getpid()) == 0 ? row.started : 0;
	return getpid();
}

bool
plat_proc_alive(int64_t pid, uint64_t started)
{
	struct procs_row row;
	if (procs_row(&row, pid) < 0 || row.zombie)
		return false;
	return started == 0 || row.started == 0 || row.started == started;
}
