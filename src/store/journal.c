#include "store/journal.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/afile.h"
#include "store/journal_format.h"

/* More than this is written before anybody asks, though not synced. */
enum { BUFFER_SIZE = 1 << 18 };

/* All of a record that is neither a path nor the text of a begin. */
enum { RECORD_MAX = 1024 };

struct journal {
	struct plat_file file;
	bool durable;
	bool unsynced;     /* written since the last sync */
	bool failed;       /* err says why; nothing is written any more */
	uint32_t next_seq; /* of the next intent */
	uint64_t written;  /* bytes in the file */
	/* The last JOURNAL_LINK_SIZE bytes in the file, which the next checksum
	   covers, and behind them what is to be written. */
	struct str buffer;
	struct err err;
};

/* ---- opening ---- */

static int
check_none(struct plat_dir *state, struct err *e)
{
	struct plat_stat st;
	int rc = plat_stat(&st, state, JOURNAL_NAME, e);
	if (rc == 0)
		return err_set(e, ERR_EXISTS, "there is one of an earlier run");
	return rc < 0 ? -1 : 0;
}

/* A journal has its name only with a begin record in it: a crash in the midst
   of this leaves none. */
static int
make_file(struct plat_file *out, struct plat_dir *state,
    const struct str *content, bool durable, struct err *e)
{
	if (afile_replace(state, JOURNAL_NAME, content->p, content->len,
		durable, e) == 0 &&
	    plat_append(out, state, JOURNAL_NAME, e) == 0)
		return 0;
	(void)plat_unlink(state, JOURNAL_NAME, NULL);
	return -1;
}

/* What the buffer holds is in the file now. */
static void
keep_link(struct journal *j)
{
	struct str *b = &j->buffer;
	memmove(b->p, b->p + b->len - JOURNAL_LINK_SIZE, JOURNAL_LINK_SIZE);
	str_cut(b, JOURNAL_LINK_SIZE);
}

int
journal_open(struct journal **out, struct plat_dir *state,
    const struct story_begin *begin, bool durable, struct err *e)
{
	struct str content = STR_INIT;
	struct plat_file file = PLAT_FILE_NONE;
	journal_put_header(&content);
	size_t at = journal_open_record(&content, JOURNAL_BEGIN);
	journal_put_begin(&content, begin);
	journal_close_record(&content, at);
	if (check_none(state, e) < 0 ||
	    make_file(&file, state, &content, durable, e) < 0) {
		str_free(&content);
		return err_wrap(e, "begin the journal");
	}
	struct journal *j = mem_zero(1, sizeof(*j));
	j->file = file;
	j->durable = durable;
	j->written = content.len;
	j->buffer = content;
	keep_link(j);
	*out = j;
	return 0;
}

/* ---- writing ---- */

static void
flush(struct journal *j)
{
	size_t n = j->buffer.len - JOURNAL_LINK_SIZE;
	if (j->failed || n == 0)
		return;
	/* A write cut short leaves a torn record. Nothing may follow it: it
	   would never be read. */
	if (plat_write(j->file, j->buffer.p + JOURNAL_LINK_SIZE, n, &j->err) <
	    0) {
		j->failed = true;
		return;
	}
	j->written += n;
	j->unsynced = true;
	keep_link(j);
}

/* Is there room for a record with *n* bytes of paths in it? */
static bool
has_room(struct journal *j, uint64_t n)
{
	uint64_t used = j->written + j->buffer.len + RECORD_MAX;
	bool room = used <= JOURNAL_SIZE_MAX && n <= JOURNAL_SIZE_MAX - used;
	if (!j->failed && !room) {
		err_set(&j->err, ERR_NOSPACE, "it is full");
		j->failed = true;
	}
	return !j->failed;
}

static void
refuse(struct journal *j, const char *what)
{
	err_set(&j->err, ERR_CORRUPT, "%s that cannot be journalled", what);
	j->failed = true;
}

static void
add(struct journal *j, size_t at)
{
	journal_close_record(&j->buffer, at);
	if (j->buffer.len >= BUFFER_SIZE)
		flush(j);
}

void
journal_intend(struct journal *j, const struct intent *i)
{
	if (!has_room(j, (uint64_t)i->path_len + i->from_len))
		return;
	if (i->seq != j->next_seq || !journal_intent_is_valid(i)) {
		refuse(j, "an intent");
		return;
	}
	j->next_seq++;
	size_t at = journal_open_record(&j->buffer, JOURNAL_INTENT);
	journal_put_intent(&j->buffer, i);
	add(j, at);
}

void
journal_done(struct journal *j, uint32_t seq, bool applied,
    const struct fingerprint *now)
{
	if (!has_room(j, 0))
		return;
	if (seq >= j->next_seq || !journal_fingerprint_is_valid(now)) {
		refuse(j, "an outcome");
		return;
	}
	struct journal_outcome o = {
	    .seq = seq, .applied = applied, .now = *now};
	size_t at = journal_open_record(&j->buffer, JOURNAL_DONE);
	journal_put_done(&j->buffer, &o);
	add(j, at);
}

int
journal_sync(struct journal *j, struct err *e)
{
	flush(j);
	if (!j->failed && j->durable && j->unsynced)
		j->failed = plat_file_sync(j->file, &j->err) < 0;
	if (j->failed) {
		if (e != NULL)
			*e = j->err;
		return err_wrap(e, "journal");
	}
	j->unsynced = false;
	return 0;
}

void
journal_close(struct journal *j)
{
	if (j == NULL)
		return;
	flush(j);
	(void)plat_close(&j->file, NULL);
	str_free(&j->buffer);
	free(j);
}

int
journal_remove(struct plat_dir *state, struct err *e)
{
	int rc = plat_unlink(state, JOURNAL_NAME, e);
	/* Were it to come back after a power cut, a run long over would be
	   recovered into trees that have moved on. */
	if (rc == 0)
		rc = plat_dir_sync(state, e);
	return rc < 0 ? err_wrap(e, "remove the journal") : 0;
}
