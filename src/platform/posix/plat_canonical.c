/*
 * plat_canonical.c - what a native path really names.
 *
 * The walk holds the directory it has reached open, so that neither the length
 * of a path nor a rename above it can lead it astray, and spells the resolved
 * path beside it.
 */
#include "platform/posix/plat_posix.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "platform/plat_env.h"
#include "platform/plat_err.h"

enum { LINKS_MAX = 40 }; /* as many as Linux follows */

struct walk {
	int fd;          /* the directory reached; -1 behind a missing part */
	struct str done; /* its path; "" is the root */
	struct str todo; /* what is left to resolve */
	size_t at;       /* where in it */
	int links;       /* followed so far */
	bool at_file;    /* *done* is no directory: nothing may follow */
};

static int
enter(struct walk *w, const char *name)
{
	int next = unix_openat(w->fd, name, POSIX_O_PASS | O_NOFOLLOW, 0);
	if (next < 0)
		return -1;
	unix_close_quietly(w->fd);
	w->fd = next;
	return 0;
}

static int
climb(struct walk *w)
{
	if (w->fd < 0) {
		errno = ENOENT;
		return -1;
	}
	if (w->done.len == 0)
		return 0;
	size_t cut = w->done.len;
	while (w->done.p[cut - 1] != '/')
		cut--;
	str_cut(&w->done, cut - 1);
	return enter(w, "..");
}

/* Put the link's target in front of what is left. */
static int
follow(struct walk *w, const char *name)
{
	struct plat_dir here = {.fd = w->fd};
	struct str todo = STR_INIT;
	struct err e;
	if (++w->links > LINKS_MAX) {
		errno = ELOOP;
		return -1;
	}
	if (plat_readlink(&todo, &here, name, &e) < 0) {
		errno = (int)e.os;
		return -1;
	}
	int rc = 0;
	if (todo.p[0] == '/') {
		str_clear(&w->done);
		rc = enter(w, "/");
	}
	str_addc(&todo, '/');
	str_add(&todo, w->todo.p + w->at);
	str_free(&w->todo);
	w->todo = todo;
	w->at = 0;
	return rc;
}

static void
spell(struct walk *w, const char *name)
{
	str_addc(&w->done, '/');
	str_add(&w->done, name);
}

static int
step(struct walk *w, const char *name)
{
	struct stat st;
	if (w->at_file) {
		errno = ENOTDIR;
		return -1;
	}
	if (strcmp(name, ".") == 0)
		return 0;
	if (strcmp(name, "..") == 0)
		return climb(w);
	if (w->fd < 0) {
		spell(w, name);
		return 0;
	}
	if (fstatat(w->fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		if (errno != ENOENT)
			return -1;
		unix_close_quietly(w->fd);
		w->fd = -1;
		spell(w, name);
		return 0;
	}
	if (S_ISLNK(st.st_mode))
		return follow(w, name);
	spell(w, name);
	if (S_ISDIR(st.st_mode))
		return enter(w, name);
	w->at_file = true;
	return 0;
}

static int
resolve(struct walk *w)
{
	struct str name = STR_INIT;
	int rc = 0;
	while (rc == 0) {
		w->at += strspn(w->todo.p + w->at, "/");
		size_t n = strcspn(w->todo.p + w->at, "/");
		if (n == 0)
			break;
		str_clear(&name);
		str_addn(&name, w->todo.p + w->at, n);
		w->at += n;
		rc = step(w, name.p);
	}
	int kept = errno;
	str_free(&name);
	errno = kept;
	return rc;
}

int
plat_canonical(struct str *out, const char *native, struct err *e)
{
	struct walk w = {.done = STR_INIT, .todo = STR_INIT};
	if (native[0] == '\0')
		return plat_fail(e, ENOENT, "resolve ''");
	if (plat_absolute(&w.todo, native, e) < 0)
		return -1;
	w.fd = unix_openat(AT_FDCWD, "/", POSIX_O_PASS, 0);
	int rc = w.fd < 0 ? -1 : resolve(&w);
	if (rc < 0)
		plat_fail(e, errno, "resolve '%s'", native);
	else
		str_add(out, w.done.len > 0 ? w.done.p : "/");
	unix_close_quietly(w.fd);
	str_free(&w.done);
	str_free(&w.todo);
	return rc;
}
