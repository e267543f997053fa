#include "base/json.h"

#include <assert.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "base/utf8.h"

void
json_init(struct json *j, struct str *out)
{
	*j = (struct json){.out = out};
}

/* The comma before a member, if it needs one. */
static void
separate(struct json *j)
{
	bool *filled = &j->filled[j->depth - 1];
	if (*filled)
		str_addc(j->out, ',');
	*filled = true;
}

/* Whatever stands before a value: in an array a comma, in an object nothing,
   because its key took care of that. */
static void
before_value(struct json *j)
{
	if (j->depth == 0)
		return;
	if (j->array[j->depth - 1]) {
		separate(j);
		return;
	}
	assert(j->keyed);
	j->keyed = false;
}

static void
open_level(struct json *j, bool array)
{
	assert(j->depth < JSON_DEPTH);
	before_value(j);
	j->array[j->depth] = array;
	j->filled[j->depth] = false;
	j->depth++;
	str_addc(j->out, array ? '[' : '{');
}

void
json_object(struct json *j)
{
	open_level(j, false);
}

void
json_array(struct json *j)
{
	open_level(j, true);
}

void
json_end(struct json *j)
{
	assert(j->depth > 0 && !j->keyed);
	j->depth--;
	str_addc(j->out, j->array[j->depth] ? ']' : '}');
}

void
json_end_all(struct json *j)
{
	if (j->keyed)
		json_null(j);
	while (j->depth > 0)
		json_end(j);
}

static void
add_key(struct json *j, const char *key, size_t n)
{
	assert(j->depth > 0 && !j->array[j->depth - 1] && !j->keyed);
	separate(j);
	text_json(j->out, key, n);
	str_addc(j->out, ':');
	j->keyed = true;
}

void
json_key(struct json *j, const char *key)
{
	add_key(j, key, strlen(key));
}

void
json_bytes(struct json *j, const char *s, size_t n)
{
	before_value(j);
	text_json(j->out, s, n);
}

void
json_string(struct json *j, const char *s)
{
	if (s == NULL)
		json_null(j);
	else
		json_bytes(j, s, strlen(s));
}

/* Millions of numbers go through here; formatting is for prose. */
static void
add_digits(struct str *out, uint64_t v)
{
	char digits[20]; /* as many as 64 bits need */
	size_t at = sizeof(digits);
	do {
		digits[--at] = (char)('0' + v % 10);
		v /= 10;
	} while (v > 0);
	str_addn(out, digits + at, sizeof(digits) - at);
}

void
json_int(struct json *j, int64_t v)
{
	before_value(j);
	if (v < 0)
		str_addc(j->out, '-');
	add_digits(j->out, v < 0 ? -(uint64_t)v : (uint64_t)v);
}

void
json_uint(struct json *j, uint64_t v)
{
	before_value(j);
	add_digits(j->out, v);
}

void
json_bool(struct json *j, bool v)
{
	before_value(j);
	str_add(j->out, v ? "true" : "false");
}

void
json_null(struct json *j)
{
	before_value(j);
	str_add(j->out, "null");
}

void
json_path(struct json *j, const char *key, const char *path, size_t n)
{
	json_key(j, key);
	json_bytes(j, path, n);
	if (utf8_valid(path, n))
		return;
	struct str text = STR_INIT;
	str_addf(&text, "%s_hex", key);
	add_key(j, text.p, text.len);
	str_clear(&text);
	num_hex(&text, path, n);
	json_bytes(j, text.p, text.len);
	str_free(&text);
}

void
json_put_string(struct json *j, const char *key, const char *s)
{
	json_key(j, key);
	json_string(j, s);
}

void
json_put_int(struct json *j, const char *key, int64_t v)
{
	json_key(j, key);
	json_int(j, v);
}

void
json_put_uint(struct json *j, const char *key, uint64_t v)
{
	json_key(j, key);
	json_uint(j, v);
}

void
json_put_bool(struct json *j, const char *key, bool v)
{
	json_key(j, key);
	json_bool(j, v);
}
