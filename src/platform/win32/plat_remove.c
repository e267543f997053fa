/*
 * plat_remove.c - removing names.
 *
 * Everything goes by one handle, so what was looked at is what goes.
 */
#include "platform/win32/plat_win32.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "platform/plat_env.h"
#include "platform/plat_err.h"
#include "platform/win32/wide.h"

/* The class of FILE_DISPOSITION_INFO_EX, which headers hide from programs that
   also run on the first Windows 10. */
enum { DISPOSITION_EX = 21 };

/* A name nobody has, beside *path*: one of those a cloud client leaves alone.
   NULL when there is no way to make one up. */
static wchar_t *
spare_name(const wchar_t *path)
{
	unsigned char bytes[8];
	struct str name = STR_INIT;
	if (plat_random(bytes, sizeof(bytes), NULL) < 0)
		return NULL;
	str_add(&name, "~coldsync-");
	num_hex(&name, bytes, sizeof(bytes));
	str_add(&name, ".tmp");
	wchar_t *spare = wide_from(name.p, name.len);
	wchar_t *head = wide_join(path, L"", L"");
	wcsrchr(head, L'\\')[1] = L'\0';
	wchar_t *whole = wide_join(head, spare, L"");
	free(head);
	free(spare);
	str_free(&name);
	return whole;
}

static void
rename_to(HANDLE h, const wchar_t *path)
{
	size_t bytes = (wcslen(path) + 1) * sizeof(wchar_t);
	FILE_RENAME_INFO *info = mem_zero(1, sizeof(FILE_RENAME_INFO) + bytes);
	info->FileNameLength = (DWORD)(bytes - sizeof(wchar_t));
	memcpy(info->FileName, path, bytes);
	SetFileInformationByHandle(
	    h, FileRenameInfo, info, (DWORD)(sizeof(FILE_RENAME_INFO) + bytes));
	free(info);
}

/*
 * The way of file systems that keep a removed file's name until the last of
 * those who have it open lets go. The name is to be free at once: the file
 * goes under another.
 */
static BOOL
dispose_slowly(HANDLE h, const wchar_t *path, bool is_dir)
{
	FILE_DISPOSITION_INFO gone = {.DeleteFile = TRUE};
	if (win32_set_writable(h, true) < 0)
		return FALSE;
	wchar_t *spare = is_dir ? NULL : spare_name(path);
	if (spare != NULL)
		rename_to(h, spare);
	BOOL done = SetFileInformationByHandle(
	    h, FileDispositionInfo, &gone, sizeof(gone));
	DWORD os = GetLastError();
	if (!done && spare != NULL)
		rename_to(h, path);
	free(spare);
	SetLastError(os);
	return done;
}

/* Mark an open file for removal: at once, whoever has it open, also when it is
   read-only. */
static BOOL
dispose(HANDLE h, const wchar_t *path, bool is_dir)
{
	FILE_DISPOSITION_INFO_EX gone = {.Flags = FILE_DISPOSITION_FLAG_DELETE |
		FILE_DISPOSITION_FLAG_POSIX_SEMANTICS |
		FILE_DISPOSITION_FLAG_IGNORE_READONLY_ATTRIBUTE};
	if (SetFileInformationByHandle(h,
		(FILE_INFO_BY_HANDLE_CLASS)DISPOSITION_EX, &gone, sizeof(gone)))
		return TRUE;
	return win32_is_unknown(GetLastError())
	    ? dispose_slowly(h, path, is_dir)
	    : FALSE;
}

/* Remove what *path* names, when it is a directory (*want_dir*) or anything
   else. */
static BOOL
remove_as(const wchar_t *path, bool want_dir)
{
	HANDLE h = win32_open_link(path,
	    (struct win32_how){
		DELETE | FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES,
		WIN32_SHARE_ALL, OPEN_EXISTING});
	if (h == INVALID_HANDLE_VALUE)
		return FALSE;
	enum plat_type type;
	BOOL done = FALSE;
	if (win32_type(&type, h) == 0) {
		if ((type == PLAT_DIR) == want_dir)
			done = dispose(h, path, want_dir);
		else
			SetLastError(ERROR_DIRECTORY);
	}
	win32_close(h);
	return done;
}

static int
remove_name(struct plat_dir *d, const char *name, bool want_dir, struct err *e)
{
	wchar_t *path = win32_child(d, name, e);
	if (path == NULL)
		return -1;
	struct win32_retry r = win32_retry_for(WIN32_RETRY_CHANGE);
	BOOL done;
	while (!(done = remove_as(path, want_dir)))
		if (!win32_retry(&r, path, NULL))
			break;
	free(path);
	if (done)
		return 0;
	if (win32_is_missing(r.os))
		return 1;
	if (want_dir && r.os == ERROR_DIR_NOT_EMPTY)
		return 2;
	if (r.os == ERROR_DIRECTORY)
		return err_set(e, ERR_TYPE, "remove '%s': %s a directory", name,
		    want_dir ? "not" : "is");
	return plat_fail(e, (long)r.os, "remove '%s'", name);
}

int
plat_rmdir(struct plat_dir *d, const char *name, struct err *e)
{
	return remove_name(d, name, true, e);
}

int
plat_unlink(struct plat_dir *d, const char *name, struct err *e)
{
	return remove_name(d, name, false, e);
}
