#include "cli/out/out_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/out/wrap.h"

enum {
	PIECE = 64 * 1024,  /* write when so much is gathered */
	WIDTH_DEFAULT = 80, /* where there is no terminal */
	WIDTH_READABLE = 100,
	WIDTH_LEAST = 20
};

static bool
wants_no_color(void)
{
	char *value = plat_getenv("NO_COLOR");
	bool no = value != NULL && value[0] != '\0';
	free(value);
	return no;
}

/* The terminal is asked also where colour is wanted anyway: asking is what
   switches the sequences on where that is needed. */
static bool
choose_color(enum plat_stream to, int color)
{
	if (color == OUT_COLOR_NEVER)
		return false;
	bool able = plat_is_terminal(to) && plat_terminal_color(to);
	return color == OUT_COLOR_ALWAYS || (able && !wants_no_color());
}

void
out_init(struct out *o, enum plat_stream to, int color)
{
	*o = (struct out){.to = to, .buf = STR_INIT};
	o->color = choose_color(to, color);
	int columns = plat_terminal_width(to);
	if (columns > 0)
		o->width =
		    columns < WIDTH_LEAST ? WIDTH_LEAST : (size_t)columns;
}

void
out_free(struct out *o)
{
	str_free(&o->buf);
}

static void
write_out(struct out *o)
{
	if (o->failed || o->buf.len == 0) {
		str_clear(&o->buf);
		return;
	}
	int rc = o->show != NULL
	    ? o->show(o, &o->trouble)
	    : plat_out(o->to, o->buf.p, o->buf.len, &o->trouble);
	o->failed = rc != 0;
	str_clear(&o->buf);
}

int
out_flush(struct out *o, struct err *e)
{
	write_out(o);
	if (!o->failed)
		return 0;
	*e = o->trouble;
	return -1;
}

size_t
out_help_width(const struct out *o)
{
	if (o->width == 0)
		return WIDTH_DEFAULT;
	return o->width < WIDTH_READABLE ? o->width : WIDTH_READABLE;
}

void
out_add(struct out *o, const char *text)
{
	str_add(&o->buf, text);
	if (o->buf.len >= PIECE && o->show == NULL)
		write_out(o);
}

void
out_name(struct out *o, const char *name, size_t n)
{
	struct str shown = STR_INIT;
	text_show(&shown, name, n);
	out_add(o, shown.p);
	str_free(&shown);
}

static const char *
sequence(enum out_style style)
{
	switch (style) {
	case OUT_STRONG:
		return "\033[1m";
	case OUT_FAINT:
		return "\033[2m";
	case OUT_GOOD:
		return "\033[32m";
	case OUT_WARN:
		return "\033[33m";
	case OUT_BAD:
		return "\033[1;31m";
	case OUT_PLAIN:
		break;
	}
	return NULL;
}

void
out_vstyle(struct out *o, enum out_style style, const char *fmt, va_list ap)
{
	const char *begin = o->color ? sequence(style) : NULL;
	struct str raw = STR_INIT;
	str_vaddf(&raw, fmt, ap);
	if (begin != NULL)
		str_add(&o->buf, begin);
	text_message(&o->buf, raw.p, raw.len);
	out_add(o, begin != NULL ? "\033[0m" : "");
	str_free(&raw);
}

void
out_style(struct out *o, enum out_style style, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	out_vstyle(o, style, fmt, ap);
	va_end(ap);
}

void
out_line(struct out *o, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	out_vstyle(o, OUT_PLAIN, fmt, ap);
	va_end(ap);
	out_add(o, "\n");
}

void
out_prose(
    struct out *o, enum out_style style, const char *head, const char *text)
{
	enum { HANGING = 6, HANGING_NARROW = 2, NARROW = 60 };
	struct str lines = STR_INIT;
	const char *begin = o->color && head == NULL ? sequence(style) : NULL;
	size_t at = 0, indent = 0;
	if (head != NULL) {
		out_style(o, style, "%s", head);
		out_add(o, " ");
		at = text_width(head, strlen(head)) + 1;
		indent = o->width < NARROW ? HANGING_NARROW : HANGING;
	}
	str_add(&lines, begin != NULL ? begin : "");
	if (o->width == 0)
		str_addf(&lines, "%s\n", text);
	else
		wrap_behind(&lines, text, at, indent, o->width);
	if (begin != NULL) {
		str_cut(&lines, lines.len - 1);
		str_add(&lines, "\033[0m\n");
	}
	out_add(o, lines.p);
	str_free(&lines);
}
