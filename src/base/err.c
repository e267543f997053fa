#include "base/err.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/*
 * Formatting cuts at a byte; a frame must end at a whole character, or the cut
 * would turn a good name into an invalid one.
 */
static void
trim_partial_utf8(char *s, size_t len)
{
	size_t start = len;
	while (start > 0 && ((unsigned char)s[start - 1] & 0xC0) == 0x80)
		start--;
	if (start == 0)
		return;
	unsigned char lead = (unsigned char)s[start - 1];
	size_t want = lead >= 0xF0 ? 4
	    : lead >= 0xE0         ? 3
	    : lead >= 0xC0         ? 2
				   : 1;
	if (len - (start - 1) < want)
		s[start - 1] = '\0';
}

PRINTF_LIKE(2, 0)
static void
format_frame(char *frame, const char *fmt, va_list ap)
{
	int n = vsnprintf(frame, ERR_FRAME_SIZE, fmt, ap);
	if (n < 0)
		frame[0] = '\0';
	else if (n >= ERR_FRAME_SIZE)
		trim_partial_utf8(frame, ERR_FRAME_SIZE - 1);
}

PRINTF_LIKE(4, 0)
static void
set_root(
    struct err *e, enum err_code code, long os, const char *fmt, va_list ap)
{
	if (e != NULL) {
		e->code = code;
		e->os = os;
		e->nframes = 1;
		format_frame(e->frame[0], fmt, ap);
	}
}

void
err_clear(struct err *e)
{
	if (e == NULL)
		return;
	e->code = ERR_NONE;
	e->os = 0;
	e->nframes = 0;
}

int
err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	set_root(e, code, 0, fmt, ap);
	va_end(ap);
	return -1;
}

int
err_set_os(struct err *e, enum err_code code, long os, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	set_root(e, code, os, fmt, ap);
	va_end(ap);
	return -1;
}

int
err_wrap(struct err *e, const char *fmt, ...)
{
	if (e != NULL && e->nframes < ERR_FRAMES) {
		va_list ap;
		va_start(ap, fmt);
		format_frame(e->frame[e->nframes++], fmt, ap);
		va_end(ap);
	}
	return -1;
}

int
err_pass(struct err *e, const struct err *from)
{
	if (e != NULL)
		*e = *from;
	return -1;
}

char *
err_text(const struct err *e, char *buf, size_t size)
{
	assert(size > 0);
	size_t len = 0;
	buf[0] = '\0';
	for (unsigned i = e->nframes; i-- > 0 && len < size - 1;) {
		int n = snprintf(buf + len, size - len, "%s%s", e->frame[i],
		    i > 0 ? ": " : "");
		if (n < 0)
			break;
		len += (size_t)n;
		if (len >= size) {
			trim_partial_utf8(buf, size - 1);
			break;
		}
	}
	return buf;
}
