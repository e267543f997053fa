#include "platform/win32/plat_win32.h"

#include <stdlib.h>

#include "platform/plat_err.h"

/* A Windows lock keeps others from reading what it covers: it covers one byte
   far behind the end of any file, where nothing is to be read. */
enum { FAR_BEHIND = 0x40000000 }; /* times 2^32 */

/* Returns 1 when somebody else holds it, 2 when there is no such file and
 *disposition* makes none. */
static int
open_and_lock(struct plat_file *out, struct plat_dir *d, const char *name,
    DWORD disposition, struct err *e)
{
	*out = PLAT_FILE_NONE;
	wchar_t *path = win32_new_child(d, name, e);
	if (path == NULL)
		return -1;
	/* Not to be removed as long as it is locked: whoever made it anew
	   would lock another file. */
	HANDLE h = win32_open(path,
	    (struct win32_how){
		GENERIC_READ | GENERIC_WRITE, WIN32_SHARE_PIN, disposition});
	DWORD os = GetLastError();
	free(path);
	if (h == INVALID_HANDLE_VALUE && win32_is_missing(os) &&
	    disposition == OPEN_EXISTING)
		return 2;
	if (h == INVALID_HANDLE_VALUE)
		return plat_fail(e, (long)os, "open '%s'", name);
	if (win32_keep_regular(out, h, name, e) < 0)
		return -1;
	OVERLAPPED at = {.OffsetHigh = FAR_BEHIND};
	if (LockFileEx(h, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY,
		0, 1, 0, &at))
		return 0;
	os = GetLastError();
	CloseHandle(h);
	*out = PLAT_FILE_NONE;
	if (os == ERROR_LOCK_VIOLATION || os == ERROR_IO_PENDING)
		return 1;
	return plat_fail(e, (long)os, "lock '%s'", name);
}

int
plat_lock(
    struct plat_file *out, struct plat_dir *d, const char *name, struct err *e)
{
	return open_and_lock(out, d, name, OPEN_ALWAYS, e);
}

int
plat_lock_look(struct plat_dir *d, const char *name, struct err *e)
{
	struct plat_file f = PLAT_FILE_NONE;
	int rc = open_and_lock(&f, d, name, OPEN_EXISTING, e);
	(void)plat_close(&f, NULL);
	return rc == 2 ? 0 : rc;
}
