/*
 * win32_name.c - names below an open directory.
 */
#include "platform/win32/plat_win32.h"

#include <stdlib.h>
#include <wchar.h>

#include "platform/win32/wide.h"

/* Devices a name means in every directory, whatever extension it bears. The
   superscript digits count as digits there. */
static const wchar_t *const devices[] = {
    L"CON", L"PRN", L"AUX", L"NUL", L"CONIN$", L"CONOUT$"};
static const wchar_t *const ports[] = {L"COM", L"LPT"};

static bool
is_port_digit(wchar_t c)
{
	return (c >= L'0' && c <= L'9') || c == 0xB9 || c == 0xB2 || c == 0xB3;
}

static bool
is_device(const wchar_t *name, size_t n)
{
	size_t stem = 0;
	while (stem < n && name[stem] != L'.')
		stem++;
	while (stem > 0 && name[stem - 1] == L' ')
		stem--;
	for (size_t i = 0; i < COUNT_OF(devices); i++)
		if (wcslen(devices[i]) == stem &&
		    _wcsnicmp(name, devices[i], stem) == 0)
			return true;
	for (size_t i = 0; i < COUNT_OF(ports); i++)
		if (stem == 4 && is_port_digit(name[3]) &&
		    _wcsnicmp(name, ports[i], 3) == 0)
			return true;
	return false;
}

/* No file system of Windows has longer names. */
enum { LONGEST = 255 };

/* Could a file be called this at all? */
static bool
is_possible(const wchar_t *name, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (name[i] < L' ' || wcschr(L"<>:\"/\\|?*", name[i]) != NULL)
			return false;
	bool dots = name[0] == L'.' && (n == 1 || (n == 2 && name[1] == L'.'));
	return n > 0 && n <= LONGEST && !dots;
}

bool
win32_name_allowed(const wchar_t *name, size_t n)
{
	return is_possible(name, n) && name[n - 1] != L'.' &&
	    name[n - 1] != L' ' && !is_device(name, n);
}

wchar_t *
win32_below(const struct plat_dir *d, const wchar_t *name)
{
	bool root = d->path[wcslen(d->path) - 1] == L'\\';
	return wide_join(d->path, root ? L"" : L"\\", name);
}

static wchar_t *
child(const struct plat_dir *d, const char *name,
    bool (*fits)(const wchar_t *, size_t), struct err *e)
{
	wchar_t *w = wide_from(name, strlen(name));
	wchar_t *path = NULL;
	if (w != NULL && fits(w, wcslen(w)))
		path = win32_below(d, w);
	else
		err_set(e, ERR_NAME, "'%s': not a name Windows allows", name);
	free(w);
	return path;
}

wchar_t *
win32_child(const struct plat_dir *d, const char *name, struct err *e)
{
	return child(d, name, is_possible, e);
}

wchar_t *
win32_new_child(const struct plat_dir *d, const char *name, struct err *e)
{
	return child(d, name, win32_name_allowed, e);
}
