/*
 * Can the other side hold a copy of a whole group?
 *
 * The copy of one file has the file's own name and ours added, and the file is
 * on both sides already. A group's loser brings names of its own.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/strlist.h"
#include "model/names.h"
#include "model/plan_work.h"

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
	unsigned who = w->rules->who[side_other(loser)];
	const struct entry *top =
	    tree_find(&w->trees[loser], u->root, u->root_len);
	if (u->kind != UNIT_GROUP || who == 0 || !is_dir_entry(top))
		return true;
	return tree_fits(top, u->root, u->root_len, who);
}
