#include "platform/posix/plat_posix.h"

#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/param.h>
#include <unistd.h>

#include "platform/plat_err.h"

/* File systems that make up who may execute; "smbfs" does unless the server
   speaks its UNIX dialect, which we do not rely upon. */
static const char *const without_modes[] = {
    "msdos", "exfat", "ntfs", "smbfs", "webdav", "ftp", "cd9660"};

static bool
kind_stores_modes(const char *kind)
{
	size_t n = sizeof(without_modes) / sizeof(without_modes[0]);
	for (size_t i = 0; i < n; i++)
		if (strcmp(without_modes[i], kind) == 0)
			return false;
	return strstr(kind, "fuse") == NULL;
}

static int
ask(int fd, struct statfs *fs)
{
	int rc;
	POSIX_RETRY(rc, fstatfs(fd, fs));
	return rc;
}

int
plat_volume(struct plat_volume *out, struct plat_dir *d, struct err *e)
{
	struct statfs fs;
	if (ask(d->fd, &fs) < 0)
		return plat_fail(e, errno, "ask about the file system");
	const char *kind = fs.f_fstypename;
	*out = (struct plat_volume){
	    .free_bytes = (uint64_t)fs.f_bavail * fs.f_bsize,
	    .total_bytes = (uint64_t)fs.f_blocks * fs.f_bsize,
	    .read_only = (fs.f_flags & MNT_RDONLY) != 0,
	    .remote =
		(fs.f_flags & MNT_LOCAL) == 0 || strstr(kind, "fuse") != NULL,
	    .exec_bit = kind_stores_modes(kind),
	};
	snprintf(out->kind, sizeof(out->kind), "%s", kind);
	long sensitive = fpathconf(d->fd, _PC_CASE_SENSITIVE);
	out->fold_case =
	    sensitive < 0 ? unix_folds_case(d->fd, true) : sensitive == 0;
	return 0;
}

bool
unix_stores_modes(int fd)
{
	struct statfs fs;
	return ask(fd, &fs) < 0 || kind_stores_modes(fs.f_fstypename);
}
