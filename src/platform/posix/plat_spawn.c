/*
 * plat_spawn.c - starting a program.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "platform/plat_err.h"
#include "platform/plat_proc.h"
#include "platform/posix/child.h"
#include "platform/posix/launch.h"
#include "platform/posix/plat_posix.h"
#include "platform/posix/sig.h"

/*
 * Every child there is, because a process adopted from one of them must be
 * told from the others. The lock also keeps two threads from starting children
 * at once, each of which would inherit the other's pipe.
 */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct plat_child *all;

bool
child_is_ours(int64_t pid)
{
	bool found = false;
	pthread_mutex_lock(&lock);
	for (const struct plat_child *c = all; c != NULL; c = c->next)
		found = found || (c->pid == pid && !c->ended);
	pthread_mutex_unlock(&lock);
	return found;
}

void
child_forget(struct plat_child *c)
{
	pthread_mutex_lock(&lock);
	struct plat_child **p = &all;
	while (*p != NULL && *p != c)
		p = &(*p)->next;
	if (*p != NULL)
		*p = c->next;
	pthread_mutex_unlock(&lock);
}

static int
make_pipe(int ends[2])
{
	if (pipe(ends) < 0)
		return -1;
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	return 0;
}

/* Started with SIGCHLD ignored, we would never learn how a child ended. */
static void
want_exit_status(void)
{
	struct sigaction now;
	if (sigaction(SIGCHLD, NULL, &now) < 0 || now.sa_handler != SIG_IGN)
		return;
	now.sa_handler = SIG_DFL;
	sigaction(SIGCHLD, &now, NULL);
}

/* Fork with every signal held back, so that none meets our handlers in the
   child. The child reports to *report*. */
static pid_t
fork_into(const struct launch *l, int report)
{
	sigset_t every, old;
	sigfillset(&every);
	pthread_sigmask(SIG_SETMASK, &every, &old);
	pid_t pid = fork();
	if (pid == 0) {
		sigprocmask(SIG_SETMASK, &old, NULL);
		struct launch_failure why = launch_exec(l);
		(void)!write(report, &why, sizeof(why));
		_exit(127);
	}
	int kept = errno;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	errno = kept;
	return pid;
}

static int
launch_failed(
    const struct launch_failure *why, const struct launch *l, struct err *e)
{
	switch (why->step) {
	case LAUNCH_DIR:
		return plat_fail(e, why->os, "change to '%s'", l->dir);
	case LAUNCH_STREAMS:
		return plat_fail(e, why->os, "redirect '%s'", l->argv[0]);
	default:
		return plat_fail(e, why->os, "start '%s'", l->argv[0]);
	}
}

/* Start it; the pipe closes silently when the exec succeeds. */
static int
start(pid_t *pid, const struct launch *l, struct err *e)
{
	int report[2];
	if (make_pipe(report) < 0)
		return plat_fail(e, errno, "start '%s'", l->argv[0]);
	*pid = fork_into(l, report[1]);
	int os = errno;
	close(report[1]);
	if (*pid < 0) {
		close(report[0]);
		return plat_fail(e, os, "start '%s'", l->argv[0]);
	}
	struct launch_failure why;
	ssize_t n;
	POSIX_RETRY(n, read(report[0], &why, sizeof(why)));
	close(report[0]);
	if (n != (ssize_t)sizeof(why))
		return 0;
	pid_t gone;
	POSIX_RETRY(gone, waitpid(*pid, NULL, 0));
	return launch_failed(&why, l, e);
}

static struct plat_child *
adopt(pid_t pid, int output, int64_t adopter)
{
	struct procs_row row = {.started = 0};
	procs_row(&row, pid);
	struct plat_child *c = mem_alloc(sizeof(*c));
	*c = (struct plat_child){
	    .pid = pid,
	    .output = output,
	    .watch = procs_watch_exit(pid),
	    .brood = {.child = pid,
		.started = row.started,
		.adopter = adopter,
		.group = output >= 0 ? pid : 0},
	    .next = all,
	};
	all = c;
	return c;
}

static int
spawn(struct plat_child **out, const struct plat_spawn *how, struct err *e)
{
	int output[2] = {-1, -1};
	if (how->output == PLAT_OUT_CAPTURE && make_pipe(output) < 0)
		return plat_fail(e, errno, "start '%s'", how->argv[0]);
	if (output[0] >= 0)
		fcntl(output[0], F_SETFL, O_NONBLOCK);
	want_exit_status();
	int64_t adopter = procs_adopter();
	struct launch l;
	launch_init(&l, how, output[1]);
	pid_t pid = -1;
	int rc = start(&pid, &l, e);
	launch_free(&l);
	unix_close_quietly(output[1]);
	if (rc < 0) {
		unix_close_quietly(output[0]);
		return -1;
	}
	*out = adopt(pid, output[0], adopter);
	return 0;
}

int
plat_spawn(struct plat_child **out, const struct plat_spawn *how, struct err *e)
{
	const char *const shell[] = {"/bin/sh", "-c", how->command, NULL};
	struct plat_spawn whole = *how;
	if (how->command != NULL)
		whole.argv = shell;
	if (how->pass_signals)
		sig_pass_more(true);
	pthread_mutex_lock(&lock);
	int rc = spawn(out, &whole, e);
	pthread_mutex_unlock(&lock);
	if (rc != 0 && how->pass_signals)
		sig_pass_more(false);
	return rc;
}
