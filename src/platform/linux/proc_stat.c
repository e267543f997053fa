#include "platform/linux/proc_stat.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "platform/posix/plat_posix.h"

enum { PF_KTHREAD = 0x00200000 }; /* <linux/sched.h> keeps it to itself */

/* Fields are counted from 1, as in proc(5); those behind the name begin with
   3, the state. */
enum {
	FIELD_STATE = 3,
	FIELD_PARENT = 4,
	FIELD_GROUP = 5,
	FIELD_FLAGS = 9,
	FIELD_THREADS = 20,
	FIELD_STARTED = 22,
};

static void
take_field(struct proc_stat *out, int field, const char *text)
{
	uint64_t value = strtoull(text, NULL, 10);
	switch (field) {
	case FIELD_STATE:
		out->row.zombie = text[0] == 'Z' || text[0] == 'X';
		break;
	case FIELD_PARENT:
		out->row.parent = (int64_t)value;
		break;
	case FIELD_GROUP:
		out->row.group = (int64_t)value;
		break;
	case FIELD_FLAGS:
		out->kernel_thread = (value & PF_KTHREAD) != 0;
		break;
	case FIELD_THREADS:
		/* The first thread may end before the others. */
		if (value > 1)
			out->row.zombie = false;
		break;
	case FIELD_STARTED:
		out->row.started = value;
		break;
	default:
		break;
	}
}

int
proc_stat_parse(struct proc_stat *out, const char *text, size_t n)
{
	const char *open = memchr(text, '(', n);
	const char *close = memrchr(text, ')', n);
	if (open == NULL || close == NULL || close < open)
		return -1;
	*out = (struct proc_stat){.row.pid = strtoll(text, NULL, 10)};
	snprintf(out->comm, sizeof(out->comm), "%.*s", (int)(close - open - 1),
	    open + 1);

	const char *end = text + n;
	const char *p = close + 1;
	int field = FIELD_STATE;
	for (; p < end && field <= FIELD_STARTED; field++) {
		while (p < end && *p == ' ')
			p++;
		if (p < end)
			take_field(out, field, p);
		while (p < end && *p != ' ')
			p++;
	}
	return field > FIELD_STARTED ? 0 : -1;
}

int
proc_stat_read(struct proc_stat *out, int dir)
{
	char text[1024]; /* 52 numbers and a short name */
	int fd = unix_openat(dir, "stat", O_RDONLY | O_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	ssize_t n;
	POSIX_RETRY(n, read(fd, text, sizeof(text) - 1));
	unix_close_quietly(fd);
	if (n < 0)
		return -1;
	text[n] = '\0';
	if (proc_stat_parse(out, text, (size_t)n) == 0)
		return 0;
	errno = ESRCH;
	return -1;
}

int
proc_open(int64_t pid)
{
	char path[40];
	snprintf(path, sizeof(path), "/proc/%" PRId64, pid);
	return unix_openat(AT_FDCWD, path, POSIX_O_DIR, 0);
}

int
proc_each(int (*fn)(void *arg, int64_t pid), void *arg)
{
	DIR *proc = opendir("/proc");
	if (proc == NULL)
		return -1;
	int rc = 0;
	const struct dirent *entry;
	while (rc == 0 && (entry = readdir(proc)) != NULL) {
		char *end;
		long long pid = strtoll(entry->d_name, &end, 10);
		if (pid > 0 && *end == '\0')
			rc = fn(arg, pid);
	}
	closedir(proc);
	return rc;
}

int
proc_readlink(struct str *out, int dir, const char *name)
{
	str_clear(out);
	for (size_t room = 256;; room *= 2) {
		str_reserve(out, room);
		ssize_t n = readlinkat(dir, name, out->p, room);
		if (n < 0)
			return -1;
		if ((size_t)n < room) {
			out->len = (size_t)n;
			out->p[n] = '\0';
			return 0;
		}
	}
}

const char *
proc_program(struct str *buf, int dir)
{
	static const char deleted[] = " (deleted)";
	if (proc_readlink(buf, dir, "exe") < 0)
		return NULL;
	if (str_ends(buf, deleted))
		str_cut(buf, buf->len - strlen(deleted));
	const char *slash = strrchr(buf->p, '/');
	return slash != NULL ? slash + 1 : buf->p;
}
