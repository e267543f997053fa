#include "platform/posix/plat_posix.h"

int
unix_try_lock(int fd)
{
	return unix_flock(fd);
}
