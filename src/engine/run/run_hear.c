/*
 * What the other machines have to say: heard before anything is looked at,
 * held against the folder once a plan stands and before anything is written.
 */
#include <string.h>

#include "base/stamp.h"
#include "engine/cloud/unpublished.h"
#include "engine/run/run_parts.h"
#include "model/cloud/complete.h"
#include "platform/plat_time.h"

/* So many paths are named in a message. */
enum { NAMED = 3 };

static bool
accepts_all(const struct run *r)
{
	return r->options.accept_cloud && r->options.accept_paths == NULL;
}

static int
refuse(struct run *r, enum run_refusal why, const char *text, struct err *e)
{
	if (r->config->cloud.verify == CONFIG_VERIFY_WARN) {
		run_note(r, "%s", text);
		return 0;
	}
	r->refusal = why;
	return err_set(e, ERR_REFUSED, "%s", text);
}

/* ---- hearing ---- */

static int
check_readable(struct run *r, struct err *e)
{
	const struct folder *f = &r->folder;
	struct str text = STR_INIT;
	int rc = 0;
	if (f->unreadable.n == 0)
		return 0;
	str_addf(&text, "the manifest of '%s' cannot be used: %s",
	    f->unreadable.v[0], f->reasons.v[0]);
	if (accepts_all(r))
		run_note(r, "%s", text.p);
	else
		rc = refuse(r, RUN_REFUSED_MANIFEST, text.p, e);
	str_free(&text);
	return rc;
}

static int
check_time(struct run *r, struct err *e)
{
	uint64_t had, has;
	struct folder *f = &r->folder;
	uint32_t who = folder_went_back(f, &r->ledger.head, &had, &has);
	struct str text = STR_INIT;
	int rc = 0;
	if (who == ROSTER_NOBODY)
		return 0;
	str_addf(&text, "the cloud folder went back in time: ");
	if (has == 0)
		str_addf(&text, "what '%s' published has gone",
		    f->roster.ids.v[who]);
	else
		str_addf(&text,
		    "it holds generation %llu of '%s', which had published "
		    "%llu",
		    (unsigned long long)has, f->roster.ids.v[who],
		    (unsigned long long)had);
	if (accepts_all(r))
		run_note(r, "%s", text.p);
	else
		rc = refuse(r, RUN_REFUSED_TIME, text.p, e);
	str_free(&text);
	return rc;
}

int
run_listen(struct run *r, struct err *e)
{
	struct folder *f = &r->folder;
	struct folder_about about = {
	    .machine = r->config->identity.machine_id,
	    .local = r->roots[SIDE_LOCAL],
	    .ledger = &r->ledger.head,
	    .cloud = r->sites[SIDE_CLOUD].root,
	    .state = r->state,
	    .groups = r->rules.plan.groups,
	    .ngroups = r->rules.plan.ngroups,
	};
	if (folder_hear(f, &about, e) != 0)
		return -1;
	r->heard = true;
	return r->options.apply ? identity_ensure(f->install, r->state, e) : 0;
}

int
run_hear_machines(struct run *r, struct err *e)
{
	struct folder *f = &r->folder;
	if (run_listen(r, e) != 0)
		return -1;
	if (folder_twin(f)) {
		r->refusal = RUN_REFUSED_TWIN;
		return err_set(e, ERR_REFUSED,
		    "another installation publishes as machine '%s', too",
		    r->config->identity.machine_id);
	}
	if (r->config->cloud.verify != CONFIG_VERIFY_OFF &&
	    (check_readable(r, e) != 0 || check_time(r, e) != 0))
		return -1;
	folder_remember(&r->head, f);
	run_heed_machines(r);
	return 0;
}

/* ---- asking ---- */

void
run_ask_claimed(struct run *r)
{
	struct manifest_cursor c;
	if (r->folder.expected == NULL)
		return;
	manifest_open(&c, r->folder.expected);
	complete_ask(&r->items, &c.claims,
	    r->options.accept_cloud ? COMPLETE_ASK_ALL
		: r->config->cloud.verify == CONFIG_VERIFY_OFF
		? COMPLETE_ASK_NONE
		: COMPLETE_ASK);
	manifest_close(&c);
}

/* ---- judging ---- */

static void
judge(struct run *r)
{
	static const struct manifest nothing;
	const struct folder *f = &r->folder;
	struct manifest_cursor c;
	manifest_open(&c, f->expected != NULL ? f->expected : &nothing);
	struct complete_input in = {.items = &r->items,
	    .agreed = &r->ledger.agreed,
	    .cloud = &r->trees[SIDE_CLOUD],
	    .filter = r->rules.filter,
	    .expected = &c.claims,
	    .newest = f->newest,
	    .groups = r->rules.plan.groups,
	    .ngroups = r->rules.plan.ngroups};
	complete_judge(&r->faults, &in);
	manifest_close(&c);
}

static void
add_named(struct str *out, const struct run *r)
{
	size_t told = 0;
	for (size_t i = 0; i < r->faults.n && told < NAMED; i++, told++) {
		const struct complete_fault *f = &r->faults.v[i];
		int n = f->path_len > 40 ? 40 : (int)f->path_len;
		str_addf(out, "%s%.*s%s (%s)", told > 0 ? ", " : "", n, f->path,
		    n < (int)f->path_len ? "…" : "", complete_word(f->why));
	}
	if (r->faults.n > told)
		str_addf(out, " and %zu more", r->faults.n - told);
}

static bool
all_edited(const struct complete *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i].why != COMPLETE_EDITED)
			return false;
	return c->n > 0;
}

/* Whose work it is that is not here, and since when. */
static void
add_author(struct str *out, const struct run *r)
{
	const struct folder *f = &r->folder;
	const struct manifest *m = NULL;
	char text[STAMP_ISO_SIZE];
	for (size_t i = 0; i < r->faults.n && m == NULL; i++)
		m = folder_by(f, r->faults.v[i].machine);
	for (size_t i = 0; i < f->n && m == NULL; i++)
		if (f->head[i] && f->v[i].head.machine != f->self)
			m = &f->v[i];
	if (m == NULL)
		return;
	struct stamp t = {.sec = m->head.time};
	str_addf(out, ", published by '%s' at %s,",
	    folder_name(f, m->head.machine),
	    stamp_iso(text, t, plat_zone_offset(t), 0));
}

static void
say_incomplete(struct str *out, const struct run *r)
{
	size_t n = r->faults.n, moving = r->news.in_flight;
	if (all_edited(&r->faults)) {
		str_addf(out,
		    "%zu file%s changed in the cloud folder by no machine "
		    "known here (by hand, on a phone, on the web): ",
		    n, n == 1 ? " was" : "s were");
		add_named(out, r);
		return;
	}
	str_add(out, "the cloud client has not finished: ");
	if (n > 0) {
		str_addf(out, "%zu file%s", n, n == 1 ? "" : "s");
		add_author(out, r);
		str_addf(out, " %s not here yet: ", n == 1 ? "is" : "are");
		add_named(out, r);
	}
	if (moving > 0)
		str_addf(out, "%s%zu transfer%s under way, such as %.60s",
		    n > 0 ? "; " : "", moving, moving == 1 ? " is" : "s are",
		    r->news.some.n > 0 ? r->news.some.v[0] : "");
}

int
run_check_complete(struct run *r, struct err *e)
{
	const struct folder *f = &r->folder;
	bool off = r->config->cloud.verify == CONFIG_VERIFY_OFF;
	bool first =
	    f->n == 0 && f->unreadable.n == 0 && r->ledger.head.generation == 0;
	struct str text = STR_INIT;
	int rc = 0;
	if (!off || first || r->options.accept_cloud || r->options.glance)
		judge(r);
	/* Nobody has published yet: what is here is what there is. */
	size_t left = first ? publish_faults(&r->changes, &r->faults, NULL)
	    : r->options.accept_cloud
	    ? publish_faults(&r->changes, &r->faults, r->options.accept_paths)
	    : r->faults.n;
	r->incomplete =
	    left > 0 || (r->news.in_flight > 0 && !r->options.accept_cloud);
	if (!off && r->incomplete) {
		say_incomplete(&text, r);
		rc = refuse(r,
		    all_edited(&r->faults) && r->news.in_flight == 0
			? RUN_REFUSED_EDITED
			: RUN_REFUSED_INCOMPLETE,
		    text.p, e);
	}
	str_free(&text);
	return rc;
}
