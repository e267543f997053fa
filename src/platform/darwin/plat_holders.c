/*
 * plat_holders.c - who has files open below a directory, by libproc. Files that
 * are only mapped are not looked for, but for the program itself.
 */
#include <errno.h>
#include <libproc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "platform/darwin/kinfo.h"
#include "platform/plat_err.h"
#include "platform/plat_proc.h"
#include "platform/posix/plat_posix.h"

struct search {
	plat_holder_fn *fn;
	void *arg;
	char below[MAXPATHLEN]; /* the directory's path; "" is the root */
	struct str exe;         /* path of the program */
	struct str found;       /* the file held */
	size_t blind;
};

static bool
is_below(struct search *s, const char *path)
{
	size_t n = strlen(s->below);
	if (strncmp(path, s->below, n) != 0 ||
	    (path[n] != '/' && (path[n] != '\0' || n == 0)))
		return false;
	str_set(&s->found, path);
	return true;
}

static bool
descriptor_is_below(struct search *s, pid_t pid, const struct proc_fdinfo *fd)
{
	struct vnode_fdinfowithpath info;
	if (fd->proc_fdtype != PROX_FDTYPE_VNODE)
		return false;
	int n = proc_pidfdinfo(pid, fd->proc_fd, PROC_PIDFDVNODEPATHINFO, &info,
	    (int)sizeof(info));
	return n == (int)sizeof(info) &&
	    !S_ISDIR(info.pvip.vip_vi.vi_stat.vst_mode) &&
	    is_below(s, info.pvip.vip_path);
}

/* 1 found, 0 not, -1 with errno: not allowed to look. */
static int
search_descriptors(struct search *s, pid_t pid)
{
	errno = 0;
	int size = proc_pidinfo(pid, PROC_PIDLISTFDS, 0, NULL, 0);
	if (size <= 0)
		return errno == 0 ? 0 : -1;
	size += 16 * (int)sizeof(struct proc_fdinfo);
	struct proc_fdinfo *fds = mem_alloc((size_t)size);
	size = proc_pidinfo(pid, PROC_PIDLISTFDS, 0, fds, size);
	size_t n = size > 0 ? (size_t)size / sizeof(*fds) : 0;
	bool found = false;
	for (size_t i = 0; i < n && !found; i++)
		found = descriptor_is_below(s, pid, &fds[i]);
	free(fds);
	return found;
}

static int
search_process(struct search *s, const struct kinfo_proc *k)
{
	pid_t pid = k->kp_proc.p_pid;
	const char *name = kinfo_program(&s->exe, k);
	int rc = is_below(s, s->exe.p) ? 1 : search_descriptors(s, pid);
	if (rc < 0 && (errno == EPERM || errno == EACCES))
		s->blind++;
	if (rc <= 0)
		return 0;
	struct procs_row row = kinfo_row(k);
	struct plat_holder h = {
	    .pid = row.pid,
	    .started = row.started,
	    .name = name,
	    .path = s->found.p,
	};
	return s->fn(s->arg, &h);
}

int
plat_proc_holders(struct plat_dir *d, plat_holder_fn *fn, void *arg,
    size_t *blind, struct err *e)
{
	struct search s = {
	    .fn = fn, .arg = arg, .exe = STR_INIT, .found = STR_INIT};
	*blind = 0;
	if (fcntl(d->fd, F_GETPATH, s.below) < 0)
		return plat_fail(e, errno, "find the directory's path");
	if (strcmp(s.below, "/") == 0)
		s.below[0] = '\0';
	struct kinfo_proc *table;
	size_t n;
	if (kinfo_table(&table, &n) < 0)
		return 1;
	int rc = 0;
	for (size_t i = 0; i < n && rc == 0; i++) {
		pid_t pid = table[i].kp_proc.p_pid;
		if (pid != 0 && pid != getpid() &&
		    table[i].kp_proc.p_stat != SZOMB)
			rc = search_process(&s, &table[i]);
	}
	free(table);
	str_free(&s.exe);
	str_free(&s.found);
	*blind = s.blind;
	return rc < 0 ? -1 : 0;
}
