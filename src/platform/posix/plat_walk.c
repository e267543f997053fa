/*
 * plat_walk.c - opening directories whose path may be longer than the system
 * takes in one call.
 */
#include "platform/posix/plat_posix.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

/* A piece is shorter than PATH_MAX, with its NUL, on every system. */
enum { PIECE_MAX = 1000 };

int
unix_openat(int at, const char *path, int flags, mode_t mode)
{
	int fd;
	POSIX_RETRY(fd, openat(at, path, flags, mode));
	return fd;
}

void
unix_close_quietly(int fd)
{
	int kept = errno;
	if (fd >= 0)
		close(fd);
	errno = kept;
}

/* The bytes of the next piece of *path*: as many whole components as fit into
 *most*. A longer component is left to the system to refuse. */
static size_t
piece_length(const char *path, size_t most)
{
	size_t len = strnlen(path, most + 1);
	if (len <= most)
		return len;
	size_t cut = most;
	while (cut > 0 && path[cut] != '/')
		cut--;
	return cut > 0 ? cut : strcspn(path, "/");
}

/* Open the *n* bytes of *path* below *at*. */
static int
open_piece_of(
    int at, const char *path, size_t n, int flags, unix_open_fn *open_piece)
{
	char piece[PIECE_MAX + 1];
	if (n > PIECE_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(piece, path, n);
	piece[n] = '\0';
	return open_piece(at, piece, flags);
}

static int
walk(int at, const char *path, int flags, size_t most, unix_open_fn *open_fn)
{
	int fd = at;
	do {
		size_t n =
		    most > 0 ? piece_length(path, most) : strcspn(path, "/");
		const char *rest = path + n;
		rest += strspn(rest, "/");
		int how = *rest == '\0' ? flags : POSIX_O_PASS;
		int next = n == 0 ? unix_openat(fd, ".", how, 0)
				  : open_piece_of(fd, path, n, how, open_fn);
		if (fd != at)
			unix_close_quietly(fd);
		if (next < 0)
			return -1;
		fd = next;
		path = rest;
	} while (*path != '\0');
	return fd;
}

int
unix_walk(int at, const char *path, int flags, unix_open_fn *open_piece)
{
	return walk(at, path, flags, PIECE_MAX, open_piece);
}

int
unix_walk_parts(int at, const char *path, int flags, unix_open_fn *open_piece)
{
	return walk(at, path, flags, 0, open_piece);
}

static int
open_following(int at, const char *piece, int flags)
{
	return unix_openat(at, piece, flags, 0);
}

int
unix_open_native(const char *native, int flags, mode_t mode)
{
	size_t len = strlen(native);
	if (len <= PIECE_MAX)
		return unix_openat(AT_FDCWD, native, flags, mode);

	while (len > 0 && native[len - 1] == '/')
		len--;
	size_t parent = len;
	while (parent > 0 && native[parent - 1] != '/')
		parent--;
	int root = AT_FDCWD;
	struct str path = STR_INIT;
	str_addn(&path, native, parent);
	const char *below = path.p + strspn(path.p, "/");
	if (native[0] == '/')
		root = unix_openat(AT_FDCWD, "/", POSIX_O_PASS, 0);
	int dir = unix_walk(root, below, POSIX_O_PASS, open_following);
	int fd = dir < 0 ? -1 : unix_openat(dir, native + parent, flags, mode);
	unix_close_quietly(dir);
	if (root != AT_FDCWD)
		unix_close_quietly(root);
	str_free(&path);
	return fd;
}
