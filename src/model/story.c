#include "model/story.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct deed *
story_add(struct story *s, const struct intent *i)
{
	s->v = mem_grow(s->v, &s->cap, s->n + 1, sizeof(*s->v));
	struct deed *d = &s->v[s->n];
	*d = (struct deed){.intent = *i};
	d->intent.seq = (uint32_t)s->n++;
	return d;
}

void
story_free(struct story *s)
{
	free(s->v);
	arena_free(&s->arena);
	memset(s, 0, sizeof(*s));
}

enum story_memory
story_memory(const char *reason)
{
	if (reason == NULL)
		return STORY_AGREES;
	return strcmp(reason, "restore") == 0 ? STORY_LEAVES
	    : strcmp(reason, "undo") == 0     ? STORY_GOES_BACK
					      : STORY_AGREES;
}

bool
story_changed(const struct story *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i].applied)
			return true;
	return false;
}

/*
 * A write that follows so closely that the clock does not move in between
 * leaves no trace in the times. Fine clocks tick every few milliseconds; a
 * time without a fraction is taken for one that ticks every two seconds.
 */
bool
fingerprint_is_racy(const struct fingerprint *f, struct stamp seen)
{
	struct stamp newest =
	    stamp_cmp(f->mtime, f->ctime) > 0 ? f->mtime : f->ctime;
	struct stamp limit = newest;
	if (f->mtime.nsec == 0 && f->ctime.nsec == 0) {
		limit.sec += 2;
	} else {
		limit.nsec += 20 * 1000 * 1000;
		if (limit.nsec >= 1000 * 1000 * 1000) {
			limit.nsec -= 1000 * 1000 * 1000;
			limit.sec++;
		}
	}
	return stamp_cmp(limit, seen) >= 0;
}

struct fingerprint
fingerprint_of(const struct entry *e, struct stamp seen)
{
	struct fingerprint f = {.type = ENTRY_NONE};
	if (e == NULL)
		return f;
	f.type = e->type;
	f.exec = (e->flags & ENTRY_EXEC) != 0;
	f.mode = e->mode;
	f.size = e->size;
	f.ino = e->ino;
	f.mtime = entry_mtime(e);
	f.ctime = entry_ctime(e);
	if (entry_is_content(e) && e->u.hash != NULL) {
		f.hashed = true;
		f.hash = *e->u.hash;
	}
	f.racy = fingerprint_is_racy(&f, seen);
	return f;
}
