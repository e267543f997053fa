#include "model/cloud/publish.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"

static void
add(struct publish_changes *c, const char *path, size_t n,
    const struct version *v, bool written)
{
	c->v = mem_grow(c->v, &c->cap, c->n + 1, sizeof(*c->v));
	c->v[c->n] =
	    (struct publish_change){.path = arena_copy(&c->arena, path, n),
		.path_len = n,
		.seq = (uint32_t)c->n,
		.written = written,
		.v = *v};
	c->n++;
}

void
publish_add(struct publish_changes *c, const char *path, size_t n,
    const struct version *v)
{
	add(c, path, n, v, true);
}

static const struct version nothing = {.type = ENTRY_NONE};

/* ---- from a story ---- */

/* Both sides are the same after it, so either one's hash will do. */
static void
add_print(struct publish_changes *c, const char *path, size_t n,
    const struct fingerprint *cloud, const struct fingerprint *other,
    bool written)
{
	struct version v = {.type = cloud->type, .size = cloud->size};
	if (cloud->type == ENTRY_DIR) {
		add(c, path, n, &nothing, written);
		return;
	}
	if (cloud->type != ENTRY_FILE && cloud->type != ENTRY_LINK)
		return;
	if (!cloud->hashed && !other->hashed)
		return;
	v.hash = cloud->hashed ? cloud->hash : other->hash;
	add(c, path, n, &v, written);
}

/* A path that is left to itself may lie behind the filter: then nothing is
   known of it and nothing changes. */
static bool
is_in_sight(const struct tree *cloud, const char *path, size_t n)
{
	if (cloud == NULL)
		return false;
	for (size_t end = n; end > 0; end = path_parent(path, end)) {
		const struct entry *e = tree_find(cloud, path, end);
		if (e != NULL)
			return e->type != ENTRY_UNKNOWN;
	}
	return true;
}

static void
add_deed(
    struct publish_changes *c, const struct deed *d, const struct tree *cloud)
{
	const struct intent *i = &d->intent;
	bool there = i->side == SIDE_CLOUD;
	const struct fingerprint *print[SIDES] = {&d->now, &i->other};
	switch ((enum intent_kind)i->kind) {
	case INTENT_MOVE:
		add(c, i->from, i->from_len, &nothing, there);
		add_print(c, i->path, i->path_len, print[there ? 0 : 1],
		    print[there ? 1 : 0], there);
		break;
	case INTENT_MKDIR:
	case INTENT_PUT:
	case INTENT_AGREE:
		add_print(c, i->path, i->path_len, print[there ? 0 : 1],
		    print[there ? 1 : 0], there);
		break;
	case INTENT_SETTLE:
		if (there)
			add_print(
			    c, i->path, i->path_len, &d->now, &d->now, false);
		break;
	case INTENT_REMOVE:
	case INTENT_RMDIR:
		add(c, i->path, i->path_len, &nothing, there);
		break;
	case INTENT_FORGET:
		if (is_in_sight(cloud, i->path, i->path_len))
			add(c, i->path, i->path_len, &nothing, there);
		break;
	}
}

void
publish_story(struct publish_changes *out, const struct story *story,
    const struct tree *cloud)
{
	/* What was done here says something of the folder only where both
	   sides are alike after it. */
	bool both = story_memory(story->begin.reason) == STORY_AGREES;
	for (size_t i = 0; i < story->n; i++) {
		const struct deed *d = &story->v[i];
		if (!both && d->intent.side != SIDE_CLOUD)
			continue;
		if (d->applied || d->intent.kind >= INTENT_AGREE)
			add_deed(out, d, cloud);
	}
}

/* ---- from what was found ---- */

static bool
is_named(const struct complete_fault *f, const struct strlist *paths)
{
	if (paths == NULL)
		return true;
	for (size_t i = 0; i < paths->n; i++)
		if (path_within(
			f->path, f->path_len, paths->v[i], strlen(paths->v[i])))
			return true;
	return false;
}

size_t
publish_faults(struct publish_changes *out, const struct complete *faults,
    const struct strlist *paths)
{
	size_t left = 0;
	for (size_t i = 0; i < faults->n; i++) {
		const struct complete_fault *f = &faults->v[i];
		if (!is_named(f, paths))
			left++;
		else if (f->known)
			publish_add(out, f->path, f->path_len, &f->actual);
	}
	return left;
}

/* ---- sorted ---- */

static int
compare(const void *a, const void *b)
{
	const struct publish_change *x = a, *y = b;
	int order = path_cmp(x->path, x->path_len, y->path, y->path_len);
	if (order != 0)
		return order;
	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

void
publish_sort(struct publish_changes *c)
{
	size_t n = 0;
	if (c->n > 1)
		qsort(c->v, c->n, sizeof(*c->v), compare);
	for (size_t i = 0; i < c->n; i++) {
		if (n > 0 &&
		    path_cmp(c->v[n - 1].path, c->v[n - 1].path_len,
			c->v[i].path, c->v[i].path_len) == 0)
			n--;
		c->v[n++] = c->v[i];
	}
	c->n = n;
}

void
publish_changes_free(struct publish_changes *c)
{
	free(c->v);
	arena_free(&c->arena);
	memset(c, 0, sizeof(*c));
}

/* ---- laid over what was claimed ---- */

/* The claim of a changed path; what was claimed before stays as it was, origin
   and all. Where several versions stand open, only writing it decides. */
static void
apply(struct claim *out, const struct claim *base,
    const struct publish_change *change, const struct publish_by *by)
{
	struct version v = change->v;
	*out =
	    (struct claim){.path = change->path, .path_len = change->path_len};
	if (claim_has(base, &v) && (base->n == 1 || !change->written)) {
		*out = *base;
		return;
	}
	if (v.type == ENTRY_NONE && base->n == 0)
		return;
	v.machine = by->machine;
	v.generation = by->generation;
	out->v[out->n++] = v;
}

static uint64_t
newest_of(const struct publish_by *by, uint32_t machine)
{
	return machine == by->machine ? by->generation
				      : seen_get(by->seen, machine);
}

/* A deletion that is old, and that all have seen, need not be told any longer.
 */
static bool
is_settled(const struct claim *c, const struct publish_by *by)
{
	const struct version *v = &c->v[0];
	return c->n == 1 && v->type == ENTRY_NONE &&
	    newest_of(by, v->machine) >= v->generation + PUBLISH_DELETIONS &&
	    (by->all == NULL || seen_get(by->all, v->machine) >= v->generation);
}

static bool
differs(const struct claim *a, const struct claim *b)
{
	return a->n != b->n || (a->n > 0 && !version_same(&a->v[0], &b->v[0]));
}

bool
publish_merge(struct claims *base, const struct publish_changes *changes,
    const struct publish_by *by, const struct claims_sink *sink)
{
	bool changed = false;
	size_t i = 0;
	while (!base->ended || i < changes->n) {
		const struct publish_change *change =
		    i < changes->n ? &changes->v[i] : NULL;
		int order = base->ended ? 1
		    : change == NULL
		    ? -1
		    : path_cmp(base->now.path, base->now.path_len, change->path,
			  change->path_len);
		const struct claim none = {.path = ""};
		const struct claim *was = order <= 0 ? &base->now : &none;
		struct claim out = {.path = ""};
		if (order >= 0 && change != NULL)
			apply(&out, was, change, by);
		changed |= order >= 0 && differs(was, &out);
		if (sink == NULL && changed)
			return true;
		const struct claim *claim = order >= 0 ? &out : was;
		if (sink != NULL && claim->n > 0 && !is_settled(claim, by))
			sink->claim(sink->arg, claim);
		if (order <= 0)
			claims_next(base);
		if (order >= 0)
			i++;
	}
	return changed;
}

void
publish_list(const struct publish_changes *changes,
    const struct version *origin, const struct claims_sink *sink)
{
	for (size_t i = 0; i < changes->n; i++) {
		const struct publish_change *change = &changes->v[i];
		struct claim c = {.path = change->path,
		    .path_len = change->path_len,
		    .n = 1,
		    .v = {change->v}};
		c.v[0].machine = origin->machine;
		c.v[0].generation = origin->generation;
		sink->claim(sink->arg, &c);
	}
}
