#include "platform/posix/plat_posix.h"

#include <linux/fs.h>
#include <sys/ioctl.h>

#include "platform/plat_err.h"

int
plat_clone(struct plat_file to, struct plat_file from, struct err *e)
{
	int rc;
	POSIX_RETRY(rc, ioctl((int)to.h, FICLONE, (int)from.h));
	if (rc == 0)
		return 0;
	switch (errno) {
	case EOPNOTSUPP: /* the file system shares nothing */
	case ENOTTY:     /* the kernel or the file system knows no such call */
	case ENOSYS:
	case EXDEV: /* two file systems */
		return 1;
	case EINVAL: /* some say that instead; also of a swap file */
	case EPERM:
	case ETXTBSY:
		return 2;
	default:
		return plat_fail(e, errno, "clone");
	}
}
