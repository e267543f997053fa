/*
 * plat_symlink.c - symbolic links and junctions.
 *
 * A target uses '/' in a tree and '\' in a Windows link; the two are exchanged
 * on the way in and out, so that a link between other systems passes through
 * unchanged. A target that itself holds a '\' could not, and is refused.
 */
#include "platform/win32/plat_win32.h"

#include <winioctl.h>

#include <stdlib.h>
#include <wchar.h>

#include "base/mem.h"
#include "platform/plat_err.h"
#include "platform/win32/wide.h"

/* ---- reading ---- */

enum { REPARSE_MAX = 16 * 1024 }; /* bytes; the system's own limit */

/* Where the two kinds of link keep their text: five 16-bit numbers behind an
   8-byte head, for symbolic links 4 bytes of flags, then the names. */
enum { NAMES = 8, JUNCTION_TEXT = 16, SYMLINK_TEXT = 20 };

static size_t
number_at(const unsigned char *data, size_t offset)
{
	return (size_t)data[offset] | (size_t)data[offset + 1] << 8;
}

/* Append the text whose offset and length stand at *where*; false when they
   do not lie within the *n* bytes. */
static bool
add_text(struct str *out, const unsigned char *data, size_t n, size_t text,
    size_t where)
{
	size_t start = text + number_at(data, where);
	size_t bytes = number_at(data, where + 2);
	if (start > n || bytes > n - start || bytes == 0)
		return false;
	wchar_t *w = mem_zero(bytes / 2 + 1, sizeof(wchar_t));
	memcpy(w, data + start, bytes / 2 * 2);
	/* The name for the kernel begins with `\??\`, which is no directory. */
	const wchar_t *p = wcsncmp(w, L"\\??\\", 4) == 0 ? w + 4 : w;
	win32_path_show(out, p);
	free(w);
	return true;
}

bool
win32_link_target(struct str *out, const unsigned char *data, size_t n)
{
	if (n < SYMLINK_TEXT)
		return false;
	DWORD tag = (DWORD)(number_at(data, 0) | number_at(data, 2) << 16);
	size_t text = tag == IO_REPARSE_TAG_SYMLINK ? SYMLINK_TEXT
	    : tag == IO_REPARSE_TAG_MOUNT_POINT     ? JUNCTION_TEXT
						    : 0;
	/* The name for people stands second; junctions may lack it. */
	return text > 0 &&
	    (add_text(out, data, n, text, NAMES + 4) ||
		add_text(out, data, n, text, NAMES));
}

int
plat_readlink(
    struct str *out, struct plat_dir *d, const char *name, struct err *e)
{
	wchar_t *path = win32_child(d, name, e);
	if (path == NULL)
		return -1;
	HANDLE h = win32_open_link(path,
	    (struct win32_how){
		FILE_READ_ATTRIBUTES, WIN32_SHARE_ALL, OPEN_EXISTING});
	free(path);
	if (h == INVALID_HANDLE_VALUE)
		return plat_fail(
		    e, (long)GetLastError(), "read the link '%s'", name);
	unsigned char *data = mem_zero(1, REPARSE_MAX);
	DWORD n = 0;
	BOOL done = DeviceIoControl(
	    h, FSCTL_GET_REPARSE_POINT, NULL, 0, data, REPARSE_MAX, &n, NULL);
	win32_close(h);
	int rc = 0;
	if (!done)
		rc = plat_fail(
		    e, (long)GetLastError(), "read the link '%s'", name);
	else if (!win32_link_target(out, data, n))
		rc = err_set(e, ERR_UNSUPPORTED,
		    "read the link '%s': of an unknown kind", name);
	free(data);
	return rc;
}

/* ---- making ---- */

/* Windows has links to directories and links to files; which one it is to be
   is decided by what the target is now. */
static DWORD
kind_of_target(const struct plat_dir *d, const wchar_t *target)
{
	wchar_t *whole = win32_below(d, target);
	struct str shown = STR_INIT;
	win32_path_show(
	    &shown, target[0] == L'\\' || target[1] == L':' ? target : whole);
	free(whole);
	/* Once through the text, which resolves "..". */
	wchar_t *path = win32_path(shown.p, NULL);
	str_free(&shown);
	DWORD attributes =
	    path == NULL ? INVALID_FILE_ATTRIBUTES : GetFileAttributesW(path);
	free(path);
	return attributes != INVALID_FILE_ATTRIBUTES &&
		(attributes & FILE_ATTRIBUTE_DIRECTORY)
	    ? SYMBOLIC_LINK_FLAG_DIRECTORY
	    : 0;
}

static DWORD
make_link(const wchar_t *path, const wchar_t *target, DWORD kind)
{
	const DWORD unprivileged = SYMBOLIC_LINK_FLAG_ALLOW_UNPRIVILEGED_CREATE;
	if (CreateSymbolicLinkW(path, target, kind | unprivileged))
		return ERROR_SUCCESS;
	/* Systems before Windows 10 1703 do not know the flag. */
	if (GetLastError() == ERROR_INVALID_PARAMETER &&
	    CreateSymbolicLinkW(path, target, kind))
		return ERROR_SUCCESS;
	return GetLastError();
}

int
plat_symlink(
    struct plat_dir *d, const char *name, const char *target, struct err *e)
{
	wchar_t *path = win32_new_child(d, name, e);
	if (path == NULL)
		return -1;
	wchar_t *to = wide_from(target, strlen(target));
	if (to == NULL || to[0] == L'\0' || wcschr(to, L'\\') != NULL) {
		free(to);
		free(path);
		return err_set(e, ERR_NAME,
		    "link '%s': Windows cannot hold its target", name);
	}
	for (wchar_t *p = to; *p != L'\0'; p++)
		if (*p == L'/')
			*p = L'\\';
	DWORD os = make_link(path, to, kind_of_target(d, to));
	/* Wine says that it made the link, and makes none. */
	enum plat_type type;
	if (os == ERROR_SUCCESS && win32_type_at(&type, path) < 0)
		os = ERROR_NOT_SUPPORTED;
	free(to);
	free(path);
	switch (os) {
	case ERROR_SUCCESS:
		return 0;
	case ERROR_PRIVILEGE_NOT_HELD:
	case ERROR_INVALID_FUNCTION:
	case ERROR_NOT_SUPPORTED:
	case ERROR_CALL_NOT_IMPLEMENTED:
		return 1;
	default:
		return plat_fail(e, (long)os, "create link '%s'", name);
	}
}
