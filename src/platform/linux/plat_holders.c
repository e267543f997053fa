/*
 * plat_holders.c - who has files open below a directory, by the links that
 * /proc shows for each descriptor.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/linux/proc_stat.h"
#include "platform/plat_proc.h"
#include "platform/posix/plat_posix.h"

struct search {
	plat_holder_fn *fn;
	void *arg;
	struct str below; /* the directory's path; "" is the root */
	struct str link;  /* what is looked at; the file found */
	size_t blind;
	int rc;
};

static bool
is_below(const struct search *s, const char *path)
{
	size_t n = s->below.len;
	if (strncmp(path, s->below.p, n) != 0)
		return false;
	return path[n] == '/' || (path[n] == '\0' && n > 0);
}

/* Does the descriptor *name* of *dir* stand for a file below? */
static bool
holds_file(struct search *s, int dir, const char *name)
{
	struct stat st;
	return proc_readlink(&s->link, dir, name) == 0 &&
	    is_below(s, s->link.p) &&
	    (fstatat(dir, name, &st, 0) != 0 || !S_ISDIR(st.st_mode));
}

/* 1 found, 0 not, -1 with errno: not allowed to look. */
static int
search_descriptors(struct search *s, int dir)
{
	int fd = unix_openat(dir, "fd", POSIX_O_DIR, 0);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	if (list == NULL) {
		unix_close_quietly(fd);
		return -1;
	}
	bool found = false;
	const struct dirent *entry;
	while (!found && (entry = readdir(list)) != NULL)
		if (isdigit((unsigned char)entry->d_name[0]))
			found = holds_file(s, fd, entry->d_name);
	closedir(list);
	return found;
}

/* The path is the last field, and no other holds a '/'. */
static int
search_maps(struct search *s, int dir)
{
	int fd = unix_openat(dir, "maps", O_RDONLY | O_CLOEXEC, 0);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
	if (f == NULL) {
		unix_close_quietly(fd);
		return -1;
	}
	char *line = NULL;
	size_t cap = 0;
	bool found = false;
	ssize_t n;
	while (!found && (n = getline(&line, &cap, f)) > 0) {
		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		const char *path = strchr(line, '/');
		found = path != NULL && is_below(s, path);
		if (found)
			str_set(&s->link, path);
	}
	free(line);
	fclose(f);
	return found;
}

static int
search_process(struct search *s, int dir)
{
	int found = search_descriptors(s, dir);
	return found != 0 ? found : search_maps(s, dir);
}

static void
give_holder(struct search *s, const struct proc_stat *stat, int dir)
{
	struct str exe = STR_INIT;
	const char *name = proc_program(&exe, dir);
	struct plat_holder h = {
	    .pid = stat->row.pid,
	    .started = stat->row.started,
	    .name = name != NULL ? name : stat->comm,
	    .path = s->link.p,
	};
	s->rc = s->fn(s->arg, &h);
	str_free(&exe);
}

static int
search_one(void *arg, int64_t pid)
{
	struct search *s = arg;
	struct proc_stat stat;
	if (pid == getpid())
		return 0;
	int dir = proc_open(pid);
	if (dir < 0)
		return 0;
	int found = proc_stat_read(&stat, dir);
	if (found == 0 && !stat.kernel_thread && !stat.row.zombie)
		found = search_process(s, dir);
	/* It may also have ended before our eyes: that hides nothing. */
	if (found < 0 && (errno == EACCES || errno == EPERM))
		s->blind++;
	else if (found > 0)
		give_holder(s, &stat, dir);
	unix_close_quietly(dir);
	return s->rc != 0;
}

/* How the kernel spells the directory's path today. */
static int
spell(struct str *out, const struct plat_dir *d)
{
	char name[40];
	snprintf(name, sizeof(name), "/proc/self/fd/%d", d->fd);
	if (proc_readlink(out, AT_FDCWD, name) < 0 || out->p[0] != '/')
		return -1;
	if (out->len == 1)
		str_clear(out);
	return 0;
}

int
plat_proc_holders(struct plat_dir *d, plat_holder_fn *fn, void *arg,
    size_t *blind, struct err *e)
{
	(void)e;
	struct search s = {
	    .fn = fn, .arg = arg, .below = STR_INIT, .link = STR_INIT};
	int rc = spell(&s.below, d);
	if (rc == 0)
		rc = proc_each(search_one, &s);
	str_free(&s.below);
	str_free(&s.link);
	*blind = s.blind;
	if (s.rc < 0)
		return -1;
	return rc < 0 ? 1 : 0;
}
