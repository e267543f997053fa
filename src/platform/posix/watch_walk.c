#include "platform/posix/watch_walk.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/strlist.h"
#include "platform/posix/plat_posix.h"

static bool
is_dir(int fd, const struct dirent *entry)
{
	struct stat st;
	if (entry->d_type != DT_UNKNOWN)
		return entry->d_type == DT_DIR;
	return fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISDIR(st.st_mode);
}

/* Put the directories in *d*, which is *path* below the root, on the list. */
static void
add_children(struct strlist *left, struct plat_dir *d, const char *path)
{
	struct str child = STR_INIT;
	const struct dirent *entry;
	int fd = unix_openat(d->fd, ".", POSIX_O_DIR, 0);
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);
	if (stream == NULL) {
		unix_close_quietly(fd);
		return;
	}
	while ((entry = readdir(stream)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0 || !is_dir(fd, entry))
			continue;
		str_set(&child, path);
		str_add(&child, path[0] != '\0' ? "/" : "");
		str_add(&child, entry->d_name);
		strlist_add(left, child.p);
	}
	closedir(stream);
	str_free(&child);
}

/* One directory; its children are listed only behind *fn*, so that what
   appears in it from now on is either told or found. */
static int
visit(struct strlist *left, struct plat_dir *root, const char *path,
    watch_walk_fn *fn, void *arg)
{
	struct plat_dir *d;
	if (plat_dir_sub(&d, root, path, NULL) != 0)
		return 0;
	int rc = fn(arg, d->fd);
	if (rc == 0)
		add_children(left, d, path);
	plat_dir_close(d);
	return rc;
}

int
watch_walk(struct plat_dir *d, watch_walk_fn *fn, void *arg)
{
	struct strlist left = STRLIST_INIT;
	int rc = visit(&left, d, "", fn, arg);
	while (rc == 0 && left.n > 0) {
		char *path = left.v[--left.n];
		left.v[left.n] = NULL;
		rc = visit(&left, d, path, fn, arg);
		free(path);
	}
	strlist_free(&left);
	return rc;
}
