/*
 * A loser that has its copy already.
 *
 * A run may give the loser of a conflict its name on one side or both, and fail
 * at what comes after. The conflict is still there for the next run, and so is
 * that copy: another one would be one too many.
 */
#include <string.h>

#include "base/hash.h"
#include "base/path.h"
#include "model/cloud/quirks.h"
#include "model/plan/plan_work.h"

/* What a copy's name begins with, as far as the original tells. */
static void
begin_of_copies(struct str *out, const char *path, size_t n)
{
	str_addn(out, path, path_extension(path, n));
	str_add(out, ".conflict-");
}

static bool
begins_with(const char *path, size_t n, const struct str *begin)
{
	return n > begin->len && memcmp(path, begin->p, begin->len) == 0;
}

static bool
is_copy_of(const char *path, size_t n, const struct item *original)
{
	struct str name = STR_INIT;
	size_t from = path_name(original->path, original->path_len);
	bool is = quirks_own_copy(path, n, &name) &&
	    name.len == original->path_len - from &&
	    memcmp(name.p, original->path + from, name.len) == 0;
	str_free(&name);
	return is;
}

/* Agreed on by both sides, and nothing has happened to it since. */
static bool
is_agreed(const struct work *w, const struct agreed_record *r,
    const struct entry *loser)
{
	const struct item *it =
	    items_find(w->items, agreed_path(w->agreed, r), r->path_len);
	if (it != NULL &&
	    (state_moved(it->state[SIDE_LOCAL]) ||
		state_moved(it->state[SIDE_CLOUD])))
		return false;
	bool same_time = false;
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		same_time |= r->side[s].mtime_sec == loser->mtime_sec &&
		    r->side[s].mtime_nsec == loser->mtime_nsec;
	return r->type == ENTRY_FILE && !agreed_settled(r) &&
	    r->size == loser->size && same_time &&
	    (loser->u.hash == NULL ||
		hash_equal(agreed_hash(r), *loser->u.hash));
}

/* A copy has the loser's size and time; its content, where both are known. */
static bool
is_like(const struct entry *e, const struct entry *loser)
{
	return e->type == ENTRY_FILE && e->size == loser->size &&
	    stamp_cmp(entry_mtime(e), entry_mtime(loser)) == 0 &&
	    (e->u.hash == NULL || loser->u.hash == NULL ||
		hash_equal(*e->u.hash, *loser->u.hash));
}

/* Not agreed on yet: on one side, and on its way to the other, or on both. */
static bool
is_new(const struct item *it, const struct entry *loser)
{
	if (it->base != NULL)
		return false;
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		if (it->entry[s] != NULL && !is_like(it->entry[s], loser))
			return false;
	return true;
}

static const char *
find_agreed(const struct work *w, const struct item *it,
    const struct entry *loser, const struct str *begin)
{
	const struct agreed *a = w->agreed;
	size_t low = 0, high = a->n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct agreed_record *r = &a->v[mid];
		if (path_cmp(agreed_path(a, r), r->path_len, begin->p,
			begin->len) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < a->n; low++) {
		const struct agreed_record *r = &a->v[low];
		const char *path = agreed_path(a, r);
		if (!begins_with(path, r->path_len, begin))
			break;
		if (is_agreed(w, r, loser) && is_copy_of(path, r->path_len, it))
			return arena_copy(&w->plan->arena, path, r->path_len);
	}
	return NULL;
}

static const char *
find_new(const struct work *w, const struct item *it, const struct entry *loser,
    const struct str *begin)
{
	const struct items *all = w->items;
	size_t low = 0, high = all->n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct item *at = &all->v[mid];
		if (path_cmp(at->path, at->path_len, begin->p, begin->len) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < all->n; low++) {
		const struct item *at = &all->v[low];
		if (!begins_with(at->path, at->path_len, begin))
			break;
		if (is_new(at, loser) && is_copy_of(at->path, at->path_len, it))
			return at->path;
	}
	return NULL;
}

const char *
plan_copy_there(
    const struct work *w, const struct item *it, enum side loser_side)
{
	const struct entry *loser = it->entry[loser_side];
	struct str begin = STR_INIT;
	if (loser == NULL || loser->type != ENTRY_FILE)
		return NULL;
	begin_of_copies(&begin, it->path, it->path_len);
	const char *found = find_agreed(w, it, loser, &begin);
	if (found == NULL)
		found = find_new(w, it, loser, &begin);
	str_free(&begin);
	return found;
}
