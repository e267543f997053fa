#include "cli/out/out_json.h"

#include <assert.h>

#include "base/json.h"

enum { SCHEMA = 1 };

void
out_json(struct str *out, const struct out_envelope *envelope,
    const struct str *members)
{
	struct json j;
	json_init(&j, out);
	json_object(&j);
	json_put_int(&j, "schema", SCHEMA);
	json_put_string(&j, "command", envelope->command);
	json_put_string(&j, "profile", envelope->profile);
	json_put_string(&j, "machine", envelope->machine);
	json_put_int(&j, "exit_code", envelope->code);
	json_put_string(&j, "result",
	    envelope->result != NULL ? envelope->result
				     : exitcode_result(envelope->code));
	json_put_string(&j, "message", envelope->message);
	if (members->len > 2) { /* more than "{}" */
		assert(members->p[0] == '{');
		str_addc(out, ',');
		str_addn(out, members->p + 1, members->len - 2);
	}
	json_end(&j);
	str_addc(out, '\n');
}

void
out_json_nested(struct str *out, bool first,
    const struct out_envelope *envelope, const struct str *members)
{
	if (!first)
		str_addc(out, ',');
	out_json(out, envelope, members);
	str_cut(out, out->len - 1); /* the line break */
}
