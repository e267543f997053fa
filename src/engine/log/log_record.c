#include "engine/log/log_record.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "config/config.h"

static const char *
level_name(int level)
{
	switch (level) {
	case CONFIG_LOG_DEBUG:
		return "DEBUG";
	case CONFIG_LOG_WARNING:
		return "WARNING";
	case CONFIG_LOG_ERROR:
		return "ERROR";
	default:
		return "INFO";
	}
}

/* ---- "key=value" ---- */

static void
put_quoted(struct str *out, const char *key, const char *s, size_t n)
{
	str_addc(out, ' ');
	str_add(out, key);
	str_addc(out, '=');
	text_quote(out, s, n);
}

static void
put_word(struct str *out, const char *key, const char *word)
{
	put_quoted(out, key, word, strlen(word));
}

static void
put_fields(struct str *out, const struct log_fields *f)
{
	if (f->side != NULL)
		put_word(out, "side", f->side);
	if (f->path != NULL)
		put_quoted(out, "path", f->path, f->path_len);
	if (f->bytes != NULL)
		str_addf(out, " bytes=%" PRId64, *f->bytes);
	if (f->hash != NULL) {
		char hex[HASH_HEX_SIZE];
		put_word(out, "hash", hash_hex(hex, *f->hash));
	}
	if (f->reason != NULL)
		put_word(out, "reason", f->reason);
}

static void
put_logfmt(struct str *out, const struct log_record *r, const char *time)
{
	str_addf(out, "time=%s level=%s", time, level_name(r->level));
	put_word(out, "event", r->event);
	put_word(out, "run_id", r->origin->run_id);
	put_word(out, "profile", r->origin->profile);
	put_word(out, "machine", r->origin->machine);
	if (r->fields != NULL)
		put_fields(out, r->fields);
}

/* ---- columns ---- */

/* Most events are shorter than that. */
enum { EVENT_WIDTH = 14 };

/*
 * What every record has stands in columns, what only some have follows as
 * key=value: a column that may be missing would leave the next one to be taken
 * for it.
 */
static void
put_text(struct str *out, const struct log_record *r, const char *time)
{
	str_addf(out, "%s %-7s ", time, level_name(r->level));
	const char *const who[] = {
	    r->origin->run_id, r->origin->profile, r->origin->machine};
	for (size_t i = 0; i < COUNT_OF(who); i++) {
		text_quote(out, who[i], strlen(who[i]));
		str_addc(out, ' ');
	}
	size_t start = out->len;
	text_quote(out, r->event, strlen(r->event));
	size_t end = out->len;
	while (out->len - start < EVENT_WIDTH)
		str_addc(out, ' ');
	size_t padded = out->len;
	if (r->fields != NULL)
		put_fields(out, r->fields);
	if (out->len == padded)
		str_cut(out, end);
}

/* ---- JSON ---- */

static void
put_members(struct json *j, const struct log_fields *f)
{
	if (f->side != NULL)
		json_put_string(j, "side", f->side);
	if (f->path != NULL)
		json_path(j, "path", f->path, f->path_len);
	if (f->bytes != NULL)
		json_put_int(j, "bytes", *f->bytes);
	if (f->hash != NULL) {
		char hex[HASH_HEX_SIZE];
		json_put_string(j, "hash", hash_hex(hex, *f->hash));
	}
	if (f->reason != NULL)
		json_put_string(j, "reason", f->reason);
}

static void
put_json(struct str *out, const struct log_record *r, const char *time)
{
	struct json j;
	json_init(&j, out);
	json_object(&j);
	json_put_string(&j, "time", time);
	json_put_string(&j, "level", level_name(r->level));
	json_put_string(&j, "event", r->event);
	json_put_string(&j, "run_id", r->origin->run_id);
	json_put_string(&j, "profile", r->origin->profile);
	json_put_string(&j, "machine", r->origin->machine);
	if (r->fields != NULL)
		put_members(&j, r->fields);
	json_end(&j);
}

void
log_record_put(struct str *out, int format, const struct log_record *r)
{
	char time[STAMP_ISO_SIZE];
	stamp_iso(time, r->time, r->offset, 3);
	switch (format) {
	case CONFIG_LOG_JSON:
		put_json(out, r, time);
		break;
	case CONFIG_LOG_LOGFMT:
		put_logfmt(out, r, time);
		break;
	default:
		put_text(out, r, time);
	}
	str_addc(out, '\n');
}
