#include "platform/posix/plat_posix.h"

#include <unistd.h>

#include "platform/plat_err.h"

int
unix_sync(int fd)
{
	int rc;
	POSIX_RETRY(rc, fsync(fd));
	return rc;
}

int
plat_volume_sync(struct plat_dir *d, struct err *e)
{
	if (syncfs(d->fd) == 0)
		return 0;
	if (errno == ENOSYS)
		return 1;
	return plat_fail(e, errno, "sync the file system");
}
