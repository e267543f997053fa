/*
 * plat_name.c - what is done to one name in a directory.
 */
#include "platform/win32/plat_win32.h"

#include <stdlib.h>
#include <wchar.h>

#include "platform/plat_err.h"
#include "platform/win32/wide.h"

int
plat_stat(
    struct plat_stat *out, struct plat_dir *d, const char *name, struct err *e)
{
	wchar_t *path = win32_child(d, name, e);
	if (path == NULL)
		return -1;
	/* Asking for attributes only is never a sharing violation, and
	   downloads nothing. */
	HANDLE h = win32_open_link(path,
	    (struct win32_how){
		FILE_READ_ATTRIBUTES, WIN32_SHARE_ALL, OPEN_EXISTING});
	DWORD os = GetLastError();
	free(path);
	if (h == INVALID_HANDLE_VALUE && win32_is_missing(os))
		return 1;
	int rc = h == INVALID_HANDLE_VALUE ? -1 : win32_fill_stat(out, h);
	if (rc < 0) {
		os = GetLastError();
		plat_fail(e, (long)os, "look at '%s'", name);
	}
	if (h != INVALID_HANDLE_VALUE)
		CloseHandle(h);
	return rc;
}

int
plat_mkdir(struct plat_dir *d, const char *name, uint32_t mode, struct err *e)
{
	UNUSED(mode);
	wchar_t *path = win32_new_child(d, name, e);
	if (path == NULL)
		return -1;
	BOOL done = CreateDirectoryW(path, NULL);
	DWORD os = GetLastError();
	free(path);
	return done ? 0 : plat_fail(e, (long)os, "create '%s'", name);
}

/* ---- renaming ---- */

/*
 * Was *b* given that very name? Wine, and some servers, say of a rename that
 * changes nothing but case that it is done, and keep the old spelling.
 */
static bool
is_spelled(const wchar_t *a, const wchar_t *b)
{
	WIN32_FIND_DATAW found;
	if (CompareStringOrdinal(a, -1, b, -1, TRUE) != CSTR_EQUAL)
		return true;
	HANDLE h = FindFirstFileW(b, &found);
	if (h == INVALID_HANDLE_VALUE)
		return true;
	FindClose(h);
	return wcscmp(wcsrchr(b, L'\\') + 1, found.cFileName) == 0;
}

int
plat_move(struct plat_dir *from_dir, const char *from, struct plat_dir *to_dir,
    const char *to, struct err *e)
{
	wchar_t *a = win32_child(from_dir, from, e);
	wchar_t *b = a == NULL ? NULL : win32_new_child(to_dir, to, e);
	int rc = -1;
	if (b != NULL) {
		DWORD os = win32_move(a, b, 0);
		rc = os == ERROR_SUCCESS
		    ? 0
		    : plat_fail(e, (long)os, "rename '%s' to '%s'", from, to);
	}
	if (rc == 0 && !is_spelled(a, b))
		rc = err_set(e, ERR_UNSUPPORTED,
		    "rename '%s' to '%s': the old spelling is kept", from, to);
	free(a);
	free(b);
	return rc;
}

/* Rename over *to*, which gives up its read-only attribute for that. */
static DWORD
replace(const wchar_t *from, const wchar_t *to)
{
	enum plat_type type;
	if (win32_type_at(&type, to) == 0 && type == PLAT_DIR)
		return ERROR_DIRECTORY;
	HANDLE h = win32_open_link(to,
	    (struct win32_how){FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES,
		WIN32_SHARE_ALL, OPEN_EXISTING});
	if (h != INVALID_HANDLE_VALUE) {
		win32_set_writable(h, true);
		CloseHandle(h);
	}
	return win32_move(from, to, MOVEFILE_REPLACE_EXISTING);
}

int
plat_replace(struct plat_dir *from_dir, const char *from,
    struct plat_dir *to_dir, const char *to, struct err *e)
{
	wchar_t *a = win32_child(from_dir, from, e);
	wchar_t *b = a == NULL ? NULL : win32_new_child(to_dir, to, e);
	int rc = -1;
	if (b != NULL) {
		DWORD os = replace(a, b);
		rc = os == ERROR_SUCCESS
		    ? 0
		    : plat_fail(e, (long)os, "rename '%s' over '%s'", from, to);
	}
	free(a);
	free(b);
	return rc;
}

static DWORD
hard_link(const wchar_t *from, const wchar_t *to)
{
	enum plat_type type;
	if (win32_type_at(&type, from) == 0 && type == PLAT_DIR)
		return ERROR_DIRECTORY;
	struct win32_retry r = win32_retry_for(WIN32_RETRY_CHANGE);
	while (!CreateHardLinkW(to, from, NULL))
		if (!win32_retry(&r, from, to))
			return r.os;
	return ERROR_SUCCESS;
}

int
plat_link(struct plat_dir *from_dir, const char *from, struct plat_dir *to_dir,
    const char *to, struct err *e)
{
	wchar_t *a = win32_child(from_dir, from, e);
	wchar_t *b = a == NULL ? NULL : win32_new_child(to_dir, to, e);
	bool good = b != NULL;
	DWORD os = good ? hard_link(a, b) : ERROR_INVALID_NAME;
	free(a);
	free(b);
	if (!good)
		return -1;
	switch (os) {
	case ERROR_SUCCESS:
		return 0;
	case ERROR_INVALID_FUNCTION:
	case ERROR_NOT_SUPPORTED:
	case ERROR_TOO_MANY_LINKS:
	case 396: /* ERROR_CLOUD_FILE_INCOMPATIBLE_HARDLINKS */
		return 1;
	default:
		return plat_fail(e, (long)os, "link '%s' to '%s'", from, to);
	}
}
