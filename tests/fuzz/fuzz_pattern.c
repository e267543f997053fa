/*
 * The first line is a pattern, the rest a name: compiling and finding stay in
 * bounds, and what is found at a place is found again when the name begins
 * there.
 */
#include <string.h>

#include "fuzz.h"
#include "model/filter/pattern.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *name = size > 0 ? memchr(text, '\n', size) : NULL;
	if (name == NULL)
		return 0;
	size_t len = (size_t)(name - text);
	size_t n = size - len - 1;
	struct pattern p;
	const char *why = NULL;
	name++;
	if (pattern_compile(&p, text, len, size % 2 == 0, &why) != 0) {
		CHECK(why != NULL && p.ops == NULL);
		return 0;
	}
	size_t from = n + 1, to = n + 1;
	if (pattern_find(&p, name, n, &from, &to)) {
		CHECK(from <= to && to <= n);
		/* '^' and '$' can only be met more easily there. */
		size_t from_again = n + 1, to_again = n + 1;
		CHECK(pattern_find(
		    &p, name + from, to - from, &from_again, &to_again));
		CHECK(from_again == 0 && to_again == to - from);
	}
	pattern_free(&p);
	return 0;
}
