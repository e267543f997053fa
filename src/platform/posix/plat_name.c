/*
 * plat_name.c - what is done to one name in a directory.
 */
#include "platform/posix/plat_posix.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "platform/plat_err.h"
#include "platform/plat_time.h"

int
unix_check_name(const char *name, struct err *e)
{
	if (name[0] != '\0' && strchr(name, '/') == NULL &&
	    strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
		return 0;
	return err_set(e, ERR_NAME, "'%s': not a single name", name);
}

static int
check_names(const char *a, const char *b, struct err *e)
{
	return unix_check_name(a, e) < 0 ? -1 : unix_check_name(b, e);
}

int
plat_stat(
    struct plat_stat *out, struct plat_dir *d, const char *name, struct err *e)
{
	if (unix_check_name(name, e) < 0)
		return -1;
	struct stat st;
	if (fstatat(d->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		unix_fill_stat(out, &st);
		return 0;
	}
	if (errno == ENOENT)
		return 1;
	return plat_fail(e, errno, "look at '%s'", name);
}

int
unix_new_failed(struct err *e, const char *name, int os)
{
	/* FAT's and NTFS's drivers say EINVAL of a name they cannot hold. */
	if (os == EINVAL)
		return err_set_os(e, ERR_NAME, os,
		    "create '%s': not a name for this file system", name);
	return plat_fail(e, os, "create '%s'", name);
}

int
plat_mkdir(struct plat_dir *d, const char *name, uint32_t mode, struct err *e)
{
	if (unix_check_name(name, e) < 0)
		return -1;
	if (mkdirat(d->fd, name, (mode_t)(mode & 0777)) == 0)
		return 0;
	return unix_new_failed(e, name, errno);
}

int
plat_rmdir(struct plat_dir *d, const char *name, struct err *e)
{
	if (unix_check_name(name, e) < 0)
		return -1;
	if (unlinkat(d->fd, name, AT_REMOVEDIR) == 0)
		return 0;
	if (errno == ENOENT)
		return 1;
	if (errno == ENOTEMPTY || errno == EEXIST)
		return 2;
	return plat_fail(e, errno, "remove directory '%s'", name);
}

/* Is *name* a directory? Systems disagree about how unlinking one fails. */
static bool
is_directory(struct plat_dir *d, const char *name)
{
	struct stat st;
	return fstatat(d->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISDIR(st.st_mode);
}

int
plat_unlink(struct plat_dir *d, const char *name, struct err *e)
{
	if (unix_check_name(name, e) < 0)
		return -1;
	if (unlinkat(d->fd, name, 0) == 0)
		return 0;
	if (errno == ENOENT)
		return 1;
	int os = errno;
	if (os == EPERM && is_directory(d, name))
		os = EISDIR;
	return plat_fail(e, os, "remove '%s'", name);
}

int
plat_replace(struct plat_dir *from_dir, const char *from,
    struct plat_dir *to_dir, const char *to, struct err *e)
{
	if (check_names(from, to, e) < 0)
		return -1;
	if (renameat(from_dir->fd, from, to_dir->fd, to) == 0)
		return 0;
	return plat_fail(e, errno, "rename '%s' over '%s'", from, to);
}

int
plat_link(struct plat_dir *from_dir, const char *from, struct plat_dir *to_dir,
    const char *to, struct err *e)
{
	if (check_names(from, to, e) < 0)
		return -1;
	if (linkat(from_dir->fd, from, to_dir->fd, to, 0) == 0)
		return 0;
	/* EPERM is what FAT answers, and what a kernel that guards hard links
	   says of a file that is not ours: both mean no link here. */
	if (errno == EPERM || errno == EOPNOTSUPP || errno == ENOTSUP ||
	    errno == ENOSYS || errno == EMLINK)
		return 1;
	return plat_fail(e, errno, "link '%s' as '%s'", from, to);
}

int
plat_readlink(
    struct str *out, struct plat_dir *d, const char *name, struct err *e)
{
	if (unix_check_name(name, e) < 0)
		return -1;
	/* Some file systems report no size for a link: ask with more room
	   until some of it stays free. */
	for (size_t room = 256;; room *= 2) {
		str_reserve(out, room);
		ssize_t n = readlinkat(d->fd, name, out->p + out->len, room);
		if (n < 0 && errno == EINVAL)
			return err_set_os(
			    e, ERR_TYPE, EINVAL, "'%s': not a link", name);
		if (n < 0)
			return plat_fail(e, errno, "read link '%s'", name);
		if ((size_t)n < room) {
			out->len += (size_t)n;
			out->p[out->len] = '\0';
			return 0;
		}
	}
}

int
plat_symlink(
    struct plat_dir *d, const char *name, const char *target, struct err *e)
{
	if (unix_check_name(name, e) < 0)
		return -1;
	if (symlinkat(target, d->fd, name) == 0)
		return 0;
	/* FAT says EPERM. */
	if (errno == EPERM || errno == EOPNOTSUPP || errno == ENOTSUP ||
	    errno == ENOSYS)
		return 1;
	return plat_fail(e, errno, "create link '%s'", name);
}

/*
 * Only the mtime: nobody asked for the other. FUSE programs of an older make
 * take that for nothing to do, and say that they did it; they get both.
 */
static int
touch(int dir, const char *name, struct stamp mtime)
{
	struct timespec times[2] = {
	    {.tv_nsec = UTIME_OMIT},
	    {.tv_sec = (time_t)mtime.sec, .tv_nsec = (long)mtime.nsec},
	};
	struct stat st;
	if (utimensat(dir, name, times, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	struct stamp got = {.sec = st.st_mtime};
	if (stamp_near(got, mtime, 3)) /* FAT keeps even seconds */
		return 0;
	times[0] = (struct timespec){.tv_sec = st.st_atime};
	return utimensat(dir, name, times, AT_SYMLINK_NOFOLLOW);
}

static bool
times_unsupported(int os)
{
	return os == EOPNOTSUPP || os == ENOTSUP || os == ENOSYS;
}

int
plat_touch(
    struct plat_dir *d, const char *name, struct stamp mtime, struct err *e)
{
	if (unix_check_name(name, e) < 0)
		return -1;
	if (touch(d->fd, name, mtime) == 0)
		return 0;
	if (times_unsupported(errno))
		return 1;
	return plat_fail(e, errno, "set the time of '%s'", name);
}

int
plat_file_touch(struct plat_file f, struct stamp mtime, struct err *e)
{
	/* Both at once: nothing that an older FUSE program overlooks. */
	struct stamp now = plat_now();
	struct timespec times[2] = {
	    {.tv_sec = (time_t)now.sec, .tv_nsec = (long)now.nsec},
	    {.tv_sec = (time_t)mtime.sec, .tv_nsec = (long)mtime.nsec},
	};
	if (futimens((int)f.h, times) == 0)
		return 0;
	if (times_unsupported(errno))
		return 1;
	return plat_fail(e, errno, "set the file's time");
}

int
unix_chmod_failed(int fd, int os)
{
	bool refused = os == EPERM || os == EINVAL || os == ENOSYS ||
	    os == EOPNOTSUPP || os == ENOTSUP;
	if (refused && !unix_stores_modes(fd))
		return 0;
	errno = os;
	return -1;
}

int
plat_chmod(struct plat_dir *d, const char *name, uint32_t mode, struct err *e)
{
	struct stat st;
	if (unix_check_name(name, e) < 0)
		return -1;
	if (fstatat(d->fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return plat_fail(e, errno, "look at '%s'", name);
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return err_set(
		    e, ERR_TYPE, "'%s': neither a file nor a directory", name);
	mode_t bits = (mode_t)(mode & 0777);
	if (S_ISDIR(st.st_mode))
		bits |= st.st_mode & (S_ISGID | S_ISVTX);
	/* Should it have become a link since, the flag still stops us. */
	if (fchmodat(d->fd, name, bits, AT_SYMLINK_NOFOLLOW) == 0 ||
	    unix_chmod_failed(d->fd, errno) == 0)
		return 0;
	return plat_fail(e, errno, "set the mode of '%s'", name);
}

int
plat_file_chmod(struct plat_file f, uint32_t mode, struct err *e)
{
	if (fchmod((int)f.h, (mode_t)(mode & 0777)) == 0 ||
	    unix_chmod_failed((int)f.h, errno) == 0)
		return 0;
	return plat_fail(e, errno, "set the file's mode");
}
