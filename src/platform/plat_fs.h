/*
 * plat_fs.h - files, relative to directory handles.
 *
 * Every operation below a root names a directory handle and one name in it (a
 * single component, bytes on POSIX and WTF-8 on Windows) and never follows a
 * link there. plat_dir_sub walks several components, each without following,
 * so a component that turns into a link in mid-run is an error (ERR_TYPE),
 * never a way out of the root. Paths of any depth work. A name that is not one
 * component ("", ".", "..", with a separator in it) is ERR_NAME everywhere.
 *
 * Only the functions that take a *native* path (what a user typed, or a place
 * of our own such as the state directory) resolve it as the system does.
 *
 * Results: 0 done, -1 failed with *e* filled, 1 the expected other outcome the
 * contract names. Messages name the step and the name; the caller adds which
 * side. Names are put into messages raw: whoever shows them escapes them.
 */
#ifndef PLATFORM_PLAT_FS_H
#define PLATFORM_PLAT_FS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/stamp.h"
#include "base/str.h"

/* ---- what a name stands for ---- */

enum plat_type {
	PLAT_FILE,
	PLAT_DIR,
	PLAT_LINK,  /* symbolic link; on Windows also junctions and mount points
		     */
	PLAT_OTHER, /* FIFO, socket, device: never opened */
};

struct plat_stat {
	enum plat_type type;
	uint32_t mode;    /* permission bits 07777; made up where not stored */
	uint32_t nlink;   /* 0 where a listing does not tell */
	bool placeholder; /* reading the content would download it */
	bool solid; /* there is a block behind every byte; false: not known */
	uint64_t size;
	uint64_t
	    dev; /* (dev, ino) is the same for the same file, 0 if unknown */
	uint64_t ino;
	struct stamp mtime;
	struct stamp
	    ctime; /* last change of content or metadata; 0 if unknown */
};

/* ---- directories ---- */

struct plat_dir; /* an open directory; pins it, so a rename cannot move us */

/* plat_dir_open: open the directory at a native path (links are followed). */
int plat_dir_open(struct plat_dir **out, const char *native, struct err *e);

/*
 * plat_dir_sub: open the directory at the tree path *path* below *at*; ""
 * opens *at* anew. Returns 1 when a component does not exist; a component that
 * is not a directory is ERR_TYPE.
 */
int plat_dir_sub(struct plat_dir **out, struct plat_dir *at, const char *path,
    struct err *e);

/* plat_dir_close: NULL is fine. */
void plat_dir_close(struct plat_dir *d);

/* plat_dir_make: create the native path with every missing parent, each with
 *mode*; it is fine when it exists and is a directory. */
int plat_dir_make(const char *native, uint32_t mode, struct err *e);

/* plat_dir_stat: the open directory itself. */
int plat_dir_stat(struct plat_stat *out, struct plat_dir *d, struct err *e);

/* plat_dir_writable: may we create names in *d*? The system is asked, nothing
   is tried. Returns 1 when we may not. */
int plat_dir_writable(struct plat_dir *d, struct err *e);

/* plat_dir_sync: make names created, renamed or removed in *d* durable. */
int plat_dir_sync(struct plat_dir *d, struct err *e);

/*
 * One entry of a listing. *st* is NULL when the entry could not be looked at;
 * *why* then says so. Return 0 to go on, -1 (with the caller's own error set)
 * to stop. Entries come in no order; "." and ".." are left out, and so is what
 * vanished before it could be looked at.
 */
typedef int plat_list_fn(void *arg, const char *name, size_t len,
    const struct plat_stat *st, const struct err *why);

/* plat_list: call *fn* for every entry of *d*. May be called again, but not for
   the same handle from within *fn* or from two threads at once. */
int plat_list(struct plat_dir *d, plat_list_fn *fn, void *arg, struct err *e);

/* ---- names in a directory ---- */

/* plat_stat: what *name* is. Returns 1 when there is nothing. */
int plat_stat(
    struct plat_stat *out, struct plat_dir *d, const char *name, struct err *e);

/* plat_mkdir: create; ERR_EXISTS when the name is taken. */
int plat_mkdir(
    struct plat_dir *d, const char *name, uint32_t mode, struct err *e);

/* plat_rmdir: remove an empty directory. 1: it was not there. 2: not empty. */
int plat_rmdir(struct plat_dir *d, const char *name, struct err *e);

/* plat_unlink: remove a file or link, also a read-only one. 1: not there. */
int plat_unlink(struct plat_dir *d, const char *name, struct err *e);

/* plat_move: rename without ever replacing; ERR_EXISTS when *to* is taken,
   ERR_UNSUPPORTED between two file systems. Returns 1 when this file system
   cannot promise that. */
int plat_move(struct plat_dir *from_dir, const char *from,
    struct plat_dir *to_dir, const char *to, struct err *e);

/* plat_replace: rename over what *to* names, as one step. For our own files:
   a user's file is displaced (plat_swap), never replaced. */
int plat_replace(struct plat_dir *from_dir, const char *from,
    struct plat_dir *to_dir, const char *to, struct err *e);

/*
 * plat_swap: *a* and *b* (both there) trade places, as one step for whoever
 * looks at *b*. Returns 1 when this file system cannot. On Windows, where the
 * step is ReplaceFileW, *b*'s old file passes through the name *a* with
 * PLAT_SWAP_SUFFIX behind it; after a crash it may be found there.
 */
int plat_swap(struct plat_dir *a_dir, const char *a, struct plat_dir *b_dir,
    const char *b, struct err *e);

#define PLAT_SWAP_SUFFIX "~"

/* plat_link: one more name for a file; ERR_EXISTS when *to* is taken. Returns
   1 when this file system has no hard links. */
int plat_link(struct plat_dir *from_dir, const char *from,
    struct plat_dir *to_dir, const char *to, struct err *e);

/* plat_readlink: append the target of the link *name*, as it is stored. */
int plat_readlink(
    struct str *out, struct plat_dir *d, const char *name, struct err *e);

/* plat_symlink: create a link. Returns 1 when this system does not let us. */
int plat_symlink(
    struct plat_dir *d, const char *name, const char *target, struct err *e);

/* plat_touch: set the mtime of a file, directory or link by name. Returns 1
   when the file system cannot (links, mostly). */
int plat_touch(
    struct plat_dir *d, const char *name, struct stamp mtime, struct err *e);

/* plat_chmod: set the permission bits 0777 of a file or directory by name; a
   link is ERR_TYPE. Never sets setuid, setgid or sticky (a directory keeps the
   latter two when it has them). What the system cannot store is dropped. */
int plat_chmod(
    struct plat_dir *d, const char *name, uint32_t mode, struct err *e);

/* ---- open files ---- */

struct plat_file {
	intptr_t h; /* descriptor or HANDLE; -1 when closed */
};

#define PLAT_FILE_NONE ((struct plat_file){.h = -1})

/*
 * plat_open: open the regular file *name* for reading, without blocking and
 * without following; anything else there is ERR_TYPE. Returns 1 when there is
 * nothing. The caller has looked at plat_stat.placeholder first.
 */
int plat_open(
    struct plat_file *out, struct plat_dir *d, const char *name, struct err *e);

/* plat_open_look: as plat_open, and *st* is what was opened. */
int plat_open_look(struct plat_file *out, struct plat_stat *st,
    struct plat_dir *d, const char *name, struct err *e);

/* plat_create: a new private (0600) file, for writing and reading back;
   ERR_EXISTS when the name is taken. */
int plat_create(
    struct plat_file *out, struct plat_dir *d, const char *name, struct err *e);

/* plat_append: open the regular file *name* (created 0600 when missing) such
   that every write lands whole at its end, also with several writers. */
int plat_append(
    struct plat_file *out, struct plat_dir *d, const char *name, struct err *e);

/* plat_open_native: as plat_open, by native path, for what the user names on
   the command line; also refuses FIFOs and devices. */
int plat_open_native(struct plat_file *out, const char *native, struct err *e);

/* plat_close: report what only closing finds out. The file is closed either
   way; closing PLAT_FILE_NONE is fine. */
int plat_close(struct plat_file *f, struct err *e);

/* plat_read: up to *n* bytes at the file position; *got* is 0 at the end. */
int plat_read(
    struct plat_file f, void *buf, size_t n, size_t *got, struct err *e);

/* plat_read_at: as plat_read, at *offset*, position unmoved. */
int plat_read_at(struct plat_file f, void *buf, size_t n, uint64_t offset,
    size_t *got, struct err *e);

/* plat_write: all *n* bytes, or an error. */
int plat_write(struct plat_file f, const void *buf, size_t n, struct err *e);

/* plat_seek: set the file position. */
int plat_seek(struct plat_file f, uint64_t offset, struct err *e);

/* plat_truncate: cut or extend (with a hole) to *size*. */
int plat_truncate(struct plat_file f, uint64_t size, struct err *e);

/* plat_file_stat: the open file. */
int plat_file_stat(struct plat_stat *out, struct plat_file f, struct err *e);

/* plat_file_touch, plat_file_chmod: as plat_touch, plat_chmod, for a file that
   we made: when it was last read may change. */
int plat_file_touch(struct plat_file f, struct stamp mtime, struct err *e);
int plat_file_chmod(struct plat_file f, uint32_t mode, struct err *e);

/* plat_file_sync: make content and metadata durable. */
int plat_file_sync(struct plat_file f, struct err *e);

/*
 * plat_clone: make *to* (empty) share all of *from*'s blocks. Returns 1 when
 * their file systems cannot share; always on macOS, which clones into new names
 * only. Returns 2 when it is these two files that cannot.
 */
int plat_clone(struct plat_file to, struct plat_file from, struct err *e);

/*
 * plat_next_data: the first run of bytes at or behind *from* that is not a
 * hole: [*start, *end). At the end of the data both are the file's size. A
 * file system that knows no holes answers [from, size). The file position
 * stays.
 */
int plat_next_data(struct plat_file f, uint64_t from, uint64_t *start,
    uint64_t *end, struct err *e);

/* plat_map: the whole file, read-only, in memory (*data* NULL when empty);
   plat_unmap releases it. */
int plat_map(
    const void **data, size_t *size, struct plat_file f, struct err *e);
void plat_unmap(const void *data, size_t size);

/* ---- file systems ---- */

struct plat_volume {
	uint64_t free_bytes, total_bytes; /* for us, not for root */
	bool read_only;
	bool
	    remote; /* network or FUSE: sync each file, expect the unexpected */
	bool exec_bit;  /* stores who may execute */
	bool fold_case; /* names that differ in case only are the same */
	char kind[24];  /* "ext4", "ntfs": for people */
};

/* plat_volume: about the file system *d* lies on. */
int plat_volume(struct plat_volume *out, struct plat_dir *d, struct err *e);

/* plat_volume_sync: make everything written below *d*'s file system durable.
   Returns 1 when the system has no such call. */
int plat_volume_sync(struct plat_dir *d, struct err *e);

/*
 * plat_canonical: append the absolute path of *native* with every link
 * resolved, as far as it exists; a missing tail is appended as written, with a
 * single '/' between its parts. '/' separates on every system. Where the
 * system itself resolves "..", one behind a missing part is ERR_NOTFOUND.
 */
int plat_canonical(struct str *out, const char *native, struct err *e);

/* ---- locks ---- */

/*
 * plat_lock: open *name* in *d* (created 0600 when missing) and lock it against
 * other processes, and against other handles of this one. Returns 1 when
 * somebody else holds it. Released by plat_close, and by the system when this
 * process dies, however it dies. The lock does not keep others from reading.
 */
int plat_lock(
    struct plat_file *out, struct plat_dir *d, const char *name, struct err *e);

/* plat_lock_look: does somebody else hold it? Returns 1 when somebody does;
   never creates the file. */
int plat_lock_look(struct plat_dir *d, const char *name, struct err *e);

#endif
