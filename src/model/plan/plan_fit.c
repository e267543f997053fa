/*
 * Can both sides hold a copy of a whole group?
 *
 * Its own name is looked at when it is made (plan_both.c); this is about the
 * names in it, which the other side may never have had to hold, and which even
 * its own may hold only because they were there before.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/strlist.h"
#include "model/plan/names.h"
#include "model/plan/plan_work.h"

static bool
all_differ(struct strlist *keys)
{
	strlist_sort(keys);
	for (size_t i = 1; i < keys->n; i++)
		if (strcmp(keys->v[i - 1], keys->v[i]) == 0)
			return false;
	return true;
}

static bool
tree_fits(const struct entry *top, const char *root, size_t n, unsigned who)
{
	struct tree_cursor c;
	struct strlist keys = STRLIST_INIT;
	struct str key = STR_INIT;
	bool fits = true;
	tree_begin(&c, top, root, n);
	while (fits && tree_next(&c)) {
		if (c.entry->type == ENTRY_UNKNOWN)
			continue;
		fits = names_forbidden(c.path.p, c.path.len, who) == NULL;
		if (!(who & NAMES_FOLD))
			continue;
		str_clear(&key);
		names_key(&key, c.path.p, c.path.len);
		strlist_addn(&keys, key.p, key.len);
	}
	tree_end(&c);
	fits = fits && all_differ(&keys);
	strlist_free(&keys);
	str_free(&key);
	return fits;
}

bool
plan_copy_fits(const struct work *w, const struct unit *u, enum side loser)
{
	const struct entry *top =
	    tree_find(&w->trees[loser], u->root, u->root_len);
	if (u->kind != UNIT_GROUP || !is_dir_entry(top))
		return true;
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		if (w->rules->who[s] != 0 &&
		    !tree_fits(top, u->root, u->root_len, w->rules->who[s]))
			return false;
	return true;
}
