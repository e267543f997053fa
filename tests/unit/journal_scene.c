#include "journal_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "support/tempdir.h"

/* ---- a story ------------------------------------------------------------- */

const struct story_begin journal_begin = {
    .run_id = "20261120T235137Z-1f2e",
    .snapshot_id = "20261120T235137Z-laptop-1f2e",
    .stage = "~coldsync-",
    .roots = {"/home/ada/.app", "/cloud/\xe2\x98\x83"},
    .reason = "sync",
    .backup_dir = "/home/ada/.state/backups",
    .format = "zip",
};

struct fingerprint
journal_print(unsigned i)
{
	return (struct fingerprint){
	    .type = (uint8_t)(i % (ENTRY_UNKNOWN + 1)),
	    .exec = i % 2 == 1,
	    .hashed = i % 3 == 1,
	    .racy = i % 5 == 1,
	    .mode = (uint16_t)((07777 - i) & 07777),
	    .size = UINT64_MAX - i,
	    .ino = 0x0102030405060708u + i,
	    .mtime = {.sec = INT64_MIN + (int)i, .nsec = 999999999 - i},
	    .ctime = {.sec = INT64_MAX - (int)i, .nsec = i},
	    .hash = {.hi = 0xfedcba9876543210u - i, .lo = i},
	};
}

static const struct {
	uint8_t kind, side;
	const char *path, *from;
} rows[] = {
    {INTENT_MKDIR, SIDE_LOCAL, "d", NULL},
    {INTENT_PUT, SIDE_CLOUD, "d/\xff\n", NULL},
    {INTENT_MOVE, SIDE_LOCAL, "d/to", "from/here"},
    {INTENT_REMOVE, SIDE_CLOUD, "x", NULL},
    {INTENT_RMDIR, SIDE_LOCAL, "old", NULL},
};

struct intent
journal_step_intent(uint32_t i)
{
	size_t row = i % COUNT_OF(rows);
	const char *from = rows[row].from;
	return (struct intent){
	    .kind = rows[row].kind,
	    .side = rows[row].side,
	    .seq = i,
	    .unit = UINT32_MAX - i,
	    .path = rows[row].path,
	    .path_len = strlen(rows[row].path),
	    .from = from,
	    .from_len = from != NULL ? strlen(from) : 0,
	    .victim = journal_print(i),
	    .put = journal_print(i + 1),
	    .other = journal_print(i + 2),
	};
}

const struct journal_step journal_steps[JOURNAL_STEPS] = {
    {false, 0, false},
    {false, 1, false},
    {true, 1, true},
    {false, 2, false},
    {true, 0, false},
    {false, 3, false},
    {false, 4, false},
    {true, 3, true},
    {true, 0, true},
};

void
write_journal_step(struct journal *j, const struct journal_step *s)
{
	struct intent i = journal_step_intent(s->seq);
	struct fingerprint now = journal_print(s->seq + 10 + s->applied);
	if (s->done)
		journal_done(j, s->seq, s->applied, &now);
	else
		journal_intend(j, &i);
}

int
write_journal(struct plat_dir *d, size_t n, struct err *e)
{
	struct journal *j;
	if (journal_open(&j, d, &journal_begin, true, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		write_journal_step(j, &journal_steps[i]);
	int rc = journal_sync(j, e);
	journal_close(j);
	return rc;
}

void
must_write_journal(struct plat_dir *d, size_t n)
{
	struct err e;
	assert_done(journal_remove(d, &e), &e);
	assert_done(write_journal(d, n, &e), &e);
}

/* ---- looking ------------------------------------------------------------- */

static void
assert_print(const struct fingerprint *a, const struct fingerprint *b)
{
	assert_int_equal(a->type, b->type);
	assert_int_equal(a->exec, b->exec);
	assert_int_equal(a->hashed, b->hashed);
	assert_int_equal(a->racy, b->racy);
	assert_int_equal(a->mode, b->mode);
	assert_true(a->size == b->size);
	assert_true(a->ino == b->ino);
	assert_int_equal(stamp_cmp(a->mtime, b->mtime), 0);
	assert_int_equal(stamp_cmp(a->ctime, b->ctime), 0);
	assert_true(hash_equal(a->hash, b->hash));
}

void
assert_intent(const struct intent *got, uint32_t seq)
{
	struct intent want = journal_step_intent(seq);
	assert_int_equal(got->kind, want.kind);
	assert_int_equal(got->side, want.side);
	assert_int_equal(got->seq, seq);
	assert_int_equal(got->unit, want.unit);
	assert_int_equal(got->path_len, want.path_len);
	assert_string_equal(got->path, want.path);
	assert_int_equal(got->from_len, want.from_len);
	if (want.from == NULL)
		assert_null(got->from);
	else
		assert_string_equal(got->from, want.from);
	assert_print(&got->victim, &want.victim);
	assert_print(&got->put, &want.put);
	assert_print(&got->other, &want.other);
}

void
assert_story(const struct story *s, size_t n)
{
	size_t intents = 0;
	assert_string_equal(s->begin.run_id, journal_begin.run_id);
	assert_string_equal(s->begin.snapshot_id, journal_begin.snapshot_id);
	assert_string_equal(s->begin.stage, journal_begin.stage);
	assert_string_equal(s->begin.roots[0], journal_begin.roots[0]);
	assert_string_equal(s->begin.roots[1], journal_begin.roots[1]);
	assert_string_equal(s->begin.reason, journal_begin.reason);
	assert_string_equal(s->begin.backup_dir, journal_begin.backup_dir);
	assert_string_equal(s->begin.format, journal_begin.format);
	for (size_t i = 0; i < n; i++)
		intents += !journal_steps[i].done;
	assert_int_equal(s->n, intents);
	for (uint32_t seq = 0; seq < s->n; seq++) {
		const struct journal_step *last = NULL;
		assert_intent(&s->v[seq].intent, seq);
		for (size_t i = 0; i < n; i++) {
			if (journal_steps[i].done &&
			    journal_steps[i].seq == seq)
				last = &journal_steps[i];
		}
		assert_int_equal(s->v[seq].done, last != NULL);
		if (last == NULL)
			continue;
		struct fingerprint now =
		    journal_print(seq + 10 + last->applied);
		assert_int_equal(s->v[seq].applied, last->applied);
		assert_print(&s->v[seq].now, &now);
	}
}

void
assert_journal(struct plat_dir *d, size_t n)
{
	struct story s;
	struct err e;
	assert_done(journal_read(&s, d, &e), &e);
	assert_story(&s, n);
	story_free(&s);
}
