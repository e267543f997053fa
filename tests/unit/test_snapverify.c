#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/path.h"
#include "snapshot_world.h"
#include "store/snapshot/snapverify.h"

static const struct stamp noon = {.sec = 1000000000, .nsec = 123456700};

static void
make_snapshot(struct world *w, bool zip)
{
	bool made;
	world_open(w, zip);
	w->durable = false;
	world_begin(w);
	world_victim(w, "v1", "old", 0755, noon);
	world_tell(w, INTENT_REMOVE, SIDE_LOCAL, "d/a", "v1");
	assert_done(world_keep(w, "v1", SIDE_LOCAL, "d/a"), &w->e);
	world_victim(w, "v2", "", 0600, noon);
	world_tell(w, INTENT_REMOVE, SIDE_CLOUD, "empty", "v2");
	assert_done(world_keep(w, "v2", SIDE_CLOUD, "empty"), &w->e);
	assert_done(world_finish(w, &made), &w->e);
	assert_true(made);
}

static size_t
count_problems(struct world *w, struct plat_dir *backups)
{
	struct strlist problems = STRLIST_INIT;
	assert_done(snapverify(&problems, backups, WORLD_ID, &w->e), &w->e);
	size_t n = problems.n;
	for (size_t i = 0; i < n; i++)
		assert_true(problems.v[i][0] != '\0');
	strlist_free(&problems);
	return n;
}

/* The file *path* of the backup directory holds that instead. */
static void
rewrite(struct world *w, struct plat_dir *backups, const char *path,
    const char *bytes, size_t size)
{
	struct str dir = STR_INIT;
	struct plat_file f;
	size_t n = strlen(path);
	str_addn(&dir, path, path_parent(path, n));
	struct plat_dir *d = sub(backups, dir.p);
	const char *name = path + path_name(path, n);
	assert_int_equal(plat_unlink(d, name, &w->e), 0);
	assert_done(plat_create(&f, d, name, &w->e), &w->e);
	assert_done(plat_write(f, bytes, size, &w->e), &w->e);
	assert_done(plat_close(&f, &w->e), &w->e);
	plat_dir_close(d);
	str_free(&dir);
}

/* Where each look costs a hundred times as much, some bits have to do. */
#ifdef EMULATED
enum { BIT_STEP = 7 };
#else
enum { BIT_STEP = 1 };
#endif

static void
flip_every_bit(struct world *w, const char *path)
{
	struct plat_dir *backups = world_backups(w);
	struct str bytes = STR_INIT;
	world_read(&bytes, w, path);
	for (size_t at = 0; at < bytes.len; at++) {
		for (int bit = 0; bit < 8; bit += BIT_STEP) {
			bytes.p[at] = (char)(bytes.p[at] ^ 1 << bit);
			rewrite(w, backups, path, bytes.p, bytes.len);
			if (count_problems(w, backups) == 0)
				fail_msg(
				    "%s: bit %d of byte %zu", path, bit, at);
			bytes.p[at] = (char)(bytes.p[at] ^ 1 << bit);
		}
	}
	/* Cut short, or with something behind it. */
	for (size_t n = 0; n < bytes.len; n++) {
		rewrite(w, backups, path, bytes.p, n);
		assert_true(count_problems(w, backups) > 0);
	}
	rewrite(w, backups, path, bytes.p, bytes.len + 1);
	assert_true(count_problems(w, backups) > 0);
	rewrite(w, backups, path, bytes.p, bytes.len);
	assert_int_equal(count_problems(w, backups), 0);
	str_free(&bytes);
	plat_dir_close(backups);
}

static void
test_snapverify__every_bit_of_a_directory(void **state)
{
	UNUSED(state);
	static const char *const files[] = {WORLD_ID "/local/d/a",
	    WORLD_ID "/cloud/empty", WORLD_ID "/manifest.json",
	    WORLD_ID "/manifest.json.xxh3"};
	struct world w;
	make_snapshot(&w, false);
	for (size_t i = 0; i < COUNT_OF(files); i++)
		flip_every_bit(&w, files[i]);
	world_close(&w);
}

static void
test_snapverify__every_bit_of_an_archive(void **state)
{
	UNUSED(state);
	struct world w;
	make_snapshot(&w, true);
	flip_every_bit(&w, WORLD_ID ".zip");
	flip_every_bit(&w, WORLD_ID ".zip.xxh3");
	world_close(&w);
}

static void
test_snapverify__missing_and_extra(void **state)
{
	UNUSED(state);
	static const char *const files[] = {"/local/d/a", "/cloud/empty",
	    "/manifest.json", "/manifest.json.xxh3"};
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		struct world w;
		struct str path = STR_INIT;
		make_snapshot(&w, false);
		struct plat_dir *backups = world_backups(&w);
		size_t dir = path_parent(files[i] + 1, strlen(files[i] + 1));
		str_addf(&path, WORLD_ID "%.*s", (int)(dir > 0 ? dir + 1 : 0),
		    files[i]);
		struct plat_dir *d = sub(backups, path.p);
		put_file(d, "extra", "");
		assert_true(count_problems(&w, backups) > 0);
		assert_done(plat_unlink(d, "extra", &w.e), &w.e);
		assert_int_equal(count_problems(&w, backups), 0);
		size_t name = dir > 0 ? dir + 2 : 1;
		assert_done(plat_unlink(d, files[i] + name, &w.e), &w.e);
		assert_true(count_problems(&w, backups) > 0);
		plat_dir_close(d);
		plat_dir_close(backups);
		str_free(&path);
		world_close(&w);
	}
}

static void
test_snapverify__no_digest(void **state)
{
	UNUSED(state);
	struct world w;
	struct strlist problems = STRLIST_INIT;
	make_snapshot(&w, true);
	struct plat_dir *backups = world_backups(&w);
	assert_int_equal(count_problems(&w, backups), 0);
	assert_done(plat_unlink(backups, WORLD_ID ".zip.xxh3", &w.e), &w.e);
	assert_int_equal(count_problems(&w, backups), 1);
	assert_done(plat_unlink(backups, WORLD_ID ".zip", &w.e), &w.e);
	assert_failed(
	    snapverify(&problems, backups, WORLD_ID, &w.e), &w.e, ERR_NOTFOUND);
	assert_int_equal(problems.n, 0);
	plat_dir_close(backups);
	world_close(&w);
}

/* What was displaced and could not be kept is told whenever it is asked. */
static void
test_snapverify__tells_what_was_never_kept(void **state)
{
	UNUSED(state);
	struct world w;
	bool made;
	world_open(&w, false);
	world_victim(&w, "v1", "old", 0755, noon);
	world_tell(&w, INTENT_REMOVE, SIDE_LOCAL, "d/a", "v1");
	assert_done(world_finish(&w, &made), &w.e);
	struct plat_dir *backups = world_backups(&w);
	assert_int_equal(count_problems(&w, backups), 1);
	plat_dir_close(backups);
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_snapverify__every_bit_of_a_directory),
	    cmocka_unit_test(test_snapverify__every_bit_of_an_archive),
	    cmocka_unit_test(test_snapverify__missing_and_extra),
	    cmocka_unit_test(test_snapverify__no_digest),
	    cmocka_unit_test(test_snapverify__tells_what_was_never_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
