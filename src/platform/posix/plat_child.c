/*
 * plat_child.c - waiting for a program and all that it started.
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/str.h"
#include "platform/plat_err.h"
#include "platform/plat_proc.h"
#include "platform/plat_sig.h"
#include "platform/plat_time.h"
#include "platform/posix/child.h"
#include "platform/posix/plat_posix.h"
#include "platform/posix/sig.h"

enum {
	NAP = 200,       /* ms between two looks at whether we were asked */
	NAP_BLIND = 10,  /* ms, where nothing tells of an end */
	NAP_BROOD = 50,  /* ms between two looks at who is left … */
	LOOK = 2000,     /* … where orphans come to us */
	END_TRIES = 200, /* of 10 ms each, for what was killed to be gone */
};

static void
stop_watching(struct plat_child *c)
{
	unix_close_quietly(c->watch);
	c->watch = -1;
}

/* Has the child itself ended? */
static bool
collect(struct plat_child *c)
{
	if (c->ended)
		return true;
	pid_t pid;
	POSIX_RETRY(pid, waitpid(c->pid, &c->status, WNOHANG));
	if (pid == 0)
		return false;
	if (pid < 0)
		c->status = 0; /* somebody else collected it */
	c->ended = true;
	stop_watching(c);
	/* A Ctrl-C that it ended of, or in spite of, before we woke. */
	if (c->pass)
		sig_drop_from_terminal();
	return true;
}

/* Where orphans come to us, the one we watch is reason enough to wait; those
   that end meanwhile are collected now and then. */
static bool
is_known_to_live(const struct plat_child *c)
{
	struct pollfd watched = {.fd = c->watch, .events = POLLIN};
	return c->brood.adopter == getpid() && c->watch >= 0 &&
	    plat_ticks() < c->next_look && poll(&watched, 1, 0) == 0;
}

/* Has everybody ended? Watches one of those who have not. */
static bool
all_ended(struct plat_child *c)
{
	if (!collect(c)) {
		/* Where orphans do not come to us, know them in time. */
		if (c->brood.adopter != getpid())
			brood_look(&c->brood, true, child_is_ours);
		return false;
	}
	if (is_known_to_live(c))
		return false;
	stop_watching(c);
	brood_look(&c->brood, false, child_is_ours);
	c->next_look = plat_ticks() + LOOK;
	if (c->brood.n == 0)
		return true;
	c->watch = procs_watch_exit(c->brood.kin[0].pid);
	return false;
}

/* Take what the pipe holds now; past the limit it is read and dropped, or the
   child would wait for us for ever. */
static void
drain(struct plat_child *c, struct str *out, size_t limit)
{
	char buf[4096];
	while (c->output >= 0) {
		ssize_t n = read(c->output, buf, sizeof(buf));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return;
		if (n <= 0) {
			unix_close_quietly(c->output);
			c->output = -1;
			return;
		}
		size_t room = limit > c->taken ? limit - c->taken : 0;
		size_t take = (size_t)n < room ? (size_t)n : room;
		if (out != NULL)
			str_addn(out, buf, take);
		c->taken += take;
	}
}

/* Until somebody ends, output comes, or it is time for another look. */
static void
nap(const struct plat_child *c, int most)
{
	bool patient = !c->ended || c->brood.adopter == getpid();
	int ms = c->watch < 0 ? NAP_BLIND : patient ? NAP : NAP_BROOD;
	/* With the child gone its output can wait for the next look: each costs
	   a walk through the process table. */
	struct pollfd fds[2] = {
	    {.fd = c->watch, .events = POLLIN},
	    {.fd = c->ended ? -1 : c->output, .events = POLLIN},
	};
	poll(fds, 2, ms < most ? ms : most);
}

/* Were we asked to stop, and is that for us? */
static bool
asked(struct plat_child *c)
{
	if (!plat_sig_asked())
		return false;
	if (!c->pass || c->ended)
		return true;
	bool by_process;
	int number = sig_take(&by_process);
	/* What a terminal sends reaches all who share its foreground. */
	if (number > 0 && (by_process || c->brood.group != 0))
		kill(c->pid, number);
	return false;
}

/* What does not ask us for anything is for the child, if for anybody. */
static void
pass_more(const struct plat_child *c)
{
	int number;
	while (c->pass && (number = sig_take_more()) > 0)
		if (!c->ended)
			kill(c->pid, number);
}

static int
exit_code(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

static int
left_of(uint64_t end)
{
	uint64_t now = plat_ticks();
	return now >= end         ? 0
	    : end - now < INT_MAX ? (int)(end - now)
				  : INT_MAX;
}

int
plat_child_wait(struct plat_child *c, long timeout_ms, int *code,
    struct str *out, size_t limit, struct err *e)
{
	(void)e;
	uint64_t end =
	    timeout_ms < 0 ? UINT64_MAX : plat_ticks() + (uint64_t)timeout_ms;
	for (;;) {
		bool done = all_ended(c);
		drain(c, out, limit);
		if (done) {
			*code = exit_code(c->status);
			return 0;
		}
		int most = left_of(end);
		pass_more(c);
		if (asked(c) || most == 0)
			return 1;
		nap(c, most);
	}
}

void
plat_child_pass_signals(struct plat_child *c)
{
	c->pass = true;
	sig_pass_more(true);
}

size_t
plat_child_left(
    const struct plat_child *c, struct plat_proc_id *out, size_t most)
{
	if (!c->ended)
		return 0;
	for (size_t i = 0; i < c->brood.n && i < most; i++)
		out[i] = (struct plat_proc_id){
		    c->brood.kin[i].pid, c->brood.kin[i].started};
	return c->brood.n < most ? c->brood.n : most;
}

static void
release(struct plat_child *c)
{
	if (c->pass)
		sig_pass_more(false);
	child_forget(c);
	stop_watching(c);
	unix_close_quietly(c->output);
	brood_free(&c->brood);
	free(c);
}

void
plat_child_leave(struct plat_child *c)
{
	if (c != NULL)
		release(c);
}

static void
kill_all(struct plat_child *c)
{
	/* Not collected yet, so the pid is still the child's. */
	if (!c->ended)
		kill(c->pid, SIGKILL);
	for (size_t i = 0; i < c->brood.n; i++)
		plat_proc_stop(
		    c->brood.kin[i].pid, c->brood.kin[i].started, true, NULL);
}

void
plat_child_end(struct plat_child *c)
{
	if (c == NULL)
		return;
	/* Each look finds what those just killed had started meanwhile. A
	   process stuck in the kernel is not waited for for ever. */
	for (int i = 0; i < END_TRIES && !all_ended(c); i++) {
		brood_look(&c->brood, !c->ended, child_is_ours);
		kill_all(c);
		poll(NULL, 0, 10);
	}
	release(c);
}
