/*
 * plat_watch.c - kqueue.
 *
 * It takes an open descriptor for everything watched, so only directories are:
 * names that come and go are told, writing into a file that stays is not. That
 * is why plat_watch_tree always asks for a look from time to time.
 */
#include "platform/plat_watch.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/event.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/mem.h"
#include "platform/plat_err.h"
#include "platform/plat_sig.h"
#include "platform/posix/plat_posix.h"
#include "platform/posix/sig.h"
#include "platform/posix/watch_walk.h"

/* The system's own limit for a process, whatever getrlimit says. */
enum { MOST_FILES = 10240, STOPS = 3 };

static const int stops[STOPS] = {SIGINT, SIGTERM, SIGHUP};

struct plat_watch {
	int kq;
	int *fds;
	size_t n, cap;
	size_t most; /* descriptors we may take */
};

/* Half of what there is: a sync needs some, too. */
static size_t
room_for_files(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 64;
	rlim_t want =
	    limit.rlim_max < MOST_FILES ? limit.rlim_max : (rlim_t)MOST_FILES;
	if (limit.rlim_cur < want) {
		struct rlimit more = {want, limit.rlim_max};
		if (setrlimit(RLIMIT_NOFILE, &more) == 0)
			limit.rlim_cur = want;
	}
	return (size_t)(limit.rlim_cur < want ? limit.rlim_cur : want) / 2;
}

struct plat_watch *
plat_watch_new(void)
{
	struct plat_watch *w = mem_zero(1, sizeof(*w));
	w->kq = kqueue();
	w->most = room_for_files();
	return w;
}

void
plat_watch_destroy(struct plat_watch *w)
{
	if (w == NULL)
		return;
	for (size_t i = 0; i < w->n; i++)
		close(w->fds[i]);
	if (w->kq >= 0)
		close(w->kq);
	free(w->fds);
	free(w);
}

/* 1: no more descriptors. */
static int
add_dir(void *arg, int dir)
{
	struct plat_watch *w = arg;
	struct kevent change;
	if (w->n >= w->most)
		return 1;
	int fd = unix_openat(dir, ".", O_EVTONLY | O_CLOEXEC, 0);
	if (fd < 0)
		return errno == EACCES ? 0 : 1;
	w->fds = mem_grow(w->fds, &w->cap, w->n + 1, sizeof(*w->fds));
	w->fds[w->n++] = fd;
	EV_SET(&change, (uintptr_t)fd, EVFILT_VNODE, EV_ADD | EV_CLEAR,
	    NOTE_WRITE | NOTE_EXTEND | NOTE_DELETE | NOTE_RENAME | NOTE_REVOKE,
	    0, NULL);
	return kevent(w->kq, &change, 1, NULL, 0, NULL) < 0 ? 1 : 0;
}

int
plat_watch_tree(struct plat_watch *w, struct plat_dir *d, struct err *e)
{
	UNUSED(e);
	if (w->kq >= 0)
		(void)watch_walk(d, add_dir, w);
	return 1;
}

/* Requests to stop, too: the queue keeps those that come before we wait. */
static void
hear_requests(int kq, bool on)
{
	struct kevent change[STOPS];
	for (size_t i = 0; i < STOPS; i++)
		EV_SET(&change[i], (uintptr_t)stops[i], EVFILT_SIGNAL,
		    on ? EV_ADD : EV_DELETE, 0, 0, NULL);
	(void)kevent(kq, change, STOPS, NULL, 0, NULL);
}

/* Anything but a request is a directory in which names came or went; which may
   be those of directories. */
static int
wait_for_event(int kq, const struct timespec *t)
{
	struct kevent event;
	static const struct timespec now = {0, 0};
	int told = PLAT_WATCH_NOTHING;
	int n = kevent(kq, NULL, 0, &event, 1, plat_sig_asked() ? &now : t);
	for (; n > 0; n = kevent(kq, NULL, 0, &event, 1, &now))
		if (event.filter == EVFILT_VNODE)
			told = PLAT_WATCH_RESHAPED;
	return told;
}

int
plat_watch_wait(struct plat_watch *w, long timeout_ms)
{
	struct timespec t = {.tv_sec = timeout_ms / 1000,
	    .tv_nsec = timeout_ms % 1000 * 1000000};
	int kq = w != NULL ? w->kq : kqueue();
	if (kq < 0) { /* no descriptor left: without the comfort */
		nanosleep(&t, NULL);
		return PLAT_WATCH_NOTHING;
	}
	hear_requests(kq, true);
	int told = wait_for_event(kq, timeout_ms < 0 ? NULL : &t);
	hear_requests(kq, false);
	if (w == NULL)
		close(kq);
	return told;
}
