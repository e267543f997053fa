#include "platform/posix/plat_posix.h"

static struct stamp
stamp_of(struct timespec t)
{
	return (struct stamp){.sec = t.tv_sec, .nsec = (uint32_t)t.tv_nsec};
}

void
unix_fill_extra(struct plat_stat *out, const struct stat *st)
{
	out->mtime = stamp_of(st->st_mtimespec);
	out->ctime = stamp_of(st->st_ctimespec);
	out->placeholder = (st->st_flags & SF_DATALESS) != 0;
}
