#include "engine/past/undo_work.h"

#include <string.h>

#include "model/plan/unit.h"
#include "model/story.h"

static bool
same_content(const struct entry *e, const struct hash *h)
{
	return e->u.hash != NULL && hash_equal(*e->u.hash, *h);
}

/* Is what lies there what the run left? Content decides; where its hash was
   never known, time and size. */
static bool
is_as_left(const struct undo *u, const struct undoing *d)
{
	const struct fingerprint *left = &d->en->now;
	const struct entry *now = d->now;
	enum side s = (enum side)d->en->side;
	if (now == NULL || now->type != left->type)
		return false;
	if (now->type == ENTRY_DIR)
		return true;
	if (now->size != left->size)
		return false;
	if (now->type == ENTRY_FILE && u->b->glance.sites[s].volume.exec_bit &&
	    ((now->flags & ENTRY_EXEC) != 0) != left->exec)
		return false;
	return left->hashed ? same_content(now, &left->hash)
			    : stamp_cmp(entry_mtime(now), left->mtime) == 0;
}

/* ---- the other side ---- */

/* Does it hold what both sides have agreed on? */
static int
differs_from_agreed(bool *out, const struct undo *u, enum side s,
    const char *path, size_t n, struct err *e)
{
	const struct agreed_record *r = agreed_find(u->agreed, path, n);
	const struct entry *now;
	if (glance_at(&now, &u->b->glance, s, path, n, e) != 0)
		return -1;
	if (r == NULL || !agreed_present(r, s)) {
		*out = now != NULL;
		return 0;
	}
	struct hash hash = agreed_hash(r);
	*out = now == NULL || now->type != r->type ||
	    (now->type != ENTRY_DIR &&
		(now->size != r->size || !same_content(now, &hash)));
	return 0;
}

/* The ledger speaks of what the run left only if that was agreed, and nothing
   else has been since. */
static bool
is_agreed(const struct undo *u, const struct snap_entry *en)
{
	const struct agreed_record *r =
	    agreed_find(u->agreed, en->path, en->path_len);
	if (en->what == SNAP_DELETED)
		return r == NULL;
	return r != NULL && r->type == en->now.type && en->now.hashed &&
	    hash_equal(agreed_hash(r), en->now.hash);
}

static int
look_across(struct undoing *d, const struct undo *u, struct err *e)
{
	const struct snap_entry *en = d->en;
	enum side other = side_other((enum side)en->side);
	bool content = en->what == SNAP_DELETED || en->what == SNAP_CREATED ||
	    en->what == SNAP_REPLACED || en->what == SNAP_MOVED;
	if (d->changed || !content || en->now.type == ENTRY_DIR ||
	    story_memory(u->manifest->about.reason) != STORY_AGREES ||
	    !is_agreed(u, en))
		return 0;
	return differs_from_agreed(
	    &d->changed, u, other, en->path, en->path_len, e);
}

/* ---- this side ---- */

int
undo_look(struct undoing *d, const struct undoing *later, const struct undo *u,
    struct err *e)
{
	const struct snap_entry *en = d->en;
	if (later != NULL)
		return 0;
	if (glance_at(&d->now, &u->b->glance, (enum side)en->side, en->path,
		en->path_len, e) != 0)
		return -1;
	switch ((enum snap_what)en->what) {
	case SNAP_CREATED:
	case SNAP_REPLACED:
	case SNAP_MOVED:
		d->changed = !is_as_left(u, d);
		break;
	case SNAP_DELETED:
		d->changed = d->now != NULL;
		break;
	case SNAP_REMOVED:
	case SNAP_MADE:
		d->changed = d->now != NULL && d->now->type != ENTRY_DIR;
		break;
	default:
		break;
	}
	return look_across(d, u, e);
}

int
undo_look_beside(struct undoing *d, const struct undo *u, struct err *e)
{
	const struct snap_entry *en = d->en;
	struct str member = STR_INIT;
	int rc = 0;
	if ((en->now.type != ENTRY_FILE && en->was.type != ENTRY_FILE) ||
	    unit_database(en->path, en->path_len) > 0)
		return 0;
	for (size_t m = 1; m < UNIT_MEMBERS && rc == 0 && !d->changed; m++) {
		unit_member(&member, en->path, en->path_len, m);
		if (!back_told(u->b, (enum side)en->side, member.p, member.len))
			rc = differs_from_agreed(&d->changed, u,
			    (enum side)en->side, member.p, member.len, e);
	}
	str_free(&member);
	return rc;
}
