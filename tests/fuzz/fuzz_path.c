#include <string.h>

#include "base/path.h"
#include "fuzz.h"

static void
check_pieces(const char *p, size_t n)
{
	size_t name = path_name(p, n);
	size_t parent = path_parent(p, n);
	size_t extension = path_extension(p, n);
	CHECK(name < n && extension > name && extension <= n);
	CHECK(parent + (parent > 0) == name);
	CHECK(path_within(p, n, p, parent));
	CHECK(path_depth(p, n) == path_depth(p, parent) + 1);
	CHECK(path_cmp(p, parent, p, n) < 0);
	struct str joined = STR_INIT;
	path_join(&joined, p, parent);
	str_clear(&joined);
	str_addn(&joined, p, parent);
	path_join(&joined, p + name, n - name);
	CHECK(joined.len == n && memcmp(joined.p, p, n) == 0);
	str_free(&joined);
}

/* What normalising makes is a tree path, and normalised. */
static void
check_normal(const char *p, size_t n)
{
	struct str once = STR_INIT;
	struct str twice = STR_INIT;
	if (path_normalise(&once, p, n) == 0) {
		CHECK(once.len == 0 || path_is_safe(once.p, once.len));
		CHECK(path_normalise(&twice, once.p, once.len) == 0);
		CHECK(strcmp(once.p, twice.p) == 0);
		if (once.len > 0)
			check_pieces(once.p, once.len);
	} else {
		CHECK(once.len == 0);
		CHECK(!path_is_safe(p, n));
	}
	str_free(&once);
	str_free(&twice);
}

static int
sign(int c)
{
	return (c > 0) - (c < 0);
}

/* Three paths: an order, and what lies below a directory follows it. */
static void
check_order(const char *p, size_t n)
{
	const char *a = p;
	size_t an = n / 3;
	const char *b = a + an;
	size_t bn = n / 3;
	const char *c = b + bn;
	size_t cn = n - an - bn;
	int ab = sign(path_cmp(a, an, b, bn));
	int bc = sign(path_cmp(b, bn, c, cn));
	int ac = sign(path_cmp(a, an, c, cn));
	CHECK(ab == -sign(path_cmp(b, bn, a, an)));
	CHECK((ab == 0) == (an == bn && memcmp(a, b, an) == 0));
	if (ab <= 0 && bc <= 0)
		CHECK(ac <= 0);
	if (path_within(c, cn, a, an) && ab < 0 && bc < 0)
		CHECK(path_within(b, bn, a, an));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p = (const char *)data;
	if (size == 0)
		return 0;
	check_normal(p, size);
	check_order(p, size);
	return 0;
}
