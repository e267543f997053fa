/*
 * plat_flock.c - locks that belong to the open file, by flock(2).
 */
#include "platform/posix/plat_posix.h"

#include <sys/file.h>

int
unix_flock(int fd)
{
	int rc;
	POSIX_RETRY(rc, flock(fd, LOCK_EX | LOCK_NB));
	return rc < 0 && errno == EWOULDBLOCK ? 1 : rc;
}
