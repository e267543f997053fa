#include "store/snapshot/snapread_work.h"

/* Content on its way to whoever wants it. */
struct passage {
	const struct snap_entry *en;
	uint64_t got;
	struct hash_stream *hash;
	zipread_fn *fn;
	void *arg;
};

static int
changed(const struct snap_entry *en, struct err *e)
{
	return err_set(e, ERR_CORRUPT,
	    "'%s' does not hold what the manifest says", en->place);
}

static int
pass(struct passage *p, const void *bytes, size_t n, struct err *e)
{
	/* No more is handed out than there is to be. */
	if (n > p->en->was.size - p->got && !p->en->unsettled)
		return changed(p->en, e);
	p->got += n;
	hash_feed(p->hash, bytes, n);
	return p->fn(p->arg, bytes, n, e);
}

static struct snapdir *
find_dir(struct snapread *r, const struct snap_entry *en)
{
	return en->raw ? &r->in_raw : &r->in_root;
}

static int
locate(struct plat_dir **d, const char **name, struct plat_stat *st,
    struct snapread *r, const struct snap_entry *en, struct err *e)
{
	int rc =
	    snapdir_at(find_dir(r, en), en->place, en->place_len, d, name, e);
	if (rc == 0)
		rc = plat_stat(st, *d, *name, e);
	return rc == 1 ? err_set(e, ERR_CORRUPT, "'%s' is missing", en->place)
		       : rc;
}

static int
pass_file(struct passage *p, struct snapread *r, struct plat_dir *d,
    const char *name, struct err *e)
{
	struct plat_file f = PLAT_FILE_NONE;
	size_t got = 1;
	int rc = plat_open(&f, d, name, e);
	if (rc == 1)
		return err_set(e, ERR_CORRUPT, "'%s' is missing", p->en->place);
	while (rc == 0 && got > 0) {
		rc = plat_read(f, r->buffer, sizeof(r->buffer), &got, e);
		if (rc == 0 && got > 0)
			rc = pass(p, r->buffer, got, e);
	}
	(void)plat_close(&f, NULL);
	return rc;
}

static int
pass_loose(struct passage *p, struct snapread *r, struct err *e)
{
	struct plat_dir *d;
	const char *name;
	struct plat_stat st = {.type = PLAT_OTHER};
	if (locate(&d, &name, &st, r, p->en, e) != 0)
		return -1;
	if (st.type != PLAT_LINK)
		return pass_file(p, r, d, name, e);
	if (p->en->was.type != ENTRY_LINK)
		return changed(p->en, e);
	struct str target = STR_INIT;
	int rc = plat_readlink(&target, d, name, e);
	if (rc == 0)
		rc = pass(p, target.p, target.len, e);
	str_free(&target);
	return rc;
}

static int
pass_packed(struct passage *p, struct snapread *r, struct err *e)
{
	const struct zipread_entry *entry = snapread_entry(r, p->en->place);
	const void *bytes;
	size_t n = 1;
	if (entry == NULL)
		return err_set(e, ERR_CORRUPT, "'%s' is missing", p->en->place);
	int rc = zipstream_begin(r->stream, r->z, entry, e);
	while (rc == 0 && n > 0) {
		rc = zipstream_next(r->stream, &bytes, &n, e);
		if (rc == 0 && n > 0)
			rc = pass(p, bytes, n, e);
	}
	return rc;
}

int
snapread_content(struct snapread *r, const struct snap_entry *en,
    zipread_fn *fn, void *arg, struct err *e)
{
	struct passage p = {
	    .en = en, .hash = hash_open(), .fn = fn, .arg = arg};
	bool loose = !r->zip || en->raw;
	int rc = loose ? pass_loose(&p, r, e) : pass_packed(&p, r, e);
	/* What somebody goes on writing to was described as of one moment. */
	if (rc == 0 && !en->unsettled &&
	    (p.got != en->was.size ||
		!hash_equal(hash_end(p.hash), en->was.hash)))
		rc = changed(en, e);
	hash_close(p.hash);
	return rc;
}

/* ---- other ways in ------------------------------------------------------- */

/* No system has longer ones. */
enum { TARGET_MAX = 64 * 1024 };

static int
add_target(void *arg, const void *bytes, size_t n, struct err *e)
{
	struct str *out = arg;
	str_addn(out, bytes, n);
	return out->len <= TARGET_MAX
	    ? 0
	    : err_set(e, ERR_CORRUPT, "a link leads too far");
}

int
snapread_target(struct str *out, struct snapread *r,
    const struct snap_entry *en, struct err *e)
{
	struct str target = STR_INIT;
	int rc = snapread_content(r, en, add_target, &target, e);
	if (rc == 0)
		str_addn(out, target.p, target.len);
	str_free(&target);
	return rc;
}

int
snapread_file(struct plat_file *out, struct snapread *r,
    const struct snap_entry *en, struct err *e)
{
	struct plat_dir *d;
	const char *name;
	struct plat_stat st = {.type = PLAT_OTHER};
	if (r->zip && !en->raw)
		return 1;
	if (locate(&d, &name, &st, r, en, e) != 0)
		return -1;
	int rc = plat_open(out, d, name, e);
	return rc == 1 ? err_set(e, ERR_CORRUPT, "'%s' is missing", en->place)
		       : rc;
}
