#include "model/plan/session.h"

#include "model/ascii.h"
#include "model/calendar.h"

/*
 * The same directory on both sides; NULL where a side has none there. All is
 * decided for both at once: what is a folder of dates on one side is no other
 * thing on the other.
 */
struct pair {
	struct entry *dir[SIDES];
};

/* ---- names ---- */

/* Exactly *digits* of them, no more; -1 when they are not. */
static int
number(const char *s, size_t n, size_t digits)
{
	int v = 0;
	if (n != digits)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (!ascii_is_digit(s[i]))
			return -1;
		v = v * 10 + (s[i] - '0');
	}
	return v;
}

static bool
is_valid(struct session_date d)
{
	return calendar_has(d.year, d.month, d.day);
}

static int
compare(struct session_date a, struct session_date b)
{
	if (a.year != b.year)
		return a.year < b.year ? -1 : 1;
	if (a.month != b.month)
		return a.month < b.month ? -1 : 1;
	return (a.day > b.day) - (a.day < b.day);
}

/*
 * How far into a date the folders on the way have come: nothing yet, a year, a
 * month, or (by either layout) a whole date.
 */
enum depth { AT_ROOT, AT_YEAR, AT_MONTH, AT_DATE };

/* What the directory *e* below *d* is; AT_ROOT when it is no part of a date. */
static enum depth
step(struct session_date *d, enum depth depth, const struct entry *e)
{
	const char *s = e->name;
	size_t n = e->name_len;
	if (e->type != ENTRY_DIR)
		return AT_ROOT;
	if (depth == AT_ROOT && n == 10 && s[4] == '-' && s[7] == '-') {
		d->year = number(s, 4, 4);
		d->month = number(s + 5, 2, 2);
		d->day = number(s + 8, 2, 2);
		return is_valid(*d) ? AT_DATE : AT_ROOT;
	}
	if (depth == AT_ROOT) {
		d->year = number(s, n, 4);
		return d->year >= 1 ? AT_YEAR : AT_ROOT;
	}
	if (depth == AT_YEAR) {
		d->month = number(s, n, 2);
		return d->month >= 1 && d->month <= 12 ? AT_MONTH : AT_ROOT;
	}
	d->day = number(s, n, 2);
	return is_valid(*d) ? AT_DATE : AT_ROOT;
}

/* ---- finding ---- */

static bool
is_left_out(const struct entry *e)
{
	return e->type == ENTRY_UNKNOWN &&
	    (e->unknown == UNKNOWN_EXCLUDED || e->unknown == UNKNOWN_PRIVATE ||
		e->unknown == UNKNOWN_SECRET);
}

/* Is anything but directories, and what the filter leaves out, below it? What
   could not be read may be. */
static bool
holds_content(const struct entry *dir)
{
	struct tree_cursor c;
	bool found = false;
	tree_begin(&c, dir, "", 0);
	while (!found && tree_next(&c))
		found = c.entry->type != ENTRY_DIR && !is_left_out(c.entry);
	tree_end(&c);
	return found;
}

/* Goes no deeper than a date has parts. */
static void
find_latest(struct session_date *latest, const struct entry *dir,
    struct session_date at, enum depth depth)
{
	for (size_t i = 0; i < dir->u.dir->n; i++) {
		const struct entry *e = &dir->u.dir->v[i];
		struct session_date d = at;
		enum depth next = step(&d, depth, e);
		if (next == AT_DATE) {
			if (compare(d, *latest) > 0 && holds_content(e))
				*latest = d;
		} else if (next != AT_ROOT) {
			find_latest(latest, e, d, next);
		}
	}
}

/* ---- marking ---- */

static void
exclude(struct entry *e)
{
	if (e == NULL)
		return;
	e->type = ENTRY_UNKNOWN;
	e->unknown = UNKNOWN_EXCLUDED;
	e->u.hash = NULL;
}

static struct entry *
subdirectory(struct entry *dir, const struct entry *like)
{
	struct entry *e = tree_child(dir, like->name, like->name_len);
	return e != NULL && e->type == ENTRY_DIR ? e : NULL;
}

/* Is everything in it, if it is there at all, unknown by now? */
static bool
is_spent(const struct entry *dir)
{
	for (size_t i = 0; dir != NULL && i < dir->u.dir->n; i++)
		if (dir->u.dir->v[i].type != ENTRY_UNKNOWN)
			return false;
	return true;
}

static void exclude_others(struct pair p, struct session_date latest,
    struct session_date at, enum depth depth);

/* One directory of a pair, with its twin if it has one. */
static void
judge(struct pair p, struct session_date latest, struct session_date d,
    enum depth depth)
{
	if (depth == AT_DATE) {
		if (compare(d, latest) == 0)
			return;
	} else {
		exclude_others(p, latest, d, depth);
		if (!is_spent(p.dir[SIDE_LOCAL]) ||
		    !is_spent(p.dir[SIDE_CLOUD]))
			return;
	}
	exclude(p.dir[SIDE_LOCAL]);
	exclude(p.dir[SIDE_CLOUD]);
}

static void
exclude_others(struct pair p, struct session_date latest,
    struct session_date at, enum depth depth)
{
	for (int side = 0; side < SIDES; side++) {
		const struct entry *dir = p.dir[side];
		for (size_t i = 0; dir != NULL && i < dir->u.dir->n; i++) {
			const struct entry *e = &dir->u.dir->v[i];
			struct session_date d = at;
			enum depth next = step(&d, depth, e);
			if (next == AT_ROOT)
				continue;
			struct pair twins = {
			    {subdirectory(p.dir[SIDE_LOCAL], e),
				subdirectory(p.dir[SIDE_CLOUD], e)}};
			judge(twins, latest, d, next);
		}
	}
}

bool
session_keep_latest(struct session_date *out, struct tree *local,
    struct tree *cloud, const char *root, size_t n)
{
	static const struct session_date none = {0, 0, 0};
	struct pair p = {
	    {tree_find(local, root, n), tree_find(cloud, root, n)}};
	struct session_date latest = none;
	for (int side = 0; side < SIDES; side++) {
		if (p.dir[side] != NULL && p.dir[side]->type != ENTRY_DIR)
			p.dir[side] = NULL;
		if (p.dir[side] != NULL)
			find_latest(&latest, p.dir[side], none, AT_ROOT);
	}
	if (compare(latest, none) == 0)
		return false;
	exclude_others(p, latest, none, AT_ROOT);
	if (out != NULL)
		*out = latest;
	return true;
}
