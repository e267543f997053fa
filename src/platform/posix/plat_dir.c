#include "platform/posix/plat_posix.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/path.h"
#include "platform/plat_err.h"

static struct plat_dir *
dir_new(int fd)
{
	struct plat_dir *d = mem_alloc(sizeof(*d));
	d->fd = fd;
	return d;
}

int
plat_dir_open(struct plat_dir **out, const char *native, struct err *e)
{
	int fd = unix_open_native(native, POSIX_O_DIR, 0);
	if (fd < 0)
		return plat_fail(e, errno, "open directory '%s'", native);
	*out = dir_new(fd);
	return 0;
}

static int
open_part(int at, const char *part, int flags)
{
	return unix_openat(at, part, flags | O_NOFOLLOW, 0);
}

/* In as few calls as the system allows, else one component at a time. */
static int
open_below(int at, const char *path)
{
	int fd = unix_walk(at, path, POSIX_O_DIR, unix_open_beneath);
	if (fd < 0 && errno == ENOSYS)
		fd = unix_walk_parts(at, path, POSIX_O_DIR, open_part);
	return fd;
}

int
plat_dir_sub(
    struct plat_dir **out, struct plat_dir *at, const char *path, struct err *e)
{
	if (path[0] != '\0' && !path_is_safe(path, strlen(path)))
		return err_set(e, ERR_NAME, "'%s': not a path below", path);
	int fd = open_below(at->fd, path);
	if (fd < 0 && errno == ENOENT)
		return 1;
	if (fd < 0)
		return plat_fail(e, errno, "open directory '%s'", path);
	*out = dir_new(fd);
	return 0;
}

void
plat_dir_close(struct plat_dir *d)
{
	if (d == NULL)
		return;
	close(d->fd);
	free(d);
}

/* Open the directory *name* below *at*, made when missing. */
static int
make_part(int at, const char *name, mode_t mode)
{
	int fd = unix_openat(at, name, POSIX_O_PASS, 0);
	if (fd >= 0 || errno != ENOENT)
		return fd;
	if (mkdirat(at, name, mode) < 0 && errno != EEXIST)
		return -1;
	return unix_openat(at, name, POSIX_O_PASS, 0);
}

int
plat_dir_make(const char *native, uint32_t mode, struct err *e)
{
	if (native[0] == '\0')
		return plat_fail(e, ENOENT, "create directory ''");
	struct str part = STR_INIT;
	int fd = unix_openat(
	    AT_FDCWD, native[0] == '/' ? "/" : ".", POSIX_O_PASS, 0);
	const char *p = native + strspn(native, "/");
	while (fd >= 0 && *p != '\0') {
		size_t n = strcspn(p, "/");
		str_clear(&part);
		str_addn(&part, p, n);
		int next = make_part(fd, part.p, (mode_t)mode);
		unix_close_quietly(fd);
		fd = next;
		p += n + strspn(p + n, "/");
	}
	int os = errno;
	str_free(&part);
	if (fd < 0)
		return plat_fail(e, os, "create directory '%s'", native);
	close(fd);
	return 0;
}

int
plat_dir_stat(struct plat_stat *out, struct plat_dir *d, struct err *e)
{
	struct stat st;
	if (fstat(d->fd, &st) < 0)
		return plat_fail(e, errno, "look at the directory");
	unix_fill_stat(out, &st);
	return 0;
}

int
plat_dir_writable(struct plat_dir *d, struct err *e)
{
	if (faccessat(d->fd, ".", W_OK | X_OK, AT_EACCESS) == 0)
		return 0;
	if (errno == EACCES || errno == EPERM || errno == EROFS)
		return 1;
	return plat_fail(e, errno, "ask who may write");
}

int
plat_dir_sync(struct plat_dir *d, struct err *e)
{
	if (unix_sync(d->fd) == 0)
		return 0;
	/* Some network and FUSE file systems have no such call for a
	   directory: their names are as durable as they get. */
	if (errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP)
		return 0;
	return plat_fail(e, errno, "sync the directory");
}
