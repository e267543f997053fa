/*
 * What a plan decides: law g.
 */
#include <stdio.h>
#include <string.h>

#include "base/path.h"
#include "model/cloud/quirks.h"
#include "support/laws_trial.h"

/* ---- g: policies -----------------------------------------------------------
 */

static bool
holds(const struct world *w, enum side s, const struct entry *e)
{
	for (size_t i = 0; i < w->side[s].n; i++)
		if (w->side[s].v[i].type == (enum entry_type)e->type &&
		    w->side[s].v[i].content == (char)e->nlink)
			return true;
	return false;
}

static bool
keeps_both(const struct world *w, const struct plan_conflict *c)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		for (enum side x = SIDE_LOCAL; x < SIDES; x++)
			if (entry_is_content(c->entry[x]) &&
			    !holds(w, s, c->entry[x]))
				return false;
	return true;
}

/* The side whose file is newer, or alone; SIDES: neither. */
static enum side
newer_side(const struct plan_conflict *c)
{
	const struct entry *l = c->entry[SIDE_LOCAL], *r = c->entry[SIDE_CLOUD];
	if (l == NULL || r == NULL)
		return l != NULL ? SIDE_LOCAL : SIDE_CLOUD;
	if (stamp_near(entry_mtime(l), entry_mtime(r), 2))
		return SIDES;
	return l->mtime_sec > r->mtime_sec ? SIDE_LOCAL : SIDE_CLOUD;
}

/* Or nothing at all. */
static bool
is_no_dir(const struct entry *e)
{
	return e == NULL || e->type != ENTRY_DIR;
}

static bool
is_right(const struct trial *t, const struct plan_conflict *c)
{
	enum plan_resolution r = c->resolution;
	bool file =
	    is_no_dir(c->entry[SIDE_LOCAL]) && is_no_dir(c->entry[SIDE_CLOUD]);
	switch (t->before->rules.policy) {
	case PLAN_MANUAL_ABORT:
	case PLAN_MANUAL_SKIP:
		return r == PLAN_UNRESOLVED;
	case PLAN_PREFER_LOCAL:
		return r == PLAN_USED_LOCAL;
	case PLAN_PREFER_CLOUD:
		return r == PLAN_USED_CLOUD;
	case PLAN_PREFER_NEWER:
		if (c->group || !file || r == PLAN_UNRESOLVED)
			return r != PLAN_KEPT_BOTH && r != PLAN_MERGED;
		return newer_side(c) ==
		    (r == PLAN_USED_LOCAL ? SIDE_LOCAL : SIDE_CLOUD);
	case PLAN_KEEP_BOTH:
		return r != PLAN_UNRESOLVED && keeps_both(&t->after, c);
	}
	return false;
}

static bool
has_own_name(const struct plan_conflict *c)
{
	for (size_t n = c->path_len; n > 0; n = path_parent(c->path, n))
		if (quirks_own_copy(c->path, n, NULL))
			return true;
	return false;
}

/* A unit with a name that cannot be held, or told from another, waits. */
static bool
is_hindered(const struct trial *t, const struct plan_conflict *c)
{
	const struct plan *p = &t->first.plan;
	for (size_t i = 0; i < p->nskipped; i++)
		if (p->skipped[i].reason == PLAN_SKIP_INVALID_NAME &&
		    excuses(t->before, c->path, p->skipped[i].path,
			p->skipped[i].path_len))
			return true;
	for (size_t i = 0; i < p->nconflicts; i++)
		if (p->conflicts[i].kind == PLAN_CASE_COLLISION &&
		    excuses(t->before, c->path, p->conflicts[i].path,
			p->conflicts[i].path_len))
			return true;
	return false;
}

/* Conflicts that no policy decides. */
static bool
is_beyond_policy(const struct trial *t, const struct plan_conflict *c)
{
	const struct plan_rules *r = &t->before->rules;
	if (c->kind == PLAN_CASE_COLLISION || c->kind == PLAN_PROVIDER_COPY ||
	    c->resolution == PLAN_MERGED || has_own_name(c) || r->nchoices > 0)
		return true;
	if (c->resolution == PLAN_UNRESOLVED && is_hindered(t, c))
		return true;
	/* A copy may have a name that cannot be held. */
	if (c->resolution == PLAN_UNRESOLVED && r->policy == PLAN_KEEP_BOTH &&
	    (r->who[SIDE_LOCAL] | r->who[SIDE_CLOUD]) != 0)
		return true;
	/* A directory that holds something unknown makes no room. */
	const struct plan *p = &t->first.plan;
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		if (c->entry[s] != NULL && c->entry[s]->type == ENTRY_DIR &&
		    ((c->entry[s]->flags & ENTRY_HOLDS_UNKNOWN) ||
			p->held > 0) &&
		    c->resolution == PLAN_UNRESOLVED)
			return true;
	return false;
}

const char *
check_policy(const struct trial *t)
{
	const struct plan *p = &t->first.plan;
	size_t open = 0;
	for (size_t i = 0; i < p->nconflicts; i++) {
		const struct plan_conflict *c = &p->conflicts[i];
		open += c->resolution == PLAN_UNRESOLVED;
		if (!p->blocked && !is_beyond_policy(t, c) && !is_right(t, c))
			return broken("g: against the policy", c->path);
	}
	if (open != p->unresolved)
		return broken("g: conflicts are miscounted", "");
	bool blocks = t->before->rules.policy == PLAN_MANUAL_ABORT &&
	    open > p->held && !t->before->rules.only_choices;
	return p->blocked == blocks ? NULL : broken("g: blocked or not", "");
}
