#include "engine/run/run_parts.h"

#include <string.h>

#include "base/mem.h"
#include "engine/cloud/unpublished.h"
#include "engine/write/recover.h"
#include "model/plan/plan_words.h"
#include "platform/plat_env.h"
#include "store/afile.h"
#include "store/journal.h"
#include "store/marker.h"

static const char *
configured_root(const struct config *c, enum side s)
{
	return s == SIDE_LOCAL ? c->paths.local_state_dir
			       : c->paths.cloud_root_dir;
}

/* What the next ledger is bound to. */
static void
bind_head(struct run *r)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		r->head.roots[s] = mem_string(r->roots[s]);
}

int
run_resolve_roots(struct run *r, struct err *e)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		struct str path = STR_INIT;
		int rc =
		    plat_canonical(&path, configured_root(r->config, s), e);
		r->roots[s] = str_take(&path);
		if (rc != 0)
			return err_wrap(e, "%s root", side_name(s));
	}
	bind_head(r);
	return 0;
}

/* Locks on local roots are shared by all profiles of the user. */
static int
shared_dir(struct str *out, struct err *e)
{
	if (plat_state_home(out, e) != 0)
		return -1;
	str_add(out, "/locks");
	return 0;
}

/* Somebody else is at work: a glance shows how things look meanwhile. */
static int
meet_another(struct run *r, const char *who, struct err *e)
{
	const char *colon = who[0] != '\0' ? ": " : "";
	if (!r->options.glance)
		return err_set(
		    e, ERR_LOCKED, "another run is at work%s%s", colon, who);
	run_note(r, "another run is at work%s%s", colon, who);
	return 0;
}

int
run_take_lock(struct run *r, struct err *e)
{
	const char *state = r->config->paths.state_dir;
	const char *root = r->roots[SIDE_LOCAL];
	struct str shared = STR_INIT, who = STR_INIT;
	int rc = shared_dir(&shared, e);
	if (rc == 0 && r->options.apply)
		rc = lock_take(&r->lock, state, shared.p, root, e);
	else if (rc == 0 && lock_is_held(&who, state, shared.p, root))
		rc = meet_another(r, who.p, e);
	str_free(&shared);
	str_free(&who);
	return rc;
}

/* What a run that died while it wrote left beside its files; the lock is ours,
   so nobody is writing them. */
static int
tidy_state(struct run *r, struct err *e)
{
	static const char *const names[] = {
	    JOURNAL_NAME, LEDGER_NAME, UNPUBLISHED_NAME};
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (afile_tidy(r->state, names[i], e) != 0)
			return err_wrap(e, "state directory");
	return 0;
}

int
run_open_state(struct run *r, struct err *e)
{
	const char *state = r->config->paths.state_dir;
	if (r->options.apply && plat_dir_make(state, 0700, e) != 0)
		return err_wrap(e, "state directory");
	if (run_look_at_state(r, e) != 0)
		return -1;
	return r->options.apply ? tidy_state(r, e) : 0;
}

int
run_look_at_state(struct run *r, struct err *e)
{
	struct err why = {.code = ERR_NONE};
	if (plat_dir_open(&r->state, r->config->paths.state_dir, &why) == 0)
		return 0;
	r->state = NULL;
	if (why.code == ERR_NOTFOUND)
		return 0;
	*e = why;
	return err_wrap(e, "state directory");
}

int
run_load_ledger(struct run *r, struct err *e)
{
	struct str trouble = STR_INIT;
	struct ledger_head *head = &r->ledger.head;
	ledger_free(&r->ledger);
	strlist_clear(&r->head.seen);
	if (r->state != NULL &&
	    ledger_load(&r->ledger, r->state, &trouble, e) != 0)
		return err_wrap(e, "ledger");
	if (trouble.len > 0)
		run_note(r,
		    "the ledger cannot be used (%s): differences between the "
		    "two folders are shown as conflicts, nothing is deleted",
		    trouble.p);
	str_free(&trouble);
	bool moved = false;
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		moved |= head->roots[s] != NULL && head->roots[s][0] != '\0' &&
		    strcmp(head->roots[s], r->roots[s]) != 0;
	if (moved) {
		run_note(r,
		    "the config points at other folders than before: what was "
		    "agreed about those is not used");
		ledger_free(&r->ledger);
	}
	r->head.generation = head->generation;
	for (size_t i = 0; i < head->seen.n; i++)
		strlist_add(&r->head.seen, head->seen.v[i]);
	return 0;
}

/* Into that side, and so it may be what has to be restored. */
static bool
restores(const struct run *r, enum side s)
{
	return r->options.errand == RUN_RESTORE &&
	    r->options.restore->side == s;
}

/* A new machine has nothing yet; its folder is made when there is something to
   put into it. */
static int
open_local(struct run *r, struct err *e)
{
	struct err why = {.code = ERR_NONE};
	struct site *site = &r->sites[SIDE_LOCAL];
	const char *root = r->roots[SIDE_LOCAL];
	if (site_open(site, SIDE_LOCAL, root, &why) == 0)
		return 0;
	*e = why;
	if (why.code != ERR_NOTFOUND)
		return -1;
	if (r->ledger.agreed.n > 0 && !restores(r, SIDE_LOCAL))
		return err_set(e, ERR_REFUSED,
		    "the local folder %s is gone, although there was something "
		    "in it at the last sync",
		    root);
	*site = (struct site){.side = SIDE_LOCAL};
	return 0;
}

/* What comes back into the local folder comes without the cloud folder too. */
static bool
needs_cloud(struct run *r)
{
	struct site *site = &r->sites[SIDE_CLOUD];
	struct err why = {.code = ERR_NONE};
	if (!restores(r, SIDE_LOCAL) ||
	    (r->state != NULL && recover_is_pending(r->state)))
		return true;
	if (site_open(site, SIDE_CLOUD, r->roots[SIDE_CLOUD], &why) == 0)
		return false;
	*site = (struct site){.side = SIDE_CLOUD};
	run_note(r, "the cloud folder is not there; it is not needed for this");
	return false;
}

int
run_open_sites(struct run *r, struct err *e)
{
	if (open_local(r, e) != 0)
		return -1;
	const char *root = r->roots[SIDE_CLOUD];
	if (!needs_cloud(r))
		return 0;
	if (site_open(&r->sites[SIDE_CLOUD], SIDE_CLOUD, root, e) == 0)
		return 0;
	if (e->code == ERR_NOTFOUND)
		return err_set(
		    e, ERR_REFUSED, "there is no cloud folder %s", root);
	if (e->code == ERR_TYPE)
		return err_set(e, ERR_REFUSED,
		    "%s is to be the cloud folder, but it is none", root);
	e->code = ERR_REFUSED;
	return err_wrap(e, "the cloud folder cannot be used");
}

/*
 * The marker binds the folder to this ledger: an empty mount point, or another
 * folder of the same name, has none of those we know.
 */
int
run_check_marker(struct run *r, struct err *e)
{
	struct strlist *found = &r->head.markers;
	const struct strlist *known = &r->ledger.head.markers;
	if (r->sites[SIDE_CLOUD].root == NULL) {
		for (size_t i = 0; i < known->n; i++)
			strlist_add(found, known->v[i]);
		return 0;
	}
	if (marker_list(found, r->sites[SIDE_CLOUD].root, e) != 0)
		return err_wrap(e, "marker");
	if (known->n == 0 || strlist_shares(known, found) ||
	    (r->options.accept_cloud && r->options.accept_paths == NULL))
		return 0;
	r->refusal = RUN_REFUSED_MARKER;
	return err_set(e, ERR_REFUSED,
	    found->n == 0
		? "the cloud folder has lost its marker: it is not mounted, "
		  "not delivered yet, or another folder"
		: "the cloud folder is another one than at the last sync: its "
		  "marker is not known here");
}

/* ---- before the first write ---- */

int
run_may_write(struct run *r, struct err *e)
{
	return vigil_before_writing(&r->vigil, r->sites[SIDE_LOCAL].root, e);
}

static int
make_marker(struct run *r, struct err *e)
{
	char name[MARKER_NAME_SIZE];
	if (r->head.markers.n > 0)
		return 0;
	if (marker_invent(name, e) != 0 ||
	    marker_put(r->sites[SIDE_CLOUD].root, name, e) != 0)
		return err_wrap(e, "marker");
	strlist_add(&r->head.markers, name);
	return 0;
}

static int
find_work(struct run *r, struct err *e)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		if (r->sites[s].root != NULL &&
		    site_find_work(
			&r->sites[s], r->config->paths.state_dir, e) != 0)
			return err_wrap(e, "work directory");
	return 0;
}

int
run_prepare_writing(struct run *r, struct err *e)
{
	struct site *local = &r->sites[SIDE_LOCAL];
	const char *root = r->roots[SIDE_LOCAL];
	if (local->root == NULL) {
		if (plat_dir_make(root, 0700, e) != 0 ||
		    site_open(local, SIDE_LOCAL, root, e) != 0)
			return -1;
	}
	if (find_work(r, e) != 0)
		return -1;
	return r->options.errand == RUN_SYNC ? make_marker(r, e) : 0;
}

static void
tell_recovered(void *arg, const struct recovered *run)
{
	run_finished(arg, run);
}

int
run_recover(struct run *r, struct err *e)
{
	struct recover about = {.config = r->config,
	    .sites = r->sites,
	    .roots = (const char *const *)r->roots,
	    .state = r->state,
	    .ledger = &r->ledger,
	    .head = &r->head,
	    .log = r->log,
	    .finished = tell_recovered,
	    .arg = r};
	if (r->state == NULL)
		return 0;
	if (!r->options.apply) {
		r->recovery_pending = recover_is_pending(r->state);
		if (r->recovery_pending)
			run_note(r,
			    "an earlier run was interrupted; the next sync "
			    "finishes it first");
		return 0;
	}
	if (!recover_is_pending(r->state))
		return 0;
	if (r->sites[SIDE_LOCAL].root == NULL)
		return err_set(e, ERR_REFUSED,
		    "a run was interrupted, and its local folder is gone");
	if (run_may_write(r, e) != 0 || find_work(r, e) != 0)
		return -1;
	int rc = recover(&about, e);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	r->recovered = true;
	run_note(r, "an interrupted run was finished first");
	return run_load_ledger(r, e);
}
