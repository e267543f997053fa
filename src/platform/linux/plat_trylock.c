/*
 * plat_trylock.c - locks of the open file description.
 *
 * Unlike the older fcntl locks they do not vanish when some other descriptor
 * of the file is closed, and unlike flock they reach other clients of NFS.
 */
#include "platform/posix/plat_posix.h"

int
unix_try_lock(int fd)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int rc;
	POSIX_RETRY(rc, fcntl(fd, F_OFD_SETLK, &whole));
	if (rc == 0)
		return 0;
	if (errno == EAGAIN || errno == EACCES)
		return 1;
	/* Kernels before 3.15, and file systems without fcntl locks. */
	if (errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP)
		return unix_flock(fd);
	return -1;
}
