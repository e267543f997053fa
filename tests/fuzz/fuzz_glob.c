#include <string.h>

#include "base/glob.h"
#include "base/path.h"
#include "fuzz.h"

/* Where the pattern matches, no directory on the way may be skipped. */
static void
check_below(const struct glob *g, const char *path, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || path[i] == '/')
			CHECK(glob_may_match_below(g, path, i));
	}
}

/* The input: one line of an ignore file, and below it a path. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	const char *line = (const char *)data;
	const char *end = memchr(line, '\n', size);
	size_t line_len = end != NULL ? (size_t)(end - line) : size;
	const char *path = end != NULL ? end + 1 : line;
	size_t path_len = end != NULL ? size - line_len - 1 : size;
	struct glob g;
	const char *why = NULL;
	int rc = glob_parse(&g, line, line_len, &why);
	CHECK((rc < 0) == (why != NULL));
	CHECK((rc == 0) == (g.pattern != NULL));
	if (rc != 0)
		return 0;
	for (int fold = 0; fold < 2; fold++) {
		g.fold_case = fold == 1;
		bool as_file = glob_match(&g, path, path_len, false);
		bool as_dir = glob_match(&g, path, path_len, true);
		CHECK(as_dir || !as_file);
		CHECK(as_dir == as_file || g.dirs_only);
		if (as_dir && path_is_safe(path, path_len))
			check_below(&g, path, path_len);
		glob_may_match_below(&g, path, path_len);
	}
	glob_free(&g);
	return 0;
}
