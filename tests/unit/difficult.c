#include "difficult.h"

#include <string.h>

#include "faults.h"

/*
 * The definitions that make calls of the platform ours rename everything of
 * that name: behind them, struct plat_stat is struct hard_stat. Here it keeps
 * that name, because here the calls have their own.
 */

struct difficult difficult;

#define HARD(type, name, params, args)                                         \
	type plat_##name params;                                               \
	type hard_##name params                                                \
	{                                                                      \
		if (fault_strikes(#name, e))                                   \
			return -1;                                             \
		return plat_##name args;                                       \
	}

#undef plat_chmod
#undef plat_dir_make
#undef plat_dir_open
#undef plat_dir_sub
#undef plat_dir_sync
#undef plat_file_stat
#undef plat_file_sync
#undef plat_file_touch
#undef plat_move
#undef plat_next_data
#undef plat_read_at
#undef plat_readlink
#undef plat_rmdir
#undef plat_stat
#undef plat_symlink
#undef plat_touch
#undef plat_volume
#undef plat_volume_sync

HARD(int, dir_make, (const char *native, uint32_t mode, struct err *e),
    (native, mode, e))
HARD(int, dir_open, (struct plat_dir * *out, const char *native, struct err *e),
    (out, native, e))
HARD(int, dir_sub,
    (struct plat_dir * *out, struct plat_dir *at, const char *path,
	struct err *e),
    (out, at, path, e))
HARD(int, file_stat,
    (struct hard_stat * out, struct plat_file f, struct err *e), (out, f, e))
HARD(int, next_data,
    (struct plat_file f, uint64_t from, uint64_t *start, uint64_t *end,
	struct err *e),
    (f, from, start, end, e))
HARD(int, readlink,
    (struct str * out, struct plat_dir *d, const char *name, struct err *e),
    (out, d, name, e))
HARD(int, rmdir, (struct plat_dir * d, const char *name, struct err *e),
    (d, name, e))
HARD(int, touch,
    (struct plat_dir * d, const char *name, struct stamp t, struct err *e),
    (d, name, t, e))

int plat_chmod(
    struct plat_dir *d, const char *name, uint32_t mode, struct err *e);

int
hard_chmod(struct plat_dir *d, const char *name, uint32_t mode, struct err *e)
{
	if (fault_strikes("chmod", e))
		return -1;
	if (difficult.not_ours)
		return err_set(e, ERR_ACCESS, "not ours");
	return plat_chmod(d, name, mode, e);
}

int plat_move(struct plat_dir *from_dir, const char *from,
    struct plat_dir *to_dir, const char *to, struct err *e);

/* Victims are called so; nothing in a snapshot is. */
static bool
waits_in_tree(const char *name)
{
	return strncmp(name, "victim", 6) == 0;
}

int
hard_move(struct plat_dir *from_dir, const char *from, struct plat_dir *to_dir,
    const char *to, struct err *e)
{
	if (fault_strikes("move", e))
		return -1;
	if (difficult.foreign && waits_in_tree(from))
		return err_set(e, ERR_UNSUPPORTED, "another file system");
	if (difficult.no_promise)
		return 1;
	return plat_move(from_dir, from, to_dir, to, e);
}

int plat_read_at(struct plat_file f, void *buf, size_t n, uint64_t offset,
    size_t *got, struct err *e);

int
hard_read_at(struct plat_file f, void *buf, size_t n, uint64_t offset,
    size_t *got, struct err *e)
{
	if (fault_strikes("read_at", e))
		return -1;
	if (difficult.on_read != NULL &&
	    !difficult.on_read(difficult.arg, f, offset))
		difficult.on_read = NULL;
	return plat_read_at(f, buf, n, offset, got, e);
}

int plat_stat(
    struct hard_stat *out, struct plat_dir *d, const char *name, struct err *e);

int
hard_stat(
    struct hard_stat *out, struct plat_dir *d, const char *name, struct err *e)
{
	if (fault_strikes("stat", e))
		return -1;
	int rc = plat_stat(out, d, name, e);
	out->placeholder = rc == 0 && difficult.placeholder;
	return rc;
}

int plat_symlink(
    struct plat_dir *d, const char *name, const char *target, struct err *e);

int
hard_symlink(
    struct plat_dir *d, const char *name, const char *target, struct err *e)
{
	if (fault_strikes("symlink", e))
		return -1;
	return difficult.no_links ? 1 : plat_symlink(d, name, target, e);
}

int plat_volume(struct hard_volume *out, struct plat_dir *d, struct err *e);

int
hard_volume(struct hard_volume *out, struct plat_dir *d, struct err *e)
{
	if (fault_strikes("volume", e))
		return -1;
	int rc = plat_volume(out, d, e);
	out->fold_case |= difficult.fold;
	return rc;
}

int plat_volume_sync(struct plat_dir *d, struct err *e);

int
hard_volume_sync(struct plat_dir *d, struct err *e)
{
	if (fault_strikes("volume_sync", e))
		return -1;
	if (difficult.no_volume)
		return 1;
	return difficult.quick ? 0 : plat_volume_sync(d, e);
}

int plat_dir_sync(struct plat_dir *d, struct err *e);

int
hard_dir_sync(struct plat_dir *d, struct err *e)
{
	if (fault_strikes("dir_sync", e))
		return -1;
	return difficult.quick ? 0 : plat_dir_sync(d, e);
}

int plat_file_sync(struct plat_file f, struct err *e);

int
hard_file_sync(struct plat_file f, struct err *e)
{
	if (fault_strikes("file_sync", e))
		return -1;
	return difficult.quick ? 0 : plat_file_sync(f, e);
}

static struct stamp
stored(struct stamp t)
{
	return difficult.coarse ? (struct stamp){.sec = t.sec & ~INT64_C(1)}
				: t;
}

int plat_file_touch(struct plat_file f, struct stamp t, struct err *e);

int
hard_file_touch(struct plat_file f, struct stamp t, struct err *e)
{
	if (fault_strikes("file_touch", e))
		return -1;
	return plat_file_touch(f, stored(t), e);
}
