#include "platform/win32/plat_win32.h"

void
win32_close(HANDLE h)
{
	DWORD os = GetLastError();
	CloseHandle(h);
	SetLastError(os);
}

static HANDLE
open_with(const wchar_t *path, struct win32_how how, DWORD flags)
{
	/* Backup semantics are what opens directories. */
	return CreateFileW(path, how.access, how.share, NULL, how.disposition,
	    FILE_FLAG_BACKUP_SEMANTICS | flags, NULL);
}

HANDLE
win32_open_link(const wchar_t *path, struct win32_how how)
{
	return open_with(path, how, FILE_FLAG_OPEN_REPARSE_POINT);
}

static int
attributes_of(HANDLE h, FILE_ATTRIBUTE_TAG_INFO *info)
{
	return GetFileInformationByHandleEx(
		   h, FileAttributeTagInfo, info, sizeof(*info))
	    ? 0
	    : -1;
}

int
win32_type(enum plat_type *out, HANDLE h)
{
	FILE_ATTRIBUTE_TAG_INFO info;
	if (attributes_of(h, &info) < 0)
		return -1;
	struct plat_stat st;
	win32_fill_kind(&st, info.FileAttributes, info.ReparseTag);
	*out = st.type;
	return 0;
}

int
win32_type_at(enum plat_type *out, const wchar_t *path)
{
	HANDLE h = win32_open_link(path,
	    (struct win32_how){
		FILE_READ_ATTRIBUTES, WIN32_SHARE_ALL, OPEN_EXISTING});
	if (h == INVALID_HANDLE_VALUE)
		return -1;
	int rc = win32_type(out, h);
	win32_close(h);
	return rc;
}

bool
win32_is_missing(DWORD os)
{
	return os == ERROR_FILE_NOT_FOUND || os == ERROR_PATH_NOT_FOUND;
}

bool
win32_is_unknown(DWORD os)
{
	return os == ERROR_INVALID_PARAMETER || os == ERROR_INVALID_FUNCTION ||
	    os == ERROR_INVALID_LEVEL || os == ERROR_NOT_SUPPORTED ||
	    os == ERROR_CALL_NOT_IMPLEMENTED;
}

/* Are both handles the same file? */
static bool
is_same(HANDLE a, HANDLE b)
{
	BY_HANDLE_FILE_INFORMATION ia, ib;
	return GetFileInformationByHandle(a, &ia) &&
	    GetFileInformationByHandle(b, &ib) &&
	    ia.dwVolumeSerialNumber == ib.dwVolumeSerialNumber &&
	    ia.nFileIndexHigh == ib.nFileIndexHigh &&
	    ia.nFileIndexLow == ib.nFileIndexLow;
}

/*
 * *h* is the reparse point itself, and not a link: open what the system shows
 * in its place, while *h* keeps it where it is. Closes *h*.
 */
static HANDLE
open_through(HANDLE h, const wchar_t *path, struct win32_how how)
{
	how.disposition = OPEN_EXISTING;
	HANDLE through = open_with(path, how, 0);
	if (through != INVALID_HANDLE_VALUE && !is_same(h, through)) {
		CloseHandle(through);
		SetLastError(ERROR_CANT_ACCESS_FILE);
		through = INVALID_HANDLE_VALUE;
	}
	win32_close(h);
	return through;
}

/* *h*, or what is to be used in its place; INVALID_HANDLE_VALUE for a link. */
static HANDLE
content_of(HANDLE h, const wchar_t *path, struct win32_how how)
{
	FILE_ATTRIBUTE_TAG_INFO info;
	if (attributes_of(h, &info) < 0) {
		win32_close(h);
		return INVALID_HANDLE_VALUE;
	}
	if (!(info.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT))
		return h;
	struct plat_stat st;
	win32_fill_kind(&st, info.FileAttributes, info.ReparseTag);
	if (st.type != PLAT_LINK && st.type != PLAT_OTHER)
		return open_through(h, path, how);
	CloseHandle(h);
	SetLastError(ERROR_CANT_ACCESS_FILE);
	return INVALID_HANDLE_VALUE;
}

HANDLE
win32_open(const wchar_t *path, struct win32_how how)
{
	struct win32_retry r = win32_retry_for(WIN32_RETRY_LOOK);
	HANDLE h;
	while ((h = win32_open_link(path, how)) == INVALID_HANDLE_VALUE)
		if (!win32_retry(&r, path, NULL)) {
			SetLastError(r.os);
			return h;
		}
	return content_of(h, path, how);
}
