/*
 * What becomes of a unit.
 *
 * One that changed on one side goes over whole; one that changed on both is
 * one conflict. Mixing two sides' members is what units are there to prevent,
 * so one with a member that cannot be judged waits as a whole.
 */
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "model/plan/plan_work.h"
#include "model/plan/unit.h"

/* What the members of one unit say together. */
struct tally {
	bool moved[SIDES]; /* some member moved there */
	bool differs;      /* some moved member is not the same on both sides */
	bool blocked;      /* some member cannot be judged */
	uint8_t skip;      /* enum plan_skip: why */
	uint8_t skip_side;
	struct contest contest;
};

/* ---- one member ---- */

static bool
has_moved(const struct item *it)
{
	return state_moved(it->state[SIDE_LOCAL]) ||
	    state_moved(it->state[SIDE_CLOUD]);
}

/* Need nothing be done to make both sides alike? */
static bool
is_alike(const struct item *it)
{
	if (!has_moved(it))
		return it->base == NULL || !agreed_settled(it->base);
	return classify_equal(it->entry[SIDE_LOCAL], it->entry[SIDE_CLOUD]);
}

/*
 * Must the unit wait for what is unknown here? Not for what is never mirrored,
 * as a socket in a profile's directory, unless it took the place of something
 * that is.
 */
static bool
blocks(const struct item *it, enum side s)
{
	if (it->state[s] != STATE_UNKNOWN || plan_is_left_out(it))
		return false;
	switch ((enum entry_unknown)it->unknown[s]) {
	case UNKNOWN_SYMLINK:
	case UNKNOWN_SPECIAL:
	case UNKNOWN_HELD_COPY:
		break;
	default:
		return true;
	}
	const struct entry *other = it->entry[side_other(s)];
	return it->base != NULL ||
	    (other != NULL && other->type != ENTRY_UNKNOWN);
}

static void
tally_blocked(struct work *w, struct tally *t, size_t i)
{
	const struct item *it = &w->items->v[i];
	const struct decision *d = &w->d[i];
	for (enum side s = SIDE_LOCAL; s < SIDES && !t->blocked; s++) {
		if (!blocks(it, s))
			continue;
		t->blocked = true;
		t->skip =
		    d->verdict == VERDICT_SKIP ? d->skip : PLAN_SKIP_UNREADABLE;
		t->skip_side = (uint8_t)s;
	}
}

static void
tally_member(struct work *w, struct tally *t, size_t i)
{
	const struct item *it = &w->items->v[i];
	bool skips = plan_item_skips(w, i);
	tally_blocked(w, t, i);
	if (skips)
		return;
	/* A change both sides made alike sets them apart from the ledger, but
	   not from each other. Without a record nobody can tell who made it. */
	bool counts = it->base == NULL || !is_alike(it);
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		const struct entry *e = it->entry[s];
		t->moved[s] |= counts && state_moved(it->state[s]);
		if (entry_is_content(e) &&
		    stamp_cmp(entry_mtime(e), t->contest.newest[s]) > 0)
			t->contest.newest[s] = entry_mtime(e);
	}
	/* Directories alone hold nothing that could be mixed. */
	t->differs |= has_moved(it) && !is_alike(it) &&
	    (entry_is_content(it->entry[SIDE_LOCAL]) ||
		entry_is_content(it->entry[SIDE_CLOUD]));
}

/* ---- the whole ---- */

static bool
has_content(const struct tree *t, const char *path, size_t n)
{
	const struct entry *e = tree_find(t, path, n);
	if (!is_dir_entry(e))
		return entry_is_content(e);
	struct tree_cursor c;
	bool found = false;
	tree_begin(&c, e, path, n);
	while (!found && tree_next(&c))
		found = entry_is_content(c.entry);
	tree_end(&c);
	return found;
}

/* Has side *s* anything of the unit that could be lost? Its unchanged members
   are no items, so the tree is asked. */
static bool
has_any(const struct work *w, const struct unit *u, enum side s)
{
	if (u->kind == UNIT_CLASH)
		return true;
	if (u->kind == UNIT_GROUP)
		return has_content(&w->trees[s], u->root, u->root_len);
	struct str member = STR_INIT;
	bool found = false;
	for (size_t m = 0; m < UNIT_MEMBERS && !found; m++) {
		unit_member(&member, u->root, u->root_len, m);
		found = entry_is_content(
		    tree_find(&w->trees[s], member.p, member.len));
	}
	str_free(&member);
	return found;
}

/* Does something stay in the directory of member *m*, whatever is decided? */
static bool
holds_others(const struct work *w, const struct unit *u, size_t m, enum side s)
{
	const struct item *dir = &w->items->v[u->members[m]];
	if (dir->entry[s]->flags & ENTRY_HOLDS_UNKNOWN)
		return true;
	for (m++; m < u->nmembers; m++) {
		const struct item *it = &w->items->v[u->members[m]];
		if (!path_within(
			it->path, it->path_len, dir->path, dir->path_len))
			return false;
		if (w->d[u->members[m]].held != HELD_NOT)
			return true;
	}
	return false;
}

/* A directory with something unknown in it cannot make room for a file. */
static bool
lacks_room(const struct work *w, const struct unit *u, enum side keeps)
{
	enum side o = side_other(keeps);
	for (size_t m = 0; m < u->nmembers; m++) {
		const struct item *it = &w->items->v[u->members[m]];
		if (entry_is_content(it->entry[keeps]) &&
		    is_dir_entry(it->entry[o]) && holds_others(w, u, m, o))
			return true;
	}
	return false;
}

/* Of a directory and a file the directory keeps the name. */
static void
pin_directory(const struct work *w, const struct unit *u, struct contest *c)
{
	bool is_dir[SIDES];
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		is_dir[s] =
		    is_dir_entry(tree_find(&w->trees[s], u->root, u->root_len));
	c->pinned =
	    u->kind != UNIT_FAMILY && is_dir[SIDE_LOCAL] != is_dir[SIDE_CLOUD];
	c->winner = is_dir[SIDE_LOCAL] ? SIDE_LOCAL : SIDE_CLOUD;
}

/* The choice made for the unit, by its own name or a member's. Where members
   were given different ones, it is one that settles nothing. */
static const struct plan_choice *
unit_choice(const struct work *w, const struct unit *u)
{
	static const struct plan_choice torn = {.take = PLAN_TAKE_MERGE};
	const struct plan_choice *found =
	    plan_choice_for(w, u->root, u->root_len);
	if (found != NULL || w->rules->nchoices == 0)
		return found;
	for (size_t m = 0; m < u->nmembers; m++) {
		const struct item *it = &w->items->v[u->members[m]];
		const struct plan_choice *c =
		    plan_choice_for(w, it->path, it->path_len);
		if (c != NULL && found != NULL && found->take != c->take)
			return &torn;
		if (c != NULL)
			found = c;
	}
	return found;
}

static void
settle_unit(struct work *w, uint32_t unit, struct contest *c)
{
	struct unit *u = &w->units[unit];
	struct decision *d = &u->d;
	enum side winner = SIDE_LOCAL;
	pin_directory(w, u, c);
	c->choice = unit_choice(w, u);
	d->verdict = (uint8_t)plan_settle(w, c, &winner);
	d->take = (uint8_t)winner;
	if (lacks_room(w, u, winner) ||
	    (d->verdict == VERDICT_BOTH &&
		!plan_copy_fits(w, u, side_other(winner))))
		d->verdict = VERDICT_CONFLICT;
	d->contested = true;
	d->kind = u->kind == UNIT_CLASH ? PLAN_TYPE_CHANGED : PLAN_GROUP;
	d->chosen = c->choice != NULL;
	d->resolved = d->verdict != VERDICT_CONFLICT;
	plan_apply_direction(w, d);
	if (d->verdict == VERDICT_BOTH)
		plan_name_copy(w, d, u->members[0], unit);
}

static void
settle_tally(struct work *w, uint32_t unit, struct tally *t)
{
	struct unit *u = &w->units[unit];
	struct decision *d = &u->d;
	bool local = t->moved[SIDE_LOCAL], cloud = t->moved[SIDE_CLOUD];
	enum side s = local ? SIDE_LOCAL : SIDE_CLOUD;
	t->contest.path = u->root;
	t->contest.path_len = u->root_len;
	for (enum side x = SIDE_LOCAL; x < SIDES; x++)
		t->contest.has[x] = has_any(w, u, x);
	if (t->blocked) {
		d->verdict = VERDICT_SKIP;
		d->skip = t->skip;
		d->skip_side = t->skip_side;
	} else if ((local && cloud) || lacks_room(w, u, s)) {
		settle_unit(w, unit, &t->contest);
	} else {
		d->verdict = VERDICT_TAKE;
		d->take = (uint8_t)s;
		plan_apply_direction(w, d);
	}
	u->wiped =
	    d->verdict == VERDICT_TAKE && !t->contest.has[(enum side)d->take];
}

/* ---- back to the members ---- */

static uint8_t
alike_verdict(const struct item *it)
{
	if (it->entry[SIDE_LOCAL] == NULL && it->entry[SIDE_CLOUD] == NULL)
		return VERDICT_FORGET;
	return has_moved(it) || it->refresh ? VERDICT_AGREE : VERDICT_NONE;
}

/* The decision of the whole, as it reads for one member. */
static void
spread(struct work *w, uint32_t unit, uint32_t i)
{
	const struct item *it = &w->items->v[i];
	struct decision whole = w->units[unit].d;
	if (plan_item_skips(w, i))
		return;
	bool acts =
	    whole.verdict == VERDICT_TAKE || whole.verdict == VERDICT_BOTH;
	w->d[i] = whole;
	w->d[i].unit = unit;
	w->d[i].contested = false; /* the unit is */
	if (acts)
		w->d[i].verdict =
		    is_alike(it) ? alike_verdict(it) : VERDICT_TAKE;
	else if (is_alike(it) || !has_moved(it))
		w->d[i].verdict = VERDICT_NONE;
}

static void
decide_unit(struct work *w, uint32_t unit)
{
	struct unit *u = &w->units[unit];
	struct tally t = {.contest.newest = {LONG_AGO, LONG_AGO}};
	u->wiped = true; /* if only directories go */
	for (size_t m = 0; m < u->nmembers; m++)
		tally_member(w, &t, u->members[m]);
	if (t.differs)
		settle_tally(w, unit, &t);
	for (size_t m = 0; m < u->nmembers; m++) {
		if (t.differs)
			spread(w, unit, u->members[m]);
		else
			plan_decide_item(w, u->members[m]);
	}
}

/* Nothing is done to any of it, after all. */
void
plan_drop_unit(struct work *w, uint32_t unit)
{
	struct unit *u = &w->units[unit];
	u->d.verdict = u->d.contested ? VERDICT_CONFLICT : VERDICT_NONE;
	u->d.copy = 0;
	u->in_the_way = false;
	for (size_t m = 0; m < u->nmembers; m++) {
		struct decision *d = &w->d[u->members[m]];
		d->for_content = false;
		if (d->verdict != VERDICT_SKIP)
			d->verdict = VERDICT_NONE;
	}
}

/* Gather each unit's members, in tree order. */
static void
gather_members(struct work *w)
{
	for (size_t i = 0; i < w->items->n; i++)
		w->units[w->d[i].unit].nmembers++;
	uint32_t *pool =
	    arena_alloc(&w->plan->arena, (w->items->n + 1) * sizeof(*pool));
	for (uint32_t u = 0; u < w->nunits; u++) {
		w->units[u].members = pool;
		pool += w->units[u].nmembers;
		w->units[u].nmembers = 0;
	}
	for (size_t i = 0; i < w->items->n; i++) {
		struct unit *u = &w->units[w->d[i].unit];
		u->members[u->nmembers++] = (uint32_t)i;
	}
}

void
plan_decide_units(struct work *w)
{
	if (w->nunits == 0)
		return;
	gather_members(w);
	for (uint32_t unit = 1; unit < w->nunits; unit++)
		decide_unit(w, unit);
}
