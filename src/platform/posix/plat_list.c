#include "platform/posix/plat_posix.h"

#include <dirent.h>
#include <string.h>

#include "platform/plat_err.h"

int
plat_list(struct plat_dir *d, plat_list_fn *fn, void *arg, struct err *e)
{
	/* The stream owns its descriptor, and its position: a fresh one. */
	int fd = unix_openat(d->fd, ".", POSIX_O_DIR, 0);
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);
	if (stream == NULL) {
		unix_close_quietly(fd);
		return plat_fail(e, errno, "list the directory");
	}
	int rc = 0;
	for (;;) {
		errno = 0;
		const struct dirent *entry = readdir(stream);
		if (entry == NULL) {
			if (errno != 0)
				rc = plat_fail(e, errno, "list the directory");
			break;
		}
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		rc = unix_give_entry(d, entry->d_name, fn, arg);
		if (rc < 0)
			break;
	}
	closedir(stream);
	return rc < 0 ? -1 : 0;
}
