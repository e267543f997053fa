/*
 * plat_attr.c - times and permissions, by name and by handle.
 */
#include "platform/win32/plat_win32.h"

#include <stdlib.h>

#include "platform/plat_err.h"

/* Open *name* itself to change its attributes. */
static HANDLE
open_attributes(struct plat_dir *d, const char *name, struct err *e)
{
	wchar_t *path = win32_child(d, name, e);
	if (path == NULL)
		return INVALID_HANDLE_VALUE;
	HANDLE h = win32_open_link(path,
	    (struct win32_how){FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES,
		WIN32_SHARE_ALL, OPEN_EXISTING});
	if (h == INVALID_HANDLE_VALUE)
		plat_fail(e, (long)GetLastError(), "open '%s'", name);
	free(path);
	return h;
}

/* An open file again, with the right to change its attributes. */
static HANDLE
reopen_attributes(struct plat_file f)
{
	return ReOpenFile(win32_handle(f),
	    FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES, WIN32_SHARE_ALL, 0);
}

int
plat_touch(
    struct plat_dir *d, const char *name, struct stamp mtime, struct err *e)
{
	HANDLE h = open_attributes(d, name, e);
	if (h == INVALID_HANDLE_VALUE)
		return -1;
	int rc = win32_set_mtime(h, mtime);
	if (rc < 0)
		plat_fail(
		    e, (long)GetLastError(), "set the time of '%s'", name);
	CloseHandle(h);
	return rc;
}

int
plat_chmod(struct plat_dir *d, const char *name, uint32_t mode, struct err *e)
{
	HANDLE h = open_attributes(d, name, e);
	if (h == INVALID_HANDLE_VALUE)
		return -1;
	enum plat_type type = PLAT_OTHER;
	int rc = win32_type(&type, h);
	if (rc == 0 && type != PLAT_FILE && type != PLAT_DIR) {
		CloseHandle(h);
		return err_set(e, ERR_TYPE,
		    "set the mode of '%s': not a file or directory", name);
	}
	if (rc == 0)
		rc = win32_set_writable(h, (mode & 0200) != 0);
	if (rc < 0)
		plat_fail(
		    e, (long)GetLastError(), "set the mode of '%s'", name);
	CloseHandle(h);
	return rc;
}

int
plat_file_touch(struct plat_file f, struct stamp mtime, struct err *e)
{
	int rc = win32_set_mtime(win32_handle(f), mtime);
	if (rc < 0 && GetLastError() == ERROR_ACCESS_DENIED) {
		/* It may only have been opened for reading. */
		HANDLE h = reopen_attributes(f);
		if (h != INVALID_HANDLE_VALUE) {
			rc = win32_set_mtime(h, mtime);
			win32_close(h);
		}
	}
	return rc < 0
	    ? plat_fail(e, (long)GetLastError(), "set the file's time")
	    : rc;
}

int
plat_file_chmod(struct plat_file f, uint32_t mode, struct err *e)
{
	bool writable = (mode & 0200) != 0;
	int rc = win32_set_writable(win32_handle(f), writable);
	if (rc < 0 && GetLastError() == ERROR_ACCESS_DENIED) {
		HANDLE h = reopen_attributes(f);
		if (h != INVALID_HANDLE_VALUE) {
			rc = win32_set_writable(h, writable);
			win32_close(h);
		}
	}
	return rc < 0
	    ? plat_fail(e, (long)GetLastError(), "set the file's mode")
	    : 0;
}
