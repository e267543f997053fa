/*
 * What only Linux has: calls that a sandbox may deny, files nobody may change.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/plat_env.h"
#include "platform/plat_proc.h"
#include "platform/plat_thread.h"
#include "platform/plat_time.h"
#include "platform/posix/plat_posix.h"
#include "support/forked.h"
#include "support/role.h"
#include "support/tempdir.h"

static int
play_exit(char **args)
{
	return (int)number(args[0]);
}

static const struct role roles[] = {{"exit", play_exit}};

/* ---- a sandbox that denies the newer calls ------------------------------- */

#define DENY(number, os)                                                       \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),                     \
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (os))

static void
deny_newer_calls(int how_openat2, int how_lock)
{
	struct sock_filter rules[] = {
	    BPF_STMT(
		BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	    DENY(SYS_openat2, (unsigned)how_openat2),
	    DENY(SYS_renameat2, ENOSYS),
	    DENY(SYS_pidfd_open, ENOSYS),
	    DENY(SYS_syncfs, ENOSYS),
	    DENY(SYS_sched_getaffinity, ENOSYS),
	    /* fcntl(…, F_OFD_SETLK, …) */
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fcntl, 0, 3),
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		offsetof(struct seccomp_data, args[1])),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, F_OFD_SETLK, 0, 1),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)how_lock),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {
	    .len = sizeof(rules) / sizeof(rules[0]), .filter = rules};
	CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	CHECK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
}

static void
walk_in_the_sandbox(struct tempdir *t)
{
	struct str path = STR_INIT;
	struct str native = STR_INIT;
	struct plat_dir *d;
	struct err e;
	for (int level = 0; level < 40; level++) {
		str_add(&path, level > 0 ? "/" : "");
		for (int i = 0; i < 150; i++)
			str_addc(&path, 'd');
	}
	tempdir_path(&native, t, path.p);
	CHECK(plat_dir_make(native.p, 0700, &e) == 0);
	CHECK(plat_dir_sub(&d, t->dir, path.p, &e) == 0);
	plat_dir_close(d);
	CHECK(plat_dir_sub(&d, t->dir, "", &e) == 0);
	plat_dir_close(d);
	put_link(t->dir, "link", "dir");
	put_dir(t->dir, "dir");
	CHECK(plat_dir_sub(&d, t->dir, "dir", &e) == 0);
	put_dir(d, "in");
	plat_dir_close(d);
	CHECK(plat_dir_sub(&d, t->dir, "link/in", &e) == -1);
	CHECK(e.code == ERR_TYPE);
	CHECK(plat_dir_sub(&d, t->dir, "link", &e) == -1);
	CHECK(e.code == ERR_TYPE);
	CHECK(plat_dir_sub(&d, t->dir, "none/in", &e) == 1);
	CHECK(plat_dir_sub(&d, t->dir, "dir/none", &e) == 1);
	str_free(&path);
	str_free(&native);
}

static void
live_in_the_sandbox(void *arg)
{
	struct tempdir *t = arg;
	struct plat_file a, b;
	struct err e;
	deny_newer_calls(ENOSYS, EINVAL);
	walk_in_the_sandbox(t);
	put_file(t->dir, "a", "1");
	put_file(t->dir, "b", "2");
	CHECK(plat_move(t->dir, "a", t->dir, "c", &e) == 1);
	CHECK(plat_swap(t->dir, "a", t->dir, "b", &e) == 1);
	CHECK(has(t->dir, "a") && !has(t->dir, "c"));
	CHECK(plat_volume_sync(t->dir, &e) == 1);
	CHECK(plat_lock(&a, t->dir, "lock", &e) == 0);
	CHECK(plat_lock(&b, t->dir, "lock", &e) == 1);
	CHECK(plat_close(&a, &e) == 0);
	CHECK(plat_cpu_count() >= 1);
	CHECK(role_finish(role_start("exit", "4", NULL)) == 4);
	int64_t pid = fork();
	if (pid == 0) {
		plat_sleep(60000);
		_exit(0);
	}
	CHECK(plat_proc_stop(pid, 0, true, &e) == 0);
	int status;
	CHECK(waitpid((pid_t)pid, &status, 0) == pid);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	CHECK(plat_proc_stop(pid, 0, true, &e) == 1);
}

static void
test_plat_linux__old_kernel(void **state)
{
	forked(live_in_the_sandbox, *state);
}

static void
walk_denied(void *arg)
{
	struct plat_file a;
	struct tempdir *t = arg;
	struct err e;
	deny_newer_calls(EPERM, ENOLCK);
	walk_in_the_sandbox(t);
	CHECK(plat_lock(&a, t->dir, "lock", &e) == -1);
	CHECK(e.os == ENOLCK);
}

static void
test_plat_linux__sandbox_says_eperm(void **state)
{
	forked(walk_denied, *state);
}

/* Where every lookup meets a rename, walking does. */
static void
walk_with_renames(void *arg)
{
	deny_newer_calls(EAGAIN, EINVAL);
	walk_in_the_sandbox(arg);
}

static void
test_plat_linux__kernel_says_again(void **state)
{
	forked(walk_with_renames, *state);
}

/* ---- what nobody may change ---------------------------------------------- */

static bool
set_immutable(struct plat_dir *d, const char *name, bool on)
{
	int fd = openat(d->fd, name, O_RDONLY | O_CLOEXEC);
	int flags = 0;
	bool done = ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0;
	flags = on ? flags | FS_IMMUTABLE_FL : flags & ~FS_IMMUTABLE_FL;
	done = done && ioctl(fd, FS_IOC_SETFLAGS, &flags) == 0;
	close(fd);
	return done;
}

static void
test_plat_linux__immutable(void **state)
{
	struct tempdir *t = *state;
	struct plat_file f;
	struct stamp when = {.sec = 1};
	struct err e;
	put_file(t->dir, "f", "kept");
	if (!set_immutable(t->dir, "f", true))
		skip();
	int unlinked = plat_unlink(t->dir, "f", &e);
	enum err_code code = e.code;
	int moved = plat_move(t->dir, "f", t->dir, "g", &e);
	int linked = plat_link(t->dir, "f", t->dir, "g", &e);
	int touched = plat_touch(t->dir, "f", when, &e);
	int changed = plat_chmod(t->dir, "f", 0600, &e);
	int opened = plat_append(&f, t->dir, "f", &e);
	set_immutable(t->dir, "f", false);
	assert_int_equal(unlinked, -1);
	assert_int_equal(code, ERR_ACCESS);
	assert_int_equal(moved, -1);
	assert_int_equal(linked, 1);
	assert_int_equal(touched, -1);
	assert_int_equal(changed, -1);
	assert_int_equal(opened, -1);
	assert_holds(t->dir, "f", "kept");
}

static void
test_plat_linux__clone_fails(void **state)
{
	struct tempdir *t = *state;
	struct plat_file f, none = PLAT_FILE_NONE;
	struct err e;
	assert_done(plat_create(&f, t->dir, "f", &e), &e);
	assert_failed(plat_clone(none, f, &e), &e, ERR_IO);
	assert_done(plat_close(&f, &e), &e);
}

static void
write_to_full(void *arg)
{
	struct err e;
	(void)arg;
	int full = open("/dev/full", O_WRONLY);
	CHECK(full >= 0 && dup2(full, 1) == 1);
	CHECK(plat_out(PLAT_STDOUT, "x", 1, &e) == -1);
	CHECK(e.code == ERR_NOSPACE);
}

static void
test_plat_linux__full_output(void **state)
{
	(void)state;
	forked(write_to_full, NULL);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, tempdir_setup, tempdir_teardown)

int
main(int argc, char **argv)
{
	plat_env_init(&argc, &argv);
	role_play(argc, argv, roles, sizeof(roles) / sizeof(roles[0]));
	const struct CMUnitTest tests[] = {
	    TEST(test_plat_linux__old_kernel),
	    TEST(test_plat_linux__sandbox_says_eperm),
	    TEST(test_plat_linux__kernel_says_again),
	    TEST(test_plat_linux__immutable),
	    TEST(test_plat_linux__clone_fails),
	    TEST(test_plat_linux__full_output),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
