#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "snapshot_world.h"
#include "store/zip/zipread.h"

static const struct stamp noon = {.sec = 1000000000, .nsec = 123456700};

static int
collect(void *arg, const void *bytes, size_t n, struct err *e)
{
	UNUSED(e);
	str_addn(arg, bytes, n);
	return 0;
}

/* The content of one entry; false when there is none. */
static bool
unpack(struct str *out, struct world *w, const char *name)
{
	struct plat_dir *backups = world_backups(w);
	struct plat_file f;
	struct zipread *z;
	assert_int_equal(plat_open(&f, backups, WORLD_ID ".zip", &w->e), 0);
	assert_done(zipread_open(&z, f, &w->e), &w->e);
	const struct zipread_entry *entry = zipread_find(z, name, strlen(name));
	if (entry != NULL)
		assert_done(
		    zipread_content(z, entry, collect, out, &w->e), &w->e);
	zipread_close(z);
	assert_done(plat_close(&f, &w->e), &w->e);
	plat_dir_close(backups);
	return entry != NULL;
}

static void
assert_packed(struct world *w, const char *name, const char *text)
{
	struct str got = STR_INIT;
	assert_true(unpack(&got, w, name));
	assert_string_equal(got.p, text);
	str_free(&got);
}

static void
assert_says(struct world *w, const char *member)
{
	struct str all = STR_INIT;
	assert_true(unpack(&all, w, "manifest.json"));
	struct str here = STR_INIT;
	world_as_said(&here, member);
	if (strstr(all.p, here.p) == NULL)
		fail_msg("no %s in %s", here.p, all.p);
	str_free(&here);
	str_free(&all);
}

static void
finish(struct world *w)
{
	bool made;
	assert_done(world_finish(w, &made), &w->e);
	assert_true(made);
	assert_false(world_has(w, WORLD_ID ".partial"));
	assert_false(world_has(w, WORLD_ID ".packed"));
	assert_false(world_has(w, WORLD_ID ".zip.partial"));
}

/* ---- the archive --------------------------------------------------------- */

static const char *const names[] = {"a", "dir/sub/b", "e\xCC\x81 decomposed",
    "\xE6\x97\xA5\xE6\x9C\xAC", "empty", "name with spaces"};

static void
test_snapshot_zip__holds_everything(void **state)
{
	UNUSED(state);
	struct world w;
	world_open(&w, true);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		world_victim(&w, "victim", i == 4 ? "" : names[i], 0755, noon);
		world_tell(&w, INTENT_REMOVE, SIDE_CLOUD, names[i], "victim");
		assert_done(
		    world_keep(&w, "victim", SIDE_CLOUD, names[i]), &w.e);
	}
	finish(&w);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct str at = STR_INIT;
		str_addf(&at, "cloud/%s", names[i]);
		assert_packed(&w, at.p, i == 4 ? "" : names[i]);
		str_free(&at);
	}
	assert_says(&w, "\"format\":\"zip\"");
	assert_says(&w, "\"mtime_nsec\":123456700,\"mode\":\"0755\"");

	/* Two files, private, the digest as its tools read it. */
	struct str shown = STR_INIT, zip = STR_INIT, want = STR_INIT;
	char hex[HASH_HEX_SIZE];
	world_read(&zip, &w, WORLD_ID ".zip");
	world_read(&shown, &w, WORLD_ID ".zip.xxh3");
	hash_hex(hex, hash_of(zip.p, zip.len));
	str_addf(&want, "%s  " WORLD_ID ".zip\n", hex);
	assert_string_equal(shown.p, want.p);
	str_clear(&shown);
	world_show(&shown, &w);
	str_clear(&want);
	str_addf(&want,
	    "backups 700\nbackups/" WORLD_ID ".zip 600 %zu %s\n"
	    "backups/" WORLD_ID ".zip.xxh3 600",
	    zip.len, hex);
	struct str here = STR_INIT;
	world_as_shown(&here, want.p);
	assert_memory_equal(shown.p, here.p, here.len);
	str_free(&here);
	assert_null(strchr(shown.p + want.len, '/'));
	str_free(&zip);
	str_free(&want);
	str_free(&shown);
	world_close(&w);
}

static void
test_snapshot_zip__the_manifest_is_last(void **state)
{
	UNUSED(state);
	struct world w;
	world_open(&w, true);
	for (int i = 0; i < 3; i++) {
		put_file(w.tree, "victim", i == 0 ? "x" : "yy");
		if (i == 2)
			put_file(w.tree, "victim", "zzz");
		assert_done(world_keep(&w, "victim",
				i == 1 ? SIDE_CLOUD : SIDE_LOCAL, "z"),
		    &w.e);
	}
	finish(&w);
	struct plat_dir *backups = world_backups(&w);
	struct plat_file f;
	struct zipread *z;
	assert_int_equal(plat_open(&f, backups, WORLD_ID ".zip", &w.e), 0);
	assert_done(zipread_open(&z, f, &w.e), &w.e);
	static const char *const order[] = {
	    "local/z", "local.1/z", "cloud/z", "manifest.json"};
	assert_int_equal(zipread_count(z), COUNT_OF(order));
	for (size_t i = 0; i < COUNT_OF(order); i++) {
		const struct zipread_entry *entry = zipread_at(z, i);
		assert_int_equal(entry->name_len, strlen(order[i]));
		assert_memory_equal(entry->name, order[i], entry->name_len);
	}
	zipread_close(z);
	assert_done(plat_close(&f, &w.e), &w.e);
	plat_dir_close(backups);
	world_close(&w);
}

static void
test_snapshot_zip__links_say_where_they_point(void **state)
{
	UNUSED(state);
	struct world w;
	world_open(&w, true);
	if (!put_link(w.tree, "victim", "some/where")) {
		world_close(&w);
		skip();
	}
	world_tell(&w, INTENT_REMOVE, SIDE_LOCAL, "l", "victim");
	assert_done(world_keep(&w, "victim", SIDE_LOCAL, "l"), &w.e);
	finish(&w);
	assert_packed(&w, "local/l", "some/where");
	assert_says(&w, "\"type\":\"link\",\"size\":10");
	world_close(&w);
}

static void
test_snapshot_zip__names_that_are_not_text(void **state)
{
	UNUSED(state);
	struct world w;
	struct err e;
	world_open(&w, true);
	put_file(w.tree, "victim", "latin");
	if (world_keep(&w, "victim", SIDE_LOCAL, "caf\xE9") != 0) {
		world_close(&w);
		skip();
	}
	UNUSED(e);
	finish(&w);
	assert_packed(&w,
	    "local/caf\xEF\xBF\xBD"
	    "E9",
	    "latin");
	assert_says(&w, "\"path_hex\":\"636166e9\"");
	world_close(&w);
}

/* ---- what does not hold still -------------------------------------------- */

/* Somebody who has had the file open since before it was displaced. */
struct holder {
	struct plat_file f;
	unsigned after; /* so many reads */
	bool cutting;
	bool acted;
	bool again; /* and at every read from then on */
};

static bool
act(void *arg, struct plat_file f, uint64_t offset)
{
	struct holder *h = arg;
	struct err e;
	UNUSED(f);
	UNUSED(offset);
	if (h->after > 0) {
		h->after--;
		return true;
	}
	h->acted = true;
	if (h->cutting)
		assert_done(plat_truncate(h->f, 0, &e), &e);
	else
		assert_done(plat_write(h->f, "+", 1, &e), &e);
	return h->again;
}

/* Whenever the write comes, it is in the archive or beside it. */
static void
test_snapshot_zip__nothing_written_meanwhile_is_lost(void **state)
{
	UNUSED(state);
#ifdef EMULATED
	print_message("Wine keeps what is removed until it is closed\n");
	skip();
#endif
	bool acted = true, was_raw = false, was_packed = false;
	for (unsigned n = 0; acted; n++) {
		struct world w;
		world_open(&w, true);
		difficult.quick = true;
		put_file(w.tree, "victim", "other");
		assert_done(world_keep(&w, "victim", SIDE_LOCAL, "0"), &w.e);
		put_file(w.tree, "victim", "text");
		struct holder h = {.after = n};
		assert_done(plat_append(&h.f, w.tree, "victim", &w.e), &w.e);
		assert_done(world_keep(&w, "victim", SIDE_LOCAL, "a"), &w.e);
		difficult.on_read = act;
		difficult.arg = &h;
		bool made;
		/* While it is held open, some systems do not let go of it and
		   its directory. */
		assert_done(world_finish(&w, &made), &w.e);
		difficult.on_read = NULL;
		acted = h.acted;
		assert_done(plat_close(&h.f, &w.e), &w.e);
		bool raw = world_has(&w, WORLD_ID ".raw/local/a");
		struct str text = STR_INIT;
		if (raw)
			world_read(&text, &w, WORLD_ID ".raw/local/a");
		else
			assert_true(unpack(&text, &w, "local/a"));
		assert_string_equal(text.p, acted ? "text+" : "text");
		was_raw |= raw;
		was_packed |= acted && !raw;
		assert_false(world_has(&w, WORLD_ID ".raw/local/0"));
		str_free(&text);
		world_close(&w);
	}
	assert_true(was_raw && was_packed);
}

static void
test_snapshot_zip__cut_short_while_it_is_packed(void **state)
{
	UNUSED(state);
	struct world w;
	world_open(&w, true);
	world_victim(&w, "victim", "text", 0644, noon);
	struct holder h = {.cutting = true};
	world_tell(&w, INTENT_REMOVE, SIDE_LOCAL, "a", "victim");
	assert_done(plat_append(&h.f, w.tree, "victim", &w.e), &w.e);
	assert_done(world_keep(&w, "victim", SIDE_LOCAL, "a"), &w.e);
	put_file(w.tree, "victim", "still");
	world_tell(&w, INTENT_REMOVE, SIDE_LOCAL, "b", "victim");
	assert_done(world_keep(&w, "victim", SIDE_LOCAL, "b"), &w.e);
	difficult.on_read = act;
	difficult.arg = &h;
	finish(&w);
	assert_done(plat_close(&h.f, &w.e), &w.e);
	assert_true(world_has(&w, WORLD_ID ".raw/local/a"));
	assert_packed(&w, "local/b", "still");
	assert_says(&w, "\"raw\":true");
	struct str all = STR_INIT;
	world_show(&all, &w);
	struct str here = STR_INIT;
	world_as_shown(&here, WORLD_ID ".raw/local/a 600 ''\n");
	assert_non_null(strstr(all.p, here.p));
	str_free(&here);
	assert_false(unpack(&all, &w, "local/a"));
	str_free(&all);
	world_close(&w);
}

/* In a directory one is described as it is, as far as it can be. */
static void
test_snapshot_zip__written_to_all_the_time(void **state)
{
	UNUSED(state);
	for (int cutting = 0; cutting < 2; cutting++) {
		struct world w;
		world_open(&w, false);
		put_file(w.tree, "victim", "text");
		struct holder h = {.again = true, .cutting = cutting};
		assert_done(plat_append(&h.f, w.tree, "victim", &w.e), &w.e);
		assert_done(world_keep(&w, "victim", SIDE_LOCAL, "a"), &w.e);
		difficult.on_read = act;
		difficult.arg = &h;
		bool made;
		assert_done(world_finish(&w, &made), &w.e);
		difficult.on_read = NULL;
		assert_done(plat_close(&h.f, &w.e), &w.e);
		struct str all = STR_INIT;
		world_read(&all, &w, WORLD_ID "/manifest.json");
		/* Cut to nothing, it holds still. */
		assert_int_equal(
		    strstr(all.p, "\"unsettled\":true") != NULL, !cutting);
		str_free(&all);
		world_close(&w);
	}
}

/* No archive holds such a name. */
static void
test_snapshot_zip__names_too_long_for_it(void **state)
{
	UNUSED(state);
	struct world w;
	struct str path = STR_INIT;
	if (on_windows())
		skip(); /* no path there is longer than 32767 */
	world_open(&w, true);
	difficult.quick = true;
	while (path.len < 66000) {
		for (int i = 0; i < 255; i++)
			str_addc(&path, 'n');
		str_addc(&path, '/');
	}
	str_addc(&path, 'x');
	put_file(w.tree, "victim", "deep down");
	assert_done(world_keep(&w, "victim", SIDE_LOCAL, path.p), &w.e);
	finish(&w);
	struct str at = STR_INIT, text = STR_INIT;
	str_addf(&at, WORLD_ID ".raw/local/%s", path.p);
	world_read(&text, &w, at.p);
	assert_string_equal(text.p, "deep down");
	char hex[HASH_HEX_SIZE];
	str_clear(&at);
	str_addf(&at, "\"hash\":\"%s\"", hash_hex(hex, hash_of(text.p, 9)));
	assert_says(&w, at.p);
	assert_says(&w, "\"raw\":true");
	str_free(&at);
	str_free(&text);
	str_free(&path);
	world_close(&w);
}

/* ---- an archive that came out wrong -------------------------------------- */

struct spoiler {
	struct world *w;
	uint64_t offset;
	bool acted;
};

/* Once the archive is complete, one of its bytes is turned round. */
static bool
spoil(void *arg, struct plat_file f, uint64_t offset)
{
	struct spoiler *x = arg;
	struct str bytes = STR_INIT, path = STR_INIT;
	UNUSED(f);
	UNUSED(offset);
	world_read(&bytes, x->w, WORLD_ID ".zip.partial");
	bool complete = bytes.len > 22 &&
	    memcmp(bytes.p + bytes.len - 22, "PK\5\6", 4) == 0;
	if (complete && x->offset < bytes.len) {
		str_addf(&path, "%s/" WORLD_ID ".zip.partial", x->w->backups.p);
		FILE *to = fopen(path.p, "r+b");
		assert_non_null(to);
		fseek(to, (long)x->offset, SEEK_SET);
		fputc(bytes.p[x->offset] ^ 1, to);
		assert_int_equal(fclose(to), 0);
		x->acted = true;
	}
	str_free(&path);
	str_free(&bytes);
	return !complete;
}

/* Most flips spoil an entry; the rest would be for the digest to find. */
static void
test_snapshot_zip__is_compared_before_it_counts(void **state)
{
	UNUSED(state);
	unsigned refused = 0;
	bool acted = true;
	for (uint64_t at = 0; acted; at += 7) {
		struct world w;
		bool made;
		world_open(&w, true);
		difficult.quick = true;
		put_file(w.tree, "victim", "what is to be packed");
		world_tell(&w, INTENT_REMOVE, SIDE_LOCAL, "a", "victim");
		assert_done(world_keep(&w, "victim", SIDE_LOCAL, "a"), &w.e);
		struct spoiler x = {.w = &w, .offset = at};
		difficult.on_read = spoil;
		difficult.arg = &x;
		int rc = world_finish(&w, &made);
		difficult.on_read = NULL;
		acted = x.acted;
		if (rc != 0) {
			assert_failed(rc, &w.e, w.e.code);
			refused++;
			assert_true(world_has(&w, WORLD_ID ".partial/local/a"));
			assert_false(world_has(&w, WORLD_ID ".zip"));
			assert_false(world_has(&w, WORLD_ID ".zip.partial"));
			world_begin(&w);
			finish(&w);
		}
		assert_packed(&w, "local/a", "what is to be packed");
		world_close(&w);
	}
	assert_true(refused > 20);
}

/* ---- after a crash ------------------------------------------------------- */

static void
pack_two(struct world *w)
{
	put_file(w->tree, "victim", "one");
	world_tell(w, INTENT_REMOVE, SIDE_LOCAL, "a/1", "victim");
	assert_done(world_keep(w, "victim", SIDE_LOCAL, "a/1"), &w->e);
	put_file(w->tree, "victim", "two");
	world_tell(w, INTENT_REMOVE, SIDE_LOCAL, "a/2", "victim");
	assert_done(world_keep(w, "victim", SIDE_LOCAL, "a/2"), &w->e);
	finish(w);
}

/* What is left of the directory goes only if the archive holds the same. */
static void
test_snapshot_zip__clears_what_is_packed(void **state)
{
	UNUSED(state);
	struct world w;
	world_open(&w, true);
	pack_two(&w);
	struct plat_dir *backups = world_backups(&w);
	put_dir(backups, WORLD_ID ".packed");
	struct plat_dir *packed = sub(backups, WORLD_ID ".packed");
	put_file(packed, "manifest.json", "{}");
	put_dir(packed, "local");
	struct plat_dir *local = sub(packed, "local");
	put_dir(local, "a");
	put_file(local, "more", "never packed");
	struct plat_dir *a = sub(local, "a");
	put_file(a, "1", "one");
	put_file(a, "2", "two, and more");
	plat_dir_close(a);
	plat_dir_close(local);
	plat_dir_close(packed);
	plat_dir_close(backups);
	world_begin(&w);
	finish(&w);
	assert_false(world_has(&w, WORLD_ID ".raw/local/a/1"));
	struct str text = STR_INIT;
	world_read(&text, &w, WORLD_ID ".raw/local/a/2");
	assert_string_equal(text.p, "two, and more");
	str_clear(&text);
	world_read(&text, &w, WORLD_ID ".raw/local/more");
	assert_string_equal(text.p, "never packed");
	str_free(&text);
	assert_packed(&w, "local/a/2", "two");
	world_close(&w);
}

/* Something that is not ours lies there: neither it nor its directory goes. */
static void
test_snapshot_zip__leaves_what_it_does_not_know(void **state)
{
	UNUSED(state);
	struct world w;
	bool made;
	world_open(&w, true);
	put_file(w.tree, "victim", "one");
	assert_done(world_keep(&w, "victim", SIDE_LOCAL, "a"), &w.e);
	struct plat_dir *backups = world_backups(&w);
	struct plat_dir *d = sub(backups, WORLD_ID ".partial");
	put_file(d, "note", "a user's");
	plat_dir_close(d);
	plat_dir_close(backups);
	assert_done(world_finish(&w, &made), &w.e);
	assert_true(made);
	assert_packed(&w, "local/a", "one");
	assert_true(world_has(&w, WORLD_ID ".packed/note"));
	assert_false(world_has(&w, WORLD_ID ".packed/local"));
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_snapshot_zip__holds_everything),
	    cmocka_unit_test(test_snapshot_zip__the_manifest_is_last),
	    cmocka_unit_test(test_snapshot_zip__links_say_where_they_point),
	    cmocka_unit_test(test_snapshot_zip__names_that_are_not_text),
	    cmocka_unit_test(
		test_snapshot_zip__nothing_written_meanwhile_is_lost),
	    cmocka_unit_test(test_snapshot_zip__cut_short_while_it_is_packed),
	    cmocka_unit_test(test_snapshot_zip__written_to_all_the_time),
	    cmocka_unit_test(test_snapshot_zip__names_too_long_for_it),
	    cmocka_unit_test(test_snapshot_zip__is_compared_before_it_counts),
	    cmocka_unit_test(test_snapshot_zip__clears_what_is_packed),
	    cmocka_unit_test(test_snapshot_zip__leaves_what_it_does_not_know),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
