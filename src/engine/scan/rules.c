#include "engine/scan/rules.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/write/dircache.h"
#include "model/plan/names.h"
#include "platform/plat_env.h"
#include "platform/plat_time.h"

/* An ignore file that is larger is no ignore file. */
enum { IGNORE_MAX = 1024 * 1024 };

static void
make_classify(
    struct rules *r, const struct config *c, const struct site sites[SIDES])
{
	static const enum classify_compare compare[] = {
	    [CONFIG_COMPARE_MTIME] = CLASSIFY_MTIME,
	    [CONFIG_COMPARE_MTIME_HASH] = CLASSIFY_FALLBACK,
	    [CONFIG_COMPARE_HASH] = CLASSIFY_HASH,
	};
	r->classify.compare = compare[c->sync.compare];
	r->classify.tolerance = c->sync.time_tolerance_seconds;
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		r->classify.exec[s] = sites[s].volume.exec_bit;
		r->classify.ids[s] = !sites[s].volume.remote;
	}
}

/* Compile the globs of both lists into one array. */
static void
make_globs(struct rules *r, const struct config *c)
{
	const struct strlist *lists[] = {
	    &c->sync.atomic_groups, &c->conflict.append_merge};
	size_t *counts[] = {&r->plan.ngroups, &r->plan.nappend_merge};
	const struct glob **where[] = {&r->plan.groups, &r->plan.append_merge};
	size_t n = 0;
	const char *why;
	r->globs = mem_zero(lists[0]->n + lists[1]->n, sizeof(*r->globs));
	for (size_t l = 0; l < COUNT_OF(lists); l++) {
		*where[l] = r->globs + n;
		for (size_t i = 0; i < lists[l]->n; i++) {
			const char *text = lists[l]->v[i];
			if (glob_parse(
				&r->globs[n], text, strlen(text), &why) == 0) {
				n++;
				++*counts[l];
			}
		}
	}
}

static unsigned
who_holds_names(const struct site *site)
{
	unsigned who = 0;
	if (site->volume.fold_case)
		who |= NAMES_FOLD;
	if (strcmp(plat_os(), "windows") == 0)
		who |= NAMES_WINDOWS;
	return who;
}

static void
make_plan(struct rules *r, const struct config *c,
    const struct site sites[SIDES], const struct run_wish *wish)
{
	struct plan_rules *p = &r->plan;
	int direction =
	    wish->direction >= 0 ? wish->direction : c->sync.direction;
	p->may_write[SIDE_LOCAL] = direction != CONFIG_TO_CLOUD;
	p->may_write[SIDE_CLOUD] = direction != CONFIG_TO_LOCAL;
	p->policy = (enum plan_policy)(
	    wish->policy >= 0 ? wish->policy : c->conflict.policy);
	p->equal_mtime = (enum plan_equal_mtime)c->sync.equal_mtime_action;
	p->never_delete = c->sync.delete_policy == CONFIG_DELETE_NEVER;
	p->empty_dirs = c->sync.empty_dirs;
	p->tolerance = c->sync.time_tolerance_seconds;
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		p->who[s] = who_holds_names(&sites[s]);
	p->now = plat_now();
	p->machine = c->identity.machine_id;
	p->choices = wish->choices;
	p->nchoices = wish->nchoices;
	p->only_choices = wish->only_choices;
	p->quirks = r->quirks;
	p->hold_copies = c->cloud.conflict_copies == CONFIG_COPIES_HOLD;
}

/* The ignore file's text into *out*; empty when there is none. */
static int
read_ignore(
    struct str *out, const struct site *local, const char *path, struct err *e)
{
	struct dircache dirs;
	struct plat_dir *dir;
	const char *name;
	struct plat_file f;
	char buffer[4096];
	size_t got = 1;
	dircache_init(&dirs, local->root);
	int rc = dircache_at(&dirs, path, strlen(path), &dir, &name, e);
	if (rc == 0)
		rc = plat_open(&f, dir, name, e);
	if (rc == 0) {
		while (rc == 0 && got > 0 && out->len <= IGNORE_MAX) {
			rc = plat_read(f, buffer, sizeof(buffer), &got, e);
			if (rc == 0)
				str_addn(out, buffer, got);
		}
		plat_close(&f, NULL);
		if (rc == 0 && out->len > IGNORE_MAX)
			rc = err_set(e, ERR_CONFIG, "it is too large");
	}
	dircache_free(&dirs);
	if (rc < 0)
		return err_wrap(e, "ignore file %s", path);
	return 0;
}

static int
make_filter(struct rules *r, const struct config *c, const struct site *local,
    struct err *e)
{
	struct str text = STR_INIT;
	int rc = 0;
	if (local->root != NULL)
		rc = read_ignore(&text, local, c->filters.ignore_file, e);
	if (rc == 0) {
		struct filter_rules rules = {
		    .include_roots = &c->targets.include_roots,
		    .exclude = &c->filters.exclude_globs,
		    .secret = &c->filters.secret_globs,
		    .ignore_text = text.p,
		    .ignore_len = text.len,
		    .ignore_file = c->filters.ignore_file,
		};
		r->filter = filter_new(&rules, &r->warnings);
	}
	str_free(&text);
	return rc;
}

int
rules_make(struct rules *out, const struct config *c,
    const struct site sites[SIDES], const struct run_wish *wish, struct err *e)
{
	memset(out, 0, sizeof(*out));
	out->quirks = quirks_new(
	    &c->cloud.extra_conflict_patterns, &c->cloud.extra_temp_patterns);
	make_classify(out, c, sites);
	make_globs(out, c);
	make_plan(out, c, sites, wish);
	return make_filter(out, c, &sites[SIDE_LOCAL], e);
}

void
rules_free(struct rules *r)
{
	for (size_t i = 0; i < r->plan.ngroups + r->plan.nappend_merge; i++)
		glob_free(&r->globs[i]);
	free(r->globs);
	free(r->common);
	filter_destroy(r->filter);
	quirks_destroy(r->quirks);
	strlist_free(&r->warnings);
	memset(r, 0, sizeof(*r));
}
