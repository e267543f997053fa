#include "engine/scan/sight.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/strlist.h"

/* ---- what a tree looks like ---- */

struct survey {
	uint64_t sum;
	struct strlist left; /* directories still to be looked into */
	const char *path;    /* the one being listed */
};

struct look {
	struct stamp mtime;
	uint64_t size, ino;
	uint64_t type;
};

/* Sums do not care for order, and the path makes each entry its own. */
static int
survey_entry(void *arg, const char *name, size_t len,
    const struct plat_stat *st, const struct err *why)
{
	struct survey *s = arg;
	struct str path = STR_INIT;
	struct look look;
	UNUSED(why);
	memset(&look, 0, sizeof(look)); /* its padding is hashed, too */
	str_add(&path, s->path);
	str_add(&path, s->path[0] != '\0' ? "/" : "");
	str_addn(&path, name, len);
	if (st != NULL && st->type == PLAT_DIR)
		strlist_add(&s->left, path.p);
	/* A directory's own time only repeats what its entries say. */
	if (st != NULL && st->type != PLAT_DIR) {
		look.mtime = st->mtime;
		look.size = st->size;
		look.ino = st->ino;
		look.type = 1 + (uint64_t)st->type;
	}
	str_addc(&path, '\0');
	str_addn(&path, &look, sizeof(look));
	s->sum += hash_of(path.p, path.len).lo;
	str_free(&path);
	return 0;
}

static void
survey_dir(struct survey *s, struct plat_dir *root, const char *path)
{
	struct plat_dir *d;
	s->path = path;
	/* What cannot be listed looks the same until it can. */
	if (plat_dir_sub(&d, root, path, NULL) != 0)
		return;
	(void)plat_list(d, survey_entry, s, NULL);
	plat_dir_close(d);
}

static uint64_t
survey(struct plat_dir *root)
{
	struct survey s = {.left = STRLIST_INIT};
	survey_dir(&s, root, "");
	while (s.left.n > 0) {
		char *path = s.left.v[--s.left.n];
		s.left.v[s.left.n] = NULL;
		survey_dir(&s, root, path);
		free(path);
	}
	strlist_free(&s.left);
	return s.sum;
}

/* ---- one side ---- */

/* Open its folder, and note which one it is; NULL when there is none. */
static struct plat_dir *
find(struct sight_side *side)
{
	struct plat_dir *d;
	struct plat_stat st;
	side->there = false;
	side->dev = side->ino = 0;
	if (plat_dir_open(&d, side->path, NULL) != 0)
		return NULL;
	if (plat_dir_stat(&st, d, NULL) != 0) {
		plat_dir_close(d);
		return NULL;
	}
	side->there = true;
	side->dev = st.dev;
	side->ino = st.ino;
	return d;
}

static bool
is_same(const struct sight_side *a, const struct sight_side *b)
{
	return a->there == b->there && a->dev == b->dev && a->ino == b->ino;
}

/* Watch anew. Returns whether a folder came, went, or is another one. */
static bool
arm(struct sight *s)
{
	bool moved = false;
	plat_watch_destroy(s->watch);
	s->watch = plat_watch_new();
	for (enum side i = SIDE_LOCAL; i < SIDES; i++) {
		struct sight_side *side = &s->side[i];
		struct sight_side before = *side;
		struct plat_dir *d = find(side);
		moved |= !is_same(side, &before);
		side->polled = false;
		if (d == NULL)
			continue;
		side->polled = plat_watch_tree(s->watch, d, NULL) != 0;
		if (side->polled)
			side->sum = survey(d);
		plat_dir_close(d);
	}
	return moved;
}

/* ---- both ---- */

void
sight_open(struct sight *s, const struct config *c)
{
	*s = (struct sight){.watch = NULL};
	s->side[SIDE_LOCAL].path = c->paths.local_state_dir;
	s->side[SIDE_CLOUD].path = c->paths.cloud_root_dir;
	(void)arm(s);
}

void
sight_close(struct sight *s)
{
	plat_watch_destroy(s->watch);
	s->watch = NULL;
}

int
sight_wait(struct sight *s, long ms)
{
	int told = plat_watch_wait(s->watch, ms);
	if (told == PLAT_WATCH_RESHAPED && arm(s))
		return SIGHT_MOVED;
	return told == PLAT_WATCH_NOTHING ? SIGHT_SAME : SIGHT_CHANGED;
}

int
sight_look(struct sight *s)
{
	int seen = SIGHT_SAME;
	for (enum side i = SIDE_LOCAL; i < SIDES; i++) {
		struct sight_side *side = &s->side[i];
		struct sight_side before = *side;
		struct plat_dir *d = find(side);
		if (!is_same(side, &before))
			seen = SIGHT_MOVED;
		if (d != NULL && side->polled)
			side->sum = survey(d);
		if (seen == SIGHT_SAME && side->sum != before.sum)
			seen = SIGHT_CHANGED;
		plat_dir_close(d);
	}
	if (seen == SIGHT_MOVED)
		(void)arm(s);
	return seen;
}
