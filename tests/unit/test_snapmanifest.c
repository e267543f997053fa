#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "store/snapshot/snapmanifest.h"

struct source {
	const char *p;
	size_t left;
};

static int
give(void *arg, void *buf, size_t room, size_t *got, struct err *e)
{
	struct source *s = arg;
	UNUSED(e);
	*got = s->left < room ? s->left : room;
	memcpy(buf, s->p, *got);
	s->p += *got;
	s->left -= *got;
	return 0;
}

static int
read_text(struct snapmanifest *m, const char *text, struct err *e)
{
	struct source s = {.p = text, .left = strlen(text)};
	return snapmanifest_read(m, give, &s, e);
}

#define HEAD                                                                   \
	"{\"schema\":1,\"id\":\"20261120T235137Z-m1-4f0a\","                   \
	"\"time\":\"2026-11-20T23:51:37.123Z\",\"machine\":\"m1\","            \
	"\"profile\":\"prof\",\"run\":\"run-1\",\"reason\":\"sync\","          \
	"\"format\":\"dir\","
#define KEPT(files, bytes)                                                     \
	"\"kept\":{\"local\":{\"files\":" files ",\"bytes\":" bytes "},"       \
	"\"cloud\":{\"files\":0,\"bytes\":0}},\"entries\":["
#define HASH "\"hash\":\"00112233445566778899aabbccddeeff\","
#define TIMES "\"mtime\":-5,\"mtime_nsec\":7,\"mode\":\"0755\""
#define FILE_FACTS "\"type\":\"file\",\"size\":3," HASH TIMES ",\"exec\":true"
#define LINK_FACTS "\"type\":\"link\",\"size\":3," HASH TIMES
#define DIR_FACTS "\"type\":\"dir\"," TIMES
#define AFTER ",\"after\":{" FILE_FACTS "}"
#define ENTRY(side, path, what, more)                                          \
	"{\"side\":\"" side "\",\"path\":\"" path "\",\"what\":\"" what "\""   \
	"," more "}"
#define NO_FACTS(side, path, what, more)                                       \
	"{\"side\":\"" side "\",\"path\":\"" path "\",\"what\":\"" what        \
	"\"" more "}"
#define END "]}\n"

static void
test_snapmanifest__everything_there_is(void **state)
{
	UNUSED(state);
	static const char text[] = HEAD KEPT("5", "15") ENTRY("local", "a/b",
	    "replaced", FILE_FACTS AFTER) "," ENTRY("local", "l", "deleted",
	    LINK_FACTS ",\"kept_as\":\"local.2/l\"") "," NO_FACTS("cloud",
	    "new", "created", AFTER) "," ENTRY("cloud", "to", "moved",
	    "\"from\":\"was/here\"," FILE_FACTS AFTER) "," NO_FACTS("cloud",
	    "d", "made", ",\"after\":{" DIR_FACTS "}") "," ENTRY("local", "x",
	    "removed", DIR_FACTS) "," ENTRY("local", "r", "rescued",
	    FILE_FACTS ",\"unsettled\":true") "," ENTRY("local", "s", "saved",
	    FILE_FACTS) "," ENTRY("local", "sd", "saved",
	    DIR_FACTS) "," ENTRY("local", "gone", "deleted",
	    FILE_FACTS ",\"missing\":true") "," ENTRY("local",
	    "a/\\ufffd\\ufffd\\ufffd", "deleted",
	    "\"path_hex\":\"612feda080\"," FILE_FACTS
	    ",\"unknown\":[{}]") "],\"later\":{}}";
	struct snapmanifest m;
	struct err e;
	if (read_text(&m, text, &e) != 0)
		fail_msg("%s / %s", e.frame[0], e.frame[1]);
	assert_int_equal(m.n, 11);
	assert_string_equal(m.about.id, "20261120T235137Z-m1-4f0a");
	assert_string_equal(m.about.reason, "sync");
	assert_int_equal(m.about.time.sec, 1795218697);
	assert_int_equal(m.about.time.nsec, 123000000);
	const struct snap_entry *en = m.v;
	assert_int_equal(en->what, SNAP_REPLACED);
	assert_string_equal(en->path, "a/b");
	assert_string_equal(en->place, "local/a/b");
	assert_true(en->was.exec && en->was.hashed && en->was.mode == 0755);
	assert_int_equal(en->was.mtime.sec, -5);
	assert_int_equal(en->was.mtime.nsec, 7);
	assert_int_equal(en->now.type, ENTRY_FILE);
	assert_string_equal(m.v[1].place, "local.2/l");
	assert_int_equal(m.v[1].was.type, ENTRY_LINK);
	assert_int_equal(m.v[2].side, SIDE_CLOUD);
	assert_int_equal(m.v[2].was.type, ENTRY_NONE);
	assert_string_equal(m.v[3].from, "was/here");
	assert_null(m.v[3].place);
	assert_int_equal(m.v[4].now.type, ENTRY_DIR);
	assert_int_equal(m.v[5].was.type, ENTRY_DIR);
	assert_true(m.v[6].kept && m.v[6].unsettled);
	assert_true(m.v[7].kept && !m.v[8].kept);
	assert_true(m.v[9].missing && !m.v[9].kept);
	assert_memory_equal(m.v[10].path, "a/\xED\xA0\x80", 6);
	assert_int_equal(m.nplaces, 5);
	assert_ptr_equal(snapmanifest_at(&m, "local.2/l", 9), &m.v[1]);
	assert_ptr_equal(snapmanifest_at(&m, "local/s", 7), &m.v[7]);
	assert_null(snapmanifest_at(&m, "local/l", 7));
	assert_null(snapmanifest_at(&m, "local", 5));
	snapmanifest_free(&m);

	/* Cut anywhere, it is none. */
	struct str cut = STR_INIT;
	for (size_t n = 0; n < sizeof(text) - 2; n++) {
		str_clear(&cut);
		str_addn(&cut, text, n);
		assert_int_equal(read_text(&m, cut.p, &e), -1);
		assert_int_equal(e.code, ERR_CORRUPT);
		snapmanifest_free(&m);
	}
	str_free(&cut);
}

#define ONE(entry) HEAD KEPT("1", "3") entry END
#define NONE(entry) HEAD KEPT("0", "0") entry END
#define PATH(path) ONE(ENTRY("local", path, "deleted", FILE_FACTS))
#define FACT(facts) ONE(ENTRY("local", "a", "deleted", facts))
#define PLACE(place)                                                           \
	ONE(ENTRY(                                                             \
	    "local", "a", "deleted", FILE_FACTS ",\"kept_as\":\"" place "\""))
#define TWO(a, b)                                                              \
	HEAD KEPT("2", "6") ENTRY("local", a, "deleted",                       \
	    FILE_FACTS) "," ENTRY("local", b, "deleted", FILE_FACTS) END

static const char *const hostile[] = {
    /* no document of ours */
    "",
    "[]",
    "{}",
    "null",
    HEAD KEPT("0", "0") "]}x",
    "{\"schema\":1,\"entries\":[]}",
    /* who it is */
    "{\"schema\":1,\"schema\":1}",
    HEAD "\"schema\":1," KEPT("0", "0") END,
    HEAD "\"id\":\"20261120T235137Z-m1-4f0b\"," KEPT("0", "0") END,
    HEAD "\"entries\":[]}",
    HEAD "\"kept\":{\"local\":{\"files\":0,\"bytes\":0}},\"entries\":[]}",
    HEAD "\"kept\":{\"local\":{\"files\":0},\"cloud\":{\"files\":0,"
	 "\"bytes\":0}},\"entries\":[]}",
    HEAD "\"kept\":[],\"entries\":[]}",
    /* how much */
    HEAD KEPT("1", "0") END,
    HEAD KEPT("0", "1") END,
    HEAD KEPT("-1", "0") END,
    HEAD KEPT("1", "4") ENTRY("local", "a", "deleted", FILE_FACTS) END,
    HEAD KEPT("2", "3") ENTRY("local", "a", "deleted", FILE_FACTS) END,
    HEAD KEPT("1", "3") ENTRY("cloud", "a", "deleted", FILE_FACTS) END,
    /* ways out */
    PATH(""),
    PATH("/"),
    PATH(".."),
    PATH("."),
    PATH("../x"),
    PATH("a/../../x"),
    PATH("a/.."),
    PATH("/etc/passwd"),
    PATH("//server/share"),
    PATH("a//b"),
    PATH("a/./b"),
    PATH("a/"),
    PATH("a\\u0000b"),
    PATH("\\u0000"),
    /* ours */
    PATH(".coldsync/id-x"),
    PATH(".COLDSYNC"),
    PATH(".ColdSync/manifest"),
    /* not the same twice */
    ONE(ENTRY(
	"local", "a", "deleted", "\"path_hex\":\"2e2e2f78\"," FILE_FACTS)),
    ONE(ENTRY("local", "a", "deleted", "\"path_hex\":\"6\"," FILE_FACTS)),
    ONE(ENTRY("local", "a", "deleted", "\"path_hex\":\"zz\"," FILE_FACTS)),
    ONE(ENTRY("local", "a", "deleted", "\"path_hex\":\"\"," FILE_FACTS)),
    ONE(ENTRY("local", "../\\ufffd", "deleted",
	"\"path_hex\":\"2e2e2fff\"," FILE_FACTS)),
    ONE(ENTRY("local", "a", "deleted", "\"path\":\"b\"," FILE_FACTS)),
    ONE(ENTRY("local", "a", "deleted", "\"side\":\"local\"," FILE_FACTS)),
    /* where it lies */
    PLACE("a"),
    PLACE("local"),
    PLACE("local/"),
    PLACE("local.1"),
    PLACE("local.1/"),
    PLACE("local./a"),
    PLACE("local.x/a"),
    PLACE("local.01/a"),
    PLACE("local.1000/a"),
    PLACE("local1/a"),
    PLACE("locals/a"),
    PLACE("cloud/a"),
    PLACE("/local/a"),
    PLACE("local/../manifest.json"),
    PLACE("local/../../x"),
    PLACE("manifest.json"),
    PLACE("../x"),
    PLACE("local/a\\u0000"),
    NONE(ENTRY("local", "a", "removed", DIR_FACTS ",\"kept_as\":\"local/b\"")),
    /* two in one place, or one in the other */
    TWO("a", "a"),
    TWO("a", "a/b"),
    TWO("a/b/c", "a/b"),
    HEAD KEPT("2", "6") ENTRY("local", "a", "deleted", LINK_FACTS) "," ENTRY(
	"local", "a/passwd", "deleted", FILE_FACTS) END,
    HEAD KEPT("2", "6") ENTRY("local", "a", "deleted", FILE_FACTS) "," ENTRY(
	"local", "b", "deleted", FILE_FACTS ",\"kept_as\":\"local/a\"") END,
    /* two that were in one place, or one in the other, kept apart */
    HEAD KEPT("2", "6") ENTRY("local", "a", "deleted", FILE_FACTS) "," ENTRY(
	"local", "a", "deleted", FILE_FACTS ",\"kept_as\":\"local.1/a\"") END,
    HEAD KEPT("2", "6") ENTRY("local", "a", "deleted",
	LINK_FACTS ",\"kept_as\":\"local.1/a\"") "," ENTRY("local", "a/passwd",
	"deleted", FILE_FACTS) END,
    HEAD KEPT("1", "3") ENTRY("local", "b", "moved",
	"\"from\":\"a\"," FILE_FACTS AFTER) "," ENTRY("local", "a", "deleted",
	FILE_FACTS) END,
    HEAD KEPT("1", "3") ENTRY("local", "b", "moved",
	"\"from\":\"a\"," FILE_FACTS AFTER) "," ENTRY("local", "a/b/c",
	"deleted", FILE_FACTS) END,
    /* words */
    ONE(ENTRY("both", "a", "deleted", FILE_FACTS)),
    ONE(ENTRY("", "a", "deleted", FILE_FACTS)),
    ONE(ENTRY("local", "a", "erased", FILE_FACTS)),
    /* facts */
    FACT("\"type\":\"device\",\"size\":3," HASH TIMES),
    FACT("\"type\":\"fifo\",\"size\":3," HASH TIMES),
    FACT("\"type\":\"file\",\"size\":3," HASH TIMES),
    FACT("\"type\":\"link\",\"size\":3," HASH TIMES ",\"exec\":true"),
    FACT("\"type\":\"file\"," HASH TIMES ",\"exec\":true"),
    FACT("\"type\":\"file\",\"size\":3," TIMES ",\"exec\":true"),
    FACT("\"type\":\"file\",\"size\":3,\"hash\":null," TIMES ",\"exec\":true"),
    FACT(
	"\"type\":\"file\",\"size\":3,\"hash\":\"12\"," TIMES ",\"exec\":true"),
    FACT("\"type\":\"file\",\"size\":3,\"hash\":7," TIMES ",\"exec\":true"),
    FACT("\"type\":\"file\",\"size\":-3," HASH TIMES ",\"exec\":true"),
    FACT("\"type\":\"file\",\"size\":\"3\"," HASH TIMES ",\"exec\":true"),
    FACT("\"type\":\"file\",\"size\":3.0," HASH TIMES ",\"exec\":true"),
    FACT("\"type\":\"file\",\"size\":3," HASH TIMES ",\"exec\":1"),
    FACT("\"type\":\"file\",\"size\":3," HASH
	 "\"mtime\":0,\"mtime_nsec\":1000000000,\"mode\":\"0755\","
	 "\"exec\":true"),
    FACT("\"type\":\"file\",\"size\":3," HASH
	 "\"mtime\":99999999999999999999,\"mtime_nsec\":0,\"mode\":\"0755\","
	 "\"exec\":true"),
/* who may become whom */
#define MODE(mode)                                                             \
	FACT("\"type\":\"file\",\"size\":3," HASH                              \
	     "\"mtime\":0,\"mtime_nsec\":0,\"mode\":\"" mode                   \
	     "\",\"exec\":true")
    MODE("4755"),
    MODE("2755"),
    MODE("1777"),
    MODE("7777"),
    MODE("755"),
    MODE("00755"),
    MODE("0788"),
    MODE("-755"),
    MODE(""),
    /* what does not go together */
    ONE(ENTRY("local", "a", "deleted", FILE_FACTS AFTER)),
    ONE(ENTRY("local", "a", "replaced", FILE_FACTS)),
    NONE(NO_FACTS("local", "a", "deleted", "")),
    NONE(NO_FACTS("local", "a", "created", "")),
    NONE(ENTRY("local", "a", "created", FILE_FACTS AFTER)),
    NONE(NO_FACTS("local", "a", "created", ",\"after\":{" DIR_FACTS "}")),
    NONE(NO_FACTS("local", "a", "made", AFTER)),
    NONE(NO_FACTS("local", "a", "created", ",\"after\":{}")),
    NONE(NO_FACTS("local", "a", "created", ",\"after\":null")),
    NONE(ENTRY("local", "a", "moved", FILE_FACTS AFTER)),
    NONE(ENTRY("local", "a", "moved", "\"from\":\"../b\"," FILE_FACTS AFTER)),
    NONE(ENTRY("local", "a", "moved", "\"from_hex\":\"62\"," FILE_FACTS AFTER)),
    ONE(ENTRY("local", "a", "deleted", "\"from\":\"b\"," FILE_FACTS)),
    NONE(ENTRY("local", "a", "deleted", DIR_FACTS)),
    NONE(ENTRY("local", "a", "rescued", DIR_FACTS)),
    ONE(ENTRY("local", "a", "removed", FILE_FACTS)),
    ONE(ENTRY("local", "a", "deleted", FILE_FACTS ",\"raw\":true")),
    NONE(ENTRY("local", "a", "saved", DIR_FACTS ",\"missing\":true")),
    NONE("null"),
    NONE("[]"),
    NONE("{}"),
};

#define TOGETHER                                                               \
	HEAD KEPT("3", "9")                                                    \
	    ENTRY("local", "a", "deleted", FILE_FACTS) "," ENTRY(              \
		"cloud", "a", "removed", DIR_FACTS) "," ENTRY("local", "d",    \
		"removed", DIR_FACTS) "," ENTRY("local", "d/e", "deleted",     \
		FILE_FACTS) "," ENTRY("local", "a", "rescued",                 \
		FILE_FACTS ",\"kept_as\":\"local.1/a\"") END

static void
test_snapmanifest__hostile(void **state)
{
	UNUSED(state);
	struct snapmanifest m;
	struct err e;
	/* The templates themselves are fine. */
	static const char *const good[] = {PATH("a"), PLACE("local/b"),
	    TWO("a", "b"), MODE("0755"), NONE(""),
	    /* one on each side, one in its directory, one that came between */
	    TOGETHER};
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		assert_int_equal(read_text(&m, good[i], &e), 0);
		snapmanifest_free(&m);
	}
	for (size_t i = 0; i < COUNT_OF(hostile); i++) {
		if (read_text(&m, hostile[i], &e) == 0)
			fail_msg("%zu: %s", i, hostile[i]);
		if (e.code != ERR_CORRUPT)
			fail_msg("%s: %s", e.frame[0], hostile[i]);
		snapmanifest_free(&m);
	}
}

static void
test_snapmanifest__another_version(void **state)
{
	UNUSED(state);
	struct snapmanifest m;
	struct err e;
	assert_int_equal(read_text(&m, "{\"schema\":2,\"x\":1}", &e), -1);
	assert_int_equal(e.code, ERR_UNSUPPORTED);
	snapmanifest_free(&m);
}

static void
test_snapmanifest__whose_id(void **state)
{
	UNUSED(state);
	static const struct {
		const char *id, *machine;
		bool good;
	} cases[] = {
	    {"20261120T235137Z-m1-4f0a", "m1", true},
	    {"20261120T235137Z-a-b.c_D-4f0a", "a-b.c_D", true},
	    {"20261120T235137Z-m1-4f0a", "m2", false},
	    {"20261120T235137Z-m1-4f0a", "m1-4f0a", false},
	    {"20261120T235137Z--4f0a", "", false},
	    {"20261120T235137Z-m1-4f0A", "m1", false},
	    {"20261120T235137Z-m1-4f0", "m1", false},
	    {"20261320T235137Z-m1-4f0a", "m1", false},
	    {"20261120T235137-m1-4f0a", "m1", false},
	    {"../20261120T235137Z-m1-4f0a", "m1", false},
	    {"20261120T235137Z-m/1-4f0a", "m/1", false},
	    {"x", "m1", false},
	    {"", "", false},
	};
	struct snapmanifest m;
	struct err e;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str text = STR_INIT;
		str_addf(&text,
		    "{\"schema\":1,\"id\":\"%s\",\"machine\":\"%s\","
		    "\"time\":\"2026-11-20T23:51:37.123Z\",\"profile\":\"\","
		    "\"run\":\"\",\"reason\":\"\",\"format\":\"dir\","
		    "\"kept\":{\"local\":{\"files\":0,\"bytes\":0},"
		    "\"cloud\":{\"files\":0,\"bytes\":0}},\"entries\":[]}",
		    cases[i].id, cases[i].machine);
		assert_int_equal(
		    read_text(&m, text.p, &e), cases[i].good ? 0 : -1);
		snapmanifest_free(&m);
		str_free(&text);
	}
}

/* Whoever lists snapshots needs the first few members only. */
static void
test_snapmanifest__head(void **state)
{
	UNUSED(state);
	static const char text[] = HEAD KEPT("7", "9") "and then nonsense";
	struct source s = {.p = text, .left = sizeof(text) - 1};
	struct snapmanifest m;
	struct err e;
	assert_int_equal(snapmanifest_head(&m, give, &s, &e), 0);
	assert_int_equal(m.about.files[SIDE_LOCAL], 7);
	assert_int_equal(m.about.bytes[SIDE_LOCAL], 9);
	assert_string_equal(m.about.machine, "m1");
	assert_int_equal(m.n, 0);
	snapmanifest_free(&m);
	static const char bad[] = "{\"schema\":1,\"entries\":[]}";
	s = (struct source){.p = bad, .left = sizeof(bad) - 1};
	assert_int_equal(snapmanifest_head(&m, give, &s, &e), -1);
	snapmanifest_free(&m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_snapmanifest__everything_there_is),
	    cmocka_unit_test(test_snapmanifest__hostile),
	    cmocka_unit_test(test_snapmanifest__another_version),
	    cmocka_unit_test(test_snapmanifest__whose_id),
	    cmocka_unit_test(test_snapmanifest__head),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
