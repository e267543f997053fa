#include "platform/posix/brood.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* Without a single child there is no orphan that came to us. */
static bool
childless(void)
{
	siginfo_t info;
	return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0 &&
	    errno == ECHILD;
}

static bool
seen_before(const struct brood *b, const struct procs_row *row)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->kin[i].pid == row->pid &&
		    b->kin[i].started == row->started)
			return true;
	return false;
}

/* Is it of the brood on its own account, whoever its parent may be? */
static bool
is_left_behind(
    const struct brood *b, const struct procs_row *row, brood_ours_fn *ours)
{
	if (row->started < b->started || row->pid == b->child)
		return false;
	if (b->adopter == getpid())
		return row->parent == b->adopter && !ours(row->pid);
	if (row->parent == b->adopter && row->group == b->group)
		return true;
	return seen_before(b, row);
}

static bool
has_pid(const struct procs_row *rows, size_t n, int64_t pid)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].pid == pid)
			return true;
	return false;
}

/* Move row *i* to the *n* chosen ones at the front. */
static void
choose(struct procs_row *rows, size_t *n, size_t i)
{
	struct procs_row chosen = rows[i];
	rows[i] = rows[*n];
	rows[(*n)++] = chosen;
}

/* Bring the brood to the front of the table: first who belongs to it by
   itself, then, until none is left, the children of those. */
static size_t
choose_brood(const struct brood *b, struct procs_row *rows, size_t total,
    brood_ours_fn *ours)
{
	size_t n = 0;
	for (size_t i = 0; i < total; i++)
		if (rows[i].parent == b->child ||
		    is_left_behind(b, &rows[i], ours))
			choose(rows, &n, i);
	for (size_t before = 0; before < n;) {
		size_t known = n;
		for (size_t i = known; i < total; i++)
			if (has_pid(
				rows + before, known - before, rows[i].parent))
				choose(rows, &n, i);
		before = known;
	}
	return n;
}

/* Collect the orphans that have ended; nobody else does. Tells of any. */
static bool
drop_ended(struct brood *b)
{
	size_t left = 0;
	bool any = false;
	for (size_t i = 0; i < b->n; i++) {
		if (!b->kin[i].zombie) {
			b->kin[left++] = b->kin[i];
		} else if (b->kin[i].parent == getpid()) {
			waitpid((pid_t)b->kin[i].pid, NULL, WNOHANG);
			any = true;
		}
	}
	b->n = left;
	return any;
}

static bool
look_once(struct brood *b, bool child_lives, brood_ours_fn *ours)
{
	struct procs_row *rows;
	size_t total;
	if (!child_lives && b->adopter == getpid() && childless()) {
		brood_free(b);
		return true;
	}
	/* A table that cannot be read just now leaves what we knew. */
	if (procs_table(&rows, &total) < 0)
		return true;
	size_t n = choose_brood(b, rows, total, ours);
	free(b->kin);
	b->kin = rows;
	b->n = n;
	return !drop_ended(b);
}

/*
 * The table is read row by row, while processes come and go: one found ended
 * may have had a child after the list was made and before it was come to. So
 * nobody being left is believed only of a look that met no such thing.
 */
void
brood_look(struct brood *b, bool child_lives, brood_ours_fn *ours)
{
	while (!look_once(b, child_lives, ours))
		continue;
}

void
brood_free(struct brood *b)
{
	free(b->kin);
	b->kin = NULL;
	b->n = 0;
}
