/*
 * out_json.h - the envelope every JSON answer comes in.
 *
 * A command writes its own members while it works; the envelope's are known
 * only at the end (the exit code most of all) and yet stand first.
 */
#ifndef CLI_OUT_OUT_JSON_H
#define CLI_OUT_OUT_JSON_H

#include <stdbool.h>

#include "base/str.h"
#include "cli/exitcode.h"

struct out_envelope {
	const char *command; /* NULL: none was understood */
	const char *profile; /* NULL: none was chosen */
	const char *machine; /* NULL: not known */
	enum exitcode code;
	const char *result; /* NULL: what *code* means */
	const char *message;
};

/*
 * out_json: append the whole document and a line break. *members* is a JSON
 * object (already closed) whose members follow the envelope's; or empty.
 */
void out_json(struct str *out, const struct out_envelope *envelope,
    const struct str *members);

/* out_json_nested: the same as one element of the open array whose text *out*
   is; *first* of them or not. */
void out_json_nested(struct str *out, bool first,
    const struct out_envelope *envelope, const struct str *members);

#endif
