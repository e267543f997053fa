/*
 * plat_dir.c - open directories.
 */
#include "platform/win32/plat_win32.h"

#include <stdlib.h>
#include <wchar.h>

#include "base/mem.h"
#include "platform/plat_err.h"
#include "platform/win32/wide.h"

/* Without sharing the right to delete, so that the directory stays in place as
   long as it is open (plat_win32.h). */
static const struct win32_how pinned = {
    FILE_LIST_DIRECTORY | FILE_READ_ATTRIBUTES | SYNCHRONIZE, WIN32_SHARE_PIN,
    OPEN_EXISTING};

/* A directory out of its handle and path, both of which it takes over. */
static struct plat_dir *
wrap(HANDLE h, wchar_t *path)
{
	struct plat_dir *d = mem_zero(1, sizeof(*d));
	d->h = h;
	d->path = path;
	return d;
}

/*
 * Open *path* when it is a directory and no link; takes over *path*. Returns 1
 * when nothing is there.
 */
static int
open_dir(struct plat_dir **out, wchar_t *path, const char *shown, struct err *e)
{
	HANDLE h = win32_open(path, pinned);
	long os = (long)GetLastError();
	enum plat_type type = PLAT_OTHER;
	if (h != INVALID_HANDLE_VALUE && win32_type(&type, h) == 0 &&
	    type == PLAT_DIR) {
		*out = wrap(h, path);
		return 0;
	}
	free(path);
	if (h != INVALID_HANDLE_VALUE)
		CloseHandle(h);
	if (h != INVALID_HANDLE_VALUE || os == ERROR_CANT_ACCESS_FILE)
		return err_set(e, ERR_TYPE, "'%s': not a directory", shown);
	if (win32_is_missing((DWORD)os))
		return 1;
	return plat_fail(e, os, "open directory '%s'", shown);
}

int
plat_dir_open(struct plat_dir **out, const char *native, struct err *e)
{
	/* Links are followed once, here; below it none is. */
	struct str real = STR_INIT;
	wchar_t *path = NULL;
	if (plat_canonical(&real, native, e) == 0)
		path = win32_path(real.p, e);
	str_free(&real);
	if (path == NULL)
		return -1;
	int rc = open_dir(out, path, native, e);
	if (rc > 0)
		return plat_fail(
		    e, ERROR_PATH_NOT_FOUND, "open directory '%s'", native);
	return rc;
}

/* The directory *name* (of *n* bytes) in *at*. */
static int
open_part(struct plat_dir **out, const struct plat_dir *at, const char *name,
    size_t n, struct err *e)
{
	char *part = mem_copy(name, n);
	wchar_t *path = win32_child(at, part, e);
	int rc = path == NULL ? -1 : open_dir(out, path, part, e);
	free(part);
	return rc;
}

int
plat_dir_sub(
    struct plat_dir **out, struct plat_dir *at, const char *path, struct err *e)
{
	if (*path == '\0')
		return open_dir(out, wide_join(at->path, L"", L""), "", e);
	struct plat_dir *d = at;
	for (;;) {
		size_t n = strcspn(path, "/");
		struct plat_dir *next = NULL;
		int rc = open_part(&next, d, path, n, e);
		/* Closed only now: until the next one was open, this one had
		   to stay where it was. */
		if (d != at)
			plat_dir_close(d);
		if (rc != 0)
			return rc;
		d = next;
		if (path[n] == '\0')
			break;
		path += n + 1;
	}
	*out = d;
	return 0;
}

void
plat_dir_close(struct plat_dir *d)
{
	if (d == NULL)
		return;
	CloseHandle(d->h);
	free(d->path);
	free(d);
}

/* Is there a directory, perhaps behind a link? */
static bool
is_directory(const wchar_t *path)
{
	HANDLE h = CreateFileW(path, FILE_READ_ATTRIBUTES, WIN32_SHARE_ALL,
	    NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
	enum plat_type type = PLAT_OTHER;
	if (h == INVALID_HANDLE_VALUE)
		return false;
	bool is = win32_type(&type, h) == 0 && type == PLAT_DIR;
	CloseHandle(h);
	return is;
}

/* Create *path* unless it is a directory; its last part is *name*. */
static int
make_one(
    const wchar_t *path, const wchar_t *name, const char *native, struct err *e)
{
	if (is_directory(path))
		return 0;
	if (!win32_name_allowed(name, wcslen(name)))
		return err_set(e, ERR_NAME,
		    "create directory '%s': not a name Windows allows", native);
	if (CreateDirectoryW(path, NULL))
		return 0;
	DWORD os = GetLastError();
	/* Somebody else may have been as quick. */
	if (os != ERROR_ALREADY_EXISTS)
		return plat_fail(e, (long)os, "create directory '%s'", native);
	if (is_directory(path))
		return 0;
	return err_set(e, ERR_TYPE, "'%s': not a directory", native);
}

int
plat_dir_make(const char *native, uint32_t mode, struct err *e)
{
	UNUSED(mode);
	wchar_t *path = win32_path(native, e);
	if (path == NULL)
		return -1;
	int rc = is_directory(path) ? 0 : 1;
	size_t end = win32_path_root(path);
	if (rc == 1 && path[end] == L'\0')
		rc = plat_fail(
		    e, ERROR_PATH_NOT_FOUND, "create directory '%s'", native);
	while (rc == 1) {
		wchar_t *name = path + end;
		size_t n = wcscspn(name, L"\\");
		wchar_t behind = name[n];
		name[n] = L'\0';
		if (make_one(path, name, native, e) < 0)
			rc = -1;
		else if (behind == L'\0')
			rc = 0;
		name[n] = behind;
		end += n + 1;
	}
	free(path);
	return rc;
}

int
plat_dir_stat(struct plat_stat *out, struct plat_dir *d, struct err *e)
{
	if (win32_fill_stat(out, d->h) == 0)
		return 0;
	return plat_fail(e, (long)GetLastError(), "look at the directory");
}

/* Opening for it is asking: the system judges the rights then, and does nothing
   else. */
int
plat_dir_writable(struct plat_dir *d, struct err *e)
{
	HANDLE h = win32_open_link(d->path,
	    (struct win32_how){FILE_ADD_FILE | FILE_ADD_SUBDIRECTORY,
		WIN32_SHARE_ALL, OPEN_EXISTING});
	DWORD os = GetLastError();
	if (h != INVALID_HANDLE_VALUE) {
		CloseHandle(h);
		return 0;
	}
	if (os == ERROR_ACCESS_DENIED || os == ERROR_WRITE_PROTECT)
		return 1;
	return plat_fail(e, (long)os, "ask who may write");
}

/*
 * NTFS and ReFS log every change of a directory; flushing its handle writes
 * the log out. Where the system has no such thing to do, or not for us, there
 * is none better.
 */
int
plat_dir_sync(struct plat_dir *d, struct err *e)
{
	HANDLE h = win32_open_link(d->path,
	    (struct win32_how){
		FILE_ADD_FILE | SYNCHRONIZE, WIN32_SHARE_ALL, OPEN_EXISTING});
	if (h == INVALID_HANDLE_VALUE)
		return 0;
	BOOL done = FlushFileBuffers(h);
	DWORD os = GetLastError();
	CloseHandle(h);
	switch (done ? ERROR_SUCCESS : os) {
	case ERROR_SUCCESS:
	case ERROR_ACCESS_DENIED:
	case ERROR_INVALID_FUNCTION:
	case ERROR_INVALID_HANDLE:
	case ERROR_INVALID_PARAMETER:
	case ERROR_NOT_SUPPORTED:
		return 0;
	default:
		return plat_fail(e, (long)os, "sync the directory");
	}
}
