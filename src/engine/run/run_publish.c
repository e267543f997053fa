/*
 * Telling the other machines, last of all (docs/handoff.md, H10-H14).
 */
#include <string.h>

#include "engine/cloud/unpublished.h"
#include "engine/run/run_parts.h"
#include "platform/plat_env.h"
#include "platform/plat_time.h"

static const struct manifest nothing;

/* What all others have seen, into *all*. */
static struct publish_by
by_us(struct seen *all, const struct run *r, uint64_t generation)
{
	const struct folder *f = &r->folder;
	struct publish_by by = {
	    .machine = f->self, .generation = generation, .seen = &f->seen};
	*all = (struct seen){.v = NULL};
	for (size_t m = 0; m < f->roster.ids.n; m++) {
		uint64_t least = UINT64_MAX;
		for (size_t i = 0; i < f->n; i++) {
			uint64_t one = seen_get(&f->v[i].seen, (uint32_t)m);
			if (f->v[i].head.machine == f->self)
				continue;
			by.all = all;
			least = one < least ? one : least;
		}
		if (by.all != NULL && least > 0)
			seen_raise(all, (uint32_t)m, least);
	}
	if (f->unreadable.n > 0)
		by.all = all;
	return by;
}

static void
open_expected(struct manifest_cursor *c, const struct run *r)
{
	const struct manifest *m = r->folder.expected;
	manifest_open(c, m != NULL ? m : &nothing);
}

static uint64_t
next_generation(const struct run *r)
{
	return folder_next(&r->folder, &r->ledger.head);
}

/* Who has not heard the others does not speak; and where nothing can be
   written, nothing can be told. */
static bool
can_publish(const struct run *r)
{
	return r->heard && !r->sites[SIDE_CLOUD].volume.read_only;
}

bool
run_must_publish(const struct run *r)
{
	const struct folder *f = &r->folder;
	return can_publish(r) &&
	    (f->own == NULL || f->nheads > 1 || f->owes || r->changes.n > 0);
}

/* ---- one publication ---- */

static int
put(struct run *r, const struct seen *seen, uint64_t generation, struct err *e)
{
	const struct config *c = r->config;
	struct folder *f = &r->folder;
	struct manifest_cursor cursor;
	struct str bytes = STR_INIT;
	struct seen all;
	struct publish_by by = by_us(&all, r, generation);
	struct manifest_head head = {.machine = f->self,
	    .label = c->identity.label,
	    .os = (char *)plat_os(),
	    .place = f->place,
	    .generation = generation,
	    .time = plat_now().sec};
	memcpy(head.install, f->install, sizeof(head.install));
	struct manifest_writer *w = manifest_begin(&head, &f->roster, seen);
	struct claims_sink sink = {.claim = manifest_add, .arg = w};
	open_expected(&cursor, r);
	publish_merge(&cursor.claims, &r->changes, &by, &sink);
	manifest_close(&cursor);
	r->state_code = *manifest_code(w);
	manifest_end(w, &bytes);
	seen_free(&all);
	int rc = manifest_put(
	    r->sites[SIDE_CLOUD].root, c->identity.machine_id, &bytes, e);
	str_free(&bytes);
	return rc;
}

static int
publish(struct run *r, uint64_t generation, struct err *e)
{
	struct seen seen = {.v = NULL};
	seen_join(&seen, &r->folder.seen);
	seen_raise(&seen, r->folder.self, generation);
	int rc = put(r, &seen, generation, e);
	if (rc == 0)
		seen_raise(&r->folder.seen, r->folder.self, generation);
	seen_free(&seen);
	return rc;
}

/* ---- around a run's writes ---- */

static int
save(struct run *r, uint64_t generation, struct err *e)
{
	struct unpublished about = {.roster = &r->folder.roster,
	    .seen = &r->folder.seen,
	    .machine = r->folder.self,
	    .generation = generation,
	    .durable = r->config->sync.durability == CONFIG_DURABLE_FULL};
	return unpublished_save(r->state, &about, &r->changes, e);
}

int
run_begin_publishing(struct run *r, struct err *e)
{
	if (!can_publish(r))
		return 0;
	publish_sort(&r->changes);
	/* What an interrupted run owes is told first: from here on this run's
	   own words count against what it has seen. */
	if (r->folder.owes) {
		uint64_t generation = next_generation(r);
		if (publish(r, generation, e) != 0)
			return err_wrap(e, "publish");
		r->head.generation = generation;
		r->folder.owes = false;
		r->published = true;
	}
	return save(r, next_generation(r), e);
}

int
run_note_changes(struct run *r, const struct story *story, struct err *e)
{
	struct manifest_cursor cursor;
	uint64_t generation = next_generation(r);
	struct seen all;
	if (!can_publish(r))
		return 0;
	struct publish_by by = by_us(&all, r, generation);
	bool must = (run_must_publish(r) || r->must_publish) && !r->published;
	publish_story(&r->changes, story, &r->trees[SIDE_CLOUD]);
	publish_sort(&r->changes);
	open_expected(&cursor, r);
	r->publishing =
	    publish_merge(&cursor.claims, &r->changes, &by, NULL) || must;
	manifest_close(&cursor);
	seen_free(&all);
	if (!r->publishing)
		return 0;
	r->head.generation = generation;
	return save(r, generation, e);
}

int
run_publish(struct run *r, struct err *e)
{
	if (!can_publish(r))
		return 0;
	if (r->publishing && publish(r, r->head.generation, e) != 0)
		return err_wrap(e, "publish");
	r->published |= r->publishing;
	return unpublished_clear(r->state, e);
}
