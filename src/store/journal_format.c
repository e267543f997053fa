#include "store/journal_format.h"

#include <string.h>

#include "base/path.h"

/* ---- numbers ---- */

/* Returns what follows. */
static unsigned char *
write_number(unsigned char *p, uint64_t v, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++) {
		*p++ = (unsigned char)v;
		v >>= 8;
	}
	return p;
}

static void
put_number(struct str *out, uint64_t v, size_t bytes)
{
	unsigned char buf[8];
	write_number(buf, v, bytes);
	str_addn(out, buf, bytes);
}

static uint64_t
number_at(const unsigned char *p, size_t bytes)
{
	uint64_t v = 0;
	while (bytes-- > 0)
		v = v << 8 | p[bytes];
	return v;
}

/* What is still to be read of a payload. Having asked for more than there is
   sticks, and gives zeros. */
struct cursor {
	const unsigned char *p;
	size_t left;
	bool failed;
};

static const unsigned char *
take(struct cursor *c, size_t n)
{
	if (c->failed || n > c->left) {
		c->failed = true;
		return NULL;
	}
	const unsigned char *p = c->p;
	c->p += n;
	c->left -= n;
	return p;
}

static uint64_t
get_number(struct cursor *c, size_t bytes)
{
	const unsigned char *p = take(c, bytes);
	return p != NULL ? number_at(p, bytes) : 0;
}

static bool
is_over(const struct cursor *c)
{
	return !c->failed && c->left == 0;
}

/* ---- begin ---- */

enum { BEGIN_TEXTS = 8 };

void
journal_put_header(struct str *out)
{
	str_addn(out, JOURNAL_MAGIC, 8);
	put_number(out, JOURNAL_VERSION, 4);
	put_number(out, 0, 4);
}

void
journal_put_begin(struct str *out, const struct story_begin *b)
{
	const char *const texts[BEGIN_TEXTS] = {b->run_id, b->snapshot_id,
	    b->stage, b->roots[SIDE_LOCAL], b->roots[SIDE_CLOUD], b->reason,
	    b->backup_dir, b->format};
	for (size_t i = 0; i < BEGIN_TEXTS; i++) {
		put_number(out, strlen(texts[i]), 4);
		str_add(out, texts[i]);
	}
	if (b->whole > 0)
		put_number(out, b->whole, 4);
}

int
journal_get_begin(
    struct story_begin *out, struct arena *a, const unsigned char *p, size_t n)
{
	const char **const texts[BEGIN_TEXTS] = {&out->run_id,
	    &out->snapshot_id, &out->stage, &out->roots[SIDE_LOCAL],
	    &out->roots[SIDE_CLOUD], &out->reason, &out->backup_dir,
	    &out->format};
	struct cursor c = {.p = p, .left = n};
	for (size_t i = 0; i < BEGIN_TEXTS; i++) {
		size_t len = (size_t)get_number(&c, 4);
		const unsigned char *text = take(&c, len);
		if (text == NULL || memchr(text, '\0', len) != NULL)
			return -1;
		*texts[i] = arena_copy(a, text, len);
	}
	out->whole = is_over(&c) ? 0 : (uint32_t)get_number(&c, 4);
	return is_over(&c) ? 0 : -1;
}

/* ---- fingerprints ---- */

enum { FINGERPRINT_SIZE = 60 };
enum { BIT_EXEC = 1, BIT_HASHED = 2, BIT_RACY = 4, BITS = 7 };

static void
put_fingerprint(struct str *out, const struct fingerprint *f)
{
	unsigned char buf[FINGERPRINT_SIZE], *p = buf;
	unsigned bits = (f->exec ? BIT_EXEC : 0u) |
	    (f->hashed ? BIT_HASHED : 0u) | (f->racy ? BIT_RACY : 0u);
	p = write_number(p, f->type, 1);
	p = write_number(p, bits, 1);
	p = write_number(p, f->mode, 2);
	p = write_number(p, f->mtime.nsec, 4);
	p = write_number(p, f->ctime.nsec, 4);
	p = write_number(p, (uint64_t)f->mtime.sec, 8);
	p = write_number(p, (uint64_t)f->ctime.sec, 8);
	p = write_number(p, f->size, 8);
	p = write_number(p, f->ino, 8);
	p = write_number(p, f->hash.hi, 8);
	write_number(p, f->hash.lo, 8);
	str_addn(out, buf, sizeof(buf));
}

static void
get_fingerprint(struct fingerprint *out, struct cursor *c)
{
	out->type = (uint8_t)get_number(c, 1);
	unsigned bits = (unsigned)get_number(c, 1);
	if (bits > BITS)
		c->failed = true;
	out->exec = (bits & BIT_EXEC) != 0;
	out->hashed = (bits & BIT_HASHED) != 0;
	out->racy = (bits & BIT_RACY) != 0;
	out->mode = (uint16_t)get_number(c, 2);
	out->mtime.nsec = (uint32_t)get_number(c, 4);
	out->ctime.nsec = (uint32_t)get_number(c, 4);
	out->mtime.sec = (int64_t)get_number(c, 8);
	out->ctime.sec = (int64_t)get_number(c, 8);
	out->size = get_number(c, 8);
	out->ino = get_number(c, 8);
	out->hash.hi = get_number(c, 8);
	out->hash.lo = get_number(c, 8);
}

bool
journal_fingerprint_is_valid(const struct fingerprint *f)
{
	return f->type <= ENTRY_UNKNOWN && f->mode <= 07777 &&
	    f->mtime.nsec < 1000000000 && f->ctime.nsec < 1000000000;
}

/* ---- intents ---- */

void
journal_put_intent(struct str *out, const struct intent *i)
{
	put_number(out, i->seq, 4);
	put_number(out, i->unit, 4);
	put_number(out, i->kind, 1);
	put_number(out, i->side, 1);
	put_number(out, i->path_len, 4);
	put_number(out, i->from_len, 4);
	put_fingerprint(out, &i->victim);
	put_fingerprint(out, &i->put);
	put_fingerprint(out, &i->other);
	str_addn(out, i->path, i->path_len);
	str_addn(out, i->from, i->from_len);
}

bool
journal_intent_is_valid(const struct intent *i)
{
	bool from_fits = i->kind == INTENT_MOVE
	    ? path_is_safe(i->from, i->from_len)
	    : i->from_len == 0;
	return i->kind <= INTENT_RMDIR && i->side < SIDES && from_fits &&
	    path_is_safe(i->path, i->path_len) &&
	    journal_fingerprint_is_valid(&i->victim) &&
	    journal_fingerprint_is_valid(&i->put) &&
	    journal_fingerprint_is_valid(&i->other);
}

int
journal_get_intent(
    struct intent *out, struct arena *a, const unsigned char *p, size_t n)
{
	struct cursor c = {.p = p, .left = n};
	out->seq = (uint32_t)get_number(&c, 4);
	out->unit = (uint32_t)get_number(&c, 4);
	out->kind = (uint8_t)get_number(&c, 1);
	out->side = (uint8_t)get_number(&c, 1);
	out->path_len = (size_t)get_number(&c, 4);
	out->from_len = (size_t)get_number(&c, 4);
	get_fingerprint(&out->victim, &c);
	get_fingerprint(&out->put, &c);
	get_fingerprint(&out->other, &c);
	out->path = (const char *)take(&c, out->path_len);
	out->from = (const char *)take(&c, out->from_len);
	/* Nothing is copied before all of it has been checked. */
	if (!is_over(&c) || !journal_intent_is_valid(out))
		return -1;
	out->path = arena_copy(a, out->path, out->path_len);
	out->from =
	    out->from_len > 0 ? arena_copy(a, out->from, out->from_len) : NULL;
	return 0;
}

/* ---- outcomes ---- */

void
journal_put_done(struct str *out, const struct journal_outcome *o)
{
	put_number(out, o->seq, 4);
	put_number(out, o->applied, 1);
	put_fingerprint(out, &o->now);
}

int
journal_get_done(struct journal_outcome *out, const unsigned char *p, size_t n)
{
	struct cursor c = {.p = p, .left = n};
	out->seq = (uint32_t)get_number(&c, 4);
	uint64_t applied = get_number(&c, 1);
	out->applied = applied != 0;
	get_fingerprint(&out->now, &c);
	if (!is_over(&c) || applied > 1 ||
	    !journal_fingerprint_is_valid(&out->now))
		return -1;
	return 0;
}

/* ---- records ---- */

size_t
journal_open_record(struct str *out, enum journal_type type)
{
	size_t at = out->len;
	put_number(out, 0, 4);
	put_number(out, (uint64_t)type, 1);
	return at;
}

/* The checksum of the record that is *n* bytes long up to it. */
static struct hash
sum_of(const unsigned char *record, size_t n)
{
	return hash_of(record - JOURNAL_LINK_SIZE, JOURNAL_LINK_SIZE + n);
}

void
journal_close_record(struct str *out, size_t at)
{
	unsigned char sum[JOURNAL_SUM_SIZE];
	size_t n = out->len - at;
	size_t payload = n - JOURNAL_FRONT_SIZE;
	for (size_t i = 0; i < 4; i++)
		out->p[at + i] = (char)(unsigned char)(payload >> 8 * i);
	hash_put(sum, sum_of((const unsigned char *)out->p + at, n));
	str_addn(out, sum, sizeof(sum));
}

bool
journal_get_record(struct journal_record *out, const unsigned char *bytes,
    size_t size, size_t at)
{
	size_t left = size - at;
	if (left < JOURNAL_FRONT_SIZE + JOURNAL_SUM_SIZE)
		return false;
	left -= JOURNAL_FRONT_SIZE + JOURNAL_SUM_SIZE;
	const unsigned char *record = bytes + at;
	uint64_t payload = number_at(record, 4);
	if (payload > left)
		return false;
	out->type = (enum journal_type)record[4];
	out->payload = record + JOURNAL_FRONT_SIZE;
	out->n = (size_t)payload;
	size_t n = JOURNAL_FRONT_SIZE + out->n;
	out->end = at + n + JOURNAL_SUM_SIZE;
	return hash_equal(sum_of(record, n), hash_get(record + n));
}
