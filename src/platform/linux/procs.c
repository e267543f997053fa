#include "platform/posix/procs.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/mem.h"
#include "platform/linux/proc_stat.h"
#include "platform/posix/plat_posix.h"

int
procs_row(struct procs_row *out, int64_t pid)
{
	struct proc_stat stat;
	int dir = pid > 0 ? proc_open(pid) : -1;
	if (dir < 0)
		return -1;
	int rc = proc_stat_read(&stat, dir);
	unix_close_quietly(dir);
	if (rc == 0)
		*out = stat.row;
	return rc;
}

struct table {
	struct procs_row *rows;
	size_t n, cap;
};

static int
add_row(void *arg, int64_t pid)
{
	struct table *t = arg;
	t->rows = mem_grow(t->rows, &t->cap, t->n + 1, sizeof(*t->rows));
	if (procs_row(&t->rows[t->n], pid) == 0)
		t->n++;
	return 0;
}

int
procs_table(struct procs_row **rows, size_t *n)
{
	struct table t = {.rows = NULL};
	if (proc_each(add_row, &t) < 0)
		return -1;
	*rows = t.rows;
	*n = t.n;
	return 0;
}

int64_t
procs_adopter(void)
{
	return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0 ? getpid() : 1;
}

int
procs_watch_exit(int64_t pid)
{
	return (int)syscall(SYS_pidfd_open, (pid_t)pid, 0);
}
