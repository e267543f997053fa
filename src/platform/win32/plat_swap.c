/*
 * plat_swap.c - two files trade places.
 *
 * ReplaceFileW puts *a* where *b* is and keeps *b* under a third name, which
 * then takes the name *a*. A crash in between leaves *b*'s old file under the
 * third name; so does every failure below that cannot be put right.
 */
#include "platform/win32/plat_win32.h"

#include <stdlib.h>

#include "platform/plat_err.h"
#include "platform/win32/wide.h"

struct swap {
	wchar_t *a, *b;
	wchar_t *aside; /* *a* with PLAT_SWAP_SUFFIX */
};

/* Is the name taken, or can that not be told? */
static bool
is_taken(const wchar_t *path)
{
	enum plat_type type;
	return win32_type_at(&type, path) == 0 ||
	    GetLastError() != ERROR_FILE_NOT_FOUND;
}

/* Set or clear the read-only attribute; returns what it was before. */
static bool
set_writable(const wchar_t *path, bool writable)
{
	DWORD before = GetFileAttributesW(path);
	HANDLE h = win32_open_link(path,
	    (struct win32_how){FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES,
		WIN32_SHARE_ALL, OPEN_EXISTING});
	if (h != INVALID_HANDLE_VALUE) {
		win32_set_writable(h, writable);
		CloseHandle(h);
	}
	return before == INVALID_FILE_ATTRIBUTES ||
	    !(before & FILE_ATTRIBUTE_READONLY);
}

/* What hides a file belongs to its name: ReplaceFileW says so, and not every
   system that has it keeps to that. */
static void
hide_alike(const wchar_t *path, DWORD before)
{
	const DWORD kept = FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM;
	DWORD now = GetFileAttributesW(path);
	if (before == INVALID_FILE_ATTRIBUTES ||
	    now == INVALID_FILE_ATTRIBUTES || (before & ~now & kept) == 0)
		return;
	SetFileAttributesW(path, now | (before & kept));
}

/*
 * The first step. When it fails half-way, *b* is already aside and *a* not yet
 * in its place: *b* goes back, so that nothing has happened.
 */
static DWORD
replace(const struct swap *s)
{
	const DWORD flags =
	    REPLACEFILE_IGNORE_MERGE_ERRORS | REPLACEFILE_IGNORE_ACL_ERRORS;
	struct win32_retry r = win32_retry_for(WIN32_RETRY_CHANGE);
	while (!ReplaceFileW(s->b, s->a, s->aside, flags, NULL, NULL)) {
		DWORD os = GetLastError();
		if (os == ERROR_UNABLE_TO_MOVE_REPLACEMENT_2) {
			win32_move(s->aside, s->b, 0);
			SetLastError(ERROR_SHARING_VIOLATION);
		} else if (os == ERROR_UNABLE_TO_REMOVE_REPLACED ||
		    os == ERROR_UNABLE_TO_MOVE_REPLACEMENT) {
			SetLastError(ERROR_SHARING_VIOLATION);
		}
		if (!win32_retry(&r, s->a, s->b))
			return r.os;
	}
	return ERROR_SUCCESS;
}

static DWORD
swap(const struct swap *s)
{
	if (is_taken(s->aside))
		return ERROR_ALREADY_EXISTS;
	/* ReplaceFileW refuses a read-only file; and in the end the attribute
	   belongs to the file, not to the name. */
	DWORD before = GetFileAttributesW(s->b);
	bool a_writable = set_writable(s->a, true);
	bool b_writable = set_writable(s->b, true);
	DWORD os = replace(s);
	if (os == ERROR_SUCCESS)
		os = win32_move(s->aside, s->a, 0);
	if (os != ERROR_SUCCESS && !is_taken(s->a)) {
		/* Half done: the same step the other way round undoes it. */
		struct swap back = {.a = s->aside, .b = s->b, .aside = s->a};
		replace(&back);
	}
	bool done = os == ERROR_SUCCESS;
	if (done)
		hide_alike(s->b, before);
	if (!a_writable)
		set_writable(done ? s->b : s->a, false);
	if (!b_writable)
		set_writable(done ? s->a : s->b, false);
	return os;
}

static int
swap_files(const struct swap *s, const char *a, const char *b, struct err *e)
{
	enum plat_type a_type, b_type;
	if (win32_type_at(&a_type, s->a) < 0 ||
	    win32_type_at(&b_type, s->b) < 0)
		return plat_fail(
		    e, (long)GetLastError(), "exchange '%s' and '%s'", a, b);
	if (a_type != PLAT_FILE || b_type != PLAT_FILE)
		return 1;
	DWORD os = swap(s);
	switch (os) {
	case ERROR_SUCCESS:
		return 0;
	case ERROR_INVALID_FUNCTION:
	case ERROR_NOT_SUPPORTED:
	case ERROR_CALL_NOT_IMPLEMENTED:
		return 1;
	default:
		return plat_fail(e, (long)os, "exchange '%s' and '%s'", a, b);
	}
}

int
plat_swap(struct plat_dir *a_dir, const char *a, struct plat_dir *b_dir,
    const char *b, struct err *e)
{
	struct swap s = {.a = win32_child(a_dir, a, e)};
	if (s.a != NULL)
		s.b = win32_child(b_dir, b, e);
	if (s.b != NULL)
		s.aside = wide_join(s.a, L"" PLAT_SWAP_SUFFIX, L"");
	int rc = s.aside == NULL ? -1 : swap_files(&s, a, b, e);
	free(s.a);
	free(s.b);
	free(s.aside);
	return rc;
}
