#include "platform/posix/plat_posix.h"

#include <string.h>

#include "platform/plat_err.h"

static enum plat_type
type_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return PLAT_FILE;
	case S_IFDIR:
		return PLAT_DIR;
	case S_IFLNK:
		return PLAT_LINK;
	default:
		return PLAT_OTHER;
	}
}

enum { STAT_BLOCK = 512 }; /* what st_blocks counts in */

bool
unix_is_solid(const struct stat *st)
{
	return (uintmax_t)st->st_blocks * STAT_BLOCK >= (uintmax_t)st->st_size;
}

void
unix_fill_stat(struct plat_stat *out, const struct stat *st)
{
	out->type = type_of(st->st_mode);
	out->mode = st->st_mode & 07777;
	out->nlink = (uint32_t)st->st_nlink;
	out->size = (uint64_t)st->st_size;
	out->dev = (uint64_t)st->st_dev;
	out->ino = (uint64_t)st->st_ino;
	out->solid = unix_is_solid(st);
	unix_fill_extra(out, st);
}

int
unix_give_entry(
    struct plat_dir *d, const char *name, plat_list_fn *fn, void *arg)
{
	struct stat st;
	size_t len = strlen(name);
	if (fstatat(d->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		struct plat_stat ours;
		unix_fill_stat(&ours, &st);
		return fn(arg, name, len, &ours, NULL);
	}
	if (errno == ENOENT)
		return 0;
	struct err why;
	plat_fail(&why, errno, "look at '%s'", name);
	return fn(arg, name, len, NULL, &why);
}
