/* What the next sync would do, and what it would leave alone. */
#include "cli/out/html.h"
#include "cli/out/words.h"
#include "cli/report/report_page.h"
#include "model/plan/plan_words.h"

enum { ROWS_MAX = 2000 };

static const char *const to_text[] = {
    [PLAN_TO_LOCAL] = "→ local",
    [PLAN_TO_CLOUD] = "→ cloud",
    [PLAN_TO_BOTH] = "↔ both",
};

static void
add_action(struct str *out, const struct plan_action *a)
{
	str_addf(out,
	    "<tr data-path><td><span class=\"op %s\">%s</span></td><td>%s</td>"
	    "<td class=\"path\">",
	    plan_op_word(a->op), plan_op_word(a->op), to_text[a->to]);
	if (a->op == PLAN_MOVE)
		html_textf(out, "%s → ", a->other);
	html_text(out, a->path, a->path_len);
	str_add(out, a->type == ENTRY_DIR ? "/" : "");
	if (a->op == PLAN_BOTH)
		html_textf(out, " + %s", a->other);
	str_addf(out, "</td><td>%s</td><td class=\"number\">",
	    plan_reason_word(a->reason));
	if (a->type != ENTRY_DIR && a->op != PLAN_MOVE)
		html_size(out, a->size);
	str_add(out, "</td></tr>\n");
}

void
report_page_plan(struct str *out, const struct report *r)
{
	const struct plan *p = &r->run.plan;
	size_t n = p->nactions < ROWS_MAX ? p->nactions : ROWS_MAX;
	report_page_section(out, "plan", "Plan", p->nactions, true);
	if (!r->run.planned) {
		str_add(out, "<p>There is no plan: see above.</p>\n");
	} else if (n == 0) {
		str_add(out, "<p class=\"nothing\">Nothing to do.</p>\n");
	} else {
		str_add(out,
		    "<p>What the next <code>coldsync sync</code> would do. "
		    "Nothing of it is done yet.</p>\n<div class=\"wide\" "
		    "tabindex=\"0\" role=\"region\" "
		    "aria-label=\"The plan\"><table>\n<thead><tr><th "
		    "scope=\"col\">step</th><th scope=\"col\">to</th><th "
		    "scope=\"col\">path</th><th scope=\"col\">because</th><th "
		    "scope=\"col\" class=\"number\">size</th></tr></thead>\n"
		    "<tbody>\n");
		for (size_t i = 0; i < n; i++)
			add_action(out, &p->actions[i]);
		str_add(out, "</tbody></table></div>\n");
		report_page_more(out, p->nactions - n);
	}
	str_add(out, "</section>\n");
}

/* ---- left alone ---- */

static const char *
explain(enum plan_skip why)
{
	static const char *const texts[] = {
	    [PLAN_SKIP_SYMLINK] = "a symbolic link",
	    [PLAN_SKIP_SPECIAL] = "no file, directory or link",
	    [PLAN_SKIP_UNREADABLE] = "could not be read",
	    [PLAN_SKIP_CHANGED] = "changed meanwhile",
	    [PLAN_SKIP_INVALID_NAME] = "the other side cannot hold this name",
	    [PLAN_SKIP_EQUAL_MTIME] = "differs at the same time",
	    [PLAN_SKIP_PLACEHOLDER] = "not downloaded by the cloud client",
	    [PLAN_SKIP_HELD_COPY] = "another tool's conflict copy",
	    [PLAN_SKIP_DIRECTION] = "against the direction",
	    [PLAN_SKIP_POLICY] = "by sync.delete_policy or conflict.policy",
	};
	return texts[why];
}

void
report_page_skipped(struct str *out, const struct report *r)
{
	const struct plan *p = &r->run.plan;
	size_t n = p->nskipped < ROWS_MAX ? p->nskipped : ROWS_MAX;
	report_page_section(out, "skipped", "Left alone", p->nskipped, true);
	if (n == 0)
		str_add(out,
		    "<p class=\"nothing\">Nothing is left "
		    "alone.</p>\n");
	else
		str_add(out,
		    "<div class=\"wide\" tabindex=\"0\" role=\"region\" "
		    "aria-label=\"Left alone\"><table>\n<thead><tr><th "
		    "scope=\"col\">path</th><th scope=\"col\">side</th><th "
		    "scope=\"col\">why</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < n; i++) {
		str_add(out, "<tr data-path><td class=\"path\">");
		html_text(out, p->skipped[i].path, p->skipped[i].path_len);
		str_addf(out, "</td><td>%s</td><td>%s</td></tr>\n",
		    side_name(p->skipped[i].side),
		    explain(p->skipped[i].reason));
	}
	str_add(out, n > 0 ? "</tbody></table></div>\n" : "");
	report_page_more(out, p->nskipped - n);
	str_add(out, "</section>\n");
}
