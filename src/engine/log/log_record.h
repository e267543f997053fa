/*
 * log_record.h - one record as a line of text.
 *
 * Three forms say the same: columns for people, JSON objects, logfmt. Whatever
 * bytes a name or a reason holds, a record is exactly one line, and no field
 * can be taken for another or for two.
 */
#ifndef ENGINE_LOG_LOG_RECORD_H
#define ENGINE_LOG_LOG_RECORD_H

#include "base/stamp.h"
#include "base/str.h"
#include "engine/log/log.h"

/* What every record of one log says. */
struct log_origin {
	const char *run_id;
	const char *profile;
	const char *machine;
};

struct log_record {
	struct stamp time;
	int offset; /* of the local zone, in seconds */
	int level;  /* CONFIG_LOG_* */
	const char *event;
	const struct log_origin *origin;
	const struct log_fields *fields; /* NULL when there are none */
};

/* log_record_put: append the record in *format* (CONFIG_LOG_TEXT, …), with its
   line break. */
void log_record_put(struct str *out, int format, const struct log_record *r);

#endif
