#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "faults.h"
#include "snapshot_world.h"

static const struct stamp noon = {.sec = 1000000000, .nsec = 123456700};

static void
assert_shows(struct world *w, const char *want)
{
	struct str got = STR_INIT, here = STR_INIT;
	world_show(&got, w);
	world_as_shown(&here, want);
	assert_string_equal(got.p, here.p);
	str_free(&here);
	str_free(&got);
}

/* What the manifest says from its first entry on. */
static void
read_entries(struct str *out, struct world *w)
{
	struct str all = STR_INIT;
	world_read(&all, w, WORLD_ID "/manifest.json");
	const char *at = strstr(all.p, "\"entries\":");
	assert_non_null(at);
	str_add(out, at);
	str_free(&all);
}

static void
assert_says(struct world *w, const char *member)
{
	struct str all = STR_INIT, here = STR_INIT;
	read_entries(&all, w);
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
}

static const char *
hex_of(const char *text)
{
	static char hex[HASH_HEX_SIZE];
	return hash_hex(hex, hash_of(text, strlen(text)));
}

/* ---- ids ----------------------------------------------------------------- */

static void
test_snapshot__ids(void **state)
{
	static const struct {
		const char *id;
		bool valid;
	} cases[] = {
	    {WORLD_ID, true},
	    {"20261120T235137Z-a.b_c-d-0000", true},
	    {"", false},
	    {"-0000", false},
	    {"4f0a", false},
	    {"20261120T235137Z-m1-4f0A", false},
	    {"20261120T235137Z-m1-4f0", false},
	    {"20261120T235137Z-m1/x-4f0a", false},
	    {"20261120T235137Z-m\\1-4f0a", false},
	    {"../x-4f0a", false},
	    {".0-4f0a", false},
	    {"20261120T235137Z-\xC3\xA9-4f0a", false},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(
		    snapshot_id_valid(cases[i].id), cases[i].valid);

	struct str id = STR_INIT;
	struct err e;
	struct stamp now = {.sec = 1795218697};
	assert_done(snapshot_id(&id, now, "m1", &e), &e);
	assert_true(snapshot_id_valid(id.p));
	assert_int_equal(id.len, strlen(WORLD_ID));
	assert_memory_equal(id.p, "20261120T235137Z-m1-", 20);
	while (id.len < 2 * SNAPSHOT_ID_MAX)
		str_add(&id, "-4f0a");
	assert_false(snapshot_id_valid(id.p));

	struct snapshot *s;
	struct snapshot_about about = {.id = "../../4f0a"};
	assert_failed(snapshot_open(&s, &about, &e), &e, ERR_NAME);
	str_free(&id);
}

/* ---- what lies where ----------------------------------------------------- */

static void
test_snapshot__files_keep_their_paths(void **state)
{
	UNUSED(state);
	struct world w;
	world_open(&w, false);
	assert_false(has(w.temp->dir, "state"));
	world_victim(&w, "victim1", "one", 0644, noon);
	world_victim(&w, "victim2", "two", 0755, noon);
	world_tell(&w, INTENT_REMOVE, SIDE_LOCAL, "a/b/c", "victim1");
	world_tell(&w, INTENT_REMOVE, SIDE_CLOUD, "c", "victim2");
	assert_done(world_keep(&w, "victim1", SIDE_LOCAL, "a/b/c"), &w.e);
	assert_done(world_keep(&w, "victim2", SIDE_CLOUD, "c"), &w.e);
	assert_false(has(w.tree, "victim1"));
	assert_shows(&w,
	    "backups 700\n"
	    "backups/" WORLD_ID ".partial 700\n"
	    "backups/" WORLD_ID ".partial/cloud 700\n"
	    "backups/" WORLD_ID ".partial/cloud/c 755 'two'\n"
	    "backups/" WORLD_ID ".partial/local 700\n"
	    "backups/" WORLD_ID ".partial/local/a 700\n"
	    "backups/" WORLD_ID ".partial/local/a/b 700\n"
	    "backups/" WORLD_ID ".partial/local/a/b/c 644 'one'\n");
	finish(&w);
	struct plat_dir *backups = world_backups(&w);
	struct plat_dir *d = sub(backups, WORLD_ID "/local/a/b");
	struct plat_stat st;
	assert_done(plat_stat(&st, d, "c", &w.e), &w.e);
	assert_int_equal(stamp_cmp(st.mtime, noon), 0);
	assert_int_equal(st.mode, on_windows() ? 0644 : 0600);
	plat_dir_close(d);
	d = sub(backups, WORLD_ID);
	assert_done(plat_unlink(d, "manifest.json", &w.e), &w.e);
	assert_done(plat_unlink(d, "manifest.json.xxh3", &w.e), &w.e);
	plat_dir_close(d);
	plat_dir_close(backups);
	assert_shows(&w,
	    "backups 700\n"
	    "backups/" WORLD_ID " 700\n"
	    "backups/" WORLD_ID "/cloud 700\n"
	    "backups/" WORLD_ID "/cloud/c 600 'two'\n"
	    "backups/" WORLD_ID "/local 700\n"
	    "backups/" WORLD_ID "/local/a 700\n"
	    "backups/" WORLD_ID "/local/a/b 700\n"
	    "backups/" WORLD_ID "/local/a/b/c 600 'one'\n");
	world_close(&w);
}

static void
test_snapshot__nothing_to_keep(void **state)
{
	UNUSED(state);
	for (int zip = 0; zip < 2; zip++) {
		struct world w;
		bool made = true;
		world_open(&w, zip);
		world_tell(&w, INTENT_AGREE, SIDE_LOCAL, "a", NULL);
		world_tell(&w, INTENT_PUT, SIDE_LOCAL, "b", NULL)->applied =
		    false;
		assert_done(world_finish(&w, &made), &w.e);
		assert_false(made);
		assert_false(has(w.temp->dir, "state"));

		/* A place was made for something that did not come. */
		world_begin(&w);
		put_file(w.tree, "victim", "x");
		difficult.foreign = true;
		difficult.placeholder = true;
		assert_failed(world_keep(&w, "victim", SIDE_LOCAL, "a/b"), &w.e,
		    ERR_REFUSED);
		difficult.placeholder = false;
		assert_false(has(w.temp->dir, "state"));
		assert_done(plat_dir_make(w.backups.p, 0700, &w.e), &w.e);
		struct plat_dir *backups = world_backups(&w);
		put_dir(backups, WORLD_ID ".partial");
		struct plat_dir *d = sub(backups, WORLD_ID ".partial");
		put_dir(d, "local");
		put_file(d, "incoming", "torn");
		plat_dir_close(d);
		plat_dir_close(backups);
		assert_done(world_finish(&w, &made), &w.e);
		assert_false(made);
		assert_shows(&w, "backups 700\n");
		world_close(&w);
	}
}

static void
test_snapshot__only_a_manifest(void **state)
{
	static const enum intent_kind kinds[] = {
	    INTENT_PUT, INTENT_MOVE, INTENT_MKDIR, INTENT_RMDIR};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		struct world w;
		world_open(&w, false);
		w.durable = i % 2 == 0;
		world_begin(&w);
		struct deed *d =
		    world_tell(&w, kinds[i], SIDE_LOCAL, "a", NULL);
		d->intent.from = "b";
		d->intent.from_len = 1;
		finish(&w);
		assert_true(world_has(&w, WORLD_ID "/manifest.json"));
		world_close(&w);
	}
}

/* ---- the manifest -------------------------------------------------------- */

static void
test_snapshot__manifest(void **state)
{
	UNUSED(state);
	struct world w;
	world_open(&w, false);
	struct stamp early = {.sec = -2, .nsec = 500000000};
	struct stamp late = {.sec = 5000000000, .nsec = 100};
	world_victim(&w, "victim1", "old", 0640, early);
	world_victim(&w, "victim2", "run", 0755, late);
	/* Windows allows neither; a space is no less a test of the rest. */
	const char *odd = on_windows() ? "a b" : "a\n\"";
	const char *odd_said = on_windows() ? "a b" : "a\\u000A\\\"";
	struct deed *d = world_tell(&w, INTENT_PUT, SIDE_LOCAL, odd, "victim1");
	d->now = (struct fingerprint){.type = ENTRY_FILE,
	    .hashed = true,
	    .mode = 0644,
	    .size = 3,
	    .mtime = {.sec = 7},
	    .hash = hash_of("new", 3)};
	world_tell(&w, INTENT_REMOVE, SIDE_CLOUD, "x", "victim2");
	d = world_tell(&w, INTENT_MOVE, SIDE_CLOUD, "to", NULL);
	d->intent.from = "fr\xFFm";
	d->intent.from_len = 4;
	d->intent.victim = (struct fingerprint){.type = ENTRY_LINK, .size = 1};
	d->intent.put = d->intent.victim;
	d = world_tell(&w, INTENT_MKDIR, SIDE_CLOUD, "dir", NULL);
	d->now = (struct fingerprint){.type = ENTRY_DIR, .mode = 0755};
	d = world_tell(&w, INTENT_RMDIR, SIDE_LOCAL, "gone", NULL);
	d->intent.victim = (struct fingerprint){
	    .type = ENTRY_DIR, .mode = 0700, .mtime = {.sec = 9}};
	world_tell(&w, INTENT_AGREE, SIDE_LOCAL, "not told", NULL);
	assert_done(world_keep(&w, "victim1", SIDE_LOCAL, odd), &w.e);
	assert_done(world_keep(&w, "victim2", SIDE_CLOUD, "x"), &w.e);
	finish(&w);

	struct str got = STR_INIT, want = STR_INIT;
	world_read(&got, &w, WORLD_ID "/manifest.json");
	str_add(&want,
	    "{\"schema\":1,\"id\":\"" WORLD_ID "\","
	    "\"time\":\"2026-11-20T23:51:37.123Z\",\"machine\":\"m1\","
	    "\"profile\":\"prof\",\"run\":\"run-1\",\"reason\":\"sync\","
	    "\"format\":\"dir\",\"kept\":{\"local\":{\"files\":1,\"bytes\":3},"
	    "\"cloud\":{\"files\":1,\"bytes\":3}},\"entries\":[");
	str_addf(&want,
	    "{\"side\":\"local\",\"path\":\"%s\",\"what\":"
	    "\"replaced\","
	    "\"type\":\"file\",\"size\":3,\"hash\":\"%s\",\"mtime\":-2,"
	    "\"mtime_nsec\":500000000,\"mode\":\"0640\",\"exec\":false,",
	    odd_said, hex_of("old"));
	str_addf(&want,
	    "\"after\":{\"type\":\"file\",\"size\":3,\"hash\":\"%s\","
	    "\"mtime\":7,\"mtime_nsec\":0,\"mode\":\"0644\",\"exec\":false}},",
	    hex_of("new"));
	str_addf(&want,
	    "{\"side\":\"cloud\",\"path\":\"x\",\"what\":\"deleted\","
	    "\"type\":\"file\",\"size\":3,\"hash\":\"%s\","
	    "\"mtime\":5000000000,\"mtime_nsec\":100,\"mode\":\"0755\","
	    "\"exec\":true},",
	    hex_of("run"));
	str_add(&want,
	    "{\"side\":\"cloud\",\"path\":\"to\",\"what\":\"moved\","
	    "\"from\":\"fr\xEF\xBF\xBDm\",\"from_hex\":\"6672ff6d\","
	    "\"type\":\"link\",\"size\":1,\"hash\":null,\"mtime\":0,"
	    "\"mtime_nsec\":0,\"mode\":\"0000\",\"after\":{\"type\":\"link\","
	    "\"size\":1,\"hash\":null,\"mtime\":0,\"mtime_nsec\":0,"
	    "\"mode\":\"0000\"}},"
	    "{\"side\":\"cloud\",\"path\":\"dir\",\"what\":\"made\",\"after\":{"
	    "\"type\":\"dir\",\"mtime\":0,\"mtime_nsec\":0,\"mode\":\"0755\"}},"
	    "{\"side\":\"local\",\"path\":\"gone\",\"what\":\"removed\","
	    "\"type\":\"dir\",\"mtime\":9,\"mtime_nsec\":0,\"mode\":\"0700\"}"
	    "]}\n");
	struct str here = STR_INIT;
	world_as_said(&here, want.p);
	assert_string_equal(got.p, here.p);
	str_free(&here);
	str_free(&got);
	str_free(&want);
	world_close(&w);
}

static void
test_snapshot__many_entries(void **state)
{
	enum { MANY = 2000 };
	UNUSED(state);
	struct world w;
	world_open(&w, false);
	w.durable = false;
	world_begin(&w);
	for (int i = 0; i < MANY; i++)
		world_tell(&w, INTENT_PUT, SIDE_LOCAL, "a/b/c", NULL);
	finish(&w);
	struct str all = STR_INIT;
	read_entries(&all, &w);
	size_t n = 0;
	for (const char *p = all.p; (p = strstr(p, "\"created\"")); p++)
		n++;
	assert_int_equal(n, MANY);
	assert_true(str_ends(&all, "}}]}\n"));
	str_free(&all);
	world_close(&w);
}

static void
test_snapshot__what_is_not_there_is_said_to_be_missing(void **state)
{
	UNUSED(state);
	struct world w;
	world_open(&w, false);
	world_victim(&w, "victim", "lost", 0644, noon);
	world_tell(&w, INTENT_REMOVE, SIDE_LOCAL, "a", "victim");
	finish(&w);
	assert_says(&w, "\"exec\":false,\"missing\":true}]");
	world_close(&w);
}

/* ---- two things of one path ---------------------------------------------- */

static void
test_snapshot__both_are_kept(void **state)
{
	UNUSED(state);
	struct world w;
	world_open(&w, false);
	for (int i = 0; i < 3; i++) {
		char name[16], text[16];
		snprintf(name, sizeof(name), "victim%d", i);
		snprintf(text, sizeof(text), "content %d", i);
		world_victim(&w, name, text, 0644, noon);
	}
	/* The second is what the plan saw; the others came between. */
	world_tell(&w, INTENT_REMOVE, SIDE_LOCAL, "a/b", "victim1");
	w.story.v[0].intent.victim.mtime.sec -= 100;
	w.story.v[0].intent.victim.size = 9;
	world_victim(
	    &w, "victim1", "content 1", 0644, w.story.v[0].intent.victim.mtime);
	for (int i = 0; i < 3; i++) {
		char name[16];
		snprintf(name, sizeof(name), "victim%d", i);
		assert_done(world_keep(&w, name, SIDE_LOCAL, "a/b"), &w.e);
		assert_false(has(w.tree, name));
	}
	finish(&w);
	struct str want = STR_INIT;
	str_addf(&want,
	    "\"what\":\"deleted\",\"type\":\"file\",\"size\":9,"
	    "\"hash\":\"%s\"",
	    hex_of("content 1"));
	assert_says(&w, want.p);
	assert_says(&w,
	    "\"exec\":false,\"kept_as\":\"local.1/a/b\"},{\"side\":\"local\","
	    "\"path\":\"a/b\",\"what\":\"rescued\"");
	assert_says(&w, "\"exec\":false,\"kept_as\":\"local.2/a/b\"}]");
	str_free(&want);
	struct str text = STR_INIT;
	world_read(&text, &w, WORLD_ID "/local.2/a/b");
	assert_string_equal(text.p, "content 2");
	str_free(&text);
	world_close(&w);
}

/* Two deeds, one after the other, each with a victim of its own. */
static void
test_snapshot__each_deed_has_its_own(void **state)
{
	UNUSED(state);
	struct world w;
	world_open(&w, false);
	for (int i = 0; i < 2; i++) {
		world_victim(&w, "victim", i == 0 ? "one" : "two", 0644, noon);
		world_tell(&w, INTENT_REMOVE, SIDE_LOCAL, "a", "victim");
		assert_done(world_keep(&w, "victim", SIDE_LOCAL, "a"), &w.e);
	}
	finish(&w);
	assert_says(&w, "\"exec\":false},{");
	assert_says(&w, "\"exec\":false,\"kept_as\":\"local.1/a\"}]");
	struct str all = STR_INIT;
	read_entries(&all, &w);
	assert_null(strstr(all.p, "rescued"));
	str_free(&all);
	world_close(&w);
}

/* A victim that was written to since is no less one. */
static void
test_snapshot__written_to_since(void **state)
{
	UNUSED(state);
	struct world w;
	world_open(&w, false);
	world_victim(&w, "victim", "before", 0644, noon);
	world_tell(&w, INTENT_REMOVE, SIDE_LOCAL, "a", "victim");
	world_victim(&w, "victim", "what it became", 0600, noon);
	assert_done(world_keep(&w, "victim", SIDE_LOCAL, "a"), &w.e);
	finish(&w);
	struct str want = STR_INIT;
	str_addf(&want,
	    "\"deleted\",\"type\":\"file\",\"size\":14,\"hash\":"
	    "\"%s\",\"mtime\":1000000000,\"mtime_nsec\":123456700,"
	    "\"mode\":\"0600\",\"exec\":false}]",
	    hex_of("what it became"));
	assert_says(&w, want.p);
	str_free(&want);
	world_close(&w);
}

static void
test_snapshot__the_very_same_is_kept_once(void **state)
{
	static const struct {
		const char *text;
		uint32_t mode;
		int64_t sec;
		bool again; /* it is something else */
	} cases[] = {
	    {"content", 0644, 1000000000, false},
	    {"different", 0644, 1000000000, true},
	    {"CONTENT", 0644, 1000000000, true},
	    {"content", 0755, 1000000000, true},
	    {"content", 0644, 1000000001, true},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct world w;
		struct stamp t = {.sec = cases[i].sec, .nsec = noon.nsec};
		if (cases[i].mode != 0644 && on_windows())
			continue; /* no permission bits */
		world_open(&w, false);
		world_victim(&w, "victim1", "content", 0644, noon);
		world_victim(&w, "victim2", cases[i].text, cases[i].mode, t);
		assert_done(world_keep(&w, "victim1", SIDE_LOCAL, "a"), &w.e);
		assert_done(world_keep(&w, "victim2", SIDE_LOCAL, "a"), &w.e);
		assert_false(has(w.tree, "victim2"));
		assert_int_equal(world_has(&w, WORLD_ID ".partial/local.1/a"),
		    cases[i].again);
		world_close(&w);
	}
}

/* A file became a directory, or the other way round, in one run. */
static void
test_snapshot__file_and_directory(void **state)
{
	UNUSED(state);
	struct world w;
	world_open(&w, false);
	world_victim(&w, "victim1", "a file", 0644, noon);
	world_victim(&w, "victim2", "below it", 0644, noon);
	world_victim(&w, "victim3", "a file again", 0644, noon);
	world_tell(&w, INTENT_REMOVE, SIDE_LOCAL, "a", "victim1");
	world_tell(&w, INTENT_REMOVE, SIDE_LOCAL, "a/b/c", "victim2");
	world_tell(&w, INTENT_REMOVE, SIDE_LOCAL, "a/b", "victim3");
	assert_done(world_keep(&w, "victim1", SIDE_LOCAL, "a"), &w.e);
	assert_done(world_keep(&w, "victim2", SIDE_LOCAL, "a/b/c"), &w.e);
	assert_done(world_keep(&w, "victim3", SIDE_LOCAL, "a/b"), &w.e);
	finish(&w);
	assert_says(&w, "\"kept_as\":\"local.1/a/b/c\"");
	assert_says(&w, "\"kept_as\":\"local.2/a/b\"");
	world_close(&w);
}

static void
test_snapshot__too_many_of_one_path(void **state)
{
	UNUSED(state);
	struct world w;
	int rc = 0;
	world_open(&w, false);
	w.durable = false;
	world_begin(&w);
	for (int i = 0; i < 100; i++) {
		world_victim(&w, "victim", "x", 0644, (struct stamp){.sec = i});
		assert_done(world_keep(&w, "victim", SIDE_LOCAL, "a"), &w.e);
	}
	world_victim(&w, "victim", "x", 0644, noon);
	rc = world_keep(&w, "victim", SIDE_LOCAL, "a");
	assert_failed(rc, &w.e, ERR_EXISTS);
	assert_true(has(w.tree, "victim"));
	world_close(&w);
}

/* "Dir/x" and "dir/y" lie in one directory where case does not count. */
static void
test_snapshot__case_that_does_not_count(void **state)
{
	UNUSED(state);
	struct world w;
	world_open(&w, false);
	difficult.fold = true;
	world_victim(&w, "victim", "x", 0644, noon);
	world_tell(&w, INTENT_REMOVE, SIDE_LOCAL, "dir/\xC3\xA4", "victim");
	int rc = world_keep(&w, "victim", SIDE_LOCAL, "Dir/\xC3\x84");
	assert_done(rc, &w.e);
	finish(&w);
	assert_says(&w, "\"path\":\"dir/\xC3\xA4\",\"what\":\"deleted\"");
	assert_says(&w, "\"kept_as\":\"local/Dir/\xC3\x84\"}]");
	world_close(&w);
}

/* ---- copies -------------------------------------------------------------- */

static void
test_snapshot__another_name_cannot_change_it(void **state)
{
	UNUSED(state);
	struct world w;
	world_open(&w, false);
	world_victim(&w, "victim", "kept", 0640, noon);
	if (plat_link(w.tree, "victim", w.tree, "other", &w.e) != 0) {
		world_close(&w);
		skip();
	}
	world_tell(&w, INTENT_REMOVE, SIDE_LOCAL, "a", "victim");
	assert_done(world_keep(&w, "victim", SIDE_LOCAL, "a"), &w.e);
	assert_false(has(w.tree, "victim"));
	struct plat_file f;
	assert_done(plat_append(&f, w.tree, "other", &w.e), &w.e);
	assert_done(plat_write(f, "+", 1, &w.e), &w.e);
	assert_done(plat_close(&f, &w.e), &w.e);
	finish(&w);
	struct str text = STR_INIT;
	world_read(&text, &w, WORLD_ID "/local/a");
	assert_string_equal(text.p, "kept");
	str_free(&text);
	assert_holds(w.tree, "other", "kept+");
	struct plat_stat st;
	assert_done(plat_stat(&st, w.tree, "other", &w.e), &w.e);
	assert_int_equal(st.mode, on_windows() ? 0644 : 0640);
	assert_says(&w, "\"mode\":\"0640\"");
	world_close(&w);
}

static void
test_snapshot__holes_stay_holes(void **state)
{
	enum { SIZE = 8 << 20 };
	UNUSED(state);
	struct world w;
	struct plat_file f;
	uint64_t start, end;
	world_open(&w, false);
	difficult.foreign = true;
	assert_done(plat_create(&f, w.tree, "victim", &w.e), &w.e);
	assert_done(plat_truncate(f, SIZE, &w.e), &w.e);
	assert_done(plat_seek(f, SIZE / 2, &w.e), &w.e);
	assert_done(plat_write(f, "data", 4, &w.e), &w.e);
	assert_done(plat_next_data(f, 0, &start, &end, &w.e), &w.e);
	assert_done(plat_close(&f, &w.e), &w.e);
	bool holes = start == SIZE / 2;
	assert_done(plat_touch(w.tree, "victim", noon, &w.e), &w.e);
	world_tell(&w, INTENT_REMOVE, SIDE_LOCAL, "a/b", "victim");
	assert_done(world_keep(&w, "victim", SIDE_LOCAL, "a/b"), &w.e);
	assert_false(has(w.tree, "victim"));
	finish(&w);

	struct str text = STR_INIT;
	world_read(&text, &w, WORLD_ID "/local/a/b");
	assert_int_equal(text.len, SIZE);
	assert_memory_equal(text.p + SIZE / 2, "data", 5);
	char hex[HASH_HEX_SIZE];
	struct str want = STR_INIT;
	str_addf(&want,
	    "\"hash\":\"%s\",\"mtime\":1000000000,"
	    "\"mtime_nsec\":123456700",
	    hash_hex(hex, hash_of(text.p, text.len)));
	assert_says(&w, want.p);
	str_free(&want);
	str_free(&text);
	struct plat_dir *backups = world_backups(&w);
	struct plat_dir *d = sub(backups, WORLD_ID "/local/a");
	assert_int_equal(plat_open(&f, d, "b", &w.e), 0);
	assert_done(plat_next_data(f, 0, &start, &end, &w.e), &w.e);
	assert_true(!holes || start == SIZE / 2);
	assert_done(plat_close(&f, &w.e), &w.e);
	plat_dir_close(d);
	plat_dir_close(backups);
	world_close(&w);
}

/* Appends to the file being read, up to three times. */
struct writer {
	struct world *w;
	const char *name;
	int times;
	uint64_t cut; /* or cuts it to this size */
	bool cutting;
};

static bool
write_meanwhile(void *arg, struct plat_file f, uint64_t offset)
{
	struct writer *x = arg;
	struct plat_file to;
	UNUSED(f);
	UNUSED(offset);
	if (x->times-- == 0)
		return false;
	assert_done(plat_append(&to, x->w->tree, x->name, &x->w->e), &x->w->e);
	if (x->cutting)
		assert_done(plat_truncate(to, x->cut, &x->w->e), &x->w->e);
	else
		assert_done(plat_write(to, "+", 1, &x->w->e), &x->w->e);
	assert_done(plat_close(&to, &x->w->e), &x->w->e);
	return true;
}

static void
test_snapshot__written_to_while_it_is_copied(void **state)
{
	static const struct {
		int times;
		bool cutting;
		const char *kept; /* NULL: it cannot be */
	} cases[] = {
	    {1, false, "text+"},
	    {2, false, "text++"},
	    {99, false, NULL},
	    {1, true, ""},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct world w;
		world_open(&w, false);
		world_victim(&w, "victim", "text", 0644, noon);
		struct writer x = {.w = &w,
		    .name = "victim",
		    .times = cases[i].times,
		    .cutting = cases[i].cutting};
		difficult.foreign = true;
		difficult.on_read = write_meanwhile;
		difficult.arg = &x;
		int rc = world_keep(&w, "victim", SIDE_LOCAL, "a");
		difficult.on_read = NULL;
		if (cases[i].kept == NULL) {
			assert_failed(rc, &w.e, ERR_BUSY);
			assert_true(has(w.tree, "victim"));
			assert_false(
			    world_has(&w, WORLD_ID ".partial/incoming"));
		} else {
			assert_done(rc, &w.e);
			struct str text = STR_INIT;
			world_read(&text, &w, WORLD_ID ".partial/local/a");
			assert_string_equal(text.p, cases[i].kept);
			str_free(&text);
		}
		world_close(&w);
	}
}

/* The plan saw the time that the backups cannot store. */
static void
test_snapshot__times_that_cannot_be_stored(void **state)
{
	UNUSED(state);
	struct world w;
	struct stamp odd = {.sec = 1000000001, .nsec = 999999900};
	world_open(&w, false);
	difficult.foreign = true;
	difficult.coarse = true;
	world_victim(&w, "victim", "x", 0644, noon);
	assert_done(plat_touch(w.tree, "victim", odd, &w.e), &w.e);
	world_tell(&w, INTENT_REMOVE, SIDE_LOCAL, "a", "victim");
	assert_done(world_keep(&w, "victim", SIDE_LOCAL, "a"), &w.e);
	finish(&w);
	assert_says(&w, "\"mtime\":1000000001,\"mtime_nsec\":999999900,");
	world_close(&w);
}

/* ---- links --------------------------------------------------------------- */

static void
test_snapshot__links(void **state)
{
	static const struct {
		bool foreign, no_links;
	} cases[] = {{false, false}, {true, false}, {true, true}};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct world w;
		world_open(&w, false);
		difficult.foreign = cases[i].foreign;
		difficult.no_links = false;
		if (!put_link(w.tree, "victim", "../away/\xC3\xA9")) {
			world_close(&w);
			skip();
		}
		difficult.no_links = cases[i].no_links;
		assert_true(plat_touch(w.tree, "victim", noon, &w.e) >= 0);
		world_tell(&w, INTENT_REMOVE, SIDE_CLOUD, "a/l", "victim");
		assert_done(world_keep(&w, "victim", SIDE_CLOUD, "a/l"), &w.e);
		assert_false(has(w.tree, "victim"));
		finish(&w);
		struct str shown = STR_INIT;
		world_show(&shown, &w);
		assert_non_null(strstr(shown.p,
		    cases[i].no_links ? "/cloud/a/l 600 '../away/\xC3\xA9'\n"
				      : "-> ../away/\xC3\xA9\n"));
		str_free(&shown);
		struct str want = STR_INIT;
		str_addf(&want,
		    "\"type\":\"link\",\"size\":10,\"hash\":\"%s\","
		    "\"mtime\":1000000000,\"mtime_nsec\":123456700",
		    hex_of("../away/\xC3\xA9"));
		assert_says(&w, want.p);
		str_free(&want);
		world_close(&w);
	}
}

static void
test_snapshot__the_same_link_is_kept_once(void **state)
{
	UNUSED(state);
	struct world w;
	world_open(&w, false);
	for (int i = 0; i < 2; i++) {
		if (!put_link(w.tree, "victim", i == 0 ? "one" : "two")) {
			world_close(&w);
			skip();
		}
		for (int again = 0; again < 2; again++) {
			if (again)
				put_link(
				    w.tree, "victim", i == 0 ? "one" : "two");
			assert_true(
			    plat_touch(w.tree, "victim", noon, &w.e) >= 0);
			assert_done(
			    world_keep(&w, "victim", SIDE_CLOUD, "l"), &w.e);
		}
	}
	assert_true(world_has(&w, WORLD_ID ".partial/cloud.1/l"));
	assert_false(world_has(&w, WORLD_ID ".partial/cloud.2"));
	world_close(&w);
}

/* ---- what cannot be kept ------------------------------------------------- */

static void
test_snapshot__what_is_refused(void **state)
{
	UNUSED(state);
	struct world w;
	world_open(&w, false);
	put_dir(w.tree, "victim-dir");
	put_file(w.tree, "victim", "x");
	static const struct {
		const char *name, *path;
		enum err_code code;
	} cases[] = {
	    {"victim", "", ERR_NAME},
	    {"victim", "../a", ERR_NAME},
	    {"victim", "a/./b", ERR_NAME},
	    {"victim", "/a", ERR_NAME},
	    {"victim-dir", "a", ERR_TYPE},
	    {"victim-gone", "a", ERR_NOTFOUND},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int rc =
		    world_keep(&w, cases[i].name, SIDE_LOCAL, cases[i].path);
		assert_failed(rc, &w.e, cases[i].code);
	}
	assert_false(has(w.temp->dir, "state"));
	assert_true(has(w.tree, "victim"));
	world_close(&w);
}

static void
test_snapshot__no_directory_to_keep_in(void **state)
{
	UNUSED(state);
	struct world w;
	bool made;
	world_open(&w, false);
	put_file(w.temp->dir, "state", "in the way");
	put_file(w.tree, "victim", "x");
	assert_int_equal(world_keep(&w, "victim", SIDE_LOCAL, "a"), -1);
	assert_true(has(w.tree, "victim"));
	world_tell(&w, INTENT_PUT, SIDE_LOCAL, "a", NULL);
	assert_int_equal(world_finish(&w, &made), -1);
	assert_false(made);
	world_close(&w);
}

/* The growing directory was made a link: nobody follows it. */
static void
test_snapshot__a_link_in_its_place(void **state)
{
	UNUSED(state);
	struct world w;
	world_open(&w, false);
	assert_done(plat_dir_make(w.backups.p, 0700, &w.e), &w.e);
	put_dir(w.temp->dir, "elsewhere");
	struct plat_dir *backups = world_backups(&w);
	bool linked = put_link(backups, WORLD_ID ".partial", "../../elsewhere");
	plat_dir_close(backups);
	if (linked) {
		put_file(w.tree, "victim", "x");
		int rc = world_keep(&w, "victim", SIDE_LOCAL, "a");
		assert_failed(rc, &w.e, ERR_TYPE);
		struct plat_dir *d = sub(w.temp->dir, "elsewhere");
		assert_false(has(d, "local"));
		plat_dir_close(d);
	}
	world_close(&w);
}

/* ---- difficult platforms ------------------------------------------------- */

static void
test_snapshot__difficult_platforms(void **state)
{
	UNUSED(state);
	for (int i = 0; i < 3; i++) {
		struct world w;
		world_open(&w, false);
		difficult.no_promise = i == 0;
		difficult.no_volume = i == 1;
		difficult.not_ours = i == 2;
		put_file(w.tree, "victim1", "one");
		put_file(w.tree, "victim2", "two");
		assert_done(world_keep(&w, "victim1", SIDE_LOCAL, "a/b"), &w.e);
		assert_done(world_keep(&w, "victim2", SIDE_LOCAL, "a/b"), &w.e);
		finish(&w);
		assert_true(world_has(&w, WORLD_ID "/local.1/a/b"));
		assert_false(world_has(&w, WORLD_ID ".partial"));
		world_close(&w);
	}
}

/* Deeper than any path the system takes, and names as long as they get. */
static void
test_snapshot__deep_paths(void **state)
{
	UNUSED(state);
	struct world w;
	struct str path = STR_INIT;
	world_open(&w, false);
	w.durable = false;
	world_begin(&w);
	/* On Windows what a system that plays Windows can take, too. */
	while (path.len < (on_windows() ? 2500u : 9000u)) {
		for (int i = 0; i < 255; i++)
			str_addc(&path, 'n');
		str_addc(&path, '/');
	}
	str_cut(&path, path.len - 1);
	for (int i = 0; i < 2; i++) {
		put_file(w.tree, "victim", i == 0 ? "deep" : "again");
		world_tell(&w, INTENT_REMOVE, SIDE_LOCAL, path.p, "victim");
		assert_done(world_keep(&w, "victim", SIDE_LOCAL, path.p), &w.e);
	}
	finish(&w);
	struct str text = STR_INIT, at = STR_INIT;
	str_addf(&at, "%s/local.1/%s", WORLD_ID, path.p);
	world_read(&text, &w, at.p);
	assert_string_equal(text.p, "again");
	str_free(&at);
	str_free(&text);
	str_free(&path);
	world_close(&w);
}

/* ---- after a crash ------------------------------------------------------- */

static void
test_snapshot__goes_on_with_what_is_there(void **state)
{
	UNUSED(state);
	struct world w;
	world_open(&w, false);
	put_file(w.tree, "victim1", "one");
	world_tell(&w, INTENT_REMOVE, SIDE_LOCAL, "a", "victim1");
	assert_done(world_keep(&w, "victim1", SIDE_LOCAL, "a"), &w.e);
	world_begin(&w);
	put_file(w.tree, "victim2", "two");
	world_tell(&w, INTENT_REMOVE, SIDE_LOCAL, "b", "victim2");
	assert_done(world_keep(&w, "victim2", SIDE_LOCAL, "b"), &w.e);
	finish(&w);
	assert_true(world_has(&w, WORLD_ID "/local/a"));
	assert_true(world_has(&w, WORLD_ID "/local/b"));
	world_close(&w);
}

/* The crash came after the snapshot had its name. */
static void
test_snapshot__what_is_complete_stays_as_it_is(void **state)
{
	UNUSED(state);
	for (int zip = 0; zip < 2; zip++) {
		struct world w;
		world_open(&w, zip);
		put_file(w.tree, "victim", "one");
		world_tell(&w, INTENT_REMOVE, SIDE_LOCAL, "a", "victim");
		assert_done(world_keep(&w, "victim", SIDE_LOCAL, "a"), &w.e);
		finish(&w);
		struct str before = STR_INIT, after = STR_INIT;
		world_show(&before, &w);
		world_begin(&w);
		finish(&w);
		world_show(&after, &w);
		assert_string_equal(after.p, before.p);

		/* Something more is kept: it gets a snapshot of its own. */
		world_begin(&w);
		put_file(w.tree, "victim", "two");
		assert_done(world_keep(&w, "victim", SIDE_LOCAL, "a"), &w.e);
		world_begin(&w);
		finish(&w);
		str_clear(&after);
		world_show(&after, &w);
		assert_memory_equal(after.p, before.p, before.len);
		assert_true(world_has(
		    &w, zip ? WORLD_NEXT ".zip" : WORLD_NEXT "/local/a"));
		if (!zip) {
			str_clear(&after);
			world_read(&after, &w, WORLD_NEXT "/manifest.json");
			assert_non_null(strstr(after.p,
			    "\"entries\":[{\"side\":\"local\",\"path\":\"a\","
			    "\"what\":\"rescued\""));
			assert_null(strstr(after.p, "deleted"));
		}
		str_free(&before);
		str_free(&after);
		world_close(&w);
	}
}

static void
test_snapshot__too_many_sequels(void **state)
{
	UNUSED(state);
	struct world w;
	int rc = 0;
	world_open(&w, false);
	w.durable = false;
	for (int i = 0; i < 16; i++) {
		bool made;
		put_file(w.tree, "victim", "x");
		world_begin(&w);
		assert_done(world_keep(&w, "victim", SIDE_LOCAL, "a"), &w.e);
		assert_done(world_finish(&w, &made), &w.e);
	}
	assert_true(world_has(&w, "20261120T235137Z-m1-4f19"));
	world_begin(&w);
	put_file(w.tree, "victim", "x");
	rc = world_keep(&w, "victim", SIDE_LOCAL, "a");
	assert_failed(rc, &w.e, ERR_EXISTS);
	assert_true(has(w.tree, "victim"));
	world_close(&w);
}

/* ---- in this order ------------------------------------------------------- */

/* The places of *words* in what was called, each behind the one before. */
static void
assert_order(const char *calls, const char *const *words)
{
	const char *at = calls;
	for (; *words != NULL; words++) {
		const char *next = strstr(at, *words);
		if (next == NULL)
			fail_msg("no '%s' at '%s' of '%s'", *words, at, calls);
		at = next + strlen(*words);
	}
	assert_string_equal(at, "");
}

/* What is made on the way is durable before anything lies in it. */
static void
test_snapshot__order_of_the_beginning(void **state)
{
	static const char *const order[] = {"dir_make ", "dir_open ",
	    "volume_sync ", "mkdir ", "dir_sync ", "mkdir ", "move ", NULL};
	UNUSED(state);
	struct world w;
	world_open(&w, false);
	put_file(w.tree, "victim", "x");
	fault_none();
	assert_done(world_keep(&w, "victim", SIDE_LOCAL, "b"), &w.e);
	fault_over();
	assert_order(fault_calls(), order);
	world_close(&w);
}

/* A copy is durable, in its place, before the original goes. */
static void
test_snapshot__order_of_a_copy(void **state)
{
	static const char *const order[] = {"create ", "write ", "file_chmod ",
	    "file_touch ", "file_sync ", "move ", "dir_sync ", "dir_sync ",
	    "dir_sync ", "unlink ", NULL};
	UNUSED(state);
	struct world w;
	world_open(&w, false);
	difficult.foreign = true;
	put_file(w.tree, "victim", "x");
	fault_none();
	assert_done(world_keep(&w, "victim", SIDE_LOCAL, "a/b"), &w.e);
	fault_over();
	assert_order(strstr(fault_calls(), "create "), order);
	world_close(&w);
}

/* The name comes when everything it stands for is durable. */
static void
test_snapshot__order_of_the_end(void **state)
{
	static const char *const dir[] = {"write ", "close ", "replace ",
	    "write ", "replace ", "chmod ", "volume_sync ", "move ",
	    "dir_sync ", NULL};
	static const char *const one_by_one[] = {"replace ", "replace ",
	    "chmod ", "file_sync ", "file_sync ", "dir_sync ", "dir_sync ",
	    "move ", "dir_sync ", NULL};
	static const char *const zip[] = {"create ", "file_sync ", "write ",
	    "file_sync ", "close ", "open ", "read_at ", "replace ", "create ",
	    "file_sync ", "replace ", "dir_sync ", "move ", "dir_sync ",
	    "unlink ", "rmdir ", "dir_sync ", NULL};
	UNUSED(state);
	static const char *const *const orders[] = {dir, zip, one_by_one};
	for (size_t i = 0; i < COUNT_OF(orders); i++) {
		struct world w;
		bool made;
		world_open(&w, orders[i] == zip);
		difficult.no_volume = orders[i] == one_by_one;
		put_file(w.tree, "victim", "x");
		assert_done(world_keep(&w, "victim", SIDE_LOCAL, "a"), &w.e);
		fault_none();
		assert_done(world_finish(&w, &made), &w.e);
		fault_over();
		assert_order(fault_calls(), orders[i]);
		world_close(&w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_snapshot__ids),
	    cmocka_unit_test(test_snapshot__files_keep_their_paths),
	    cmocka_unit_test(test_snapshot__nothing_to_keep),
	    cmocka_unit_test(test_snapshot__only_a_manifest),
	    cmocka_unit_test(test_snapshot__manifest),
	    cmocka_unit_test(test_snapshot__many_entries),
	    cmocka_unit_test(
		test_snapshot__what_is_not_there_is_said_to_be_missing),
	    cmocka_unit_test(test_snapshot__both_are_kept),
	    cmocka_unit_test(test_snapshot__written_to_since),
	    cmocka_unit_test(test_snapshot__the_very_same_is_kept_once),
	    cmocka_unit_test(test_snapshot__file_and_directory),
	    cmocka_unit_test(test_snapshot__too_many_of_one_path),
	    cmocka_unit_test(test_snapshot__case_that_does_not_count),
	    cmocka_unit_test(test_snapshot__another_name_cannot_change_it),
	    cmocka_unit_test(test_snapshot__holes_stay_holes),
	    cmocka_unit_test(test_snapshot__written_to_while_it_is_copied),
	    cmocka_unit_test(test_snapshot__each_deed_has_its_own),
	    cmocka_unit_test(test_snapshot__times_that_cannot_be_stored),
	    cmocka_unit_test(test_snapshot__links),
	    cmocka_unit_test(test_snapshot__the_same_link_is_kept_once),
	    cmocka_unit_test(test_snapshot__what_is_refused),
	    cmocka_unit_test(test_snapshot__no_directory_to_keep_in),
	    cmocka_unit_test(test_snapshot__a_link_in_its_place),
	    cmocka_unit_test(test_snapshot__difficult_platforms),
	    cmocka_unit_test(test_snapshot__deep_paths),
	    cmocka_unit_test(test_snapshot__goes_on_with_what_is_there),
	    cmocka_unit_test(test_snapshot__what_is_complete_stays_as_it_is),
	    cmocka_unit_test(test_snapshot__too_many_sequels),
	    cmocka_unit_test(test_snapshot__order_of_the_beginning),
	    cmocka_unit_test(test_snapshot__order_of_a_copy),
	    cmocka_unit_test(test_snapshot__order_of_the_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
