#include "plan_scene.h"

#include <string.h>

void
scene_init(struct scene *s)
{
	memset(s, 0, sizeof(*s));
	s->plan.actions = s->actions;
	s->plan.conflicts = s->conflicts;
	s->plan.skipped = s->skipped;
	s->view.plan = &s->plan;
}

struct plan_action *
scene_act(struct scene *s, enum plan_op op, enum plan_to to,
    enum plan_reason reason, const char *path, uint64_t size)
{
	struct plan_action *a = &s->actions[s->plan.nactions++];
	size_t n = strlen(path);
	bool dir = path[n - 1] == '/';
	*a = (struct plan_action){.op = op,
	    .to = to,
	    .reason = reason,
	    .type = dir ? ENTRY_DIR : ENTRY_FILE,
	    .path = path,
	    .path_len = (uint32_t)(n - dir),
	    .size = size};
	return a;
}

void
scene_end(struct scene *s, size_t i, enum apply_status status, char *error)
{
	s->view.results = s->results;
	s->view.applied = true;
	s->results[i].status = status;
	s->results[i].error = error;
}

struct plan_conflict *
scene_conflict(struct scene *s, enum plan_kind kind, enum plan_resolution r,
    const char *path)
{
	struct plan_conflict *c = &s->conflicts[s->plan.nconflicts++];
	*c = (struct plan_conflict){.kind = kind,
	    .resolution = r,
	    .path = path,
	    .path_len = (uint32_t)strlen(path)};
	s->plan.unresolved += r == PLAN_UNRESOLVED;
	return c;
}

const struct entry *
scene_file(struct scene *s, uint64_t size, int64_t sec)
{
	struct entry *e = &s->entries[s->nentries++];
	e->type = ENTRY_FILE;
	e->size = size;
	e->mtime_sec = sec;
	return e;
}

void
scene_skip(
    struct scene *s, enum plan_skip why, enum side side, const char *path)
{
	s->skipped[s->plan.nskipped++] = (struct plan_skipped){.reason = why,
	    .side = side,
	    .path = path,
	    .path_len = (uint32_t)strlen(path)};
}
