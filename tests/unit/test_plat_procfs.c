/*
 * What /proc tells about processes.
 */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/linux/mounts.h"
#include "platform/linux/proc_stat.h"
#include "platform/plat_env.h"
#include "platform/plat_proc.h"
#include "platform/plat_time.h"
#include "platform/posix/plat_posix.h"
#include "support/forked.h"
#include "support/role.h"
#include "support/tempdir.h"

/* ---- /proc --------------------------------------------------------------- */

static void
test_proc_stat__parse(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int rc;
		struct proc_stat want;
	} cases[] = {
	    {"12 (sh) S 7 12 9 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 777 4096",
		0, {{12, 7, 12, 777, false}, "sh", false}},
	    {"12 (a) b (c) Z 7 8 9 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 777 1", 0,
		{{12, 7, 8, 777, true}, "a) b (c", false}},
	    {"2 (x\ny) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 5", 0,
		{{2, 0, 0, 5, false}, "x\ny", true}},
	    {"2 () X 0 0 0 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 5", 0,
		{{2, 0, 0, 5, true}, "", false}},
	    {"", -1, {{0}, "", false}},
	    {"12", -1, {{0}, "", false}},
	    {"12 (sh", -1, {{0}, "", false}},
	    {"12 )sh( S 1", -1, {{0}, "", false}},
	    {"12 (sh) S 7 12 9", -1, {{0}, "", false}},
	    {"12 (sh) S 7 12 9 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0", -1,
		{{0}, "", false}},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct proc_stat got;
		const char *text = cases[i].text;
		int rc = proc_stat_parse(&got, text, strlen(text));
		assert_int_equal(rc, cases[i].rc);
		if (rc < 0)
			continue;
		const struct proc_stat *want = &cases[i].want;
		assert_true(got.row.pid == want->row.pid);
		assert_true(got.row.parent == want->row.parent);
		assert_true(got.row.group == want->row.group);
		assert_true(got.row.started == want->row.started);
		assert_int_equal(got.row.zombie, want->row.zombie);
		assert_int_equal(got.kernel_thread, want->kernel_thread);
		assert_string_equal(got.comm, want->comm);
	}
}

static void
test_mounts__type_of(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		const char *want; /* NULL: not this one */
	} cases[] = {
	    {"36 35 0:52 / /mnt rw,noatime - fuse.sshfs host:/ rw",
		"fuse.sshfs"},
	    {"36 35 0:52 / /mnt rw shared:1 master:2 - fuseblk /dev/x rw\n",
		"fuseblk"},
	    {"36 35 0:52 /a\\040-\\040b /mnt rw - ext4 /dev/x rw", "ext4"},
	    {"36 35 0:52 / /mnt rw - last", "last"},
	    {"36 35 0:53 / /mnt rw - ext4 /dev/x rw", NULL},
	    {"36 35 0:52 / /mnt rw", NULL},
	    {"36 35", NULL},
	    {"", NULL},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str got = STR_INIT;
		int rc = mounts_type_of(&got, cases[i].line, makedev(0, 52));
		assert_int_equal(rc, cases[i].want != NULL ? 0 : -1);
		assert_string_equal(
		    got.p, cases[i].want != NULL ? cases[i].want : "");
		str_free(&got);
	}
	struct str got = STR_INIT;
	assert_int_equal(mounts_type(&got, makedev(4000, 4000)), -1);
	str_free(&got);
}

/* ---- names of processes -------------------------------------------------- */

static int
play_sleep(char **args)
{
	struct plat_dir *d;
	struct err e;
	if (args[1] != NULL)
		prctl(PR_SET_NAME, args[1]);
	if (plat_dir_open(&d, args[0], &e) < 0)
		return 1;
	put_dir(d, "ready");
	plat_dir_close(d);
	plat_sleep(60000);
	return 0;
}

/* Map the file "held", work in the directory, or have it open, and hold nothing
   else. */
static int
play_touch(char **args)
{
	struct plat_dir *d;
	struct plat_file f;
	struct err e;
	if (plat_dir_open(&d, args[0], &e) < 0)
		return 1;
	if (strcmp(args[1], "map") == 0) {
		if (plat_open(&f, d, "held", &e) != 0 ||
		    mmap(NULL, 4, PROT_READ, MAP_SHARED, (int)f.h, 0) ==
			MAP_FAILED)
			return 1;
		plat_close(&f, &e);
	} else if (strcmp(args[1], "cwd") == 0 && fchdir(d->fd) < 0) {
		return 1;
	}
	put_dir(d, "ready");
	if (strcmp(args[1], "dir") != 0)
		plat_dir_close(d);
	plat_sleep(60000);
	return 0;
}

static void *
go_on(void *arg)
{
	(void)arg;
	plat_sleep(60000);
	exit(0);
}

/* Let the first thread end and another one live on. */
static int
play_headless(char **args)
{
	pthread_t other;
	(void)args;
	if (pthread_create(&other, NULL, go_on, NULL) != 0)
		return 1;
	pthread_exit(NULL);
}

static const struct role roles[] = {
    {"headless", play_headless},
    {"sleep", play_sleep},
    {"touch", play_touch},
};

/* A child of *parent* in a role. */
struct wanted {
	const char *role; /* argv[2] */
	int64_t parent;
	char name[64], title[64];
	int found;
	int64_t pid;
	bool zombie;
};

static int
look_for(void *arg, const struct plat_proc *p)
{
	struct wanted *w = arg;
	if (p->parent != w->parent || p->argv == NULL || p->argv[0] == NULL ||
	    p->argv[1] == NULL || p->argv[2] == NULL ||
	    strcmp(p->argv[2], w->role) != 0)
		return 0;
	w->found++;
	w->pid = p->pid;
	w->zombie = p->zombie;
	snprintf(w->name, sizeof(w->name), "%s", p->name);
	snprintf(w->title, sizeof(w->title), "%s",
	    p->title != NULL ? p->title : "-");
	return 0;
}

/* Copy the running program to *name* in *t*. */
static void
copy_program(struct tempdir *t, const char *name)
{
	char buf[65536];
	struct plat_file from, to;
	struct err e;
	size_t got;
	assert_done(plat_open_native(&from, "/proc/self/exe", &e), &e);
	assert_done(plat_create(&to, t->dir, name, &e), &e);
	do {
		assert_done(plat_read(from, buf, sizeof(buf), &got, &e), &e);
		assert_done(plat_write(to, buf, got, &e), &e);
	} while (got > 0);
	assert_done(plat_file_chmod(to, 0700, &e), &e);
	assert_done(plat_close(&to, &e), &e);
	assert_done(plat_close(&from, &e), &e);
}

static void
test_plat_proc__long_names(void **state)
{
	static const char long_name[] = "a rather (long) program-name";
	struct tempdir *t = *state;
	struct wanted w = {.role = "sleep", .parent = getpid()};
	struct plat_child *c;
	struct role_how how;
	struct str path = STR_INIT;
	struct err e;
	copy_program(t, long_name);
	tempdir_path(&path, t, long_name);
	role_how(&how, "sleep", t->path, NULL);
	how.argv[0] = path.p;
	assert_done(plat_spawn(&c, &how.spawn, &e), &e);
	await(t->dir, "ready");
	assert_done(plat_proc_list(look_for, &w, &e), &e);
	assert_int_equal(w.found, 1);
	assert_string_equal(w.name, long_name);
	assert_string_equal(w.title, "-");
	/* Updated while it runs: the old file is gone. */
	assert_done(plat_unlink(t->dir, long_name, &e), &e);
	assert_done(plat_proc_list(look_for, &w, &e), &e);
	assert_string_equal(w.name, long_name);
	plat_child_end(c);
	str_free(&path);
}

static void
test_plat_proc__title(void **state)
{
	struct tempdir *t = *state;
	struct wanted w = {.role = "sleep", .parent = getpid()};
	struct err e;
	struct plat_child *c = role_start("sleep", t->path, "My App");
	await(t->dir, "ready");
	assert_done(plat_proc_list(look_for, &w, &e), &e);
	assert_int_equal(w.found, 1);
	assert_string_equal(w.name, "test_plat_procfs");
	assert_string_equal(w.title, "My App");
	plat_child_end(c);
}

/* A user without rights is told the name from the first argument. */
static void
find_long_name(void *arg)
{
	struct wanted w = {.role = "sleep", .parent = getppid()};
	struct err e;
	CHECK(plat_proc_list(look_for, &w, &e) == 0);
	CHECK(w.found == 1);
	CHECK(strcmp(w.name, arg) == 0);
}

static void
test_plat_proc__others_long_names(void **state)
{
	static char long_name[] = "another-rather-long-program";
	struct tempdir *t = *state;
	struct plat_child *c;
	struct role_how how;
	struct str path = STR_INIT;
	struct err e;
	copy_program(t, long_name);
	tempdir_path(&path, t, long_name);
	role_how(&how, "sleep", t->path, NULL);
	how.argv[0] = path.p;
	assert_done(plat_spawn(&c, &how.spawn, &e), &e);
	str_free(&path);
	await(t->dir, "ready");
	if (geteuid() == 0)
		forked_as_nobody(find_long_name, long_name);
	plat_child_end(c);
}

static int
check_program(void *arg, const struct plat_proc *p)
{
	struct proc_stat stat;
	int dir = proc_open(p->pid);
	(void)arg;
	if (dir >= 0 && proc_stat_read(&stat, dir) == 0)
		assert_false(stat.kernel_thread);
	close(dir);
	return 0;
}

static void
test_plat_proc__no_kernel_threads(void **state)
{
	(void)state;
	struct err e;
	assert_done(plat_proc_list(check_program, NULL, &e), &e);
}

/* A process whose first thread has ended looks like a zombie, and is none. */
static void
test_plat_proc__first_thread_ended(void **state)
{
	(void)state;
	struct wanted w = {.role = "headless", .parent = getpid()};
	struct proc_stat stat;
	struct err e;
	struct plat_child *c = role_start("headless", NULL, NULL);
	assert_done(plat_proc_list(look_for, &w, &e), &e);
	int dir = proc_open(w.pid);
	assert_true(dir >= 0);
	char state_of = 'R';
	for (int i = 0; i < 1000 && state_of != 'Z'; i++) {
		char text[256] = "";
		int fd = openat(dir, "stat", O_RDONLY);
		assert_true(read(fd, text, sizeof(text) - 1) > 0);
		close(fd);
		state_of = strrchr(text, ')')[2];
		plat_sleep(10);
	}
	assert_int_equal(state_of, 'Z');
	assert_int_equal(proc_stat_read(&stat, dir), 0);
	assert_false(stat.row.zombie);
	w.found = 0;
	assert_done(plat_proc_list(look_for, &w, &e), &e);
	assert_int_equal(w.found, 1);
	assert_false(w.zombie);
	assert_non_null(strstr(w.name, "test_plat_procfs"));
	assert_true(plat_proc_alive(w.pid, 0));
	close(dir);
	plat_child_end(c);
}

/* ---- holders ------------------------------------------------------------- */

static int
note_holder(void *arg, const struct plat_holder *h)
{
	int64_t *pid = arg;
	if (h->pid == *pid)
		*pid = 0;
	return 0;
}

static void
check_holder(struct tempdir *t, const char *how, bool holds)
{
	struct wanted w = {.role = "touch", .parent = getpid()};
	struct plat_dir *d;
	struct err e;
	size_t blind;
	put_dir(t->dir, "below");
	d = sub(t->dir, "below");
	put_file(d, "held", "1234");
	struct str path = STR_INIT;
	tempdir_path(&path, t, "below");
	struct plat_child *c = role_start("touch", path.p, how);
	await(d, "ready");
	assert_done(plat_proc_list(look_for, &w, &e), &e);
	assert_int_equal(w.found, 1);
	assert_done(plat_proc_holders(d, note_holder, &w.pid, &blind, &e), &e);
	assert_true((w.pid == 0) == holds);
	plat_child_end(c);
	plat_dir_close(d);
	str_free(&path);
}

static void
test_plat_proc__holds_by_map(void **state)
{
	check_holder(*state, "map", true);
}

static void
test_plat_proc__stands_there(void **state)
{
	check_holder(*state, "cwd", false);
}

static void
test_plat_proc__watches_the_directory(void **state)
{
	check_holder(*state, "dir", false);
}

static void
test_plat_proc__holders_of_the_root(void **state)
{
	(void)state;
	struct plat_dir *d;
	struct err e;
	size_t blind;
	int64_t pid = getppid();
	assert_done(plat_dir_open(&d, "/", &e), &e);
	assert_done(plat_proc_holders(d, note_holder, &pid, &blind, &e), &e);
	assert_true(pid == 0 || blind > 0);
	plat_dir_close(d);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, tempdir_setup, tempdir_teardown)

int
main(int argc, char **argv)
{
	plat_env_init(&argc, &argv);
	role_play(argc, argv, roles, sizeof(roles) / sizeof(roles[0]));
	const struct CMUnitTest tests[] = {
	    TEST(test_proc_stat__parse),
	    TEST(test_mounts__type_of),
	    TEST(test_plat_proc__long_names),
	    TEST(test_plat_proc__title),
	    TEST(test_plat_proc__others_long_names),
	    TEST(test_plat_proc__no_kernel_threads),
	    TEST(test_plat_proc__holds_by_map),
	    TEST(test_plat_proc__stands_there),
	    TEST(test_plat_proc__watches_the_directory),
	    TEST(test_plat_proc__first_thread_ended),
	    TEST(test_plat_proc__holders_of_the_root),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
