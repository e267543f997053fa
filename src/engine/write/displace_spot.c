/*
 * Where a deed is done: what lies there, and keeping what lies under our names.
 */
#include <string.h>

#include "engine/write/displace_work.h"

void
displace_find_own(struct displacer *d, const struct intent *i, struct spot *out)
{
	out->site = &d->sites[i->side];
	out->stage = out->site->work;
	str_clear(&d->staged);
	site_stage_name(&d->staged, d->stage, i->seq);
	str_clear(&d->aside);
	str_addn(&d->aside, d->staged.p, d->staged.len - strlen(".tmp"));
	str_add(&d->aside, "-old.tmp");
	out->staged = d->staged.p;
	out->aside = d->aside.p;
}

int
displace_find_spot(struct displacer *d, const struct intent *i,
    struct spot *out, struct err *e)
{
	struct err why = {.code = ERR_NONE};
	displace_find_own(d, i, out);
	int rc = dircache_at(
	    &d->to[i->side], i->path, i->path_len, &out->dir, &out->name, &why);
	if (rc < 0 && why.code == ERR_TYPE)
		return 1;
	if (rc < 0)
		*e = why;
	return rc;
}

static enum entry_type
type_of(const struct plat_stat *st)
{
	switch (st->type) {
	case PLAT_FILE:
		return ENTRY_FILE;
	case PLAT_DIR:
		return ENTRY_DIR;
	case PLAT_LINK:
		return ENTRY_LINK;
	case PLAT_OTHER:
		break;
	}
	return ENTRY_UNKNOWN;
}

bool
displace_is(const struct site *site, const struct plat_stat *st,
    const struct fingerprint *f)
{
	if (type_of(st) != f->type)
		return false;
	if (f->type == ENTRY_DIR)
		return true;
	return st->size == f->size && stamp_cmp(st->mtime, f->mtime) == 0 &&
	    (site->volume.remote || f->ino == 0 || st->ino == 0 ||
		st->ino == f->ino);
}

int
displace_is_at(const struct spot *s, struct plat_dir *d, const char *name,
    const struct fingerprint *f, struct err *e)
{
	struct plat_stat st;
	int rc = plat_stat(&st, d, name, e);
	return rc < 0 ? -1 : rc == 0 && displace_is(s->site, &st, f);
}

bool
displace_is_left(const struct spot *s, const char *own)
{
	struct plat_stat st;
	return plat_stat(&st, s->stage, own, NULL) != 1;
}

/* Somebody's bytes lie under a name of ours and their own name is taken by
   something newer: they are kept like any other victim. */
int
displace_keep_from(struct displacer *d, const struct intent *i,
    const struct spot *s, const char *own, struct err *e)
{
	const struct snapshot_victim victim = {
	    .side = (enum side)i->side,
	    .path = i->path,
	    .path_len = i->path_len,
	    .dir = s->stage,
	    .name = own,
	};
	return snapshot_keep(d->snapshot, &victim, e);
}

int
displace_keep_left(struct displacer *d, const struct intent *i,
    const struct spot *s, struct err *e)
{
	const char *own[] = {s->staged, s->aside};
	for (size_t k = 0; k < COUNT_OF(own); k++) {
		struct plat_stat st;
		int rc = plat_stat(&st, s->stage, own[k], e);
		if (rc == 0 && !displace_is(s->site, &st, &i->put))
			rc = displace_keep_from(d, i, s, own[k], e);
		if (rc < 0)
			return -1;
	}
	return 0;
}
