#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "fuzz.h"
#include "store/journal_format.h"

static void
check_text(const char *p, size_t n)
{
	CHECK(path_is_safe(p, n));
	CHECK(strlen(p) == n);
}

static void
check_deed(const struct deed *d, size_t seq)
{
	const struct intent *i = &d->intent;
	CHECK(i->seq == seq);
	CHECK(i->kind <= INTENT_RMDIR && i->side < SIDES);
	check_text(i->path, i->path_len);
	CHECK((i->kind == INTENT_MOVE) == (i->from != NULL));
	if (i->from != NULL)
		check_text(i->from, i->from_len);
	CHECK(i->victim.type <= ENTRY_UNKNOWN);
	CHECK(d->done || !d->applied);
}

/* Returns how many deeds there are, or -1. */
static long
read_one(const unsigned char *bytes, size_t size)
{
	struct story s;
	struct err e;
	long n = -1;
	if (journal_parse(&s, bytes, size, &e) == 0) {
		CHECK(strlen(s.begin.run_id) <= size);
		CHECK(strlen(s.begin.reason) <= size);
		for (size_t i = 0; i < s.n; i++)
			check_deed(&s.v[i], i);
		n = (long)s.n;
	}
	story_free(&s);
	return n;
}

/* No input would ever hit the right checksums: they are put right, record by
   record, so that what lies behind them is tried too. */
static void
seal(unsigned char *bytes, size_t size)
{
	struct str header = STR_INIT;
	journal_put_header(&header);
	memcpy(bytes, header.p, JOURNAL_HEADER_SIZE);
	str_free(&header);
	size_t at = JOURNAL_HEADER_SIZE;
	while (size - at >= JOURNAL_FRONT_SIZE + JOURNAL_SUM_SIZE) {
		size_t room = size - at - JOURNAL_FRONT_SIZE - JOURNAL_SUM_SIZE;
		size_t payload = bytes[at] | (size_t)bytes[at + 1] << 8;
		payload = payload < room ? payload : room;
		bytes[at] = (unsigned char)payload;
		bytes[at + 1] = (unsigned char)(payload >> 8);
		bytes[at + 2] = bytes[at + 3] = 0;
		size_t n = JOURNAL_FRONT_SIZE + payload;
		hash_put(bytes + at + n,
		    hash_of(
			bytes + at - JOURNAL_LINK_SIZE, JOURNAL_LINK_SIZE + n));
		at += n + JOURNAL_SUM_SIZE;
	}
}

/* The input: a journal file. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	read_one(data, size);
	if (size < JOURNAL_HEADER_SIZE)
		return 0;
	unsigned char *bytes = mem_alloc(size);
	memcpy(bytes, data, size);
	seal(bytes, size);
	long n = read_one(bytes, size);
	/* Less of it never tells more. */
	CHECK(read_one(bytes, size - 1) <= n);
	free(bytes);
	return 0;
}
