/*
 * The layer on one file system after another, in a mount namespace of our own,
 * so that nothing stays mounted. Needs root; a file system that cannot be made
 * or mounted here is skipped.
 */
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/plat_env.h"
#include "platform/plat_fs.h"
#include "platform/posix/plat_posix.h"
#include "support/tempdir.h"

enum { NO, YES, MAYBE };

struct file_system {
	const char *name;
	const char *make;  /* of "image"; NULL: none */
	const char *mount; /* on "mnt" */
	const char *kind;
	bool remote, exec_bit, fold_case;
	int swaps, links, clones;
};

static const struct file_system file_systems[] = {
    {"tmpfs", NULL, "mount -t tmpfs -o size=8m none mnt", "tmpfs", false, true,
	false, YES, YES, NO},
    {"ext4", "truncate -s 16m image && mkfs.ext4 -q image",
	"mount -o loop image mnt", "ext4", false, true, false, YES, YES, NO},
    {"ext3", "truncate -s 16m image && mkfs.ext4 -q -t ext3 -I 128 image",
	"mount -o loop image mnt", "ext4", false, true, false, YES, YES, NO},
    {"btrfs", "truncate -s 120m image && mkfs.btrfs -q image",
	"mount -o loop image mnt", "btrfs", false, true, false, YES, YES, YES},
    {"xfs", "truncate -s 320m image && mkfs.xfs -q image",
	"mount -o loop image mnt", "xfs", false, true, false, YES, YES, YES},
    {"overlay", "mkdir lower upper work",
	"mount -t tmpfs none upper && mkdir upper/u upper/w && mount -t "
	"overlay -o lowerdir=lower,upperdir=upper/u,workdir=upper/w none mnt",
	"overlay", false, true, false, MAYBE, YES, NO},
    {"fat", "truncate -s 16m image && mkfs.vfat image",
	"fusefat -o rw+ image mnt", "fuse.fusefat", true, false, true, NO, NO,
	NO},
    {"exfat", "truncate -s 16m image && mkfs.exfat image",
	"dev=$(losetup -f --show image) && mount.exfat-fuse $dev mnt && "
	"losetup -d $dev",
	"fuseblk", true, false, true, NO, NO, NO},
    {"ntfs", "truncate -s 16m image && mkfs.ntfs -q -F image",
	"dev=$(losetup -f --show image) && lowntfs-3g -o "
	"ignore_case,windows_names $dev mnt && losetup -d $dev",
	"fuseblk", true, false, true, NO, YES, NO},
};

/* In a shell, where the image lies: it would be silly to do it by hand. */
static bool
mount_it(const struct tempdir *t, const struct file_system *fs)
{
	struct str command = STR_INIT;
	str_addf(&command, "{ %s; } >log 2>&1 && { %s; } >>log 2>&1",
	    fs->make != NULL ? fs->make : "true", fs->mount);
	str_add(&command, " </dev/null");
	int old = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool done = fchdir(t->dir->fd) == 0 && system(command.p) == 0;
	if (fchdir(old) < 0)
		done = false;
	close(old);
	str_free(&command);
	return done;
}

/* ---- what has to hold on every one of them ------------------------------- */

static void
check_answer(int rc, int want, const char *what)
{
	if (want == MAYBE)
		assert_true(rc == 0 || rc == 1);
	else if (rc != (want == YES ? 0 : 1))
		fail_msg("%s answers %d", what, rc);
}

static void
check_volume(struct plat_dir *d, const struct file_system *fs)
{
	struct plat_volume v;
	struct err e;
	assert_done(plat_volume(&v, d, &e), &e);
	assert_string_equal(v.kind, fs->kind);
	assert_int_equal(v.remote, fs->remote);
	assert_int_equal(v.exec_bit, fs->exec_bit);
	assert_int_equal(v.fold_case, fs->fold_case);
	assert_false(v.read_only);
}

static void
check_renames(struct plat_dir *d, const struct file_system *fs)
{
	struct err e;
	put_file(d, "a", "1");
	put_file(d, "b", "2");
	int rc = plat_swap(d, "a", d, "b", &e);
	check_answer(rc, fs->swaps, "swap");
	assert_holds(d, "a", rc == 0 ? "2" : "1");
	assert_holds(d, "b", rc == 0 ? "1" : "2");
	rc = plat_move(d, "a", d, "b", &e);
	assert_true(rc == 1 || (rc == -1 && e.code == ERR_EXISTS));
	rc = plat_move(d, "a", d, "c", &e);
	assert_true(rc == 0 || rc == 1);
	assert_int_equal(has(d, "c"), rc == 0);
	rc = plat_link(d, "b", d, "linked", &e);
	check_answer(rc, fs->links, "link");
	assert_int_equal(has(d, "linked"), rc == 0);
	assert_done(plat_replace(d, "b", d, rc == 0 ? "d" : "linked", &e), &e);
}

static void
check_metadata(struct plat_dir *d, const struct file_system *fs)
{
	/* An even second: FAT knows no others. */
	struct stamp when = {.sec = 1600000000};
	struct plat_stat st;
	struct err e;
	put_file(d, "meta", "x");
	put_dir(d, "metadir");
	assert_done(plat_touch(d, "meta", when, &e), &e);
	assert_done(plat_stat(&st, d, "meta", &e), &e);
	assert_true(stamp_near(st.mtime, when, 0));
	assert_done(plat_chmod(d, "meta", 0700, &e), &e);
	assert_done(plat_chmod(d, "metadir", 0700, &e), &e);
	assert_done(plat_stat(&st, d, "meta", &e), &e);
	if (fs->exec_bit)
		assert_int_equal(st.mode, 0700);
	int rc = plat_symlink(d, "sym", "meta", &e);
	assert_true(rc == 0 || rc == 1);
	if (rc == 0) {
		rc = plat_touch(d, "sym", when, &e);
		assert_true(rc == 0 || rc == 1);
	}
}

static void
check_files(struct plat_dir *d, const struct file_system *fs)
{
	struct plat_file from, to;
	struct err e;
	uint64_t start, end;
	put_file(d, "from", "content");
	assert_done(plat_open(&from, d, "from", &e), &e);
	assert_done(plat_next_data(from, 0, &start, &end, &e), &e);
	assert_true(start == 0 && end == 7);
	assert_done(plat_create(&to, d, "to", &e), &e);
	check_answer(plat_clone(to, from, &e), fs->clones, "clone");
	assert_done(plat_file_chmod(to, 0600, &e), &e);
	assert_done(plat_file_sync(to, &e), &e);
	assert_done(plat_close(&to, &e), &e);
	assert_done(plat_close(&from, &e), &e);
	if (fs->clones == YES)
		assert_holds(d, "to", "content");
	assert_done(plat_dir_sync(d, &e), &e);
	int rc = plat_volume_sync(d, &e);
	assert_true(rc == 0 || rc == 1);
	assert_done(plat_lock(&from, d, "lock", &e), &e);
	assert_int_equal(plat_lock(&to, d, "lock", &e), 1);
	assert_done(plat_close(&from, &e), &e);
}

static void
check_names(struct plat_dir *d, const struct file_system *fs)
{
	struct plat_file f;
	struct err e;
	put_file(d, "Case", "1");
	assert_int_equal(has(d, "cASE"), fs->fold_case);
	int rc = plat_create(&f, d, "what?", &e);
	/* Refused or kept; FUSE drivers give whatever reason they like. */
	if (rc == 0)
		assert_done(plat_close(&f, &e), &e);
	assert_int_equal(has(d, "what?"), rc == 0);
}

static void
test_plat_mounts__one(void **state)
{
	const struct file_system *fs = *state;
	void *own;
	if (geteuid() != 0)
		skip();
	tempdir_setup(&own);
	struct tempdir *t = own;
	put_dir(t->dir, "mnt");
	bool mounted = mount_it(t, fs);
	if (!mounted) {
		print_message("%s cannot be mounted here\n", fs->name);
		tempdir_teardown(&own);
		skip();
	}
	struct plat_dir *top = sub(t->dir, "mnt");
	put_dir(top, "Root");
	struct plat_dir *d = sub(top, "Root");
	put_dir(d, "Seen");
	check_volume(d, fs);
	check_renames(d, fs);
	check_metadata(d, fs);
	check_files(d, fs);
	check_names(d, fs);
	plat_dir_close(d);
	plat_dir_close(top);
	struct str mnt = STR_INIT;
	tempdir_path(&mnt, t, "mnt");
	assert_int_equal(umount2(mnt.p, 0), 0);
	str_clear(&mnt);
	tempdir_path(&mnt, t, "upper");
	umount2(mnt.p, 0);
	str_free(&mnt);
	tempdir_teardown(&own);
}

/* ---- full and read-only -------------------------------------------------- */

static void
test_plat_mounts__full(void **state)
{
	static const struct file_system small = {.name = "tmpfs",
	    .mount = "mount -t tmpfs -o size=64k,nr_inodes=20 none mnt"};
	static char block[4096];
	struct tempdir *t = *state;
	struct plat_file f;
	struct err e;
	int rc = 0, n = 0;
	if (geteuid() != 0)
		skip();
	put_dir(t->dir, "mnt");
	if (!mount_it(t, &small))
		skip();
	struct plat_dir *d = sub(t->dir, "mnt");
	assert_done(plat_create(&f, d, "f", &e), &e);
	for (; rc == 0 && n < 100; n++)
		rc = plat_write(f, block, sizeof(block), &e);
	assert_failed(rc, &e, ERR_NOSPACE);
	assert_true(n > 8);
	assert_done(plat_close(&f, &e), &e);
	struct str name = STR_INIT;
	for (rc = 0, n = 0; rc == 0 && n < 100; n++) {
		str_clear(&name);
		str_addf(&name, "dir%d", n);
		rc = plat_mkdir(d, name.p, 0700, &e);
	}
	assert_failed(rc, &e, ERR_NOSPACE);
	plat_dir_close(d);
	str_clear(&name);
	tempdir_path(&name, t, "mnt");
	assert_int_equal(umount2(name.p, 0), 0);
	str_free(&name);
}

static void
test_plat_mounts__read_only(void **state)
{
	static const struct file_system fixed = {.name = "tmpfs",
	    .mount = "mount -t tmpfs none mnt && echo kept >mnt/f && "
		     "mount -o remount,ro mnt"};
	struct tempdir *t = *state;
	struct plat_volume v;
	struct plat_file f;
	struct err e;
	if (geteuid() != 0)
		skip();
	put_dir(t->dir, "mnt");
	if (!mount_it(t, &fixed))
		skip();
	struct plat_dir *d = sub(t->dir, "mnt");
	assert_done(plat_volume(&v, d, &e), &e);
	assert_true(v.read_only);
	assert_failed(plat_create(&f, d, "new", &e), &e, ERR_ACCESS);
	assert_failed(plat_unlink(d, "f", &e), &e, ERR_ACCESS);
	assert_failed(plat_chmod(d, "f", 0700, &e), &e, ERR_ACCESS);
	assert_holds(d, "f", "kept\n");
	/* Two file systems do not rename between each other. */
	put_file(t->dir, "here", "");
	int rc = plat_move(d, "f", t->dir, "there", &e);
	assert_failed(rc, &e, ERR_UNSUPPORTED);
	plat_dir_close(d);
	struct str mnt = STR_INIT;
	tempdir_path(&mnt, t, "mnt");
	assert_int_equal(umount2(mnt.p, 0), 0);
	str_free(&mnt);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, tempdir_setup, tempdir_teardown)
#define ON(i)                                                                  \
	cmocka_unit_test_prestate(                                             \
	    test_plat_mounts__one, (void *)(uintptr_t)&file_systems[i])

int
main(int argc, char **argv)
{
	plat_env_init(&argc, &argv);
	/* Ours alone: gone with us, whatever happens. */
	if (geteuid() == 0 &&
	    (unshare(CLONE_NEWNS) < 0 ||
		mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0))
		return 0;
	struct CMUnitTest tests[] = {
	    ON(0),
	    ON(1),
	    ON(2),
	    ON(3),
	    ON(4),
	    ON(5),
	    ON(6),
	    ON(7),
	    ON(8),
	    TEST(test_plat_mounts__full),
	    TEST(test_plat_mounts__read_only),
	};
	for (size_t i = 0; i < sizeof(file_systems) / sizeof(file_systems[0]);
	     i++)
		tests[i].name = file_systems[i].name;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
