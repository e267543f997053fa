#include "platform/posix/plat_posix.h"

static struct stamp
stamp_of(struct timespec t)
{
	return (struct stamp){.sec = t.tv_sec, .nsec = (uint32_t)t.tv_nsec};
}

void
unix_fill_extra(struct plat_stat *out, const struct stat *st)
{
	out->mtime = stamp_of(st->st_mtim);
	out->ctime = stamp_of(st->st_ctim);
	/* FUSE clients of cloud services have no sign for it. */
	out->placeholder = false;
}
