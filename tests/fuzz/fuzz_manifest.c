#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/path.h"
#include "fuzz.h"
#include "model/entry.h"
#include "store/manifest.h"
#include "store/manifest_format.h"

/* What later code relies on without looking; and what is written again is the
   same. */
static void
check(const struct manifest *m, const struct roster *r)
{
	struct manifest_cursor c;
	struct str last = STR_INIT, bytes = STR_INIT;
	struct manifest_writer *w = manifest_begin(&m->head, r, &m->seen);
	manifest_open(&c, m);
	for (; !c.claims.ended; claims_next(&c.claims)) {
		const struct claim *now = &c.claims.now;
		CHECK(now->n > 0 && now->n <= CLAIM_VERSIONS);
		CHECK(path_is_safe(now->path, now->path_len));
		CHECK(path_cmp(last.p, last.len, now->path, now->path_len) < 0);
		for (unsigned i = 0; i < now->n; i++)
			CHECK(now->v[i].generation > 0 &&
			    now->v[i].generation <=
				seen_get(&m->seen, now->v[i].machine));
		str_clear(&last);
		str_addn(&last, now->path, now->path_len);
		manifest_add(w, now);
	}
	manifest_end(w, &bytes);
	CHECK(bytes.len > 0);
	manifest_close(&c);
	str_free(&last);
	str_free(&bytes);
}

static void
read_one(const uint8_t *data, size_t size)
{
	struct roster r = {.ids = STRLIST_INIT};
	struct manifest m;
	struct err e;
	if (manifest_parse(&m, &r, mem_copy(data, size), size, &e) == 0 &&
	    manifest_check(&m, &e) == 0)
		check(&m, &r);
	manifest_free(&m);
	roster_free(&r);
}

/* The input: a manifest; no input would ever hit the checksum, so it is put
   right, too. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	read_one(data, size);
	if (size >= MANIFEST_SUM) {
		unsigned char *sealed = mem_alloc(size);
		memcpy(sealed, data, size);
		hash_put(sealed + size - MANIFEST_SUM,
		    hash_of(sealed, size - MANIFEST_SUM));
		read_one(sealed, size);
		free(sealed);
	}
	return 0;
}
