#include "engine/write/displace_work.h"

/*
 * A dead run left an intent and no word of its end. What lies under the path
 * and under the intent's own names tells how far it got; from there on it goes
 * forward, because all it needs was staged and synced before.
 */

static int
there(struct plat_dir *d, const char *name, struct err *e)
{
	struct plat_stat st;
	int rc = plat_stat(&st, d, name, e);
	return rc < 0 ? -1 : rc == 0;
}

/* One file under two names: a link-and-rename was cut short. */
static int
same_inode(const struct spot *s, const char *own, struct err *e)
{
	struct plat_stat a, b;
	int rc = plat_stat(&a, s->stage, own, e);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	rc = plat_stat(&b, s->dir, s->name, e);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	return a.ino != 0 && a.ino == b.ino && a.dev == b.dev;
}

/* What was displaced lies under *own*. It was verified, or it is now: if it is
   not what the plan saw, it gets its name back. */
static int
verify(struct displacer *d, struct deed *deed, const struct spot *s,
    const char *own, struct err *e)
{
	const struct intent *i = &deed->intent;
	int as_seen = displace_is_at(s, s->stage, own, &i->victim, e);
	if (as_seen < 0)
		return -1;
	deed->aside = own == s->aside;
	if (as_seen == 1)
		return 0;
	deed->stuck = true;
	if (displace_undo_at(d, deed, s, e) != 0)
		return -1;
	deed->stuck = false;
	return 1;
}

/* Where the new content has its name, whatever lies under one of ours is what
   it displaced; nothing there was kept already. */
static int
resume_arrived(
    struct displacer *d, struct deed *deed, const struct spot *s, struct err *e)
{
	int twin = same_inode(s, s->staged, e);
	if (twin < 0)
		return -1;
	if (twin == 1 && plat_unlink(s->stage, s->staged, e) < 0)
		return -1;
	int staged = there(s->stage, s->staged, e);
	int aside = there(s->stage, s->aside, e);
	if (staged < 0 || aside < 0)
		return -1;
	if (aside == 1 || staged == 1)
		return verify(d, deed, s, aside ? s->aside : s->staged, e);
	deed->kept = true;
	return 0;
}

/* The fallback had put the victim aside, the new content was still to come. */
static int
resume_halfway(
    struct displacer *d, struct deed *deed, const struct spot *s, struct err *e)
{
	int twin = same_inode(s, s->aside, e);
	if (twin < 0)
		return -1;
	if (twin == 1) { /* only linked so far */
		if (plat_unlink(s->stage, s->aside, e) < 0)
			return -1;
		return displace_do_at(d, deed, s, e);
	}
	int rc = trade_in(s, e);
	if (rc == 0)
		return verify(d, deed, s, s->aside, e);
	/* Somebody made a new file of that name: it stays. */
	if (rc == 1 &&
	    displace_keep_from(d, &deed->intent, s, s->aside, e) != 0)
		return -1;
	return rc;
}

/*
 * What we staged is neither waiting nor in its place, and was not given up, for
 * the journal would say so. So it has been there, and somebody changed it
 * since. Where there is nothing any more, or again what the plan saw, it might
 * as well never have been there: that is no reason to delete anything.
 */
static int
resume_changed(
    struct displacer *d, struct deed *deed, const struct spot *s, struct err *e)
{
	const struct intent *i = &deed->intent;
	if (displace_keep_left(d, i, s, e) != 0)
		return -1;
	int present = there(s->dir, s->name, e);
	int as_seen = displace_is_at(s, s->dir, s->name, &i->victim, e);
	if (present < 0 || as_seen < 0)
		return -1;
	deed->kept = true;
	return present == 1 && as_seen == 0 ? 0 : 1;
}

static int
resume_put(
    struct displacer *d, struct deed *deed, const struct spot *s, struct err *e)
{
	const struct intent *i = &deed->intent;
	int arrived = displace_is_at(s, s->dir, s->name, &i->put, e);
	int waiting = displace_is_at(s, s->stage, s->staged, &i->put, e);
	int aside = there(s->stage, s->aside, e);
	if (arrived < 0 || waiting < 0 || aside < 0)
		return -1;
	if (arrived == 1)
		return resume_arrived(d, deed, s, e);
	if (waiting == 0)
		return resume_changed(d, deed, s, e);
	return aside == 1 ? resume_halfway(d, deed, s, e)
			  : displace_do_at(d, deed, s, e);
}

/* In a unit, a directory may have come in the place of what was removed. */
static int
dir_came(const struct deed *deed, const struct spot *s, struct err *e)
{
	struct plat_stat st;
	int rc = plat_stat(&st, s->dir, s->name, e);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	return st.type == PLAT_DIR && deed->intent.victim.type != ENTRY_DIR;
}

static int
resume_remove(
    struct displacer *d, struct deed *deed, const struct spot *s, struct err *e)
{
	int away = there(s->stage, s->staged, e);
	int present = there(s->dir, s->name, e);
	int twin = same_inode(s, s->staged, e);
	int dir = dir_came(deed, s, e);
	if (away < 0 || present < 0 || twin < 0 || dir < 0)
		return -1;
	if (away == 0 && dir == 1)
		present = 0;
	if (twin == 1 && plat_unlink(s->stage, s->staged, e) < 0)
		return -1;
	if (twin == 1 || (away == 0 && present == 1))
		return displace_do_at(d, deed, s, e);
	if (away == 1)
		return verify(d, deed, s, s->staged, e);
	deed->kept = true;
	return 0;
}

static int
resume_move(
    struct displacer *d, struct deed *deed, const struct spot *s, struct err *e)
{
	const struct intent *i = &deed->intent;
	struct plat_dir *dir;
	const char *name;
	int present = there(s->dir, s->name, e);
	int rc = dircache_at(
	    &d->from[i->side], i->from, i->from_len, &dir, &name, e);
	if (present < 0 || rc < 0)
		return -1;
	int left = rc == 1 ? 0 : there(dir, name, e);
	if (left < 0)
		return -1;
	/* It has moved, whatever became of it there. */
	if (present == 1 && left == 0)
		return 0;
	return displace_do_at(d, deed, s, e);
}

static int
resume_rmdir(
    struct displacer *d, struct deed *deed, const struct spot *s, struct err *e)
{
	struct plat_stat st;
	int rc = plat_stat(&st, s->dir, s->name, e);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	/* In a unit, something else may have taken its place since. */
	return st.type == PLAT_DIR ? displace_do_at(d, deed, s, e) : 0;
}

int
displace_resume_at(
    struct displacer *d, struct deed *deed, const struct spot *s, struct err *e)
{
	switch ((enum intent_kind)deed->intent.kind) {
	case INTENT_PUT:
		return resume_put(d, deed, s, e);
	case INTENT_REMOVE:
		return resume_remove(d, deed, s, e);
	case INTENT_MOVE:
		return resume_move(d, deed, s, e);
	case INTENT_RMDIR:
		return resume_rmdir(d, deed, s, e);
	case INTENT_MKDIR:
		return displace_do_at(d, deed, s, e);
	default:
		return 0;
	}
}

int
displace_resume_gone(
    struct displacer *d, struct deed *deed, const struct spot *s, struct err *e)
{
	const struct intent *i = &deed->intent;
	int away = there(s->stage, s->staged, e);
	int as_seen = displace_is_at(s, s->stage, s->staged, &i->victim, e);
	if (away < 0 || as_seen < 0)
		return -1;
	bool remove = i->kind == INTENT_REMOVE;
	deed->applied =
	    i->kind == INTENT_RMDIR || (remove && (away == 0 || as_seen == 1));
	deed->kept = remove && away == 0;
	if (!deed->applied && displace_keep_left(d, i, s, e) != 0)
		return -1;
	deed->done = true;
	return deed->applied ? 0 : 1;
}
