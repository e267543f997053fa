#include "platform/plat_env.h"

#include "platform/win32/plat_win32.h"

#include <stdlib.h>

#include "base/mem.h"
#include "platform/plat_err.h"

enum { PATH_MOST = 32768 }; /* the longest the system knows */

int
plat_program(struct str *out, struct err *e)
{
	wchar_t *path = mem_zero(PATH_MOST, sizeof(*path));
	DWORD n = GetModuleFileNameW(NULL, path, PATH_MOST);
	long os = (long)GetLastError();
	if (n > 0 && n < PATH_MOST)
		win32_path_show(out, path);
	free(path);
	if (n == 0 || n >= PATH_MOST)
		return plat_fail(e, os, "find this program's own file");
	return 0;
}
