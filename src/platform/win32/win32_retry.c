#include "platform/win32/plat_win32.h"

#include "platform/plat_sig.h"
#include "platform/plat_time.h"

enum { FIRST_PAUSE = 5, LONGEST_PAUSE = 250 }; /* ms */

struct win32_retry
win32_retry_for(unsigned ms)
{
	return (struct win32_retry){
	    .until = plat_ticks() + ms, .pause = FIRST_PAUSE};
}

static bool
is_passing(DWORD os)
{
	return os == ERROR_SHARING_VIOLATION || os == ERROR_LOCK_VIOLATION ||
	    os == ERROR_USER_MAPPED_FILE || os == ERROR_DELETE_PENDING;
}

/*
 * "Access denied" is also what a rename says of a file somebody holds open.
 * Asking for the right to remove the file tells the two apart: a holder makes
 * it a sharing violation. What is open inside a directory cannot be told, so
 * for a directory it is assumed.
 */
static bool
is_held(const wchar_t *path)
{
	if (path == NULL)
		return false;
	HANDLE h = win32_open_link(path,
	    (struct win32_how){
		DELETE | FILE_READ_ATTRIBUTES, WIN32_SHARE_ALL, OPEN_EXISTING});
	if (h == INVALID_HANDLE_VALUE)
		return is_passing(GetLastError());
	enum plat_type type = PLAT_FILE;
	win32_type(&type, h);
	CloseHandle(h);
	return type == PLAT_DIR;
}

bool
win32_retry(struct win32_retry *r, const wchar_t *a, const wchar_t *b)
{
	r->os = GetLastError();
	if (r->os == ERROR_ACCESS_DENIED && (is_held(a) || is_held(b)))
		r->os = ERROR_SHARING_VIOLATION;
	if (!is_passing(r->os) || plat_ticks() >= r->until || plat_sig_asked())
		return false;
	plat_sleep(r->pause);
	r->pause *= 2;
	if (r->pause > LONGEST_PAUSE)
		r->pause = LONGEST_PAUSE;
	return true;
}

DWORD
win32_move(const wchar_t *from, const wchar_t *to, DWORD flags)
{
	struct win32_retry r = win32_retry_for(WIN32_RETRY_CHANGE);
	while (!MoveFileExW(from, to, flags | MOVEFILE_WRITE_THROUGH))
		if (!win32_retry(&r, from, to))
			return r.os;
	return ERROR_SUCCESS;
}
