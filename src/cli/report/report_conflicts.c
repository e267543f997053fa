/* Both versions of each conflict, side by side. */
#include <stdlib.h>

#include "base/mem.h"
#include "cli/out/html.h"
#include "cli/report/report_page.h"
#include "cli/resolve/differ.h"

enum { ROWS_MAX = 400 };

static const char *
explain(enum plan_kind kind)
{
	static const char *const texts[] = {
	    [PLAN_BOTH_MODIFIED] = "changed on both sides",
	    [PLAN_BOTH_CREATED] = "new on both sides, and different",
	    [PLAN_MODIFIED_DELETED] = "changed here, deleted in the cloud",
	    [PLAN_DELETED_MODIFIED] = "deleted here, changed in the cloud",
	    [PLAN_TYPE_CHANGED] = "not the same kind of thing",
	    [PLAN_CASE_COLLISION] = "names one side cannot tell apart",
	    [PLAN_GROUP] = "a group that changed on both sides",
	    [PLAN_PROVIDER_COPY] = "a conflict copy of the cloud client",
	};
	return texts[kind];
}

static const char *
settled(enum plan_resolution r)
{
	static const char *const texts[] = {
	    [PLAN_UNRESOLVED] = "open",
	    [PLAN_USED_LOCAL] = "the local one is taken",
	    [PLAN_USED_CLOUD] = "the cloud's is taken",
	    [PLAN_KEPT_BOTH] = "both are kept",
	    [PLAN_MERGED] = "merged",
	};
	return texts[r];
}

static const char *
type_of(const struct entry *e)
{
	static const char *const texts[] = {
	    [ENTRY_NONE] = "nothing",
	    [ENTRY_FILE] = "file",
	    [ENTRY_DIR] = "directory",
	    [ENTRY_LINK] = "link",
	    [ENTRY_UNKNOWN] = "unknown",
	};
	return texts[e->type];
}

static void
add_side(struct str *out, const char *title, const struct entry *e,
    const struct report *r)
{
	str_addf(out, "<div><dt>%s</dt><dd>", title);
	if (e == NULL) {
		str_add(out, "not there");
	} else {
		str_add(out, type_of(e));
		if (entry_is_content(e)) {
			str_add(out, ", ");
			html_size(out, e->size);
		}
		if (e->type != ENTRY_UNKNOWN) {
			str_add(out, "<br>");
			html_time(out, entry_mtime(e), r->when);
		}
	}
	str_add(out, "</dd></div>");
}

/* ---- side by side ---- */

/* Lines only one side has wait here until those of the other are known, so
   that they can stand beside each other. */
struct table {
	struct str *out;
	struct differ_line *left, *right;
	size_t nleft, cap_left, nright, cap_right;
	size_t rows, dropped;
};

static void
add_cell(struct str *out, const struct differ_line *l, const char *style)
{
	if (l == NULL) {
		str_add(out, "<td></td><td class=\"no\"></td>");
		return;
	}
	/* The colour says it to those who see it. */
	str_addf(out,
	    "<td class=\"line\">%zu</td><td class=\"%s\"><span "
	    "class=\"unseen\">only %s: </span>",
	    l->number, style, l->kind == DIFFER_ONLY_A ? "local" : "cloud");
	html_text(out, l->p, l->n);
	if (l->open)
		str_add(out,
		    "<span class=\"open\" title=\"no line break at "
		    "its end\"> ⏎̸</span>");
	str_add(out, "</td>");
}

static bool
has_room(struct table *t)
{
	if (t->rows < ROWS_MAX) {
		t->rows++;
		return true;
	}
	t->dropped++;
	return false;
}

static void
flush(struct table *t)
{
	size_t n = t->nleft > t->nright ? t->nleft : t->nright;
	for (size_t i = 0; i < n; i++) {
		if (!has_room(t))
			continue;
		str_add(t->out, "<tr>");
		add_cell(t->out, i < t->nleft ? &t->left[i] : NULL, "here");
		add_cell(t->out, i < t->nright ? &t->right[i] : NULL, "there");
		str_add(t->out, "</tr>\n");
	}
	t->nleft = t->nright = 0;
}

static void
add_line(void *arg, const struct differ_line *l)
{
	struct table *t = arg;
	if (l->kind == DIFFER_ONLY_A) {
		t->left = mem_grow(
		    t->left, &t->cap_left, t->nleft + 1, sizeof(*t->left));
		t->left[t->nleft++] = *l;
		return;
	}
	if (l->kind == DIFFER_ONLY_B) {
		t->right = mem_grow(
		    t->right, &t->cap_right, t->nright + 1, sizeof(*t->right));
		t->right[t->nright++] = *l;
		return;
	}
	flush(t);
	if (!has_room(t))
		return;
	if (l->kind == DIFFER_GAP) {
		str_addf(t->out,
		    "<tr class=\"gap\"><td colspan=\"4\">line %zu</td></tr>\n",
		    l->number);
		return;
	}
	str_addf(t->out, "<tr><td class=\"line\">%zu</td><td>", l->number);
	html_text(t->out, l->p, l->n);
	str_addf(t->out, "</td><td class=\"line\">%zu</td><td>", l->other);
	html_text(t->out, l->p, l->n);
	str_add(t->out, "</td></tr>\n");
}

static void
add_difference(struct str *out, const struct report_conflict *c)
{
	struct table t = {.out = out};
	struct differ_text a = {
	    c->content[SIDE_LOCAL].p, c->content[SIDE_LOCAL].len};
	struct differ_text b = {
	    c->content[SIDE_CLOUD].p, c->content[SIDE_CLOUD].len};
	size_t before = out->len;
	str_add(out,
	    "<details open><summary>the difference</summary><div "
	    "class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"The "
	    "difference\"><table class=\"diff\"><colgroup><col "
	    "class=\"at\"><col><col "
	    "class=\"at\"><col></colgroup><thead><tr><th "
	    "scope=\"col\" colspan=\"2\">local</th><th scope=\"col\" "
	    "colspan=\"2\">cloud</th></tr></thead>\n<tbody>\n");
	if (differ_compare(add_line, &t, a, b)) {
		flush(&t);
		str_add(out, "</tbody></table></div>");
		report_page_more(out, t.dropped);
		str_add(out, "</details>\n");
	} else {
		str_cut(out, before);
		str_addf(out,
		    "<p class=\"nothing\">No texts to compare line by line; "
		    "they first differ at byte %zu.</p>\n",
		    differ_first(a, b));
	}
	free(t.left);
	free(t.right);
}

/* ---- the section ---- */

static void
add_conflict(
    struct str *out, const struct report *r, const struct report_conflict *rc)
{
	const struct plan_conflict *c = rc->conflict;
	bool open = c->resolution == PLAN_UNRESOLVED;
	str_add(
	    out, "<article data-path class=\"conflict\"><h3 class=\"path\">");
	html_text(out, c->path, c->path_len);
	str_addf(out,
	    "</h3>\n<p>%s <span class=\"tag %s\">%s</span></p>\n<dl "
	    "class=\"pair\">",
	    explain(c->kind), open ? "open" : "settled",
	    settled(c->resolution));
	add_side(out, "local", c->entry[SIDE_LOCAL], r);
	add_side(out, "cloud", c->entry[SIDE_CLOUD], r);
	str_add(out, "</dl>\n");
	if (rc->read)
		add_difference(out, rc);
	str_add(out, "</article>\n");
}

void
report_page_conflicts(struct str *out, const struct report *r)
{
	const struct plan *p = &r->run.plan;
	report_page_section(out, "conflicts", "Conflicts", p->nconflicts, true);
	if (r->nconflicts == 0)
		str_add(
		    out, "<p class=\"nothing\">There are no conflicts.</p>\n");
	else if (p->unresolved > 0)
		str_add(out,
		    "<p>Settle them with <code>coldsync resolve</code>, one "
		    "by one, or name a path and <code>--take "
		    "local|cloud|newer|both</code>. What gives way is kept in "
		    "a snapshot.</p>\n");
	for (size_t i = 0; i < r->nconflicts; i++)
		add_conflict(out, r, &r->conflicts[i]);
	report_page_more(out, p->nconflicts - r->nconflicts);
	str_add(out, "</section>\n");
}
