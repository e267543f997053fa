#include <string.h>

#include "base/json_read.h"
#include "base/utf8.h"
#include "fuzz.h"

/* A document in pieces of some size. */
struct pieces {
	const char *p;
	size_t left, step;
};

static int
next_piece(void *arg, void *buf, size_t room, size_t *got, struct err *e)
{
	struct pieces *s = arg;
	(void)e;
	size_t n = s->left < s->step ? s->left : s->step;
	n = n < room ? n : room;
	memcpy(buf, s->p, n);
	s->p += n;
	s->left -= n;
	*got = n;
	return 0;
}

static int echo_value(struct json *out, struct json_read *r);

static int
echo_level(struct json *out, struct json_read *r, bool array)
{
	int rc;
	struct err e;
	if (array)
		json_array(out);
	else
		json_object(out);
	while ((rc = array ? json_read_item(r, &e) : json_read_member(r, &e)) ==
	    1) {
		CHECK(array || utf8_valid(r->key.p, r->key.len));
		if (!array)
			json_key(out, r->key.p);
		if (echo_value(out, r) != 0)
			return -1;
	}
	if (rc == 0)
		json_end(out);
	return rc;
}

static int
echo_value(struct json *out, struct json_read *r)
{
	struct err e;
	if (json_read_value(r, &e) != 0)
		return -1;
	CHECK(r->depth <= JSON_DEPTH);
	switch (r->kind) {
	case JSON_KIND_OBJECT:
	case JSON_KIND_ARRAY:
		return echo_level(out, r, r->kind == JSON_KIND_ARRAY);
	case JSON_KIND_STRING:
		CHECK(utf8_valid(r->text.p, r->text.len));
		CHECK(r->text.len <= JSON_READ_TEXT_MAX);
		json_bytes(out, r->text.p, r->text.len);
		break;
	case JSON_KIND_BOOL:
		json_bool(out, r->yes);
		break;
	case JSON_KIND_INT:
		json_uint(out, r->magnitude);
		break;
	default:
		json_null(out);
	}
	return 0;
}

/* What can be read is written again; -1 when it cannot. */
static int
echo(struct str *text, const char *p, size_t n, size_t step)
{
	static struct json_read r;
	struct pieces s = {.p = p, .left = n, .step = step};
	struct json out;
	struct err e;
	json_init(&out, text);
	if (step == 0)
		json_read_text(&r, p, n);
	else
		json_read_init(&r, next_piece, &s);
	int rc = echo_value(&out, &r);
	if (rc == 0)
		rc = json_read_end(&r, &e);
	/* Once broken it stays so. */
	CHECK(rc == 0 || json_read_value(&r, &e) != 0);
	json_read_free(&r);
	return rc;
}

/* The input: a document. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str whole = STR_INIT, pieces = STR_INIT, again = STR_INIT;
	int rc = echo(&whole, (const char *)data, size, 0);
	CHECK(echo(&pieces, (const char *)data, size, 1) == rc);
	CHECK(rc != 0 || strcmp(whole.p, pieces.p) == 0);
	if (rc == 0) {
		CHECK(echo(&again, whole.p, whole.len, 3) == 0);
		CHECK(strcmp(whole.p, again.p) == 0);
	}
	str_free(&whole);
	str_free(&pieces);
	str_free(&again);
	return 0;
}
