#include "model/merge/merge_json.h"

#include <string.h>

#include "base/compiler.h"
#include "base/utf8.h"
#include "model/ascii.h"

/* Open objects and arrays. */
enum { DEPTH_MAX = 128 };

static const char *const keys[] = {"ts", "timestamp", "time", "created_at"};

enum { NO_KEY = COUNT_OF(keys) };

struct reader {
	const char *s, *end;
	size_t depth;
	bool array[DEPTH_MAX]; /* what each open level is */
	size_t key; /* of the value to come, if it may hold the time */
	bool found[COUNT_OF(keys)];
	struct merge_time time[COUNT_OF(keys)];
};

/* ---- the letters ---- */

static bool
is_hex(char c)
{
	return ascii_is_digit(c) || (c >= 'a' && c <= 'f') ||
	    (c >= 'A' && c <= 'F');
}

static bool
is_next(const struct reader *r, char c)
{
	return r->s < r->end && *r->s == c;
}

static bool
take(struct reader *r, char c)
{
	bool there = is_next(r, c);
	r->s += there;
	return there;
}

static void
skip_blanks(struct reader *r)
{
	while (is_next(r, ' ') || is_next(r, '\t') || is_next(r, '\r'))
		r->s++;
}

static bool
take_word(struct reader *r, const char *word)
{
	size_t n = strlen(word);
	if ((size_t)(r->end - r->s) < n || memcmp(r->s, word, n) != 0)
		return false;
	r->s += n;
	return true;
}

static bool
take_digits(struct reader *r)
{
	const char *from = r->s;
	while (r->s < r->end && ascii_is_digit(*r->s))
		r->s++;
	return r->s > from;
}

static bool
take_number(struct reader *r)
{
	take(r, '-');
	if (!take(r, '0') && !take_digits(r))
		return false;
	if (take(r, '.') && !take_digits(r))
		return false;
	if (!take(r, 'e') && !take(r, 'E'))
		return true;
	if (!take(r, '+'))
		take(r, '-');
	return take_digits(r);
}

static bool
take_escape(struct reader *r)
{
	r->s++;
	if (take(r, 'u')) {
		for (int i = 0; i < 4; i++)
			if (r->s == r->end || !is_hex(*r->s++))
				return false;
		return true;
	}
	if (r->s == r->end || *r->s == '\0')
		return false;
	return strchr("\"\\/bfnrt", *r->s++) != NULL;
}

/* That the bytes are UTF-8 was seen to before. */
static bool
take_string(struct reader *r)
{
	if (!take(r, '"'))
		return false;
	while (r->s < r->end && *r->s != '"') {
		if ((unsigned char)*r->s < 0x20)
			return false;
		if (*r->s != '\\')
			r->s++;
		else if (!take_escape(r))
			return false;
	}
	return take(r, '"');
}

/* ---- the grammar ---- */

/* A name spelled with escapes is not one any log writes. */
static size_t
key_of(const char *s, size_t n)
{
	size_t key = 0;
	while (key < NO_KEY &&
	    (strlen(keys[key]) != n || memcmp(keys[key], s, n) != 0))
		key++;
	return key;
}

/* "name": of the innermost object. */
static bool
take_key(struct reader *r)
{
	skip_blanks(r);
	const char *from = r->s;
	if (!take_string(r))
		return false;
	size_t n = (size_t)(r->s - from) - 2;
	r->key = r->depth == 1 ? key_of(from + 1, n) : NO_KEY;
	if (r->key != NO_KEY)
		r->found[r->key] = false;
	skip_blanks(r);
	return take(r, ':');
}

/* A string, number or word, and what it says of the time. */
static bool
take_scalar(struct reader *r)
{
	const char *from = r->s;
	struct merge_time time = {.kind = MERGE_TIME_ZONED};
	bool timed = false;
	if (is_next(r, '"')) {
		if (!take_string(r))
			return false;
		timed =
		    merge_time_iso(&time, from + 1, (size_t)(r->s - from) - 2);
	} else if (!take_word(r, "true") && !take_word(r, "false") &&
	    !take_word(r, "null")) {
		if (!take_number(r))
			return false;
		timed = merge_time_number(&time, from, (size_t)(r->s - from));
	}
	if (timed && r->depth == 1 && r->key != NO_KEY) {
		r->found[r->key] = true;
		r->time[r->key] = time;
	}
	return true;
}

static bool
is_end(const struct reader *r)
{
	return is_next(r, r->array[r->depth - 1] ? ']' : '}');
}

/* Everything up to the end of the next scalar or empty object or array. */
static bool
take_down(struct reader *r)
{
	for (;;) {
		skip_blanks(r);
		if (!is_next(r, '{') && !is_next(r, '['))
			return take_scalar(r);
		if (r->depth == DEPTH_MAX)
			return false;
		r->array[r->depth++] = *r->s++ == '[';
		skip_blanks(r);
		if (is_end(r))
			return true;
		if (!r->array[r->depth - 1] && !take_key(r))
			return false;
	}
}

/* The ends behind it, and the comma to the next value: 1; 0: all is closed;
   -1: neither. */
static int
take_up(struct reader *r)
{
	while (r->depth > 0) {
		skip_blanks(r);
		if (is_end(r)) {
			r->s++;
			r->depth--;
			continue;
		}
		if (!take(r, ','))
			return -1;
		return r->array[r->depth - 1] || take_key(r) ? 1 : -1;
	}
	return 0;
}

static bool
take_object(struct reader *r)
{
	skip_blanks(r);
	if (!is_next(r, '{'))
		return false;
	int more = 1;
	while (more == 1)
		more = take_down(r) ? take_up(r) : -1;
	skip_blanks(r);
	return more == 0 && r->s == r->end;
}

bool
merge_json_time(struct merge_time *out, const char *line, size_t n)
{
	struct reader r = {.s = line, .end = line + n};
	if (!utf8_valid(line, n) || !take_object(&r))
		return false;
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		if (!r.found[i])
			continue;
		*out = r.time[i];
		return true;
	}
	return false;
}
