#include "base/json_read.h"

#include <assert.h>
#include <string.h>

#include "base/utf8.h"

static int
broken(struct json_read *r, struct err *e, const char *what)
{
	r->failed = true;
	return err_set(e, ERR_CORRUPT, "JSON: %s", what);
}

/* ---- bytes --------------------------------------------------------------- */

enum { NOTHING = -1, FAILED = -2 };

/* The next byte, which stays; NOTHING at the end, FAILED with *e* filled. */
static int
peek(struct json_read *r, struct err *e)
{
	if (r->failed) {
		(void)broken(r, e, "it is broken");
		return FAILED;
	}
	if (r->at == r->end) {
		size_t got = 0;
		if (r->fill != NULL &&
		    r->fill(r->arg, r->buffer, sizeof(r->buffer), &got, e) !=
			0) {
			r->failed = true;
			return FAILED;
		}
		r->at = r->buffer;
		r->end = r->buffer + got;
		if (got == 0)
			return NOTHING;
	}
	return (unsigned char)*r->at;
}

static void
take(struct json_read *r)
{
	r->at++;
}

/* Past blanks. */
static int
peek_token(struct json_read *r, struct err *e)
{
	int c = peek(r, e);
	while (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
		take(r);
		c = peek(r, e);
	}
	return c;
}

static int
unexpected(struct json_read *r, int c, struct err *e)
{
	if (c == FAILED)
		return -1;
	return broken(
	    r, e, c == NOTHING ? "it ends too early" : "it is malformed");
}

static int
expect(struct json_read *r, const char *word, struct err *e)
{
	for (; *word != '\0'; word++) {
		int c = peek(r, e);
		if (c != *word)
			return unexpected(r, c, e);
		take(r);
	}
	return 0;
}

/* ---- strings ------------------------------------------------------------- */

static int
read_hex4(int32_t *out, struct json_read *r, struct err *e)
{
	*out = 0;
	for (int i = 0; i < 4; i++) {
		int c = peek(r, e);
		int digit = c >= '0' && c <= '9' ? c - '0'
		    : c >= 'a' && c <= 'f'       ? c - 'a' + 10
		    : c >= 'A' && c <= 'F'       ? c - 'A' + 10
						 : -1;
		if (digit < 0)
			return unexpected(r, c, e);
		*out = *out * 16 + digit;
		take(r);
	}
	return 0;
}

/* Behind "\u". Half a pair is no character. */
static int
read_unicode(struct str *out, struct json_read *r, struct err *e)
{
	int32_t cp, low;
	char bytes[4];
	if (read_hex4(&cp, r, e) != 0)
		return -1;
	if (cp >= 0xDC00 && cp <= 0xDFFF)
		return broken(r, e, "half a character");
	if (cp >= 0xD800 && cp <= 0xDBFF) {
		if (expect(r, "\\u", e) != 0 || read_hex4(&low, r, e) != 0)
			return -1;
		if (low < 0xDC00 || low > 0xDFFF)
			return broken(r, e, "half a character");
		cp = 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
	}
	str_addn(out, bytes, utf8_put(bytes, cp));
	return 0;
}

static int
read_escape(struct str *out, struct json_read *r, struct err *e)
{
	static const char names[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
	int c = peek(r, e);
	if (c == 'u') {
		take(r);
		return read_unicode(out, r, e);
	}
	const char *found = c > 0 ? strchr(names, c) : NULL;
	if (found == NULL)
		return unexpected(r, c, e);
	str_addc(out, means[found - names]);
	take(r);
	return 0;
}

/* What needs no second look, as far as the present piece goes. */
static void
read_plain(struct str *out, struct json_read *r)
{
	const char *p = r->at;
	while (
	    p < r->end && (unsigned char)*p >= 0x20 && *p != '"' && *p != '\\')
		p++;
	str_addn(out, r->at, (size_t)(p - r->at));
	r->at = p;
}

static int
read_text(struct str *out, struct json_read *r, struct err *e)
{
	str_clear(out);
	if (expect(r, "\"", e) != 0)
		return -1;
	for (;;) {
		int c = peek(r, e);
		if (c < 0x20)
			return unexpected(r, c, e);
		if (c == '"')
			break;
		if (c != '\\') {
			read_plain(out, r);
		} else {
			take(r);
			if (read_escape(out, r, e) != 0)
				return -1;
		}
		if (out->len > JSON_READ_TEXT_MAX)
			return broken(r, e, "a string is too long");
	}
	take(r);
	return utf8_valid(out->p, out->len)
	    ? 0
	    : broken(r, e, "a string is not UTF-8");
}

/* ---- numbers ------------------------------------------------------------- */

/* 1: at least one digit; 0: none. Sticks at *over* when it is too large. */
static int
read_digits(struct json_read *r, uint64_t *v, bool *over, struct err *e)
{
	int c = peek(r, e), any = 0;
	for (; c >= '0' && c <= '9'; c = peek(r, e)) {
		unsigned digit = (unsigned)(c - '0');
		if (*v > (UINT64_MAX - digit) / 10)
			*over = true;
		else
			*v = *v * 10 + digit;
		any = 1;
		take(r);
	}
	return c == FAILED ? -1 : any;
}

static int
need_digits(struct json_read *r, struct err *e)
{
	uint64_t v = 0;
	bool over = false;
	int any = read_digits(r, &v, &over, e);
	return any == 0 ? unexpected(r, peek(r, e), e) : any < 0 ? -1 : 0;
}

/* What makes it more than a whole number. */
static int
read_rest(struct json_read *r, struct err *e)
{
	int c = peek(r, e);
	if (c == '.') {
		r->kind = JSON_KIND_REAL;
		take(r);
		if (need_digits(r, e) != 0)
			return -1;
		c = peek(r, e);
	}
	if (c == 'e' || c == 'E') {
		r->kind = JSON_KIND_REAL;
		take(r);
		c = peek(r, e);
		if (c == '+' || c == '-')
			take(r);
		return need_digits(r, e);
	}
	return c == FAILED ? -1 : 0;
}

static int
read_number(struct json_read *r, struct err *e)
{
	bool over = false;
	r->kind = JSON_KIND_INT;
	r->magnitude = 0;
	r->negative = peek(r, e) == '-';
	if (r->negative)
		take(r);
	int c = peek(r, e);
	if (c == '0')
		take(r);
	else if (read_digits(r, &r->magnitude, &over, e) != 1)
		return unexpected(r, c, e);
	if (read_rest(r, e) != 0)
		return -1;
	if (over || (r->negative && r->magnitude > (uint64_t)INT64_MAX + 1))
		r->kind = JSON_KIND_REAL;
	return 0;
}

/* ---- walking ------------------------------------------------------------- */

static int
begin_level(struct json_read *r, bool array, struct err *e)
{
	if (r->depth == JSON_DEPTH)
		return broken(r, e, "it is nested too deep");
	r->kind = array ? JSON_KIND_ARRAY : JSON_KIND_OBJECT;
	r->array[r->depth] = array;
	r->filled[r->depth] = false;
	r->depth++;
	take(r);
	return 0;
}

int
json_read_value(struct json_read *r, struct err *e)
{
	int c = peek_token(r, e);
	switch (c) {
	case '{':
	case '[':
		return begin_level(r, c == '[', e);
	case '"':
		r->kind = JSON_KIND_STRING;
		return read_text(&r->text, r, e);
	case 't':
	case 'f':
		r->kind = JSON_KIND_BOOL;
		r->yes = c == 't';
		return expect(r, r->yes ? "true" : "false", e);
	case 'n':
		r->kind = JSON_KIND_NULL;
		return expect(r, "null", e);
	default:
		break;
	}
	return c == '-' || (c >= '0' && c <= '9') ? read_number(r, e)
						  : unexpected(r, c, e);
}

/* To the next one in the level begun last: 1; 0 behind its end. */
static int
step(struct json_read *r, bool array, struct err *e)
{
	assert(r->failed || (r->depth > 0 && r->array[r->depth - 1] == array));
	int c = peek_token(r, e);
	if (c == (array ? ']' : '}')) {
		take(r);
		r->depth--;
		return 0;
	}
	if (c < 0)
		return unexpected(r, c, e);
	if (r->filled[r->depth - 1]) {
		if (c != ',')
			return unexpected(r, c, e);
		take(r);
	}
	r->filled[r->depth - 1] = true;
	return 1;
}

int
json_read_member(struct json_read *r, struct err *e)
{
	int rc = step(r, false, e);
	if (rc != 1)
		return rc;
	int c = peek_token(r, e);
	if (c != '"')
		return unexpected(r, c, e);
	if (read_text(&r->key, r, e) != 0)
		return -1;
	c = peek_token(r, e);
	if (c != ':')
		return unexpected(r, c, e);
	take(r);
	return 1;
}

int
json_read_item(struct json_read *r, struct err *e)
{
	return step(r, true, e);
}

int
json_read_skip(struct json_read *r, struct err *e)
{
	unsigned outside = r->depth;
	if (json_read_value(r, e) != 0)
		return -1;
	while (r->depth > outside) {
		bool array = r->array[r->depth - 1];
		int rc = array ? json_read_item(r, e) : json_read_member(r, e);
		if (rc == 1)
			rc = json_read_value(r, e);
		if (rc < 0)
			return -1;
	}
	return 0;
}

int
json_read_end(struct json_read *r, struct err *e)
{
	int c = peek_token(r, e);
	return c == NOTHING ? 0 : unexpected(r, c, e);
}

/* ---- a value of one kind ------------------------------------------------- */

static int
read_kind(struct json_read *r, enum json_kind kind, struct err *e)
{
	if (json_read_value(r, e) != 0)
		return -1;
	return r->kind == kind
	    ? 0
	    : broken(r, e, "a value is not of the kind it has to be");
}

int
json_read_object(struct json_read *r, struct err *e)
{
	return read_kind(r, JSON_KIND_OBJECT, e);
}

int
json_read_array(struct json_read *r, struct err *e)
{
	return read_kind(r, JSON_KIND_ARRAY, e);
}

int
json_read_string(struct json_read *r, struct err *e)
{
	return read_kind(r, JSON_KIND_STRING, e);
}

int
json_read_bool(bool *out, struct json_read *r, struct err *e)
{
	if (read_kind(r, JSON_KIND_BOOL, e) != 0)
		return -1;
	*out = r->yes;
	return 0;
}

int
json_read_uint(uint64_t *out, struct json_read *r, struct err *e)
{
	if (read_kind(r, JSON_KIND_INT, e) != 0)
		return -1;
	if (r->negative && r->magnitude > 0)
		return broken(r, e, "a number is too small");
	*out = r->magnitude;
	return 0;
}

int
json_read_int(int64_t *out, struct json_read *r, struct err *e)
{
	if (read_kind(r, JSON_KIND_INT, e) != 0)
		return -1;
	if (!r->negative && r->magnitude > INT64_MAX)
		return broken(r, e, "a number is too large");
	/* Without passing through a value that int64_t does not have. */
	*out = !r->negative     ? (int64_t)r->magnitude
	    : r->magnitude == 0 ? 0
				: -(int64_t)(r->magnitude - 1) - 1;
	return 0;
}

bool
json_read_is(const struct json_read *r, const char *key)
{
	size_t n = r->key.len;
	/* A key has a NUL behind it, and may have one in it. */
	return r->key.p[0] == key[0] && strncmp(r->key.p, key, n) == 0 &&
	    memchr(r->key.p, '\0', n) == NULL && key[n] == '\0';
}

/* ---- begin and end ------------------------------------------------------- */

void
json_read_init(struct json_read *r, json_fill_fn *fill, void *arg)
{
	memset(r, 0, offsetof(struct json_read, buffer));
	r->text = STR_INIT;
	r->key = STR_INIT;
	r->fill = fill;
	r->arg = arg;
	r->at = r->end = r->buffer;
}

void
json_read_text(struct json_read *r, const char *text, size_t n)
{
	json_read_init(r, NULL, NULL);
	r->at = text;
	r->end = text + n;
}

void
json_read_free(struct json_read *r)
{
	str_free(&r->text);
	str_free(&r->key);
}
