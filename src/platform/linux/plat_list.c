/*
 * plat_list.c - listing by getdents64(2): past readdir's buffer and its extra
 * calls, which is what a scan of many small directories feels.
 */
#include "platform/posix/plat_posix.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/mem.h"
#include "platform/plat_err.h"

enum { BUFFER_SIZE = 32 * 1024 };

/* The records lie one behind the other, each aligned for its first member. */
union records {
	struct dirent64 first;
	char bytes[BUFFER_SIZE];
};

static bool
is_dots(const char *name)
{
	return name[0] == '.' &&
	    (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

static int
give_records(struct plat_dir *d, union records *buf, size_t n, plat_list_fn *fn,
    void *arg)
{
	for (size_t at = 0; at < n;) {
		const struct dirent64 *entry =
		    (const struct dirent64 *)(const void *)(buf->bytes + at);
		at += entry->d_reclen;
		if (is_dots(entry->d_name))
			continue;
		if (unix_give_entry(d, entry->d_name, fn, arg) < 0)
			return -1;
	}
	return 0;
}

int
plat_list(struct plat_dir *d, plat_list_fn *fn, void *arg, struct err *e)
{
	if (lseek(d->fd, 0, SEEK_SET) < 0)
		return plat_fail(e, errno, "list the directory");
	/* Not on the stack: *fn* may list the directories it is told about. */
	union records *buf = mem_alloc(sizeof(*buf));
	int rc = 0;
	while (rc == 0) {
		long n;
		POSIX_RETRY(
		    n, syscall(SYS_getdents64, d->fd, buf, sizeof(*buf)));
		if (n == 0)
			break;
		rc = n < 0 ? plat_fail(e, errno, "list the directory")
			   : give_records(d, buf, (size_t)n, fn, arg);
	}
	free(buf);
	return rc;
}
