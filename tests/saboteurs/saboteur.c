/*
 * saboteur.c - a C library that does not do what it says.
 *
 * Loaded in front of the real one (LD_PRELOAD), it breaks one promise of the
 * system's calls, named by SABOTAGE in the environment; any other word breaks
 * none. A program that trusts the system cannot notice, but whoever tests that
 * program must: prove.py starts the tests around it and wants them to fail.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { WORDS_MAX = 6 };

typedef long syscall_fn(long number, ...);

static syscall_fn *real;
static char deed[64];

__attribute__((constructor)) static void
begin(void)
{
	const char *word = getenv("SABOTAGE");
	void *found = dlsym(RTLD_NEXT, "syscall");
	memcpy(&real, &found, sizeof(real));
	if (word != NULL) /* the environment does not stay (served.c) */
		(void)snprintf(deed, sizeof(deed), "%s", word);
}

static bool
does(const char *word)
{
	return strcmp(deed, word) == 0;
}

static bool
is_file(int fd)
{
	struct stat st;
	return real(SYS_fstat, fd, &st) == 0 && S_ISREG(st.st_mode);
}

static bool
is_dir(int fd)
{
	struct stat st;
	return real(SYS_fstat, fd, &st) == 0 && S_ISDIR(st.st_mode);
}

/* ---- what is to reach the disk ---- */

static int
sync_or_not(long number, int fd)
{
	if (does("no-sync") || (does("no-directory-sync") && is_dir(fd)))
		return 0;
	return (int)real(number, fd);
}

int
fsync(int fd)
{
	return sync_or_not(SYS_fsync, fd);
}

int
fdatasync(int fd)
{
	return sync_or_not(SYS_fdatasync, fd);
}

int
syncfs(int fd)
{
	return sync_or_not(SYS_syncfs, fd);
}

/* ---- names ---- */

/* One name gets the other's content, piece by piece. */
static int
rename_by_copy(int from_at, const char *from, int to_at, const char *to)
{
	char bytes[16];
	long n;
	struct stat st;
	int in = (int)real(SYS_openat, from_at, from, O_RDONLY | O_NOFOLLOW);
	if (in < 0 || !is_file(in) || real(SYS_fstat, in, &st) != 0) {
		if (in >= 0)
			close(in);
		return (int)real(SYS_renameat2, from_at, from, to_at, to, 0);
	}
	int out = (int)real(SYS_openat, to_at, to, O_WRONLY | O_CREAT | O_TRUNC,
	    st.st_mode & 0777);
	while (out >= 0 && (n = real(SYS_read, in, bytes, sizeof(bytes))) > 0)
		real(SYS_write, out, bytes, n);
	const struct timespec times[] = {st.st_atim, st.st_mtim};
	real(SYS_utimensat, out, NULL, times, 0);
	close(in);
	close(out);
	return (int)real(SYS_unlinkat, from_at, from, 0);
}

static int
swap_in_steps(int from_at, const char *from, int to_at, const char *to)
{
	static const char aside[] = "~coldsync-aside.tmp";
	if (real(SYS_renameat2, to_at, to, from_at, aside, 0) != 0 ||
	    real(SYS_renameat2, from_at, from, to_at, to, 0) != 0)
		return -1;
	return (int)real(SYS_renameat2, from_at, aside, from_at, from, 0);
}

int
renameat2(
    int from_at, const char *from, int to_at, const char *to, unsigned flags)
{
	bool swap = (flags & RENAME_EXCHANGE) != 0;
	if (does("rename-lies") || (swap && does("swap-lies")))
		return 0;
	if (swap && does("swap-in-steps"))
		return swap_in_steps(from_at, from, to_at, to);
	if (does("rename-replaces"))
		flags &= ~(unsigned)RENAME_NOREPLACE;
	if (flags == 0 && does("rename-copies"))
		return rename_by_copy(from_at, from, to_at, to);
	if (flags == 0) /* as the C library does: other tests count on it */
		return (int)real(SYS_renameat, from_at, from, to_at, to);
	return (int)real(SYS_renameat2, from_at, from, to_at, to, flags);
}

int
renameat(int from_at, const char *from, int to_at, const char *to)
{
	return renameat2(from_at, from, to_at, to, 0);
}

int
unlinkat(int at, const char *name, int flags)
{
	if (does("unlink-lies"))
		return 0;
	return (int)real(SYS_unlinkat, at, name, flags);
}

/* ---- what a file is and was ---- */

int
futimens(int fd, const struct timespec times[2])
{
	if (does("times-ignored"))
		return 0;
	return (int)real(SYS_utimensat, fd, NULL, times, 0);
}

int
utimensat(int at, const char *name, const struct timespec times[2], int flags)
{
	if (does("times-ignored"))
		return 0;
	return (int)real(SYS_utimensat, at, name, times, flags);
}

int
fchmod(int fd, mode_t mode)
{
	if (does("modes-ignored"))
		return 0;
	return (int)real(SYS_fchmod, fd, does("modes-open") ? 0777 : mode);
}

int
mkdirat(int at, const char *name, mode_t mode)
{
	if (!does("modes-open"))
		return (int)real(SYS_mkdirat, at, name, mode);
	int rc = (int)real(SYS_mkdirat, at, name, 0777);
	real(SYS_fchmodat, at, name, 0777);
	return rc;
}

/* As if nothing had been written since. */
static int
stale(int rc, struct stat *st)
{
	if (rc == 0 && does("stat-stale") && S_ISREG(st->st_mode)) {
		st->st_mtim = (struct timespec){.tv_sec = 1500000000};
		st->st_ctim = st->st_mtim;
		st->st_ino = 1;
	}
	return rc;
}

int
fstat64(int fd, struct stat64 *st)
{
	return stale((int)real(SYS_fstat, fd, st), (struct stat *)st);
}

int
fstatat64(int at, const char *name, struct stat64 *st, int flags)
{
	return stale(
	    (int)real(SYS_newfstatat, at, name, st, flags), (struct stat *)st);
}

/* ---- what is in a file ---- */

ssize_t
write(int fd, const void *bytes, size_t n)
{
	if (does("write-short") && n > 1 && is_file(fd)) {
		long put = real(SYS_write, fd, bytes, n - 1);
		return put < 0 ? put : (ssize_t)n;
	}
	return real(SYS_write, fd, bytes, n);
}

int
flock(int fd, int how)
{
	if (does("locks-free"))
		return 0;
	return (int)real(SYS_flock, fd, how);
}

int
fcntl64(int fd, int how, ...)
{
	va_list args;
	va_start(args, how);
	long word = va_arg(args, long);
	va_end(args);
	if (does("locks-free") && (how == F_SETLK || how == F_OFD_SETLK))
		return 0;
	return (int)real(SYS_fcntl, fd, how, word);
}

int
openat64(int at, const char *name, int flags, ...)
{
	va_list args;
	va_start(args, flags);
	unsigned mode = (flags & O_CREAT) != 0 ? va_arg(args, unsigned) : 0;
	va_end(args);
	if (does("links-followed"))
		flags &= ~O_NOFOLLOW;
	return (int)real(SYS_openat, at, name, flags, mode);
}

/* ---- calls by number: openat2 and getdents64 ---- */

struct listed {
	uint64_t ino;
	int64_t next;
	uint16_t size;
	uint8_t type;
	char name[];
};

/* The last name of a listing of several is not told. */
static long
drop_one(char *bytes, long n)
{
	long at = 0, last = 0, names = 0;
	while (at < n) {
		last = at;
		at += ((struct listed *)(void *)(bytes + at))->size;
		names++;
	}
	return names > 4 ? last : n;
}

long
syscall(long number, ...)
{
	long words[WORDS_MAX];
	va_list args;
	va_start(args, number);
	for (int i = 0; i < WORDS_MAX; i++)
		words[i] = va_arg(args, long);
	va_end(args);
	if (number == SYS_openat2 && does("links-followed")) {
		struct open_how *how = (struct open_how *)words[2];
		how->resolve = 0;
		how->flags &= ~(uint64_t)O_NOFOLLOW;
	}
	long rc = real(
	    number, words[0], words[1], words[2], words[3], words[4], words[5]);
	if (number == SYS_getdents64 && does("list-drops") && rc > 0)
		return drop_one((char *)words[1], rc);
	return rc;
}
