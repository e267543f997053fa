#include "cli/out/out_plan.h"

#include <string.h>

#include "base/num.h"

void
out_plan_title(struct out *o, enum out_style style, const char *title)
{
	out_add(o, o->buf.len > 0 ? "\n" : "");
	out_style(o, style, "%s", title);
	out_add(o, "\n");
}

void
out_plan_more(struct out *o, size_t n, bool all)
{
	struct str left = STR_INIT;
	if (all || n <= OUT_PLAN_FEW)
		return;
	num_count(&left, n - OUT_PLAN_FEW);
	out_add(o, "  ");
	out_style(o, OUT_FAINT, "… and %s more (-v shows all)", left.p);
	out_add(o, "\n");
	str_free(&left);
}

/* ---- actions ---- */

static const char *
verb(enum plan_op op)
{
	static const char *const verbs[] = {
	    [PLAN_COPY] = "copy",
	    [PLAN_DELETE] = "delete",
	    [PLAN_MKDIR] = "make",
	    [PLAN_RMDIR] = "delete",
	    [PLAN_MERGE] = "merge",
	    [PLAN_MOVE] = "rename",
	    [PLAN_BOTH] = "keep",
	};
	return verbs[op];
}

static const char *
because(const struct plan_action *a)
{
	static const char *const reasons[] = {
	    [PLAN_NEW] = "new",
	    [PLAN_CHANGED] = "changed",
	    [PLAN_DELETED] = "deleted",
	    [PLAN_RESOLVED] = "settled",
	    [PLAN_RESTORED] = "restored",
	};
	return a->op == PLAN_MOVE ? "renamed" : reasons[a->reason];
}

/* The path, and the other one where there are two. */
static void
add_subject(struct str *out, const struct plan_action *a)
{
	if (a->op == PLAN_MOVE)
		str_addf(out, "%s → ", a->other);
	str_addn(out, a->path, a->path_len);
	if (a->type == ENTRY_DIR)
		str_addc(out, '/');
	if (a->op == PLAN_BOTH)
		str_addf(out, " + %s", a->other);
	else if (a->op != PLAN_MOVE && a->other != NULL)
		str_addf(out, " ← %s", a->other);
}

/* An empty first column sets the lines in. */
static void
add_row(struct out_table *t, const struct plan_action *a)
{
	struct str subject = STR_INIT, size = STR_INIT;
	add_subject(&subject, a);
	if (a->type != ENTRY_DIR && a->op != PLAN_MOVE)
		num_size(&size, a->size);
	out_table_cell(t, "");
	out_table_cell(t, verb(a->op));
	out_table_cell(t, subject.p);
	out_table_cell(t, size.p);
	out_table_cell(t, because(a));
	str_free(&subject);
	str_free(&size);
}

/* What was not done is told elsewhere. */
static bool
is_shown(const struct plan_view *v, size_t i, enum plan_to to)
{
	return v->plan->actions[i].to == to &&
	    (!v->applied || plan_view_status(v, i) == APPLY_DONE);
}

static void
show_group(struct out *o, const struct plan_view *v, enum plan_to to, bool all)
{
	static const struct out_column columns[] = {{.title = NULL},
	    {.title = NULL}, {.title = NULL, .fits = true},
	    {.title = NULL, .right = true}, {.title = NULL}};
	static const char *const titles[] = {
	    [PLAN_TO_LOCAL] = "To the local folder",
	    [PLAN_TO_CLOUD] = "To the cloud folder",
	    [PLAN_TO_BOTH] = "On both sides",
	};
	struct out_table t;
	size_t n = 0;
	out_table_init(&t, columns, COUNT_OF(columns));
	for (size_t i = 0; i < v->plan->nactions; i++)
		if (is_shown(v, i, to) && (n++ < OUT_PLAN_FEW || all))
			add_row(&t, &v->plan->actions[i]);
	if (n > 0)
		out_plan_title(o, OUT_STRONG,
		    v->elsewhere ? "Into the directory" : titles[to]);
	out_table_print(o, &t);
	out_plan_more(o, n, all);
}

static void
show_notes(struct out *o, const struct plan_view *v)
{
	size_t n = v->notes != NULL ? v->notes->n : 0;
	if (n > 0)
		out_add(o, o->buf.len > 0 ? "\n" : "");
	for (size_t i = 0; i < n; i++) {
		const char *note = v->notes->v[i];
		out_style(o, OUT_STRONG, "note:");
		out_add(o, " ");
		out_name(o, note, strlen(note));
		out_add(o, "\n");
	}
}

/* Did anything give way to something else? A first sync only adds. */
static bool
displaced_any(const struct plan_view *v)
{
	const struct plan *p = v->plan;
	for (size_t i = 0; i < p->nsteps; i++) {
		const struct plan_step *s = &p->steps[i];
		if ((s->victim != NULL || s->kind == STEP_REMOVE) &&
		    plan_view_status(v, s->action) == APPLY_DONE)
			return true;
	}
	return false;
}

void
out_plan(struct out *o, const struct plan_view *v, bool all)
{
	show_group(o, v, PLAN_TO_CLOUD, all);
	show_group(o, v, PLAN_TO_LOCAL, all);
	show_group(o, v, PLAN_TO_BOTH, all);
	out_plan_skipped(o, v, all);
	out_plan_conflicts(o, v->plan, all);
	out_plan_failed(o, v, all);
	show_notes(o, v);
	if (v->snapshot != NULL && displaced_any(v)) {
		out_add(o, o->buf.len > 0 ? "\n" : "");
		out_line(o, "what was there before is kept in snapshot %s",
		    v->snapshot);
	}
}
