#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "faults.h"
#include "journal_scene.h"
#include "store/journal_format.h"
#include "support/tempdir.h"

/* ---- as it should be ----------------------------------------------------- */

static void
test_journal__round_trip(void **state)
{
	struct tempdir *t = *state;
	for (size_t n = 0; n <= JOURNAL_STEPS; n++) {
		must_write_journal(t->dir, n);
		assert_journal(t->dir, n);
		assert_false(has(t->dir, "journal.new"));
	}
}

static void
test_journal__synced_step_by_step(void **state)
{
	struct tempdir *t = *state;
	struct journal *j;
	struct err e;
	for (int durable = 0; durable < 2; durable++) {
		assert_done(journal_remove(t->dir, &e), &e);
		assert_done(
		    journal_open(&j, t->dir, &journal_begin, durable, &e), &e);
		assert_journal(t->dir, 0);
		for (size_t i = 0; i < JOURNAL_STEPS; i++) {
			write_journal_step(j, &journal_steps[i]);
			assert_journal(t->dir, i);
			assert_done(journal_sync(j, &e), &e);
			assert_done(journal_sync(j, &e), &e);
			assert_journal(t->dir, i + 1);
		}
		journal_close(j);
	}
}

/* Closing writes what is left; and many records do not pile up in memory. */
static void
test_journal__writes_by_itself(void **state)
{
	struct tempdir *t = *state;
	struct journal *j;
	struct story s;
	struct plat_stat st;
	struct err e;
	assert_done(journal_open(&j, t->dir, &journal_begin, false, &e), &e);
	for (uint32_t i = 0; i < 5000; i++) {
		struct intent in = journal_step_intent(i);
		journal_intend(j, &in);
	}
	assert_done(plat_stat(&st, t->dir, JOURNAL_NAME, &e), &e);
	assert_in_range(st.size, 1000000, 1200000);
	journal_close(j);
	assert_done(journal_read(&s, t->dir, &e), &e);
	assert_int_equal(s.n, 5000);
	for (uint32_t i = 0; i < s.n; i++)
		assert_intent(&s.v[i].intent, i);
	story_free(&s);
	journal_close(NULL);
}

static void
test_journal__one_at_a_time(void **state)
{
	struct tempdir *t = *state;
	struct journal *j;
	struct err e;
	must_write_journal(t->dir, 2);
	assert_failed(
	    journal_open(&j, t->dir, &journal_begin, true, &e), &e, ERR_EXISTS);
	assert_journal(t->dir, 2);
	assert_done(journal_remove(t->dir, &e), &e);
	assert_false(has(t->dir, JOURNAL_NAME));
	assert_done(journal_remove(t->dir, &e), &e);
	assert_done(journal_open(&j, t->dir, &journal_begin, true, &e), &e);
	journal_close(j);
	assert_journal(t->dir, 0);
}

static void
test_journal__none(void **state)
{
	struct tempdir *t = *state;
	struct story s;
	struct err e;
	assert_int_equal(journal_read(&s, t->dir, &e), 1);
	story_free(&s);
	put_file(t->dir, JOURNAL_NAME, "");
	assert_int_equal(journal_read(&s, t->dir, &e), 1);
	story_free(&s);
}

static void
test_journal__something_else(void **state)
{
	struct tempdir *t = *state;
	struct story s;
	struct journal *j;
	struct err e;
	put_file(t->dir, JOURNAL_NAME, "dear diary, today I synced nothing");
	assert_failed(journal_read(&s, t->dir, &e), &e, ERR_CORRUPT);
	story_free(&s);
	assert_done(plat_unlink(t->dir, JOURNAL_NAME, &e), &e);
	put_dir(t->dir, JOURNAL_NAME);
	assert_failed(journal_read(&s, t->dir, &e), &e, ERR_TYPE);
	assert_failed(
	    journal_open(&j, t->dir, &journal_begin, true, &e), &e, ERR_EXISTS);
	assert_failed(journal_remove(t->dir, &e), &e, ERR_TYPE);
	assert_done(plat_rmdir(t->dir, JOURNAL_NAME, &e), &e);
	must_write_journal(t->dir, 1);
	assert_int_equal(
	    plat_move(t->dir, JOURNAL_NAME, t->dir, "elsewhere", &e), 0);
	if (put_link(t->dir, JOURNAL_NAME, "elsewhere"))
		assert_failed(journal_read(&s, t->dir, &e), &e, ERR_TYPE);
}

/* How many of the steps *s* tells; it tells just those. */
static size_t
steps_told(const struct story *s)
{
	size_t n = 0, intents = 0;
	while (n < JOURNAL_STEPS && intents + !journal_steps[n].done <= s->n) {
		const struct journal_step *st = &journal_steps[n];
		if (st->done) {
			const struct deed *d = &s->v[st->seq];
			if (!d->done ||
			    (d->applied != st->applied &&
				n + 1 == JOURNAL_STEPS))
				break;
		}
		intents += !st->done;
		n++;
	}
	return n;
}

/* ---- writing ------------------------------------------------------------- */

static void
intend_seq(struct journal *j)
{
	struct intent i = journal_step_intent(3);
	journal_intend(j, &i);
}

static void
intend_kind(struct journal *j)
{
	struct intent i = journal_step_intent(2);
	i.kind = INTENT_AGREE;
	journal_intend(j, &i);
}

static void
intend_path(struct journal *j)
{
	struct intent i = journal_step_intent(2);
	i.path = "d/..";
	journal_intend(j, &i);
}

static void
intend_from(struct journal *j)
{
	struct intent i = journal_step_intent(2);
	i.from_len = 0;
	journal_intend(j, &i);
}

static void
intend_time(struct journal *j)
{
	struct intent i = journal_step_intent(2);
	i.other.ctime.nsec = 1000000000;
	journal_intend(j, &i);
}

static void
intend_too_much(struct journal *j)
{
	struct intent i = journal_step_intent(2);
	/* Refused for its length alone: there is no such path here. */
	i.path_len = JOURNAL_SIZE_MAX;
	journal_intend(j, &i);
}

static void
done_unknown(struct journal *j)
{
	struct fingerprint now = journal_print(0);
	journal_done(j, 2, true, &now);
}

static void
done_type(struct journal *j)
{
	struct fingerprint now = journal_print(0);
	now.type = ENTRY_UNKNOWN + 1;
	journal_done(j, 1, true, &now);
}

/* What could not be read back is not written, and nothing follows it. */
static void
test_journal__refuses(void **state)
{
	static const struct {
		void (*write)(struct journal *j);
		enum err_code code;
	} wrongs[] = {
	    {intend_seq, ERR_CORRUPT},
	    {intend_kind, ERR_CORRUPT},
	    {intend_path, ERR_CORRUPT},
	    {intend_from, ERR_CORRUPT},
	    {intend_time, ERR_CORRUPT},
	    {intend_too_much, ERR_NOSPACE},
	    {done_unknown, ERR_CORRUPT},
	    {done_type, ERR_CORRUPT},
	};
	struct tempdir *t = *state;
	for (size_t k = 0; k < COUNT_OF(wrongs); k++) {
		struct journal *j;
		struct err e;
		struct intent next = journal_step_intent(2);
		struct fingerprint now = journal_print(1);
		assert_done(journal_remove(t->dir, &e), &e);
		assert_done(
		    journal_open(&j, t->dir, &journal_begin, true, &e), &e);
		write_journal_step(j, &journal_steps[0]);
		write_journal_step(j, &journal_steps[1]);
		assert_done(journal_sync(j, &e), &e);
		wrongs[k].write(j);
		journal_intend(j, &next);
		journal_done(j, 1, true, &now);
		for (int again = 0; again < 2; again++)
			assert_failed(journal_sync(j, &e), &e, wrongs[k].code);
		journal_close(j);
		assert_journal(t->dir, 2);
	}
}

/* Intents are on the disk before their batch begins, and nothing is synced
   for nothing. */
static void
test_journal__order_of_calls(void **state)
{
	static const char *const opening[] = {
	    "unlink create write close replace append ",
	    "unlink create write file_sync close replace dir_sync append ",
	};
	static const char *const syncing[] = {"write ", "write file_sync "};
	struct tempdir *t = *state;
	struct err e;
	for (int durable = 0; durable < 2; durable++) {
		struct journal *j;
		fault_none();
		assert_done(
		    journal_open(&j, t->dir, &journal_begin, durable == 1, &e),
		    &e);
		assert_string_equal(fault_calls(), opening[durable]);
		write_journal_step(j, &journal_steps[0]);
		write_journal_step(j, &journal_steps[1]);
		fault_none();
		assert_done(journal_sync(j, &e), &e);
		assert_string_equal(fault_calls(), syncing[durable]);
		fault_none();
		assert_done(journal_sync(j, &e), &e);
		assert_string_equal(fault_calls(), "");
		journal_close(j);
		fault_none();
		assert_done(journal_remove(t->dir, &e), &e);
		assert_string_equal(fault_calls(), "unlink dir_sync ");
		assert_false(fault_over());
	}
}

/* Whatever fails: either no journal, or one that tells a prefix. */
static void
test_journal__writing_fails(void **state)
{
	struct tempdir *t = *state;
	struct story s;
	struct err e;
	unsigned n = 0, begun = 0;
	for (;; n++) {
		assert_done(journal_remove(t->dir, &e), &e);
		fault_one(n);
		int rc = write_journal(t->dir, JOURNAL_STEPS, &e);
		if (!fault_over())
			break;
		/* The last call, journal_close's, reports to nobody. */
		if (rc == 0)
			continue;
		assert_failed(rc, &e, ERR_NOSPACE);
		assert_false(has(t->dir, "journal.new"));
		assert_null(strstr(strchr(fault_calls(), '!'), "write"));
		rc = journal_read(&s, t->dir, &e);
		begun += rc == 0;
		if (rc == 0)
			assert_story(&s, steps_told(&s));
		else
			assert_int_equal(rc, 1);
		story_free(&s);
	}
	assert_journal(t->dir, JOURNAL_STEPS);
	assert_true(n >= 9);
	assert_int_equal(begun, 2);
}

static void
test_journal__dies_anywhere(void **state)
{
	struct tempdir *t = *state;
	struct story s;
	struct err e;
	unsigned n = 0;
	for (;; n++) {
		assert_done(journal_remove(t->dir, &e), &e);
		fault_all(n);
		write_journal(t->dir, JOURNAL_STEPS, &e);
		if (!fault_over())
			break;
		int rc = journal_read(&s, t->dir, &e);
		if (rc == 0)
			assert_story(&s, steps_told(&s));
		else
			assert_int_equal(rc, 1);
		story_free(&s);
		must_write_journal(t->dir, 1);
		assert_journal(t->dir, 1);
		assert_false(has(t->dir, "journal.new"));
	}
	assert_true(n >= 9);
}

static void
test_journal__reading_fails(void **state)
{
	struct tempdir *t = *state;
	struct story s;
	struct err e;
	must_write_journal(t->dir, 3);
	for (unsigned n = 0; n < 2; n++) {
		fault_one(n);
		assert_failed(journal_read(&s, t->dir, &e), &e, ERR_NOSPACE);
		assert_true(fault_over());
		story_free(&s);
	}
	fault_one(0);
	assert_failed(journal_remove(t->dir, &e), &e, ERR_NOSPACE);
	assert_true(fault_over());
	assert_journal(t->dir, 3);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, tempdir_setup, tempdir_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_journal__round_trip),
	    TEST(test_journal__synced_step_by_step),
	    TEST(test_journal__writes_by_itself),
	    TEST(test_journal__one_at_a_time),
	    TEST(test_journal__none),
	    TEST(test_journal__something_else),
	    TEST(test_journal__refuses),
	    TEST(test_journal__order_of_calls),
	    TEST(test_journal__writing_fails),
	    TEST(test_journal__dies_anywhere),
	    TEST(test_journal__reading_fails),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
