/*
 * test_snapshot_trouble.c - snapshots where the real system is difficult:
 * another file system, a full one, a limit, files their owner may not read.
 */
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "snapshot_world.h"
#include "support/forked.h"

static bool may_mount; /* root, with a mount table of our own */

static const struct stamp noon = {.sec = 1000000000, .nsec = 123456789};

/* The backups come to lie on a file system of their own. */
static void
mount_backups(struct world *w, const char *how, unsigned long flags)
{
	struct str path = STR_INIT;
	tempdir_path(&path, w->temp, "state");
	if (flags == 0)
		put_dir(w->temp->dir, "state");
	assert_int_equal(mount("none", path.p, "tmpfs", flags, how), 0);
	str_free(&path);
}

static void
leave(struct world *w)
{
	struct str path = STR_INIT;
	tempdir_path(&path, w->temp, "state");
	snapshot_close(w->snapshot);
	w->snapshot = NULL;
	assert_int_equal(umount(path.p), 0);
	str_free(&path);
	world_close(w);
}

/* *size* bytes that do not compress. */
static void
put_noise(struct world *w, const char *name, size_t size)
{
	struct str text = STR_INIT;
	for (uint32_t x = 1; text.len < size;) {
		x = x * 1664525 + 1013904223;
		str_addc(&text, (char)(1 + (x >> 24) % 255));
	}
	put_file(w->tree, name, text.p);
	str_free(&text);
}

static void
assert_kept(struct world *w, const char *path, const char *want)
{
	struct str text = STR_INIT;
	world_read(&text, w, path);
	assert_string_equal(text.p, want);
	str_free(&text);
}

static void
test_snapshot_trouble__another_file_system(void **state)
{
	UNUSED(state);
	if (!may_mount)
		skip();
	struct world w;
	bool made;
	world_open(&w, false);
	mount_backups(&w, "size=1m", 0);
	world_victim(&w, "victim", "from afar", 0751, noon);
	world_tell(&w, INTENT_REMOVE, SIDE_LOCAL, "a/b", "victim");
	assert_done(world_keep(&w, "victim", SIDE_LOCAL, "a/b"), &w.e);
	assert_false(has(w.tree, "victim"));
	put_link(w.tree, "victim", "to/where");
	assert_done(plat_touch(w.tree, "victim", noon, &w.e), &w.e);
	world_tell(&w, INTENT_REMOVE, SIDE_CLOUD, "l", "victim");
	assert_done(world_keep(&w, "victim", SIDE_CLOUD, "l"), &w.e);
	assert_false(has(w.tree, "victim"));
	assert_done(world_finish(&w, &made), &w.e);
	assert_kept(&w, WORLD_ID "/local/a/b", "from afar");

	struct str all = STR_INIT;
	world_read(&all, &w, WORLD_ID "/manifest.json");
	assert_non_null(strstr(all.p,
	    "\"mtime_nsec\":123456789,"
	    "\"mode\":\"0751\",\"exec\":true}"));
	assert_non_null(strstr(all.p, "\"type\":\"link\",\"size\":8,"));
	assert_null(strstr(all.p, "missing"));
	str_free(&all);
	leave(&w);
}

/* What does not fit stays where it is; what fits is kept all the same. */
static void
test_snapshot_trouble__no_room_for_a_file(void **state)
{
	UNUSED(state);
	if (!may_mount)
		skip();
	struct world w;
	bool made;
	world_open(&w, false);
	mount_backups(&w, "size=64k", 0);
	put_noise(&w, "victim1", 200000);
	put_file(w.tree, "victim2", "fits");
	int rc = world_keep(&w, "victim1", SIDE_LOCAL, "a");
	assert_failed(rc, &w.e, ERR_NOSPACE);
	assert_true(has(w.tree, "victim1"));
	assert_false(world_has(&w, WORLD_ID ".partial/incoming"));
	assert_done(world_keep(&w, "victim2", SIDE_LOCAL, "b"), &w.e);
	assert_done(world_finish(&w, &made), &w.e);
	assert_kept(&w, WORLD_ID "/local/b", "fits");
	leave(&w);
}

/* No room for the end: everything waits for the next try. */
static void
test_snapshot_trouble__no_room_to_finish(void **state)
{
	UNUSED(state);
	if (!may_mount)
		skip();
	for (int zip = 0; zip < 2; zip++) {
		struct world w;
		bool made;
		world_open(&w, zip);
		mount_backups(&w, "size=128k", 0);
		put_noise(&w, "victim", zip ? 70000 : 106000);
		assert_done(world_keep(&w, "victim", SIDE_LOCAL, "a"), &w.e);
		for (int i = 0; i < 300; i++)
			world_tell(&w, INTENT_PUT, SIDE_LOCAL, "b", NULL);
		assert_failed(world_finish(&w, &made), &w.e, ERR_NOSPACE);
		assert_false(made);
		assert_true(world_has(&w, WORLD_ID ".partial/local/a"));
		assert_false(world_has(&w, WORLD_ID ".zip.partial"));
		mount_backups(&w, "size=1m", MS_REMOUNT);
		world_begin(&w);
		assert_done(world_finish(&w, &made), &w.e);
		assert_true(made);
		assert_true(
		    world_has(&w, zip ? WORLD_ID ".zip" : WORLD_ID "/local/a"));
		assert_false(world_has(&w, WORLD_ID ".partial"));
		leave(&w);
	}
}

static void
test_snapshot_trouble__read_only(void **state)
{
	UNUSED(state);
	if (!may_mount)
		skip();
	struct world w;
	bool made;
	world_open(&w, false);
	mount_backups(&w, "size=1m", 0);
	put_file(w.tree, "victim", "x");
	mount_backups(&w, NULL, MS_REMOUNT | MS_RDONLY);
	int rc = world_keep(&w, "victim", SIDE_LOCAL, "a");
	assert_failed(rc, &w.e, ERR_ACCESS);
	assert_true(has(w.tree, "victim"));
	mount_backups(&w, NULL, MS_REMOUNT);
	assert_done(world_keep(&w, "victim", SIDE_LOCAL, "a"), &w.e);
	mount_backups(&w, NULL, MS_REMOUNT | MS_RDONLY);
	assert_failed(world_finish(&w, &made), &w.e, ERR_ACCESS);
	mount_backups(&w, NULL, MS_REMOUNT);
	world_begin(&w);
	assert_done(world_finish(&w, &made), &w.e);
	assert_kept(&w, WORLD_ID "/local/a", "x");
	leave(&w);
}

static void
keep_with_a_limit(void *arg)
{
	struct world *w = arg;
	struct rlimit limit = {.rlim_cur = 4096, .rlim_max = 4096};
	CHECK(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
	CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	CHECK(world_keep(w, "victim", SIDE_LOCAL, "a") == -1);
	CHECK(has(w->tree, "victim"));
}

static void
test_snapshot_trouble__a_limit(void **state)
{
	UNUSED(state);
	struct world w;
	world_open(&w, false);
	put_noise(&w, "victim", 20000);
	assert_done(plat_link(w.tree, "victim", w.tree, "other", &w.e), &w.e);
	forked(keep_with_a_limit, &w);
	assert_false(world_has(&w, WORLD_ID ".partial/incoming"));
	assert_done(world_keep(&w, "victim", SIDE_LOCAL, "a"), &w.e);
	assert_true(world_has(&w, WORLD_ID ".partial/local/a"));
	world_close(&w);
}

/* Its owner may write to it, and not read it. */
static void
keep_unreadable(void *arg)
{
	struct world *w = arg;
	bool made;
	put_file(w->tree, "victim", "write only");
	CHECK(plat_chmod(w->tree, "victim", 0200, &w->e) == 0);
	CHECK(world_keep(w, "victim", SIDE_LOCAL, "a") == 0);
	CHECK(world_finish(w, &made) == 0 && made);
}

static void
test_snapshot_trouble__what_its_owner_may_not_read(void **state)
{
	UNUSED(state);
	if (geteuid() != 0 || !forked_nobody_gets_here())
		skip();
	for (int zip = 0; zip < 2; zip++) {
		struct world w;
		world_open(&w, zip);
		struct str path = STR_INIT;
		tempdir_path(&path, w.temp, "tree");
		assert_int_equal(chmod(w.temp->path, 0777), 0);
		assert_int_equal(chmod(path.p, 0777), 0);
		str_free(&path);
		forked_as_nobody(keep_unreadable, &w);
		if (!zip) {
			assert_kept(&w, WORLD_ID "/local/a", "write only");
			struct str all = STR_INIT;
			world_read(&all, &w, WORLD_ID "/manifest.json");
			assert_non_null(strstr(all.p, "\"mode\":\"0200\""));
			str_free(&all);
		}
		world_close(&w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_snapshot_trouble__another_file_system),
	    cmocka_unit_test(test_snapshot_trouble__no_room_for_a_file),
	    cmocka_unit_test(test_snapshot_trouble__no_room_to_finish),
	    cmocka_unit_test(test_snapshot_trouble__read_only),
	    cmocka_unit_test(test_snapshot_trouble__a_limit),
	    cmocka_unit_test(
		test_snapshot_trouble__what_its_owner_may_not_read),
	};
	may_mount = unshare(CLONE_NEWNS) == 0 &&
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
