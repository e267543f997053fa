/*
 * What the planner wants to know beside what classification asks for.
 *
 * Each answer costs reading a file, so a question is only asked where the
 * answer can change the plan.
 */
#include <stdlib.h>

#include "base/glob.h"
#include "base/mem.h"
#include "model/plan/names.h"
#include "model/plan/plan_work.h"

/* ---- moves ---- */

/* Is it a file gone from side *s* that is still as it was on the other? */
static bool
may_have_moved(const struct item *it, enum side s)
{
	const struct entry *kept = it->entry[side_other(s)];
	return it->state[s] == STATE_GONE && it->base->type == ENTRY_FILE &&
	    it->base->size > 0 && kept != NULL && kept->type == ENTRY_FILE;
}

static int
compare_sizes(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

/* A new file can only be a gone one if it has its size. */
static void
ask_for_moves(struct items *items, enum side s)
{
	uint64_t *gone = mem_alloc((items->n + 1) * sizeof(*gone));
	size_t n = 0;
	for (size_t i = 0; i < items->n; i++)
		if (may_have_moved(&items->v[i], s))
			gone[n++] = items->v[i].base->size;
	if (n > 0)
		qsort(gone, n, sizeof(*gone), compare_sizes);
	for (size_t i = 0; i < items->n && n > 0; i++) {
		struct item *it = &items->v[i];
		const struct entry *e = it->entry[s];
		if (it->state[s] == STATE_NEW && e->type == ENTRY_FILE &&
		    it->entry[side_other(s)] == NULL &&
		    bsearch(&e->size, gone, n, sizeof(*gone), compare_sizes) !=
			NULL)
			it->needs |= (uint8_t)(NEEDS_HASH << s);
	}
	free(gone);
}

/* ---- merging ---- */

bool
plan_may_merge(const struct plan_rules *rules, const char *path, size_t n,
    const struct plan_choice *choice)
{
	if (choice != NULL)
		return choice->take == PLAN_TAKE_MERGE;
	for (size_t i = 0; i < rules->nappend_merge; i++)
		if (glob_match(&rules->append_merge[i], path, n, false))
			return true;
	return false;
}

/* Did both sides of a file grow? */
static bool
grew(const struct item *it)
{
	if (it->base == NULL || it->base->type != ENTRY_FILE)
		return false;
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		const struct entry *e = it->entry[s];
		if (it->state[s] != STATE_CHANGED || e->type != ENTRY_FILE ||
		    e->size <= it->base->size)
			return false;
	}
	return true;
}

static bool
merge_is_chosen(const struct plan_rules *rules)
{
	for (size_t i = 0; i < rules->nchoices; i++)
		if (rules->choices[i].take == PLAN_TAKE_MERGE)
			return true;
	return false;
}

static void
ask_for_merging(struct items *items, const struct plan_rules *rules)
{
	bool all = merge_is_chosen(rules);
	if (!all && rules->nappend_merge == 0)
		return;
	for (size_t i = 0; i < items->n; i++) {
		struct item *it = &items->v[i];
		if (grew(it) &&
		    (all ||
			plan_may_merge(rules, it->path, it->path_len, NULL)))
			it->needs |= NEEDS_PREFIX << SIDE_LOCAL |
			    NEEDS_PREFIX << SIDE_CLOUD;
	}
}

/* ---- survivors ---- */

/* An edit that outlives the other side's deletion, and is not copied back, is
   remembered with the content it has now. */
static void
ask_for_survivors(struct items *items)
{
	for (size_t i = 0; i < items->n; i++) {
		struct item *it = &items->v[i];
		for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
			const struct entry *e = it->entry[s];
			if (e != NULL && e->type == ENTRY_FILE &&
			    state_moved(it->state[s]) &&
			    it->state[side_other(s)] == STATE_GONE)
				it->needs |= (uint8_t)(NEEDS_HASH << s);
		}
	}
}

void
plan_ask(struct items *items, const struct plan_rules *rules)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		if (!rules->never_delete ||
		    (rules->who[side_other(s)] & NAMES_FOLD))
			ask_for_moves(items, s);
	ask_for_merging(items, rules);
	if (rules->never_delete)
		ask_for_survivors(items);
}
