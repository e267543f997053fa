#include "platform/plat_env.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "platform/plat_err.h"

int
plat_program(struct str *out, struct err *e)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path));
	if (n < 0)
		return plat_fail(e, errno, "find this program's own file");
	/* One that is replaced while it runs is told by its old name. */
	static const char gone[] = " (deleted)";
	str_addn(out, path, (size_t)n);
	if (access(out->p, F_OK) != 0 && str_ends(out, gone))
		str_cut(out, out->len - (sizeof(gone) - 1));
	return 0;
}
