#include "platform/plat_env.h"

#include <limits.h>
#include <mach-o/dyld.h>
#include <stdint.h>

/* As it was called, links and all: a package manager's link outlives the
   version it leads to. */
int
plat_program(struct str *out, struct err *e)
{
	char path[4 * PATH_MAX];
	uint32_t size = sizeof(path);
	if (_NSGetExecutablePath(path, &size) != 0)
		return err_set(
		    e, ERR_NAME, "this program's own path is too long");
	return plat_absolute(out, path, e);
}
