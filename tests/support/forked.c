#include "support/forked.h"

#include <errno.h>
#include <grp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>

#include <cmocka.h>

enum { NOBODY = 65534 };

static void
run(void (*fn)(void *arg), void *arg, uid_t uid)
{
	fflush(NULL);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (uid != 0)
			CHECK(setgroups(0, NULL) == 0 && setgid(uid) == 0 &&
			    setuid(uid) == 0);
		fn(arg);
		exit(0);
	}
	int status = -1;
	while (waitpid(pid, &status, 0) < 0)
		assert_int_equal(errno, EINTR);
	assert_int_equal(status, 0);
}

void
forked(void (*fn)(void *arg), void *arg)
{
	run(fn, arg, 0);
}

void
forked_as_nobody(void (*fn)(void *arg), void *arg)
{
	if (geteuid() != 0)
		skip();
	run(fn, arg, NOBODY);
}
