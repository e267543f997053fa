#include "store/snapshot/snapdigest.h"

#include <string.h>

void
snapdigest_line(struct str *out, struct hash hash, const char *of)
{
	char hex[HASH_HEX_SIZE];
	str_addf(out, "%s  %s\n", hash_hex(hex, hash), of);
}

/* All of it, as long as it is no longer than *want*. */
static int
holds(struct plat_file f, const struct str *want, struct err *e)
{
	char piece[64];
	size_t at = 0, got = 1;
	while (got > 0) {
		if (plat_read(f, piece, sizeof(piece), &got, e) != 0)
			return -1;
		if (got > want->len - at ||
		    memcmp(piece, want->p + at, got) != 0)
			return 0;
		at += got;
	}
	return at == want->len;
}

int
snapdigest_check(struct plat_dir *d, const char *name, const char *of,
    struct hash hash, struct err *e)
{
	struct plat_file f = PLAT_FILE_NONE;
	struct str want = STR_INIT;
	int rc = plat_open(&f, d, name, e);
	if (rc == 1)
		return err_set(e, ERR_CORRUPT, "'%s' is missing", name);
	snapdigest_line(&want, hash, of);
	if (rc == 0)
		rc = holds(f, &want, e);
	(void)plat_close(&f, NULL);
	str_free(&want);
	return rc == 0
	    ? err_set(e, ERR_CORRUPT,
		  "'%s' is not as it was when its digest was made", of)
	    : rc == 1 ? 0
		      : -1;
}
