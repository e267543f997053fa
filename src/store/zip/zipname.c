#include "store/zip/zipname.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

static bool
is_hex_digit(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
}

static void
add_escaped(struct str *out, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		str_addf(
		    out, "\xEF\xBF\xBD%02X", (unsigned)(unsigned char)bytes[i]);
}

void
zipname_add(struct str *out, const char *name)
{
	/* The NUL behind the name ends every look-ahead. */
	for (size_t left = strlen(name); left > 0;) {
		int32_t cp;
		size_t n = utf8_next(name, left, &cp);
		bool escape = cp < 0 ||
		    (cp == 0xFFFD && is_hex_digit(name[n]) &&
			is_hex_digit(name[n + 1]));
		if (escape)
			add_escaped(out, name, n);
		else
			str_addn(out, name, n);
		name += n;
		left -= n;
	}
}
