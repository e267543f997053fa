#include "cli/out/wrap.h"

#include <string.h>

#include "base/text.h"

static void
pad(struct str *out, size_t n)
{
	while (n-- > 0)
		str_addc(out, ' ');
}

/*
 * The words of one line [p, p + n), the first of them at column *at* (which
 * the caller has brought us to), lines after the first from *indent* on.
 */
static void
wrap_words(
    struct str *out, const char *p, size_t n, size_t indent, size_t width)
{
	const char *end = p + n;
	size_t at = indent;
	while (p < end) {
		const char *stop = memchr(p, ' ', (size_t)(end - p));
		size_t len = (size_t)((stop != NULL ? stop : end) - p);
		size_t columns = text_width(p, len);
		if (at > indent && at + 1 + columns > width) {
			str_addc(out, '\n');
			pad(out, indent);
			at = indent;
		} else if (at > indent) {
			str_addc(out, ' ');
			at++;
		}
		str_addn(out, p, len);
		at += columns;
		p += len + (stop != NULL);
	}
	str_addc(out, '\n');
}

void
wrap_text(struct str *out, const char *text, size_t indent, size_t width)
{
	while (*text != '\0') {
		size_t n = strcspn(text, "\n");
		size_t blanks = strspn(text, " ");
		if (n > 0)
			pad(out, indent + blanks);
		wrap_words(
		    out, text + blanks, n - blanks, indent + blanks, width);
		text += n + (text[n] == '\n');
	}
}

void
wrap_pair(struct str *out, const char *left, const char *right, size_t column,
    size_t width)
{
	size_t used = text_width(left, strlen(left));
	str_add(out, left);
	if (used + 2 > column) {
		str_addc(out, '\n');
		used = 0;
	}
	pad(out, column - used);
	wrap_words(out, right, strlen(right), column, width);
}
