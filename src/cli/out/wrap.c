#include "cli/out/wrap.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

static void
pad(struct str *out, size_t n)
{
	while (n-- > 0)
		str_addc(out, ' ');
}

/* Where words go: the next at column *at*, lines after this from *indent*. */
struct place {
	size_t at, indent, width;
};

/* The words of one line [p, p + n), at a place the caller has brought us to. */
static void
wrap_words(struct str *out, const char *p, size_t n, struct place to)
{
	const char *end = p + n;
	bool first = true; /* of its line: it stands where it may */
	while (p < end) {
		const char *stop = memchr(p, ' ', (size_t)(end - p));
		size_t len = (size_t)((stop != NULL ? stop : end) - p);
		size_t columns = text_width(p, len);
		if (!first && to.at + 1 + columns > to.width) {
			str_addc(out, '\n');
			pad(out, to.indent);
			to.at = to.indent;
		} else if (!first) {
			str_addc(out, ' ');
			to.at++;
		}
		str_addn(out, p, len);
		to.at += columns;
		p += len + (stop != NULL);
		first = false;
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
		wrap_words(out, text + blanks, n - blanks,
		    (struct place){indent + blanks, indent + blanks, width});
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
	wrap_words(
	    out, right, strlen(right), (struct place){column, column, width});
}

void
wrap_behind(
    struct str *out, const char *text, size_t at, size_t indent, size_t width)
{
	wrap_words(out, text, strlen(text), (struct place){at, indent, width});
}
