/*
 * plat_open.c - opening and closing files.
 *
 * Files are shared in every way, as on other systems: whoever else has one
 * open may rename, remove or write it, and so may we.
 */
#include "platform/win32/plat_win32.h"

#include <stdlib.h>

#include "platform/plat_err.h"

enum { NO_HANDLE = -1 };

static const struct win32_how for_reading = {
    GENERIC_READ, WIN32_SHARE_ALL, OPEN_EXISTING};
static const struct win32_how for_creating = {
    GENERIC_READ | GENERIC_WRITE | DELETE, WIN32_SHARE_ALL, CREATE_NEW};
/* The right to append without the right to write is what makes every write
   land at the end. */
static const struct win32_how for_appending = {
    FILE_GENERIC_READ | (FILE_GENERIC_WRITE & ~(DWORD)FILE_WRITE_DATA),
    WIN32_SHARE_ALL, OPEN_ALWAYS};

int
win32_keep_regular(
    struct plat_file *out, HANDLE h, const char *name, struct err *e)
{
	enum plat_type type = PLAT_OTHER;
	if (GetFileType(h) == FILE_TYPE_DISK && win32_type(&type, h) < 0) {
		DWORD os = GetLastError();
		CloseHandle(h);
		return plat_fail(e, (long)os, "look at '%s'", name);
	}
	if (type != PLAT_FILE) {
		CloseHandle(h);
		return err_set(e, ERR_TYPE, "'%s': not a regular file", name);
	}
	out->h = (intptr_t)h;
	return 0;
}

/* Open *path*, shown as *name*; takes it over. 1: nothing there. */
static int
open_path(struct plat_file *out, wchar_t *path, const struct win32_how *how,
    const char *name, struct err *e)
{
	out->h = NO_HANDLE;
	if (path == NULL)
		return -1;
	HANDLE h = win32_open(path, *how);
	DWORD os = GetLastError();
	free(path);
	if (h != INVALID_HANDLE_VALUE)
		return win32_keep_regular(out, h, name, e);
	if (os == ERROR_CANT_ACCESS_FILE)
		return err_set(e, ERR_TYPE, "'%s': not a regular file", name);
	if (how->disposition == OPEN_EXISTING && win32_is_missing(os))
		return 1;
	return plat_fail(e, (long)os, "%s '%s'",
	    how->disposition == CREATE_NEW ? "create" : "open", name);
}

int
plat_open(
    struct plat_file *out, struct plat_dir *d, const char *name, struct err *e)
{
	return open_path(out, win32_child(d, name, e), &for_reading, name, e);
}

int
plat_open_look(struct plat_file *out, struct plat_stat *st, struct plat_dir *d,
    const char *name, struct err *e)
{
	int rc = plat_open(out, d, name, e);
	if (rc == 0 && plat_file_stat(st, *out, e) < 0) {
		plat_close(out, NULL);
		return -1;
	}
	return rc;
}

int
plat_create(
    struct plat_file *out, struct plat_dir *d, const char *name, struct err *e)
{
	return open_path(
	    out, win32_new_child(d, name, e), &for_creating, name, e);
}

int
plat_append(
    struct plat_file *out, struct plat_dir *d, const char *name, struct err *e)
{
	return open_path(
	    out, win32_new_child(d, name, e), &for_appending, name, e);
}

int
plat_open_native(struct plat_file *out, const char *native, struct err *e)
{
	/* Links are followed here, so that what is opened is none. */
	struct str real = STR_INIT;
	out->h = NO_HANDLE;
	int rc = plat_canonical(&real, native, e);
	if (rc == 0)
		rc = open_path(
		    out, win32_path(real.p, e), &for_reading, native, e);
	str_free(&real);
	return rc;
}

int
plat_close(struct plat_file *f, struct err *e)
{
	HANDLE h = win32_handle(*f);
	if (f->h == NO_HANDLE)
		return 0;
	f->h = NO_HANDLE;
	if (CloseHandle(h))
		return 0;
	return plat_fail(e, (long)GetLastError(), "close");
}
