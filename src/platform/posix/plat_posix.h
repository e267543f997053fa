/*
 * plat_posix.h - what the POSIX files of the platform layer share, and the
 * steps each system has its own way for. Nobody outside platform/ includes it.
 *
 * Functions that give -1 without taking a struct err leave errno set.
 */
#ifndef PLATFORM_POSIX_PLAT_POSIX_H
#define PLATFORM_POSIX_PLAT_POSIX_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/str.h"
#include "platform/plat_fs.h"

struct plat_dir {
	int fd;
};

/* Repeat a call that a signal cut short. Signals only set a flag (plat_sig.c),
   and a file operation is never given up half-way for one. A file system that
   always answers so has failed, and must not hold us for ever. */
enum { POSIX_TRIES = 1000 };
#define POSIX_RETRY(rc, call)                                                  \
	do {                                                                   \
		int tries_ = POSIX_TRIES;                                      \
		do {                                                           \
			(rc) = (call);                                         \
		} while ((rc) == -1 && errno == EINTR && --tries_ > 0);        \
	} while (0)

/* How to open a directory that is only passed through: the right to search it
   is then enough, where the system has such a thing. */
#if defined(O_PATH)
#	define POSIX_O_PASS (O_PATH | O_DIRECTORY | O_CLOEXEC)
#elif defined(O_SEARCH)
#	define POSIX_O_PASS (O_SEARCH | O_DIRECTORY | O_CLOEXEC)
#else
#	define POSIX_O_PASS (O_RDONLY | O_DIRECTORY | O_CLOEXEC)
#endif
#define POSIX_O_DIR (O_RDONLY | O_DIRECTORY | O_CLOEXEC)

/* ---- the same everywhere ---- */

/* unix_check_name: -1 and ERR_NAME unless *name* is a single component. */
int unix_check_name(const char *name, struct err *e);

/* unix_openat: open(2) that is not cut short. */
int unix_openat(int at, const char *path, int flags, mode_t mode);

/* unix_close_quietly: close, keeping errno. */
void unix_close_quietly(int fd);

/*
 * unix_walk: open the directory *path* below *at* with *flags*, a piece of
 * at most *piece* bytes at a time, so that no length is too long; "" opens
 * *at* anew. Each piece is opened by *open_piece*.
 */
typedef int unix_open_fn(int at, const char *piece, int flags);
int unix_walk(int at, const char *path, int flags, unix_open_fn *open_piece);

/* unix_walk_parts: the same, one component at a time. */
int unix_walk_parts(
    int at, const char *path, int flags, unix_open_fn *open_piece);

/* unix_open_native: open(2) for a native path of any length. */
int unix_open_native(const char *native, int flags, mode_t mode);

/* unix_flock: as unix_try_lock, with flock(2). */
int unix_flock(int fd);

/* unix_folds_case: does the directory find an entry of its own under the
   name in the other case? *otherwise* when no entry has a letter. Changes
   nothing. */
bool unix_folds_case(int fd, bool otherwise);

/* unix_new_failed: the error of a call that was to create *name*. */
int unix_new_failed(struct err *e, const char *name, int os);

/* unix_fill_stat: a struct stat as ours. */
/* unix_is_solid: is there a block behind each byte? */
bool unix_is_solid(const struct stat *st);

void unix_fill_stat(struct plat_stat *out, const struct stat *st);

/* unix_give_entry: hand the entry *name* of a listing to *fn*. */
int unix_give_entry(
    struct plat_dir *d, const char *name, plat_list_fn *fn, void *arg);

/* unix_chmod_failed: 0 when *fd*'s file system stores no modes, so that there
   was nothing to do, else -1 with *os* again in errno. */
int unix_chmod_failed(int fd, int os);

/* ---- each system its own ---- */

/* unix_fill_extra: of a struct stat, what each system calls differently: the
   times, and whether the content is elsewhere. */
void unix_fill_extra(struct plat_stat *out, const struct stat *st);

/*
 * unix_open_beneath: open the directory *path* (shorter than PATH_MAX) below
 * *at*, following no link in it. ENOSYS: the system has no such call, or
 * denies it; walk instead.
 */
int unix_open_beneath(int at, const char *path, int flags);

/* unix_stores_modes: does the file system of *fd* keep permission bits? */
bool unix_stores_modes(int fd);

/* unix_try_lock: lock the whole file *fd*. 1 when somebody else holds it. */
int unix_try_lock(int fd);

/* unix_sync: write *fd* (a file or directory) through to the medium. */
int unix_sync(int fd);

#endif
