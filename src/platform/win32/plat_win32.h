/*
 * plat_win32.h - what the Windows files of the platform layer share. Nobody
 * outside platform/win32 includes it.
 *
 * Windows knows no operation relative to a directory, so a name below an open
 * directory becomes a full path again. That is safe because an open directory
 * is held without FILE_SHARE_DELETE: as long as it is, neither it nor what it
 * lies in can be renamed, removed or turned into a link.
 *
 * Every path is absolute and begins with `\\?\`: no length limit, and no
 * rewriting of names behind our back. Permissions come from the directory a
 * file is created in, as is the custom there; "private" in a contract is left
 * to where the user's own directories are.
 *
 * Functions that give -1 (or INVALID_HANDLE_VALUE) without taking a struct err
 * leave the cause in GetLastError().
 */
#ifndef PLATFORM_WIN32_PLAT_WIN32_H
#define PLATFORM_WIN32_PLAT_WIN32_H

#include <windows.h>

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/stamp.h"
#include "base/str.h"
#include "platform/plat_fs.h"

struct plat_dir {
	HANDLE h;
	wchar_t *path; /* `\\?\…`; ends with a backslash only at a root */
};

/* ---- paths (win32_path.c) and names (win32_name.c) ---- */

/* win32_path: a native path in full, made absolute against the current
   directory; the caller frees it. NULL: *e* says why not. */
wchar_t *win32_path(const char *native, struct err *e);

/* win32_path_show: append the path as people write it, with '/'. */
void win32_path_show(struct str *out, const wchar_t *path);

/* win32_path_root: how many units of *path* are the volume's root, backslash
   included; 0 when it begins with none. */
size_t win32_path_root(const wchar_t *path);

/*
 * win32_child: the path of *name* in *d*, fresh. NULL and ERR_NAME for what no
 * file can be called: there it would mean another directory, a stream of a
 * file, or a pattern.
 */
wchar_t *win32_child(const struct plat_dir *d, const char *name, struct err *e);

/*
 * win32_new_child: the same for a name that is about to be given; refuses also
 * device names and a trailing dot or space, which could be stored but hardly
 * any program could open again.
 */
wchar_t *win32_new_child(
    const struct plat_dir *d, const char *name, struct err *e);

/* win32_below: the path of *name* in *d*, unchecked, fresh. */
wchar_t *win32_below(const struct plat_dir *d, const wchar_t *name);

/* win32_name_allowed: may the *n* units be given to a file as its name? */
bool win32_name_allowed(const wchar_t *name, size_t n);

/* ---- opening (win32_open.c) ---- */

/* How to open something, in CreateFileW's terms. */
struct win32_how {
	DWORD access;
	DWORD share;
	DWORD disposition;
};

enum {
	WIN32_SHARE_ALL =
	    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
	WIN32_SHARE_PIN = FILE_SHARE_READ | FILE_SHARE_WRITE,
};

/* win32_open_link: open what *path* names, be it a link: the link itself. */
HANDLE win32_open_link(const wchar_t *path, struct win32_how how);

/*
 * win32_open: open a file or directory for its content: never a link or
 * junction (ERROR_CANT_ACCESS_FILE), but through whatever else the system puts
 * behind a reparse point (a cloud placeholder, deduplicated data). Tries again
 * for a moment when somebody else is in the way.
 */
HANDLE win32_open(const wchar_t *path, struct win32_how how);

/* win32_type: what an open handle stands for. */
int win32_type(enum plat_type *out, HANDLE h);

/* win32_type_at: what *path* names, links not followed. */
int win32_type_at(enum plat_type *out, const wchar_t *path);

/* win32_is_missing: does the system's code say that nothing is there? */
bool win32_is_missing(DWORD os);

/* win32_is_unknown: is that what a file system says that does not know a kind
   of question or request? */
bool win32_is_unknown(DWORD os);

/* win32_close: close, keeping GetLastError(). */
void win32_close(HANDLE h);

/* win32_keep_regular: *out* takes over *h* when that is a regular file; else it
   is closed, and -1. */
int win32_keep_regular(
    struct plat_file *out, HANDLE h, const char *name, struct err *e);

/* win32_list: plat_list; *by_path*: at once in the way that is left when a file
   system does not know the better one. */
int win32_list(struct plat_dir *d, bool by_path, plat_list_fn *fn, void *arg,
    struct err *e);

/* ---- metadata (win32_meta.c) ---- */

/* win32_fill_kind: type, mode and placeholder out of attributes and tag. */
void win32_fill_kind(struct plat_stat *st, DWORD attributes, DWORD tag);

/* win32_fill_stat: everything, from an open handle. */
int win32_fill_stat(struct plat_stat *st, HANDLE h);

/* win32_stamp: a FILETIME's number as ours; 0 ("never") is our 0. */
struct stamp win32_stamp(int64_t filetime);

/* win32_filetime: and back, cut to 100 ns; false when it has none. */
bool win32_filetime(int64_t *out, struct stamp t);

/* win32_set_mtime: 1 when the time cannot be stored. */
int win32_set_mtime(HANDLE h, struct stamp mtime);

/* win32_set_writable: set or clear the read-only attribute, where it differs;
   directories have none that means anything. */
int win32_set_writable(HANDLE h, bool writable);

/* ---- waiting for others (win32_retry.c) ---- */

/*
 * A cloud client or a virus scanner opens a new file just when we want to
 * rename it. A step that fails for such a reason is tried again for a while:
 *
 *	struct win32_retry r = win32_retry_for(WIN32_RETRY_CHANGE);
 *	while (!step())
 *		if (!win32_retry(&r, a, b))
 *			return plat_fail(e, r.os, …);
 */
struct win32_retry {
	uint64_t until; /* plat_ticks() */
	unsigned pause; /* the next one, in ms */
	DWORD os;       /* why the step failed */
};

enum {
	WIN32_RETRY_LOOK = 1000,   /* ms: for reading, which may be skipped */
	WIN32_RETRY_CHANGE = 6000, /* ms: for what should not be left undone */
};

struct win32_retry win32_retry_for(unsigned ms);

/*
 * win32_retry: after a failed step on *a* and *b* (NULL for none): wait, and
 * true, when it may yet succeed; else false, and r->os is the cause
 * (ERROR_SHARING_VIOLATION also where the system only said "access denied").
 * Ends early when we were asked to stop (plat_sig.h).
 */
bool win32_retry(struct win32_retry *r, const wchar_t *a, const wchar_t *b);

/* win32_move: MoveFileExW, tried for a while; it never copies and follows no
   link. Returns the system's code. */
DWORD win32_move(const wchar_t *from, const wchar_t *to, DWORD flags);

/* ---- odds and ends ---- */

/* win32_link_target: append where a link leads, out of the *n* bytes of its
   reparse point; false when they are not those of a link. */
bool win32_link_target(struct str *out, const unsigned char *data, size_t n);

/* win32_ntdll: a function of ntdll.dll the headers do not declare, or NULL. */
typedef void win32_proc_fn(void);
win32_proc_fn *win32_ntdll(const char *name);

/* win32_asked: an event that is set when we are asked to stop; NULL before
   plat_sig_install. */
HANDLE win32_asked(void);

/* win32_open_process: to look at, wait for, and do *more* with; NULL: failed,
   with ERROR_INVALID_PARAMETER when there is none. */
HANDLE win32_open_process(int64_t pid, DWORD more);

/* win32_program_name: append the base name of the process's program; false
   when the system does not say. */
bool win32_program_name(struct str *out, HANDLE process);

/* win32_started: when the process began, as plat_proc.started; 0 unknown. */
uint64_t win32_started(HANDLE process);

/* win32_handle: the HANDLE in a struct plat_file. */
static inline HANDLE
win32_handle(struct plat_file f)
{
	return (HANDLE)f.h;
}

#endif
