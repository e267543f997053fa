/*
 * plat_sync.c - past the drive's own cache.
 *
 * Here fsync(2) ends once the drive has the bytes; only F_FULLFSYNC has it
 * write down all that it holds.
 */
#include "platform/posix/plat_posix.h"

#include <unistd.h>

#include "platform/plat_err.h"

int
unix_sync(int fd)
{
	int rc;
	POSIX_RETRY(rc, fcntl(fd, F_FULLFSYNC));
	/* Network and FAT volumes know only the plain call. */
	if (rc < 0 && (errno == ENOTSUP || errno == ENOTTY || errno == EINVAL))
		POSIX_RETRY(rc, fsync(fd));
	return rc < 0 ? -1 : 0;
}

/* Everything goes to the drive first, then the drive is told to keep it. */
int
plat_volume_sync(struct plat_dir *d, struct err *e)
{
	int rc;
	POSIX_RETRY(rc, fsync_volume_np(d->fd, SYNC_VOLUME_WAIT));
	if (rc < 0 && (errno == ENOTSUP || errno == ENOSYS || errno == EINVAL))
		return 1;
	if (rc < 0 || unix_sync(d->fd) < 0)
		return plat_fail(e, errno, "sync the file system");
	return 0;
}
