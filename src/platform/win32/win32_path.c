/*
 * win32_path.c - native paths in full, and back.
 */
#include "platform/win32/plat_win32.h"

#include <stdlib.h>
#include <wchar.h>

#include "base/mem.h"
#include "platform/plat_env.h"
#include "platform/plat_err.h"
#include "platform/win32/wide.h"

static bool
is_drive(const wchar_t *w)
{
	return ((w[0] >= L'A' && w[0] <= L'Z') ||
		   (w[0] >= L'a' && w[0] <= L'z')) &&
	    w[1] == L':';
}

/* The offset behind the *count*-th part at *w* and the backslash there. */
static size_t
skip_parts(const wchar_t *w, int count)
{
	size_t i = 0;
	while (count-- > 0) {
		size_t part = wcscspn(w + i, L"\\");
		if (part == 0)
			return 0;
		i += part;
		if (w[i] == L'\\')
			i++;
	}
	return i;
}

/* Does the part at *w* read *word*? */
static bool
part_is(const wchar_t *w, const wchar_t *word)
{
	size_t n = wcslen(word);
	return _wcsnicmp(w, word, n) == 0 && (w[n] == L'\\' || w[n] == L'\0');
}

/* The length of "server\share\" at *w*; 0 when it leads to no disk: to a
   device of this machine ("\\.\…") or a pipe of any. */
static size_t
share_length(const wchar_t *w)
{
	size_t server = skip_parts(w, 1);
	const wchar_t *share = w + server;
	if (server == 0 || part_is(w, L".") || part_is(w, L"?") ||
	    part_is(share, L"pipe") || part_is(share, L"mailslot"))
		return 0;
	size_t len = skip_parts(share, 1);
	return len > 0 ? server + len : 0;
}

size_t
win32_path_root(const wchar_t *path)
{
	if (wcsncmp(path, L"\\\\?\\", 4) != 0)
		return 0;
	if (is_drive(path + 4))
		return path[6] == L'\\' ? 7 : 0;
	if (_wcsnicmp(path + 4, L"UNC\\", 4) == 0) {
		size_t share = share_length(path + 8);
		return share > 0 ? 8 + share : 0;
	}
	if (_wcsnicmp(path + 4, L"Volume{", 7) == 0)
		return 4 + skip_parts(path + 4, 1);
	return 0;
}

/* Resolve "", "." and ".." behind the root, in place: the system does so by
   the text as well, and does not for paths that begin with `\\?\`. */
static void
tidy(wchar_t *path, size_t root)
{
	size_t len = root;
	for (const wchar_t *p = path + root; *p != L'\0';) {
		size_t n = wcscspn(p, L"\\");
		if (n == 2 && p[0] == L'.' && p[1] == L'.') {
			while (len > root && path[--len] != L'\\')
				continue;
		} else if (n > 0 && !(n == 1 && p[0] == L'.')) {
			if (len > root)
				path[len++] = L'\\';
			wmemmove(path + len, p, n);
			len += n;
		}
		p += n;
		p += *p == L'\\';
	}
	path[len] = L'\0';
}

/* The current directory of a drive ("X:"), its root ("\") or ours ("."), with
   a backslash at its end. */
static wchar_t *
current(const wchar_t *what)
{
	DWORD room = GetFullPathNameW(what, 0, NULL, NULL);
	wchar_t *w = mem_zero((size_t)room + 1, sizeof(wchar_t));
	DWORD len = GetFullPathNameW(what, room, w, NULL);
	if (len >= room)
		w[0] = L'\0';
	wchar_t *whole = wide_join(w, L"\\", L"");
	free(w);
	return whole;
}

/* *w* against the current directory; it has backslashes only. */
static wchar_t *
absolute(const wchar_t *w)
{
	if (wcsncmp(w, L"\\\\", 2) == 0 || (is_drive(w) && w[2] == L'\\'))
		return wide_join(w, L"\\", L"");
	wchar_t drive[] = L"X:";
	const wchar_t *against = L".";
	if (is_drive(w)) {
		drive[0] = w[0];
		against = drive;
		w += 2;
	} else if (w[0] == L'\\') {
		against = L"\\";
	}
	wchar_t *base = current(against);
	wchar_t *whole = wide_join(base, w, L"\\");
	free(base);
	return whole;
}

/* Put `\\?\` before an absolute path. */
static wchar_t *
prefix(const wchar_t *w)
{
	if (wcsncmp(w, L"\\\\?\\", 4) == 0)
		return wide_join(w, L"", L"");
	if (wcsncmp(w, L"\\\\", 2) == 0)
		return wide_join(L"\\\\?\\UNC\\", w + 2, L"");
	wchar_t *whole = wide_join(L"\\\\?\\", w, L"");
	if (whole[4] >= L'a' && whole[4] <= L'z')
		whole[4] = (wchar_t)(whole[4] - L'a' + L'A');
	return whole;
}

wchar_t *
win32_path(const char *native, struct err *e)
{
	wchar_t *w = wide_from(native, strlen(native));
	if (w == NULL) {
		err_set(e, ERR_NAME, "'%s': not UTF-8", native);
		return NULL;
	}
	if (w[0] == L'\0') {
		err_set(e, ERR_NOTFOUND, "an empty path");
		goto out;
	}
	for (wchar_t *p = w; *p != L'\0'; p++)
		if (*p == L'/')
			*p = L'\\';
	wchar_t *whole = absolute(w);
	wchar_t *path = prefix(whole);
	free(whole);
	size_t root = win32_path_root(path);
	if (root > 0) {
		tidy(path, root);
		free(w);
		return path;
	}
	free(path);
	err_set(e, ERR_TYPE, "'%s': not the path of a file", native);
out:
	free(w);
	return NULL;
}

void
win32_path_show(struct str *out, const wchar_t *path)
{
	size_t start = out->len;
	if (wcsncmp(path, L"\\\\?\\UNC\\", 8) == 0) {
		str_add(out, "//");
		path += 8;
	} else if (wcsncmp(path, L"\\\\?\\", 4) == 0 && is_drive(path + 4)) {
		path += 4;
	}
	wide_to(out, path, wcslen(path));
	/* Bytes below 0x80 are nothing but themselves in UTF-8. */
	for (size_t i = start; i < out->len; i++)
		if (out->p[i] == '\\')
			out->p[i] = '/';
}

bool
plat_is_absolute(const char *native)
{
	if (native[0] == '/' || native[0] == '\\')
		return native[1] == '/' || native[1] == '\\';
	wchar_t w[] = {(unsigned char)native[0], L'\0', L'\0'};
	if (w[0] != L'\0')
		w[1] = (unsigned char)native[1];
	return is_drive(w) && (native[2] == '/' || native[2] == '\\');
}

int
plat_absolute(struct str *out, const char *native, struct err *e)
{
	wchar_t *path = win32_path(native, e);
	if (path == NULL)
		return -1;
	win32_path_show(out, path);
	free(path);
	return 0;
}

/* Where *path* really is, as an open handle tells; NULL when it does not. */
static wchar_t *
final_path(HANDLE h)
{
	static const DWORD forms[] = {VOLUME_NAME_DOS, VOLUME_NAME_GUID};
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		DWORD room = GetFinalPathNameByHandleW(h, NULL, 0, forms[i]);
		if (room == 0)
			continue;
		wchar_t *w = mem_zero((size_t)room + 1, sizeof(wchar_t));
		DWORD len = GetFinalPathNameByHandleW(h, w, room + 1, forms[i]);
		if (len > 0 && len <= room)
			return w;
		free(w);
	}
	return NULL;
}

/*
 * The real path of the first *len* units of *path*, following links. NULL when
 * nothing is there; a file system that cannot tell (some RAM disks) leaves it
 * as written.
 */
static wchar_t *
resolve(const wchar_t *path, size_t len)
{
	wchar_t *head = wide_join(path, L"", L"");
	head[len] = L'\0';
	HANDLE h = CreateFileW(head, FILE_READ_ATTRIBUTES, WIN32_SHARE_ALL,
	    NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
	if (h == INVALID_HANDLE_VALUE) {
		free(head);
		return NULL;
	}
	wchar_t *real = final_path(h);
	win32_close(h);
	if (real == NULL)
		return head;
	free(head);
	return real;
}

/* Is it anything but a directory, so that nothing can lie below it? */
static bool
ends_there(const wchar_t *path)
{
	DWORD attributes = GetFileAttributesW(path);
	return attributes != INVALID_FILE_ATTRIBUTES &&
	    (attributes & FILE_ATTRIBUTE_DIRECTORY) == 0;
}

int
plat_canonical(struct str *out, const char *native, struct err *e)
{
	wchar_t *path = win32_path(native, e);
	if (path == NULL)
		return -1;
	size_t root = win32_path_root(path), len = wcslen(path);
	wchar_t *real = resolve(path, len);
	while (real == NULL && win32_is_missing(GetLastError()) && len > root) {
		while (len > root && path[--len] != L'\\')
			continue;
		real = resolve(path, len);
	}
	DWORD os = GetLastError();
	if (real == NULL && !win32_is_missing(os)) {
		free(path);
		return plat_fail(e, (long)os, "resolve '%s'", native);
	}
	if (real != NULL && path[len] != L'\0' && ends_there(real)) {
		free(real);
		free(path);
		return err_set(
		    e, ERR_TYPE, "resolve '%s': not a directory", native);
	}
	/* Not even the volume is there: as written. */
	const wchar_t *tail = real == NULL ? L"" : path + len;
	win32_path_show(out, real == NULL ? path : real);
	if (*tail != L'\0' && *tail != L'\\' && out->p[out->len - 1] != '/')
		str_addc(out, '/');
	else if (*tail == L'\\' && out->p[out->len - 1] == '/')
		tail++;
	win32_path_show(out, tail);
	free(real);
	free(path);
	return 0;
}
