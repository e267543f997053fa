#include "platform/posix/plat_posix.h"

#include <unistd.h>

#include "platform/plat_err.h"

/* Open *name* with *flags* beside those every lock needs, and lock it. Returns
   1 when somebody else holds it, 2 when there is no such file. */
static int
open_and_lock(struct plat_file *out, struct plat_dir *d, const char *name,
    int flags, struct err *e)
{
	if (unix_check_name(name, e) < 0)
		return -1;
	int fd = unix_openat(d->fd, name,
	    O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | flags,
	    0600);
	if (fd < 0 && errno == ENOENT && (flags & O_CREAT) == 0)
		return 2;
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

int
plat_lock(
    struct plat_file *out, struct plat_dir *d, const char *name, struct err *e)
{
	return open_and_lock(out, d, name, O_CREAT, e);
}

int
plat_lock_look(struct plat_dir *d, const char *name, struct err *e)
{
	struct plat_file f = PLAT_FILE_NONE;
	int rc = open_and_lock(&f, d, name, 0, e);
	(void)plat_close(&f, NULL);
	return rc == 2 ? 0 : rc;
}
