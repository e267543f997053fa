#include "platform/posix/procs.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/event.h>
#include <sys/proc.h>
#include <sys/sysctl.h>
#include <unistd.h>

#include "base/mem.h"
#include "platform/darwin/kinfo.h"
#include "platform/posix/plat_posix.h"

struct procs_row
kinfo_row(const struct kinfo_proc *k)
{
	struct timeval start = k->kp_proc.p_starttime;
	return (struct procs_row){
	    .pid = k->kp_proc.p_pid,
	    .parent = k->kp_eproc.e_ppid,
	    .group = k->kp_eproc.e_pgid,
	    .started =
		(uint64_t)start.tv_sec * 1000000 + (uint64_t)start.tv_usec,
	    .zombie = k->kp_proc.p_stat == SZOMB,
	};
}

/* The table grows while it is copied out; try again with more room. */
int
kinfo_table(struct kinfo_proc **out, size_t *n)
{
	int mib[] = {CTL_KERN, KERN_PROC, KERN_PROC_ALL};
	struct kinfo_proc *table = NULL;
	for (int tries = 0; tries < 10; tries++) {
		size_t size = 0;
		if (sysctl(mib, 3, NULL, &size, NULL, 0) < 0)
			break;
		size += 32 * sizeof(*table);
		table = mem_resize(table, size, 1);
		if (sysctl(mib, 3, table, &size, NULL, 0) == 0) {
			*out = table;
			*n = size / sizeof(*table);
			return 0;
		}
		if (errno != ENOMEM)
			break;
	}
	int kept = errno;
	free(table);
	errno = kept;
	return -1;
}

int
procs_row(struct procs_row *out, int64_t pid)
{
	int mib[] = {CTL_KERN, KERN_PROC, KERN_PROC_PID, (int)pid};
	struct kinfo_proc k;
	size_t size = sizeof(k);
	if (pid <= 0 || sysctl(mib, 4, &k, &size, NULL, 0) < 0)
		return -1;
	if (size != sizeof(k)) {
		errno = ESRCH;
		return -1;
	}
	*out = kinfo_row(&k);
	return 0;
}

int
procs_table(struct procs_row **rows, size_t *n)
{
	struct kinfo_proc *table;
	size_t count;
	if (kinfo_table(&table, &count) < 0)
		return -1;
	*rows = mem_zero(count, sizeof(**rows));
	for (size_t i = 0; i < count; i++)
		(*rows)[i] = kinfo_row(&table[i]);
	*n = count;
	free(table);
	return 0;
}

/* Orphans go to launchd, and nobody else may ask for them. */
int64_t
procs_adopter(void)
{
	return 1;
}

int
procs_watch_exit(int64_t pid)
{
	struct kevent event;
	int queue = kqueue();
	if (queue < 0)
		return -1;
	fcntl(queue, F_SETFD, FD_CLOEXEC);
	EV_SET(&event, (uintptr_t)pid, EVFILT_PROC, EV_ADD, NOTE_EXIT, 0, NULL);
	if (kevent(queue, &event, 1, NULL, 0, NULL) < 0) {
		unix_close_quietly(queue);
		return -1;
	}
	return queue;
}
