#include "base/utf8.h"

/*
 * The well-formed sequences of the Unicode standard (table 3-7): after a lead
 * byte only the second byte has limits of its own, and those limits are what
 * keeps out overlong forms, surrogates and everything beyond U+10FFFF.
 */
struct lead {
	size_t len;
	unsigned char lo, hi; /* what the second byte may be */
};

static struct lead
classify_lead(unsigned char c)
{
	if (c >= 0xC2 && c <= 0xDF)
		return (struct lead){2, 0x80, 0xBF};
	if (c == 0xE0)
		return (struct lead){3, 0xA0, 0xBF};
	if (c == 0xED)
		return (struct lead){3, 0x80, 0x9F};
	if (c >= 0xE1 && c <= 0xEF)
		return (struct lead){3, 0x80, 0xBF};
	if (c == 0xF0)
		return (struct lead){4, 0x90, 0xBF};
	if (c >= 0xF1 && c <= 0xF3)
		return (struct lead){4, 0x80, 0xBF};
	if (c == 0xF4)
		return (struct lead){4, 0x80, 0x8F};
	return (struct lead){1, 0, 0};
}

size_t
utf8_next(const char *p, size_t n, int32_t *cp)
{
	const unsigned char *s = (const unsigned char *)p;
	if (s[0] < 0x80) {
		*cp = s[0];
		return 1;
	}
	*cp = -1;
	struct lead lead = classify_lead(s[0]);
	if (lead.len == 1 || n < 2 || s[1] < lead.lo || s[1] > lead.hi)
		return 1;
	int32_t c = s[0] & (0x7F >> lead.len);
	c = c << 6 | (s[1] & 0x3F);
	for (size_t i = 2; i < lead.len; i++) {
		if (i == n || (s[i] & 0xC0) != 0x80)
			return i;
		c = c << 6 | (s[i] & 0x3F);
	}
	*cp = c;
	return lead.len;
}

size_t
utf8_step(const char *p, size_t n, int32_t *cp)
{
	size_t len = utf8_next(p, n, cp);
	if (*cp >= 0)
		return len;
	*cp = UTF8_STRAY + (unsigned char)p[0];
	return 1;
}

bool
utf8_valid(const char *p, size_t n)
{
	for (size_t at = 0; at < n;) {
		int32_t cp;
		at += utf8_next(p + at, n - at, &cp);
		if (cp < 0)
			return false;
	}
	return true;
}

size_t
utf8_put(char *buf, int32_t cp)
{
	if (cp < 0x80) {
		buf[0] = (char)cp;
		return 1;
	}
	size_t len = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
	static const unsigned char mark[] = {0, 0, 0xC0, 0xE0, 0xF0};
	for (size_t i = len - 1; i > 0; i--) {
		buf[i] = (char)(0x80 | (cp & 0x3F));
		cp >>= 6;
	}
	buf[0] = (char)(mark[len] | cp);
	return len;
}
