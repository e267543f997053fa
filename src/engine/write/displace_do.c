#include "engine/write/displace_work.h"

/* Taken back because it was not what the plan saw: 1. */
static int
take_back(
    struct displacer *d, struct deed *deed, const struct spot *s, struct err *e)
{
	deed->stuck = true;
	if (displace_undo_at(d, deed, s, e) != 0)
		return -1;
	deed->stuck = false;
	return 1;
}

/* What a failure that only says "not there" means: the path has changed. */
static int
changed_or_failed(const struct err *why, struct err *e)
{
	if (why->code == ERR_NOTFOUND || why->code == ERR_TYPE)
		return 1;
	return err_pass(e, why);
}

static int
put_new(struct deed *deed, const struct spot *s, struct err *e)
{
	struct err why = {.code = ERR_NONE};
	int rc = trade_in(s, &why);
	deed->stuck = rc == TRADE_HALFWAY;
	return rc < 0 ? changed_or_failed(&why, e) : rc;
}

static int
put_over(
    struct displacer *d, struct deed *deed, const struct spot *s, struct err *e)
{
	const struct intent *i = &deed->intent;
	struct err why = {.code = ERR_NONE};
	const char *at;
	int rc = trade_over(s, &at, &why);
	deed->aside = at == s->aside;
	if (rc < 0) {
		/* Where the victim could not be given its name back. */
		deed->stuck = displace_is_left(s, s->aside);
		return changed_or_failed(&why, e);
	}
	if (rc == 1) { /* somebody took the name while it was free */
		deed->stuck = displace_keep_from(d, i, s, s->aside, e) != 0;
		return deed->stuck ? -1 : 1;
	}
	int as_seen = displace_is_at(s, s->stage, at, &i->victim, e);
	if (as_seen == 1)
		return 0;
	deed->stuck = as_seen < 0;
	return as_seen < 0 ? -1 : take_back(d, deed, s, e);
}

static int
do_remove(
    struct displacer *d, struct deed *deed, const struct spot *s, struct err *e)
{
	struct err why = {.code = ERR_NONE};
	int rc = trade_out(s, &why);
	deed->stuck = rc == TRADE_HALFWAY;
	if (rc != 0)
		return changed_or_failed(&why, e);
	int as_seen =
	    displace_is_at(s, s->stage, s->staged, &deed->intent.victim, e);
	if (as_seen == 1)
		return 0;
	deed->stuck = as_seen < 0;
	return as_seen < 0 ? -1 : take_back(d, deed, s, e);
}

static int
do_move(
    struct displacer *d, struct deed *deed, const struct spot *s, struct err *e)
{
	const struct intent *i = &deed->intent;
	struct err why = {.code = ERR_NONE};
	struct plat_dir *dir;
	const char *name;
	int rc = dircache_at(
	    &d->from[i->side], i->from, i->from_len, &dir, &name, e);
	if (rc == 0)
		rc = trade_rename(dir, name, s->dir, s->name, &why);
	deed->stuck = rc == TRADE_HALFWAY;
	if (rc != 0)
		return rc == 1 ? 1 : changed_or_failed(&why, e);
	int as_seen = displace_is_at(s, s->dir, s->name, &i->victim, e);
	if (as_seen == 1)
		return 0;
	deed->stuck = as_seen < 0;
	return as_seen < 0 ? -1 : take_back(d, deed, s, e);
}

static int
do_mkdir(struct deed *deed, const struct spot *s, struct err *e)
{
	struct err why = {.code = ERR_NONE};
	struct plat_stat st;
	uint32_t mode = deed->intent.put.mode | 0700;
	if (plat_mkdir(s->dir, s->name, mode, &why) == 0)
		return 0;
	if (why.code != ERR_EXISTS)
		return err_pass(e, &why);
	int rc = plat_stat(&st, s->dir, s->name, e);
	if (rc < 0)
		return -1;
	return rc == 0 && st.type == PLAT_DIR ? 0 : 1;
}

static int
do_rmdir(struct displacer *d, const struct spot *s, struct err *e)
{
	/* Where an open directory cannot be removed, it must not be ours. */
	dircache_forget(&d->from[s->site->side]);
	int rc = plat_rmdir(s->dir, s->name, e);
	return rc == 2 ? 1 : rc < 0 ? -1 : 0;
}

int
displace_do_at(
    struct displacer *d, struct deed *deed, const struct spot *s, struct err *e)
{
	switch ((enum intent_kind)deed->intent.kind) {
	case INTENT_PUT:
		return deed->intent.victim.type == ENTRY_NONE
		    ? put_new(deed, s, e)
		    : put_over(d, deed, s, e);
	case INTENT_REMOVE:
		return do_remove(d, deed, s, e);
	case INTENT_MOVE:
		return do_move(d, deed, s, e);
	case INTENT_MKDIR:
		return do_mkdir(deed, s, e);
	case INTENT_RMDIR:
		return do_rmdir(d, s, e);
	default:
		return 0;
	}
}
