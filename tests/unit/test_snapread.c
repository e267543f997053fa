#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "snapshot_world.h"
#include "store/snapshot/snapread.h"

static const struct stamp noon = {.sec = 1000000000, .nsec = 123456700};

/* What the snapshot of most tests keeps. */
static void
make_snapshot(struct world *w, bool zip)
{
	bool made;
	world_open(w, zip);
	world_victim(w, "v1", "old text", 0755, noon);
	struct deed *d = world_tell(w, INTENT_PUT, SIDE_LOCAL, "dir/a", "v1");
	d->now = (struct fingerprint){.type = ENTRY_FILE,
	    .size = 3,
	    .hashed = true,
	    .mode = 0600,
	    .mtime = noon};
	assert_done(world_keep(w, "v1", SIDE_LOCAL, "dir/a"), &w->e);
	world_victim(w, "v2", "", 0600, noon);
	world_tell(w, INTENT_REMOVE, SIDE_CLOUD, "empty", "v2");
	assert_done(world_keep(w, "v2", SIDE_CLOUD, "empty"), &w->e);
	if (put_link(w->tree, "v3", "../else/where")) {
		world_tell(w, INTENT_REMOVE, SIDE_CLOUD, "link", "v3");
		assert_done(world_keep(w, "v3", SIDE_CLOUD, "link"), &w->e);
	}
	/* Somebody wrote there during the run. */
	world_victim(w, "v4", "in between", 0644, noon);
	assert_done(world_keep(w, "v4", SIDE_LOCAL, "dir/a"), &w->e);
	assert_done(world_finish(w, &made), &w->e);
	assert_true(made);
}

static int
collect(void *arg, const void *bytes, size_t n, struct err *e)
{
	UNUSED(e);
	str_addn(arg, bytes, n);
	return 0;
}

static int
open_it(struct snapread **r, struct plat_dir **backups, struct world *w)
{
	*backups = world_backups(w);
	return snapread_open(r, *backups, WORLD_ID, &w->e);
}

static void
assert_refused(struct world *w, enum err_code code)
{
	struct snapread *r;
	struct plat_dir *backups;
	int rc = open_it(&r, &backups, w);
	assert_failed(rc, &w->e, code);
	plat_dir_close(backups);
}

static void
check_what_was_kept(bool zip)
{
	struct world w;
	struct snapread *r;
	struct plat_dir *backups;
	struct str text = STR_INIT;
	make_snapshot(&w, zip);
	assert_done(open_it(&r, &backups, &w), &w.e);
	assert_string_equal(snapread_about(r)->machine, "m1");
	assert_string_equal(snapread_about(r)->run, "run-1");
	assert_true(snapread_about(r)->zip == zip);
	const struct snapmanifest *m = snapread_manifest(r);
	for (size_t i = 0; i < m->n; i++) {
		const struct snap_entry *en = &m->v[i];
		str_addf(&text, "%s %s %s at %s %lld: ",
		    snap_what_name((enum snap_what)en->what),
		    snap_side_name((enum side)en->side), en->path, en->place,
		    (long long)en->was.mtime.sec);
		assert_true(en->kept);
		assert_done(
		    snapread_content(r, en, collect, &text, &w.e), &w.e);
		str_addc(&text, '\n');
		struct plat_file f = PLAT_FILE_NONE;
		if (en->was.type == ENTRY_LINK) {
			struct str target = STR_INIT;
			assert_done(
			    snapread_target(&target, r, en, &w.e), &w.e);
			assert_string_equal(target.p, "../else/where");
			str_free(&target);
			continue;
		}
		assert_int_equal(snapread_file(&f, r, en, &w.e), zip ? 1 : 0);
		(void)plat_close(&f, NULL);
	}
	struct str want = STR_INIT;
	str_add(&want,
	    "replaced local dir/a at local/dir/a 1000000000: old text\n"
	    "deleted cloud empty at cloud/empty 1000000000: \n");
	if (m->n == 4)
		str_addf(&want,
		    "deleted cloud link at cloud/link %lld: ../else/where\n",
		    (long long)m->v[2].was.mtime.sec);
	str_add(&want,
	    "rescued local dir/a at local.1/dir/a 1000000000: in between\n");
	assert_string_equal(text.p, want.p);
	assert_int_equal(m->v[0].now.mtime.nsec, noon.nsec);
	str_free(&want);
	str_free(&text);
	snapread_close(r);

	struct snapmanifest head;
	assert_done(snapread_head(&head, backups, WORLD_ID, &w.e), &w.e);
	assert_int_equal(head.about.files[SIDE_LOCAL], 2);
	assert_int_equal(head.about.bytes[SIDE_LOCAL], 18);
	snapmanifest_free(&head);
	plat_dir_close(backups);
	world_close(&w);
}

static void
test_snapread__what_was_kept(void **state)
{
	UNUSED(state);
	check_what_was_kept(false);
	check_what_was_kept(true);
}

/* ---- what is not there --------------------------------------------------- */

static void
test_snapread__not_complete(void **state)
{
	UNUSED(state);
	struct world w;
	struct snapread *r;
	world_open(&w, false);
	world_victim(&w, "v1", "old", 0755, noon);
	world_tell(&w, INTENT_REMOVE, SIDE_LOCAL, "a", "v1");
	assert_done(world_keep(&w, "v1", SIDE_LOCAL, "a"), &w.e);
	assert_refused(&w, ERR_BUSY);
	struct plat_dir *backups = world_backups(&w);
	static const char *const absent[] = {"20261120T235137Z-m1-0000",
	    "../" WORLD_ID, "", "x", WORLD_ID ".partial"};
	for (size_t i = 0; i < COUNT_OF(absent); i++)
		assert_failed(snapread_open(&r, backups, absent[i], &w.e), &w.e,
		    ERR_NOTFOUND);
	plat_dir_close(backups);
	world_close(&w);
}

/* ---- what was changed ---------------------------------------------------- */

static void
test_snapread__changed_directory(void **state)
{
	UNUSED(state);
	enum {
		SHORTER,
		OTHER_TEXT,
		GONE,
		EXTRA,
		EXTRA_TOP,
		EXTRA_EMPTY_DIR,
		OTHER_TYPE,
		NO_MANIFEST,
		A_LINK,
		BOTH,
		CHANGES,
	};
	for (int change = 0; change < CHANGES; change++) {
		struct world w;
		make_snapshot(&w, false);
		struct plat_dir *backups = world_backups(&w);
		struct plat_dir *top = sub(backups, WORLD_ID);
		struct plat_dir *d = sub(backups, WORLD_ID "/local/dir");
		bool fine = change == EXTRA_EMPTY_DIR || change == OTHER_TEXT;
		if (change == SHORTER)
			put_file(d, "a", "old tex");
		else if (change == OTHER_TEXT)
			put_file(d, "a", "Old text");
		else if (change == GONE || change == OTHER_TYPE)
			assert_done(plat_unlink(d, "a", &w.e), &w.e);
		else if (change == EXTRA)
			put_file(d, "b", "");
		else if (change == EXTRA_TOP)
			put_file(top, "b", "");
		else if (change == EXTRA_EMPTY_DIR)
			put_dir(d, "b");
		else if (change == NO_MANIFEST)
			assert_done(
			    plat_unlink(top, "manifest.json", &w.e), &w.e);
		else if (change == BOTH)
			put_file(backups, WORLD_ID ".zip", "");
		if (change == OTHER_TYPE)
			put_dir(d, "a");
		if (change == A_LINK)
			fine = !put_link(d, "b", "/etc/passwd");
		plat_dir_close(d);
		plat_dir_close(top);
		struct snapread *r;
		int rc = snapread_open(&r, backups, WORLD_ID, &w.e);
		if (!fine)
			assert_failed(rc, &w.e, ERR_CORRUPT);
		else
			assert_done(rc, &w.e);
		/* Opening does not look at what files hold; reading does. */
		if (change == OTHER_TEXT) {
			struct str text = STR_INIT;
			rc = snapread_content(r, &snapread_manifest(r)->v[0],
			    collect, &text, &w.e);
			assert_failed(rc, &w.e, ERR_CORRUPT);
			str_free(&text);
		}
		if (fine)
			snapread_close(r);
		plat_dir_close(backups);
		world_close(&w);
	}
}

/* A snapshot under another's name, or with another's manifest. */
static void
test_snapread__another_id(void **state)
{
	UNUSED(state);
	struct world w;
	struct snapread *r;
	make_snapshot(&w, false);
	struct plat_dir *backups = world_backups(&w);
	assert_done(
	    plat_replace(backups, WORLD_ID, backups, WORLD_NEXT, &w.e), &w.e);
	assert_failed(
	    snapread_open(&r, backups, WORLD_NEXT, &w.e), &w.e, ERR_CORRUPT);
	plat_dir_close(backups);
	world_close(&w);
}

static void
test_snapread__cut_archive(void **state)
{
	UNUSED(state);
	struct world w;
	struct str zip = STR_INIT;
	make_snapshot(&w, true);
	world_read(&zip, &w, WORLD_ID ".zip");
	struct plat_dir *backups = world_backups(&w);
	for (size_t n = 0; n < zip.len; n++) {
		struct plat_file f;
		if (plat_unlink(backups, WORLD_ID ".zip", &w.e) < 0)
			fail();
		assert_done(
		    plat_create(&f, backups, WORLD_ID ".zip", &w.e), &w.e);
		assert_done(plat_write(f, zip.p, n, &w.e), &w.e);
		assert_done(plat_close(&f, &w.e), &w.e);
		assert_refused(&w, ERR_CORRUPT);
	}
	plat_dir_close(backups);
	str_free(&zip);
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_snapread__what_was_kept),
	    cmocka_unit_test(test_snapread__not_complete),
	    cmocka_unit_test(test_snapread__changed_directory),
	    cmocka_unit_test(test_snapread__another_id),
	    cmocka_unit_test(test_snapread__cut_archive),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
