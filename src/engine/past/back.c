#include "engine/past/back.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"

void
back_init(struct back *b, struct plan *plan, const struct site sites[SIDES],
    bool as_it_was)
{
	*b = (struct back){.plan = plan, .as_it_was = as_it_was};
	glance_init(&b->glance, sites, &plan->arena);
}

void
back_clear(struct back *b)
{
	free(b->slots);
	b->slots = NULL;
	b->n = b->cap = 0;
}

void
back_free(struct back *b)
{
	back_clear(b);
	glance_free(&b->glance);
}

void
back_begin_unit(struct back *b)
{
	b->unit = ++b->units;
}

void
back_end_unit(struct back *b)
{
	b->unit = 0;
}

/* ---- what will be where ---- */

/* A table that is never more than half full; *cap* is a power of two. */
struct back_slot {
	const char *path; /* NULL: free */
	size_t len;
	uint8_t side, type;
};

static struct back_slot *
find_slot(const struct back *b, enum side s, const char *path, size_t n)
{
	size_t at = (size_t)hash_of(path, n).lo + s;
	for (;; at++) {
		struct back_slot *slot = &b->slots[at & (b->cap - 1)];
		if (slot->path == NULL ||
		    (slot->side == s && slot->len == n &&
			memcmp(slot->path, path, n) == 0))
			return slot;
	}
}

static void
make_room(struct back *b)
{
	struct back was = *b;
	if (2 * (b->n + 1) <= b->cap)
		return;
	b->cap = b->cap > 0 ? 2 * b->cap : 64;
	b->slots = mem_zero(b->cap, sizeof(*b->slots));
	for (size_t i = 0; i < was.cap; i++) {
		const struct back_slot *old = &was.slots[i];
		if (old->path != NULL)
			*find_slot(b, (enum side)old->side, old->path,
			    old->len) = *old;
	}
	free(was.slots);
}

void
back_tell(struct back *b, enum side s, const char *path, size_t n, uint8_t type)
{
	make_room(b);
	struct back_slot *slot = find_slot(b, s, path, n);
	b->n += slot->path == NULL;
	*slot = (struct back_slot){
	    .path = path, .len = n, .side = (uint8_t)s, .type = type};
}

bool
back_told(const struct back *b, enum side s, const char *path, size_t n)
{
	return b->cap > 0 && find_slot(b, s, path, n)->path != NULL;
}

int
back_type(uint8_t *out, struct back *b, enum side s, const char *path, size_t n,
    struct err *e)
{
	if (back_told(b, s, path, n)) {
		*out = find_slot(b, s, path, n)->type;
		return 0;
	}
	return glance_type(out, &b->glance, s, path, n, e);
}

/* ---- steps ---- */

static struct plan_action *
add_action(
    struct back *b, enum plan_op op, enum side s, const char *path, size_t n)
{
	struct plan *p = b->plan;
	p->actions = mem_grow(
	    p->actions, &p->cap_actions, p->nactions + 1, sizeof(*p->actions));
	struct plan_action *a = &p->actions[p->nactions++];
	*a = (struct plan_action){.op = op,
	    .to = s == SIDE_LOCAL ? PLAN_TO_LOCAL : PLAN_TO_CLOUD,
	    .reason = PLAN_RESTORED,
	    .path = path,
	    .path_len = (uint32_t)n,
	    .first = (uint32_t)p->nsteps,
	    .count = 1};
	return a;
}

static struct plan_step *
add_step(struct back *b, enum plan_step_kind kind, enum side s,
    const char *path, size_t n)
{
	struct plan *p = b->plan;
	p->steps =
	    mem_grow(p->steps, &p->cap_steps, p->nsteps + 1, sizeof(*p->steps));
	struct plan_step *step = &p->steps[p->nsteps++];
	*step = (struct plan_step){.kind = kind,
	    .side = s,
	    .path = path,
	    .path_len = (uint32_t)n,
	    .from_side = s,
	    .from = path,
	    .as_it_was = b->as_it_was,
	    .action = (uint32_t)(p->nactions - 1),
	    .unit = b->unit};
	return step;
}

static struct entry *
new_entry(struct back *b, uint8_t type, uint32_t mode)
{
	struct entry *e = arena_zero(&b->plan->arena, 1, sizeof(*e));
	e->name = "";
	e->type = type;
	e->mode = (uint16_t)(mode & 0777);
	return e;
}

/* What a manifest says was there, as if it had been seen. */
static const struct entry *
entry_of(struct back *b, const struct snap_entry *en)
{
	const struct fingerprint *was = &en->was;
	struct entry *e = new_entry(b, was->type, was->mode);
	e->flags = was->exec ? ENTRY_EXEC : 0;
	e->size = was->size;
	e->mtime_sec = was->mtime.sec;
	e->mtime_nsec = was->mtime.nsec;
	if (was->hashed && !en->unsettled) {
		struct hash *h = arena_alloc(&b->plan->arena, sizeof(*h));
		*h = was->hash;
		e->u.hash = h;
	}
	return e;
}

void
back_put(
    struct back *b, const struct snap_entry *en, const struct entry *victim)
{
	enum side s = (enum side)en->side;
	struct plan_action *a =
	    add_action(b, PLAN_COPY, s, en->path, en->path_len);
	a->type = en->was.type;
	a->size = en->was.size;
	struct plan_step *step =
	    add_step(b, STEP_COPY, s, en->path, en->path_len);
	step->source = entry_of(b, en);
	step->victim = victim;
	step->kept = en;
	back_tell(b, s, en->path, en->path_len, en->was.type);
}

void
back_remove(struct back *b, enum side s, const char *path, size_t n,
    const struct entry *victim)
{
	struct plan_action *a = add_action(b, PLAN_DELETE, s, path, n);
	a->type = victim->type;
	a->size = victim->size;
	add_step(b, STEP_REMOVE, s, path, n)->victim = victim;
	b->plan->deletes[s]++;
	back_tell(b, s, path, n, ENTRY_NONE);
}

void
back_mkdir(
    struct back *b, enum side s, const char *path, size_t n, uint32_t mode)
{
	add_action(b, PLAN_MKDIR, s, path, n)->type = ENTRY_DIR;
	add_step(b, STEP_MKDIR, s, path, n)->source =
	    new_entry(b, ENTRY_DIR, mode);
	back_tell(b, s, path, n, ENTRY_DIR);
}

int
back_rmdir(
    struct back *b, enum side s, const char *path, size_t n, struct err *e)
{
	const struct entry *now;
	if (glance_at(&now, &b->glance, s, path, n, e) != 0)
		return -1;
	add_action(b, PLAN_RMDIR, s, path, n)->type = ENTRY_DIR;
	add_step(b, STEP_RMDIR, s, path, n)->victim =
	    now != NULL ? now : new_entry(b, ENTRY_DIR, 0700);
	back_tell(b, s, path, n, ENTRY_NONE);
	return 0;
}

void
back_move(struct back *b, enum side s, const struct entry *what,
    const char *from, const char *to)
{
	struct plan_action *a = add_action(b, PLAN_MOVE, s, to, strlen(to));
	a->type = what->type;
	a->size = entry_is_content(what) ? what->size : 0;
	a->other = from;
	struct plan_step *step = add_step(b, STEP_MOVE, s, to, strlen(to));
	step->from = from;
	step->source = what;
	back_tell(b, s, from, strlen(from), ENTRY_NONE);
	back_tell(b, s, to, strlen(to), what->type);
}

int
back_parents(
    struct back *b, enum side s, const char *path, size_t n, struct err *e)
{
	size_t parent = path_parent(path, n);
	uint8_t type;
	if (parent == 0)
		return 0;
	if (back_type(&type, b, s, path, parent, e) != 0)
		return -1;
	if (type != ENTRY_NONE)
		return 0;
	if (back_parents(b, s, path, parent, e) != 0)
		return -1;
	back_mkdir(
	    b, s, arena_copy(&b->plan->arena, path, parent), parent, 0700);
	return 0;
}

void
back_skip(
    struct back *b, enum side s, const char *path, size_t n, enum plan_skip why)
{
	struct plan *p = b->plan;
	p->skipped = mem_grow(
	    p->skipped, &p->cap_skipped, p->nskipped + 1, sizeof(*p->skipped));
	p->skipped[p->nskipped++] = (struct plan_skipped){
	    .reason = why, .side = s, .path = path, .path_len = (uint32_t)n};
}
