#include "engine/write/displace.h"

#include "engine/write/displace_work.h"

void
displacer_init(struct displacer *d, const struct site sites[SIDES],
    const char *stage, struct snapshot *snapshot)
{
	*d = (struct displacer){.sites = sites,
	    .stage = stage,
	    .snapshot = snapshot,
	    .staged = STR_INIT,
	    .aside = STR_INIT};
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		dircache_init(&d->to[s], sites[s].root);
		dircache_init(&d->from[s], sites[s].root);
	}
}

void
displacer_forget(struct displacer *d)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		dircache_forget(&d->to[s]);
		dircache_forget(&d->from[s]);
	}
}

void
displacer_free(struct displacer *d)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		dircache_free(&d->to[s]);
		dircache_free(&d->from[s]);
	}
	str_free(&d->staged);
	str_free(&d->aside);
}

/*
 * What the path looks like now that the deed is done. Somebody may have written
 * there since; then what we put is what was agreed, and the next run sees their
 * change as one.
 */
static void
observe(struct deed *deed, const struct spot *s)
{
	struct plat_stat st;
	deed->now = deed->intent.put;
	if (plat_stat(&st, s->dir, s->name, NULL) != 0 ||
	    !displace_is(s->site, &st, &deed->now)) {
		deed->now.racy = true;
		return;
	}
	deed->now.mode = (uint16_t)(st.mode & 0777);
	deed->now.exec = st.type == PLAT_FILE && (st.mode & 0100) != 0;
	deed->now.ino = st.ino;
	deed->now.mtime = st.mtime;
	deed->now.ctime = st.ctime;
}

static int
finish(struct deed *deed, const struct spot *s, int rc)
{
	enum intent_kind kind = (enum intent_kind)deed->intent.kind;
	bool leaves =
	    kind == INTENT_PUT || kind == INTENT_MOVE || kind == INTENT_MKDIR;
	deed->done = !deed->stuck;
	deed->applied = rc == 0;
	if (rc == 0 && leaves)
		observe(deed, s);
	return rc;
}

int
displace_do(struct displacer *d, struct deed *deed, struct err *e)
{
	struct spot s;
	int rc = displace_find_spot(d, &deed->intent, &s, e);
	if (rc == 0)
		return finish(deed, &s, displace_do_at(d, deed, &s, e));
	deed->done = true;
	return rc;
}

static bool
has_victim(const struct intent *i)
{
	return i->kind == INTENT_REMOVE ||
	    (i->kind == INTENT_PUT && i->victim.type != ENTRY_NONE);
}

int
displace_keep(struct displacer *d, struct deed *deed, struct err *e)
{
	struct spot s;
	if (!has_victim(&deed->intent) || deed->kept)
		return 0;
	/* The directory it lay in may have become a file by now. */
	displace_find_own(d, &deed->intent, &s);
	const char *own = deed->aside ? s.aside : s.staged;
	if (displace_keep_from(d, &deed->intent, &s, own, e) != 0)
		return -1;
	deed->kept = true;
	return 0;
}

int
displace_undo(struct displacer *d, struct deed *deed, struct err *e)
{
	struct spot s;
	int rc = displace_find_spot(d, &deed->intent, &s, e);
	deed->stuck = true;
	if (rc == 0)
		rc = displace_undo_at(d, deed, &s, e);
	else if (rc == 1) /* nowhere to go back to */
		rc = displace_keep_left(d, &deed->intent, &s, e);
	if (rc != 0)
		return -1;
	deed->stuck = false;
	deed->applied = false;
	return 0;
}

int
displace_discard(struct displacer *d, struct deed *deed, struct err *e)
{
	const struct fingerprint *put = &deed->intent.put;
	struct plat_stat st;
	struct spot s;
	deed->done = true;
	if (deed->intent.kind != INTENT_PUT)
		return 0;
	displace_find_own(d, &deed->intent, &s);
	int rc = plat_stat(&st, s.stage, s.staged, e);
	if (rc == 0 && displace_is(s.site, &st, put))
		rc = plat_unlink(s.stage, s.staged, e);
	return rc < 0 ? -1 : 0;
}

int
displace_resume(struct displacer *d, struct deed *deed, struct err *e)
{
	struct spot s;
	if (deed->done) {
		/* A power cut may have brought the victim back. */
		displace_find_own(d, &deed->intent, &s);
		deed->kept = true;
		if (displace_keep_left(d, &deed->intent, &s, e) != 0)
			return -1;
		return deed->applied ? 0 : 1;
	}
	int rc = displace_find_spot(d, &deed->intent, &s, e);
	if (rc == 0)
		return finish(deed, &s, displace_resume_at(d, deed, &s, e));
	return rc < 0 ? -1 : displace_resume_gone(d, deed, &s, e);
}
