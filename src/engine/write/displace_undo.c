#include "engine/write/displace_work.h"

/*
 * The way back. What was staged ends under its own name again, and stays there
 * until it is discarded; what a user wrote ends under its path or, where that
 * is taken by something newer, in the snapshot.
 */

/* What was displaced gets its free name back, or is kept. */
static int
give_back(struct displacer *d, const struct intent *i, const struct spot *s,
    const char *own, struct err *e)
{
	int rc = trade_back(s, own, e);
	return rc == 1 ? displace_keep_from(d, i, s, own, e) : rc;
}

/* Nothing was there before: what we put comes away again, if it is still ours;
   an edit somebody made of it is theirs. */
static int
undo_new(struct displacer *d, const struct intent *i, const struct spot *s,
    struct err *e)
{
	int ours = displace_is_at(s, s->dir, s->name, &i->put, e);
	if (ours != 1)
		return ours;
	int rc = trade_out(s, e);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	ours = displace_is_at(s, s->stage, s->staged, &i->put, e);
	if (ours != 0)
		return ours < 0 ? -1 : 0;
	return give_back(d, i, s, s->staged, e);
}

/*
 * The victim trades places with what we put. Whoever wrote over that meanwhile
 * keeps the name: what they wrote is newer than the victim.
 */
static int
undo_over(
    struct displacer *d, struct deed *deed, const struct spot *s, struct err *e)
{
	const struct intent *i = &deed->intent;
	struct spot back = *s;
	const char *at;
	if (deed->aside) {
		back.staged = s->aside;
		back.aside = s->staged;
	}
	int ours = displace_is_at(s, s->dir, s->name, &i->put, e);
	if (ours < 0)
		return -1;
	if (ours == 0)
		return give_back(d, i, s, back.staged, e);
	int rc = trade_over(&back, &at, e);
	if (rc < 0)
		return -1;
	/* Ours is out. So is, between two looks, what somebody wrote over it,
	   or the victim, whose name somebody took. */
	return displace_keep_left(d, i, s, e);
}

static int
undo_move(struct displacer *d, const struct intent *i, const struct spot *s,
    struct err *e)
{
	struct plat_dir *dir;
	const char *name;
	int rc = dircache_at(
	    &d->from[i->side], i->from, i->from_len, &dir, &name, e);
	if (rc != 0)
		return rc < 0
		    ? -1
		    : err_set(e, ERR_NOTFOUND, "its directory is gone");
	rc = trade_rename(s->dir, s->name, dir, name, e);
	return rc < 0 ? -1 : 0;
}

static int
undo_rmdir(const struct intent *i, const struct spot *s, struct err *e)
{
	struct err why = {.code = ERR_NONE};
	if (plat_mkdir(s->dir, s->name, i->victim.mode | 0700, &why) == 0 ||
	    why.code == ERR_EXISTS)
		return 0;
	*e = why;
	return -1;
}

int
displace_undo_at(
    struct displacer *d, struct deed *deed, const struct spot *s, struct err *e)
{
	const struct intent *i = &deed->intent;
	switch ((enum intent_kind)i->kind) {
	case INTENT_PUT:
		return i->victim.type == ENTRY_NONE ? undo_new(d, i, s, e)
						    : undo_over(d, deed, s, e);
	case INTENT_REMOVE:
		return give_back(d, i, s, s->staged, e);
	case INTENT_MOVE:
		return undo_move(d, i, s, e);
	case INTENT_MKDIR:
		return plat_rmdir(s->dir, s->name, e) < 0 ? -1 : 0;
	case INTENT_RMDIR:
		return undo_rmdir(i, s, e);
	default:
		return 0;
	}
}
