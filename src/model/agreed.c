#include "model/agreed.h"

#include "base/path.h"

const struct agreed_record *
agreed_find(const struct agreed *a, const char *path, size_t n)
{
	size_t lo = 0, hi = a->n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct agreed_record *r = &a->v[mid];
		int order = path_cmp(agreed_path(a, r), r->path_len, path, n);
		if (order == 0)
			return r;
		if (order < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}
