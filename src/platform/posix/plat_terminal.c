#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/mem.h"
#include "platform/plat_env.h"
#include "platform/plat_err.h"
#include "platform/plat_sig.h"
#include "platform/posix/plat_posix.h"

static int
descriptor(enum plat_stream s)
{
	switch (s) {
	case PLAT_STDIN:
		return STDIN_FILENO;
	case PLAT_STDOUT:
		return STDOUT_FILENO;
	default:
		return STDERR_FILENO;
	}
}

bool
plat_is_terminal(enum plat_stream s)
{
	return isatty(descriptor(s)) == 1;
}

int
plat_terminal_width(enum plat_stream s)
{
	struct winsize size;
	if (ioctl(descriptor(s), TIOCGWINSZ, &size) < 0)
		return 0;
	return size.ws_col;
}

int
plat_terminal_height(enum plat_stream s)
{
	struct winsize size;
	if (ioctl(descriptor(s), TIOCGWINSZ, &size) < 0)
		return 0;
	return size.ws_row;
}

bool
plat_terminal_color(enum plat_stream s)
{
	const char *term = getenv("TERM");
	return plat_is_terminal(s) && term != NULL && term[0] != '\0' &&
	    strcmp(term, "dumb") != 0;
}

/* May the write that just failed be tried again? Waits where it must. Signals
   come one at a time: *interrupted* counts those in a row. */
static bool
can_go_on(int fd, int *interrupted)
{
	if (errno == EINTR)
		return !plat_sig_asked() && ++*interrupted < POSIX_TRIES;
	if (errno != EAGAIN && errno != EWOULDBLOCK)
		return false;
	/* Somebody else set the shared description not to block. */
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	return poll(&p, 1, -1) >= 0 || !plat_sig_asked();
}

struct plat_terminal {
	struct termios mode;
	pid_t foreground;
};

struct plat_terminal *
plat_terminal_keep(void)
{
	struct plat_terminal now;
	if (tcgetattr(STDIN_FILENO, &now.mode) < 0)
		return NULL;
	now.foreground = tcgetpgrp(STDIN_FILENO);
	struct plat_terminal *t = mem_alloc(sizeof(*t));
	*t = now;
	return t;
}

/* Who is not in the foreground (any more) is stopped for trying this, unless
   the signal is held back. */
void
plat_terminal_restore(struct plat_terminal *t)
{
	sigset_t stop, old;
	if (t == NULL)
		return;
	sigemptyset(&stop);
	sigaddset(&stop, SIGTTOU);
	pthread_sigmask(SIG_BLOCK, &stop, &old);
	if (t->foreground == getpgrp()) {
		tcsetpgrp(STDIN_FILENO, t->foreground);
		tcsetattr(STDIN_FILENO, TCSADRAIN, &t->mode);
	}
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	free(t);
}

int
plat_out(enum plat_stream s, const void *bytes, size_t n, struct err *e)
{
	int fd = descriptor(s);
	const char *p = bytes;
	int interrupted = 0;
	while (n > 0) {
		ssize_t rc = write(fd, p, n);
		if (rc < 0) {
			if (can_go_on(fd, &interrupted))
				continue;
			return plat_fail(e, errno, "write the output");
		}
		interrupted = 0;
		p += rc;
		n -= (size_t)rc;
	}
	return 0;
}
