/*
 * Signals, standard streams and places as POSIX systems have them.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "platform/plat_env.h"
#include "platform/plat_sig.h"
#include "platform/plat_thread.h"
#include "platform/plat_time.h"
#include "support/forked.h"
#include "support/tempdir.h"

/* ---- signals ------------------------------------------------------------- */

static void
be_asked(void *arg)
{
	int number = *(int *)arg;
	struct err e;
	plat_sig_install();
	CHECK(!plat_sig_asked());
	uint64_t before = plat_ticks();
	pid_t us = getpid();
	if (fork() == 0) {
		usleep(100000);
		kill(us, number);
		_exit(0);
	}
	plat_sleep(20000);
	CHECK(plat_ticks() - before < 10000);
	CHECK(plat_sig_asked());
	CHECK(plat_sig_check(&e) == -1 && e.code == ERR_CANCELLED);
}

static void
test_plat_sig__asked(void **state)
{
	(void)state;
	int signals[] = {SIGINT, SIGTERM, SIGHUP};
	for (size_t i = 0; i < 3; i++)
		forked(be_asked, &signals[i]);
}

static void
break_pipe(void *arg)
{
	int ends[2];
	struct err e;
	(void)arg;
	plat_sig_install();
	CHECK(pipe(ends) == 0 && close(ends[0]) == 0);
	struct plat_file f = {.h = ends[1]};
	CHECK(plat_write(f, "x", 1, &e) == -1 && e.os == EPIPE);
}

static void
test_plat_sig__broken_pipe(void **state)
{
	(void)state;
	forked(break_pipe, NULL);
}

static void
survive_hangup(void *arg)
{
	(void)arg;
	signal(SIGHUP, SIG_IGN);
	plat_sig_install();
	raise(SIGHUP);
	CHECK(!plat_sig_asked());
}

static void
test_plat_sig__nohup(void **state)
{
	(void)state;
	forked(survive_hangup, NULL);
}

/* ---- standard streams ---------------------------------------------------- */

static void
lose_streams(void *arg)
{
	int argc = 0;
	char **argv = NULL;
	char c;
	struct err e;
	(void)arg;
	int kept = dup(2);
	close(0);
	close(1);
	close(2);
	plat_env_init(&argc, &argv);
	int next = open("/dev/null", O_RDONLY);
	int out = plat_out(PLAT_STDOUT, "x", 1, &e);
	ssize_t in = read(0, &c, 1);
	dup2(kept, 2);
	CHECK(next > 2);
	CHECK(out == -1);
	CHECK(in == 0);
	CHECK(!plat_is_terminal(PLAT_STDIN));
}

static void
test_plat_env__closed_streams(void **state)
{
	(void)state;
	forked(lose_streams, NULL);
}

struct reader {
	int fd;
	size_t got;
};

static void
read_slowly(void *arg)
{
	struct reader *r = arg;
	char buf[65536];
	ssize_t n;
	plat_sleep(50);
	while ((n = read(r->fd, buf, sizeof(buf))) > 0)
		r->got += (size_t)n;
}

/* A pipe somebody set not to block fills up, and everything still goes out. */
static void
write_much(void *arg)
{
	enum { MUCH = 1 << 20 };
	int ends[2];
	struct err e;
	(void)arg;
	CHECK(pipe(ends) == 0);
	CHECK(fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0);
	CHECK(dup2(ends[1], 1) == 1 && close(ends[1]) == 0);
	char *many = mem_zero(MUCH, 1);
	struct reader r = {.fd = ends[0]};
	struct plat_thread *t = plat_thread_start(read_slowly, &r);
	CHECK(plat_out(PLAT_STDOUT, many, MUCH, &e) == 0);
	close(1);
	plat_thread_join(t);
	CHECK(r.got == MUCH);
	free(many);
}

static void
test_plat_env__output_all_goes_out(void **state)
{
	(void)state;
	forked(write_much, NULL);
}

/* A reader that never reads must not keep us when asked to stop. */
static void
give_up_writing(void *arg)
{
	static char many[1 << 20];
	int ends[2];
	struct err e;
	plat_sig_install();
	CHECK(pipe(ends) == 0);
	CHECK(fcntl(ends[1], F_SETFL, *(int *)arg) == 0);
	CHECK(dup2(ends[1], 1) == 1);
	pid_t us = getpid();
	if (fork() == 0) {
		/* More than once: the first may come before the write. */
		while (getppid() == us) {
			usleep(100000);
			kill(us, SIGTERM);
		}
		_exit(0);
	}
	CHECK(plat_out(PLAT_STDOUT, many, sizeof(many), &e) == -1);
	CHECK(plat_sig_asked());
}

static void
test_plat_env__output_can_be_stopped(void **state)
{
	(void)state;
	int flags[] = {0, O_NONBLOCK};
	for (size_t i = 0; i < 2; i++)
		forked(give_up_writing, &flags[i]);
}

/* ---- places -------------------------------------------------------------- */

static void
move_home(void *arg)
{
	static const struct {
		const char *home, *config, *state;
		const char *want_config, *want_state;
	} cases[] = {
	    {"/h", NULL, NULL, "/h/.config/coldsync",
		"/h/.local/state/coldsync"},
	    {"/h", "/c", "/s", "/c/coldsync", "/s/coldsync"},
	    {"/h", "c", "./s", "/h/.config/coldsync",
		"/h/.local/state/coldsync"},
	    {"/h", "", "", "/h/.config/coldsync", "/h/.local/state/coldsync"},
	};
	struct str out = STR_INIT;
	struct err e;
	(void)arg;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unsetenv("XDG_CONFIG_HOME");
		unsetenv("XDG_STATE_HOME");
		setenv("HOME", cases[i].home, 1);
		if (cases[i].config != NULL)
			setenv("XDG_CONFIG_HOME", cases[i].config, 1);
		if (cases[i].state != NULL)
			setenv("XDG_STATE_HOME", cases[i].state, 1);
		str_clear(&out);
		CHECK(plat_config_home(&out, &e) == 0);
		CHECK(strcmp(out.p, cases[i].want_config) == 0);
		str_clear(&out);
		CHECK(plat_state_home(&out, &e) == 0);
		CHECK(strcmp(out.p, cases[i].want_state) == 0);
	}
	str_clear(&out);
	setenv("HOME", "relative", 1);
	CHECK(plat_home(&out, &e) == 0 && plat_is_absolute(out.p));
	str_clear(&out);
	unsetenv("HOME");
	CHECK(plat_home(&out, &e) == 0 && plat_is_absolute(out.p));
	str_free(&out);
}

static void
test_plat_env__homes(void **state)
{
	(void)state;
	forked(move_home, NULL);
}

static void
have_no_home(void *arg)
{
	struct str out = STR_INIT;
	struct err e;
	(void)arg;
	unsetenv("HOME");
	unsetenv("XDG_CONFIG_HOME");
	CHECK(setuid(4000000000u) == 0);
	CHECK(plat_home(&out, &e) == -1 && e.code == ERR_NOTFOUND);
	CHECK(plat_config_home(&out, &e) == -1);
	CHECK(out.len == 0);
}

static void
test_plat_env__no_home(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	forked(have_no_home, NULL);
}

static void
change_zone(void *arg)
{
	struct stamp summer = {.sec = 1720000000}, winter = {.sec = 1700000000};
	(void)arg;
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	CHECK(plat_zone_offset(winter) == 3600);
	CHECK(plat_zone_offset(summer) == 7200);
	setenv("TZ", "XXX3:30", 1);
	tzset();
	CHECK(plat_zone_offset(winter) == -12600);
}

static void
test_plat_time__zones(void **state)
{
	(void)state;
	forked(change_zone, NULL);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, tempdir_setup, tempdir_teardown)

int
main(int argc, char **argv)
{
	plat_env_init(&argc, &argv);
	const struct CMUnitTest tests[] = {
	    TEST(test_plat_sig__asked),
	    TEST(test_plat_sig__broken_pipe),
	    TEST(test_plat_sig__nohup),
	    TEST(test_plat_env__closed_streams),
	    TEST(test_plat_env__output_all_goes_out),
	    TEST(test_plat_env__output_can_be_stopped),
	    TEST(test_plat_env__homes),
	    TEST(test_plat_env__no_home),
	    TEST(test_plat_time__zones),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
