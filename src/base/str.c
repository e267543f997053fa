#include "base/str.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
str_free(struct str *s)
{
	if (s->cap > 0)
		free(s->p);
	*s = STR_INIT;
}

void
str_clear(struct str *s)
{
	s->len = 0;
	if (s->cap > 0)
		s->p[0] = '\0';
}

void
str_reserve(struct str *s, size_t more)
{
	if (more >= SIZE_MAX - s->len)
		mem_exhausted();
	size_t need = s->len + more + 1;
	if (need <= s->cap)
		return;
	char *old = s->cap > 0 ? s->p : NULL;
	s->p = mem_grow(old, &s->cap, need < 32 ? 32 : need, 1);
	s->p[s->len] = '\0';
}

void
str_addn(struct str *s, const void *bytes, size_t n)
{
	if (n == 0)
		return;
	str_reserve(s, n);
	memcpy(s->p + s->len, bytes, n);
	s->len += n;
	s->p[s->len] = '\0';
}

void
str_add(struct str *s, const char *text)
{
	str_addn(s, text, strlen(text));
}

void
str_addc(struct str *s, char c)
{
	str_addn(s, &c, 1);
}

void
str_vaddf(struct str *s, const char *fmt, va_list ap)
{
	va_list again;
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	assert(n >= 0);
	str_reserve(s, (size_t)n);
	vsnprintf(s->p + s->len, (size_t)n + 1, fmt, again);
	s->len += (size_t)n;
	va_end(again);
}

void
str_addf(struct str *s, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	str_vaddf(s, fmt, ap);
	va_end(ap);
}

void
str_set(struct str *s, const char *text)
{
	str_clear(s);
	str_add(s, text);
}

void
str_cut(struct str *s, size_t len)
{
	assert(len <= s->len);
	if (len == s->len)
		return;
	s->len = len;
	s->p[len] = '\0';
}

char *
str_take(struct str *s)
{
	str_reserve(s, 0);
	char *p = s->p;
	*s = STR_INIT;
	return p;
}

bool
str_ends(const struct str *s, const char *tail)
{
	size_t n = strlen(tail);
	return s->len >= n && memcmp(s->p + s->len - n, tail, n) == 0;
}
