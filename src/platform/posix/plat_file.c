/*
 * plat_file.c - open files.
 */
#include "platform/posix/plat_posix.h"

#include <limits.h>
#include <sys/mman.h>
#include <unistd.h>

#include "platform/plat_err.h"

/* Opening must never wait for the other end of a FIFO, follow a link, or give
   us a terminal; the descriptor is nobody's but ours. */
enum { OPEN_SAFELY = O_NONBLOCK | O_NOCTTY | O_CLOEXEC };

/* No single call moves more: macOS refuses to beyond INT_MAX. */
enum { TRANSFER_MAX = 1 << 30 };

/* Take over *fd* when it is a regular file, which *look* then tells of if that
   is not NULL; else close it. */
static int
keep_regular(struct plat_file *out, struct plat_stat *look, int fd,
    const char *name, struct err *e)
{
	struct stat st;
	if (fstat(fd, &st) < 0) {
		int os = errno;
		close(fd);
		return plat_fail(e, os, "look at '%s'", name);
	}
	if (!S_ISREG(st.st_mode)) {
		close(fd);
		return err_set(e, ERR_TYPE, "'%s': not a regular file", name);
	}
	if (look != NULL)
		unix_fill_stat(look, &st);
	out->h = fd;
	return 0;
}

static int
open_failed(const char *name, struct err *e)
{
	/* What a socket, or a FIFO that nobody reads, answers. */
	if (errno == ENXIO || errno == EOPNOTSUPP || errno == ENODEV)
		return err_set_os(
		    e, ERR_TYPE, errno, "'%s': not a regular file", name);
	return plat_fail(e, errno, "open '%s'", name);
}

int
plat_open(
    struct plat_file *out, struct plat_dir *d, const char *name, struct err *e)
{
	return plat_open_look(out, NULL, d, name, e);
}

int
plat_open_look(struct plat_file *out, struct plat_stat *st, struct plat_dir *d,
    const char *name, struct err *e)
{
	if (unix_check_name(name, e) < 0)
		return -1;
	int fd =
	    unix_openat(d->fd, name, O_RDONLY | O_NOFOLLOW | OPEN_SAFELY, 0);
	if (fd < 0 && errno == ENOENT)
		return 1;
	if (fd < 0)
		return open_failed(name, e);
	return keep_regular(out, st, fd, name, e);
}

int
plat_create(
    struct plat_file *out, struct plat_dir *d, const char *name, struct err *e)
{
	if (unix_check_name(name, e) < 0)
		return -1;
	int fd = unix_openat(d->fd, name,
	    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | OPEN_SAFELY, 0600);
	if (fd < 0)
		return unix_new_failed(e, name, errno);
	out->h = fd;
	return 0;
}

int
plat_append(
    struct plat_file *out, struct plat_dir *d, const char *name, struct err *e)
{
	if (unix_check_name(name, e) < 0)
		return -1;
	int fd = unix_openat(d->fd, name,
	    O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | OPEN_SAFELY, 0600);
	if (fd < 0)
		return open_failed(name, e);
	return keep_regular(out, NULL, fd, name, e);
}

int
plat_open_native(struct plat_file *out, const char *native, struct err *e)
{
	int fd = unix_open_native(native, O_RDONLY | OPEN_SAFELY, 0);
	if (fd < 0 && errno == ENOENT)
		return 1;
	if (fd < 0)
		return open_failed(native, e);
	return keep_regular(out, NULL, fd, native, e);
}

int
plat_close(struct plat_file *f, struct err *e)
{
	if (f->h < 0)
		return 0;
	int fd = (int)f->h;
	*f = PLAT_FILE_NONE;
	/* A signal that cuts close short leaves the descriptor closed on some
	   systems; closing again might then hit somebody else's. */
	if (close(fd) < 0 && errno != EINTR)
		return plat_fail(e, errno, "close");
	return 0;
}

int
plat_read(struct plat_file f, void *buf, size_t n, size_t *got, struct err *e)
{
	ssize_t rc;
	POSIX_RETRY(
	    rc, read((int)f.h, buf, n < TRANSFER_MAX ? n : TRANSFER_MAX));
	if (rc < 0)
		return plat_fail(e, errno, "read");
	*got = (size_t)rc;
	return 0;
}

int
plat_read_at(struct plat_file f, void *buf, size_t n, uint64_t offset,
    size_t *got, struct err *e)
{
	if (offset > INT64_MAX)
		return plat_fail(e, EINVAL, "read");
	ssize_t rc;
	POSIX_RETRY(rc,
	    pread((int)f.h, buf, n < TRANSFER_MAX ? n : TRANSFER_MAX,
		(off_t)offset));
	if (rc < 0)
		return plat_fail(e, errno, "read");
	*got = (size_t)rc;
	return 0;
}

int
plat_write(struct plat_file f, const void *buf, size_t n, struct err *e)
{
	const char *p = buf;
	while (n > 0) {
		ssize_t rc;
		POSIX_RETRY(rc,
		    write((int)f.h, p, n < TRANSFER_MAX ? n : TRANSFER_MAX));
		if (rc < 0)
			return plat_fail(e, errno, "write");
		p += rc;
		n -= (size_t)rc;
	}
	return 0;
}

int
plat_seek(struct plat_file f, uint64_t offset, struct err *e)
{
	if (offset > INT64_MAX)
		return plat_fail(e, EINVAL, "seek");
	if (lseek((int)f.h, (off_t)offset, SEEK_SET) < 0)
		return plat_fail(e, errno, "seek");
	return 0;
}

int
plat_truncate(struct plat_file f, uint64_t size, struct err *e)
{
	int rc;
	if (size > INT64_MAX)
		return plat_fail(e, EFBIG, "set the file's size");
	POSIX_RETRY(rc, ftruncate((int)f.h, (off_t)size));
	if (rc < 0)
		return plat_fail(e, errno, "set the file's size");
	return 0;
}

int
plat_file_stat(struct plat_stat *out, struct plat_file f, struct err *e)
{
	struct stat st;
	if (fstat((int)f.h, &st) < 0)
		return plat_fail(e, errno, "look at the open file");
	unix_fill_stat(out, &st);
	return 0;
}

int
plat_file_sync(struct plat_file f, struct err *e)
{
	if (unix_sync((int)f.h) < 0)
		return plat_fail(e, errno, "sync");
	return 0;
}

/* The run of data at or behind *from*; -1 with EINVAL where holes are not
   known, with ENXIO where no data follow. */
static int
seek_run(int fd, off_t from, off_t *start, off_t *end)
{
	*start = lseek(fd, from, SEEK_DATA);
	if (*start < 0)
		return -1;
	*end = lseek(fd, *start, SEEK_HOLE);
	return *end < 0 ? -1 : 0;
}

int
plat_next_data(struct plat_file f, uint64_t from, uint64_t *start,
    uint64_t *end, struct err *e)
{
	int fd = (int)f.h;
	struct stat st;
	if (fstat(fd, &st) < 0)
		return plat_fail(e, errno, "look at the open file");
	uint64_t size = (uint64_t)st.st_size;
	*start = *end = size;
	if (from >= size)
		return 0;
	/* Nearly every file has a block behind each byte: no need to ask. */
	if (unix_is_solid(&st)) {
		*start = from;
		return 0;
	}
	off_t kept = lseek(fd, 0, SEEK_CUR);
	off_t s, t;
	int rc = seek_run(fd, (off_t)from, &s, &t);
	int os = errno;
	if (kept < 0 || lseek(fd, kept, SEEK_SET) < 0)
		return plat_fail(e, errno, "seek");
	if (rc == 0) {
		/* The file may have grown or shrunk meanwhile. */
		*start = (uint64_t)s < size ? (uint64_t)s : size;
		*end = (uint64_t)t < size ? (uint64_t)t : size;
	} else if (os == EINVAL || os == EOPNOTSUPP || os == ENOTSUP) {
		*start = from;
	} else if (os != ENXIO) {
		return plat_fail(e, os, "look for holes");
	}
	return 0;
}

int
plat_map(const void **data, size_t *size, struct plat_file f, struct err *e)
{
	struct stat st;
	if (fstat((int)f.h, &st) < 0)
		return plat_fail(e, errno, "look at the open file");
	*data = NULL;
	*size = 0;
	if (st.st_size == 0)
		return 0;
	if ((uintmax_t)st.st_size > SIZE_MAX)
		return plat_fail(e, EFBIG, "map");
	void *p =
	    mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, (int)f.h, 0);
	if (p == MAP_FAILED)
		return plat_fail(e, errno, "map");
	*data = p;
	*size = (size_t)st.st_size;
	return 0;
}

void
plat_unmap(const void *data, size_t size)
{
	if (data != NULL)
		munmap((void *)data, size);
}
