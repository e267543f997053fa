#include "cli/cmd/sync.h"

#include "cli/exitcode.h"
#include "cli/out/json_plan.h"
#include "cli/out/out_plan.h"
#include "engine/profile/pause.h"

static bool
did_anything(const struct run *run)
{
	for (size_t i = 0; i < run->plan.nactions; i++)
		if (run->results[i].status == APPLY_DONE)
			return true;
	return false;
}

struct plan_view
sync_view(const struct run *run, const struct sync_end *end, bool count_all)
{
	bool apply = run->options.apply;
	bool reached = end->rc == 0 && !run->plan.blocked;
	struct plan_view v = {
	    .plan = &run->plan,
	    .results = run->results,
	    .run_id = apply ? run->id : NULL,
	    .snapshot = run->snapshot.len > 0 ? run->snapshot.p : NULL,
	    .notes = &run->notes,
	    .applied = apply && (reached || did_anything(run)),
	    .elsewhere = run->options.errand == RUN_EXTRACT,
	    .adopted = plan_view_adopted(&run->plan),
	};
	if (count_all)
		v.in_sync =
		    plan_view_in_sync(&run->plan, &run->items, run->trees);
	return v;
}

/* ---- what to do about it ---- */

/* Of a restore or an undo. */
static int
tell_no_way_back(
    struct cli_context *c, const struct run *run, const struct err *why)
{
	switch (why->code) {
	case ERR_USAGE:
	case ERR_CORRUPT:
		return cli_fail(c, why,
		    "'coldsync backups list' shows which snapshots there are, "
		    "'coldsync backups show ID' what is in one");
	case ERR_NOTFOUND:
		return cli_fail(c, why,
		    "'coldsync history' shows what was done, 'coldsync backups "
		    "list' what was kept");
	case ERR_REFUSED:
		if (run->options.errand == RUN_EXTRACT)
			return cli_fail(c, why,
			    "name a directory that is empty or not there yet");
		return cli_fail(c, why,
		    "see to it that both folders are there: mounted, and "
		    "where 'coldsync validate' says they are");
	default:
		return cli_fail(c, why, NULL);
	}
}

/* A guard refused, or something broke. */
static int
tell_failure(
    struct cli_context *c, const struct run *run, const struct err *why)
{
	static const char *const cloud[] = {
	    [RUN_REFUSED_MARKER] =
		"see to it that this is the right cloud folder and that the "
		"cloud client is done; --accept-cloud takes the folder as it "
		"is",
	    [RUN_REFUSED_TWIN] =
		"give this machine an identity.machine_id of its own; or, if "
		"the other installation is gone for good, 'coldsync machines "
		"forget' its id here",
	    [RUN_REFUSED_MANIFEST] =
		"let the cloud client finish (--wait SECONDS); if that machine "
		"is gone for good, 'coldsync machines forget' its id",
	    [RUN_REFUSED_TIME] =
		"let the cloud client finish, or bring the folder back; "
		"--accept-cloud takes it as it is",
	    [RUN_REFUSED_INCOMPLETE] =
		"let the cloud client finish (--wait SECONDS waits for it); "
		"--accept-cloud takes the folder as it is",
	    [RUN_REFUSED_OTHER] = "ask the other machine for its code again",
	    [RUN_REFUSED_EDITED] =
		"if the cloud client may still be writing, let it finish "
		"first; if that is as it should be, add --accept-cloud, or "
		"'--accept-cloud -- PATH...' for some of them",
	};
	if (run->options.errand != RUN_SYNC)
		return tell_no_way_back(c, run, why);
	if (why->code != ERR_REFUSED)
		return cli_fail(c, why, NULL);
	if (run->refusal != RUN_NOT_REFUSED)
		return cli_fail(c, why, "%s", cloud[run->refusal]);
	if (run->planned && !run->applied)
		return cli_fail(c, why,
		    "look at what 'coldsync plan' shows; if that is what you "
		    "want, add --allow-deletes");
	if (run->state != NULL && run->sites[SIDE_LOCAL].root == NULL &&
	    run->ledger.agreed.n > 0)
		return cli_fail(c, why,
		    "bring it back: is its disk mounted, was it moved? To "
		    "fetch all of it from the cloud folder anew, delete %s/%s "
		    "first",
		    run->config->paths.state_dir, LEDGER_NAME);
	if (run->sites[SIDE_CLOUD].root == NULL)
		return cli_fail(c, why,
		    "start the cloud client or mount the disk; on the first "
		    "machine of all make the folder; 'coldsync doctor' looks "
		    "at the rest");
	return cli_fail(c, why, NULL);
}

static size_t
count_skips(const struct plan *p, enum plan_skip why)
{
	size_t n = 0;
	for (size_t i = 0; i < p->nskipped; i++)
		n += p->skipped[i].reason == why;
	return n;
}

static void
tell_conflicts(struct cli_context *c, const struct plan *p)
{
	struct str why = STR_INIT;
	if (p->unresolved > 0) {
		str_addf(&why, "%zu conflict%s left%s", p->unresolved,
		    p->unresolved == 1 ? " is" : "s are",
		    p->blocked ? "; until that is settled nothing is done"
			       : "");
		cli_why(c, why.p,
		    "'coldsync resolve' goes through them one by one, "
		    "'coldsync resolve PATH --take local|cloud|newer|both' "
		    "settles one at once");
	} else if (count_skips(p, PLAN_SKIP_EQUAL_MTIME) > 0) {
		cli_why(c, "files of the same time differ on both sides",
		    "'coldsync resolve PATH --take local|cloud|newer|both' "
		    "settles one; sync.equal_mtime_action settles all");
	} else {
		cli_why(c, "some names cannot be held by the other side",
		    "rename what is listed as left alone, then try again");
	}
	str_free(&why);
}

static void
tell_placeholders(struct cli_context *c, const struct plan *p)
{
	struct str why = STR_INIT;
	size_t n = count_skips(p, PLAN_SKIP_PLACEHOLDER);
	str_addf(&why, "%zu file%s not downloaded by the cloud client", n,
	    n == 1 ? " is" : "s are");
	cli_why(c, why.p,
	    "let the cloud client keep the folder on this machine, or set "
	    "cloud.placeholders = hydrate");
	str_free(&why);
}

static bool
tell_partial_undo(struct cli_context *c, const struct plan_view *v)
{
	struct str why = STR_INIT;
	size_t n = count_skips(v->plan, PLAN_SKIP_SINCE);
	if (n == 0)
		return false;
	str_addf(&why, "%zu path%s changed since that run, and %s left alone",
	    n, n == 1 ? " has" : "s have", n == 1 ? "is" : "are");
	if (v->applied)
		c->result = "partial";
	cli_why(c, why.p,
	    "the rest goes back; 'coldsync restore PATH' brings one of those "
	    "listed back all the same");
	str_free(&why);
	return true;
}

/* What all that failed did so for; ERR_NONE where that is not one thing. */
static enum err_code
common_cause(const struct plan_view *v)
{
	enum err_code cause = ERR_NONE;
	for (size_t i = 0; v->results != NULL && i < v->plan->nactions; i++) {
		const struct apply_result *r = &v->results[i];
		if (r->status != APPLY_FAILED)
			continue;
		if (cause != ERR_NONE && cause != r->code)
			return ERR_NONE;
		cause = r->code;
	}
	return cause;
}

static void
tell_partial(struct cli_context *c, const struct plan_view *v)
{
	if (tell_partial_undo(c, v))
		return;
	struct totals t;
	struct str why = STR_INIT;
	plan_view_totals(&t, v);
	if (t.failed > 0)
		str_addf(&why, "%zu path%s could not be synced", t.failed,
		    t.failed == 1 ? "" : "s");
	else
		str_add(
		    &why, "some paths could not be read, or changed meanwhile");
	if (v->applied)
		c->result = "partial";
	enum err_code cause = common_cause(v);
	if (cause == ERR_NOSPACE || cause == ERR_ACCESS || cause == ERR_BUSY)
		cli_why(c, why.p, "%s: the rest is done", cli_remedy(cause));
	else
		cli_why(c, why.p,
		    "see what is listed as failed or left alone, then run the "
		    "same command again: the rest is done");
	str_free(&why);
}

int
sync_judge(struct cli_context *c, const struct run *run,
    const struct sync_end *end, const struct plan_view *v)
{
	enum exitcode code = plan_view_exitcode(v);
	if (end->rc != 0)
		return (int)exitcode_worse(
		    code, (enum exitcode)tell_failure(c, run, &end->why));
	switch (code) {
	case EXITCODE_OK:
		break;
	case EXITCODE_CONFLICT:
		tell_conflicts(c, v->plan);
		break;
	case EXITCODE_REFUSED:
		tell_placeholders(c, v->plan);
		break;
	default:
		tell_partial(c, v);
		break;
	}
	return (int)code;
}

/* ---- telling ---- */

int
sync_tell(
    struct cli_context *c, const struct run *run, const struct sync_end *end)
{
	const struct cli_globals *g = &c->globals;
	struct plan_view v = sync_view(run, end, g->json);
	bool ended_well = end->rc == 0 && plan_view_exitcode(&v) == EXITCODE_OK;
	struct str sentence = STR_INIT;
	if (g->json)
		json_plan(&c->json, &v);
	if (!g->quiet) {
		out_plan(&c->out, &v, g->verbose > 0);
	} else if (!ended_well) {
		out_plan_skipped(&c->err, &v, false);
		out_plan_conflicts(&c->err, &run->plan, false);
		out_plan_failed(&c->err, &v, false);
	}
	out_plan_sentence(&sentence, &v);
	if (run->planned && (ended_well || run->plan.nactions > 0)) {
		out_add(&c->out, !g->quiet && c->out.buf.len > 0 ? "\n" : "");
		cli_done(c, "%s", sentence.p);
	}
	str_free(&sentence);
	return sync_judge(c, run, end, &v);
}

bool
sync_paused(int *code, struct cli_context *c, const struct config *config)
{
	struct str since = STR_INIT;
	struct err e;
	int rc = pause_is(&since, config, &e);
	if (rc < 0) {
		err_wrap(
		    &e, "cannot tell whether '%s' is paused", config->profile);
		*code = cli_fail(c, &e, NULL);
	} else if (rc > 0) {
		c->result = "paused";
		*code = EXITCODE_OK;
		cli_done(c,
		    "'%s' is paused, nothing is done%s%s; 'coldsync "
		    "resume' ends that",
		    config->profile, since.len > 0 ? ": " : "", since.p);
	}
	if (rc != 0)
		json_plan_none(&c->json, NULL);
	str_free(&since);
	return rc != 0;
}
