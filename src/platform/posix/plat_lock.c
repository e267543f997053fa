#include "platform/posix/plat_posix.h"

#include <unistd.h>

#include "platform/plat_err.h"

int
plat_lock(
    struct plat_file *out, struct plat_dir *d, const char *name, struct err *e)
{
	if (unix_check_name(name, e) < 0)
		return -1;
	int fd = unix_openat(d->fd, name,
	    O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
	    0600);
	if (fd < 0)
		return plat_fail(e, errno, "open lock '%s'", name);
	struct stat st;
	if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode)) {
		close(fd);
		return err_set(e, ERR_TYPE, "'%s': not a regular file", name);
	}
	int rc = unix_try_lock(fd);
	if (rc == 0) {
		out->h = fd;
		return 0;
	}
	int os = errno;
	close(fd);
	return rc > 0 ? 1 : plat_fail(e, os, "lock '%s'", name);
}
