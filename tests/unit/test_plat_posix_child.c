/*
 * Waiting for children as POSIX systems have them.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/plat_env.h"
#include "platform/plat_proc.h"
#include "platform/plat_sig.h"
#include "platform/plat_time.h"
#include "platform/posix/brood.h"
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

/* 42 when asked to stop within ten seconds. */
static int
play_obey(char **args)
{
	struct plat_dir *d;
	struct err e;
	plat_sig_install();
	if (plat_dir_open(&d, args[0], &e) < 0)
		return 1;
	put_dir(d, "ready");
	plat_dir_close(d);
	plat_sleep(10000);
	return plat_sig_asked() ? 42 : 0;
}

static volatile sig_atomic_t interrupts;

static void
count_interrupt(int signal_number)
{
	(void)signal_number;
	interrupts++;
}

/* How often we were interrupted until half a second after the first. */
static int
play_count(char **args)
{
	struct plat_dir *d;
	struct err e;
	signal(SIGINT, count_interrupt);
	signal(SIGHUP, SIG_IGN);
	if (plat_dir_open(&d, args[0], &e) < 0)
		return 99;
	put_dir(d, "ready");
	plat_dir_close(d);
	/* Awake, or two that come close together would be taken for one. */
	uint64_t end = plat_ticks() + 10000;
	while (interrupts == 0 && plat_ticks() < end)
		continue;
	for (int i = 0; i < 50; i++)
		usleep(10000);
	return interrupts;
}

/* As daemons do: fork, a session of its own, fork again. */
static int
play_daemon(char **args)
{
	if (fork() == 0) {
		setsid();
		if (fork() == 0) {
			struct plat_dir *d;
			struct err e;
			plat_sleep(number(args[0]));
			if (plat_dir_open(&d, args[1], &e) == 0)
				put_file(d, "mark", "");
		}
		_exit(0);
	}
	return 0;
}

static int
play_kill(char **args)
{
	raise((int)number(args[0]));
	return 0;
}
static const struct role roles[] = {
    {"exit", play_exit},
    {"obey", play_obey},
    {"count", play_count},
    {"daemon", play_daemon},
    {"kill", play_kill},
};

/* ---- children ------------------------------------------------------------ */

/* Ask ourselves to stop once the role is ready, as another process. */
static void
ask_when_ready(struct tempdir *t)
{
	pid_t us = getpid();
	if (fork() == 0) {
		for (int i = 0; i < 500 && !has(t->dir, "ready"); i++)
			usleep(10000);
		kill(us, SIGTERM);
		_exit(0);
	}
}

static void
pass_it_on(void *arg)
{
	struct tempdir *t = arg;
	struct err e;
	int code = -1;
	plat_sig_install();
	ask_when_ready(t);
	struct plat_child *c = role_start("obey", t->path, NULL);
	plat_child_pass_signals(c);
	CHECK(plat_child_wait(c, -1, &code, NULL, 0, &e) == 0);
	CHECK(code == 42);
	CHECK(!plat_sig_asked());
	plat_child_end(c);
}

static void
test_plat_child__passes_signals(void **state)
{
	forked(pass_it_on, *state);
}

static void
be_interrupted(void *arg)
{
	struct tempdir *t = arg;
	struct err e;
	int code = -1;
	plat_sig_install();
	ask_when_ready(t);
	struct plat_child *c = role_start("obey", t->path, NULL);
	CHECK(plat_child_wait(c, -1, &code, NULL, 0, &e) == 1);
	CHECK(plat_sig_asked());
	plat_child_end(c);
}

static void
test_plat_child__wait_is_interrupted(void **state)
{
	forked(be_interrupted, *state);
}

static void
test_plat_child__killed(void **state)
{
	(void)state;
	assert_int_equal(role_finish(role_start("kill", "9", NULL)), 137);
	assert_int_equal(role_finish(role_start("kill", "15", NULL)), 143);
}

static void
test_plat_child__waits_for_daemons(void **state)
{
	struct tempdir *t = *state;
	struct plat_child *c = role_start("daemon", "500", t->path);
	assert_int_equal(role_finish(c), 0);
	assert_true(has(t->dir, "mark"));
}

/* A child that is not plat_spawn's is nobody's to wait for but its parent's. */
static void
have_other_child(void *arg)
{
	int status = -1;
	(void)arg;
	pid_t other = fork();
	if (other == 0) {
		usleep(1500000);
		_exit(9);
	}
	usleep(50000); /* the start of a process is known to 10 ms */
	uint64_t before = plat_ticks();
	CHECK(role_finish(role_start("exit", "3", NULL)) == 3);
	CHECK(plat_ticks() - before < 1200);
	CHECK(waitpid(other, &status, 0) == other);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 9);
}

static void
test_plat_child__leaves_others_alone(void **state)
{
	(void)state;
	forked(have_other_child, NULL);
}

/* ---- where orphans do not come to us ------------------------------------- */

static bool
nobody(int64_t pid)
{
	(void)pid;
	return false;
}

/* A child with a child of its own, both asleep; returns the first one's pid. */
static pid_t
start_family(bool own_group)
{
	pid_t pid = fork();
	if (pid != 0) {
		usleep(100000);
		return pid;
	}
	if (own_group)
		setpgid(0, 0);
	fork();
	usleep(20000000);
	_exit(0);
}

/* Known by its group, or by having been seen while the child lived. */
static void
lose_parent(void *arg)
{
	bool own_group = *(bool *)arg;
	pid_t pid = start_family(own_group);
	struct procs_row row;
	struct brood b = {.child = pid, .adopter = 1};
	brood_look(&b, true, nobody);
	CHECK(b.n == 1 && b.kin[0].parent == pid);
	int64_t grandchild = b.kin[0].pid;
	CHECK(kill(pid, SIGKILL) == 0 && waitpid(pid, NULL, 0) == pid);
	if (own_group) {
		/* Whoever collects orphans here, init or somebody above us. */
		CHECK(procs_row(&row, grandchild) == 0);
		brood_free(&b);
		b.adopter = row.parent;
		b.group = pid;
	}
	brood_look(&b, false, nobody);
	CHECK(b.n == 1 && b.kin[0].pid == grandchild);
	kill((pid_t)grandchild, SIGKILL);
	for (int i = 0; i < 200 && b.n > 0; i++) {
		usleep(20000);
		brood_look(&b, false, nobody);
	}
	CHECK(b.n == 0);
	brood_free(&b);
}

static void
test_brood__without_adoption(void **state)
{
	(void)state;
	bool own_group[] = {false, true};
	for (size_t i = 0; i < 2; i++)
		forked(lose_parent, &own_group[i]);
}

/* ---- a terminal ---------------------------------------------------------- */

struct session {
	struct tempdir *t;
	const char *terminal;
	int output;
};

/*
 * The leader of a session with a terminal of its own runs a child: an
 * interrupt from there is to reach the child, and once only, whether it shares
 * the terminal or not.
 */
static void
lead_session(void *arg)
{
	const struct session *s = arg;
	struct plat_child *c;
	struct role_how how;
	struct err e;
	int code = -1;
	CHECK(setsid() > 0);
	int fd = open(s->terminal, O_RDWR);
	CHECK(fd >= 0 && ioctl(fd, TIOCSCTTY, 0) == 0);
	CHECK(dup2(fd, 0) == 0);
	CHECK(plat_is_terminal(PLAT_STDIN));
	plat_sig_install();
	role_how(&how, "count", s->t->path, NULL);
	how.spawn.output = s->output;
	CHECK(plat_spawn(&c, &how.spawn, &e) == 0);
	plat_child_pass_signals(c);
	CHECK(plat_child_wait(c, -1, &code, NULL, 0, &e) == 0);
	plat_child_end(c);
	CHECK(code == 1);
	CHECK(!plat_sig_asked());
}

static void
press_when_ready(struct tempdir *t, int master)
{
	for (int i = 0; i < 1000 && !has(t->dir, "ready"); i++)
		usleep(10000);
	(void)!write(master, "\x03", 1);
	usleep(2000000); /* the terminal hangs up when we close it */
	_exit(0);
}

static void
interrupt_by_terminal(struct tempdir *t, int output)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0)
		skip();
	struct session s = {t, ptsname(master), output};
	pid_t presser = fork();
	if (presser == 0)
		press_when_ready(t, master);
	forked(lead_session, &s);
	close(master);
	kill(presser, SIGKILL);
	waitpid(presser, NULL, 0);
}

static void
test_plat_child__terminal_interrupts_once(void **state)
{
	interrupt_by_terminal(*state, PLAT_OUT_SHARED);
}

static void
test_plat_child__terminal_interrupts_captured(void **state)
{
	interrupt_by_terminal(*state, PLAT_OUT_CAPTURE);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, tempdir_setup, tempdir_teardown)

int
main(int argc, char **argv)
{
	plat_env_init(&argc, &argv);
	role_play(argc, argv, roles, sizeof(roles) / sizeof(roles[0]));
	const struct CMUnitTest tests[] = {
	    TEST(test_plat_child__passes_signals),
	    TEST(test_plat_child__wait_is_interrupted),
	    TEST(test_plat_child__killed),
	    TEST(test_plat_child__waits_for_daemons),
	    TEST(test_plat_child__leaves_others_alone),
	    TEST(test_brood__without_adoption),
	    TEST(test_plat_child__terminal_interrupts_once),
	    TEST(test_plat_child__terminal_interrupts_captured),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
