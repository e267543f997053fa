#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "journal_scene.h"
#include "store/afile.h"
#include "store/journal_format.h"
#include "support/tempdir.h"

enum { LIMIT = 1 << 24 };

/* ---- torn and damaged ---------------------------------------------------- */

/* The bytes of a journal, and where each of its steps ends. */
struct image {
	struct str bytes;
	size_t end[JOURNAL_STEPS + 1]; /* [0]: of the begin record */
};

static void
take_image(struct image *out, struct plat_dir *d)
{
	struct err e;
	out->bytes = STR_INIT;
	for (size_t n = 0; n <= JOURNAL_STEPS; n++) {
		str_clear(&out->bytes);
		must_write_journal(d, n);
		assert_done(
		    afile_read(&out->bytes, d, JOURNAL_NAME, LIMIT, &e), &e);
		out->end[n] = out->bytes.len;
	}
}

static int
parse(struct story *s, const struct str *bytes, size_t n, struct err *e)
{
	return journal_parse(s, (const unsigned char *)bytes->p, n, e);
}

/* How many steps lie wholly in the first *n* bytes. */
static size_t
steps_within(const struct image *i, size_t n)
{
	size_t steps_n = 0;
	while (steps_n < JOURNAL_STEPS && i->end[steps_n + 1] <= n)
		steps_n++;
	return steps_n;
}

static void
test_journal_damage__cut_anywhere(void **state)
{
	struct tempdir *t = *state;
	struct image i;
	struct story s;
	struct err e;
	take_image(&i, t->dir);
	for (size_t n = 0; n <= i.bytes.len; n++) {
		assert_done(afile_replace(
				t->dir, JOURNAL_NAME, i.bytes.p, n, false, &e),
		    &e);
		if (n >= i.end[0]) {
			assert_journal(t->dir, steps_within(&i, n));
			continue;
		}
		int rc = journal_read(&s, t->dir, &e);
		if (n == 0)
			assert_int_equal(rc, 1);
		else
			assert_failed(rc, &e, ERR_CORRUPT);
		assert_null(s.v);
		assert_null(s.arena.chunks);
		story_free(&s);
	}
	str_free(&i.bytes);
}

static void
test_journal_damage__any_bit_flipped(void **state)
{
	struct tempdir *t = *state;
	struct image i;
	struct story s;
	struct err e;
	take_image(&i, t->dir);
	for (size_t bit = 0; bit < i.bytes.len * 8; bit++) {
		char flip = (char)(1 << bit % 8);
		i.bytes.p[bit / 8] ^= flip;
		int rc = parse(&s, &i.bytes, i.bytes.len, &e);
		i.bytes.p[bit / 8] ^= flip;
		if (bit / 8 < i.end[0]) {
			assert_int_equal(rc, -1);
			assert_true(e.code == ERR_CORRUPT ||
			    (e.code == ERR_UNSUPPORTED && bit / 8 >= 8 &&
				bit / 8 < 16));
		} else {
			assert_done(rc, &e);
			assert_story(&s, steps_within(&i, bit / 8));
		}
		story_free(&s);
	}
	str_free(&i.bytes);
}

/* A journal of an earlier version 1 must still be read by this one. */
static void
test_journal_damage__bytes_are_settled(void **state)
{
	struct tempdir *t = *state;
	struct image i;
	char hex[HASH_HEX_SIZE];
	take_image(&i, t->dir);
	hash_hex(hex, hash_of(i.bytes.p, i.bytes.len));
	assert_string_equal(hex, "ae07db3b8db24873d1d4107d7eed9a1f");
	str_free(&i.bytes);
}

/* Zeros, or what else a file system may put behind the last sync. */
static void
test_journal_damage__rubbish_behind(void **state)
{
	struct tempdir *t = *state;
	struct image i;
	struct story s;
	struct err e;
	take_image(&i, t->dir);
	for (int c = 0; c < 256; c += 51) {
		str_cut(&i.bytes, i.end[5]);
		for (size_t k = 0; k < 5000; k++)
			str_addc(&i.bytes, (char)(unsigned char)c);
		assert_done(parse(&s, &i.bytes, i.bytes.len, &e), &e);
		assert_story(&s, 5);
		story_free(&s);
	}
	str_free(&i.bytes);
}

/* A whole record counts only in its place: not twice, not without the one
   before it, not in another journal. */
static void
test_journal_damage__records_are_chained(void **state)
{
	struct tempdir *t = *state;
	struct image i;
	struct story s;
	struct str mixed = STR_INIT;
	struct err e;
	take_image(&i, t->dir);
	str_addn(&mixed, i.bytes.p, i.end[3]);
	str_addn(&mixed, i.bytes.p + i.end[2], i.end[3] - i.end[2]);
	assert_done(parse(&s, &mixed, mixed.len, &e), &e);
	assert_story(&s, 3);
	story_free(&s);
	str_cut(&mixed, i.end[2]);
	str_addn(&mixed, i.bytes.p + i.end[3], i.end[4] - i.end[3]);
	assert_done(parse(&s, &mixed, mixed.len, &e), &e);
	assert_story(&s, 2);
	story_free(&s);
	str_free(&mixed);
	str_free(&i.bytes);
}

/* ---- well sealed, and wrong all the same --------------------------------- */

/* One record with these bytes as its payload, behind two good intents. */
static void
assert_not_believed(int type, const void *payload, size_t n)
{
	struct str bytes = STR_INIT;
	struct story s;
	struct err e;
	journal_put_header(&bytes);
	size_t at = journal_open_record(&bytes, JOURNAL_BEGIN);
	journal_put_begin(&bytes, &journal_begin);
	journal_close_record(&bytes, at);
	for (uint32_t k = 0; k < 2; k++) {
		struct intent good = journal_step_intent(k);
		at = journal_open_record(&bytes, JOURNAL_INTENT);
		journal_put_intent(&bytes, &good);
		journal_close_record(&bytes, at);
	}
	at = journal_open_record(&bytes, (enum journal_type)type);
	str_addn(&bytes, payload, n);
	journal_close_record(&bytes, at);
	struct intent next = journal_step_intent(2);
	at = journal_open_record(&bytes, JOURNAL_INTENT);
	journal_put_intent(&bytes, &next);
	journal_close_record(&bytes, at);
	assert_done(parse(&s, &bytes, bytes.len, &e), &e);
	assert_story(&s, 2);
	story_free(&s);
	str_free(&bytes);
}

/* Where the parts of an intent's payload journal_begin. */
enum {
	AT_KIND = 8,
	AT_SIDE = 9,
	AT_PATH_LEN = 10,
	AT_FROM_LEN = 14,
	AT_VICTIM = 18,
	AT_PUT = AT_VICTIM + 60,
	AT_OTHER = AT_PUT + 60,
	AT_PATH = AT_OTHER + 60,
	/* and of a fingerprint */
	BITS_IN = 1,
	MODE_IN = 2,
	MTIME_IN = 4,
	CTIME_IN = 8,
};

static void
test_journal_damage__wrong_intents(void **state)
{
	/* Each puts one byte into the payload of the third intent, a move
	   from "from/here" to "d/to". */
	static const struct {
		size_t at;
		unsigned char byte;
	} changes[] = {
	    {0, 3}, /* seq: one left out */
	    {0, 1}, /* seq: again */
	    {3, 1}, /* seq: far away */
	    {AT_KIND, INTENT_AGREE}, {AT_KIND, INTENT_FORGET}, {AT_KIND, 255},
	    {AT_KIND, INTENT_PUT},              /* from, though it is no move */
	    {AT_SIDE, SIDES}, {AT_PATH_LEN, 3}, /* one byte too many behind */
	    {AT_PATH_LEN, 5}, {AT_PATH_LEN + 3, 255}, {AT_FROM_LEN, 8},
	    {AT_FROM_LEN + 3, 255}, {AT_VICTIM, ENTRY_UNKNOWN + 1},
	    {AT_PUT, 255}, {AT_OTHER, ENTRY_UNKNOWN + 1},
	    {AT_VICTIM + BITS_IN, 8}, {AT_PUT + MODE_IN + 1, 0x10},
	    {AT_PUT + MTIME_IN + 3, 0x7f}, {AT_OTHER + CTIME_IN + 3, 0x7f},
	    {AT_PATH, '/'}, {AT_PATH + 1, '\0'}, {AT_PATH + 3, '/'},
	    {AT_PATH + 4, '/'}, /* of from */
	};
	(void)state;
	struct str good = STR_INIT;
	struct intent i = journal_step_intent(2);
	journal_put_intent(&good, &i);
	assert_int_equal(good.len, AT_PATH + 4 + 9);
	for (size_t k = 0; k < COUNT_OF(changes); k++) {
		char was = good.p[changes[k].at];
		good.p[changes[k].at] = (char)changes[k].byte;
		assert_true(was != good.p[changes[k].at]);
		assert_not_believed(JOURNAL_INTENT, good.p, good.len);
		good.p[changes[k].at] = was;
	}
	for (size_t n = 0; n < good.len; n++)
		assert_not_believed(JOURNAL_INTENT, good.p, n);
	assert_not_believed(JOURNAL_BEGIN, good.p, good.len);
	assert_not_believed(0, good.p, good.len);
	assert_not_believed(JOURNAL_DONE + 1, good.p, good.len);
	/* A move from nowhere. */
	i.from_len = 0;
	str_clear(&good);
	journal_put_intent(&good, &i);
	assert_not_believed(JOURNAL_INTENT, good.p, good.len);
	str_free(&good);
}

static void
test_journal_damage__wrong_outcomes(void **state)
{
	static const struct {
		size_t at;
		unsigned char byte;
	} changes[] = {
	    {0, 2}, /* of an intent that is not there */
	    {3, 1},
	    {4, 2},
	    {5, ENTRY_UNKNOWN + 1},
	    {5 + BITS_IN, 8},
	    {5 + MODE_IN + 1, 0x10},
	    {5 + MTIME_IN + 3, 0x7f},
	};
	(void)state;
	struct str good = STR_INIT;
	struct journal_outcome o = {
	    .seq = 1, .applied = true, .now = journal_print(1)};
	journal_put_done(&good, &o);
	for (size_t k = 0; k < COUNT_OF(changes); k++) {
		char was = good.p[changes[k].at];
		good.p[changes[k].at] = (char)changes[k].byte;
		assert_not_believed(JOURNAL_DONE, good.p, good.len);
		good.p[changes[k].at] = was;
	}
	for (size_t n = 0; n < good.len; n++)
		assert_not_believed(JOURNAL_DONE, good.p, n);
	str_addc(&good, '\0');
	assert_not_believed(JOURNAL_DONE, good.p, good.len);
	str_free(&good);
}

/* A sealed first record that is none. */
static void
assert_no_begin(int type, const struct str *payload, size_t n)
{
	struct str bytes = STR_INIT;
	struct story s;
	struct err e;
	journal_put_header(&bytes);
	size_t at = journal_open_record(&bytes, (enum journal_type)type);
	str_addn(&bytes, payload->p, n);
	journal_close_record(&bytes, at);
	assert_failed(parse(&s, &bytes, bytes.len, &e), &e, ERR_CORRUPT);
	assert_null(s.arena.chunks);
	str_free(&bytes);
}

static void
test_journal_damage__wrong_begins(void **state)
{
	(void)state;
	struct str good = STR_INIT;
	journal_put_begin(&good, &journal_begin);
	for (size_t n = 0; n < good.len; n++)
		assert_no_begin(JOURNAL_BEGIN, &good, n);
	assert_no_begin(JOURNAL_INTENT, &good, good.len);
	good.p[4] = '\0';
	assert_no_begin(JOURNAL_BEGIN, &good, good.len);
	good.p[4] = journal_begin.run_id[0];
	str_addc(&good, '\0');
	assert_no_begin(JOURNAL_BEGIN, &good, good.len);
	str_free(&good);
}

static void
test_journal_damage__of_another_version(void **state)
{
	struct tempdir *t = *state;
	struct image i;
	struct story s;
	struct err e;
	take_image(&i, t->dir);
	i.bytes.p[8] = JOURNAL_VERSION + 1;
	assert_failed(
	    parse(&s, &i.bytes, i.bytes.len, &e), &e, ERR_UNSUPPORTED);
	str_free(&i.bytes);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, tempdir_setup, tempdir_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_journal_damage__cut_anywhere),
	    TEST(test_journal_damage__any_bit_flipped),
	    TEST(test_journal_damage__bytes_are_settled),
	    TEST(test_journal_damage__rubbish_behind),
	    TEST(test_journal_damage__records_are_chained),
	    TEST(test_journal_damage__wrong_intents),
	    TEST(test_journal_damage__wrong_outcomes),
	    TEST(test_journal_damage__wrong_begins),
	    TEST(test_journal_damage__of_another_version),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
