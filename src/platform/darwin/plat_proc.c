#include "platform/plat_proc.h"

#include <errno.h>
#include <libproc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>
#include <unistd.h>

#include "base/mem.h"
#include "platform/darwin/kinfo.h"
#include "platform/plat_err.h"

const char *
kinfo_program(struct str *buf, const struct kinfo_proc *k)
{
	char path[PROC_PIDPATHINFO_MAXSIZE];
	int n = proc_pidpath(k->kp_proc.p_pid, path, sizeof(path));
	str_clear(buf);
	if (n > 0)
		str_addn(buf, path, (size_t)n);
	else
		str_addn(buf, k->kp_proc.p_comm,
		    strnlen(k->kp_proc.p_comm, sizeof(k->kp_proc.p_comm)));
	const char *slash = strrchr(buf->p, '/');
	return slash != NULL ? slash + 1 : buf->p;
}

/* The buffers live from one process to the next. */
struct lister {
	struct str exe;
	char *args; /* as KERN_PROCARGS2 has it */
	size_t args_max;
	const char **argv;
	size_t cap;
};

/*
 * "argc, path of the program, zeros, argv[0], argv[1], …, environment": the
 * environment is left out. What does not look like that is refused: another
 * process may have written it.
 */
static const char *const *
split_args(struct lister *l, size_t size)
{
	int argc;
	if (size <= sizeof(argc))
		return NULL;
	memcpy(&argc, l->args, sizeof(argc));
	const char *end = l->args + size;
	const char *p = l->args + sizeof(argc);
	p += strnlen(p, (size_t)(end - p));
	while (p < end && *p == '\0')
		p++;
	size_t n = 0;
	for (; p < end && (int)n < argc; n++) {
		l->argv = mem_grow(l->argv, &l->cap, n + 2, sizeof(*l->argv));
		l->argv[n] = p;
		p += strnlen(p, (size_t)(end - p)) + 1;
	}
	if (n == 0)
		return NULL;
	l->argv[n] = NULL;
	return l->argv;
}

static const char *const *
read_args(struct lister *l, pid_t pid)
{
	int mib[] = {CTL_KERN, KERN_PROCARGS2, pid};
	size_t size = l->args_max;
	if (sysctl(mib, 3, l->args, &size, NULL, 0) < 0)
		return NULL;
	l->args[size] = '\0';
	return split_args(l, size);
}

static int
give_process(
    struct lister *l, const struct kinfo_proc *k, plat_proc_fn *fn, void *arg)
{
	struct procs_row row = kinfo_row(k);
	struct plat_proc p = {
	    .pid = row.pid,
	    .parent = row.parent,
	    .started = row.started,
	    .zombie = row.zombie,
	    .name = kinfo_program(&l->exe, k),
	};
	/* Not a path: the short name had to do. */
	p.name_cut = l->exe.p[0] != '/' && l->exe.len >= MAXCOMLEN;
	const char *comm = k->kp_proc.p_comm;
	if (strncmp(p.name, comm, strnlen(comm, sizeof(k->kp_proc.p_comm))) !=
	    0) {
		p.title = comm;
		p.title_cut = strlen(comm) >= MAXCOMLEN;
	}
	if (!row.zombie)
		p.argv = read_args(l, (pid_t)row.pid);
	uid_t owner = k->kp_eproc.e_ucred.cr_uid;
	p.partly_hidden = p.argv == NULL && !row.zombie && owner != geteuid();
	return fn(arg, &p);
}

static size_t
longest_args(void)
{
	int mib[] = {CTL_KERN, KERN_ARGMAX};
	int longest = 0;
	size_t size = sizeof(longest);
	if (sysctl(mib, 2, &longest, &size, NULL, 0) < 0 || longest <= 0)
		return 256 * 1024;
	return (size_t)longest;
}

int
plat_proc_list(plat_proc_fn *fn, void *arg, struct err *e)
{
	struct kinfo_proc *table;
	size_t n;
	if (kinfo_table(&table, &n) < 0)
		return plat_fail(e, errno, "list processes");
	struct lister l = {.exe = STR_INIT, .args_max = longest_args()};
	l.args = mem_alloc(l.args_max + 1);
	int rc = 0;
	for (size_t i = 0; i < n && rc == 0; i++)
		if (table[i].kp_proc.p_pid != 0) /* the kernel itself */
			rc = give_process(&l, &table[i], fn, arg);
	str_free(&l.exe);
	free(l.args);
	free(l.argv);
	free(table);
	return rc;
}
