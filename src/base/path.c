#include "base/path.h"

#include <stdint.h>
#include <string.h>

/* Is the part "." or ".."? */
static bool
is_dots(const char *part, size_t n)
{
	return (n == 1 && part[0] == '.') ||
	    (n == 2 && part[0] == '.' && part[1] == '.');
}

/* The length of the part that begins at *p*. */
static size_t
part_len(const char *p, size_t n)
{
	const char *slash = memchr(p, '/', n);
	return slash != NULL ? (size_t)(slash - p) : n;
}

bool
path_is_safe(const char *p, size_t n)
{
	if (n == 0 || p[n - 1] == '/' || memchr(p, '\0', n) != NULL)
		return false;
	for (size_t at = 0; at < n;) {
		size_t len = part_len(p + at, n - at);
		if (len == 0 || is_dots(p + at, len))
			return false;
		at += len + 1;
	}
	return true;
}

int
path_normalise(struct str *out, const char *in, size_t n)
{
	if (n > 0 && (in[0] == '/' || memchr(in, '\0', n) != NULL))
		return -1;
	size_t before = out->len;
	for (size_t at = 0; at < n;) {
		size_t len = part_len(in + at, n - at);
		const char *part = in + at;
		at += len + 1;
		if (len == 0 || (len == 1 && part[0] == '.'))
			continue;
		if (is_dots(part, len)) {
			str_cut(out, before);
			return -1;
		}
		if (out->len > before)
			str_addc(out, '/');
		str_addn(out, part, len);
	}
	return 0;
}

/* The rank of a byte in tree order. */
static int
rank(char c)
{
	return c == '/' ? -1 : (unsigned char)c;
}

int
path_cmp(const char *a, size_t an, const char *b, size_t bn)
{
	size_t n = an < bn ? an : bn;
	size_t i = 0;
	/* Neighbours in a tree share long beginnings: take those in words. */
	for (; n - i >= sizeof(uint64_t); i += sizeof(uint64_t)) {
		uint64_t x;
		uint64_t y;
		memcpy(&x, a + i, sizeof(x));
		memcpy(&y, b + i, sizeof(y));
		if (x != y)
			break;
	}
	for (; i < n; i++) {
		if (a[i] != b[i])
			return rank(a[i]) < rank(b[i]) ? -1 : 1;
	}
	return an == bn ? 0 : an < bn ? -1 : 1;
}

bool
path_within(const char *p, size_t n, const char *dir, size_t dn)
{
	if (dn == 0)
		return true;
	if (n < dn || memcmp(p, dir, dn) != 0)
		return false;
	return n == dn || p[dn] == '/';
}

size_t
path_name(const char *p, size_t n)
{
	while (n > 0 && p[n - 1] != '/')
		n--;
	return n;
}

size_t
path_parent(const char *p, size_t n)
{
	size_t name = path_name(p, n);
	return name > 0 ? name - 1 : 0;
}

size_t
path_extension(const char *p, size_t n)
{
	size_t begin = path_name(p, n);
	while (begin < n && p[begin] == '.')
		begin++;
	for (size_t i = n; i > begin; i--) {
		if (p[i - 1] == '.')
			return i < n ? i - 1 : n;
	}
	return n;
}

size_t
path_depth(const char *p, size_t n)
{
	size_t depth = n > 0;
	for (size_t i = 0; i < n; i++)
		depth += p[i] == '/';
	return depth;
}

void
path_join(struct str *out, const char *name, size_t n)
{
	str_reserve(out, n + 1);
	if (out->len > 0)
		str_addc(out, '/');
	str_addn(out, name, n);
}
