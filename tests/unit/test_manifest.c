#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/mem.h"
#include "store/manifest.h"
#include "store/manifest_format.h"
#include "support/says.h"
#include "support/tempdir.h"

static const char claims[] = "a/b=x@a1 a/c=y@b3|z@c1 a-b=-@a2|x@a1 b=w@d9";
static const char seen[] = "b3 c1 d9";

static void
test_manifest__what_was_written_is_read(void **state)
{
	struct roster r;
	struct manifest m;
	struct str text = STR_INIT;
	UNUSED(state);
	says_roster(&r);
	says_make(&m, &r, "a7", seen, claims);
	says_text(&text, &m);
	assert_string_equal(text.p, claims);
	assert_int_equal(m.head.generation, 7);
	assert_int_equal(m.head.machine, 0);
	assert_string_equal(m.head.label, "a label");
	assert_string_equal(m.head.os, "linux");
	assert_string_equal(m.head.install, "0123456789abcdef0123456789abcdef");
	assert_int_equal(m.head.place, 77);
	assert_int_equal(m.head.time, 1000);
	assert_int_equal(m.head.files, 3);
	assert_int_equal(m.head.bytes, 3);
	assert_int_equal(seen_get(&m.seen, 1), 3);
	assert_int_equal(seen_get(&m.seen, 3), 9);
	manifest_free(&m);
	str_free(&text);
	roster_free(&r);
}

static void
test_manifest__empty(void **state)
{
	struct roster r;
	struct manifest m;
	struct str text = STR_INIT;
	UNUSED(state);
	says_roster(&r);
	says_make(&m, &r, "c1", "", "");
	says_text(&text, &m);
	assert_string_equal(text.p, "");
	manifest_free(&m);
	roster_free(&r);
}

static int
read_bytes(struct roster *r, const char *bytes, size_t n, struct err *e)
{
	struct manifest m;
	int rc = manifest_parse(&m, r, mem_copy(bytes, n), n, e);
	if (rc == 0)
		rc = manifest_check(&m, e);
	manifest_free(&m);
	return rc;
}

/* Every length but the right one, and every flipped bit. */
static void
test_manifest__damage_is_refused(void **state)
{
	struct roster r;
	struct str bytes = STR_INIT;
	struct err e;
	UNUSED(state);
	says_roster(&r);
	says_bytes(&bytes, &r, "a7", seen, claims, false);
	assert_int_equal(read_bytes(&r, bytes.p, bytes.len, &e), 0);
	for (size_t n = 0; n < bytes.len; n++)
		assert_int_equal(read_bytes(&r, bytes.p, n, &e), -1);
	for (size_t i = 0; i < bytes.len * 8; i++) {
		bytes.p[i / 8] = (char)(bytes.p[i / 8] ^ 1 << i % 8);
		assert_int_equal(read_bytes(&r, bytes.p, bytes.len, &e), -1);
		bytes.p[i / 8] = (char)(bytes.p[i / 8] ^ 1 << i % 8);
	}
	str_addc(&bytes, 'x');
	assert_int_equal(read_bytes(&r, bytes.p, bytes.len, &e), -1);
	str_free(&bytes);
	roster_free(&r);
}

/* Whoever can make the checksum right can still say only what may be said. */
static void
test_manifest__hostile_records_are_refused(void **state)
{
	static const char *const bad[] = {"b=x@a1 a=x@a1", "a=x@a1 a=y@a1",
	    "../a=x@a1", "/a=x@a1", "a//b=x@a1", "a/./b=x@a1", "=x@a1"};
	struct roster r;
	UNUSED(state);
	says_roster(&r);
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct str bytes = STR_INIT;
		struct err e;
		says_bytes(&bytes, &r, "a7", "", bad[i], false);
		assert_int_equal(read_bytes(&r, bytes.p, bytes.len, &e), -1);
		assert_int_equal(e.code, ERR_CORRUPT);
		str_free(&bytes);
	}
	roster_free(&r);
}

/* 100,000 files of names as they are in practice stay below 5 MB. */
static void
test_manifest__is_compact(void **state)
{
	struct roster r;
	struct seen s = {.v = NULL};
	struct manifest_head head = {.machine = 0, .generation = 5};
	struct str bytes = STR_INIT, path = STR_INIT;
	UNUSED(state);
	says_roster(&r);
	memcpy(head.install, "0123456789abcdef0123456789abcdef", 33);
	seen_raise(&s, 0, 5);
	struct manifest_writer *w = manifest_begin(&head, &r, &s);
	for (int i = 0; i < 100000; i++) {
		str_clear(&path);
		str_addf(&path, "sessions/2026/%02d/%02d/rollout-%06d.jsonl",
		    i / 10000, i / 400 % 25, i);
		struct claim c = {.path = path.p,
		    .path_len = path.len,
		    .n = 1,
		    .v = {{.type = 1,
			.machine = 0,
			.generation = (uint64_t)(i % 5 + 1),
			.size = (uint64_t)i * 1000,
			.hash = hash_of(path.p, path.len)}}};
		manifest_add(w, &c);
	}
	manifest_end(w, &bytes);
	assert_in_range(bytes.len, 1, 5000000);
	str_free(&bytes);
	str_free(&path);
	seen_free(&s);
	roster_free(&r);
}

/* ---- in a folder ---- */

static void
put_manifest(struct plat_dir *cloud, struct roster *r, const char *as,
    const char *author)
{
	struct str bytes = STR_INIT;
	struct err e;
	says_bytes(&bytes, r, author, "", "p=x@a1", false);
	assert_int_equal(manifest_put(cloud, as, &bytes, &e), 0);
	str_free(&bytes);
}

static void
test_manifest__in_a_folder(void **state)
{
	struct tempdir *t = *state;
	struct roster r;
	struct manifest m;
	struct strlist ids = STRLIST_INIT;
	struct err e;
	says_roster(&r);
	assert_int_equal(manifest_list(&ids, t->dir, &e), 0);
	assert_int_equal(ids.n, 0);
	assert_int_equal(manifest_load(&m, &r, t->dir, "a", &e), 1);
	put_dir(t->dir, ".coldsync");
	struct plat_dir *own = sub(t->dir, ".coldsync");
	put_file(own, "machine-x (conflicted copy).manifest", "?");
	put_file(own, "machine-.manifest", "?");
	put_file(own, "machine-d.manifest.tmp", "?");
	put_manifest(t->dir, &r, "A", "a1");
	put_manifest(t->dir, &r, "b", "a1");
	put_file(own, "machine-c.manifest", "damaged");
	assert_int_equal(manifest_list(&ids, t->dir, &e), 0);
	assert_int_equal(ids.n, 3);
	assert_int_equal(manifest_load(&m, &r, t->dir, "a", &e), 0);
	manifest_free(&m);
	/* Another machine's words under this name: a client's copy. */
	assert_int_equal(manifest_load(&m, &r, t->dir, "b", &e), 1);
	assert_int_equal(manifest_load(&m, &r, t->dir, "c", &e), -1);
	assert_int_equal(manifest_remove(t->dir, "a", &e), 0);
	assert_int_equal(manifest_remove(t->dir, "a", &e), 1);
	assert_false(has(own, "~coldsync-manifest.tmp"));
	plat_dir_close(own);
	strlist_free(&ids);
	roster_free(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_manifest__what_was_written_is_read),
	    cmocka_unit_test(test_manifest__empty),
	    cmocka_unit_test(test_manifest__damage_is_refused),
	    cmocka_unit_test(test_manifest__hostile_records_are_refused),
	    cmocka_unit_test(test_manifest__is_compact),
	    cmocka_unit_test_setup_teardown(
		test_manifest__in_a_folder, tempdir_setup, tempdir_teardown),
	};
	return cmocka_run_group_tests_name("manifest", tests, NULL, NULL);
}
