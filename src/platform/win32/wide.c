#include "platform/win32/wide.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static bool
is_high(uint32_t unit)
{
	return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool
is_low(uint32_t unit)
{
	return unit >= 0xDC00 && unit <= 0xDFFF;
}

/*
 * Decode the character at *p*, which has *n* bytes left. Returns its length, 0
 * when it is none: stray, overlong, beyond U+10FFFF, or cut off.
 */
static size_t
decode(const unsigned char *p, size_t n, uint32_t *cp)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t len = p[0] < 0x80     ? 1
	    : (p[0] & 0xE0u) == 0xC0 ? 2
	    : (p[0] & 0xF0u) == 0xE0 ? 3
	    : (p[0] & 0xF8u) == 0xF0 ? 4
				     : 0;
	if (len == 0 || len > n)
		return 0;
	*cp = len == 1 ? p[0] : p[0] & (0x7Fu >> len);
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xC0u) != 0x80)
			return 0;
		*cp = *cp << 6 | (p[i] & 0x3Fu);
	}
	return *cp < least[len] || *cp > 0x10FFFF ? 0 : len;
}

wchar_t *
wide_from(const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s;
	/* No character takes more units than bytes. */
	wchar_t *w = mem_resize(NULL, n + 1, sizeof(wchar_t));
	size_t len = 0;
	for (size_t i = 0, step; i < n; i += step) {
		uint32_t cp = 0;
		step = decode(p + i, n - i, &cp);
		/* Two halves spelled apart are not WTF-8: they would come back
		   as the one character they make. */
		bool joined = is_low(cp) && len > 0 && is_high(w[len - 1]);
		if (step == 0 || cp == 0 || joined) {
			free(w);
			return NULL;
		}
		if (cp >= 0x10000) {
			w[len++] = (wchar_t)(0xD800 + ((cp - 0x10000) >> 10));
			cp = 0xDC00 + (cp & 0x3FF);
		}
		w[len++] = (wchar_t)cp;
	}
	w[len] = L'\0';
	return w;
}

static size_t
encode(char *buf, uint32_t cp)
{
	static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
	size_t len = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
	for (size_t i = len; i-- > 1; cp >>= 6)
		buf[i] = (char)(0x80 | (cp & 0x3F));
	buf[0] = (char)(lead[len] | cp);
	return len;
}

void
wide_to(struct str *out, const wchar_t *w, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t cp = w[i];
		if (is_high(cp) && i + 1 < n && is_low(w[i + 1]))
			cp = 0x10000 + ((cp - 0xD800) << 10) +
			    (w[++i] - 0xDC00u);
		char buf[4];
		str_addn(out, buf, encode(buf, cp));
	}
}

wchar_t *
wide_join(const wchar_t *a, const wchar_t *b, const wchar_t *c)
{
	size_t an = wcslen(a), bn = wcslen(b), cn = wcslen(c);
	wchar_t *w = mem_resize(NULL, an + bn + cn + 1, sizeof(wchar_t));
	memcpy(w, a, an * sizeof(wchar_t));
	memcpy(w + an, b, bn * sizeof(wchar_t));
	memcpy(w + an + bn, c, (cn + 1) * sizeof(wchar_t));
	return w;
}
