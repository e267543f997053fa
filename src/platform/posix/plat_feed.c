#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/plat_err.h"
#include "platform/plat_proc.h"
#include "platform/posix/plat_posix.h"
#include "platform/posix/sig.h"

/* In the child, where nothing may be allocated. */
static void
become(const char *command, const int ends[2])
{
	sig_reset();
	if (dup2(ends[0], STDIN_FILENO) == STDIN_FILENO) {
		close(ends[0]);
		close(ends[1]);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	}
	_exit(127);
}

/* Until it is all gone, or nobody reads any more. */
static void
write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t rc = write(fd, p, n);
		if (rc < 0 && errno == EINTR)
			continue;
		if (rc < 0)
			return;
		p += rc;
		n -= (size_t)rc;
	}
}

int
plat_feed(
    const char *command, const void *text, size_t n, int *code, struct err *e)
{
	int ends[2], status = 0;
	if (pipe(ends) < 0)
		return plat_fail(e, errno, "start '%s'", command);
	pid_t pid = fork();
	if (pid == 0)
		become(command, ends);
	unix_close_quietly(ends[0]);
	if (pid < 0) {
		int os = errno;
		unix_close_quietly(ends[1]);
		return plat_fail(e, os, "start '%s'", command);
	}
	write_all(ends[1], text, n);
	unix_close_quietly(ends[1]);
	/* A terminal's Ctrl-C is for the program it runs: wait on. */
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return plat_fail(e, errno, "wait for '%s'", command);
	*code =
	    WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	return 0;
}
