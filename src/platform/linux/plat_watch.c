/*
 * plat_watch.c - inotify.
 *
 * It watches one directory at a time, so every directory of a tree is added;
 * one that appears later makes the watch stale (PLAT_WATCH_RESHAPED). We keep
 * no list of what is watched: the kernel's is enough.
 */
#include "platform/plat_watch.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/mem.h"
#include "platform/plat_err.h"
#include "platform/plat_sig.h"
#include "platform/posix/plat_posix.h"
#include "platform/posix/sig.h"
#include "platform/posix/watch_walk.h"

enum { ROOTS = 4 };

struct plat_watch {
	int fd;          /* -1: the system has no more of them */
	int root[ROOTS]; /* which watches are those of roots */
	size_t roots;
	int last; /* the watch added last */
};

enum {
	EVENTS = IN_CREATE | IN_DELETE | IN_MODIFY | IN_CLOSE_WRITE |
	    IN_ATTRIB | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF |
	    IN_MOVE_SELF
};

struct plat_watch *
plat_watch_new(void)
{
	struct plat_watch *w = mem_zero(1, sizeof(*w));
	w->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	return w;
}

void
plat_watch_destroy(struct plat_watch *w)
{
	if (w == NULL)
		return;
	if (w->fd >= 0)
		close(w->fd);
	free(w);
}

/* By descriptor rather than by path: of any depth, and never through a link.
   1: the system does not watch (any more). */
static int
add_dir(void *arg, int fd)
{
	struct plat_watch *w = arg;
	char path[64];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	w->last = inotify_add_watch(
	    w->fd, path, (uint32_t)EVENTS | IN_ONLYDIR | IN_EXCL_UNLINK);
	if (w->last < 0)
		return errno == EACCES ? 0 : 1;
	/* The walk begins with the root. */
	if (w->roots < ROOTS && w->root[w->roots] == 0)
		w->root[w->roots] = w->last;
	return 0;
}

int
plat_watch_tree(struct plat_watch *w, struct plat_dir *d, struct err *e)
{
	struct plat_volume volume;
	if (plat_volume(&volume, d, e) != 0)
		return -1;
	if (w->fd < 0)
		return 1;
	int rc = watch_walk(d, add_dir, w);
	if (w->roots < ROOTS)
		w->roots++;
	/* Nobody tells of what others do on a server. */
	return rc != 0 || volume.remote ? 1 : 0;
}

static bool
is_root(const struct plat_watch *w, int wd)
{
	for (size_t i = 0; i < w->roots; i++)
		if (w->root[i] == wd)
			return true;
	return false;
}

static int
meaning(const struct plat_watch *w, const struct inotify_event *event)
{
	const uint32_t self = IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT;
	const uint32_t shape = IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO;
	if ((event->mask & (IN_Q_OVERFLOW | IN_UNMOUNT)) != 0)
		return PLAT_WATCH_RESHAPED;
	if ((event->mask & IN_ISDIR) != 0 && (event->mask & shape) != 0)
		return PLAT_WATCH_RESHAPED;
	if ((event->mask & self) != 0 && is_root(w, event->wd))
		return PLAT_WATCH_RESHAPED;
	/* Only says that a watch is over; why was told before. */
	if ((event->mask & IN_IGNORED) != 0)
		return PLAT_WATCH_NOTHING;
	return PLAT_WATCH_CHANGED;
}

/* Everything in the queue, as the strongest of its meanings. */
static int
take_events(const struct plat_watch *w)
{
	_Alignas(struct inotify_event) char buf[4096];
	int told = PLAT_WATCH_NOTHING;
	ssize_t n;
	while ((n = read(w->fd, buf, sizeof(buf))) > 0) {
		for (const char *p = buf; p < buf + n;) {
			const struct inotify_event *event = (const void *)p;
			int m = meaning(w, event);
			told = m > told ? m : told;
			p += sizeof(*event) + event->len;
		}
	}
	return told;
}

int
plat_watch_wait(struct plat_watch *w, long timeout_ms)
{
	struct pollfd fd = {.fd = w != NULL ? w->fd : -1, .events = POLLIN};
	struct timespec t = {.tv_sec = timeout_ms / 1000,
	    .tv_nsec = timeout_ms % 1000 * 1000000};
	sigset_t requests, old;
	/* From the question to the sleep no request may slip by: they are let
	   in only while we sleep. */
	sig_set_requests(&requests);
	pthread_sigmask(SIG_BLOCK, &requests, &old);
	if (!plat_sig_asked())
		(void)ppoll(&fd, 1, timeout_ms < 0 ? NULL : &t, &old);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return w == NULL || w->fd < 0 ? PLAT_WATCH_NOTHING : take_events(w);
}
