#include <stdarg.h>

#include "engine/run/run_parts.h"

void
run_note(struct run *r, const char *fmt, ...)
{
	struct str text = STR_INIT;
	va_list ap;
	va_start(ap, fmt);
	str_vaddf(&text, fmt, ap);
	va_end(ap);
	strlist_add(&r->notes, text.p);
	log_reason(r->log, CONFIG_LOG_WARNING, "note", "%s", text.p);
	str_free(&text);
}
