#include "engine/write/commit.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/remember.h"
#include "store/journal.h"

static void
write_record(
    void *arg, const struct agreed_record *r, const char *path, size_t n)
{
	ledger_add(arg, r, path, n);
}

/* What an undo goes back to: nothing where that is lost, or was about other
   folders. */
static int
load_before(struct ledger *out, struct plat_dir *state,
    const struct ledger *last, struct err *e)
{
	struct str trouble = STR_INIT;
	const struct ledger_head *was = &out->head;
	int rc = ledger_load_before(out, state,
	    last->head.run != NULL ? last->head.run : "", &trouble, e);
	str_free(&trouble);
	if (rc != 0)
		return -1;
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		if (strcmp(was->roots[s], last->head.roots[s]) != 0)
			out->agreed.n = 0;
	return 0;
}

/* Feed the next ledger all it has to know. */
static int
remember_story(struct ledger_writer *w, const struct commit *c, struct err *e)
{
	const struct story *story = c->story;
	const struct ledger *last = c->ledger;
	struct remember_sink sink = {.record = write_record, .arg = w};
	const struct story nothing = {.n = 0};
	switch (story_memory(story->begin.reason)) {
	case STORY_AGREES:
		remember(&last->agreed, story, &sink);
		break;
	case STORY_LEAVES:
		remember(&last->agreed, &nothing, &sink);
		break;
	case STORY_GOES_BACK: {
		struct ledger before;
		if (load_before(&before, c->state, last, e) != 0)
			return -1;
		remember_back(&last->agreed, &before.agreed, story, &sink);
		ledger_free(&before);
		break;
	}
	}
	return 0;
}

/* The run is the last one now, if it did anything. */
static void
name_run(struct ledger_head *next, const struct commit *c, bool snapshot_made)
{
	const struct ledger_head *last = &c->ledger->head;
	const struct story_begin *begin = &c->story->begin;
	const char *run = last->run, *snapshot = last->snapshot;
	ledger_head_copy(next, c->head);
	free(next->run);
	free(next->snapshot);
	next->run = next->snapshot = NULL;
	if (story_changed(c->story)) {
		run = begin->run_id;
		snapshot = snapshot_made ? begin->snapshot_id : NULL;
	}
	if (run != NULL)
		next->run = mem_string(run);
	if (snapshot != NULL)
		next->snapshot = mem_string(snapshot);
}

static bool
is_same(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static int
save_ledger(const struct commit *c, bool snapshot_made, struct err *e)
{
	struct ledger_writer *w;
	struct ledger_head next;
	bool changed = story_changed(c->story);
	/* It died after this: nothing has been done since. */
	if (changed && is_same(c->ledger->head.run, c->story->begin.run_id)) {
		ledger_free(c->ledger);
		return 0;
	}
	if (ledger_begin(&w, c->state, e) != 0)
		return -1;
	if (remember_story(w, c, e) != 0) {
		ledger_abandon(w);
		return -1;
	}
	name_run(&next, c, snapshot_made);
	/* A file that is mapped cannot be replaced everywhere. */
	ledger_free(c->ledger);
	int rc = changed ? ledger_keep_before(c->state, next.run, e) : 0;
	if (rc == 0)
		rc = ledger_commit(w, &next, c->durable, e);
	else
		ledger_abandon(w);
	if (rc == 0 && changed)
		rc = ledger_drop_before(c->state, next.run, e);
	ledger_head_free(&next);
	return rc;
}

int
commit(const struct commit *c, bool *snapshot_made, struct err *e)
{
	*snapshot_made = false;
	if (c->snapshot != NULL &&
	    snapshot_finish(c->snapshot, c->story, snapshot_made, e) != 0)
		return err_wrap(e, "snapshot");
	if (save_ledger(c, *snapshot_made, e) != 0)
		return err_wrap(e, "ledger");
	if (c->journal && journal_remove(c->state, e) != 0)
		return err_wrap(e, "journal");
	return 0;
}
