/*
 * What a plan leaves alone, and what went wrong.
 */
#include <inttypes.h>
#include <string.h>

#include "base/num.h"
#include "cli/out/out_plan.h"
#include "platform/plat_time.h"

/* ---- conflicts ---- */

static const char *
kind_in_words(enum plan_kind kind)
{
	static const char *const words[] = {
	    [PLAN_BOTH_MODIFIED] = "changed on both sides",
	    [PLAN_BOTH_CREATED] = "new on both sides, and not alike",
	    [PLAN_MODIFIED_DELETED] = "changed here, deleted in the cloud",
	    [PLAN_DELETED_MODIFIED] = "deleted here, changed in the cloud",
	    [PLAN_TYPE_CHANGED] = "not of the same type on both sides",
	    [PLAN_CASE_COLLISION] =
		"its name cannot be told from another on one side",
	    [PLAN_GROUP] = "changed on both sides, and only whole together",
	    [PLAN_PROVIDER_COPY] = "a conflict copy another tool has made",
	};
	return words[kind];
}

/* Another tool's copy and its original are what the choice is between. */
static const char *
resolution_of_copy(enum plan_resolution r)
{
	static const char *const words[] = {
	    [PLAN_UNRESOLVED] = "",
	    [PLAN_USED_LOCAL] = "it is discarded",
	    [PLAN_USED_CLOUD] = "it takes the place of its original",
	    [PLAN_KEPT_BOTH] = "it becomes a file of its own",
	    [PLAN_MERGED] = "it is merged with its original",
	};
	return words[r];
}

static const char *
resolution_in_words(enum plan_resolution r)
{
	static const char *const words[] = {
	    [PLAN_UNRESOLVED] = "",
	    [PLAN_USED_LOCAL] = "the local side is taken",
	    [PLAN_USED_CLOUD] = "the cloud's side is taken",
	    [PLAN_KEPT_BOTH] = "both are kept",
	    [PLAN_MERGED] = "both are merged",
	};
	return words[r];
}

static void
add_entry(struct str *out, const struct entry *e)
{
	static const char *const types[] = {
	    [ENTRY_NONE] = "nothing",
	    [ENTRY_FILE] = "file",
	    [ENTRY_DIR] = "folder",
	    [ENTRY_LINK] = "link",
	    [ENTRY_UNKNOWN] = "something else",
	};
	struct stamp t = entry_mtime(e);
	struct stamp_parts p = stamp_parts(t.sec, plat_zone_offset(t));
	if (e->type == ENTRY_FILE)
		num_size(out, e->size);
	else
		str_add(out, types[e->type]);
	str_addf(out, ", %04" PRId64 "-%02d-%02d %02d:%02d:%02d", p.year,
	    p.month, p.day, p.hour, p.minute, p.second);
}

static bool
is_newer(const struct plan_conflict *c, enum side s)
{
	const struct entry *mine = c->entry[s],
			   *other = c->entry[side_other(s)];
	return mine != NULL && other != NULL &&
	    stamp_cmp(entry_mtime(mine), entry_mtime(other)) > 0;
}

static void
show_side(struct out *o, const struct plan_conflict *c, enum side s)
{
	struct str text = STR_INIT;
	if (c->entry[s] != NULL)
		add_entry(&text, c->entry[s]);
	else
		str_add(&text, "nothing there");
	if (is_newer(c, s))
		str_add(&text, " (newer)");
	out_line(o, "    %s  %s", s == SIDE_LOCAL ? "local" : "cloud", text.p);
	str_free(&text);
}

void
out_plan_conflict(struct out *o, const struct plan_conflict *c)
{
	out_add(o, "  ");
	out_name(o, c->path, c->path_len);
	out_line(o, ": %s", kind_in_words(c->kind));
	if (c->original != NULL) {
		out_add(o, "    of ");
		out_name(o, c->original, strlen(c->original));
		out_add(o,
		    "; 'resolve' can take it in place of that (cloud), "
		    "discard it (local), keep both, or merge them; a snapshot "
		    "keeps what gives way\n");
	}
	show_side(o, c, SIDE_LOCAL);
	show_side(o, c, SIDE_CLOUD);
}

static void
show_open(struct out *o, const struct plan *p, bool all)
{
	size_t n = 0;
	if (p->unresolved > 0)
		out_plan_title(o, OUT_WARN, "Conflicts");
	for (size_t i = 0; i < p->nconflicts; i++) {
		const struct plan_conflict *c = &p->conflicts[i];
		if (c->resolution == PLAN_UNRESOLVED &&
		    (n++ < OUT_PLAN_FEW || all))
			out_plan_conflict(o, c);
	}
	out_plan_more(o, n, all);
}

static void
show_settled(struct out *o, const struct plan *p, bool all)
{
	size_t n = 0;
	if (p->nconflicts > p->unresolved)
		out_plan_title(o, OUT_STRONG, "Settled conflicts");
	for (size_t i = 0; i < p->nconflicts; i++) {
		const struct plan_conflict *c = &p->conflicts[i];
		if (c->resolution == PLAN_UNRESOLVED ||
		    (n++ >= OUT_PLAN_FEW && !all))
			continue;
		out_add(o, "  ");
		out_name(o, c->path, c->path_len);
		out_line(o, ": %s; %s", kind_in_words(c->kind),
		    c->kind == PLAN_PROVIDER_COPY
			? resolution_of_copy(c->resolution)
			: resolution_in_words(c->resolution));
	}
	out_plan_more(o, n, all);
}

void
out_plan_conflicts(struct out *o, const struct plan *p, bool all)
{
	show_settled(o, p, all);
	show_open(o, p, all);
}

/* ---- skipped ---- */

static const struct {
	const char *words;
	bool counted; /* as expected: the number will do */
} skips[] = {
    [PLAN_SKIP_SYMLINK] = {"symbolic link (sync.symlinks)", true},
    [PLAN_SKIP_SPECIAL] = {"neither file, folder nor link", true},
    [PLAN_SKIP_UNREADABLE] = {"could not be read", false},
    [PLAN_SKIP_CHANGED] = {"changed during the sync", false},
    [PLAN_SKIP_SINCE] = {"changed since that run", false},
    [PLAN_SKIP_INVALID_NAME] = {"a name the other side cannot hold", false},
    [PLAN_SKIP_EQUAL_MTIME] = {"not alike, though of the same time", false},
    [PLAN_SKIP_PLACEHOLDER] = {"not downloaded by the cloud client", false},
    [PLAN_SKIP_HELD_COPY] = {"conflict copy of another tool", true},
    [PLAN_SKIP_DIRECTION] = {"against the direction of this sync", true},
    [PLAN_SKIP_POLICY] = {"left as it is by the policy", true},
};

static void
show_skip(struct out *o, enum side s, const char *path, size_t n)
{
	out_add(o, s == SIDE_LOCAL ? "    local  " : "    cloud  ");
	out_name(o, path, n);
	out_add(o, "\n");
}

/* Those of one reason, as many as *limit*; returns how many there are. */
static size_t
list_skipped(
    struct out *o, const struct plan *p, enum plan_skip why, size_t limit)
{
	size_t n = 0;
	for (size_t i = 0; i < p->nskipped; i++) {
		const struct plan_skipped *s = &p->skipped[i];
		if (s->reason == why && n++ < limit)
			show_skip(o, s->side, s->path, s->path_len);
	}
	return n;
}

/* The same for what changed under the run, which only its results know. */
static size_t
list_changed(struct out *o, const struct plan_view *v, size_t limit)
{
	size_t n = 0;
	for (size_t i = 0; i < v->plan->nactions; i++) {
		const struct plan_action *a = &v->plan->actions[i];
		if (plan_view_changed(v, i) && n++ < limit)
			show_skip(
			    o, plan_view_read_side(a), a->path, a->path_len);
	}
	return n;
}

static size_t
list(struct out *o, const struct plan_view *v, enum plan_skip why, size_t limit)
{
	size_t n = list_skipped(o, v->plan, why, limit);
	if (why == PLAN_SKIP_CHANGED)
		n += list_changed(o, v, limit);
	return n;
}

static void
show_reason(
    struct out *o, const struct plan_view *v, enum plan_skip why, bool all)
{
	size_t n = list(o, v, why, 0);
	if (n == 0)
		return;
	struct str count = STR_INIT;
	num_count(&count, n);
	out_line(o, "  %s: %s", skips[why].words, count.p);
	str_free(&count);
	if (skips[why].counted && !all)
		return;
	(void)list(o, v, why, all ? SIZE_MAX : OUT_PLAN_FEW);
	out_plan_more(o, n, all);
}

void
out_plan_skipped(struct out *o, const struct plan_view *v, bool all)
{
	struct totals t;
	plan_view_totals(&t, v);
	if (t.skipped == 0)
		return;
	out_plan_title(o, OUT_STRONG, "Left alone");
	for (size_t why = 0; why < COUNT_OF(skips); why++)
		show_reason(o, v, (enum plan_skip)why, all);
}

/* ---- failed ---- */

void
out_plan_failed(struct out *o, const struct plan_view *v, bool all)
{
	size_t n = 0;
	for (size_t i = 0; i < v->plan->nactions; i++) {
		const struct plan_action *a = &v->plan->actions[i];
		if (plan_view_status(v, i) != APPLY_FAILED)
			continue;
		if (n == 0)
			out_plan_title(o, OUT_BAD, "Failed");
		if (n++ >= OUT_PLAN_FEW && !all)
			continue;
		const char *why = plan_view_error(v, i);
		out_add(o, "  ");
		out_name(o, a->path, a->path_len);
		out_add(o, ": ");
		if (why != NULL)
			out_name(o, why, strlen(why));
		out_add(o, "\n");
	}
	out_plan_more(o, n, all);
}
