#include "platform/plat_proc.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "platform/linux/proc_stat.h"
#include "platform/plat_err.h"
#include "platform/posix/plat_posix.h"

/* A command line may be megabytes long; what tells a process is at the front.*/
enum { CMDLINE_MAX = 256 * 1024 };

/* What the kernel keeps of the name of a thread. */
enum { COMM_MAX = 15 };

/* The buffers live from one process to the next. */
struct lister {
	plat_proc_fn *fn;
	void *arg;
	struct str exe;     /* the program's path */
	struct str cmdline; /* as /proc has it, a NUL behind each argument */
	const char **argv;  /* into cmdline, NULL-terminated */
	size_t cap;
	int rc;
	int os; /* why there is one that cannot be looked at; 0 */
};

static int
read_cmdline(struct str *out, int dir)
{
	str_clear(out);
	int fd = unix_openat(dir, "cmdline", O_RDONLY | O_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	ssize_t n = 1;
	while (n > 0 && out->len < CMDLINE_MAX) {
		str_reserve(out, 4096);
		POSIX_RETRY(n, read(fd, out->p + out->len, 4096));
		if (n > 0)
			out->len += (size_t)n;
	}
	unix_close_quietly(fd);
	out->p[out->len] = '\0';
	return n < 0 ? -1 : 0;
}

/* Point argv at the arguments; NULL when there are none. */
static const char *const *
split_cmdline(struct lister *l)
{
	size_t n = 0;
	if (l->cmdline.len == 0)
		return NULL;
	const char *end = l->cmdline.p + l->cmdline.len;
	for (const char *p = l->cmdline.p; p < end; p += strlen(p) + 1) {
		l->argv = mem_grow(l->argv, &l->cap, n + 2, sizeof(*l->argv));
		l->argv[n++] = p;
	}
	l->argv[n] = NULL;
	return l->argv;
}

/*
 * The kernel's own name for a process is cut after 15 bytes. The program file
 * has the whole one; failing that, the first argument, if it goes on from the
 * short one.
 */
static const char *
full_name(bool *cut, const char *program, const struct proc_stat *stat,
    const char *const *argv)
{
	*cut = false;
	if (program != NULL)
		return program;
	if (argv != NULL && argv[0] != NULL) {
		const char *slash = strrchr(argv[0], '/');
		const char *first = slash != NULL ? slash + 1 : argv[0];
		if (strncmp(first, stat->comm, strlen(stat->comm)) == 0)
			return first;
	}
	*cut = strlen(stat->comm) >= COMM_MAX;
	return stat->comm;
}

/* The program of a process whose first thread has ended: the others have
   still got it. */
static const char *
program_of_others(struct lister *l, int dir)
{
	int fd = unix_openat(dir, "task", POSIX_O_DIR, 0);
	DIR *tasks = fd < 0 ? NULL : fdopendir(fd);
	const char *program = NULL;
	const struct dirent *entry;
	if (tasks == NULL) {
		l->os = errno == ENOENT || errno == ESRCH ? 0 : errno;
		unix_close_quietly(fd);
		return NULL;
	}
	while (program == NULL && (entry = readdir(tasks)) != NULL) {
		int task = unix_openat(fd, entry->d_name, POSIX_O_DIR, 0);
		if (task < 0 || entry->d_name[0] == '.') {
			unix_close_quietly(task);
			continue;
		}
		program = proc_program(&l->exe, task);
		if (program != NULL)
			read_cmdline(&l->cmdline, task);
		unix_close_quietly(task);
	}
	closedir(tasks);
	return program;
}

static void
give_process(struct lister *l, const struct proc_stat *stat, int dir)
{
	struct plat_proc p = {
	    .pid = stat->row.pid,
	    .parent = stat->row.parent,
	    .started = stat->row.started,
	    .zombie = stat->row.zombie,
	};
	if (!stat->row.zombie) {
		const char *program = proc_program(&l->exe, dir);
		int os = program == NULL ? errno : 0;
		p.partly_hidden = os == EACCES;
		bool read = read_cmdline(&l->cmdline, dir) == 0;
		if (os == ENOENT)
			program = program_of_others(l, dir);
		if (read)
			p.argv = split_cmdline(l);
		p.name = full_name(&p.name_cut, program, stat, p.argv);
		/* Without program and arguments it is on its way out. */
		p.zombie = os == ENOENT && program == NULL && p.argv == NULL;
	} else {
		p.name = stat->comm;
	}
	if (strncmp(p.name, stat->comm, strlen(stat->comm)) != 0) {
		p.title = stat->comm;
		p.title_cut = strlen(stat->comm) >= COMM_MAX;
	}
	l->rc = l->fn(l->arg, &p);
}

/* One that is gone is no process any more. Of any other that cannot be looked
   at, for want of open files say, nobody knows that it is not the one. */
static void
miss_process(struct lister *l, int64_t pid, int os)
{
	if (os == EACCES || os == EPERM) {
		/* A /proc mounted with hidepid=1. */
		struct plat_proc p = {
		    .pid = pid, .name = "", .partly_hidden = true};
		l->rc = l->fn(l->arg, &p);
	} else if (os != ENOENT && os != ESRCH) {
		l->os = os;
	}
}

static int
list_one(void *arg, int64_t pid)
{
	struct lister *l = arg;
	struct proc_stat stat;
	int dir = proc_open(pid);
	if (dir < 0 || proc_stat_read(&stat, dir) != 0)
		miss_process(l, pid, errno);
	else if (!stat.kernel_thread)
		give_process(l, &stat, dir);
	unix_close_quietly(dir);
	return l->rc != 0 || l->os != 0;
}

int
plat_proc_list(plat_proc_fn *fn, void *arg, struct err *e)
{
	struct lister l = {
	    .fn = fn, .arg = arg, .exe = STR_INIT, .cmdline = STR_INIT};
	int rc = proc_each(list_one, &l);
	int os = rc < 0 ? errno : l.os;
	str_free(&l.exe);
	str_free(&l.cmdline);
	free(l.argv);
	if (os != 0)
		return plat_fail(e, os, "list processes");
	return l.rc;
}
