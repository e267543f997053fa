#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "cli/cli.h"
#include "cli/exitcode.h"

const char *
cli_remedy(enum err_code code)
{
	switch (code) {
	case ERR_USAGE:
		return "'coldsync help' lists commands and options";
	case ERR_CONFIG:
		return "correct the config, then check it with "
		       "'coldsync validate'";
	case ERR_RUNNING:
		return "close the application, then try again";
	case ERR_LOCKED:
		return "wait for the other run to end, then try again";
	case ERR_CANCELLED:
		return "run the same command again: it goes on from here";
	case ERR_ACCESS:
		return "see who may write there, and whether its disk is "
		       "read-only, then try again";
	case ERR_BUSY:
		return "close the program that holds it open, then try again";
	case ERR_NOSPACE:
		return "make room on that disk, then try again";
	case ERR_NONE:
	case ERR_REFUSED:
	case ERR_NOTFOUND:
	case ERR_EXISTS:
	case ERR_TYPE:
	case ERR_NAME:
	case ERR_IO:
	case ERR_CORRUPT:
	case ERR_UNSUPPORTED:
		break;
	}
	return "remove the cause, then run the same command again";
}

/* What went wrong comes after what was said before, on any terminal. */
static struct out *
complaints(struct cli_context *c)
{
	struct err ignored; /* kept in the sink, and told at the end */
	out_flush(&c->out, &ignored);
	return &c->err;
}

/* A sentence that may carry names. */
static void PRINTF_LIKE(4, 0) say(struct out *o, enum out_style style,
    const char *head, const char *fmt, va_list ap)
{
	struct str line = STR_INIT, shown = STR_INIT;
	str_vaddf(&line, fmt, ap);
	text_show(&shown, line.p, line.len);
	out_prose(o, style, head, shown.p);
	str_free(&line);
	str_free(&shown);
}

/* Both are one line each, whatever names they carry, and however many a narrow
   terminal makes of them. */
static void
explain(struct cli_context *c, const char *why, const char *what)
{
	const struct cli_globals *g = &c->globals;
	struct out *o = complaints(c);
	struct str line = STR_INIT, shown = STR_INIT;
	if (g->all && g->profile != NULL)
		str_addf(&line, "%s: ", g->profile);
	str_add(&line, why);
	text_show(&shown, line.p, line.len);
	out_prose(o, OUT_BAD, "coldsync:", shown.p);
	str_clear(&shown);
	text_show(&shown, what, strlen(what));
	out_prose(o, OUT_STRONG, "hint:", shown.p);
	str_free(&line);
	str_free(&shown);
}

void
cli_why(struct cli_context *c, const char *why, const char *fmt, ...)
{
	struct str what = STR_INIT;
	va_list ap;
	va_start(ap, fmt);
	str_vaddf(&what, fmt, ap);
	va_end(ap);
	str_set(&c->message, why);
	explain(c, c->message.p, what.p);
	str_free(&what);
}

int
cli_fail(struct cli_context *c, const struct err *e, const char *fmt, ...)
{
	char text[ERR_TEXT_SIZE];
	struct str what = STR_INIT;
	if (fmt != NULL) {
		va_list ap;
		va_start(ap, fmt);
		str_vaddf(&what, fmt, ap);
		va_end(ap);
	} else {
		str_add(&what, cli_remedy(e->code));
	}
	str_set(&c->message, err_text(e, text, sizeof(text)));
	explain(c, c->message.p, what.p);
	str_free(&what);
	return (int)exitcode_of(e->code);
}

void
cli_note(struct cli_context *c, const char *fmt, ...)
{
	struct err ignored; /* kept in the sink, and told at the end */
	if (c->globals.quiet)
		return;
	struct out *o = complaints(c);
	va_list ap;
	va_start(ap, fmt);
	say(o, OUT_FAINT, NULL, fmt, ap);
	va_end(ap);
	out_flush(o, &ignored);
}

void
cli_warn(struct cli_context *c, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	say(complaints(c), OUT_WARN, "warning:", fmt, ap);
	va_end(ap);
}

void
cli_done(struct cli_context *c, const char *fmt, ...)
{
	va_list ap;
	str_clear(&c->message);
	va_start(ap, fmt);
	str_vaddf(&c->message, fmt, ap);
	va_end(ap);
	if (c->globals.quiet)
		return;
	struct str shown = STR_INIT;
	text_show(&shown, c->message.p, c->message.len);
	out_prose(&c->out, OUT_PLAIN, NULL, shown.p);
	str_free(&shown);
}
