#include "store/zip/zipproof.h"

#include <stdlib.h>

#include "base/mem.h"
#include "store/zip/zipname.h"
#include "store/zip/zipstream.h"

struct zipproof {
	const struct zipread *z;
	struct zipstream *stream;
	struct hash_stream *hash;
	struct str name;
};

struct zipproof *
zipproof_new(const struct zipread *z)
{
	struct zipproof *p = mem_alloc(sizeof(*p));
	p->z = z;
	p->stream = zipstream_new();
	p->hash = hash_open();
	p->name = STR_INIT;
	return p;
}

static int
hash_entry(struct zipproof *p, const struct zipread_entry *entry, struct err *e)
{
	const void *bytes;
	size_t n = 1;
	hash_restart(p->hash);
	if (zipstream_begin(p->stream, p->z, entry, e) != 0)
		return -1;
	while (n > 0) {
		if (zipstream_next(p->stream, &bytes, &n, e) != 0)
			return -1;
		hash_feed(p->hash, bytes, n);
	}
	return 0;
}

int
zipproof_holds(
    struct zipproof *p, const char *path, struct hash want, struct err *e)
{
	str_clear(&p->name);
	zipname_add(&p->name, path);
	const struct zipread_entry *entry =
	    zipread_find(p->z, p->name.p, p->name.len);
	if (entry == NULL)
		return 0;
	return hash_entry(p, entry, e) != 0
	    ? -1
	    : hash_equal(hash_end(p->hash), want);
}

void
zipproof_destroy(struct zipproof *p)
{
	if (p == NULL)
		return;
	zipstream_destroy(p->stream);
	hash_close(p->hash);
	str_free(&p->name);
	free(p);
}
