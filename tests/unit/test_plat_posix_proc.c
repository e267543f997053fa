/*
 * Starting programs, and other processes, as POSIX systems have them.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/plat_env.h"
#include "platform/plat_proc.h"
#include "platform/plat_sig.h"
#include "platform/plat_thread.h"
#include "platform/plat_time.h"
#include "platform/posix/plat_posix.h"
#include "support/forked.h"
#include "support/role.h"
#include "support/tempdir.h"

/* ---- roles --------------------------------------------------------------- */

static int
play_exit(char **args)
{
	return (int)number(args[0]);
}

/* 0 when no signal is caught, ignored or held back. */
static int
play_innocent(char **args)
{
	static const int signals[] = {
	    SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGCHLD};
	struct sigaction now;
	sigset_t held;
	(void)args;
	sigprocmask(SIG_BLOCK, NULL, &held);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		sigaction(signals[i], NULL, &now);
		if (now.sa_handler != SIG_DFL || sigismember(&held, signals[i]))
			return signals[i];
	}
	return 0;
}
static const struct role roles[] = {
    {"exit", play_exit},
    {"innocent", play_innocent},
};

/* ---- starting ------------------------------------------------------------ */

static void
start_innocent(void *arg)
{
	*(int *)arg = role_finish(role_start("innocent", NULL, NULL));
}

static void
start_from_everywhere(void *arg)
{
	int code = -1;
	(void)arg;
	signal(SIGCHLD, SIG_IGN);
	plat_sig_install();
	start_innocent(&code);
	CHECK(code == 0);
	code = -1;
	plat_thread_join(plat_thread_start(start_innocent, &code));
	CHECK(code == 0);
	CHECK(role_finish(role_start("exit", "6", NULL)) == 6);
}

static void
test_plat_spawn__signals_as_they_were(void **state)
{
	(void)state;
	forked(start_from_everywhere, NULL);
}

static int
run_path(const char *path)
{
	const char *argv[] = {path, "one two", NULL};
	struct plat_spawn how = {.argv = argv};
	struct plat_child *c;
	struct err e;
	if (plat_spawn(&c, &how, &e) < 0)
		return -(int)e.code;
	return role_finish(c);
}

static void
test_plat_spawn__scripts(void **state)
{
	struct tempdir *t = *state;
	struct str path = STR_INIT;
	put_file(t->dir, "script", "test \"$1\" = 'one two' && exit 5\n");
	tempdir_path(&path, t, "script");
	/* Not even root may run what nobody may. */
	assert_int_equal(run_path(path.p), -ERR_ACCESS);
	assert_int_equal(fchmodat(t->dir->fd, "script", 0700, 0), 0);
	assert_int_equal(run_path(path.p), 5);
	str_free(&path);
}

static void
search_path(void *arg)
{
	struct tempdir *t = arg;
	struct str list = STR_INIT;
	CHECK(fchdir(t->dir->fd) == 0);
	put_file(t->dir, "tool", "exit 8\n");
	CHECK(fchmodat(t->dir->fd, "tool", 0700, 0) == 0);
	/* An empty element is the current directory. */
	setenv("PATH", "/nowhere::/bin", 1);
	CHECK(run_path("tool") == 8);
	setenv("PATH", "/nowhere:/bin", 1);
	CHECK(run_path("tool") == -ERR_NOTFOUND);
	str_addf(&list, "/bin:%s:/nowhere", t->path);
	setenv("PATH", list.p, 1);
	CHECK(run_path("tool") == 8);
	unsetenv("PATH");
	CHECK(run_path("true") == 0);
	str_free(&list);
}

static void
test_plat_spawn__path(void **state)
{
	forked(search_path, *state);
}

static void
search_closed_path(void *arg)
{
	struct tempdir *t = arg;
	CHECK(fchdir(t->dir->fd) == 0);
	setenv("PATH", "closed:/bin", 1);
	CHECK(run_path("no-such-tool") == -ERR_NOTFOUND);
	CHECK(run_path("true") == 0);
	CHECK(run_path("closed/tool") == -ERR_ACCESS);
}

static void
test_plat_spawn__closed_path(void **state)
{
	struct tempdir *t = *state;
	assert_int_equal(fchmod(t->dir->fd, 0755), 0);
	put_dir(t->dir, "closed");
	assert_int_equal(fchmodat(t->dir->fd, "closed", 0700, 0), 0);
	forked_as_nobody(search_closed_path, t);
}

/* ---- other users' processes ---------------------------------------------- */

static int
count_partly(void *arg, const struct plat_proc *p)
{
	*(int *)arg += p->partly_hidden;
	return 0;
}

static int
count_holders(void *arg, const struct plat_holder *h)
{
	(void)h;
	++*(int *)arg;
	return 0;
}

static void
look_at_others(void *arg)
{
	struct tempdir *t = arg;
	struct err e;
	int partly = 0, holders = 0;
	size_t blind = 0;
	CHECK(plat_proc_list(count_partly, &partly, &e) == 0);
	CHECK(partly > 0);
	CHECK(plat_proc_holders(t->dir, count_holders, &holders, &blind, &e) ==
	    0);
	CHECK(holders == 0 && blind > 0);
	CHECK(plat_proc_stop(getppid(), 0, false, &e) == -1);
	CHECK(e.code == ERR_ACCESS);
	CHECK(plat_proc_alive(getppid(), 0));
}

static void
test_plat_proc__without_rights(void **state)
{
	forked_as_nobody(look_at_others, *state);
}

/* ---- zombies ------------------------------------------------------------- */

static int
find_zombie(void *arg, const struct plat_proc *p)
{
	return p->pid == *(int64_t *)arg ? 1 + p->zombie : 0;
}

static void
test_plat_proc__zombie(void **state)
{
	(void)state;
	struct err e;
	pid_t pid = fork();
	if (pid == 0)
		_exit(0);
	siginfo_t info;
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	int64_t wanted = pid;
	assert_int_equal(plat_proc_list(find_zombie, &wanted, &e), 2);
	assert_false(plat_proc_alive(pid, 0));
	assert_int_equal(plat_proc_stop(pid, 0, true, &e), 1);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void
test_plat_proc__soft_stop(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	int64_t pid = fork();
	if (pid == 0) {
		plat_sig_install();
		put_dir(t->dir, "ready");
		plat_sleep(10000);
		_exit(plat_sig_asked() ? 42 : 0);
	}
	await(t->dir, "ready");
	assert_done(plat_proc_stop(pid, 0, false, &e), &e);
	int status;
	assert_int_equal(waitpid((pid_t)pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 42);
}

/* ---- waiting for an answer ----------------------------------------------- */

/* Makes standard input a pipe that nobody writes to; returns its other end. */
static int
silent_input(void)
{
	int ends[2];
	plat_sig_install();
	CHECK(pipe(ends) == 0 && dup2(ends[0], STDIN_FILENO) >= 0);
	alarm(20); /* a wait that does not end is to fail */
	return ends[1];
}

static bool
is_cancelled(void)
{
	struct err e;
	return plat_sig_await_input(&e) == -1 && e.code == ERR_CANCELLED;
}

static void
answered(void *arg)
{
	struct err e;
	char answer;
	(void)arg;
	int fd = silent_input();
	CHECK(write(fd, "y", 1) == 1);
	CHECK(plat_sig_await_input(&e) == 0);
	CHECK(read(STDIN_FILENO, &answer, 1) == 1);
	close(fd);
	CHECK(plat_sig_await_input(&e) == 0); /* the end is an answer, too */
}

static void
asked_before(void *arg)
{
	(void)arg;
	silent_input();
	raise(SIGINT);
	CHECK(is_cancelled());
}

static void
asked_meanwhile(void *arg)
{
	(void)arg;
	silent_input();
	if (fork() == 0) {
		plat_sleep(100);
		kill(getppid(), SIGINT);
		_exit(0);
	}
	CHECK(is_cancelled());
}

static void
test_plat_sig__awaits_input(void **state)
{
	(void)state;
	forked(answered, NULL);
	forked(asked_before, NULL);
	forked(asked_meanwhile, NULL);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, tempdir_setup, tempdir_teardown)

int
main(int argc, char **argv)
{
	plat_env_init(&argc, &argv);
	role_play(argc, argv, roles, sizeof(roles) / sizeof(roles[0]));
	const struct CMUnitTest tests[] = {
	    TEST(test_plat_spawn__signals_as_they_were),
	    TEST(test_plat_spawn__scripts),
	    TEST(test_plat_spawn__path),
	    TEST(test_plat_spawn__closed_path),
	    TEST(test_plat_proc__without_rights),
	    TEST(test_plat_proc__zombie),
	    TEST(test_plat_proc__soft_stop),
	    TEST(test_plat_sig__awaits_input),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
