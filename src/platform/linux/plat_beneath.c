/*
 * plat_beneath.c - openat2(2): a whole path in one call, links refused.
 */
#include "platform/posix/plat_posix.h"

#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A rename anywhere on the system may make the kernel give up a lookup that it
   could not prove to stay below; it asks to be called again. */
enum { TRIES = 16 };

int
unix_open_beneath(int at, const char *path, int flags)
{
	struct open_how how = {
	    .flags = (unsigned)flags,
	    .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS,
	};
	long fd = -1;
	for (int i = 0; i < TRIES; i++) {
		POSIX_RETRY(
		    fd, syscall(SYS_openat2, at, path, &how, sizeof(how)));
		if (fd >= 0 || errno != EAGAIN)
			break;
	}
	/* EPERM is how older sandboxes deny calls they do not know; walking
	   then works, and finds out when it is really about the path. */
	if (fd < 0 && (errno == EPERM || errno == EAGAIN))
		errno = ENOSYS;
	return (int)fd;
}
