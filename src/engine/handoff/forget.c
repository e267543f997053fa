/*
 * Retiring a machine, or taking its id over (docs/handoff.md, H18).
 *
 * What only it had published is published again by us before its manifest
 * goes: at no moment is there a folder that nobody speaks for.
 */
#include <string.h>

#include "engine/cloud/unpublished.h"
#include "engine/handoff/machines.h"
#include "engine/run/run_parts.h"
#include "engine/write/commit.h"

/* ---- its word becomes ours ---- */

/* The machine, by the roster; ROSTER_NOBODY when nothing of it is here. */
static uint32_t
find(const struct folder *f, const char *id)
{
	uint32_t who = roster_find(&f->roster, id);
	if (folder_by(f, who) != NULL)
		return who;
	for (size_t i = 0; i < f->unreadable.n; i++)
		if (roster_find(&f->roster, f->unreadable.v[i]) == who &&
		    who != ROSTER_NOBODY)
			return who;
	return ROSTER_NOBODY;
}

/* Nobody may miss the generations of one who is gone: what could not be read
   is accounted for by what we remember of it. */
static void
account_for(struct run *r, uint32_t who)
{
	const struct ledger_head *h = &r->ledger.head;
	for (size_t i = 0; i < h->seen.n; i++) {
		uint64_t generation;
		const char *id = folder_read_seen(&generation, h->seen.v[i]);
		if (id != NULL && roster_find(&r->folder.roster, id) == who)
			seen_raise(&r->folder.seen, who, generation);
	}
}

static int
publish_for(struct run *r, uint32_t who, struct err *e)
{
	struct story none = {.v = NULL};
	bool made;
	account_for(r, who);
	folder_remember(&r->head, &r->folder);
	r->must_publish = true;
	if (run_note_changes(r, &none, e) != 0)
		return -1;
	struct commit c = {.state = r->state,
	    .ledger = &r->ledger,
	    .head = &r->head,
	    .story = &none,
	    .durable = true};
	return commit(&c, &made, e) != 0 ? -1 : run_publish(r, e);
}

/* ---- the order of it ---- */

static int
hear(struct run *r, struct err *e)
{
	typedef int stage_fn(struct run * r, struct err * e);
	static stage_fn *const stages[] = {
	    run_resolve_roots,
	    run_take_lock,
	    run_open_state,
	    run_load_ledger,
	    run_open_sites,
	    run_check_marker,
	    run_recover,
	    run_make_rules,
	    run_listen,
	};
	for (size_t i = 0; i < COUNT_OF(stages); i++)
		if (stages[i](r, e) != 0)
			return -1;
	if (r->head.markers.n == 0)
		return err_set(e, ERR_REFUSED,
		    "the cloud folder has no marker: nobody has synced it");
	return 0;
}

static int
forget(struct run *r, const char *id, struct err *e)
{
	struct folder *f = &r->folder;
	uint32_t who = find(f, id);
	if (who == ROSTER_NOBODY)
		return 1;
	if (who != f->self) {
		if (folder_twin(f))
			return err_set(e, ERR_REFUSED,
			    "another installation publishes as machine '%s', "
			    "too: settle that first",
			    r->config->identity.machine_id);
		if (publish_for(r, who, e) != 0)
			return -1;
		return manifest_remove(r->sites[SIDE_CLOUD].root, id, e) < 0
		    ? -1
		    : 0;
	}
	if (!folder_twin(f) && f->own != NULL)
		return err_set(e, ERR_REFUSED,
		    "'%s' is this machine; a machine is forgotten from another "
		    "one",
		    id);
	return publish_for(r, who, e);
}

int
machines_forget(const struct config *c, const char *id, struct err *e)
{
	struct run_options options = {.apply = true,
	    .reason = "forget",
	    .wish = {.direction = -1, .policy = -1},
	    .threads = 1};
	struct run r;
	run_begin(&r, c, &options);
	int rc = hear(&r, e);
	if (rc == 0)
		rc = forget(&r, id, e);
	run_free(&r);
	return rc;
}
