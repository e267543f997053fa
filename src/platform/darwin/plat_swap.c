/*
 * plat_swap.c - renames that never replace, by renameatx_np(2).
 */
#include "platform/posix/plat_posix.h"

#include <stdio.h>

#include "platform/plat_err.h"

/* Volumes without the capability (FAT, most network shares) say ENOTSUP. */
static bool
flag_unknown(int os)
{
	return os == ENOTSUP || os == EOPNOTSUPP || os == ENOSYS ||
	    os == EINVAL;
}

int
plat_move(struct plat_dir *from_dir, const char *from, struct plat_dir *to_dir,
    const char *to, struct err *e)
{
	if (unix_check_name(from, e) < 0 || unix_check_name(to, e) < 0)
		return -1;
	if (renameatx_np(from_dir->fd, from, to_dir->fd, to, RENAME_EXCL) == 0)
		return 0;
	if (flag_unknown(errno))
		return 1;
	return plat_fail(e, errno, "rename '%s' to '%s'", from, to);
}

int
plat_swap(struct plat_dir *a_dir, const char *a, struct plat_dir *b_dir,
    const char *b, struct err *e)
{
	if (unix_check_name(a, e) < 0 || unix_check_name(b, e) < 0)
		return -1;
	if (renameatx_np(a_dir->fd, a, b_dir->fd, b, RENAME_SWAP) == 0)
		return 0;
	if (flag_unknown(errno))
		return 1;
	return plat_fail(e, errno, "swap '%s' with '%s'", a, b);
}
