/*
 * json_read.h - reading one JSON document, strictly, piece by piece.
 *
 * What is read may come from anybody: the text is UTF-8 as RFC 8259 wants it
 * and nothing else, no deeper than JSON_DEPTH, no string longer than
 * JSON_READ_TEXT_MAX; memory does not grow with the document. The caller walks
 * it: a value first, then its members or items, one by one, each read or
 * skipped. What breaks a rule is ERR_CORRUPT, and so is everything after it.
 */
#ifndef BASE_JSON_READ_H
#define BASE_JSON_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json.h"
#include "base/str.h"

enum { JSON_READ_TEXT_MAX = 256 * 1024 };

enum json_kind {
	JSON_KIND_NULL,
	JSON_KIND_BOOL,
	JSON_KIND_INT,  /* a whole number of 64 bits */
	JSON_KIND_REAL, /* any other number; what it says is not told */
	JSON_KIND_STRING,
	JSON_KIND_ARRAY,
	JSON_KIND_OBJECT,
};

/* More of the document, at most *room* bytes; *got* is 0 at its end. */
typedef int json_fill_fn(
    void *arg, void *buf, size_t room, size_t *got, struct err *e);

enum { JSON_READ_BUFFER = 16 * 1024 };

struct json_read {
	/* The value read last. */
	enum json_kind kind;
	bool yes;           /* BOOL */
	bool negative;      /* INT: its sign … */
	uint64_t magnitude; /* … and the rest; at most 2^63 below zero */
	struct str text;    /* STRING: its bytes, which may hold NUL */
	struct str key;     /* of the member reached last */

	/* Where it stands. */
	json_fill_fn *fill;
	void *arg;
	const char *at, *end;    /* what is left of the present piece */
	unsigned depth;          /* open objects and arrays */
	bool array[JSON_DEPTH];  /* what each is */
	bool filled[JSON_DEPTH]; /* it had a member already */
	bool failed;             /* for good */
	char buffer[JSON_READ_BUFFER];
};

/* json_read_init: a document that comes in pieces. */
void json_read_init(struct json_read *r, json_fill_fn *fill, void *arg);

/* json_read_text: one that is at hand; *text* lives as long as *r*. */
void json_read_text(struct json_read *r, const char *text, size_t n);

void json_read_free(struct json_read *r);

/* json_read_value: the next value. An object or array is only begun: its
   members or items follow, and their end has to be reached. */
int json_read_value(struct json_read *r, struct err *e);

/* json_read_member: go to the next member of the object begun last: 1, with
   its name in *key*, and its value next to be read; 0 behind the last. */
int json_read_member(struct json_read *r, struct err *e);

/* json_read_item: likewise in an array. */
int json_read_item(struct json_read *r, struct err *e);

/* json_read_skip: the next value, whatever it is. */
int json_read_skip(struct json_read *r, struct err *e);

/* json_read_end: behind the one value there is nothing but blanks. */
int json_read_end(struct json_read *r, struct err *e);

/* The next value, which has to be of that kind. */
int json_read_object(struct json_read *r, struct err *e);
int json_read_array(struct json_read *r, struct err *e);
int json_read_string(struct json_read *r, struct err *e);
int json_read_bool(bool *out, struct json_read *r, struct err *e);
int json_read_int(int64_t *out, struct json_read *r, struct err *e);
int json_read_uint(uint64_t *out, struct json_read *r, struct err *e);

/* json_read_is: is *key* that? */
bool json_read_is(const struct json_read *r, const char *key);

#endif
