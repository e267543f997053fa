#include <poll.h>
#include <unistd.h>

#include "platform/plat_proc.h"
#include "platform/plat_sig.h"
#include "platform/plat_time.h"
#include "platform/posix/plat_posix.h"
#include "platform/posix/procs.h"

enum {
	WATCHED = 64, /* so many at once; the others are looked at */
	ASKED = 500,  /* ms: a signal may come just before we sleep */
	BLIND = 250,  /* ms between two looks at those not watched */
};

/* Watch one that still runs, or learn that it does not. */
static bool
watch(struct pollfd *out, const struct plat_proc_id *who)
{
	*out =
	    (struct pollfd){.fd = procs_watch_exit(who->pid), .events = POLLIN};
	/* Asked afterwards: what is watched is then the one we mean. */
	if (plat_proc_alive(who->pid, who->started))
		return true;
	unix_close_quietly(out->fd);
	return false;
}

static bool
any_gone(const struct plat_proc_id *who, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!plat_proc_alive(who[i].pid, who[i].started))
			return true;
	return false;
}

/* Sleep in short pieces until one ends. */
static void
sleep_on(struct pollfd *fds, size_t watched, const struct plat_proc_id *who,
    size_t n, uint64_t end)
{
	int piece = ASKED;
	for (size_t i = 0; i < watched; i++)
		if (fds[i].fd < 0)
			piece = BLIND;
	if (n > watched)
		piece = BLIND;
	while (!plat_sig_asked()) {
		uint64_t now = plat_ticks();
		if (now >= end)
			return;
		if (end - now < (uint64_t)piece)
			piece = (int)(end - now);
		if (poll(fds, (nfds_t)watched, piece) > 0)
			return;
		if (piece <= BLIND && any_gone(who, n))
			return;
	}
}

void
plat_proc_await(const struct plat_proc_id *who, size_t n, unsigned timeout_ms)
{
	struct pollfd fds[WATCHED];
	uint64_t end = plat_ticks() + timeout_ms;
	size_t watched = 0;
	bool all = true;
	while (all && watched < n && watched < WATCHED) {
		all = watch(&fds[watched], &who[watched]);
		watched += all;
	}
	if (all)
		sleep_on(fds, watched, who, n, end);
	for (size_t i = 0; i < watched; i++)
		unix_close_quietly(fds[i].fd);
}
