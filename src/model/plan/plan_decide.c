/*
 * The case table of docs/cases.md: what one path's two states mean. Rows are
 * cited by number.
 */
#include "base/glob.h"
#include "model/plan/plan_work.h"

/* ---- unknown ---- */

static enum plan_skip
skip_reason(uint8_t why)
{
	switch ((enum entry_unknown)why) {
	case UNKNOWN_SYMLINK:
		return PLAN_SKIP_SYMLINK;
	case UNKNOWN_SPECIAL:
		return PLAN_SKIP_SPECIAL;
	case UNKNOWN_INVALID_NAME:
	case UNKNOWN_COLLISION:
		return PLAN_SKIP_INVALID_NAME;
	case UNKNOWN_HELD_COPY:
		return PLAN_SKIP_HELD_COPY;
	case UNKNOWN_PLACEHOLDER:
		return PLAN_SKIP_PLACEHOLDER;
	default:
		return PLAN_SKIP_UNREADABLE;
	}
}

bool
plan_is_left_out(const struct item *it)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		if (it->state[s] == STATE_UNKNOWN &&
		    !unknown_is_listed(it->unknown[s]))
			return true;
	return false;
}

/*
 * Row 25. A path that fell out of the filter is forgotten; any other unknown
 * keeps its record, and is told where it lies. What is merely missing below it
 * is not told again.
 */
bool
plan_item_skips(struct work *w, size_t i)
{
	const struct item *it = &w->items->v[i];
	struct decision *d = &w->d[i];
	bool unknown = false;
	if (d->held != HELD_NOT)
		return true;
	if (plan_is_left_out(it)) {
		d->verdict = it->base != NULL ? VERDICT_FORGET : VERDICT_NONE;
		return true;
	}
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		if (it->state[s] != STATE_UNKNOWN)
			continue;
		if (it->entry[s] != NULL && d->verdict != VERDICT_SKIP) {
			d->verdict = VERDICT_SKIP;
			d->skip = (uint8_t)skip_reason(it->unknown[s]);
			d->skip_side = (uint8_t)s;
		}
		unknown = true;
	}
	return unknown;
}

/* ---- direction ---- */

void
plan_apply_direction(const struct work *w, struct decision *d)
{
	bool writes[SIDES] = {false, false};
	if (d->verdict == VERDICT_TAKE)
		writes[side_other((enum side)d->take)] = true;
	else if (d->verdict == VERDICT_BOTH || d->verdict == VERDICT_MERGE ||
	    d->verdict == VERDICT_INSTEAD)
		writes[SIDE_LOCAL] = writes[SIDE_CLOUD] = true;
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		if (!writes[s] || w->rules->may_write[s])
			continue;
		d->verdict = VERDICT_SKIP;
		d->skip = PLAN_SKIP_DIRECTION;
		d->skip_side = (uint8_t)side_other(s);
		return;
	}
}

/* ---- conflicts ---- */

static enum plan_kind
conflict_kind(const struct item *it)
{
	const struct entry *l = it->entry[SIDE_LOCAL];
	const struct entry *c = it->entry[SIDE_CLOUD];
	if (c == NULL)
		return PLAN_MODIFIED_DELETED;
	if (l == NULL)
		return PLAN_DELETED_MODIFIED;
	if (l->type != c->type)
		return PLAN_TYPE_CHANGED;
	return it->base != NULL ? PLAN_BOTH_MODIFIED : PLAN_BOTH_CREATED;
}

/* Whether it can be merged was looked into for those it may concern. */
static bool
wants_merge(const struct work *w, const struct item *it,
    const struct plan_choice *choice)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		const struct entry *e = it->entry[s];
		if (e == NULL || e->type != ENTRY_FILE ||
		    !(e->flags & ENTRY_EXTENDS))
			return false;
	}
	return plan_may_merge(w->rules, it->path, it->path_len, choice);
}

/*
 * Files nobody remembers, of equal age and unequal content: time cannot say
 * which is right, so they have a key of their own (sync.equal_mtime_action).
 */
static bool
decide_equal_mtime(
    const struct work *w, const struct item *it, struct decision *d)
{
	const struct entry *l = it->entry[SIDE_LOCAL];
	const struct entry *c = it->entry[SIDE_CLOUD];
	if (it->base != NULL || l == NULL || c == NULL ||
	    l->type != ENTRY_FILE || c->type != ENTRY_FILE ||
	    !stamp_near(entry_mtime(l), entry_mtime(c), w->rules->tolerance))
		return false;
	switch (w->rules->equal_mtime) {
	case PLAN_EQUAL_CONFLICT:
		return false;
	case PLAN_EQUAL_SKIP:
		d->verdict = VERDICT_SKIP;
		d->skip = PLAN_SKIP_EQUAL_MTIME;
		d->skip_side = SIDE_CLOUD;
		return true;
	case PLAN_EQUAL_LOCAL:
	case PLAN_EQUAL_CLOUD:
		break;
	}
	d->verdict = VERDICT_TAKE;
	d->take =
	    w->rules->equal_mtime == PLAN_EQUAL_LOCAL ? SIDE_LOCAL : SIDE_CLOUD;
	d->resolved = true;
	plan_apply_direction(w, d);
	return true;
}

static void
decide_conflict(struct work *w, size_t i)
{
	const struct item *it = &w->items->v[i];
	struct decision *d = &w->d[i];
	struct contest c = {.path = it->path, .path_len = it->path_len};
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		c.has[s] = it->entry[s] != NULL;
		if (c.has[s])
			c.newest[s] = entry_mtime(it->entry[s]);
	}
	c.choice = plan_choice_for(w, it->path, it->path_len);
	if (c.choice == NULL && decide_equal_mtime(w, it, d))
		return;
	enum side winner = SIDE_LOCAL;
	if (wants_merge(w, it, c.choice))
		d->verdict = VERDICT_MERGE;
	else
		d->verdict = (uint8_t)plan_settle(w, &c, &winner);
	d->take = (uint8_t)winner;
	d->contested = true;
	d->kind = (uint8_t)conflict_kind(it);
	d->chosen = c.choice != NULL;
	d->resolved = d->verdict != VERDICT_CONFLICT;
	plan_apply_direction(w, d);
	if (d->verdict == VERDICT_BOTH)
		plan_name_copy(w, d, i, 0);
}

/* ---- one item ---- */

/* Rows 1, 13: at most the times are to be written down. */
static void
decide_unmoved(const struct item *it, struct decision *d)
{
	if (!it->refresh)
		return;
	d->verdict = VERDICT_AGREE;
	if (!agreed_settled(it->base))
		return;
	d->verdict = VERDICT_SETTLE;
	d->take = it->entry[SIDE_LOCAL] != NULL ? SIDE_LOCAL : SIDE_CLOUD;
}

static void
take_side(const struct work *w, struct decision *d, enum side s)
{
	d->verdict = VERDICT_TAKE;
	d->take = (uint8_t)s;
	plan_apply_direction(w, d);
}

/* Directories are alike; files may be when both sides moved. */
static bool
already_alike(const struct entry *l, const struct entry *c, bool both_moved)
{
	if (is_dir_entry(l) && is_dir_entry(c))
		return true;
	return both_moved && classify_equal(l, c);
}

void
plan_decide_item(struct work *w, size_t i)
{
	const struct item *it = &w->items->v[i];
	struct decision *d = &w->d[i];
	const struct entry *l = it->entry[SIDE_LOCAL];
	const struct entry *c = it->entry[SIDE_CLOUD];
	if (plan_item_skips(w, i))
		return;
	bool local = state_moved(it->state[SIDE_LOCAL]);
	bool cloud = state_moved(it->state[SIDE_CLOUD]);
	if (!local && !cloud) {
		decide_unmoved(it, d);
	} else if (l == NULL && c == NULL) { /* rows 9, 15 */
		d->verdict = VERDICT_FORGET;
	} else if (already_alike(l, c, local && cloud)) {
		d->verdict = VERDICT_AGREE; /* rows 5, 12, 16, 17 */
	} else if (local != cloud) {        /* rows 2-4, 7, 10, 11, 14, 16 */
		take_side(w, d, local ? SIDE_LOCAL : SIDE_CLOUD);
	} else if (l == NULL && is_dir_entry(c)) { /* row 8 */
		take_side(w, d, SIDE_CLOUD);
	} else if (c == NULL && is_dir_entry(l)) { /* row 6 */
		take_side(w, d, SIDE_LOCAL);
	} else { /* rows 5, 6, 8, 12, 17, 18 */
		decide_conflict(w, i);
	}
}
