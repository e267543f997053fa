/*
 * journal_read.c - the story a run left behind.
 */
#include <string.h>

#include "store/journal.h"
#include "store/journal_format.h"

static int
check_header(const unsigned char *bytes, size_t size, struct err *e)
{
	struct str ours = STR_INIT;
	journal_put_header(&ours);
	bool known = size >= JOURNAL_HEADER_SIZE &&
	    memcmp(bytes, ours.p, JOURNAL_HEADER_SIZE) == 0;
	str_free(&ours);
	if (known)
		return 0;
	/* The version follows the magic; any other one than ours is newer. */
	if (size >= JOURNAL_HEADER_SIZE && memcmp(bytes, JOURNAL_MAGIC, 8) == 0)
		return err_set(e, ERR_UNSUPPORTED,
		    "of another version of coldsync, or damaged");
	return err_set(e, ERR_CORRUPT, "not a journal, or damaged");
}

static int
add_intent(struct story *s, const struct journal_record *r)
{
	struct intent i;
	if (journal_get_intent(&i, &s->arena, r->payload, r->n) < 0 ||
	    i.seq != s->n)
		return -1;
	story_add(s, &i);
	return 0;
}

static int
add_outcome(struct story *s, const struct journal_record *r)
{
	struct journal_outcome o;
	if (journal_get_done(&o, r->payload, r->n) < 0 || o.seq >= s->n)
		return -1;
	struct deed *d = &s->v[o.seq];
	d->done = true;
	d->applied = o.applied;
	d->now = o.now;
	return 0;
}

/* -1: not a record a run writes behind the first. */
static int
add_record(struct story *s, const struct journal_record *r)
{
	switch (r->type) {
	case JOURNAL_INTENT:
		return add_intent(s, r);
	case JOURNAL_DONE:
		return add_outcome(s, r);
	case JOURNAL_BEGIN:
		break;
	}
	return -1;
}

static int
get_begin(struct story *s, struct journal_record *r, const unsigned char *bytes,
    size_t size)
{
	if (!journal_get_record(r, bytes, size, JOURNAL_HEADER_SIZE) ||
	    r->type != JOURNAL_BEGIN)
		return -1;
	return journal_get_begin(&s->begin, &s->arena, r->payload, r->n);
}

int
journal_parse(
    struct story *out, const unsigned char *bytes, size_t size, struct err *e)
{
	struct journal_record r;
	*out = (struct story){.arena = ARENA_INIT};
	if (check_header(bytes, size, e) < 0)
		return -1;
	if (get_begin(out, &r, bytes, size) < 0) {
		story_free(out);
		return err_set(e, ERR_CORRUPT, "its first record is damaged");
	}
	/* What does not match is the torn tail of a crash, or damage: either
	   way nothing behind it can be believed. */
	while (journal_get_record(&r, bytes, size, r.end)) {
		if (add_record(out, &r) < 0)
			break;
	}
	return 0;
}

int
journal_read(struct story *out, struct plat_dir *state, struct err *e)
{
	struct plat_file f;
	const void *bytes;
	size_t size;
	*out = (struct story){.arena = ARENA_INIT};
	int rc = plat_open(&f, state, JOURNAL_NAME, e);
	if (rc != 0)
		return rc;
	rc = plat_map(&bytes, &size, f, e);
	(void)plat_close(&f, NULL);
	if (rc < 0)
		return err_wrap(e, "'%s'", JOURNAL_NAME);
	if (size == 0)
		return 1;
	rc = journal_parse(
	    out, bytes, size < JOURNAL_SIZE_MAX ? size : JOURNAL_SIZE_MAX, e);
	plat_unmap(bytes, size);
	return rc < 0 ? err_wrap(e, "'%s'", JOURNAL_NAME) : 0;
}
