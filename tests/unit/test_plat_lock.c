#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "platform/plat_env.h"
#include "platform/plat_fs.h"
#include "platform/plat_time.h"
#include "support/role.h"
#include "support/tempdir.h"

static void
test_plat_lock__excludes_ourselves(void **state)
{
	struct tempdir *t = *state;
	struct plat_file a = PLAT_FILE_NONE, b = PLAT_FILE_NONE;
	struct plat_file other = PLAT_FILE_NONE;
	struct err e;
	assert_done(plat_lock(&a, t->dir, "lock", &e), &e);
	assert_int_equal(plat_lock(&b, t->dir, "lock", &e), 1);
	assert_int_equal(b.h, PLAT_FILE_NONE.h);
	assert_done(plat_lock(&other, t->dir, "another", &e), &e);
	assert_done(plat_close(&other, &e), &e);
	/* The loser's closing took nothing away. */
	assert_int_equal(plat_lock(&b, t->dir, "lock", &e), 1);
	assert_done(plat_close(&a, &e), &e);
	assert_done(plat_lock(&b, t->dir, "lock", &e), &e);
	assert_done(plat_close(&b, &e), &e);
}

static void
test_plat_lock__look(void **state)
{
	struct tempdir *t = *state;
	struct plat_file f;
	struct plat_stat st;
	struct err e;
	assert_int_equal(plat_lock_look(t->dir, "lock", &e), 0);
	assert_int_equal(plat_stat(&st, t->dir, "lock", &e), 1);
	assert_done(plat_lock(&f, t->dir, "lock", &e), &e);
	assert_int_equal(plat_lock_look(t->dir, "lock", &e), 1);
	assert_done(plat_close(&f, &e), &e);
	assert_int_equal(plat_lock_look(t->dir, "lock", &e), 0);
	put_dir(t->dir, "dir");
	assert_int_equal(plat_lock_look(t->dir, "dir", &e), -1);
}

static void
test_plat_lock__can_be_read(void **state)
{
	struct tempdir *t = *state;
	struct plat_file a;
	struct err e;
	assert_done(plat_lock(&a, t->dir, "lock", &e), &e);
	assert_done(plat_write(a, "pid 1", 5, &e), &e);
	assert_holds(t->dir, "lock", "pid 1");
	assert_done(plat_truncate(a, 0, &e), &e);
	assert_done(plat_close(&a, &e), &e);
}

static void
test_plat_lock__only_files(void **state)
{
	struct tempdir *t = *state;
	struct plat_file a;
	struct err e;
	put_dir(t->dir, "dir");
	assert_failed(plat_lock(&a, t->dir, "dir", &e), &e, ERR_TYPE);
	put_file(t->dir, "target", "");
	if (!put_link(t->dir, "link", "target"))
		skip();
	assert_failed(plat_lock(&a, t->dir, "link", &e), &e, ERR_TYPE);
}

/* Take the lock, say so, and keep it until killed. */
static int
play_hold(char **args)
{
	struct plat_dir *d;
	struct plat_file f;
	struct err e;
	if (plat_dir_open(&d, args[0], &e) < 0 ||
	    plat_lock(&f, d, "lock", &e) != 0)
		return 1;
	put_dir(d, "held");
	plat_sleep(60000);
	return 0;
}

static void
test_plat_lock__dies_with_its_process(void **state)
{
	struct tempdir *t = *state;
	struct plat_file f;
	struct err e;
	struct plat_child *c = role_start("hold", t->path, NULL);
	await(t->dir, "held");
	assert_int_equal(plat_lock(&f, t->dir, "lock", &e), 1);
	plat_child_end(c);
	assert_done(plat_lock(&f, t->dir, "lock", &e), &e);
	assert_done(plat_close(&f, &e), &e);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, tempdir_setup, tempdir_teardown)

int
main(int argc, char **argv)
{
	static const struct role roles[] = {{"hold", play_hold}};
	plat_env_init(&argc, &argv);
	role_play(argc, argv, roles, 1);
	const struct CMUnitTest tests[] = {
	    TEST(test_plat_lock__excludes_ourselves),
	    TEST(test_plat_lock__look),
	    TEST(test_plat_lock__can_be_read),
	    TEST(test_plat_lock__only_files),
	    TEST(test_plat_lock__dies_with_its_process),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
