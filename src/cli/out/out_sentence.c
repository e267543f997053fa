/*
 * What a plan or a run comes to, in one sentence.
 */
#include "base/num.h"
#include "cli/out/out_plan.h"

static void
add_separator(struct str *out, size_t begin)
{
	if (out->len > begin)
		str_add(out, ", ");
}

static void
add_count(struct str *out, size_t n, const char *one, const char *many)
{
	num_count(out, n);
	str_addf(out, " %s", n == 1 ? one : many);
}

/* "12 files and 1 folder (3.4 MB) to the cloud" */
/* What a run brings back elsewhere is not in the local folder. */
static const char *
place_of(const struct plan_view *v, enum side s)
{
	if (v->elsewhere)
		return " into the directory";
	return s == SIDE_CLOUD ? " to the cloud" : " to the local folder";
}

static void
add_written(struct str *out, const struct totals *t, enum side s,
    const char *place, size_t begin)
{
	size_t dirs = t->dirs[s], files = t->to_side[s] - dirs;
	if (t->to_side[s] == 0)
		return;
	add_separator(out, begin);
	if (files > 0)
		add_count(out, files, "file", "files");
	if (files > 0 && dirs > 0)
		str_add(out, " and ");
	if (dirs > 0)
		add_count(out, dirs, "folder", "folders");
	if (t->bytes[s] > 0) {
		str_add(out, " (");
		num_size(out, t->bytes[s]);
		str_add(out, ")");
	}
	str_add(out, place);
}

static void
add_deleted(struct str *out, const struct totals *t, enum side s, size_t begin)
{
	if (t->deleted[s] == 0)
		return;
	add_separator(out, begin);
	add_count(out, t->deleted[s], "deletion", "deletions");
	str_add(
	    out, s == SIDE_CLOUD ? " in the cloud" : " in the local folder");
}

static void
add_rest(
    struct str *out, const struct totals *t, size_t unresolved, size_t begin)
{
	const struct {
		size_t n;
		const char *one, *many;
	} rest[] = {
	    {t->merged, "merged", "merged"},
	    {unresolved, "conflict", "conflicts"},
	    {t->skipped, "skipped", "skipped"},
	    {t->failed, "failed", "failed"},
	    {t->left, "not come to", "not come to"},
	};
	for (size_t i = 0; i < COUNT_OF(rest); i++) {
		if (rest[i].n == 0)
			continue;
		add_separator(out, begin);
		add_count(out, rest[i].n, rest[i].one, rest[i].many);
	}
}

static void
add_idle(struct str *out, const struct plan_view *v)
{
	str_add(out, "nothing to do");
	if (v->adopted == 0)
		return;
	str_add(out, ": both sides are alike (");
	add_count(out, v->adopted, "item", "items");
	str_add(out, v->applied ? " remembered)" : " to remember)");
}

void
out_plan_sentence(struct str *out, const struct plan_view *v)
{
	struct totals t;
	size_t unresolved = v->plan->unresolved;
	bool idle = v->plan->nactions == 0;
	plan_view_totals(&t, v);
	str_add(out, v->applied && !idle ? "done: " : "");
	size_t begin = out->len;
	if (idle && unresolved == 0)
		add_idle(out, v);
	add_written(out, &t, SIDE_CLOUD, place_of(v, SIDE_CLOUD), begin);
	add_written(out, &t, SIDE_LOCAL, place_of(v, SIDE_LOCAL), begin);
	add_deleted(out, &t, SIDE_CLOUD, begin);
	add_deleted(out, &t, SIDE_LOCAL, begin);
	add_rest(out, &t, unresolved, begin);
}
