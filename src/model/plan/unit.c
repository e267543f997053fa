#include "model/plan/unit.h"

#include <string.h>

static const char *const suffixes[UNIT_MEMBERS] = {
    "", "-wal", "-shm", "-journal"};

size_t
unit_database(const char *path, size_t n)
{
	for (size_t i = 1; i < UNIT_MEMBERS; i++) {
		size_t len = strlen(suffixes[i]);
		if (n <= len || memcmp(path + n - len, suffixes[i], len) != 0)
			continue;
		return path[n - len - 1] == '/' ? 0 : n - len;
	}
	return 0;
}

void
unit_member(struct str *out, const char *database, size_t n, size_t member)
{
	str_clear(out);
	str_addn(out, database, n);
	str_add(out, suffixes[member]);
}

size_t
unit_group(const char *path, size_t n, bool is_dir, const struct glob *groups,
    size_t ngroups)
{
	if (ngroups == 0)
		return 0;
	for (size_t end = 1; end <= n; end++) {
		if (end < n && path[end] != '/')
			continue;
		for (size_t g = 0; g < ngroups; g++)
			if (glob_match(
				&groups[g], path, end, end < n || is_dir))
				return end;
	}
	return 0;
}
