/*
 * win32_process.c - one process: who it is, and ntdll's help in asking.
 */
#include "platform/win32/plat_win32.h"

#include <stdlib.h>
#include <wchar.h>

#include "base/mem.h"
#include "platform/win32/wide.h"

win32_proc_fn *
win32_ntdll(const char *name)
{
	HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
	return ntdll == NULL ? NULL
			     : (win32_proc_fn *)GetProcAddress(ntdll, name);
}

HANDLE
win32_open_process(int64_t pid, DWORD more)
{
	if (pid <= 0 || pid > UINT32_MAX) {
		SetLastError(ERROR_INVALID_PARAMETER);
		return NULL;
	}
	return OpenProcess(
	    PROCESS_QUERY_LIMITED_INFORMATION | SYNCHRONIZE | more, FALSE,
	    (DWORD)pid);
}

bool
win32_program_name(struct str *out, HANDLE process)
{
	enum { LONGEST = 32768 };
	wchar_t *path = mem_resize(NULL, LONGEST, sizeof(wchar_t));
	DWORD n = LONGEST;
	bool told = QueryFullProcessImageNameW(process, 0, path, &n);
	if (told) {
		const wchar_t *slash = wcsrchr(path, L'\\');
		const wchar_t *name = slash == NULL ? path : slash + 1;
		wide_to(out, name, wcslen(name));
	}
	free(path);
	return told;
}

uint64_t
win32_started(HANDLE process)
{
	FILETIME begun, ended, kernel, user;
	if (!GetProcessTimes(process, &begun, &ended, &kernel, &user))
		return 0;
	return (uint64_t)begun.dwHighDateTime << 32 | begun.dwLowDateTime;
}
