/*
 * json.h - writing one JSON document.
 *
 * Commas, nesting and escaping are kept right here, so that a document is well
 * formed whatever was written into it; a wrong sequence of calls (a value
 * without its key) is a mistake of the program and an assert.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum { JSON_DEPTH = 32 };

struct json {
	struct str *out;         /* where the text goes; the caller's */
	unsigned depth;          /* open objects and arrays */
	bool array[JSON_DEPTH];  /* what each open level is */
	bool filled[JSON_DEPTH]; /* it has a member already */
	bool keyed;              /* a key was written, its value was not */
};

/* json_init: write into *out* (appending). */
void json_init(struct json *j, struct str *out);

void json_object(struct json *j);
void json_array(struct json *j);
void json_end(struct json *j); /* the innermost open object or array */

/* json_end_all: close whatever is open: a run that fails still leaves a whole
   document. */
void json_end_all(struct json *j);

void json_key(struct json *j, const char *key);
void json_string(struct json *j, const char *s); /* NULL writes null */
void json_bytes(struct json *j, const char *s, size_t n);
void json_int(struct json *j, int64_t v);
void json_uint(struct json *j, uint64_t v);
void json_bool(struct json *j, bool v);
void json_null(struct json *j);

/*
 * json_path: the member *key* with the path, and, when its bytes are not
 * UTF-8, a member *key*_hex beside it with the exact bytes in hexadecimal.
 */
void json_path(struct json *j, const char *key, const char *path, size_t n);

/* The common "key": value pairs. */
void json_put_string(struct json *j, const char *key, const char *s);
void json_put_int(struct json *j, const char *key, int64_t v);
void json_put_uint(struct json *j, const char *key, uint64_t v);
void json_put_bool(struct json *j, const char *key, bool v);

#endif
