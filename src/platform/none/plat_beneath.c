#include "platform/posix/plat_posix.h"

int
unix_open_beneath(int at, const char *path, int flags)
{
	(void)at;
	(void)path;
	(void)flags;
	errno = ENOSYS;
	return -1;
}
