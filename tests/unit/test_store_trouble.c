/*
 * test_store_trouble.c - what the store does when the real system refuses: a
 * full disk, somebody else's files, a FIFO where a file should be.
 */
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/mem.h"
#include "store/afile.h"
#include "store/identity.h"
#include "store/journal.h"
#include "store/ledger.h"
#include "store/lock.h"
#include "store/marker.h"
#include "support/tempdir.h"

enum { NOBODY = 65534 };

static bool may_mount; /* root, with a mount table of our own */

static const struct story_begin begin = {.run_id = "run",
    .snapshot_id = "snapshot",
    .stage = "stage",
    .roots = {"/a", "/b"},
    .reason = "sync",
    .backup_dir = "/s/backups",
    .format = "dir"};

/* ---- helpers ------------------------------------------------------------- */

static int
write_ledger(struct plat_dir *d, unsigned n, struct err *e)
{
	static char root[] = "/r";
	struct ledger_head head = {.roots = {root, root}};
	struct ledger_writer *w;
	if (ledger_begin(&w, d, e) < 0)
		return -1;
	for (unsigned i = 0; i < n; i++) {
		struct agreed_record r = {
		    .type = ENTRY_FILE, .flags = AGREED_PRESENT};
		char path[16];
		int len = snprintf(path, sizeof(path), "%06u", i);
		ledger_add(w, &r, path, (size_t)len);
	}
	return ledger_commit(w, &head, true, e);
}

/* The number of records, SIZE_MAX when it cannot be read now; says whether
   there was a reason for having none. */
static size_t
load_ledger(struct plat_dir *d, bool *trouble)
{
	struct ledger l;
	struct str why = STR_INIT;
	struct err e;
	int rc = ledger_load(&l, d, &why, &e);
	size_t n = rc == 0 ? l.agreed.n : SIZE_MAX;
	*trouble = why.len > 0;
	ledger_free(&l);
	str_free(&why);
	return n;
}

/* Journal intents until it does not work any more, at most *n*. Returns how
   many were synced. */
static uint32_t
fill_journal(struct journal *j, uint32_t n, struct err *e)
{
	for (uint32_t i = 0; i < n; i++) {
		struct intent in = {.kind = INTENT_PUT,
		    .seq = i,
		    .path = "some/path",
		    .path_len = 9};
		journal_intend(j, &in);
		if (journal_sync(j, e) < 0)
			return i;
	}
	return n;
}

static int
take_lock(const struct tempdir *t, const char *name, struct err *e)
{
	struct str path = STR_INIT;
	struct lock *l = NULL;
	tempdir_path(&path, t, name);
	int rc = lock_take(&l, path.p, path.p, "/r", e);
	lock_release(l);
	str_free(&path);
	return rc;
}

/* ---- a full disk --------------------------------------------------------- */

/* "small" in *t*, with room for 64 KiB. */
static struct plat_dir *
mount_small(struct tempdir *t)
{
	struct str path = STR_INIT;
	put_dir(t->dir, "small");
	tempdir_path(&path, t, "small");
	int rc = mount("tmpfs", path.p, "tmpfs", 0, "size=64k");
	str_free(&path);
	assert_int_equal(rc, 0);
	return sub(t->dir, "small");
}

static void
unmount_small(struct tempdir *t, struct plat_dir *d)
{
	struct str path = STR_INIT;
	plat_dir_close(d);
	tempdir_path(&path, t, "small");
	assert_int_equal(umount(path.p), 0);
	str_free(&path);
}

static void
test_store__full_disk(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	bool trouble;
	if (!may_mount)
		skip();
	struct plat_dir *d = mount_small(t);
	char *much = mem_zero(1, 200000);
	assert_done(afile_replace(d, "f", "old", 3, true, &e), &e);
	assert_failed(
	    afile_replace(d, "f", much, 200000, true, &e), &e, ERR_NOSPACE);
	assert_holds(d, "f", "old");
	assert_false(has(d, "f.new"));
	free(much);

	assert_done(write_ledger(d, 10, &e), &e);
	assert_failed(write_ledger(d, 2000, &e), &e, ERR_NOSPACE);
	assert_int_equal(load_ledger(d, &trouble), 10);
	assert_false(has(d, "ledger.new"));

	struct journal *j;
	struct story s;
	assert_done(journal_open(&j, d, &begin, true, &e), &e);
	uint32_t synced = fill_journal(j, 2000, &e);
	assert_in_range(synced, 10, 1000);
	assert_int_equal(e.code, ERR_NOSPACE);
	journal_close(j);
	assert_done(journal_read(&s, d, &e), &e);
	assert_int_equal(s.n, synced);
	story_free(&s);

	/* There is no room for the holder's name now, but for the lock. */
	assert_done(take_lock(t, "small", &e), &e);
	char id[IDENTITY_SIZE];
	assert_failed(identity_ensure(id, d, &e), &e, ERR_NOSPACE);
	assert_int_equal(identity_read(id, d, &e), 1);
	unmount_small(t, d);
}

/* ---- somebody else's files ----------------------------------------------- */

/* What goes wrong when nobody in particular meets root's private files; 0:
   nothing does. */
static int
visit(const struct tempdir *t)
{
	static const char marker[] = "id-00000000000000000000000000000000";
	struct err e;
	struct afile *f;
	struct journal *j;
	struct story s;
	struct str text = STR_INIT;
	char id[IDENTITY_SIZE];
	bool trouble;
	if (afile_open(&f, t->dir, "f", &e) == 0 || e.code != ERR_ACCESS)
		return 1;
	if (afile_read(&text, t->dir, "f", 100, &e) != -1 ||
	    e.code != ERR_ACCESS)
		return 2;
	if (load_ledger(t->dir, &trouble) != SIZE_MAX || trouble)
		return 3;
	if (write_ledger(t->dir, 1, &e) == 0 || e.code != ERR_ACCESS)
		return 4;
	if (journal_read(&s, t->dir, &e) != -1 || e.code != ERR_ACCESS)
		return 5;
	if (journal_remove(t->dir, &e) != -1 || e.code != ERR_ACCESS)
		return 6;
	if (identity_ensure(id, t->dir, &e) != -1 || e.code != ERR_ACCESS)
		return 7;
	if (marker_put(t->dir, marker, &e) != -1 || e.code != ERR_ACCESS)
		return 8;
	if (take_lock(t, "", &e) != -1 || e.code != ERR_ACCESS)
		return 9;
	if (!lock_is_held(&text, t->path, t->path, "/r") || text.len == 0)
		return 10;
	if (journal_open(&j, t->dir, &begin, true, &e) != -1 ||
	    e.code != ERR_EXISTS)
		return 11;
	return 0;
}

/* A run of visit as another user. */
static int
visit_as_nobody(const struct tempdir *t)
{
	int status = -1;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (setgid(NOBODY) != 0 || setuid(NOBODY) != 0)
			_exit(100);
		_exit(visit(t));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
test_store__of_another_user(void **state)
{
	struct tempdir *t = *state;
	struct journal *j;
	struct err e;
	char id[IDENTITY_SIZE];
	if (geteuid() != 0)
		skip();
	assert_done(afile_replace(t->dir, "f", "old", 3, false, &e), &e);
	assert_done(write_ledger(t->dir, 3, &e), &e);
	assert_done(journal_open(&j, t->dir, &begin, false, &e), &e);
	journal_close(j);
	assert_done(identity_ensure(id, t->dir, &e), &e);
	assert_done(take_lock(t, "", &e), &e);
	assert_int_equal(chmod(t->path, 0755), 0);
	assert_int_equal(visit_as_nobody(t), 0);
	assert_holds(t->dir, "f", "old");
	assert_false(has(t->dir, MARKER_DIR));
}

/* ---- a FIFO, which must not be waited for -------------------------------- */

static void
put_fifo(const struct tempdir *t, const char *name)
{
	struct str path = STR_INIT;
	tempdir_path(&path, t, name);
	assert_int_equal(mkfifo(path.p, 0600), 0);
	str_free(&path);
}

static void
test_store__fifos(void **state)
{
	struct tempdir *t = *state;
	struct str text = STR_INIT;
	struct story s;
	struct err e;
	char id[IDENTITY_SIZE];
	bool trouble;
	put_fifo(t, LEDGER_NAME);
	put_fifo(t, JOURNAL_NAME);
	put_fifo(t, IDENTITY_NAME);
	put_fifo(t, LOCK_NAME);
	put_fifo(t, MARKER_DIR);
	assert_failed(
	    afile_read(&text, t->dir, LEDGER_NAME, 9, &e), &e, ERR_TYPE);
	assert_int_equal(load_ledger(t->dir, &trouble), 0);
	assert_true(trouble);
	assert_failed(journal_read(&s, t->dir, &e), &e, ERR_TYPE);
	assert_failed(identity_ensure(id, t->dir, &e), &e, ERR_TYPE);
	assert_failed(take_lock(t, "", &e), &e, ERR_TYPE);
	struct strlist names = STRLIST_INIT;
	assert_failed(marker_list(&names, t->dir, &e), &e, ERR_TYPE);
	/* Beside the target it is only in the way. */
	put_fifo(t, "f.new");
	assert_done(afile_replace(t->dir, "f", "x", 1, true, &e), &e);
	assert_holds(t->dir, "f", "x");
	/* A marker's name on one is refused. */
	assert_done(plat_unlink(t->dir, MARKER_DIR, &e), &e);
	put_dir(t->dir, MARKER_DIR);
	put_fifo(t, MARKER_DIR "/id-00000000000000000000000000000000");
	assert_failed(marker_list(&names, t->dir, &e), &e, ERR_TYPE);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, tempdir_setup, tempdir_teardown)

int
main(void)
{
	/* What is mounted here is gone with this process. */
	may_mount = geteuid() == 0 && unshare(CLONE_NEWNS) == 0 &&
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
	const struct CMUnitTest tests[] = {
	    TEST(test_store__full_disk),
	    TEST(test_store__of_another_user),
	    TEST(test_store__fifos),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
